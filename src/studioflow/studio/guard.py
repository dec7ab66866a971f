"""Guards: what a plugin may say against an action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction

from attrs import frozen

from studioflow.people import Actor
from studioflow.verdict import Reason

__all__ = ["Guard", "Question"]


@frozen(kw_only=True)
class Question:
    """What a guard is asked: may this be done? Everything in it is frozen.

    Attributes:
        action: the transition that is attempted, by `actor`, on the day `on`.
        studio: its id; `state`, `unit`, `lead`, `people` (ids) and `level` as declared.
        facts: what is known, read-only.
        history: each action that happened, with its day.
        total: points of the sheet, where one was made and nothing is open.
    """

    action: str
    actor: Actor
    on: date
    studio: str
    state: str
    unit: str | None
    lead: str | None
    people: frozenset[str]
    level: str | None
    facts: Mapping[str, object]
    history: tuple[tuple[str, date], ...]
    total: Fraction | None


@frozen(kw_only=True)
class Guard:
    """A question that a plugin wants to be asked.

    Attributes:
        id: names the guard in reasons and reports.
        check: returns or yields every reason against the action; none lets it pass. Whatever else
            it does counts against the action, under the guard's name.
        actions: the transitions that it is asked about; empty for all.
        origin: the plugin; the host fills it in.
    """

    id: str
    check: Callable[[Question], Iterable[Reason]]
    actions: frozenset[str] = frozenset()
    origin: str | None = None

    def concerns(self, action: str) -> bool:
        """Return whether the guard wants to be asked about the action."""
        return not self.actions or action in self.actions
