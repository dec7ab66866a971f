"""`report public-list`, `bulletin`, `awards`, `indicators`, `highlights`: what offices pass on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from studioflow.cli.facts import write_document
from studioflow.cli.output import Output
from studioflow.cli.papers import out_option, paper_path, put, written
from studioflow.cli.parts import command, option
from studioflow.cli.registers import Day, answered, db_option, opened, person_option
from studioflow.text import Text

__all__ = ["awards", "bulletin", "highlights", "indicators", "public_list"]

_CSV = ".csv"


@command(
    Text(
        "公示名单：处于某状态或得到某等级的工作室",
        "A public list of studios in a state, or of a grade",
    ),
    "studioflow report public-list --state commended --from 2024-12-09 --to 2024-12-13"
    " --db demo/register.db -o public-list.docx",
)
@option(
    "--state",
    "states",
    multiple=True,
    metavar="STATE",
    about=Text("状态，可重复", "a state; repeatable"),
)
@option(
    "--grade",
    "grades",
    multiple=True,
    metavar="GRADE",
    about=Text("等级或决定，可重复", "a grade or a decision; repeatable"),
)
@option(
    "--from",
    "start",
    type=Day(),
    metavar="DAY",
    about=Text("公示期第一天", "the first day of the period"),
)
@option(
    "--to",
    "end",
    type=Day(),
    metavar="DAY",
    about=Text("公示期最后一天", "the last day of the period"),
)
@option("--objections", metavar="TEXT", about=Text("异议向谁反映", "to whom objections go"))
@option("--signed", metavar="TEXT", about=Text("发布单位", "who publishes it"))
@option("--points", is_flag=True, about=Text("列出总分", "with the totals"))
@person_option
@db_option
@out_option
def public_list(  # noqa: PLR0913 - each is an option
    output: Output,
    *,
    states: tuple[str, ...],
    grades: tuple[str, ...],
    start: date | None,
    end: date | None,
    objections: str | None,
    signed: str | None,
    points: bool,
    personal: bool,
    db: str | None,
    out: str,
) -> None:
    """Write it."""
    from studioflow.documents.notices import public_list as made

    path = paper_path(out)
    with answered(output), opened(output, db) as programme:
        paper = made(
            programme,
            states=states,
            grades=grades,
            period=None if start is None else (start, end or start),
            objections=objections or "",
            signed=signed or "",
            points=points,
            personal=personal,
            language=output.language,
        )
    put(paper, path, output)


@command(
    Text("一段时期的工作进展通报", "The bulletin of a period, as a document"),
    "studioflow report bulletin --from 2023-09-01 --to 2024-06-30 --db demo/register.db"
    " -o bulletin.pdf",
)
@option(
    "--from",
    "start",
    required=True,
    type=Day(),
    metavar="DAY",
    about=Text("第一天", "the first day"),
)
@option(
    "--to", "end", required=True, type=Day(), metavar="DAY", about=Text("最后一天", "the last day")
)
@db_option
@out_option
def bulletin(output: Output, *, start: date, end: date, db: str | None, out: str) -> None:
    """Write it."""
    from studioflow.documents.notices import bulletin_paper

    path = paper_path(out)
    with answered(output), opened(output, db) as programme:
        paper = bulletin_paper(
            programme.bulletin(start, end), programme.policy, language=output.language
        )
    put(paper, path, output)


@command(
    Text("党员评先评优依据：各人参与活动的记录", "For awards: each one's part in the activities"),
    "studioflow report awards --db demo/register.db -o awards.xlsx",
)
@person_option
@db_option
@out_option
def awards(output: Output, *, personal: bool, db: str | None, out: str) -> None:
    """Write it."""
    from studioflow.documents.notices import award_record

    path = paper_path(out)
    with answered(output), opened(output, db) as programme:
        paper = award_record(programme, personal=personal, language=output.language)
    put(paper, path, output)


@command(
    Text(
        "党建工作目标动态考核指标；-o 结尾为 .csv 时写成表格",
        "Indicators for the assessment of targets; as a table where -o ends in .csv",
    ),
    "studioflow report indicators --db demo/register.db -o indicators.csv",
    "studioflow report indicators --db demo/register.db --json",
)
@db_option
@option("-o", "--out", metavar="FILE", about=Text("写入的新文件", "the new file to write"))
def indicators(output: Output, *, db: str | None, out: str | None) -> None:
    """Write or print them."""
    from studioflow.documents.notices import indicator_export
    from studioflow.documents.notices import indicators as found_in
    from studioflow.documents.notices.indicators import indicators_csv

    as_table = out is None or out.lower().endswith(_CSV)
    path = None if as_table or out is None else paper_path(out)
    with answered(output), opened(output, db) as programme:
        if path is not None:
            paper = indicator_export(programme, language=output.language)
        else:
            found = found_in(programme)
    if path is not None:
        put(paper, path, output)
    elif out is not None:
        write_document(Path(out), indicators_csv(found, output.language))
        written(output, Path(out))
    elif output.as_json:
        told = [each.to_dict(output.language) for each in found]
        output.json({"schema": "studioflow.indicators/1", "indicators": told})
    else:
        output.document(indicators_csv(found, output.language))


@command(
    Text("典型与亮点摘编", "A digest of model cases and highlights"),
    "studioflow report highlights --kind model_case --kind feature --db demo/register.db"
    " -o highlights.docx",
)
@option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="KIND",
    about=Text("哪类记录，可重复", "a kind of record; repeatable"),
)
@person_option
@db_option
@out_option
def highlights(
    output: Output, *, kinds: tuple[str, ...], personal: bool, db: str | None, out: str
) -> None:
    """Write it."""
    from studioflow.documents.notices import highlights as digest

    path = paper_path(out)
    with answered(output), opened(output, db) as programme:
        paper = digest(programme, kinds, personal=personal, language=output.language)
    put(paper, path, output)


public_list.name = "public-list"
