"""The policy: everything a county decides, loaded and checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from attrs import evolve, field, frozen

from studioflow.codec import Collector, wrong
from studioflow.people import Mark
from studioflow.policy.document import Catalogue, Document, fingerprint, varied
from studioflow.policy.procedure import Calendar, Procedure, Quota, Role
from studioflow.policy.readings import Reading
from studioflow.rubric import (
    FactFile,
    Inspection,
    PolicyReference,
    Rubric,
    ScoreSheet,
    SiteCheck,
    marked_facts,
    score,
)
from studioflow.rules import Fact, Names
from studioflow.text import Text, exact, message

__all__ = ["Policy"]

GIVEN_TWICE = message(
    "given_twice",
    zh="只给一次：在 facts 中，或在 marks、inspection 中",
    en="it once: among the facts, or as a mark or an inspected item",
)


@frozen(eq=False, kw_only=True)
class Policy:
    """A policy, immutable; made by `load_policy`.

    Attributes:
        id, version: its own.
        rubric, site_check: how a studio is scored, and what its site must have.
        roles, calendar, quota, procedure: who may do what, and when.
        readings: every open question with the answer in force.
        changes: what was varied, by path.
        tables: the resolved document that it was built from.
    """

    id: str
    version: str
    label: Text
    source: str | None = None
    rubric: Rubric
    site_check: SiteCheck
    roles: Mapping[str, Role]
    calendar: Calendar
    quota: Quota | None
    procedure: Procedure
    readings: Mapping[str, Reading]
    changes: Mapping[str, Any] = field(factory=dict)
    tables: dict[str, Any] = field(repr=False)
    names: Names = field(repr=False)
    document: Document = field(repr=False)
    catalogue: Catalogue = field(repr=False)

    def __repr__(self) -> str:
        return f"<Policy {self.id} {self.version}{' varied' if self.changes else ''}>"

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that it scores, by name."""
        return self.rubric.facts

    @cached_property
    def fingerprint(self) -> str:
        """`sha256:…` of the whole resolved document."""
        return fingerprint(self.tables)

    @cached_property
    def reference(self) -> PolicyReference:
        """What sheets and events name as their policy."""
        changes = tuple(f"{path}={_word(value)}" for path, value in self.changes.items())
        return PolicyReference(self.id, self.version, self.fingerprint, changes)

    @cached_property
    def readings_in_force(self) -> Mapping[str, str]:
        """The answer in force for every reading."""
        return {name: reading.in_force for name, reading in self.readings.items()}

    def vary(self, changes: Mapping[str, object]) -> Policy:
        """Return the policy with a value set at each path, remembering what was changed.

        Raises:
            InputError: for a path that does not exist, or a policy that is no longer right.
        """
        from studioflow.policy.load import build

        return build(
            varied(self.tables, changes),
            document=self.document,
            catalogue=self.catalogue,
            changes={**self.changes, **changes},
        )

    def score(
        self,
        facts: Mapping[str, object] | FactFile,
        *,
        marks: Iterable[Mark] = (),
        inspection: Inspection | None = None,
    ) -> ScoreSheet:
        """Score one studio.

        Args:
            facts: by name, or a fact file with its marks and inspection; what is missing, or None,
                is not known yet.
            marks: judgements in full, in place of plain facts.
            inspection: of the site, in place of plain facts.

        Raises:
            InputError: with every problem of what was handed in.
        """
        handed_in = facts if isinstance(facts, FactFile) else FactFile(facts=facts)
        handed_in = evolve(
            handed_in,
            marks=(*handed_in.marks, *marks),
            inspection=handed_in.inspection if inspection is None else inspection,
        )
        return self.score_values(self.values(handed_in), handed_in.marks)

    def score_values(
        self, values: Mapping[str, object], marks: Iterable[Mark] = ()
    ) -> ScoreSheet:
        """Score facts that `values` made of what was handed in; `marks` are named on the sheet.

        Raises:
            InputError: with every fact that does not fit.
        """
        return score(
            self.rubric, values, marks, policy=self.reference, readings=self.readings_in_force
        )

    def values(self, handed_in: FactFile) -> dict[str, object]:
        """Return plain facts: those given, and those that marks and an inspection stand for.

        Raises:
            InputError: with every mark and item that does not fit, or that is given twice.
        """
        collector = Collector()
        given = {name: value for name, value in handed_in.facts.items() if value is not None}
        found: dict[str, object] = {}
        with collector.under():
            found |= marked_facts(self.rubric, handed_in.marks)
        if handed_in.inspection is not None:
            with collector.under():
                found |= self.site_check.values(handed_in.inspection)
        for name in found.keys() & given.keys():
            with collector.under("facts", name):
                raise wrong(GIVEN_TWICE, given[name])
        collector.finish()
        return given | found


def _word(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else exact(value) if _number(value) else str(value)  # type: ignore[arg-type] # a number


def _number(value: object) -> bool:
    from decimal import Decimal
    from fractions import Fraction

    return isinstance(value, int | Decimal | Fraction)
