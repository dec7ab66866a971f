"""A cohort on Spark says of every row what `Policy.score` says of one studio."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import polars.selectors as cs
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from studioflow import load_policy
from studioflow.cohort.columns import check_cohort, read_cohort, score_cohort, write_cohort
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.rules import Fact
from tests.host import shore
from tests.spark.conftest import Cluster
from tests.vocabulary.making_cohorts import expected, framed

pytestmark = pytest.mark.spark

STUDIOS = 60
MISSING = 0.1
"""The share of facts that are missing, in every second studio."""

Row = dict[str, Any]


def studios(policy: Policy) -> list[tuple[Row, ScoreSheet]]:
    """Return the same studios each time, and their sheets."""
    random = Random(2023)  # noqa: S311 - no secret hangs on it
    rows = [studio(policy, random) for _ in range(STUDIOS)]
    for row, _ in rows[::2]:
        row |= {name: None for name in row if random.random() < MISSING}
    return [(row, policy.score(row)) for row, _ in rows]


def studio(policy: Policy, random: Random) -> tuple[Row, ScoreSheet]:
    """Return a studio that the policy accepts: what it refuses is drawn again."""
    row = {name: value(fact, random) for name, fact in policy.facts.items()}
    while True:
        try:
            return row, policy.score(row)
        except InputError as error:
            for problem in error.problems:
                name = problem.path.split("/")[1]
                row[name] = value(policy.facts[name], random)


def value(fact: Fact, random: Random) -> object:
    """Return a value of a fact."""
    if fact.type == "choice":
        return random.choice([*fact.values])
    if not fact.ordered:
        return random.random() < 0.9
    low = 0 if fact.low is None else int(fact.low)
    return random.randint(low, 30 if fact.high is None else min(int(fact.high), 30))


def said(row: Mapping[str, Any], name: str) -> object:
    """Return what a row says of a result; points as a fraction."""
    if f"{name}_numerator" in row:
        top, bottom = row[f"{name}_numerator"], row[f"{name}_denominator"]
        return None if top is None else Fraction(top, bottom)
    found = row[name]
    return found if found is None or isinstance(found, str | bool) else Fraction(found)


def by_studio(frame: Any) -> dict[str, Row]:  # noqa: ANN401 - Spark's or PyArrow's
    """Return the rows of a frame; Spark keeps no order."""
    table = frame if isinstance(frame, pa.Table) else frame.toArrow()
    return {row["studio"]: row for row in table.to_pylist()}


@pytest.mark.parametrize("name", ["yongjia-2023", "teacher-points"])
def test_spark_says_what_the_sheets_say(session: Any, name: str) -> None:  # noqa: ANN401
    """Points, gates, eligibility and grades are the sheet's, low and high; ranks are Polars's."""
    policy = load_policy(name)
    rows = studios(policy)
    table = framed(policy.facts, [row for row, _ in rows]).to_arrow()
    scored = score_cohort(policy, session.createDataFrame(table))
    out = by_studio(scored.frame)

    assert (STUDIOS, ()) == (scored.rows, scored.slow)
    assert STUDIOS == len(out)
    assert any(sheet.total.points is None for _, sheet in rows)
    for place, (_, sheet) in enumerate(rows):
        wanted = expected(policy, sheet)
        assert wanted == {each: said(out[f"studio {place}"], each) for each in wanted}

    assert by_studio(score_cohort(policy, table).frame) == out


def test_what_python_computes_it_computes_on_the_workers(session: Any) -> None:  # noqa: ANN401
    """A kind that a plugin brings in Python is scored on Spark too, and named as slow."""
    policy = shore.built(shore.BOTH)
    rows = studios(policy)
    table = framed(policy.facts, [row for row, _ in rows]).to_arrow()
    scored = score_cohort(policy, session.createDataFrame(table))
    out = by_studio(scored.frame)

    assert "criteria/b" in scored.slow
    for place, (_, sheet) in enumerate(rows):
        wanted = expected(policy, sheet)
        assert wanted == {each: said(out[f"studio {place}"], each) for each in wanted}


def test_what_is_wrong_is_told_of_by_key(session: Any) -> None:  # noqa: ANN401
    """All problems come at once, each at the first key that has it, since rows have no numbers."""
    rows = pa.table({"studio": ["A", "B", "C"], "activities": [3, -1, -2], "members": [61, 4, 5]})

    with pytest.raises(InputError) as error:
        score_cohort(load_policy("yongjia-2023"), session.createDataFrame(rows))

    assert {"activities/B", "members/A"} == {problem.path for problem in error.value.problems}


@pytest.mark.usefixtures("session")
def test_from_file_to_file(tmp_path: Path) -> None:
    """A cohort is read, scored and written by Spark; the results are the same as in memory."""
    policy = load_policy("yongjia-2023")
    cohort = framed(policy.facts, [row for row, _ in studios(policy)])
    given, written = tmp_path / "given.csv", tmp_path / "scored.csv"
    cohort.write_csv(given)
    scored = score_cohort(policy, read_cohort(given, engine="pyspark"), results=["total"])
    write_cohort(scored, written)

    wanted = score_cohort(policy, cohort, results=["total"]).frame
    found = pl.read_csv(written, schema=wanted.schema)
    assert_frame_equal(wanted.sort("studio"), found.sort("studio"))


def test_a_cohort_that_was_checked_is_scored_twice(session: Any) -> None:  # noqa: ANN401
    """Two policies score what was checked once, and say what each says on its own."""
    policy = load_policy("yongjia-2023")
    both = (policy, policy.vary({"criteria/5.2.2/norm": 12}))
    table = framed(policy.facts, [row for row, _ in studios(policy)]).to_arrow()
    checked = check_cohort(policy, session.createDataFrame(table))

    twice = [by_studio(score_cohort(each, checked, results=["total"]).frame) for each in both]
    alone = [by_studio(score_cohort(each, table, results=["total"]).frame) for each in both]

    assert alone == twice
    assert twice[0] != twice[1]


def test_the_command_line_runs_on_a_cluster(cluster: Cluster, tmp_path: Path) -> None:
    """With the master in Spark's settings, its workers compute what the command writes."""
    policy = load_policy("yongjia-2023")
    cohort = framed(policy.facts, [row for row, _ in studios(policy)])
    given, written, settings = (
        tmp_path / name for name in ("given.parquet", "scored.parquet", "spark-defaults.conf")
    )
    cohort.write_parquet(given)
    settings.write_text("".join(f"{name} {value}\n" for name, value in cluster.settings.items()))
    before = cluster.programs()
    command: list[str | Path] = [
        "cohort",
        given,
        "--policy",
        policy.id,
        "--engine",
        "pyspark",
        "-o",
        written,
    ]
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "studioflow", *command, "--json"],
        check=False,
        capture_output=True,
        env={**os.environ, "SPARK_CONF_DIR": str(tmp_path)},
    )

    assert 0 == ran.returncode, ran.stderr.decode()
    assert STUDIOS == json.loads(ran.stdout)["studios"]
    assert 1 == len(cluster.programs() - before)
    wanted = score_cohort(policy, cohort).frame.with_columns(cs.enum().cast(pl.String))
    found = pl.read_parquet(f"{written}/*.parquet")
    assert_frame_equal(wanted.sort("studio"), found.sort("studio"))
