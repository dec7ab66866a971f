"""Small mistakes in a rule: its numbers, its comparisons, its parts and its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import frozen

from studioflow.text import exact

__all__ = ["Change", "dropped", "in_force", "of_rule"]

Tables = Mapping[str, Any]
_TOLD = frozenset(
    {"label", "text", "clause", "indicator", "basis", "project", "heading", "unit", "who", "kind"}
)
"""What is said of a rule, and changes nothing."""
_OTHER_END = {"at_least": "at_most", "at_most": "at_least"}
_JOINS = {"all": "any", "any": "all"}
_JUST_ABOVE = Decimal("0.001")
_LEFT_OUT = "left out"


@frozen
class Change:
    """A value put at a path.

    Attributes:
        at: the path.
        value: that stands there then.
        before, after: what is said of it.
        of: the path of what is changed, where that is not `at` itself.
    """

    at: str
    value: Any
    before: str
    after: str
    of: str | None = None

    @property
    def path(self) -> str:
        """Of what is changed."""
        return self.of or self.at


def of_rule(path: str, rule: object, tables: Tables) -> Iterator[Change]:
    """Yield the changes of a rule, and of all that it is made of, as the readings have it."""
    path, rule = in_force(path, rule, tables)
    match rule:
        case bool():
            yield Change(path, not rule, str(rule).lower(), str(not rule).lower())
        case int() | Decimal():
            yield from _of_number(path, rule)
        case Mapping():
            yield from _of_table(path, rule, tables)
        case list():
            for place, part in enumerate(rule):
                yield from of_rule(f"{path}/{place}", part, tables)
                if len(rule) > 1:
                    yield _without(path, rule, place)


def in_force(path: str, value: object, tables: Tables) -> tuple[str, object]:
    """Return where the answer of the reading stands that a table names, and that answer."""
    while isinstance(value, Mapping) and isinstance(name := value.get("reading"), str):
        answer = tables["readings"][name]["value"]
        if answer not in value:  # the reading is a number, which stands among the readings
            return f"readings/{name}", None
        path, value = f"{path}/{answer}", value[answer]
    return path, value


def dropped(path: str, table: Mapping[str, Any], key: str) -> Change:
    """Return the change that leaves a key out of a table."""
    left = {name: value for name, value in table.items() if name != key}
    return Change(path, left, _shown(table[key]), _LEFT_OUT, f"{path}/{key}")


def _of_number(path: str, number: int | Decimal) -> Iterator[Change]:
    step = Decimal(1) if number == int(number) else Decimal("0.1")
    for other in (number + step, number - step):
        value = int(other) if other == int(other) else other
        yield Change(path, value, exact(number), exact(value))


def _of_table(path: str, rule: Mapping[str, Any], tables: Tables) -> Iterator[Change]:
    kind = rule.get("kind")
    if kind in _OTHER_END and "bound" in rule:
        ends = {"kind": _OTHER_END[kind], "value": rule["value"], "bound": rule["bound"]}
        rest = {name: part for name, part in rule.items() if name not in ends}
        strict = {**rest, "kind": "not", "of": ends}
        yield Change(path, strict, kind, "more than" if kind == "at_least" else "less than")
    if kind in _JOINS and isinstance(rule.get("of"), list) and len(rule["of"]) > 1:
        yield Change(f"{path}/kind", _JOINS[kind], kind, _JOINS[kind])
    if kind == "is":
        yield from _other_words(path, rule, tables)
    percent = rule.get("percent")
    if kind == "share" and isinstance(percent, int | Decimal):
        above = percent + _JUST_ABOVE
        yield Change(f"{path}/percent", above, f"at least {exact(percent)} %", "more than that")
    for key, value in rule.items():
        if key in _TOLD or (kind == "is" and key == "value"):
            continue
        where, part = in_force(f"{path}/{key}", value, tables)
        if key in {"items", "bands"} and isinstance(part, Mapping) and len(part) > 1:
            for name in part:
                yield Change(f"{where}/{name}", "none", name, _LEFT_OUT)
        if key == "cap" and isinstance(part, int | Decimal):
            yield dropped(path, rule, key)
        yield from of_rule(where, part, tables)


def _other_words(path: str, rule: Mapping[str, Any], tables: Tables) -> Iterator[Change]:
    fact = tables.get("facts", {}).get(rule.get("fact"), {})
    words = fact.get("values", {})
    others = [word for word in words if word != rule.get("value")]
    if others:
        yield Change(f"{path}/value", others[0], str(rule["value"]), others[0])


def _without(path: str, parts: Sequence[Any], place: int) -> Change:
    left = [part for other, part in enumerate(parts) if other != place]
    return Change(path, left, _shown(parts[place]), _LEFT_OUT, f"{path}/{place}")


def _shown(value: object) -> str:
    """Return what a value is, in a few words."""
    match value:
        case Mapping():
            return str(value.get("kind") or value.get("reading") or "a table")
        case list():
            return ", ".join(map(_shown, value))
        case int() | Decimal() if not isinstance(value, bool):
            return exact(value)
        case _:
            return str(value)
