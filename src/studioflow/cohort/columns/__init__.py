"""A whole cohort as columns: one row a studio, scored by the engine of the frame that comes.

Nothing here is imported before it is called: Polars and the others belong to an extra.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from studioflow.errors import MissingExtraError
from studioflow.policy import Policy

if TYPE_CHECKING:
    import polars as pl

    from studioflow.cohort.columns.checking import CheckedCohort
    from studioflow.cohort.columns.score import ScoredCohort

__all__ = [
    "Engine",
    "ResultGroup",
    "check_cohort",
    "generate_cohort",
    "read_cohort",
    "score_cohort",
    "write_cohort",
]

Engine = Literal["polars", "duckdb", "pyspark"]
ResultGroup = Literal[
    "criteria",
    "deductions",
    "sections",
    "total",
    "range",
    "gates",
    "eligibility",
    "grade",
    "rank",
    "places",
]
_EXTRAS = {"duckdb": "duckdb", "pyspark": "spark"}


def score_cohort(
    policy: Policy,
    frame: object,
    *,
    key: str = "studio",
    keep: Sequence[str] = (),
    results: Sequence[ResultGroup] | ResultGroup | None = None,
) -> ScoredCohort:
    """Score a cohort: a frame with one row a studio and a column for each fact.

    What each row says is what `Policy.score` says of one studio. All rows are checked before any
    is scored. A fact that is null is not known: the points then have a lower and an upper column.

    >>> import polars as pl
    >>> from studioflow import load_policy
    >>> studios = pl.DataFrame({"studio": ["A", "B"], "activities": [18, None]})
    >>> scored = score_cohort(load_policy("yongjia-2023"), studios, results=["criteria"])
    >>> scored.frame.select("studio", "criteria/5.2.2", "criteria/5.2.2_high").rows()
    [('A', 18, 18), ('B', None, 20)]

    Args:
        policy: to score by.
        frame: of Polars, DuckDB, PySpark, pandas or PyArrow; a lazy one stays lazy. Or what
            `check_cohort` returned, which says itself what key and kept columns are.
        key: the column that says which studio it is.
        keep: columns that are handed on as they are. Any other that is no fact is refused.
        results: which groups of columns are wanted, all where nothing is said.

    Raises:
        InputError: with every problem of every column, and the first rows that have it.
        MissingExtraError: where Polars or narwhals is not installed.
    """
    with _extra("polars"):
        from studioflow.cohort.columns.checking import CheckedCohort
        from studioflow.cohort.columns.score import ALL_GROUPS, checked, score
    named = [results] if isinstance(results, str) else results
    groups = ALL_GROUPS if named is None else tuple(named)
    if not isinstance(frame, CheckedCohort):
        frame = checked(policy, frame, key=key, keep=keep)
    return score(policy, frame, groups=groups)


def check_cohort(
    policy: Policy, frame: object, *, key: str = "studio", keep: Sequence[str] = ()
) -> CheckedCohort:
    """Check a cohort once, to score it by several policies that declare the same facts.

    >>> import polars as pl
    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> checked = check_cohort(policy, pl.DataFrame({"studio": ["A", "B"], "activities": [18, 12]}))
    >>> fewer = policy.vary({"criteria/5.2.2/norm": 12})
    >>> [
    ...     score_cohort(each, checked, results=["criteria"]).frame["criteria/5.2.2"].to_list()
    ...     for each in (policy, fewer)
    ... ]
    [[18, 12], [20, 16]]

    Args:
        policy: with the facts.
        frame: see `score_cohort`; one that is lazy is not held in memory, and checked as it is now.
        key: the column that says which studio it is.
        keep: columns that are handed on as they are.

    Raises:
        InputError: with every problem of every column, and the first rows that have it.
        MissingExtraError: where Polars or narwhals is not installed.
    """
    with _extra("polars"):
        from studioflow.cohort.columns.score import checked
    return checked(policy, frame, key=key, keep=keep)


def generate_cohort(
    policy: Policy,
    studios: int,
    *,
    seed: int = 0,
    missing: float = 0.0,
    shape: Mapping[str, object] | None = None,
) -> pl.DataFrame:
    """Make up a cohort that a policy accepts, the same for the same seed.

    Values lie within what the policy declares, on both sides of the numbers that it decides by;
    who is good at one thing is more often good at others. They are no real studio's.

    >>> from studioflow import load_policy
    >>> cohort = generate_cohort(load_policy("yongjia-2023"), 3)
    >>> cohort["studio"].to_list()
    ['studio-0000001', 'studio-0000002', 'studio-0000003']

    Args:
        policy: whose facts.
        studios: how many rows, at least one.
        seed: of what is drawn.
        missing: the share of values that are not known, from 0 to 1.
        shape: what is common, for some facts: the share of true for a flag or a confirmation,
            weights of its words for a choice, the least and the most for a count, a number or a
            date.

    Raises:
        InputError: for arguments outside what is said here.
        MissingExtraError: where Polars or NumPy is not installed.
    """
    with _extra("polars"):
        from studioflow.cohort.columns.generating import generate
    return generate(policy, studios, seed=seed, missing=missing, shape=shape)


def read_cohort(path: str | Path, *, engine: Engine = "polars") -> Any:  # noqa: ANN401 - the engine's
    """Read a cohort from a CSV, Parquet or Arrow file, lazily, for an engine.

    Returns:
        A Polars LazyFrame, a DuckDB relation or a Spark DataFrame. In a CSV file every column is
        text, which the check reads exactly.

    Raises:
        InputError: for a file that can not be read.
        MissingExtraError: where the engine is not installed.
    """
    with _extra(engine):
        from studioflow.cohort.columns.reading import read
    return read(Path(path), engine)


def write_cohort(scored: ScoredCohort, path: str | Path) -> None:
    """Write a scored cohort to a CSV, Parquet or Arrow file, as it is computed.

    The file is there once it is complete. In CSV, text that a spreadsheet would take for a formula
    begins with an apostrophe.

    Raises:
        InputError: where it can not be written.
    """
    from studioflow.cohort.columns.writing import write

    write(scored.lazy, Path(path))


@contextmanager
def _extra(engine: str) -> Iterator[None]:
    """Say which extra to install where a package of it is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("studioflow"):
            raise
        raise MissingExtraError(_EXTRAS.get(engine, "cohort")) from error
