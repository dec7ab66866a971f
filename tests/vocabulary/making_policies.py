"""Whole policies at random, small ones: nested sections, deductions, gates and grades."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy
from tests.vocabulary.making_facts import NOBODY, WORDS, labelled, values_at_random
from tests.vocabulary.making_rules import RuleMaker
from tests.vocabulary.oracle_sheet import Found, work_out

__all__ = ["Drawn", "policies"]

Table = dict[str, Any]
PERCENTS = (100, 50, 30, 120)


@st.composite
def policies(draw: st.DrawFn, *, once: bool = False) -> Drawn:
    """Draw a policy.

    Args:
        draw: given by hypothesis.
        once: no fact is named twice. Nor does a rule itself look at one fact in two ways that go
            against each other: no part of a whole, no mark above a norm, no floor at the band, and
            nothing is rescaled, for which the conditions of what applies are asked again.
    """
    return Drawn(_built(_PolicyMaker(draw, once=once).policy()))


class Drawn:
    """A policy, shown as its tables where a test fails."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.tables = policy.tables

    def __repr__(self) -> str:
        return repr(self.tables)

    def found(self, facts: Mapping[str, Any]) -> Found:
        """Return what the oracle says of complete facts."""
        return work_out(self.tables, facts)

    def completed(
        self, known: Mapping[str, Any], random: Random, end: int | None = None
    ) -> dict[str, Any] | None:
        """Complete facts at random; see `values_at_random`."""

        def unfit(facts: Mapping[str, Any]) -> frozenset[str]:
            # While the kind of studio is not known, a mark has to be allowed for any of them.
            found = self.found(facts)
            return found.unfit | found.elsewhere

        return values_at_random(self.tables, random, known, unfit=unfit, end=end)


def _built(tables: Table) -> Policy:
    """Build a policy whose items keep to their maximum, and whose deductions only take off."""
    for _ in range(3):
        try:
            return build_policy(Document(tables, "drawn"))
        except InputError as error:
            problems = error.problems
        codes = {problem.code for problem in problems}
        # Rules that share much are larger than anybody would write them.
        assume("rule_too_large" not in codes)
        if not codes <= {"max_exceeded", "adds_points"}:
            raise InputError(problems)
        for problem in problems:
            table, name = problem.path.split("/")
            if problem.code == "max_exceeded":
                tables[table][name]["max"] = max(0, ceil(Fraction(problem.got)))
            else:
                tables[table][name] = _kept_up(tables[table][name])
    return build_policy(Document(tables, "drawn"))


def _kept_up(item: Table) -> Table:
    """Return an item whose rule gives 0 at least."""
    described: Table = {key: item[key] for key in ("label", "max") if key in item}
    rule = {key: value for key, value in item.items() if key not in described}
    return {**described, "kind": "sum", "of": [rule], "floor": 0}


class _PolicyMaker(RuleMaker):
    def policy(self) -> Table:
        """Draw the tables."""
        tables: Table = {
            "schema": "studioflow.policy/1",
            "id": "drawn",
            "version": "1",
            "label": labelled("drawn"),
            "roles": {"judge": {"label": labelled("judge")}},
        }
        if not self.once:
            for type_ in ("count", "count", "flag", "choice"):
                self.declared(type_)
            self.own = NOBODY  # what has a name has no judged fact of its own
            conditions: Table = {}
            for name in ("able", "ready")[: self.pick([0, 1, 2])]:
                rule = self.condition()
                rule = rule if isinstance(rule, dict) else {"kind": "all", "of": [rule]}
                conditions[name] = {**rule, "label": labelled(name)}
                self.named = (*self.named, name)
            tables["conditions"] = conditions
        tables["scoring"] = self._scoring()
        tables["sections"] = self._sections(tables["scoring"])
        tables["criteria"] = self._criteria([*tables["sections"]], tables)
        tables["deductions"] = self._deductions()
        grades = ("best", "good", "fair", "poor")[: self.pick([0, 2, 3, 4])]
        tables["gates"] = self._gates(grades)
        tables["grades"] = self._grades(grades, tables)
        tables["facts"] = self.facts
        if self.site:
            tables["site_check"] = {"label": labelled("site"), "items": self.site}
        return {key: value for key, value in tables.items() if value or key == "facts"}

    def _scoring(self) -> Table:
        made: Table = {}
        if self.chance(40):
            made["sheet_by"] = self.fact("choice")
        if self.chance(30) and not self.once:
            made["rescale"] = True
        if self.chance(40):
            made["floor"] = self.pick(["none", 2, -3])
        if self.chance(40):
            made["rounded"] = self.pick([1, self.amount(1, 2), 5])
        if self.chance(20):
            made["on_gate_failure"] = "withhold"
        return made

    def _sections(self, scoring: Table) -> Table:
        names = ("s1", "s2", "s3", "s4")[: self.pick([1, 2, 3, 4])]
        made: Table = {}
        for place, name in enumerate(names):
            section: Table = {"label": labelled(name)}
            if place and self.chance(50):
                section["section"] = self.pick(names[:place])
            elif "sheet_by" in scoring and self.chance(60):
                section["for"] = [*dict.fromkeys(self.some(lambda: self.pick(WORDS), 1, 2))]
            if self.chance(40):
                section["weight"] = self.pick(PERCENTS)
            if self.chance(40):
                section["cap"] = self.pick(["none", self.amount(1, 12)])
            if self.chance(30) and not self.once:
                section["rescale"] = True
            made[name] = section
        # A section may stand before the one that it is part of.
        return dict(reversed(made.items())) if self.chance(30) else made

    def _criteria(self, sections: list[str], tables: Table) -> Table:
        scaled = "rescale" in str(tables["scoring"]) + str(tables["sections"])
        made: Table = {}
        for name in ("k1", "k2", "k3", "k4")[: self.pick([1, 2, 3, 4])]:
            item: Table = {"section": self.pick(sections), "label": labelled(name), "max": 0}
            if self.chance(40):
                self.own = NOBODY
                item["applies"] = self.condition()
                item["not_applicable"] = self.pick(["left_out", "full"])
            self.own = None
            item |= self.scoring()
            if not scaled and item.get("not_applicable") != "full" and self.chance(20):
                item["max"] = "none"
            elif self.chance(20):
                item["max"] = 500
            made[name] = item
        return made

    def _deductions(self) -> Table:
        made: Table = {}
        for name in ("d1", "d2")[: self.pick([0, 0, 1, 2])]:
            self.own = None
            limit = {} if self.chance(50) else {"max": 0}
            made[name] = {"label": labelled(name), **limit, **self.scoring(1)}
        return made

    def _gates(self, grades: tuple[str, ...]) -> Table:
        made: Table = {}
        for name in ("g1", "g2", "g3")[: self.pick([0, 1, 2, 3])]:
            self.own = None
            rule = self.condition()
            rule = rule if isinstance(rule, dict) else {"kind": "any", "of": [rule]}
            made[name] = {**rule, "label": labelled(name)}
            if grades and self.chance(50):
                made[name]["at_best"] = self.pick(grades)
        return made

    def _grades(self, names: tuple[str, ...], tables: Table) -> Table:
        made: Table = {}
        self.own = NOBODY
        self.results = (
            "total",
            *(
                f"{kind}/{name}"
                for kind in ("sections", "criteria", "deductions")
                for name in tables[kind]
            ),
        )
        cut = self.amount(1, 14)
        for name in names:
            grade: Table = {"label": labelled(name)}
            if name == names[-1] and self.chance(70):
                grade["otherwise"] = True
            else:
                if not self.once and self.chance(60):
                    grade["needs"] = self.some(lambda: self.condition(1), 1, 2)
                if self.chance(70):
                    grade["at_least"] = cut
                    cut -= self.pick([0, 1, 3, 6]) if "needs" in grade else self.pick([1, 3, 6])
            made[name] = grade
        return made
