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
from studioflow.testing.conformance.checks import since
from studioflow.testing.conformance.subject import Checks, Subject
from studioflow.testing.strategies import facts
from studioflow.text import LANGUAGES
from studioflow.verdict import Reason

__all__ = ["ScoreChecks"]

_ROWS = 40
_FAILED = frozenset({"rule_kind_failed", "measure_failed"})
_EXAMPLES = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
Studios = Mapping[str, tuple[FactFile, ...]]


class ScoreChecks(Checks):
    """Score sheets of full studios, and of those of which something is not known."""

    @since("2026.1")
    def test_sample_is_full(self, subject: Subject, studios: Studios) -> None:
        """The sample is a studio without a gap: nothing is open on its sheet."""
        for name, policy in subject.policies.items():
            for handed_in in studios[name]:
                assert () == policy.score(handed_in).open, f"{name}: not known yet"

    @since("2026.1")
    def test_scores_are_exact(self, subject: Subject, studios: Studios) -> None:
        """All points are fractions, within their range, and no more than the most there are."""
        for name, policy in subject.policies.items():
            for handed_in in studios[name]:
                for place, points in _points(policy.score(handed_in)):
                    _check_exact(f"{name}: {place}", points)

    @since("2026.1")
    def test_nothing_fails(self, subject: Subject, studios: Studios) -> None:
        """No rule that Python computes fails, or answers what is no answer."""
        failed = [
            f"{name}: {reason.text('en')}"
            for name, policy in subject.policies.items()
            for handed_in in studios[name]
            for reason in _reasons(policy.score(handed_in))
            if reason.code in _FAILED
        ]
        assert [] == failed

    @since("2026.1")
    def test_reasons_in_both_languages(self, subject: Subject, studios: Studios) -> None:
        """Every reason on a sheet is a sentence in both languages, with nothing left to fill in."""
        bad = [
            f"{name}: {reason.code} in {language}"
            for name, policy in subject.policies.items()
            for handed_in in studios[name]
            for reason in _reasons(policy.score(handed_in))
            for language in LANGUAGES
            if not (said := reason.text(language)).strip() or "{" in said
        ]
        assert [] == bad

    @since("2026.1")
    def test_scores_are_the_same_again(self, subject: Subject, studios: Studios) -> None:
        """The same facts give the same sheet, in whatever order they come."""
        for name, policy in subject.policies.items():
            for handed_in in studios[name]:
                first = policy.score(handed_in)
                turned = dict(reversed([*handed_in.facts.items()]))
                again = FactFile(
                    facts=turned, marks=handed_in.marks, inspection=handed_in.inspection
                )
                assert first == policy.vary({}).score(again)
                assert first == policy.score(handed_in)

    @since("2026.1")
    def test_facts_stay_as_they_are(self, subject: Subject, studios: Studios) -> None:
        """Scoring changes nothing of what was handed in."""
        for name, policy in subject.policies.items():
            for handed_in in studios[name]:
                before = copy.deepcopy(handed_in)
                policy.score(handed_in)
                assert before == handed_in

    @since("2026.1")
    def test_ranges_hold(self, subject: Subject) -> None:
        """Whatever is not known: the points that it comes to lie in the range that was said."""
        for policy in subject.policies.values():
            _check_ranges(policy)

    @since("2026.1")
    def test_columns_agree(self, subject: Subject) -> None:
        """A cohort as a table has the totals that its studios have one by one."""
        refused = {name: _disagree(policy) for name, policy in subject.policies.items()}
        if self.scores_columns:
            assert dict.fromkeys(refused) == refused
        else:
            assert None not in refused.values(), "`scores_columns` is False, and columns do agree"


def _points(sheet: ScoreSheet) -> Iterator[tuple[str, Points]]:
    yield "the total", sheet.total
    yield from ((each.id, each.points) for each in sheet.criteria)
    yield from ((f"section {each.id}", each.points) for each in sheet.sections)
    yield from ((f"deduction {each.id}", each.points) for each in sheet.deductions)


def _reasons(sheet: ScoreSheet) -> Iterator[Reason]:
    for criterion in sheet.criteria:
        yield from criterion.reasons
    for deduction in sheet.deductions:
        yield from deduction.reasons
    for gate in sheet.gates:
        yield from gate.reasons
    for grade in sheet.grades:
        yield from grade.reasons


def _check_exact(place: str, found: Points) -> None:
    points = found.points
    if points is None:  # withheld
        return
    assert type(points) is Fraction, f"{place} is no fraction"
    assert found.max is None or points <= found.max, f"{place} has more than its most"
    assert found.range == (points, points), f"{place} is known, and has a range"


def _check_ranges(policy: Policy) -> None:
    # Inside, since hypothesis holds a test that is inherited for one that several classes share.
    @given(values=facts(policy, known=policy.facts), data=st.data())
    @_EXAMPLES
    def holds(values: dict[str, object], data: st.DataObject) -> None:
        unknown = data.draw(st.sets(st.sampled_from(sorted(values)))) if values else set()
        exact = dict(_points(policy.score(values)))
        some = policy.score({n: value for n, value in values.items() if n not in unknown})
        for place, points in _points(some):
            assert _holds(points, exact[place]), (
                f"{place} is {exact[place]}, and was to be {points}"
            )

    holds()


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
