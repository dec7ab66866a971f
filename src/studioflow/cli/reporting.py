"""`report`: a batch and a comparison as documents to read and to print."""

from __future__ import annotations

from datetime import date

import click

from studioflow.cli.noticing import awards, bulletin, highlights, indicators, public_list
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.papers import out_option, paper_path, put
from studioflow.cli.parts import (
    Group,
    changes_option,
    cohort_option,
    command,
    key_option,
    option,
    policy_argument,
)
from studioflow.cli.progress import Bar
from studioflow.cli.registers import Day, answered, db_option, opened, person_option
from studioflow.cli.variations import compared
from studioflow.text import Text

__all__ = ["report"]

_STUDIOS = Text("工作室", "studios")


@click.group(
    cls=Group,
    about=Text(
        "可读、可印的文件：批次报告、政策比较、公示名单、通报",
        "Documents to read and print: a batch, a comparison, a public list, a bulletin",
    ),
)
def report() -> None:
    """Take what stands before the command."""


@command(
    Text(
        "登记册全部工作室的报告：进展、排名、得分分布、每张评分表与理由",
        "The report of a register: progress, ranking, distributions, every sheet with its reasons",
    ),
    "studioflow report batch --db demo/register.db -o report.html",
    "studioflow report batch --db demo/register.db -o report.pdf --lang zh",
)
@option("--on", type=Day(), metavar="DAY", about=Text("以哪一天为准（默认今天）", "as of a day"))
@person_option
@db_option
@out_option
def batch(output: Output, *, on: date | None, personal: bool, db: str | None, out: str) -> None:
    """Write it."""
    from studioflow.documents.report import batch_report

    path = paper_path(out)
    with answered(output), opened(output, db) as programme, foreign_code(), Bar(output) as bar:
        bar.stage(output.say(_STUDIOS), 2 * len(programme.register.studios()))
        paper = batch_report(
            programme,
            language=output.language,
            on=on,
            personal=personal,
            told=lambda done, _: bar.done(done),
        )
    put(paper, path, output)


@command(
    Text(
        "一个政策与另一个（或改动后）的比较：哪些工作室受影响",
        "A policy compared with another, or with its variation: whom it hits",
    ),
    "studioflow report compare yongjia-2023 --set criteria/5.2.2/norm=12"
    " --cohort examples/cohort.csv -o compare.html",
)
@policy_argument()
@policy_argument("other", required=False)
@changes_option
@cohort_option
@key_option
@option(
    "--list",
    "listed",
    type=click.IntRange(0),
    default=200,
    metavar="N",
    about=Text("至多列出几个工作室（默认 200）", "how many studios are listed, 200 when left out"),
)
@out_option
def compare(  # noqa: PLR0913 - each is an option
    output: Output,
    *,
    policy: str,
    other: str | None,
    settings: tuple[str, ...],
    cohort: str,
    key: str,
    listed: int,
    out: str,
) -> None:
    """Write it."""
    from studioflow.documents.report import comparison_report

    path = paper_path(out)
    found = compared(output, (policy, other), settings, cohort, key)
    put(comparison_report(found, language=output.language, listed=listed), path, output)


for _command in (batch, compare, public_list, bulletin, awards, indicators, highlights):
    report.add_command(_command)
