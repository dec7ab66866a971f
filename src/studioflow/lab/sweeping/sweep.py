"""A grid of variations over one cohort."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from studioflow.cohort import check_cohort
from studioflow.errors import InputError, Problem
from studioflow.lab.sensing.scoring import Refusal, Scorer
from studioflow.lab.sweeping.grid import Grid
from studioflow.lab.sweeping.outcome import Outcome, counted
from studioflow.lab.sweeping.variations import Variations
from studioflow.policy import Policy, written_setting

if TYPE_CHECKING:
    import polars as pl

    from studioflow.cohort.columns.checking import CheckedCohort
    from studioflow.lab.sweeping.arrays import Array

__all__ = ["Outcome", "Sweep", "sweep"]

Progress = Callable[[int, int], None]


@frozen
class Sweep:
    """What came of every variation of a grid.

    Attributes:
        policy: that was varied.
        grid: of the variations.
        studios: how many there are.
        base: the policy as it stands.
        outcomes: of the variations, in the order of the grid.
        factored: whether each thing was computed once; if not, each variation was scored whole.
    """

    policy: Policy = field(repr=False)
    grid: Grid
    studios: int
    base: Outcome
    outcomes: tuple[Outcome, ...] = field(repr=False)
    factored: bool

    def table(self) -> pl.DataFrame:
        """Return a row for each variation: the axes by their paths, and what came of it.

        Points are floats here; `outcomes` has them exactly.
        """
        import polars as pl

        rows = [dict(_row(each)) for each in self.outcomes]
        columns = {path: [row[path] for row in rows] for path in rows[0]}
        return pl.DataFrame({n: _column(values) for n, values in columns.items()}, strict=False)


def _row(outcome: Outcome) -> Iterator[tuple[str, Any]]:
    yield from outcome.changes.items()
    yield "unscored", outcome.unscored
    yield "known", outcome.known
    for name in ("mean", "least", "most"):
        value = getattr(outcome, name)
        yield name, None if value is None else float(value)
    for name in ("eligible", "not_eligible", "rising", "falling"):
        yield name, getattr(outcome, name)
    for grade, studios in outcome.grades.items():
        yield f"grade/{grade}", studios


def _column(values: Sequence[Any]) -> list[Any]:
    """Return the values of an axis as one type: what is a table or a list, in writing."""
    if all(isinstance(value, bool | int | float | str | None) for value in values):
        return [*values]
    try:
        return [float(value) for value in values]
    except (TypeError, ValueError):
        return [written_setting("", value)[1:] for value in values]


def sweep(
    policy: Policy,
    grid: Grid | Mapping[str, Sequence[Any]] | Variations,
    frame: object,
    *,
    key: str = "studio",
    progress: Progress | None = None,
) -> Sweep:
    """Score a cohort under every variation of a grid.

    An item hangs on few of the axes: where every fact is known, each different column of an item
    is computed once, and so is each different sum of them.

    >>> import polars as pl
    >>> from studioflow import load_policy
    >>> from studioflow.cohort import generate_cohort
    >>> policy = load_policy("yongjia-2023")
    >>> cohort = generate_cohort(policy, studios=200, seed=7)
    >>> found = sweep(policy, {"criteria/5.2.2/norm": [12, 14, 16]}, cohort)
    >>> found.factored, [each.rising + each.falling > 0 for each in found.outcomes]
    (True, [True, True, False])

    Args:
        policy: to be varied.
        grid: or values by path, or `Variations` that were built before.
        frame: as `score_cohort` takes it; it is read once, unless facts are missing.
        key: the column that says which studio it is.
        progress: told how many variations are done, of how many.

    Raises:
        InputError: with every problem of the table, and of every combination that gives no policy.
            Of axes that meet in no item each is looked at by itself.
        MissingExtraError: without the extra `cohort`.
    """
    if not isinstance(grid, Variations):
        grid = Variations(policy, grid if isinstance(grid, Grid) else Grid(grid))
    if grid.axes is not None:
        found = _factored(grid, grid.axes, frame, key, progress)
        if found is not None:
            return found
    return _one_by_one(policy, grid.grid, frame, key, progress)


def _factored(
    variations: Variations,
    axes: Mapping[str, tuple[str, ...]],
    frame: object,
    key: str,
    progress: Progress | None,
) -> Sweep | None:
    """Return the outcomes, or None where something is none for arrays."""
    policy, grid = variations.policy, variations.grid
    checked = _checked(policy, frame, key)
    from studioflow.lab.sweeping.arrays import UnsuitableError
    from studioflow.lab.sweeping.columns import Facts, given_arrays
    from studioflow.lab.sweeping.counting import Counter
    from studioflow.lab.sweeping.factored import Factory

    given = given_arrays(policy.facts, _known(policy, checked))
    words = {n: [*f.values] for n, f in policy.facts.items() if f.type == "choice"}
    facts = Facts(given, words, checked.rows)
    factory = Factory(policy, facts, axes, variations.of)
    outcomes: list[Outcome] = []
    try:
        base = factory.totals({})
        counter = Counter(base, facts)
        for changes in grid:
            outcomes.append(counter.outcome(changes, factory.totals(changes)))
            if progress is not None:
                progress(len(outcomes), len(grid))
        return Sweep(
            policy, grid, checked.rows, counter.outcome({}, base), tuple(outcomes), factored=True
        )
    except UnsuitableError:
        return None


def _checked(policy: Policy, frame: object, key: str) -> CheckedCohort:
    from studioflow.cohort.columns.checking import CheckedCohort

    found = frame if isinstance(frame, CheckedCohort) else check_cohort(policy, frame, key=key)
    assert isinstance(found, CheckedCohort)  # noqa: S101 - what was checked is
    return found


def _known(policy: Policy, checked: CheckedCohort) -> dict[str, Array]:
    """Return the columns of the facts that are known of every studio."""
    import polars as pl

    held = checked.frame.collect(backend="polars").to_native()
    found: dict[str, Array] = {}
    for name, fact in policy.facts.items():
        if name not in held.columns or checked.missing[name]:
            continue
        column = held[name]
        if fact.type == "choice":
            column = column.cast(pl.Enum([*fact.values])).to_physical()
        found[name] = column.to_numpy()
    return found


def _one_by_one(
    policy: Policy, grid: Grid, frame: object, key: str, progress: Progress | None
) -> Sweep:
    """Return the outcomes where facts are missing: each variation is scored whole."""
    from studioflow.lab.sweeping.factored import gives_grades

    scorer = Scorer(policy, frame, key)
    grades = tuple(policy.rubric.grades) if gives_grades(policy) else ()
    outcomes: list[Outcome] = []
    problems: list[Problem] = []
    for changes in grid:
        found = scorer.under(changes)
        if isinstance(found, Refusal):
            told = ", ".join(written_setting(*each) for each in changes.items())
            problems += (each.in_file(told) for each in found.problems)
        elif not problems:
            outcomes.append(counted(changes, scorer.before, found, grades))
        if progress is not None:
            progress(len(outcomes), len(grid))
    if problems:
        raise InputError(problems)
    base = counted({}, scorer.before, scorer.before, grades)
    return Sweep(policy, grid, len(scorer.before), base, tuple(outcomes), factored=False)
