"""Whether the sections of a rubric fit together, and what their results are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studioflow.algebra import Choose, Constant, FactIs, Number
from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.rubric import Rubric
from studioflow.rubric.totals import TOTAL, in_criteria, in_deductions, in_sections
from studioflow.rules import Result
from studioflow.text import Text, message

__all__ = ["check_sections", "results_by_name"]

SECTION_CIRCLE = message(
    "section_circle", zh="不属于自身的部分", en="a section that is not part of itself"
)
SECTION_DEPTH = message(
    "section_depth", zh="最多{most}层的部分", en="sections in each other, {most} at most"
)
FOR_TOP_LEVEL = message(
    "for_top_level",
    zh="不属于其他部分的部分才写 for",
    en="`for` on a section that is part of no other",
)
SHEET_BY = message(
    "sheet_by",
    zh="[scoring] 的 sheet_by：按哪一项 choice 类事实",
    en="sheet_by in [scoring]: the choice that it goes by",
)
NO_MAXIMUM_TO_SCALE = message(
    "no_maximum_to_scale",
    zh="有 max 的项目：没有满分就无法折算或按满分计",
    en="an item with a max: without one there is nothing to scale to, or to count in full",
)
_TOTAL = Text("总分", "the total")
_MAX_DEPTH = 5
"""Each that weighs or is rescaled makes the numbers of all around it longer."""


def check_sections(collector: Collector, rubric: Rubric) -> None:
    """Check that sections exist, are no part of themselves, and can be rescaled and told apart.

    Raises:
        InputError: with every problem so far where they are too deep in each other to add up.
    """
    too_deep = False
    for name, criterion in rubric.criteria.items():
        with collector.under("criteria", name, "section"):
            if criterion.section not in rubric.sections:
                raise wrong(UNKNOWN_NAME, criterion.section, known=rubric.sections)
    for name, section in rubric.sections.items():
        with collector.under("sections", name, "section"):
            if section.part_of is not None and section.part_of not in rubric.sections:
                raise wrong(UNKNOWN_NAME, section.part_of, known=rubric.sections)
            around = _around(rubric, name)
            if name in around:
                raise wrong(SECTION_CIRCLE, section.part_of)
            if len(around) == _MAX_DEPTH:
                too_deep = True
                raise wrong(SECTION_DEPTH, section.part_of, most=_MAX_DEPTH)
    if too_deep:
        collector.finish()
    if not any(problem.path.startswith("scoring") for problem in collector.problems):
        _check_kinds(collector, rubric)
    _check_scaling(collector, rubric)


def results_by_name(rubric: Rubric, tables: Mapping[str, Any]) -> Mapping[str, Result]:
    """Return what rules may call the results of a rubric.

    What is wrong, and so has none, is there by its name: whoever names it is not to blame.
    """
    labels = {TOTAL: _TOTAL}
    labels |= {in_sections(name): section.label for name, section in rubric.sections.items()}
    labels |= {in_criteria(name): item.label for name, item in rubric.criteria.items()}
    labels |= {in_deductions(name): item.label for name, item in rubric.deductions.items()}
    for key in ("sections", "criteria", "deductions"):
        for name in tables.get(key, {}):
            labels.setdefault(f"{key}/{name}", _TOTAL)
    numbers = rubric.totals.results
    return {
        name: Result(_on_sheet(rubric, name, numbers.get(name) or Constant(0)), label)
        for name, label in labels.items()
    }


def _on_sheet(rubric: Rubric, name: str, number: Number) -> Number:
    """State a result, which is 0 where it is not on the sheet of a studio's kind."""
    kind, _, id_ = name.partition("/")
    if kind == "criteria" and id_ in rubric.criteria:
        id_ = rubric.criteria[id_].section
    by = rubric.facts.get(rubric.settings.sheet_by or "")
    if by is None or id_ not in rubric.sections:
        return number
    outermost = [id_, *_around(rubric, id_)][-1]
    kinds = frozenset(rubric.sections[outermost].kinds)
    if not kinds:
        return number
    return Choose(FactIs(by.name, kinds, frozenset(by.values)), number, Constant(0))


def _around(rubric: Rubric, name: str) -> list[str]:
    """Return the sections around one, the innermost first; itself at the end of a circle."""
    found: list[str] = []
    here = rubric.sections[name].part_of
    while here in rubric.sections and here not in found:
        found.append(str(here))
        here = rubric.sections[str(here)].part_of
    return found


def _check_kinds(collector: Collector, rubric: Rubric) -> None:
    by = rubric.settings.sheet_by
    fact = rubric.facts.get(by) if by is not None else None
    with collector.under("scoring", "sheet_by"):
        choices = {name for name, fact in rubric.facts.items() if fact.type == "choice"}
        if by is not None and by not in choices:
            raise wrong(UNKNOWN_NAME, by, known=choices)
    for name, section in rubric.sections.items():
        with collector.under("sections", name, "for"):
            if section.kinds and by is None:
                raise wrong(SHEET_BY, section.kinds)
            if section.kinds and section.part_of is not None:
                raise wrong(FOR_TOP_LEVEL, section.part_of)
        for position, word in enumerate(section.kinds if fact else ()):
            with collector.under("sections", name, "for", position):
                if fact is not None and word not in fact.values:
                    raise wrong(UNKNOWN_NAME, word, known=fact.values)


def _check_scaling(collector: Collector, rubric: Rubric) -> None:
    for name, item in rubric.criteria.items():
        around = (
            [item.section, *_around(rubric, item.section)]
            if item.section in rubric.sections
            else []
        )
        scaled = rubric.settings.rescale or any(rubric.sections[s].rescale for s in around)
        with collector.under("criteria", name):
            if item.max is None and (scaled or item.not_applicable == "full"):
                raise wrong(NO_MAXIMUM_TO_SCALE, "none")
            if item.applies is None and item.not_applicable == "full":
                raise wrong(MISSING_KEY, item.not_applicable, key="applies")
