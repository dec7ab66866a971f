"""The reference policy as a tax and benefit system of OpenFisca: each result as two variables.

OpenFisca knows nothing of missing values, so that each fact comes as the least and the most that it
can be. Points are floats of 32 bits, which is what it computes in. Its input is in place before
the clock runs: what is timed are the formulas alone.
"""
# One formula for each result, its numbers where they are used.
# ruff: noqa: PLR2004

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from operator import add, and_

import numpy as np
from cohort_numpy import Arrays
from cohort_studios import ACTIONS, CONFIRMED, COUNTS, FLAGS, MARKS, PARTS
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

__all__ = ["simulation"]

Column = np.ndarray
Get = Callable[[str], Column]
Formula = Callable[[Get, Get], Column]
Spans = tuple[tuple[int, int], tuple[int, int]]
YEAR = "2023"
BOUNDS = {"members": 60, "activities": 400, "website_faults": 500, "trainees": 500}
BOUNDS |= dict.fromkeys(PARTS, 500)
BOUNDS |= dict.fromkeys(MARKS, 10)
BOUNDS |= {"funds_mark": 5, "promotion_mark": 5, "station_mark": 5, "feature_mark": 15}
ENDS = ("low", "high")


def _funds(of: Get, end: str) -> Column:
    proper, late = of("funds_proper") & of("in_time"), of("late")
    if end == "low":
        return np.maximum(of("funds_mark"), np.where(proper, 4, late))
    return np.minimum(of("funds_mark"), np.where(proper, 5, 3 * late))


def _website(of: Get, other: Get) -> Column:
    return np.maximum(0, of("website_mark") - other("website_faults") / 2)


def _research(of: Get, end: str) -> Column:
    part = of("trainees_with_research")
    others = (part if end == "low" else np.minimum(part, of("whole"))) > 0
    both = of("lead_research") & others
    return np.where(both, 10, 7 * (of("lead_research") | others))


def _shared(of: Get, other: Get, end: str, names: tuple[str, str], spans: Spans) -> Column:
    part, mark = of(names[0]), of(names[1])
    if end == "high":
        part = np.minimum(part, of("whole"))
    (tenths, best), (less, second) = spans
    reached = np.where(10 * part >= less * other("whole"), second, 0)
    reached = np.where(10 * part >= tenths * other("whole"), best, reached) * (of("whole") > 0)
    return np.maximum(mark, reached) if end == "low" else np.minimum(mark, reached)


def _feature(of: Get, end: str) -> Column:
    mark = of("feature_mark")
    return mark if end == "low" else np.minimum(mark, np.where(of("whole") >= 20, 15, 10))


def _bonus(of: Get) -> Column:
    held = (of("whole") >= 20) * 2 + of("public_benefit") * 2 + of("media_coverage") * 2
    return np.minimum(5, held)


def _formulas(end: str) -> dict[str, Formula]:
    """Return the formulas of one end, of what gets facts at this end and at the other."""
    low = end == "low"
    output = ((8, 8), (5, 5)) if low else ((8, 10), (5, 7))
    promotion = ((2, 4), (1, 1)) if low else ((2, 5), (1, 3))
    items = {
        "whole": lambda of, _: (
            reduce(np.maximum, map(of, PARTS), of("trainees")) if low else of("trainees")
        ),
        "item_511": lambda of, _: of("goal_mark"),
        "item_521": lambda of, _: of("training_mark"),
        "item_522": lambda of, _: np.minimum(20, of("activities")),
        "item_523": lambda of, _: _funds(of, end),
        "item_524": _website,
        "item_531": lambda of, _: _research(of, end),
        "item_532": lambda of, other: _shared(
            of, other, end, ("trainees_with_output", "output_mark"), output
        ),
        "item_533": lambda of, other: _shared(
            of, other, end, ("trainees_promoted", "promotion_mark"), promotion
        ),
        "item_534": lambda of, _: of("station_mark"),
        "item_541": lambda of, _: _feature(of, end),
        "item_542": lambda of, _: _bonus(of),
    }
    inside = [name for name in items if name.startswith("item") and not name.startswith("item_54")]
    return items | {
        "section_54": lambda of, _: np.minimum(15, of("item_541") + of("item_542")),
        "total": lambda of, _: reduce(add, map(of, inside), of("section_54")),
    }


def _gates() -> dict[str, Formula]:
    """Return the formulas of the gates: the least and the most that may hold of them."""
    return {
        "gate_501": lambda of, _: reduce(add, (of(name).astype(np.int8) for name in ACTIONS)) >= 4,
        "gate_502": lambda of, other: (
            (of("members") >= 7) & (other("members") <= 12) & of("team_confirmed")
        ),
        "gate_503": lambda of, _: reduce(and_, map(of, CONFIRMED[1:])),
        "eligible": lambda of, _: of("gate_501") & of("gate_502") & of("gate_503"),
    }


def _variable(name: str, kind: type, entity: object, formula: object = None) -> type[Variable]:
    said = {"value_type": kind, "entity": entity, "definition_period": DateUnit.YEAR}
    said["label"] = name
    return type(name, (Variable,), said | ({"formula": formula} if formula else {}))


def _system() -> TaxBenefitSystem:
    studio = build_entity("studio", "studios", "A studio", is_person=True)
    system = TaxBenefitSystem([studio])
    truths = (*FLAGS, "in_time", "late")
    for end, opposite in zip(ENDS, reversed(ENDS), strict=True):
        for name in (*COUNTS, *MARKS, *truths):
            kind = bool if name in truths else int
            system.add_variable(_variable(f"{name}_{end}", kind, studio))
        formulas = _formulas(end) | _gates()
        for name, formula in formulas.items():
            kind = float if name.startswith(("item", "section", "total")) else bool
            kind = int if name == "whole" else kind
            body = _body(formula, end, opposite)
            system.add_variable(_variable(f"{name}_{end}", kind, studio, body))
    return system


def _body(formula: Formula, end: str, opposite: str) -> object:
    def body(studios: Callable[[str, object], Column], period: object) -> Column:
        def get(name: str, end: str) -> Column:
            return studios(f"{name}_{end}", period)

        return formula(partial(get, end=end), partial(get, end=opposite))

    return body


def simulation(facts: Arrays) -> Callable[[], tuple[Column, Column, Column, Column]]:
    """Return a function that computes total and eligibility, low and high, from nothing cached."""
    system = _system()
    rows = len(facts["trainees"][0])
    made = SimulationBuilder().build_default_simulation(system, rows)
    for end in ENDS:
        for name, column in _inputs(facts, high=end == "high").items():
            made.set_input(f"{name}_{end}", YEAR, column)
    computed = [name for name, known in system.variables.items() if known.formulas]
    asked = ("total_low", "total_high", "eligible_low", "eligible_high")

    def run() -> tuple[Column, Column, Column, Column]:
        for name in computed:
            made.delete_arrays(name)
        low, high, sure, may = (made.calculate(name, YEAR) for name in asked)
        return low, high, sure, may

    return run


def _inputs(facts: Arrays, *, high: bool) -> dict[str, Column]:
    """Return the one end of every fact."""
    words, known = facts["funds_papers"]
    truths = {name: facts[name] for name in FLAGS}
    truths |= {"in_time": (words == 0, known), "late": (words == 1, known)}
    found = {name: np.where(there, held, high) for name, (held, there) in truths.items()}
    for name, most in BOUNDS.items():
        values, there = facts[name]
        found[name] = np.where(there, values, most if high else 0).astype(np.int32)
    return found
