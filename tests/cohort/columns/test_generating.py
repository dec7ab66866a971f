"""Cohorts made up for a policy: accepted as they are, and on both sides of where it decides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from math import floor
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from studioflow import Policy, load_policy
from studioflow.cohort.columns.generating import generate
from studioflow.cohort.columns.making.thresholds import Thresholds
from studioflow.errors import InputError
from studioflow.policy import Document, build_policy
from studioflow.rubric import ScoreSheet
from tests.host.shore import BOTH, LEVELLED, Tables, built, label
from tests.host.shore import tables as shore_tables
from tests.vocabulary.making_policies import Drawn, policies

BUNDLED = ("yongjia-2023", "teacher-points")
YONGJIA = load_policy("yongjia-2023")
MANY = 2000
MARK: Tables = {"type": "mark", "step": 1, "max": 10}


def sheets(policy: Policy, cohort: pl.DataFrame) -> list[ScoreSheet]:
    """Score every studio of a cohort; one that is not acceptable raises."""
    return [policy.score(row) for row in cohort.drop("studio").iter_rows(named=True)]


def made(facts: Tables, **more: Any) -> Policy:  # noqa: ANN401 - any table of a policy
    """Build a policy with some facts and nothing that hangs on them, unless that is said."""
    declared = {
        name: {"label": label(name), "from": ["judge"], **fact} for name, fact in facts.items()
    }
    for fact in declared.values():
        if fact["type"] in {"count", "number"}:
            fact["unit"] = label("times")
    source: Tables = {
        "schema": "studioflow.policy/1",
        "id": "made",
        "version": "1",
        "label": label("made"),
        "roles": {"judge": {"label": label("judge")}},
        "facts": declared,
        "sections": {"1": {"label": label("work")}},
        "criteria": {
            "a": {"section": "1", "label": label("a"), "max": 1, "kind": "points", "points": 1}
        },
        **more,
    }
    return build_policy(Document(source, "made"))


def contradicting(when: object) -> Policy:
    """Build a policy with a mark that has to be in two bands at once, where something holds."""
    marked = [
        {"kind": "marked", "mark": "mark", "bands": {"A": {"from": n, "to": n, "when": when}}}
        for n in (2, 5)
    ]
    item = {"section": "1", "label": label("a"), "max": 10, "kind": "sum", "of": marked}
    return made({"able": {"type": "flag"}, "mark": MARK}, criteria={"a": item})


class TestAccepted:
    """Every row is one that the policy scores."""

    @pytest.mark.parametrize("name", BUNDLED)
    def test_of_bundled_policies(self, name: str) -> None:
        """Both policies score all studios, complete and with values missing."""
        policy = load_policy(name)

        assert 300 == len(sheets(policy, generate(policy, 300)))
        assert 300 == len(sheets(policy, generate(policy, 300, missing=0.3)))

    @pytest.mark.parametrize("seed", range(12))
    def test_of_other_readings(self, seed: int) -> None:
        """Whatever the answers to the open questions are, marks are in a band that is allowed."""
        random = Random(seed)  # noqa: S311 - nothing secret
        answers = {
            f"readings/{name}": random.choice([*reading.values])
            for name, reading in YONGJIA.readings.items()
            if reading.values
        }
        policy = YONGJIA.vary(answers)

        assert 60 == len(sheets(policy, generate(policy, 60, seed=seed)))

    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(policies(), st.integers(0, 99), st.sampled_from([0.0, 0.3]))
    def test_of_any_policy(self, drawn: Drawn, seed: int, missing: float) -> None:
        """Policies at random score all studios."""
        cohort = generate(drawn.policy, 25, seed=seed, missing=missing)

        assert 25 == len(sheets(drawn.policy, cohort))

    def test_where_python_computes(self) -> None:
        """A rule that nobody can look into gets studios, too; one without an answer is no fault."""
        policy = built(BOTH)
        cohort = generate(policy, 200)

        assert 200 == len(sheets(policy, cohort))
        assert {*range(10)} == {*cohort["talks"]}

    def test_where_a_rule_has_no_answer(self) -> None:
        """A mark beside a rule without an answer is in its band all the same."""
        bands = {"A": {"from": 5, "to": 6}}
        marked = {"kind": "marked", "mark": "mark", "bands": bands}
        source = shore_tables(a={"kind": "sum", "of": [LEVELLED, marked]})
        source["roles"] = {"judge": {"label": label("judge")}}
        source["facts"] |= {"mark": {"label": label("mark"), "from": ["judge"], **MARK}}
        policy = built(source)
        cohort = generate(policy, 200)

        assert 200 == len(sheets(policy, cohort))
        assert {0, 5, 6} == {*cohort.filter(pl.col("talks") == 7)["mark"]}

    def test_where_facts_allow_no_mark(self) -> None:
        """Studios for whom no mark is allowed are drawn again, so that none of them is left."""
        cohort = generate(contradicting("able"), 100)

        assert {False} == {*cohort["able"]}
        assert {0} == {*cohort["mark"]}

    def test_where_nothing_is_allowed(self) -> None:
        """Where every mark is refused whatever the facts are, that is said."""
        with pytest.raises(InputError, match="no_such_studio"):
            generate(contradicting({"kind": "all", "of": []}), 3)


class TestValues:
    """Values are as somebody would hand them in, inside their bounds and on their step."""

    def test_of_every_type(self) -> None:
        """A key, and for each fact whole numbers, decimals, truths, words or days."""
        policy = made(
            {
                "talks": {"type": "count"},
                "dozens": {"type": "count", "step": 12, "max": 48},
                "money": {"type": "number", "step": Decimal("0.05"), "min": -1, "max": 3},
                "change": {"type": "number", "step": 1, "min": "none"},
                "mark": {**MARK, "step": Decimal("0.5")},
                "sure": {"type": "confirmation"},
                "open": {"type": "flag"},
                "level": {"type": "choice", "values": {w: label(w) for w in ("town", "city")}},
                "day": {"type": "date"},
            }
        )
        cohort = generate(policy, MANY)

        assert ["studio-0000001", "studio-0000002"] == cohort["studio"][:2].to_list()
        assert {
            "studio": pl.String(),
            "talks": pl.Int64(),
            "dozens": pl.Int64(),
            "money": pl.Decimal(38, 2),
            "change": pl.Int64(),
            "mark": pl.Decimal(38, 1),
            "sure": pl.Boolean(),
            "open": pl.Boolean(),
            "level": pl.String(),
            "day": pl.Date(),
        } == dict(cohort.schema)
        assert {0, 12, 24, 36, 48} == {*cohort["dozens"]}
        assert {Decimal(n) / 20 for n in range(-20, 61)} == {*cohort["money"]}
        assert {Decimal(n) / 2 for n in range(21)} == {*cohort["mark"]}
        assert {"town", "city"} == {*cohort["level"]}
        assert {False, True} == {*cohort["sure"]} == {*cohort["open"]}
        assert {-1, 1} <= {*cohort["change"]}
        assert {2023, 2024, 2025} == {*cohort["day"].dt.year()}
        assert MANY == len(sheets(policy, cohort))

    def test_of_parts(self) -> None:
        """A part is never above its whole, whatever their steps and bounds are; a day neither."""
        policy = made(
            {
                "members": {"type": "count", "step": 3, "min": 3, "max": 30},
                "trained": {"type": "count", "step": 2, "at_most": "members", "min": 2},
                "best": {"type": "count", "at_most": "trained"},
                "gone": {"type": "number", "step": 1, "min": "none", "at_most": "left"},
                "left": {"type": "number", "step": 2, "min": "none"},
                "start": {"type": "date", "at_most": "end"},
                "end": {"type": "date"},
            }
        )
        cohort = generate(policy, MANY)

        for part, whole in (("trained", "members"), ("best", "trained"), ("gone", "left")):
            assert (cohort[part] <= cohort[whole]).all()
            assert (cohort[part] < cohort[whole]).any()
        assert (cohort["start"] <= cohort["end"]).all()
        assert MANY == len(sheets(policy, cohort))

    def test_of_parts_of_each_other(self) -> None:
        """Where each of two is at most the other, they are the same."""
        policy = made(
            {
                "a": {"type": "count", "at_most": "b"},
                "b": {"type": "count", "at_most": "a", "step": 2},
            }
        )
        cohort = generate(policy, 50)

        assert (cohort["a"] == cohort["b"]).all()
        assert 50 == len(sheets(policy, cohort))

    def test_missing(self) -> None:
        """About the wanted share of values is missing, in every column but that of the key."""
        cohort = generate(YONGJIA, MANY, missing=0.25)
        missing = cohort.null_count().row(0, named=True)

        assert 0 == missing.pop("studio")
        assert all(0.2 * MANY < count < 0.3 * MANY for count in missing.values())
        everything = generate(YONGJIA, 10, missing=1)
        assert 10 * len(YONGJIA.facts) == sum(everything.null_count().row(0))


class TestSpread:
    """The policy decides in every way."""

    @pytest.mark.parametrize("name", BUNDLED)
    def test_both_sides_of_thresholds(self, name: str) -> None:
        """Of every threshold of a count, one studio in a hundred at least is on either side."""
        policy = load_policy(name)
        cohort = generate(policy, MANY)
        for fact, thresholds in Thresholds.found(policy.rubric).of.items():
            inside = [t for t in thresholds if t > 0]
            for threshold in inside if policy.facts[fact].type == "count" else ():
                less = (cohort[fact] < floor(threshold)).sum()
                assert MANY / 100 < less < MANY * 99 / 100

    def test_both_sides_of_shares(self) -> None:
        """Four fifths and a half of the trainees are reached, missed by one, and passed."""
        cohort = generate(YONGJIA, MANY).filter(pl.col("trainees") > 0)
        for percent in (50, 80):
            over = cohort["trainees_with_output"] * 100 - cohort["trainees"] * percent
            assert (over == 0).sum() > 10
            assert ((over < 0) & (over >= -100)).sum() > 10
            assert len(cohort) / 10 < (over >= 0).sum() < len(cohort) * 9 / 10

    def test_every_gate_and_band(self) -> None:
        """Most studios are eligible but not all, and every band of every mark is given."""
        cohort = generate(YONGJIA, MANY)
        eligible = [sheet.eligible for sheet in sheets(YONGJIA, cohort)]

        assert 0.4 * MANY < eligible.count(True) < 0.9 * MANY
        assert {0, *range(5, 11)} == {*cohort["output_mark"]} == {*cohort["goal_mark"]}
        assert {*range(6)} == {*cohort["promotion_mark"]} == {*cohort["funds_mark"]}

    def test_totals(self) -> None:
        """Totals lie far apart, on both sides of the marks to pass and to be outstanding."""
        found = sheets(YONGJIA, generate(YONGJIA, MANY))
        totals = pl.Series([float(sheet.total.points or 0) for sheet in found])

        assert 10 < float(str(totals.std())) < 20
        for mark in (60, 75, 90):
            assert 0.05 < (totals >= mark).mean() < 0.98  # type: ignore[operator] # no unknown

    def test_good_studios_are_good_in_several_facts(self) -> None:
        """Who holds more activities has better marks, and fewer faults."""
        cohort = generate(YONGJIA, MANY)
        good = cohort.filter(pl.col("activities") >= 20)
        bad = cohort.filter(pl.col("activities") < 12)
        for more in ("goal_mark", "trainees_promoted", "public_benefit"):
            assert good[more].mean() > bad[more].mean()  # type: ignore[operator] # numbers
        less = "website_faults"
        assert good[less].mean() < bad[less].mean()  # type: ignore[operator] # numbers

    def test_what_is_wanted(self) -> None:
        """What somebody wants to be common takes the place of what would be."""
        shape = {
            "activities": (30, 40),
            "trainees_with_output": (0, 2),
            "residency": 0.5,
            "funds_papers": {"late": 1, "never": 3},
        }
        cohort = generate(YONGJIA, MANY, shape=shape)

        assert {*range(30, 41)} == {*cohort["activities"]}
        assert {0, 1, 2} == {*cohort["trainees_with_output"]}
        assert 900 < cohort["residency"].sum() < 1100
        assert {"late", "never"} == {*cohort["funds_papers"]}
        assert 400 < (cohort["funds_papers"] == "late").sum() < 600
        assert MANY == len(sheets(YONGJIA, cohort))

    def test_days_that_are_wanted(self) -> None:
        """Days lie between two that are given, both included."""
        first, last = date(2024, 2, 28), date(2024, 3, 1)
        cohort = generate(made({"day": {"type": "date"}}), 100, shape={"day": (first, last)})

        assert {first, date(2024, 2, 29), last} == {*cohort["day"]}


class TestSeed:
    """The same arguments make the same cohort."""

    def test_the_same(self) -> None:
        """Two cohorts of one seed are the same, also where values are missing."""
        one, other = (generate(YONGJIA, 300, seed=7, missing=0.1) for _ in range(2))

        assert_frame_equal(one, other)

    def test_another(self) -> None:
        """Another seed makes other studios."""
        assert not generate(YONGJIA, 300, seed=7).equals(generate(YONGJIA, 300, seed=8))


class TestArguments:
    """What can not be made is refused, with everything that is wrong."""

    def test_every_problem(self) -> None:
        """All of it is said at once, each at its place."""
        shape = {
            "activites": (1, 2),
            "activities": (-1, 401),
            "trainees": (20, 10),
            "members": 7,
            "residency": 2,
            "mentoring": True,
            "funds_papers": {"lost": 1},
            "goal_mark": (1, 2),
        }
        with pytest.raises(InputError) as error:
            generate(YONGJIA, 0, seed=-1, missing=1.5, shape=shape, key="members")

        assert [
            ("studios", "out_of_bounds"),
            ("seed", "out_of_bounds"),
            ("missing", "out_of_bounds"),
            ("key", "key_taken"),
            ("shape/activites", "unknown_name"),
            ("shape/activities/0", "out_of_bounds"),
            ("shape/activities/1", "out_of_bounds"),
            ("shape/trainees", "bounds_order"),
            ("shape/members", "wrong_type"),
            ("shape/residency", "out_of_bounds"),
            ("shape/mentoring", "out_of_bounds"),
            ("shape/funds_papers", "unknown_name"),
            ("shape/goal_mark", "marks_follow"),
        ] == [(problem.path, problem.code) for problem in error.value.problems]

    @pytest.mark.parametrize("weights", [0.5, {}, {"late": 0}, {"late": -1}, {"late": "much"}])
    def test_weights(self, weights: object) -> None:
        """Weights are numbers from 0 up, of which some word has one."""
        with pytest.raises(InputError, match="weights_of_words"):
            generate(YONGJIA, 1, shape={"funds_papers": weights})

    @pytest.mark.parametrize("studios", [True, 3.0, "3"])
    def test_studios(self, studios: Any) -> None:  # noqa: ANN401 - whatever is no whole number
        """How many is a whole number."""
        with pytest.raises(InputError, match="wrong_type"):
            generate(YONGJIA, studios)

    @pytest.mark.parametrize("missing", [-0.1, float("nan"), "0.1", True])
    def test_missing(self, missing: Any) -> None:  # noqa: ANN401 - whatever is no share
        """The share that is missing is from 0 to 1."""
        with pytest.raises(InputError, match="out_of_bounds"):
            generate(YONGJIA, 1, missing=missing)

    def test_the_key(self) -> None:
        """The column of names may be called otherwise."""
        assert "site-0000001" == generate(YONGJIA, 1, key="site")["site"][0]
