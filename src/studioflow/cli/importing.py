"""`import-table`: records and facts from the tables that offices keep."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from studioflow.cli.facts import write_document
from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import POLICY, argument, changes_option, command, option
from studioflow.cli.problems import FILE_EXISTS, NOT_WRITABLE
from studioflow.codec import to_json, wrong
from studioflow.policy import Policy
from studioflow.text import Text, message

if TYPE_CHECKING:
    from studioflow.documents.tables import FactTable, RecordTable

__all__ = ["import_table"]

KIND_OR_FACTS = message(
    "kind_or_facts",
    zh="--kind 与 --facts 中恰好一项",
    en="exactly one of --kind and --facts",
)
IMPORT_SUFFIX = message(
    "import_suffix", zh="以 {suffix} 结尾的文件名", en="the name of a file that ends in {suffix}"
)
RECORDS_ALONE = message(
    "with_kind_alone", zh="与 --kind 同用的 {option}", en="{option} together with --kind"
)

_READ = Text("{file}：读入 {rows} 行", "{file}: {rows} rows read")
_WRITTEN = Text("写入 {out}", "written to {out}")
_LEFT_OUT = Text("未读入的行（合计、说明）：{places}", "rows left out, totals and notes: {places}")
_EMPTY = Text("空表：{out}", "an empty table: {out}")


@command(
    Text(
        "读入单位的表格（.xlsx 或 .csv）：每行一条记录，或每行一个工作室的事实",
        "Read a table of an office (.xlsx or .csv): a record in each row, or the facts of a studio",
    ),
    "studioflow import-table examples/trainees.csv --policy yongjia-2023 --kind trainee"
    " --people examples/people.csv",
    "studioflow import-table facts.xlsx --policy yongjia-2023 --facts -o cohort.csv",
    "studioflow import-table trainees.xlsx --policy yongjia-2023 --kind trainee --template",
)
@argument(
    "file",
    about=Text(
        "表格；表头写字段的名称（中文或英文）。与 --template 同用时，是要写入的新文件",
        "the table; its head has the labels of the fields, in Chinese or English. "
        "With --template, the new file to write",
    ),
)
@option("--policy", required=True, metavar="POLICY", about=POLICY)
@option(
    "--kind", metavar="KIND", about=Text("每行是哪类记录", "of which kind each row is a record")
)
@option(
    "--facts",
    is_flag=True,
    about=Text("每行是一个工作室的事实", "each row has the facts of a studio"),
)
@option(
    "--sheet",
    metavar="SHEET",
    about=Text("有几张表时，读哪张工作表", "which sheet to read, where several have a table"),
)
@option(
    "--people",
    metavar="FILE",
    about=Text(
        "人员名单（.xlsx 或 .csv，有姓名和编号两列），用于只写姓名的人员",
        "a list of people (.xlsx or .csv with the columns name and id), for people who are there "
        "by name alone",
    ),
)
@option(
    "--skip",
    multiple=True,
    metavar="COLUMN",
    about=Text("略过表头为此的列，可重复", "the head of a column to leave out, repeatable"),
)
@option(
    "--studio",
    metavar="ID",
    about=Text("记录属于哪个工作室", "the id of the studio whose records these are"),
)
@option(
    "--template",
    is_flag=True,
    about=Text("把空表写入新文件 FILE（.xlsx）", "write an empty table to FILE, a new .xlsx file"),
)
@option(
    "-o",
    "--out",
    metavar="FILE",
    about=Text(
        "写入新文件 FILE：记录为 .json，事实为 .csv；不给则写到标准输出",
        "write to FILE, a new one: records to .json, facts to .csv; to stdout when left out",
    ),
)
@changes_option
def import_table(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    file: str,
    policy: str,
    kind: str | None,
    facts: bool,  # noqa: FBT001 - click hands flags over by position's name
    sheet: str | None,
    people: str | None,
    skip: tuple[str, ...],
    studio: str | None,
    template: bool,  # noqa: FBT001
    out: str | None,
    settings: tuple[str, ...],
) -> None:
    """Read a table, and write what it says as studioflow takes it."""
    from studioflow.documents.tables import read_facts, read_people, read_records

    if (kind is None) != facts:
        raise wrong(KIND_OR_FACTS, "--kind --facts" if facts else "-")
    for name, given in (("--people", people), ("--studio", studio)):
        if facts and given is not None:
            raise wrong(RECORDS_ALONE, given, option=name)
    by = loaded(discovered(output), policy, settings)
    path = Path(file)
    if template:
        _write_template(path, by, kind, output)
        return
    suffix = ".csv" if facts else ".json"
    if out is not None and Path(out).suffix.lower() != suffix:
        raise wrong(IMPORT_SUFFIX, out, suffix=suffix)
    if kind is None:
        table = read_facts(path, by, sheet=sheet, skip=skip)
        _tell_facts(table, path, out, output)
        return
    ids = read_people(Path(people)) if people is not None else {}
    records = read_records(path, by, kind, people=ids, studio=studio, sheet=sheet, skip=skip)
    _tell_records(records, by, path, out, output)


def _tell_facts(table: FactTable, path: Path, out: str | None, output: Output) -> None:
    if out is not None:
        write_document(Path(out), table.to_csv())
    if output.as_json:
        said = {"schema": "studioflow.fact-table/1", "studios": table.facts, "out": out}
        output.document(to_json(said) + "\n")
    elif out is None:
        output.document(table.to_csv())
    _note(output, path, len(table.facts), table.left_out, out)


def _tell_records(
    table: RecordTable, policy: Policy, path: Path, out: str | None, output: Output
) -> None:
    document = table.case_file.to_json(policy)
    if out is not None:
        write_document(Path(out), document)
    if out is None or output.as_json:
        output.document(document)
    rows = sum(map(len, table.case_file.records.values()))
    _note(output, path, rows, table.left_out, out)


def _note(output: Output, path: Path, rows: int, left_out: Sequence[str], out: str | None) -> None:
    """Say what was done on stderr: what was left out is never left unsaid."""
    said = _READ.get(output.language).replace("{rows}", str(rows)).replace("{file}", path.name)
    output.note(said)
    if left_out:
        output.note(output.say(_LEFT_OUT).replace("{places}", ", ".join(left_out)))
    if out is not None:
        output.note(output.say(_WRITTEN).replace("{out}", out))


def _write_template(path: Path, policy: Policy, kind: str | None, output: Output) -> None:
    from studioflow.documents.tables import table_template

    if path.suffix.lower() != ".xlsx":
        raise wrong(IMPORT_SUFFIX, path.name, suffix=".xlsx")
    made = table_template(policy, kind, output.language)
    try:
        with path.open("xb") as file:
            file.write(made)
    except FileExistsError as error:
        raise wrong(FILE_EXISTS, str(path)) from error
    except OSError as error:
        raise wrong(NOT_WRITABLE, f"{path}: {error.strerror}") from error
    if output.as_json:
        output.json({"schema": "studioflow.table-template/1", "out": str(path)})
    else:
        output.note(output.say(_EMPTY).replace("{out}", str(path)))
