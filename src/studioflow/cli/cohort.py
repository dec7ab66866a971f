"""`cohort`: a whole cohort at once, from a table with a row for each studio."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import (
    POLICY,
    Word,
    argument,
    changes_option,
    command,
    key_option,
    option,
)
from studioflow.cli.progress import Bar
from studioflow.codec import UNKNOWN_NAME
from studioflow.cohort.columns import ResultGroup
from studioflow.errors import InputError, Problem
from studioflow.policy import Policy
from studioflow.text import Text

__all__ = ["cohort"]

_NEEDED: tuple[ResultGroup, ...] = ("total", "eligibility", "grade")
"""The results that the summary is made of; a file gets all that there are."""

_NO_FACT = Text(
    "studioflow facts {policy} 列出全部事实；不评分的列用 --keep 带上",
    "`studioflow facts {policy}` lists every fact; --keep takes along what is not scored",
)
_SCORING = Text("检查和评分", "checking and scoring")
_WRITING = Text("写入 {path}", "writing {path}")
_SUMMING = Text("汇总", "summing up")


@command(
    Text(
        "给整批工作室评分：表格每行一个工作室，每列一项事实",
        "Score a whole cohort: a table with a row for each studio and a column for each fact",
    ),
    "studioflow cohort examples/cohort.csv --policy yongjia-2023",
    "studioflow cohort studios.parquet --policy yongjia-2023 -o scored.parquet",
    "studioflow cohort studios.csv --policy yongjia-2023 --key 编号 --keep 名称 -o scored.csv",
)
@argument(
    "file",
    about=Text(
        "表格（.csv、.parquet 或 .arrow）；列名是事实的名称，见 studioflow facts POLICY",
        "a table (.csv, .parquet or .arrow); its columns are named after the facts, "
        "which `studioflow facts POLICY` lists",
    ),
)
@option("--policy", required=True, metavar="POLICY", about=POLICY)
@option(
    "--engine",
    type=Word("polars", "duckdb", "pyspark"),
    default="polars",
    metavar="polars|duckdb|pyspark",
    about=Text("由什么计算（默认 polars）", "what computes it; polars when left out"),
)
@option(
    "-o",
    "--out",
    metavar="FILE",
    about=Text(
        "把每个工作室的结果写入 FILE（.csv、.parquet 或 .arrow），已有则替换",
        "write the results of each studio to FILE (.csv, .parquet or .arrow), replacing it",
    ),
)
@key_option
@option(
    "--keep",
    multiple=True,
    metavar="COLUMN",
    about=Text("照原样带到结果里的列，可重复", "a column to take along as it is, repeatable"),
)
@changes_option
def cohort(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    file: str,
    policy: str,
    engine: str,
    out: str | None,
    key: str,
    keep: tuple[str, ...],
    settings: tuple[str, ...],
) -> None:
    """Score the studios of a table, sum them up, and write them."""
    from studioflow.cli.views.cohort import Told, cohort_as_json, cohort_view
    from studioflow.cohort.columns import score_cohort
    from studioflow.cohort.columns.reading import read, telling_damage
    from studioflow.cohort.columns.summary import summary
    from studioflow.cohort.columns.writing import check_target, write

    source, target = Path(file), Path(out) if out is not None else None
    scored_by = loaded(discovered(output), policy, settings)
    if target is not None:
        check_target(target, source=source, engine=engine)
    frame = read(source, engine)
    with Bar(output, source) as bar, _told(source, policy), telling_damage(source), foreign_code():
        bar.stage(output.say(_SCORING))
        wanted = _needed(scored_by) if target is None else None
        scored = score_cohort(scored_by, frame, key=key, keep=keep, results=wanted)
        if target is not None:
            bar.stage(output.say(_WRITING).replace("{path}", target.name), scored.rows)
            write(scored.lazy, target, progress=bar.done)
        bar.stage(output.say(_SUMMING))
        told = Told(
            policy=scored_by,
            source=source,
            summary=summary(scored.lazy, scored_by.rubric.grades),
            missing=_missing(scored_by, scored.missing),
            slow=scored.slow,
            placing=scored.placing if _limited(scored_by) else None,
            out=target,
        )
    if output.as_json:
        output.json(cohort_as_json(told, output.language))
    else:
        cohort_view(told, output)


def _needed(policy: Policy) -> tuple[ResultGroup, ...]:
    return (*_NEEDED, "places") if _limited(policy) else _NEEDED


def _limited(policy: Policy) -> bool:
    """Return whether the places of a grade are limited, so that studios have to be ranked."""
    return any(grade.places is not None for grade in policy.rubric.grades.values())


def _missing(policy: Policy, missing: Mapping[str, int]) -> dict[str, int]:
    """Return of how many studios each fact is not known, of those facts that the sheet asks for."""
    asked = policy.score({}).open  # by a studio of which nothing is known
    return {name: missing[name] for name in asked if missing.get(name)}


@contextmanager
def _told(source: Path, policy: str) -> Iterator[None]:
    """Say of every problem which file it is in, and of an unknown column where the facts are.

    Raises:
        InputError: for what is wrong in the block.
    """
    try:
        yield
    except InputError as error:
        raise InputError(
            _with_next_step(problem, policy).in_file(source.name) for problem in error.problems
        ) from None


def _with_next_step(problem: Problem, policy: str) -> Problem:
    column, _, row = problem.path.partition("/")
    if problem.code != UNKNOWN_NAME.code or row or not column:
        return problem
    return evolve(problem, hint=_NO_FACT, parameters={**problem.parameters, "policy": policy})
