"""Cohorts at random for a policy, and what its frame has to say, worked out one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

import polars as pl
from attrs import field, frozen
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl
from studioflow.policy import Document, Policy
from studioflow.rubric import GradeResult, Points, ScoreSheet
from studioflow.rules import Condition, Fact, PythonScoring, Quantity, RuleKind, Values
from tests.vocabulary.making_facts import FIRST_DAY, NUMBERS, labelled
from tests.vocabulary.making_policies import Drawn, policies

__all__ = ["cohort_policies", "expected", "framed", "rows_at_random"]

Row = dict[str, Any]
Table = dict[str, Any]
FAR = 40
"""So far from 0, in steps, a number may be that has no bound of its own."""


# --- policies -----------------------------------------------------------------------------------


@frozen(eq=False, kw_only=True)
class Shared(PythonScoring):
    """A third for each, in Python: any fraction, at times negative; it stumbles over four."""

    of: Quantity
    well: Condition
    low: Fraction = field(default=Fraction(-1), metadata={"key": "least"})
    high: Fraction = field(default=Fraction(3), metadata={"key": "most"})

    def compute(self, values: Values) -> Fraction:
        """See `PythonScoring`."""
        found = values.number("of")
        if found == 4:
            raise RuntimeError("four")
        return max(self.low, min(self.high, (found if values.truth("well") else -found) / 3))


@frozen(eq=False, kw_only=True)
class Stepped(PythonScoring):
    """Half a point for each, in Python."""

    of: Fact
    high: Fraction = field(default=Fraction(6), metadata={"key": "most"})
    step: Fraction = field(default=Fraction(1, 2), metadata={"key": "by"})

    def compute(self, values: Values) -> Fraction:
        """See `PythonScoring`."""
        return max(Fraction(0), min(self.high, values.number("of") * self.step))


class _Plugin:
    """Brings the two kinds."""

    __name__ = "shore"

    @hookimpl
    def studioflow_rule_kinds(self) -> list[RuleKind]:
        """See `studioflow.host`."""
        return [RuleKind(id="shared", cls=Shared), RuleKind(id="stepped", cls=Stepped)]


HOST = Host([_Plugin()])


@st.composite
def cohort_policies(draw: st.DrawFn, *, brought: bool = False) -> Drawn:
    """Draw a policy as `policies` does, some of its numbers without a bound.

    Args:
        draw: given by hypothesis.
        brought: some of its items are computed by Python.
    """
    drawn: Drawn = draw(policies())
    random = Random(draw(st.integers(0, 2**32)))  # noqa: S311 - no secret hangs on it
    tables = deepcopy(drawn.tables)
    if brought:
        _bring(tables, random)
    least = _built(tables)
    if least is None:
        return drawn
    return Drawn(_built(_unbounded(tables, random)) or least)


def _unbounded(tables: Table, random: Random) -> Table:
    """Return the tables with facts that have no bound on one side, or on either."""
    made = deepcopy(tables)
    for fact in made["facts"].values():
        if fact["type"] in ("count", "number") and "by" not in fact and random.random() < 0.4:
            if random.random() < 0.7:
                fact.pop("max", None)
            if "at_most" not in fact and random.random() < 0.5:
                fact["min"] = "none"
    return made


def _bring(tables: Table, random: Random) -> None:
    """Let Python compute a part of one item or of two."""
    names = [
        name
        for name, fact in tables["facts"].items()
        if fact["type"] in ("count", "number") and "by" not in fact
    ]
    items = [*tables["criteria"].values(), *tables.get("deductions", {}).values()]
    if not names:
        names = ["talks"]
        tables["facts"]["talks"] = {"type": "count", "label": labelled("talks"), "max": 6}
        tables["facts"]["talks"]["unit"] = labelled("times")
    for item in random.sample(items, min(len(items), random.choice([1, 1, 2]))):
        kept = ("label", "max", "section", "applies", "not_applicable")
        rule = {key: item.pop(key) for key in [*item] if key not in kept}
        own: Table = {"kind": "stepped", "of": random.choice(names)}
        if random.random() < 0.5:
            well = {"kind": "at_least", "of": random.choice(names), "to": 2}
            own = {"kind": "shared", "of": random.choice(names), "well": well}
        item |= {"kind": "sum", "of": random.choice([[rule, own], [own]])}


def _built(tables: Table) -> Policy | None:
    """Build a policy whose items keep to their maximum; None where they can not."""
    for _ in range(4):
        try:
            return HOST.build(Document(tables, "drawn"))
        except InputError as error:
            problems = error.problems
        for problem in problems:
            table, _, name = problem.path.partition("/")
            if problem.code == "adds_points":
                item = tables[table][name]
                rule = {key: item.pop(key) for key in [*item] if key not in ("label", "max")}
                item |= {"kind": "sum", "of": [rule], "floor": 0}
            elif problem.code == "max_exceeded":
                try:
                    tables[table][name]["max"] = max(0, ceil(Fraction(problem.got)))
                except ValueError:
                    tables[table][name]["max"] = "none"
            else:
                return None
    return None


# --- rows ---------------------------------------------------------------------------------------


def rows_at_random(policy: Policy, random: Random, count: int) -> list[tuple[Row, ScoreSheet]]:
    """Return rows that the policy accepts, each with what it says of them, some facts missing."""
    found = []
    for _ in range(count):
        row = _row(policy.facts, random, random.choice([0, 0.1, 0.4, 0.8]))
        for _ in range(8):
            try:
                found.append((row, policy.score(row)))
            except InputError as error:
                for problem in error.problems:
                    name = problem.path.split("/")[1]
                    row[name] = _value(policy.facts[name], random)
            else:
                break
    return found


def _row(facts: Mapping[str, Fact], random: Random, missing: float) -> Row:
    row = {name: _value(fact, random) for name, fact in facts.items()}
    return {name: None if random.random() < missing else value for name, value in row.items()}


def _value(fact: Fact, random: Random) -> Any:  # noqa: ANN401 - whatever the fact is
    if fact.type == "choice":
        return random.choice([*fact.values])
    if fact.type == "date":
        return FIRST_DAY + timedelta(random.randint(-1, 6))
    if fact.type not in NUMBERS:
        return random.random() < 0.5
    step = Fraction(1) if fact.step is None else fact.step
    low = -FAR if fact.low is None else int(fact.low / step)
    high = max(low, FAR) if fact.high is None else int(fact.high / step)
    close = random.random() < 0.7
    steps = (
        random.randint(max(low, min(0, high)), min(high, max(low, 8)))
        if close
        else (random.choice([low, high, random.randint(low, high)]))
    )
    return int(steps * step) if fact.type == "count" else steps * step


def framed(facts: Mapping[str, Fact], rows: list[Row]) -> pl.DataFrame:
    """Return rows as a frame; a fact that nobody knows may have no column."""
    columns: dict[str, Any] = {"studio": [f"studio {place}" for place in range(len(rows))]}
    for place, (name, fact) in enumerate(facts.items()):
        values = [row.get(name) for row in rows]
        if place % 2 and all(value is None for value in values):
            continue
        columns[name] = pl.Series(name, map(_plain, values), _dtype(fact), strict=True)
    return pl.DataFrame(columns)


def _dtype(fact: Fact) -> Any:  # noqa: ANN401 - a type of Polars
    match fact.type:
        case "choice":
            return pl.String
        case "date":
            return pl.Date
        case "count":
            return pl.Int64
        case "number" | "mark":
            return pl.Decimal(18, 6)
        case _:
            return pl.Boolean


def _plain(value: object) -> object:
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / value.denominator
    return value


# --- what is expected ---------------------------------------------------------------------------


def expected(policy: Policy, sheet: ScoreSheet) -> dict[str, object]:
    """Return what the frame has to say of a studio, by column; points are fractions."""
    points: dict[str, Points] = {
        **{f"criteria/{item.id}": item.points for item in sheet.criteria},
        **{f"deductions/{item.id}": item.points for item in sheet.deductions},
        **{f"sections/{part.id}": part.points for part in sheet.sections},
        "total": sheet.total,
    }
    rubric = policy.rubric
    found: dict[str, object] = {}
    for name in [
        *(f"criteria/{name}" for name in rubric.criteria),
        *(f"deductions/{name}" for name in rubric.deductions),
        *(f"sections/{name}" for name in rubric.sections),
        "total",
    ]:
        there = points.get(name)  # what is not on the sheet has no points
        ends = (None, None) if there is None or there.range is None else there.range
        found[name] = None if there is None else there.points
        found[f"{name}_low"], found[f"{name}_high"] = ends
    found |= {f"gates/{gate.id}": gate.met for gate in sheet.gates}
    eligible = {True: "eligible", False: "not_eligible", None: "undetermined"}
    return {**found, "eligibility": eligible[sheet.eligible], **_grades(policy, sheet)}


def _grades(policy: Policy, sheet: ScoreSheet) -> dict[str, object]:
    computed = [name for name, grade in policy.rubric.grades.items() if not grade.otherwise]
    if not computed or not policy.rubric.grades[computed[-1]].computed:
        return dict.fromkeys(("grade", "grade_low", "grade_high"))
    rest = next((n for n, grade in policy.rubric.grades.items() if grade.otherwise), None)

    def best(results: Iterator[GradeResult]) -> str | None:
        return next((result.id for result in results), rest)

    return {
        "grade": sheet.grade,
        "grade_low": best(each for each in sheet.grades if each.met),
        "grade_high": best(each for each in sheet.grades if each.met is not False),
    }
