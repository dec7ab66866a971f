"""Records of every kind that a policy declares."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from studioflow.errors import InputError
from studioflow.policy import Policy, RecordKind
from studioflow.policy.record_fields import RecordField

__all__ = ["records"]

_CENT = Fraction(1, 100)
_ABOVE = 1000
_DAYS = (date(2020, 1, 1), date(2029, 12, 31))
_LETTERS = st.text("样例工作室abc 0123", min_size=1, max_size=8).map(str.strip).filter(bool)
_IDS = st.integers(1, 9).map(lambda number: f"person-{number}")
_PEOPLE = st.fixed_dictionaries({"id": _IDS}, optional={"name": st.just("人员甲")})


def records(policy: Policy) -> SearchStrategy[tuple[str, dict[str, object]]]:
    """Return a strategy for records: the kind, and a plain table that the kind takes.

    Fields that need not be there are left out at times. Nothing is drawn where no kind is declared.

    Args:
        policy: that declares the kinds.
    """
    kinds = policy.record_kinds
    if not kinds:
        return st.nothing()
    return st.sampled_from(sorted(kinds)).flatmap(
        lambda name: st.tuples(st.just(name), _record(kinds[name]))
    )


@st.composite
def _record(draw: DrawFn, kind: RecordKind) -> dict[str, object]:
    said = {
        name: draw(_value(declared))
        for name, declared in kind.fields.items()
        if declared.required or draw(st.booleans())
    }
    if not said:
        name, declared = next(iter(kind.fields.items()))
        said[name] = draw(_value(declared))
    if kind.since in said and kind.until in said:  # nobody leaves before the first day
        said[kind.since], said[kind.until] = sorted([said[kind.since], said[kind.until]])
    return said if _taken(kind, said) else _only_required(kind, said)


def _only_required(kind: RecordKind, said: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in said.items() if kind.fields[name].required}


def _taken(kind: RecordKind, said: Mapping[str, object]) -> bool:
    try:
        kind.load(said)
    except InputError:
        return False
    return True


def _value(declared: RecordField) -> SearchStrategy[Any]:
    match declared.type:
        case "text":
            return _LETTERS
        case "texts" | "evidence":
            return st.lists(_LETTERS, min_size=1, max_size=3, unique=True)
        case "flag":
            return st.booleans()
        case "count" | "number" | "money":
            return _number(declared)
        case "date":
            return st.dates(*_DAYS)
        case "month":
            return st.dates(*_DAYS).map(lambda day: f"{day:%Y-%m}")
        case "choice":
            return st.sampled_from([*declared.values])
        case "choices":
            return st.lists(st.sampled_from([*declared.values]), min_size=1, unique=True)
        case "person":
            return _PEOPLE
        case "people":
            return st.lists(_PEOPLE, min_size=1, max_size=3, unique_by=lambda each: each["id"])
        case "opinion":
            return st.fixed_dictionaries(
                {"text": _LETTERS, "sealed": st.booleans(), "on": st.dates(*_DAYS)}
            )


def _number(declared: RecordField) -> SearchStrategy[Any]:
    whole = declared.type == "count"
    step = declared.step or (_CENT if declared.type == "money" else Fraction(1))
    low = Fraction(0) if declared.low is None else declared.low
    first = -(-low // step)
    last = first + _ABOVE if declared.high is None else declared.high // step
    return st.integers(first, max(first, last)).map(lambda n: int(n * step) if whole else n * step)
