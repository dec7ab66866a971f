"""The committee's decision: what it says of a studio, and what the points say against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from studioflow.lifecycle.matter import Matter, Objection
from studioflow.rubric import ScoreSheet
from studioflow.text import Text, message
from studioflow.verdict import Reason

__all__ = ["about_decision", "against_grade", "undecided"]

NO_DECISION_HERE = message(
    "no_decision_here", zh="此事不作等次决定", en="no grade is decided with this step"
)
NOT_DECIDED = message(
    "not_decided",
    zh="等次由人决定，而尚未决定：须交 decision，取{grades}之一",
    en="the grade is for people to decide, and nobody has: a decision is needed, one of {grades}",
)
DECISION_AGAINST_GRADE = message(
    "decision_against_grade",
    zh="决定为“{decision}”，而按总分应为“{grade}”",
    en="the decision is {decision}, but the points give {grade}",
)
DECISION_ABOVE_POINTS = message(
    "decision_above_points",
    zh="决定为“{decision}”，须{mark}分，而总分为{points}",
    en="the decision is {decision}, which takes {mark} points; the total is {points}",
)

BATCH_OPEN = message(
    "batch_open",
    zh="等次由全批名额定，现在还不能定",
    en="the places of the batch decide the grade, and that is not known yet",
)
BATCH_TIE = message(
    "batch_tie",
    zh="等次由全批名额定，并列须决定：decision 取{grades}之一",
    en="the places of the batch leave it open: a decision is needed, one of {grades}",
)
BATCH_OTHER = message(
    "batch_other",
    zh="决定为“{decision}”，而全批名额给出{grades}",
    en="the decision is {decision}, but the places of the batch give {grades}",
)

_DECISION = ("decision",)


def about_decision(matter: Matter, sheet: ScoreSheet) -> Mapping[str, object]:
    """Return whether the studio has passed, and whether it is outstanding; None: not certain.

    A grade that points and facts decide goes by the sheet; any other is for the committee.
    """
    grades = matter.policy.rubric.grades
    ranked = [name for name, grade in grades.items() if not grade.otherwise]
    if not ranked:
        return {}
    best, lowest = ranked[0], ranked[-1]
    now, before = matter.decision, matter.attempt.studio.decision
    # Passing is decided with the sheet. Selecting the best presupposes it and can't stand in for
    # it, unless nothing at all was decided before.
    with_sheet = now if now != best else before or now
    passing = before if matter.new_sheet is None else with_sheet
    if any(grade.places for grade in grades.values()):
        # The places of the whole batch give the grade, and no sheet alone.
        decided = now or before
        said = None if decided is None else decided in ranked
        return {"passed": said, "outstanding": None if decided is None else decided == best}
    return {
        "passed": _in(sheet.grade, ranked) if grades[lowest].computed else passing in ranked,
        "outstanding": _reached(sheet, best) if grades[best].computed else (now or before) == best,
    }


def undecided(matter: Matter) -> Iterable[Objection]:
    """Object to a first sheet without a decision, where the sheet does not say who has passed.

    No later step can make up for it: passing is decided with the sheet.
    """
    if matter.transition.batch_grade:
        yield from _against_batch(matter)
    if not matter.ground.scores:
        return
    grades, studio = matter.policy.rubric.grades, matter.attempt.studio
    ranked = [grade for grade in grades.values() if not grade.otherwise]
    # A policy without a grade for the others has no word for "not passed".
    left_to_people = 0 < len(ranked) < len(grades) and not ranked[-1].computed
    first = studio.sheet is None and matter.new_sheet is not None
    first = first and studio.state in matter.transition.sources
    if left_to_people and first and matter.attempt.decision is None:
        choices = tuple(
            Text(f"“{grade.label.zh}”（{name}）", name) for name, grade in grades.items()
        )
        clause = matter.transition.clause
        yield Objection(Reason(NOT_DECIDED, {"grades": choices}, clause, about=_DECISION))


def _against_batch(matter: Matter) -> Iterable[Objection]:
    """Object to a grade that is not what the places of the batch give."""
    grades, clause = matter.policy.rubric.grades, matter.transition.clause
    decision = matter.attempt.decision
    possible = [name for name in matter.attempt.batch_grades if name is not None]
    told = {"grades": tuple(grades[name].label for name in possible if name in grades)}
    if not possible:
        yield Objection(Reason(BATCH_OPEN, {}, clause, about=_DECISION))
    elif decision is None and len(possible) > 1:
        yield Objection(Reason(BATCH_TIE, told, clause, about=_DECISION))
    elif decision is not None and decision not in possible:
        said = {**told, "decision": grades[decision].label}
        yield Objection(Reason(BATCH_OTHER, said, clause, about=_DECISION))


def against_grade(matter: Matter, *, scores: bool) -> Iterable[Objection]:
    """Object to a decision that contradicts the points, or that is taken without a sheet.

    Grades are cumulative: whoever is outstanding has passed, too. So a lower grade than the points
    give is no contradiction, and brings a warning.
    """
    decision, sheet, clause = matter.attempt.decision, matter.sheet, matter.transition.clause
    if decision is None:
        return
    # Where a step records the grade that the places give, no other one decides it.
    elsewhere = matter.ground.batch_decides or not scores
    if elsewhere and not matter.transition.batch_grade:
        yield Objection(Reason(NO_DECISION_HERE, {}, clause, about=_DECISION))
    if sheet is None:
        return
    grades = matter.policy.rubric.grades
    decided = grades[decision]
    ranked = [name for name, grade in grades.items() if not grade.otherwise]
    parameters: dict[str, object] = {"decision": decided.label}
    points = sheet.total.points
    if sheet.grade is None:
        if decided.at_least is not None and points is not None and points < decided.at_least:
            parameters |= {"mark": decided.at_least, "points": points}
            yield Objection(Reason(DECISION_ABOVE_POINTS, parameters, clause, about=_DECISION))
        return
    parameters["grade"] = grades[sheet.grade].label
    both_ranked = decision in ranked and sheet.grade in ranked
    above = both_ranked and ranked.index(decision) < ranked.index(sheet.grade)
    if decision == sheet.grade or (above and not decided.computed):
        return
    yield Objection(
        Reason(DECISION_AGAINST_GRADE, parameters, clause, about=_DECISION),
        warns=both_ranked and not above,
    )


def _in(grade: str | None, ranked: list[str]) -> bool | None:
    return None if grade is None else grade in ranked


def _reached(sheet: ScoreSheet, grade: str) -> bool | None:
    if sheet.eligible is False:
        return False  # whatever the points are, which may be withheld
    return next((result.met for result in sheet.grades if result.id == grade), None)
