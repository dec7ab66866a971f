"""That scores are exact, within bounds, the same again, and the same by every way."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.cohort.columns import generate_cohort, score_cohort
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import FactFile, ScoreSheet
from studioflow.rubric.sheet import Points
from studioflow.testing.conformance.checks import hold, since
from studioflow.testing.conformance.reasons import SAY_IT, failures, sheet_reasons, unsaid
from studioflow.testing.conformance.subject import Checks, Subject
from studioflow.testing.strategies import facts

__all__ = ["ScoreChecks"]

_ROWS = 40
_EXAMPLES = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
Studios = Mapping[str, tuple[FactFile, ...]]


class ScoreChecks(Checks):
    """Score sheets of full studios, and of those of which something is not known."""

    @since("2026.1")
    def test_sample_is_full(self, subject: Subject, studios: Studios) -> None:
        """The sample is a studio without a gap: nothing is open on its sheet."""
        hold(
            (
                f"{name}: {', '.join(opened)}"
                for name, policy, handed_in in _each(subject, studios)
                if (opened := policy.score(handed_in).open)
            ),
            "Hand in these facts with `sample`, too: it is a full studio.",
        )

    @since("2026.1")
    def test_scores_are_exact(self, subject: Subject, studios: Studios) -> None:
        """All points are fractions, within their range, and no more than the most there are."""
        hold(
            dict.fromkeys(
                f"{name}: {place}: {wrong}"
                for name, policy, handed_in in _each(subject, studios)
                for place, points in _points(policy.score(handed_in))
                if (wrong := _inexact(points))
            ),
            "Mend the rule kinds behind these points: a rule gives an exact fraction, not above "
            "the `max` of its criterion, once all that it looks at is known.",
        )

    @since("2026.1")
    def test_nothing_fails(self, subject: Subject, studios: Studios) -> None:
        """No rule that Python computes fails, or answers what is no answer."""
        hold(
            dict.fromkeys(
                f"{name}: {failed}"
                for name, policy, handed_in in _each(subject, studios)
                for failed in failures(sheet_reasons(policy.score(handed_in)))
            ),
            "Mend `compute` of these rule kinds: it raised, or gave no points within its bounds "
            "and on its step.",
        )

    @since("2026.1")
    def test_reasons_in_both_languages(self, subject: Subject, studios: Studios) -> None:
        """Every reason on a sheet is a sentence in both languages, with nothing left to fill in."""
        hold(
            dict.fromkeys(
                f"{name}: {bad}"
                for name, policy, handed_in in _each(subject, studios)
                for bad in unsaid(sheet_reasons(policy.score(handed_in)))
            ),
            SAY_IT,
        )

    @since("2026.1")
    def test_scores_are_the_same_again(self, subject: Subject, studios: Studios) -> None:
        """The same facts give the same sheet, in whatever order they come."""
        hold(
            (
                f"{name}: {dict(handed_in.facts)}"
                for name, policy, handed_in in _each(subject, studios)
                if not _same_again(policy, handed_in)
            ),
            "Have the rule kinds hang on nothing but the values that they are handed, and their "
            "own fields: scored again, these facts gave another sheet.",
        )

    @since("2026.1")
    def test_facts_stay_as_they_are(self, subject: Subject, studios: Studios) -> None:
        """Scoring changes nothing of what was handed in."""
        hold(
            (
                f"{name}: {before} became {handed_in}"
                for name, policy, handed_in in _each(subject, studios)
                if (before := _changed_by_scoring(policy, handed_in))
            ),
            "Have the rule kinds change nothing but what they made themselves: scoring changed "
            "what was handed in.",
        )

    @since("2026.1")
    def test_ranges_hold(self, subject: Subject) -> None:
        """Whatever is not known: the points that it comes to lie in the range that was said."""
        for name, policy in subject.policies.items():
            _check_ranges(name, policy)

    @since("2026.1")
    def test_columns_agree(self, subject: Subject) -> None:
        """A cohort as a table has the totals that its studios have one by one."""
        refused = {name: _disagree(policy) for name, policy in subject.policies.items()}
        if self.scores_columns:
            hold(
                (f"{name}: {why}" for name, why in refused.items() if why is not None),
                "Mend the rule kinds of these policies: a table of studios is refused, or has "
                "other totals than they have one by one. A rule in Python hangs on nothing but its "
                "values, in whatever thread. Where it can not be done, say "
                "`scores_columns = False`.",
            )
        else:
            hold(
                (name for name, why in refused.items() if why is None),
                "Take `scores_columns = False` out of the class: these policies score tables.",
            )


def _each(subject: Subject, studios: Studios) -> Iterator[tuple[str, Policy, FactFile]]:
    """Yield each full studio with its policy and the id of that."""
    for name, policy in subject.policies.items():
        for handed_in in studios[name]:
            yield name, policy, handed_in


def _points(sheet: ScoreSheet) -> Iterator[tuple[str, Points]]:
    yield from ((each.id, each.points) for each in sheet.criteria)
    yield from ((f"section {each.id}", each.points) for each in sheet.sections)
    yield from ((f"deduction {each.id}", each.points) for each in sheet.deductions)
    yield "the total", sheet.total


def _inexact(found: Points) -> str | None:
    """Return what is wrong with points; None where nothing is, or they are withheld."""
    points = found.points
    if points is None:
        return None
    if type(points) is not Fraction:
        return f"{points!r} is no fraction"
    if found.max is not None and points > found.max:
        return f"{points}, where {found.max} are the most"
    if found.range != (points, points):
        return f"{points} is known, and has a range"
    return None


def _same_again(policy: Policy, handed_in: FactFile) -> bool:
    """Return whether facts give the same sheet again, turned around, and to the policy rebuilt."""
    first = policy.score(handed_in)
    turned = FactFile(
        facts=dict(reversed([*handed_in.facts.items()])),
        marks=handed_in.marks,
        inspection=handed_in.inspection,
    )
    return first == policy.vary({}).score(turned) and first == policy.score(handed_in)


def _changed_by_scoring(policy: Policy, handed_in: FactFile) -> FactFile | None:
    """Return what was handed in, as it was before, where scoring changed it."""
    before = copy.deepcopy(handed_in)
    policy.score(handed_in)
    return None if before == handed_in else before


def _check_ranges(name: str, policy: Policy) -> None:
    # Inside, since hypothesis holds a test that is inherited for one that several classes share.
    @given(values=facts(policy, known=policy.facts), data=st.data())
    @_EXAMPLES
    def holds(values: dict[str, object], data: st.DataObject) -> None:
        unknown = data.draw(st.sets(st.sampled_from(sorted(values)))) if values else set()
        some = {fact: value for fact, value in values.items() if fact not in unknown}
        hold(
            (f"{name}: {wrong}" for wrong in _beyond(policy, values, some)),
            "Mend the rule kinds behind these points: they lie beyond the range that was said "
            "while something was unknown. A term divides by what is above 0 alone, and a rule in "
            "Python hangs on nothing but its values.",
        )

    holds()


def _beyond(
    policy: Policy, values: Mapping[str, object], some: Mapping[str, object]
) -> Iterator[str]:
    """Yield where points lie beyond what was said of them when only some facts were known."""
    exact = dict(_points(policy.score(values)))
    for place, said in _points(policy.score(some)):
        if not _holds(said, exact[place]):
            low, high = said.range or (None, None)
            yield (
                f"{place}: {low} to {high} was said of {dict(some)}, "
                f"and {exact[place].points} of {dict(values)}"
            )


def _holds(said: Points, exact: Points) -> bool:
    if exact.points is None or said.range is None:
        return True
    low, high = said.range
    above = low is None or low <= exact.points
    return above and (high is None or exact.points <= high)


def _disagree(policy: Policy) -> str | None:
    """Return where a made-up cohort is not what its studios are one by one; None if nowhere."""
    try:
        table = generate_cohort(policy, _ROWS, seed=7)
        scored = score_cohort(policy, table, results=["criteria", "total"]).frame
    except InputError as error:
        return str(error)
    for row, facts_of in zip(scored.to_dicts(), table.to_dicts(), strict=True):
        known = {n: v for n, v in facts_of.items() if n in policy.facts and v is not None}
        total = policy.score(known).total.points
        if _total(row) != total:
            return f"{facts_of['studio']}: {_total(row)} in the table, {total} by itself"
    return None


def _total(row: Mapping[str, Any]) -> Fraction | None:
    """Return the total of a row: one column, or two whole numbers where no decimal is exact."""
    over = row.get("total_denominator", 1)
    total = row.get("total", row.get("total_numerator"))
    return None if total is None else Fraction(total) / over
