"""What an attempt is judged on, and what may stand against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from studioflow.lifecycle.attempt import Attempt
from studioflow.people import Mark
from studioflow.policy import Policy, Transition
from studioflow.rubric import Inspection, ScoreSheet
from studioflow.rules import Known
from studioflow.studio import Application
from studioflow.text import Text
from studioflow.verdict import Reason

__all__ = ["Matter", "Objection", "marks_in_force"]


@frozen
class Objection:
    """A reason, and what may be done about it.

    Attributes:
        key: the id by which it may be set aside, with its label and the roles that may.
        warns: it is said and does not refuse.
    """

    reason: Reason
    key: str | None = None
    label: Text | None = None
    warns: bool = False
    override: tuple[str, ...] = ()


@frozen(eq=False, kw_only=True)
class Matter:
    """One attempt, with everything that it is judged on.

    Attributes:
        handed_in: the facts that came with it, those of marks and the inspection included.
        facts: every fact known, those on file included, checked.
        marks: those that the facts come from, whenever they were handed in.
        sheet: where the conditions ask for one: the one on file, unless facts came in.
    """

    attempt: Attempt
    transition: Transition
    policy: Policy
    handed_in: Mapping[str, object]
    facts: Known
    marks: tuple[Mark, ...]
    sheet: ScoreSheet | None

    @property
    def new_sheet(self) -> ScoreSheet | None:
        """The sheet, if this attempt makes one."""
        return None if self.sheet is self.attempt.studio.sheet else self.sheet

    @property
    def application(self) -> Application | None:
        """The application on file, or the one that was handed in."""
        return self.attempt.studio.application or self.attempt.application

    @property
    def inspection(self) -> Inspection | None:
        """The latest inspection."""
        if self.attempt.facts.inspection is not None:
            return self.attempt.facts.inspection
        found = (event.inspection for event in reversed(self.attempt.studio.history))
        return next((inspection for inspection in found if inspection is not None), None)

    def roles(self, names: Iterable[str]) -> tuple[Text, ...]:
        """Return the labels of roles."""
        return tuple(self.policy.roles[name].label for name in names)


def marks_in_force(
    policy: Policy, attempt: Attempt, handed_in: Mapping[str, object]
) -> tuple[Mark, ...]:
    """Return the latest mark for each item, unless its fact was handed in plainly since."""
    fact_of = policy.rubric.judged_facts
    marks: dict[str, Mark] = {}
    brought = [(event.facts, event.marks) for event in attempt.studio.history]
    for facts, given in (*brought, (handed_in, attempt.facts.marks)):
        marks = {name: mark for name, mark in marks.items() if fact_of.get(name) not in facts}
        marks |= {mark.criterion: mark for mark in given}
    return tuple(marks.values())
