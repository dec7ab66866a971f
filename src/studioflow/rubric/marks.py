"""From marks to facts: each is checked, and those of one item are pooled for its panel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from studioflow.codec import Collector, wrong
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.rubric.rubric import Rubric
from studioflow.rules import Fact, Pool
from studioflow.rules.panel import TOO_MANY_MARKS
from studioflow.text import message

__all__ = ["Placed", "gather_marks", "marked_facts", "placed", "value_key"]

Placed = Mapping[str, Sequence[tuple[int, Mark]]]
"""The marks of each judged fact, each with its place in the list that was handed in."""

NOT_MARKED = message(
    "not_marked", zh="需要打分或确认的项目：{known}", en="an item that is marked: {known}"
)
MARKED_TWICE = message("marked_twice", zh="每项只有一次评分", en="one mark for an item, given once")
SAME_MARKER = message(
    "same_marker",
    zh="另一人：每人对同一项只评一次，不论以什么角色",
    en="somebody else: each person marks an item once, in whatever role",
)
WRONG_MARKER = message("wrong_marker", zh="由以下角色评分：{roles}", en="a mark by: {roles}")


def marked_facts(rubric: Rubric, marks: Iterable[Mark]) -> dict[str, object]:
    """Return the facts that marks stand for; several marks of one are a `Pool`.

    Raises:
        InputError: with every mark that is for no item, doubled, by the wrong role, out of bounds
            or off its step, and every one of those that have to agree and do not.
    """
    collector = Collector()
    found = gather_marks(rubric, marks, collector)
    collector.finish()
    return found


def gather_marks(rubric: Rubric, marks: Iterable[Mark], collector: Collector) -> dict[str, object]:
    """Return the facts that the marks which fit stand for, and collect what is wrong."""
    fitting: dict[str, list[tuple[int, Mark]]] = {}
    for position, mark in enumerate(marks):
        with collector.under("marks", position):
            name = _marked_fact(rubric, mark, fitting)
            fitting.setdefault(name, []).append((position, mark))
    found: dict[str, object] = {}
    for name, given in fitting.items():
        fact = rubric.facts[name]
        pool = _pooled(fact, [mark for _, mark in given])
        if len(given) == 1 and not fact.waits(pool):
            found[name] = given[0][1].value
            continue
        try:
            fact.check(pool)
        except InputError as error:
            # Each was checked alone, so what is wrong now is wrong with all of them together.
            for position, mark in given:
                with collector.under("marks", position, value_key(mark)):
                    raise InputError(error.problems) from None
        else:
            found[name] = pool
    return found


def _pooled(fact: Fact, marks: Sequence[Mark]) -> Pool:
    """Return the marks of a fact, with the roles where its panel weighs them."""
    weighed = fact.panel is not None and bool(fact.panel.groups)
    return Pool([mark.value for mark in marks], [mark.role for mark in marks] if weighed else ())


def placed(rubric: Rubric, marks: Iterable[Mark]) -> Placed:
    """Return the marks of each judged fact with their places."""
    found: dict[str, list[tuple[int, Mark]]] = {}
    for position, mark in enumerate(marks):
        if mark.criterion in rubric.judged_facts:
            found.setdefault(rubric.judged_facts[mark.criterion], []).append((position, mark))
    return found


def _marked_fact(rubric: Rubric, mark: Mark, fitting: Placed) -> str:
    collector = Collector()
    with collector.under("criterion"):
        if mark.criterion not in rubric.judged_facts:
            raise wrong(NOT_MARKED, mark.criterion, known=rubric.judged_facts)
        name = rubric.judged_facts[mark.criterion]
        fact, earlier = rubric.facts[name], fitting.get(name, ())
        if earlier and fact.panel is None:
            raise wrong(MARKED_TWICE, mark.criterion)
        if fact.panel is not None and len(earlier) >= fact.panel.most:
            raise wrong(TOO_MANY_MARKS, mark.criterion, most=fact.panel.most)
    collector.finish()
    with collector.under("by"):
        if any(mark.by == other.by for _, other in earlier):
            raise wrong(SAME_MARKER, mark.by)
    with collector.under("role"):
        if mark.role not in fact.supplied_by:
            raise wrong(WRONG_MARKER, mark.role, roles=fact.supplied_by)
    with collector.under(value_key(mark)):
        fact.units(mark.value)
    collector.finish()
    return name


def value_key(mark: Mark) -> str:
    """Return the key under which a mark says its value."""
    return "met" if mark.points is None else "points"
