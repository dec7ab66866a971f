"""Fact files written from a policy: one to fill in, or one filled in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.people import Mark
from studioflow.policy.document import FACTS_SCHEMA
from studioflow.policy.policy import Policy
from studioflow.rubric import FactFile, Inspection
from studioflow.rules import Fact, Pool
from studioflow.text import Language, Text, exact, listed, message

__all__ = ["about_fact", "bounds_words", "fact_file_toml"]

MARKS_IN_FULL = message(
    "marks_in_full",
    zh="多人的评分：逐条写在 marks 中",
    en="the marks of several people in full, under marks",
)

_HEAD = Text(
    "{label}（{policy} 版本 {version}）：一个工作室的事实。\n"
    "去掉行首的 # 并填上等号后的值；留着 # 的就是尚不知道，评分时给出可能的范围。",
    "{label} ({policy}, version {version}): the facts of one studio.\n"
    "Take the # away and fill in what is known; what keeps its # is not known yet, "
    "and the score is a range.",
)
_GIVEN = Text(
    "{label}（{policy} 版本 {version}）：一个工作室的事实。",
    "{label} ({policy}, version {version}): the facts of one studio.",
)
_STUDIO = Text("工作室的名称或编号", "the studio's name or key")
_MARKS = Text(
    "评分与确认：谁评的、什么角色、多少分（points）或是否达到（met）。",
    "Marks and confirmations: who, in which role, and points or whether it is met.",
)
_SITE = Text("{label}：逐项查看的结果。", "{label}: what the visit found, item by item.")
_POINTS = Text("{bounds} 分，以 {step} 分为单位", "{bounds} points in steps of {step}")
_MET = Text("true 或 false", "true or false")
_DAY = Text("日期（如 2023-03-31）", "a date such as 2023-03-31")
_FROM = Text("由{who}提供", "from: {who}")
_OR_MORE = Text("{bound} {unit}以上（含）", "{bound} or more {unit}")
_OR_LESS = Text("{bound} {unit}以下（含）", "at most {bound} {unit}")
_AT_MOST = Text("不超过 {whole}", "at most {whole}")


def fact_file_toml(
    policy: Policy, language: Language = "en", *, filled: FactFile | None = None
) -> str:
    """Return a fact file with a comment on every fact; untouched, it leaves everything open.

    Args:
        policy: whose facts.
        language: of the comments.
        filled: what is known already.

    Raises:
        InputError: for a mark or an inspected item that the policy has no place for, and for
            several marks that stand among the plain facts.
    """
    known = FactFile() if filled is None else filled
    _check_places(policy, known)
    head = _HEAD if filled is None else _GIVEN
    lines = [
        *_comment(
            _said(head, language, label=policy.label, policy=policy.id, version=policy.version)
        ),
        f"schema = {_toml(FACTS_SCHEMA)}",
        *_comment(_STUDIO.get(language)),
        f"studio = {_toml(known.studio)}" if known.studio else '# studio = ""',
        "",
        "[facts]",
        *_facts(policy, known, language),
        *_marks(policy, known, language),
        *_inspection(policy, known, language),
    ]
    return "\n".join(lines) + "\n"


def _check_places(policy: Policy, known: FactFile) -> None:
    collector = Collector()
    judged = policy.rubric.judged_facts
    for name, value in known.facts.items():
        with collector.under("facts", name):
            if isinstance(value, Pool):
                raise InputError([Problem(MARKS_IN_FULL, got=str(value))])
    for position, mark in enumerate(known.marks):
        with collector.under("marks", position, "criterion"):
            if mark.criterion not in judged:
                raise wrong(UNKNOWN_NAME, mark.criterion, known=judged)
    with collector.under():
        if known.inspection is not None:
            policy.site_check.values(known.inspection)
    collector.finish()


def _facts(policy: Policy, known: FactFile, language: Language) -> Iterator[str]:
    judged = set(policy.rubric.judged_facts.values())
    site = policy.site_check.facts()
    for name, fact in policy.facts.items():
        if known.facts.get(name) is None and (name in judged or name in site):
            continue  # it has a place of its own below
        yield _entry(name, known.facts.get(name), about_fact(policy, fact, language))


def _marks(policy: Policy, known: FactFile, language: Language) -> Iterator[str]:
    judged = policy.rubric.judged_facts
    given = {mark.criterion for mark in known.marks}
    wanted = [
        item for item in judged if item not in given and known.facts.get(judged[item]) is None
    ]
    if not given and not wanted:
        return
    yield ""
    yield from _comment("\n" + _MARKS.get(language))
    for mark in known.marks:
        yield ""
        if mark.criterion in given:  # it is said once, before the first of several marks
            yield from _comment(about_fact(policy, policy.facts[judged[mark.criterion]], language))
            given.remove(mark.criterion)
        yield from _mark(mark)
    for item in wanted:
        fact = policy.facts[judged[item]]
        yield ""
        yield from _comment(about_fact(policy, fact, language))
        yield "# [[marks]]"
        yield f"# criterion = {_toml(item)}"
        yield '# by = ""'
        yield f"# role = {_toml(fact.supplied_by[0])}"
        yield "# met =" if fact.type == "confirmation" else "# points ="


def _mark(mark: Mark) -> Iterator[str]:
    yield "[[marks]]"
    for key in ("criterion", "by", "role", "unit", "on", "points", "met", "remark"):
        value = getattr(mark, key)
        if value is not None:
            yield f"{key} = {_toml(value)}"


def _inspection(policy: Policy, known: FactFile, language: Language) -> Iterator[str]:
    check = policy.site_check
    found = known.inspection or Inspection(items={})
    items = {
        name: item
        for fact, (name, item) in zip(check.facts(), check.items.items(), strict=True)
        if name in found.items or known.facts.get(fact) is None
    }
    if not items:
        return
    yield ""
    yield from _comment("\n" + _said(_SITE, language, label=check.label))
    lead = "" if found.items else "# "
    yield f"{lead}[inspection]"
    for key in ("by", "role", "unit", "on"):
        value = getattr(found, key)
        if value is not None:
            yield f"{lead}{key} = {_toml(value)}"
        elif known.inspection is None and key in {"by", "role"}:
            yield f'# {key} = ""'
    for name, item in items.items():
        yield ""
        seen = found.items.get(name)
        lead = "" if seen is not None else "# "
        yield f"{lead}[inspection.items.{_key(name)}]  # {_one_line(item.label.get(language))}"
        if seen is None:
            yield "# present ="
            continue
        yield f"present = {_toml(seen.present)}"
        for key, value in (("remark", seen.remark), ("on", seen.on)):
            if value is not None:
                yield f"{key} = {_toml(value)}"
        if seen.evidence:
            yield f"evidence = {_toml(seen.evidence)}"


def _entry(name: str, value: object, about: str) -> str:
    line = f"# {name} =" if value is None else f"{name} = {_toml(value)}"
    return f"# {_one_line(about)}\n{line}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" if line else "" for line in text.split("\n")]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else _toml(name)


def _toml(value: object) -> str:
    """Write a plain value; text as a basic string, whose escapes are those of JSON."""
    match value:
        case bool():
            return str(value).lower()
        case int() | Fraction() | Decimal():
            return exact(value)
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case list() | tuple():
            return f"[{', '.join(_toml(item) for item in value)}]"
        case _:
            return str(value)  # a date


# --- what is said of a fact -----------------------------------------------------------------


def about_fact(policy: Policy, fact: Fact, language: Language) -> str:
    """Return what is to be known to supply a fact: clause, label, unit, bounds, who, panel."""
    roles = [
        policy.roles[r].label.get(language) if r in policy.roles else r for r in fact.supplied_by
    ]
    parts = [
        f"{fact.clause} {fact.label.get(language)}" if fact.clause else fact.label.get(language),
        _values(fact, language),
        _said(_AT_MOST, language, whole=fact.at_most) if fact.at_most else "",
        _said(_FROM, language, who=listed(roles, language)) if roles else "",
        fact.panel.wording(fact.type).get(language) if fact.panel else "",
    ]
    return ("；" if language == "zh" else "; ").join(part for part in parts if part)


def _values(fact: Fact, language: Language) -> str:
    match fact.type:
        case "flag" | "confirmation":
            return _MET.get(language)
        case "choice":
            return " | ".join(
                f'"{word}" {label.get(language)}' for word, label in fact.values.items()
            )
        case "mark":
            bounds = bounds_words(fact, language)
            return _said(_POINTS, language, bounds=bounds, step=exact(fact.step or Fraction(1)))
        case _:
            return bounds_words(fact, language)


def bounds_words(fact: Fact, language: Language) -> str:
    """Return the bounds of a number with its unit; a bound that there is not is not hinted at.

    A day has none: what it looks like is said in their place.
    """
    if fact.type == "date":
        return _DAY.get(language)
    unit = fact.unit.get(language) if fact.unit else ""
    if fact.low is None and fact.high is None:
        return unit
    if fact.high is None:
        return _said(_OR_MORE, language, bound=exact(fact.low or 0), unit=unit).strip()
    if fact.low is None:
        return _said(_OR_LESS, language, bound=exact(fact.high), unit=unit).strip()
    return f"{exact(fact.low)}–{exact(fact.high)} {unit}".strip()


def _said(text: Text, language: Language, **parameters: Text | str) -> str:
    said = text.get(language)
    for name, value in parameters.items():
        said = said.replace(
            f"{{{name}}}", value.get(language) if isinstance(value, Text) else value
        )
    return said
