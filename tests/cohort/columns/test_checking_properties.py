"""Random cohorts: the check refuses just the rows that `known` refuses, and counts in its steps."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.cohort.columns.checking import check
from studioflow.cohort.columns.complaints import FIRST_ROWS
from studioflow.cohort.columns.given import LIMIT, steps_of
from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy
from studioflow.rules import known

NAME = {"zh": "名", "en": "name"}
COUNT: dict[str, Any] = {"type": "count", "label": NAME, "unit": NAME}
FACTS: dict[str, Any] = {
    "whole": {**COUNT, "max": 9},
    "middle": {**COUNT, "at_most": "whole"},
    "part": {**COUNT, "min": 1, "at_most": "middle"},
    "long": {**COUNT, "type": "number", "step": 1, "max": 9},
    "short": {**COUNT, "type": "number", "step": Decimal("0.5"), "at_most": "long"},
    "tiny": {**COUNT, "type": "number", "step": Decimal("0.1"), "at_most": "short", "min": "none"},
    "dozens": {**COUNT, "step": 12},
    "odd": {**COUNT, "type": "number", "step": Decimal("0.75")},
    "paper": {"type": "flag", "label": NAME},
    "word": {"type": "choice", "label": NAME, "values": {"old": NAME, "new": NAME}},
    "from_day": {"type": "date", "label": NAME},
    "to_day": {"type": "date", "label": NAME},
}


def policy() -> Policy:
    """Return a policy of these facts."""
    rule = {"kind": "points", "points": 1}
    tables = {
        "schema": "studioflow.policy/1",
        "id": "random",
        "version": "1",
        "label": NAME,
        "facts": {**FACTS, "from_day": {**FACTS["from_day"], "at_most": "to_day"}},
        "sections": {"all": {"label": NAME}},
        "criteria": {"one": {"section": "all", "label": NAME, "max": 1, **rule}},
    }
    return build_policy(Document(tables, "random.toml"))


POLICY = policy()
WHOLE = st.one_of(st.integers(-1, 12), st.sampled_from([24, 10**9, 10**9 + 11, 10**15]))
DECIMALS = st.decimals(-1, 12, places=2).map(lambda number: number + 0)
DAYS = st.dates()


def values(name: str) -> st.SearchStrategy[Any]:
    """Return what may be handed in for a fact for one studio, right or wrong, of one type."""
    kind = FACTS[name]["type"]
    if kind == "count":
        return WHOLE
    return {
        "number": DECIMALS,
        "flag": st.booleans(),
        "choice": st.sampled_from(["old", "new", "odd", "Old"]),
        "date": DAYS,
    }[kind]


ROWS = st.fixed_dictionaries({name: st.one_of(st.none(), values(name)) for name in FACTS})
SINGLE = st.sampled_from(sorted(FACTS)).flatmap(
    lambda name: st.fixed_dictionaries({name: values(name)})
)
COHORTS = st.lists(st.one_of(ROWS, SINGLE), min_size=1, max_size=FIRST_ROWS)


def fits(row: Mapping[str, Any]) -> bool:
    """Return whether a studio's facts are accepted, and within what a cohort takes."""
    try:
        known(POLICY.facts, row)
    except InputError:
        return False
    unbounded = [row.get(n) for n, f in POLICY.facts.items() if f.numeric and f.high is None]
    return all(value is None or abs(value) <= LIMIT for value in unbounded)


def in_steps(row: Mapping[str, Any], name: str) -> object:
    """Return a fact of a row as the normalised frame should have it."""
    fact = POLICY.facts[name]
    if row.get(name) is None:
        return None
    units = fact.units(row[name])
    return Fraction(units, fact.denominator) / steps_of(fact) if fact.numeric else units  # type: ignore[arg-type]


def written(value: object) -> str:
    """Return a value as a CSV file has it."""
    return "" if value is None else str(value)


def as_frame(rows: list[Mapping[str, Any]], form: str) -> pl.DataFrame:
    """Return rows as typed columns, as text, or with floats for numbers."""
    columns: dict[str, Any] = {"studio": [f"s{number}" for number in range(1, len(rows) + 1)]}
    for name, table in FACTS.items():
        given_values = [row.get(name) for row in rows]
        if form == "text":
            columns[name] = pl.Series(list(map(written, given_values)), dtype=pl.String)
        elif form == "floats" and table["type"] in {"count", "number"}:
            floats = [None if value is None else float(value) for value in given_values]
            columns[name] = pl.Series(floats, dtype=pl.Float64)
        else:
            types: dict[str, Any] = {
                "count": pl.Int64,
                "number": pl.Decimal(20, 2),
                "flag": pl.Boolean,
            }
            types |= {"choice": pl.String, "date": pl.Date}
            dtype = types[table["type"]]
            columns[name] = pl.Series(given_values, dtype=dtype)
    return pl.DataFrame(columns)


def refused_rows(frame: object) -> set[int]:
    """Return the rows that problems name, which are all as long as there are only a few rows."""
    try:
        check(POLICY, frame)
    except InputError as error:
        rows: set[int] = set()
        for problem in error.problems:
            firsts = problem.parameters["first"]
            assert isinstance(firsts, list)
            rows |= {int(first) for first in firsts if first != "…"}
        return rows
    return set()


@pytest.mark.parametrize("engine", ["polars", pytest.param("duckdb", marks=pytest.mark.slow)])
@pytest.mark.parametrize("form", ["typed", "text", "floats"])
@settings(max_examples=6, deadline=None)
@given(rows=COHORTS)
def test_as_known(engine: str, form: str, rows: list[Mapping[str, Any]]) -> None:
    """The rows that `known` refuses are refused, and the others have the value of `Fact.units`."""
    frame = as_frame(rows, form)

    def framed(some: pl.DataFrame) -> Any:  # noqa: ANN401 - a frame of that engine
        return some if engine == "polars" else duckdb.connect().from_arrow(some.to_arrow())

    right = [fits(row) for row in rows]
    wrong = {number for number, fit in enumerate(right, start=1) if not fit}
    found = refused_rows(framed(frame))
    assert wrong == found

    good = [row for row, fit in zip(rows, right, strict=True) if fit]
    if good:
        made = check(POLICY, framed(frame.filter(pl.Series(right)))).frame.collect()
        for name in FACTS:
            assert [in_steps(row, name) for row in good] == made[name].to_list()
