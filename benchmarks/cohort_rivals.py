"""Everybody who scores the cohort in the benchmark, and how the answers of each are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl
from cohort_by_hand import plainly, tuned
from cohort_decision import decided
from cohort_kernel import kernel
from cohort_numpy import arrays, scored
from cohort_objects import looped
from cohort_openfisca import simulation
from cohort_sql import queried
from cohort_studios import READ

from studioflow import check_cohort, score_cohort
from studioflow.policy import Policy

__all__ = [
    "BY_HAND",
    "CHECKED",
    "CHECKING",
    "COSTS",
    "EVERYTHING",
    "LIBRARY",
    "OPENFISCA",
    "READING",
    "RIVALS",
    "TUNED",
    "Answers",
    "Rival",
]

LIBRARY, CHECKING = "studioflow on Polars", "studioflow, checking the columns"
CHECKED = "studioflow on Polars, columns checked before"
BY_HAND, IN_MEMORY = "hand-written Polars", "hand-written Polars, in memory"
TUNED, ALIKE = "hand-written Polars, 16 bits", "hand-written Polars, 16 bits, points and words"
OPENFISCA, READING = "OpenFisca-core", "reading the columns"
SAMPLE = 2_000
ZEN = f"zen-engine ({SAMPLE} studios, scaled up)"
ATTRS = f"a loop over attrs objects ({SAMPLE} studios, scaled up)"

GROUPS = ("range", "eligibility", "total", "sections", "criteria", "gates", "grade")
EVERYTHING = "studioflow on Polars, everything, rank and places too"
COSTS: Mapping[str, Sequence[str] | None] = {
    LIBRARY: GROUPS[:2],
    **{f"{LIBRARY}, + {GROUPS[last]}": GROUPS[: last + 1] for last in range(2, len(GROUPS))},
    EVERYTHING: None,
}
"""What the library is asked for, each a little more than the one before."""

Answers = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Low and high total in half points, and 0 not eligible, 1 eligible, 2 undetermined."""

WORDS = {"not_eligible": 0, "eligible": 1, "undetermined": 2}


class Rival(NamedTuple):
    """Somebody who scores the cohort.

    Attributes:
        run: scores it once.
        read: the answers in what it returns; None where there are none to compare.
        rows: how many studios it scores.
    """

    run: Callable[[], Any]
    read: Callable[[Any], Answers] | None
    rows: int


def _library(policy: Policy, frame: pl.DataFrame, groups: Sequence[Any] | None) -> Rival:
    query = score_cohort(policy, frame.lazy(), results=groups).frame
    return Rival(lambda: query.collect(engine="streaming"), _library_says, len(frame))


def _checked(policy: Policy, frame: pl.DataFrame) -> Rival:
    cohort = check_cohort(policy, frame)
    query = score_cohort(policy, cohort, results=GROUPS[:2]).lazy.to_native()
    return Rival(lambda: query.collect(engine="streaming"), _library_says, len(frame))


def _library_says(made: pl.DataFrame) -> Answers:
    low, high = (_whole(made[name] * 2) for name in ("total_low", "total_high"))
    words = made["eligibility"].cast(pl.String).replace_strict(WORDS, return_dtype=pl.Int8)
    return low, high, words.to_numpy()


def _checking(policy: Policy, frame: pl.DataFrame) -> Rival:
    run = partial(check_cohort, policy, frame)
    return Rival(run, None, len(frame))


def _whole(series: pl.Series) -> np.ndarray:
    return series.cast(pl.Int64).to_numpy()


def _frame_says(made: pl.DataFrame) -> Answers:
    eligible = made["eligible"].cast(pl.Int8).fill_null(2).to_numpy()
    return _whole(made["low"]), _whole(made["high"]), eligible


Query = Callable[[pl.LazyFrame], pl.LazyFrame]
Engine = Literal["streaming", "in-memory"]


def _by_hand(frame: pl.DataFrame, query: Query, engine: Engine) -> Rival:
    return Rival(lambda: query(frame.lazy()).collect(engine=engine), _frame_says, len(frame))


def _alike(frame: pl.DataFrame) -> Rival:
    def query(given: pl.LazyFrame) -> pl.LazyFrame:
        """Return what the library returns: points as floats, and words."""
        words = pl.Enum(list(WORDS))
        no, yes, maybe = (pl.lit(word, words) for word in WORDS)
        eligible = pl.col("eligible")
        points = {f"total_{end}": pl.col(end).cast(pl.Float64) * 0.5 for end in ("low", "high")}
        said = pl.when(eligible).then(yes).when(eligible.is_null()).then(maybe).otherwise(no)
        return tuned(given).select(**points, eligibility=said)

    run = partial(lambda: query(frame.lazy()).collect(engine="streaming"))
    return Rival(run, _library_says, len(frame))


def _openfisca(frame: pl.DataFrame) -> Rival:
    def read(made: tuple[np.ndarray, ...]) -> Answers:
        low, high, sure, may = made
        return low * 2, high * 2, np.where(sure, 1, np.where(may, 2, 0))

    return Rival(simulation(arrays(frame)), read, len(frame))


def _numpy(frame: pl.DataFrame) -> Rival:
    given = arrays(frame)
    return Rival(lambda: scored(given), lambda made: made, len(frame))


def _duckdb(frame: pl.DataFrame) -> Rival:
    def read(table: Any) -> Answers:  # noqa: ANN401 - a table of Arrow
        made = pl.from_arrow(table)
        if not isinstance(made, pl.DataFrame):
            raise TypeError(made)
        return _frame_says(made)

    return Rival(queried(frame), read, len(frame))


def _decided(frame: pl.DataFrame) -> Rival:
    def read(made: list[tuple[float, float, int]]) -> Answers:
        low, high, eligible = (np.array(column) for column in zip(*made, strict=True))
        return low * 2, high * 2, eligible

    sample = frame.head(SAMPLE).select(READ)
    return Rival(decided(sample.to_dicts()), read, len(sample))


def _looped(frame: pl.DataFrame) -> Rival:
    def read(made: list[tuple[int, int, int]]) -> Answers:
        low, high, eligible = (np.array(column) for column in zip(*made, strict=True))
        return low, high, eligible

    sample = frame.head(SAMPLE).select(READ)
    return Rival(looped(sample.to_dicts()), read, len(sample))


def _reading(frame: pl.DataFrame) -> Rival:
    words = pl.col("funds_papers").str.len_bytes().sum()
    query = frame.lazy().select(pl.col(READ).exclude("funds_papers").sum(), words)
    return Rival(lambda: query.collect(engine="streaming"), None, len(frame))


RIVALS: dict[str, Callable[[Policy, pl.DataFrame], Rival]] = {
    **{name: partial(_library, groups=groups) for name, groups in COSTS.items()},
    CHECKED: _checked,
    CHECKING: _checking,
    BY_HAND: lambda _, frame: _by_hand(frame, plainly, "streaming"),
    IN_MEMORY: lambda _, frame: _by_hand(frame, plainly, "in-memory"),
    TUNED: lambda _, frame: _by_hand(frame, tuned, "streaming"),
    ALIKE: lambda _, frame: _alike(frame),
    "NumPy by hand": lambda _, frame: _numpy(frame),
    "a numba kernel, two threads": lambda _, frame: Rival(
        kernel(frame), lambda made: made, len(frame)
    ),
    "DuckDB by hand": lambda _, frame: _duckdb(frame),
    OPENFISCA: lambda _, frame: _openfisca(frame),
    ZEN: lambda _, frame: _decided(frame),
    ATTRS: lambda _, frame: _looped(frame),
    READING: lambda _, frame: _reading(frame),
}
"""By name, what prepares each: the columns are in its own form before the clock runs."""
