"""What no engine can compute: Python computes it row by row, beside what the engine computes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import duckdb
import polars as pl
import pytest
from attrs import field, frozen

from studioflow.cohort.columns import score_cohort
from studioflow.cohort.columns.given import given_values
from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy
from studioflow.rules import PythonScoring, Quantity, Values
from tests.host.shore import LEVELLED, Tables, built, kinds, label, tables

COUNT = {"type": "count", "label": label("n"), "unit": label("times")}
STUDIOS: Mapping[str, list[Any]] = {
    "studio": ["all", "half", "none", "seven"],
    "talks": [3, 3, None, 7],
    "level": ["county", None, None, "town"],
    "others": [1, None, 2, 9],
}
FAILED = "criteria/b_failed"
Framed = Callable[[Mapping[str, list[Any]]], Any]


@frozen(eq=False, kw_only=True)
class Shared(PythonScoring):
    """One for each, and a hundred-and-first part of it."""

    of: Quantity
    high: Fraction = field(default=Fraction(10), metadata={"key": "most"})

    def compute(self, values: Values) -> Fraction:
        """See `PythonScoring`."""
        return values.number("of") * Fraction(102, 101)


def in_duckdb(columns: Mapping[str, list[Any]]) -> duckdb.DuckDBPyRelation:
    """Return a relation with these columns."""
    return duckdb.connect().from_arrow(pl.DataFrame(columns).to_arrow())


@pytest.fixture(params=[pl.DataFrame, in_duckdb], ids=["polars", "duckdb"])
def framed(request: pytest.FixtureRequest) -> Framed:
    """Make frames of each engine."""
    framed: Framed = request.param
    return framed


def rows(scored: Any, *names: str) -> list[tuple[Any, ...]]:  # noqa: ANN401 - of any engine
    """Return some columns of a scored cohort, in the order of the studios."""
    frame = scored.frame if isinstance(scored.frame, pl.DataFrame) else scored.frame.pl()
    order = {name: place for place, name in enumerate(STUDIOS["studio"])}
    found = sorted(frame.iter_rows(named=True), key=lambda row: order.get(row["studio"], 0))
    return [tuple(row[name] for name in names) for row in found]


def ends(name: str) -> tuple[str, str, str]:
    """Return the columns of a result."""
    return name, f"{name}_low", f"{name}_high"


class TestItems:
    """Items of kinds that a plugin computes."""

    @staticmethod
    def policy(**more: Tables) -> Policy:
        """Return a policy with an item of the algebra and one of Python, in whole points."""
        return built(tables(a={"kind": "twice", "of": "others"}, b=LEVELLED, **more))

    def test_beside_the_algebra(self, framed: Framed) -> None:
        """Only what Python has to compute is slow, and what it says adds up with the rest."""
        scored = score_cohort(self.policy(), framed(STUDIOS))
        named = "criteria/b_numerator", "criteria/b_low_numerator", "criteria/b_high_numerator"

        assert ("criteria/b",) == scored.slow
        # Where the rule stumbles, the points are not known, and where a fact is missing.
        assert [(6, 6, 6), (None, 0, 10), (None, 0, 10), (None, 0, 10)] == rows(scored, *named)
        assert [False, False, False, True] == [failed for (failed,) in rows(scored, FAILED)]
        assert [(2, 2, 2), (None, 0, 18), (4, 4, 4), (18, 18, 18)] == rows(
            scored, *ends("criteria/a")
        )
        assert [8, None, None, None] == [n for (n,) in rows(scored, "total_numerator")]
        assert [(8, 8), (0, 28), (4, 14), (18, 28)] == rows(
            scored, "total_low_numerator", "total_high_numerator"
        )

    def test_inside_another_rule(self, framed: Framed) -> None:
        """An item is slow as a whole, also where the library's rules stand around."""
        policy = built(tables(a={"kind": "sum", "cap": 8, "of": [LEVELLED, 4]}))
        scored = score_cohort(policy, framed(STUDIOS), keep=[])
        assert [(8, 8), (4, 8), (4, 8), (4, 8)] == rows(
            scored, "criteria/a_low_numerator", "criteria/a_high_numerator"
        )

    def test_same_as_one_by_one(self, framed: Framed) -> None:
        """What a cohort says of each studio is what scoring it says."""
        policy = self.policy()
        scored = score_cohort(policy, framed(STUDIOS))
        totals = []
        for values in zip(*STUDIOS.values(), strict=True):
            facts = dict(zip(STUDIOS, values, strict=True))
            del facts["studio"]
            totals.append(policy.score(facts).total.range)
        assert totals == rows(scored, "total_low_numerator", "total_high_numerator")

    def test_any_fraction(self, framed: Framed) -> None:
        """Points that are any fraction stay exact, and only their item is slow."""
        rule = {"kind": "shared", "of": "talks"}
        policy = built(tables(a=rule, b={"kind": "twice", "of": "talks"}), kinds(shared=Shared))
        scored = score_cohort(policy, framed({"studio": ["all", "half"], "talks": [3, None]}))

        assert ("criteria/a",) == scored.slow
        # 3 and 3 / 101 for the one, 6 for the other.
        assert [(912, 101), (0, 1)] == rows(scored, "total_low_numerator", "total_low_denominator")


class TestWhole:
    """Policies of which nothing fits into 64 bits."""

    @staticmethod
    def policy() -> Policy:
        """Return a policy that pays too much for each."""
        items = {
            "a": {"kind": "each", "of": "n", "points": 10**10},
            "b": {"kind": "each", "of": "n", "points": 3},
        }
        source = {**tables(), "facts": {"n": COUNT}, "criteria": {}}
        for name, rule in items.items():
            source["criteria"][name] = {"section": "1", "label": label(name), "max": "none", **rule}
        return build_policy(Document(source, "paying.toml"))

    def test_everything_is_slow(self, framed: Framed) -> None:
        """The whole sheet is computed by Python, exactly, and is said to be slow."""
        studios: dict[str, list[Any]] = {"studio": ["all", "half"], "n": [9 * 10**4 + 1, None]}
        scored = score_cohort(self.policy(), framed(studios))

        assert {"criteria/a", "criteria/b", "sections/1", "total"} == set(scored.slow)
        total = (10**10 + 3) * (9 * 10**4 + 1)
        assert [(total, total, total), (None, 0, None)] == rows(
            scored, "total_numerator", "total_low_numerator", "total_high_numerator"
        )
        assert ["eligible", "eligible"] == [text for (text,) in rows(scored, "eligibility")]

    def test_too_large_for_any_column(self) -> None:
        """A row whose numbers no column holds is refused by its number, and never cut."""
        with pytest.raises(InputError) as refused:
            score_cohort(self.policy(), pl.DataFrame({"studio": ["a", "b"], "n": [1, 10**9]}))

        (problem,) = refused.value.problems
        assert ("total/row 2", "refused_by_item") == (problem.path, problem.code)


class TestNatural:
    """A row of a checked frame, as it is handed in for one studio."""

    def test_values(self) -> None:
        """Steps become values, days become dates, what is missing stays so."""
        declared: Tables = {
            "boxes": {**COUNT, "step": 12},
            "hours": {**COUNT, "type": "number", "step": Fraction(1, 2), "min": "none"},
            "opened": {"type": "date", "label": label("opened")},
            "papers": {"type": "flag", "label": label("papers")},
            "level": {"type": "choice", "label": label("level"), "values": {"x": label("x")}},
        }
        policy = build_policy(
            Document({**tables(a={"kind": "points", "points": 1}), "facts": declared}, "x")
        )
        day = date(2023, 3, 31)
        row = {"boxes": 2, "hours": -3, "opened": day.toordinal(), "papers": True, "level": None}

        wanted = {"boxes": 24, "hours": Fraction(-3, 2), "opened": day, "papers": True}
        assert wanted == given_values(policy.facts, {**row, "__key": "a studio"})
