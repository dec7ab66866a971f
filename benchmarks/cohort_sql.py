"""The reference policy as one query of DuckDB, written for it alone.

The table is DuckDB's own, in memory, with the columns as they come; the result is Arrow. Totals are
in half points; `eligible` is null where it is undetermined.
"""
# The only thing that is put into the text is this file's own.
# ruff: noqa: S608

from __future__ import annotations

from collections.abc import Callable

import duckdb
import polars as pl
import pyarrow as pa
from cohort_studios import ACTIONS, CONFIRMED, PARTS, READ

__all__ = ["queried"]


def _total(end: str, other: str) -> str:
    low = end == "low"
    gone = "false" if low else "true"

    def best(most: int) -> int:
        return 0 if low else most

    def share(part: str, mark: str, spans: tuple[tuple[int, int, int], ...]) -> str:
        count = f"coalesce({part}, {0 if low else 'trainees_high'}) * 10"
        cases = " ".join(
            f"WHEN {count} >= trainees_{other} * {tenths} THEN {least if low else most}"
            for tenths, least, most in spans
        )
        there = f"CASE WHEN trainees_{end} = 0 THEN 0 {cases} ELSE 0 END"
        return f"coalesce({mark}, {there})"

    funds = (
        f"CASE WHEN coalesce(funds_proper AND funds_papers = 'in_time', {gone})"
        f" THEN {4 if low else 5}"
        f" WHEN coalesce(funds_papers = 'late', {gone}) THEN {1 if low else 3} ELSE 0 END"
    )
    lead = f"coalesce(lead_research, {gone})"
    others = f"coalesce(trainees_with_research, {0 if low else 'trainees_high'}) > 0"
    many = f"trainees_{end} >= 20"
    paid = " + ".join(
        f"CASE WHEN {truth} THEN 2 ELSE 0 END"
        for truth in (
            many,
            f"coalesce(public_benefit, {gone})",
            f"coalesce(media_coverage, {gone})",
        )
    )
    feature = 0 if low else f"CASE WHEN {many} THEN 15 ELSE 10 END"
    points = (
        f"coalesce(goal_mark, {best(10)})",
        f"coalesce(training_mark, {best(10)})",
        f"least(coalesce(activities, {best(20)}), 20)",
        f"coalesce(funds_mark, {funds})",
        f"CASE WHEN {lead} AND {others} THEN 10 WHEN {lead} OR {others} THEN 7 ELSE 0 END",
        share("trainees_with_output", "output_mark", ((8, 8, 10), (5, 5, 7))),
        share("trainees_promoted", "promotion_mark", ((2, 4, 5), (1, 1, 3))),
        f"coalesce(station_mark, {best(5)})",
        f"least(15, coalesce(feature_mark, {feature}) + least(5, {paid}))",
    )
    website = (
        f"greatest(0, 2 * coalesce(website_mark, {best(10)})"
        f" - coalesce(website_faults, {500 if low else 0}))"
    )
    return f"2 * ({' + '.join(points)}) + {website}"


def _query() -> str:
    parts = ", ".join(f"coalesce({part}, 0)" for part in PARTS)
    sure, may = (
        " + ".join(f"coalesce({action}, {gone})::TINYINT" for action in ACTIONS)
        for gone in ("false", "true")
    )
    led = f"CASE WHEN {sure} >= 4 THEN true WHEN {may} < 4 THEN false END"
    eligible = f"{led} AND members BETWEEN 7 AND 12 AND {' AND '.join(CONFIRMED)}"
    return f"""
        SELECT {_total("low", "high")} AS low, {_total("high", "low")} AS high,
            {eligible} AS eligible
        FROM (
            SELECT *, coalesce(trainees, greatest({parts})) AS trainees_low,
                coalesce(trainees, 500) AS trainees_high
            FROM studios
        )
    """


def queried(frame: pl.DataFrame, threads: int = 2) -> Callable[[], pa.Table]:
    """Return a function that runs the query over the studios."""
    connection = duckdb.connect(config={"threads": threads})
    connection.execute("SET enable_progress_bar = false")
    connection.register("given", frame.select(READ).to_arrow())
    connection.execute("CREATE TABLE studios AS SELECT * FROM given")
    connection.unregister("given")
    query = _query()
    return lambda: connection.sql(query).to_arrow_table()
