"""A cohort under one variation after another: checked once, and where each studio then stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from attrs import frozen

from studioflow.cohort import check_cohort, score_cohort
from studioflow.errors import InputError, Problem
from studioflow.lab.sensing.parameters import Value
from studioflow.policy import Policy
from studioflow.rubric.totals import TOTAL

if TYPE_CHECKING:
    from studioflow.cohort.columns.checking import CheckedCohort

__all__ = ["ELIGIBLE", "Refusal", "Scorer", "Standing", "Standings"]

ELIGIBLE = "eligible"
Ends = tuple[Any, Any]


class Standing(NamedTuple):
    """Where one studio stands.

    Attributes:
        total: the least and the most that are possible; None where they are withheld or endless.
        eligibility: `eligible`, `not_eligible` or `undetermined`.
        grade: what is certain, and the worst and the best that are possible.
    """

    total: Ends
    eligibility: str
    grade: tuple[str | None, str | None, str | None]


Standings = Mapping[str, Standing | None]
"""By studio; None where one can not be scored, such as with a mark that is in no band."""


@frozen
class Refusal:
    """Why there is nothing to count.

    Attributes:
        by: `policy` where the value gives no policy, `cohort` where the facts that it declares are
            not those of the table.
        problems: in full.
    """

    by: Literal["policy", "cohort"]
    problems: tuple[Problem, ...]


class Scorer:
    """Scores one cohort by the variations of one policy.

    Raises:
        InputError: with every problem of the table, under the policy as it is.
        MissingExtraError: where Polars is not installed.
    """

    def __init__(self, policy: Policy, frame: object, key: str) -> None:
        self._policy, self._frame, self._key = policy, frame, key
        self._checked = check_cohort(policy, frame, key=key)
        import polars as pl

        if isinstance(frame, pl.LazyFrame):  # or it would be read again for each variation
            self._frame = frame.collect()
            self._checked = check_cohort(policy, self._frame, key=key)
        self.before = self._standings(policy, self._checked)

    def at(self, path: str, value: Value) -> Standings | Refusal:
        """Return where the studios stand with another value, or why they stand nowhere."""
        return self.under({path: value})

    def under(self, changes: Mapping[str, object]) -> Standings | Refusal:
        """Return where the studios stand under a variation, or why they stand nowhere."""
        try:
            varied = self._policy.vary(changes)
        except InputError as error:
            return Refusal("policy", error.problems)
        try:
            alike = dict(varied.facts) == dict(self._policy.facts)
            checked = self._checked if alike else check_cohort(varied, self._frame, key=self._key)
            return self._tolerant(varied, checked)
        except InputError as error:
            return Refusal("cohort", error.problems)

    def _tolerant(self, policy: Policy, checked: CheckedCohort) -> Standings:
        """Return where the studios stand, None where an item refuses their marks."""
        from studioflow.lab.sensing.refusing import without_refused

        try:
            return self._standings(policy, checked)
        except InputError:
            scored = self._standings(policy, without_refused(policy, checked))
            return {studio: scored.get(studio) for studio in self.before}

    def _standings(self, policy: Policy, checked: CheckedCohort) -> dict[str, Standing]:
        scored = score_cohort(policy, checked, results=("total", "eligibility", "grade"))
        frame = scored.lazy.collect(backend="polars")
        columns = {name: frame[name].to_list() for name in frame.columns}
        ends = zip(_exact(columns, f"{TOTAL}_low"), _exact(columns, f"{TOTAL}_high"), strict=True)
        grades = zip(*(columns[f"grade{end}"] for end in ("", "_low", "_high")), strict=True)
        studios = map(str, columns[self._key])
        rows = zip(ends, columns["eligibility"], grades, strict=True)
        return {name: Standing(*row) for name, row in zip(studios, rows, strict=True)}


def _exact(columns: Mapping[str, list[Any]], name: str) -> Iterator[Any]:
    """Yield numbers of whatever types, so that equal ones are equal; null is None."""
    if name in columns:
        for value in columns[name]:
            yield Fraction(value) if isinstance(value, Decimal) else value
        return
    tops, bottoms = columns[f"{name}_numerator"], columns[f"{name}_denominator"]
    for top, bottom in zip(tops, bottoms, strict=True):
        yield None if top is None else Fraction(top, bottom)
