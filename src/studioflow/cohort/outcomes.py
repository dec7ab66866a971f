"""The outcomes of a batch: who gets which grade once the places of all grades are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studioflow.codec import WRONG_TYPE, Collector, wrong
from studioflow.cohort.levels import Batch, batch_of
from studioflow.cohort.possible import Possible, to_decide, unmet
from studioflow.cohort.results import Outcome, Outcomes, TieDecision
from studioflow.cohort.settling import KEYS, Decided, Settled, settle
from studioflow.cohort.ties import Line
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.text import Text, message
from studioflow.verdict import Reason

__all__ = ["outcomes"]

NO_TIE = message(
    "no_tie_to_decide",
    zh="有并列待决定的等级：{known}",
    en="a grade with a tie that is to be decided now: {known}",
)
NOT_RANKED = message(
    "not_ranked",
    zh="必备项未达到，不参加排名：{gates}",
    en="not ranked, since a gate is not met: {gates}",
)
_STUDIOS = Text("工作室编号的列表", "a list of the ids of studios")


def outcomes(
    policy: Policy,
    sheets: Mapping[str, ScoreSheet],
    *,
    decided: Mapping[str, Sequence[str]] | None = None,
    decided_last: Mapping[str, Sequence[str]] | None = None,
) -> Outcomes:
    """Count the places of all grades over the finished sheets of a batch.

    Args:
        policy: whose grades and places.
        sheets: by studio; their order does not matter.
        decided: by grade, who of those tied for its places gets it.
        decided_last: by grade, who of those tied is among the last that get it at best.

    Raises:
        InputError: for every sheet that is not finished or was made by another policy, and for a
            decision where there is no tie, or that does not fit it.
    """
    told: Decided = {"places": decided or {}, "last": decided_last or {}}
    _check_lists(told)
    batch = batch_of(policy, sheets)
    settled = settle(batch, told)
    _check_used(told, settled)
    found = Possible(batch, settled)
    open_ = found.open_lines()
    ranked = [
        Outcome(
            studio=standing.studio,
            place=standing.place,
            points=standing.points,
            tied=standing.tied,
            own_grade=sheets[standing.studio].grade,
            possible=found.grades(standing.studio),
            reasons=found.reasons(standing, open_),
        )
        for standing in batch.standings
    ]
    return Outcomes(
        outcomes=(*ranked, *_not_ranked(batch, sheets)),
        decisions=tuple(_decision(line) for line in open_),
        unmet=tuple(unmet(batch, settled)),
        labels=batch.labels,
    )


def _check_lists(told: Decided) -> None:
    """Check that studios are listed: a lone word would fall apart into its letters."""
    collector = Collector()
    for of, decisions in told.items():
        for grade, studios in decisions.items():
            with collector.under(KEYS[of], grade):
                if isinstance(studios, str):
                    raise wrong(WRONG_TYPE, studios, type=_STUDIOS)
    collector.finish()


def _check_used(told: Decided, settled: Settled) -> None:
    """Check that there was a tie for every decision, whatever else is decided."""
    collector = Collector()
    lines = to_decide(settled)
    for of, decisions in told.items():
        known = [str(line.level.grade) for line in lines if line.of == of]
        for grade in decisions:
            with collector.under(KEYS[of], grade):
                if not all((of, grade) in world.answered for world in settled.worlds):
                    raise wrong(NO_TIE, grade, known=known)
    collector.finish()


def _not_ranked(batch: Batch, sheets: Mapping[str, ScoreSheet]) -> Iterator[Outcome]:
    rest = batch.levels[-1]
    for studio in batch.unranked:
        sheet = sheets[studio]
        yield Outcome(
            studio=studio,
            place=None,
            points=sheet.total.points,
            tied=False,
            own_grade=sheet.grade,
            possible=(rest.grade,),
            reasons=(_barred(sheet),),
        )


def _barred(sheet: ScoreSheet) -> Reason:
    unmet = [gate for gate in sheet.gates if gate.met is False]
    clause = next((reason.clause for gate in unmet for reason in gate.reasons), None)
    labels = tuple(gate.label for gate in unmet)
    return Reason(NOT_RANKED, {"gates": labels}, clause, about=tuple(gate.id for gate in unmet))


def _decision(line: Line) -> TieDecision:
    return TieDecision(
        grade=str(line.level.grade),
        studios=line.studios,
        places=line.places,
        least=line.least,
        last=line.of == "last",
    )
