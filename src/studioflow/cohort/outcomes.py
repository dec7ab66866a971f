"""The outcomes of a batch: who gets which grade once the places of all grades are counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from studioflow.codec import WRONG_TYPE, Collector, wrong
from studioflow.cohort.levels import Batch, Standing, batch_of
from studioflow.cohort.results import Outcome, Outcomes, TieDecision
from studioflow.cohort.settling import KEYS, Decided, settle
from studioflow.cohort.ties import Line
from studioflow.cohort.world import World
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
WAITS_FOR = message(
    "waits_for_decision",
    zh="取决于并列者的决定：{grades}",
    en="hangs on what is decided about the tie for {grades}",
)
LEFT_TO_DECISION = message(
    "left_to_decision",
    zh="没有分数线，也没有名额，由决定产生",
    en="left to a decision: there are no points and no places for it",
)
MINIMUM_UNMET = message(
    "minimum_unmet",
    zh="“{grade}”至少{least}个，只有{count}个",
    en="{grade}: at least {least}, and there are {count}",
)
_STUDIOS = Text("工作室编号的列表", "a list of the ids of studios")
LIMIT_EXCEEDED = message(
    "limit_exceeded",
    zh="“{grade}”至多{most}个，却有{count}个：其他等级已无名额",
    en="{grade}: at most {most}, and there are {count}, for whom no other grade has a place",
)


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
    worlds, filled = settle(batch, told)
    lines = _to_decide(worlds)
    _check_used(told, worlds, lines)
    found = _Possible(batch, worlds, filled)
    open_ = tuple(line for line in lines if any(len(found.grades(n)) > 1 for n in line.studios))
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
        unmet=tuple(_unmet(batch, worlds)) if filled == len(batch.levels) else (),
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


def _to_decide(worlds: tuple[World, ...]) -> tuple[Line, ...]:
    """Return the ties that come up whatever is decided, each among people who are settled so far.

    Where a tie runs through those who are left over by another, it can be decided only after it.
    """
    lines: list[Line] = []
    seen: set[str] = set()
    for line in worlds[0].waiting:
        if seen.isdisjoint(line.studios) and all(line in world.waiting for world in worlds):
            lines.append(line)
        seen.update(line.studios)
    return tuple(lines)


def _check_used(told: Decided, worlds: tuple[World, ...], lines: tuple[Line, ...]) -> None:
    """Check that there was a tie for every decision, whatever else is decided."""
    collector = Collector()
    for of, decisions in told.items():
        known = [str(line.level.grade) for line in lines if line.of == of]
        for grade in decisions:
            with collector.under(KEYS[of], grade):
                if not all((of, grade) in world.answered for world in worlds):
                    raise wrong(NO_TIE, grade, known=known)
    collector.finish()


class _Possible:
    """What all ways in which it may come out have in common."""

    def __init__(self, batch: Batch, worlds: tuple[World, ...], filled: int) -> None:
        self._batch = batch
        self._worlds = worlds
        self._filled = filled
        self._found: dict[str, set[tuple[int, str | None]]] = {}
        for world in worlds:
            own = {s.studio: self._in_world(world, s) for s in batch.standings}
            # Who of those who are alike was taken is arbitrary: all of them may have been. The
            # last line comes first: whom it takes for alike may differ in one before it.
            for line in reversed(world.waiting):
                for alike in line.alike():
                    together = set().union(*(own[studio] for studio in alike))
                    own |= dict.fromkeys(alike, together)
            for studio, grades in own.items():
                self._found.setdefault(studio, set()).update(grades)

    def grades(self, studio: str) -> tuple[str | None, ...]:
        """Return the grades that a studio may get, best first."""
        found = sorted(self._found[studio], key=lambda entry: entry[0])
        return tuple(dict.fromkeys(grade for _, grade in found))

    def reasons(self, standing: Standing, lines: tuple[Line, ...]) -> tuple[Reason, ...]:
        """Return the reasons that hold in any case, and what a studio waits for."""
        studio = standing.studio
        first, *others = (world.reasons.get(studio, ()) for world in self._worlds)
        common = [reason for reason in first if all(reason in other for other in others)]
        tied = [line.reason("waits") for line in lines if studio in line.studios]
        if len(self.grades(studio)) > 1:
            grades = tuple(line.level.label for line in lines)
            common += tied or [Reason(WAITS_FOR, {"grades": grades})]
        elif self._left_to_decision(studio):
            common.append(Reason(LEFT_TO_DECISION))
        return tuple(common)

    def _in_world(self, world: World, standing: Standing) -> set[tuple[int, str | None]]:
        number = world.levels.get(standing.studio)
        levels = self._batch.levels
        if number is None:  # not followed so far
            lower = range(max(self._filled, world.best(standing)), len(levels))
            return {(each, levels[each].grade) for each in lower}
        decided = levels[number].given == "decision" and world.own(standing) <= number
        return {(number, None if decided else levels[number].grade)}

    def _left_to_decision(self, studio: str) -> bool:
        return any(
            grade is None and self._batch.levels[number].given == "decision"
            for number, grade in self._found[studio]
        )


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


def _unmet(batch: Batch, worlds: tuple[World, ...]) -> Iterator[Reason]:
    """Yield what this batch can not give, whatever is decided."""
    for level in batch.levels:
        counts = [list(world.levels.values()).count(level.number) + level.taken for world in worlds]
        if max(counts) < level.least:
            yield level.reason(MINIMUM_UNMET, least=level.least, count=max(counts))
        taken_in = all(level.number in world.everybody for world in worlds)
        if level.most is not None and min(counts) > level.most and not taken_in:
            yield level.reason(LIMIT_EXCEEDED, most=level.most, count=min(counts))
