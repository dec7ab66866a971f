"""The places of a batch: of whose sheets they are counted, and what was recorded already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from studioflow.cohort import Outcomes, TieDecision, outcomes
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.studio import Event, Studio

__all__ = ["Standings", "standings"]


@frozen(kw_only=True)
class Standings:
    """A batch in one cycle.

    Attributes:
        policy: by which the sheets were made.
        sheets: of each studio that was evaluated in the cycle: the one on which its grade was
            recorded, or the latest, where none was yet.
        recorded: the grade that was recorded after the sheet was made.
        awaited: the studios that are where they are evaluated, and were not in this cycle.
    """

    policy: Policy
    sheets: Mapping[str, ScoreSheet]
    recorded: Mapping[str, str]
    awaited: tuple[str, ...]

    def outcomes(
        self,
        decided: Mapping[str, Sequence[str]] | None,
        decided_last: Mapping[str, Sequence[str]] | None,
    ) -> Outcomes:
        """Count the places; where no decision is given, ties are settled by what was recorded.

        Once as many of those who are tied have the grade as it has places, the others do not get
        it.

        Raises:
            InputError: as `cohort.outcomes` does.
        """
        if decided is not None or decided_last is not None:
            return outcomes(self.policy, self.sheets, decided=decided, decided_last=decided_last)
        settled: tuple[dict[str, list[str]], dict[str, list[str]]] = ({}, {})
        while True:
            found = outcomes(self.policy, self.sheets, decided=settled[0], decided_last=settled[1])
            new = [tie for tie in found.decisions if tie.grade not in settled[tie.last]]
            new = [tie for tie in new if len(self._chosen(tie)) == tie.places]
            if not new:
                return found
            for tie in new:
                settled[tie.last][tie.grade] = self._chosen(tie)

    def grades(self, studio: str) -> tuple[str | None, ...]:
        """Return the grades that the places leave to a studio; none while nothing can be said.

        Nothing can be while somebody else may still be evaluated, or a sheet is not finished.
        """
        if self.awaited or studio not in self.sheets:
            return ()
        try:
            return self.outcomes(None, None).of(studio).possible
        except InputError:
            return ()

    def _chosen(self, tie: TieDecision) -> list[str]:
        return [name for name in tie.studios if self.recorded.get(name) == tie.grade]


def standings(policy: Policy, studios: Iterable[Studio], cycle: int | None = None) -> Standings:
    """Return the batch in a cycle.

    Args:
        policy: by which the sheets were made: after an amendment there may be others.
        studios: of the programme.
        cycle: its number; the latest in which one was evaluated when it is left out.
    """
    every = tuple(studios)
    found = {studio.id: _by_cycle(studio, policy) for studio in every}
    latest = max((number for sheets in found.values() for number in sheets), default=1)
    wanted = latest if cycle is None else cycle
    having = {name: cycles[wanted] for name, cycles in found.items() if wanted in cycles}
    evaluated_from = {
        state
        for step in policy.procedure.transitions.values()
        if step.dest == _EVALUATED
        for state in step.sources
    }
    return Standings(
        policy=policy,
        sheets={name: sheet for name, (sheet, _) in having.items()},
        recorded={name: grade for name, (_, grade) in having.items() if grade is not None},
        awaited=tuple(
            studio.id
            for studio in every
            if studio.id not in having and studio.cycle == wanted and studio.state in evaluated_from
        ),
    )


_EVALUATED = "evaluated"


def _by_cycle(studio: Studio, policy: Policy) -> dict[int, tuple[ScoreSheet, str | None]]:
    """Return the sheet and the recorded grade of each cycle in which a studio was evaluated."""
    found: dict[int, tuple[ScoreSheet, str | None]] = {}
    cycle = 1
    for event in studio.history:
        cycle = event.cycle or cycle
        sheet, grade = found.get(cycle, (None, None))
        if grade is not None:  # what is checked again later changes nobody else's place
            continue
        if event.sheet is not None:
            if event.sheet.policy.fingerprint == policy.fingerprint:
                found[cycle] = event.sheet, None
        elif sheet is not None and _records_grade(event, policy):
            found[cycle] = sheet, event.decision
    return found


def _records_grade(event: Event, policy: Policy) -> bool:
    step = policy.procedure.transitions.get(event.action)
    return event.decision is not None and step is not None and step.batch_grade
