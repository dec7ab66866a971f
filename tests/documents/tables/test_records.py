"""Tables with a record in each row, as offices really have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from studioflow.documents.tables import read_people, read_records
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.programme import read_case_file

Book = Callable[..., Path]
File = Callable[[bytes | str], Path]

HEAD = ("姓名", "编号", "加入日期", "联系方式")
FIRST = ("学员甲", "t-01", "2023-03-21", "13800000000")


def told(path: Path, policy: Policy, kind: str = "trainee", **more: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - what the reader takes
    """Where each problem of a table is, and its code."""
    with pytest.raises(InputError) as refused:
        read_records(path, policy, kind, **more)
    assert all(problem.file == path.name for problem in refused.value.problems)
    return [(problem.path, problem.code) for problem in refused.value.problems]


def taken(path: Path, policy: Policy, kind: str = "trainee", **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - what the reader takes
    """The records of a table."""
    table = read_records(path, policy, kind, **more)
    return [dict(record) for record in table.case_file.records[kind]]


def test_a_table_as_an_office_has_it(book: Book, policy: Policy, tmp_path: Path) -> None:
    """Titles, two rows of heads, numbering, stray blanks, blank rows and totals do no harm."""

    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:F1")
        sheet.merge_cells("B3:C3")
        sheet.merge_cells("A3:A4")
        sheet.merge_cells("E5:E6")

    path = book(
        [
            ["某县教育先锋党员工作室学员名单"],
            [None, None, None, None, "2023年度"],
            ["序号", "学 员", None, "加入日期 *", "单位", "联系方式", "备注"],
            [None, "姓名", "编号"],
            [1, " 学员甲", "t-01", datetime(2023, 3, 21), "学校甲", 13800000000.0],  # noqa: DTZ001 - as openpyxl has it
            [2, "学员乙　", "t-02", "２０２３年3月21日", None, "0577-12345678"],
            [],
            [3, "学员丙", "t-03", 20230401, "学校乙", 1.39e10],
            ["合  计", None, None, None, None, 3],
        ],
        merge,
        "学员",
    )
    table = read_records(path, policy, "trainee", studio="s01")
    assert ("学员!A9",) == table.left_out
    assert [
        ("t-01", "学员甲", "2023-03-21", "学校甲", "13800000000"),
        ("t-02", "学员乙", "2023-03-21", "学校甲", "0577-12345678"),
        ("t-03", "学员丙", "2023-04-01", "学校乙", "13900000000"),
    ] == [
        (each["person"]["id"], each["person"]["name"], each["joined"], each["unit"],
         each["contact"])
        for each in table.case_file.records["trainee"]
    ]  # fmt: skip
    out = tmp_path / "out.json"
    out.write_text(table.case_file.to_json(policy), "utf-8")
    assert table.case_file == read_case_file(out, policy)


@pytest.mark.parametrize(
    "head",
    [
        ("姓名", "编号", "加入日期", "联系方式"),
        ("the trainee", "the trainee id", "Trainee from", "how to reach the trainee"),
        ("person", "person/id", "joined", "contact"),
        ("姓名*", "姓名编号", "加入日期（必填）", "联系方式(contact)"),
    ],
)
def test_heads_in_both_languages_and_by_name(
    book: Book, policy: Policy, head: Sequence[str]
) -> None:
    """A head may be the label in Chinese or English, or the name of the field."""
    (record,) = taken(book([head, FIRST]), policy)
    assert {"id": "t-01", "name": "学员甲"} == record["person"]
    assert ("2023-03-21", "13800000000") == (record["joined"], record["contact"])


def test_every_problem_at_once_by_cell(book: Book, policy: Policy) -> None:
    """Heads and cells: all that is wrong comes at once, and nothing is taken."""
    path = book(
        [
            ["姓名", "加入日朝", "加入日期", "退出日期", "单位", "单位"],
            ["学员甲（t-01）", "x", "3/5/2023", "2023-02-30", "a", "b"],
            ["学员乙", None, None, None, None, None],
        ]
    )
    assert [
        ("Sheet1!B1", "unknown_column"),
        ("Sheet1!F1", "column_twice"),
        ("Sheet1!C2", "wrong_type"),
        ("Sheet1!D2", "wrong_type"),
        ("Sheet1!A3", "person_cell"),
        ("Sheet1!C3", "empty_cell"),
    ] == told(path, policy)


def test_the_nearest_column_is_named(book: Book, policy: Policy) -> None:
    """An unknown column is told with the one that is most like it, and can be left out."""
    path = book([("活动日期", "参加人数人数"), ("2023-03-21", "12")])
    with pytest.raises(InputError) as refused:
        read_records(path, policy, "activity")
    (problem,) = refused.value.problems
    assert "参加人数" == problem.nearest
    assert "--skip" in problem.explain("en")
    assert [{"on": "2023-03-21"}] == taken(path, policy, "activity", skip=["参加人数人数"])


def test_columns_that_say_nothing(book: Book, policy: Policy) -> None:
    """Remarks that nobody made are left out; values below no head are not."""
    rows: list[tuple[object, ...]] = [
        ("活动日期", "备注", None),
        ("2023-03-21", None, None),
        ("2023-04-21", None, None),
    ]
    assert 2 == len(taken(book(rows), policy, "activity"))
    rows = [("活动日期", "备注", None), ("2023-03-21", None, "y")]
    assert [("Sheet1!C1", "table_unnamed_column")] == told(book(rows), policy, "activity")


def test_missing_required_column(book: Book, policy: Policy) -> None:
    """A column that no record can do without is asked for once, not in every row."""
    path = book([("序号", "主题"), (1, "a"), (2, "b")])
    assert [("Sheet1!A1", "missing_column")] == told(path, policy, "activity")


def test_a_head_that_means_two_fields(book: Book, policy: Policy) -> None:
    """A label of two fields is refused; with the name of the field it is plain."""
    head = ["工作室名称", "领衔人姓名", "领衔人姓名编号", "联系方式", "填表人", "填表人编号"]
    row = ["s", "甲", "p-1", "1", "乙", "p-2"]
    assert [("Sheet1!D1", "misleading_head")] == told(book([head, row]), policy, "application_form")
    head[3] = "联系方式（lead_contact）"
    (record,) = taken(book([head, row]), policy, "application_form")
    assert "1" == record["lead_contact"]


def test_no_head_at_all(book: Book, policy: Policy) -> None:
    """Where no row says a column, the columns are listed."""
    assert [("", "no_table_head")] == told(book([("a", "b"), ("c", "d")]), policy)
    assert [("", "no_table_head")] == told(book([]), policy)
    assert [("", "no_table_rows")] == told(book([HEAD]), policy)


def test_people_by_a_list(book: Book, csv_file: File, policy: Policy) -> None:
    """A name alone is enough where the list of people has it once."""
    people = read_people(csv_file("单位,姓名,编号\na,学员甲,t-01\nb,学员乙,t-02\nc,学员乙,t-03\n"))
    assert {"学员甲": "t-01"} == people
    path = book([("姓名", "加入日期"), ("学员甲", "2023-03-21")])
    (record,) = taken(path, policy, people=people)
    assert {"id": "t-01", "name": "学员甲"} == record["person"]
    path = book([("姓名", "加入日期"), ("学员乙", "2023-03-21")])
    assert [("Sheet1!A2", "person_cell")] == told(path, policy, people=people)


def test_people_with_an_id_beside_the_name(book: Book, policy: Policy) -> None:
    """The column of ids counts; another id behind the name is refused."""
    rows = [HEAD, ("学员甲", 1001, "2023-03-21", None), (None, "t-02", "2023-03-21", None)]
    assert [{"id": "1001", "name": "学员甲"}, {"id": "t-02"}] == [
        record["person"] for record in taken(book(rows), policy)
    ]
    rows = [HEAD, ("学员甲（t-09）", "t-01", "2023-03-21", None)]
    assert [("Sheet1!A2", "person_named_twice")] == told(book(rows), policy)


def test_records_with_ids_of_their_own(book: Book, policy: Policy) -> None:
    """A record's own id comes along; no two records share one."""
    rows = [("记录编号", "活动日期"), ("r1", "2023-03-21"), ("r2", "2023-03-22")]
    assert ["r1", "r2"] == [record["id"] for record in taken(book(rows), policy, "activity")]
    rows[2] = ("r1", "2023-03-22")
    assert [("Sheet1!A3", "duplicate_key")] == told(book(rows), policy, "activity")
    rows[2] = ("r/1", "2023-03-22")
    assert [("Sheet1!A3", "slash_in_id")] == told(book(rows), policy, "activity")


def test_a_last_day_before_the_first(book: Book, policy: Policy) -> None:
    """What the row says as a whole is told at its cell."""
    rows = [("姓名", "加入日期", "退出日期"), ("甲（t-1）", "2023-03-21", "2023-03-01")]
    assert [("Sheet1!C2", "record_ends_before_start")] == told(book(rows), policy)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("活动日期", datetime(2023, 3, 21, 14, 30), "day_alone"),  # noqa: DTZ001 - as openpyxl has it
        ("活动日期", 45006, "wrong_type"),
        ("主题", date(2023, 3, 1), "date_for_text"),
        ("主题", 123456789012345678, "digits_lost"),
        ("主题", "1.38E+10", "digits_lost"),
        ("参加人数", 12.5, "wrong_type"),
        ("参加人数", -1, "out_of_bounds"),
        ("级别", "区级", "unknown_name"),
    ],
)
def test_what_the_spreadsheet_lost_is_not_made_up(
    book: Book, policy: Policy, field: str, value: object, code: str
) -> None:
    """Days that were texts, digits that are gone, serial numbers: told, never guessed."""
    head = ["活动日期", "主题", "参加人数", "级别"]
    row: list[object] = ["2023-03-21", None, None, None]
    row[head.index(field)] = value
    path = book([head, row])
    assert [(f"Sheet1!{'ABCD'[head.index(field)]}2", code)] == told(path, policy, "activity")


def test_months_that_lost_a_zero(book: Book, policy: Policy) -> None:
    """1998.1 as a number may be October: as a text with its zero it is plain."""
    head = ["工作室名称", "领衔人姓名", "领衔人姓名编号", "入党年月"]
    row: list[object] = ["s", "甲", "p-1", 1998.1]
    assert [("Sheet1!D2", "october_or_january")] == told(
        book([head, row]), policy, "application_form"
    )
    for value, month in (
        (1998.11, "1998-11"),
        ("1998.10", "1998-10"),
        (199807, "1998-07"),
        (date(1998, 7, 1), "1998-07"),
    ):
        row[3] = value
        (record,) = taken(book([head, row]), policy, "application_form")
        assert month == record["joined_party"]
    row[3] = date(1998, 7, 2)
    assert [("Sheet1!D2", "first_of_month")] == told(book([head, row]), policy, "application_form")


def test_percentages(book: Book, policy: Policy) -> None:
    """A cell that is shown as a percentage is one; in a column of people it is refused."""

    def as_percent(sheet: Worksheet) -> None:
        sheet["B2"].number_format = "0.0%"

    path = book([("活动日期", "师生参与率（%）"), ("2023-03-21", 0.855)], as_percent)
    (record,) = taken(path, policy, "activity")
    assert 85.5 == float(record["attendance"])
    path = book([("活动日期", "参加人数"), ("2023-03-21", 0.5)], as_percent)
    assert [("Sheet1!B2", "share_of_what")] == told(path, policy, "activity")


def test_codes_keep_the_zeros_that_are_shown(book: Book, policy: Policy) -> None:
    """A number that is shown as 00017 is that text."""

    def shown(sheet: Worksheet) -> None:
        sheet["B2"].number_format = "00000"

    path = book([HEAD, ("甲", 17, "2023-03-21", None)], shown)
    (record,) = taken(path, policy)
    assert "00017" == record["person"]["id"]


def test_error_cells_and_formulas(book: Book, policy: Policy) -> None:
    """An error is no value; neither is a formula that nobody computed."""
    path = book([("活动日期", "主题", "参加人数"), ("2023-03-21", "#N/A", "=1+1")])
    assert [("Sheet1!B2", "error_cell"), ("Sheet1!C2", "formula_not_computed")] == told(
        path, policy, "activity"
    )


def test_merged_cells(book: Book, policy: Policy) -> None:
    """A day that is merged down holds for each row; a number does not, nor what goes across."""
    rows = [
        ("活动日期", "主题", "参加人数", "活动地点"),
        ("2023-03-21", "a", 30, "x"),
        (None, "b", None, "y"),
    ]

    def dates(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A9")

    records = taken(book(rows, dates), policy, "activity")
    assert [("2023-03-21", "a"), ("2023-03-21", "b")] == [(r["on"], r["theme"]) for r in records]

    def numbers(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("C2:C3")
        sheet.merge_cells("B3:C3")

    assert [("Sheet1!C2", "merged_number"), ("Sheet1!B3", "merged_across")] == told(
        book(rows, numbers), policy, "activity"
    )


def test_what_is_hidden_is_told(book: Book, policy: Policy) -> None:
    """Nobody imports rows and columns without seeing them."""

    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True

    path = book([("活动日期", "主题"), ("2023-03-21", "a"), ("2023-03-22", "b")], hide)
    assert [("Sheet1!B1", "hidden_column"), ("Sheet1!A3", "hidden_row")] == told(
        path, policy, "activity"
    )


def test_several_sheets(policy: Policy, tmp_path: Path) -> None:
    """The one sheet with such a head is read; where two have one, it has to be named."""
    workbook = openpyxl.Workbook()
    notes, first = workbook.worksheets[0], workbook.create_sheet("一班")
    notes.append(["填表说明"])
    first.append(HEAD)
    first.append(FIRST)
    path = tmp_path / "sheets.xlsx"
    workbook.save(path)
    assert 1 == len(taken(path, policy))
    second = workbook.create_sheet("二班")
    second.append(HEAD)
    second.append(("学员乙", "t-02", "2023-04-01", None))
    workbook.save(path)
    assert [("", "which_sheet")] == told(path, policy)
    assert "t-02" == taken(path, policy, sheet="二班")[0]["person"]["id"]
    assert [("", "which_sheet")] == told(path, policy, sheet="三班")
    second.sheet_state = "hidden"
    workbook.save(path)
    assert "t-01" == taken(path, policy)[0]["person"]["id"]


def test_a_total_that_is_a_record(book: Book, policy: Policy) -> None:
    """A row is left out as a total only where it can be no record."""
    rows = [("主题", "活动日期"), ("合计", "2023-03-21"), ("总计", None)]
    table = read_records(book(rows), policy, "activity")
    assert ("Sheet1!A3",) == table.left_out
    assert 1 == len(table.case_file.records["activity"])


def test_heads_and_notes_between_rows(book: Book, policy: Policy) -> None:
    """A head on each page is no record; a note is none either, and is told."""
    rows = [
        ("序号", "主题", "活动日期"),
        (1, "a", "2023-03-21"),
        (2, None, None),
        ("序号", "主题", "活动日期"),
        (3, "b", "2023-03-22"),
        ("注：第一行作废", None, None),
    ]
    table = read_records(book(rows), policy, "activity")
    assert ["a", "b"] == [each["theme"] for each in table.case_file.records["activity"]]
    assert ("Sheet1!A6",) == table.left_out


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le",
                                      "utf-16-be"])  # fmt: skip
@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_files_of_every_kind(
    csv_file: File, policy: Policy, encoding: str, mark: str, end: str
) -> None:
    """Encodings and marks are told from what the file says."""
    lines = [("序号", "活动日期", "主题"), ("1", "2023年3月5日", f'"䶮{mark}1,2;""好"""')]
    text = end.join(mark.join(line) for line in lines)
    (record,) = taken(csv_file((text + end).encode(encoding)), policy, "activity")
    assert {"on": "2023-03-05", "theme": f'䶮{mark}1,2;"好"'} == record


def test_problems_of_csv_cells(csv_file: File, policy: Policy) -> None:
    """A cell of a CSV file is told as a spreadsheet program shows it."""
    path = csv_file("活动日期,主题\n2023-03-05,a\n\n五月,b\n")
    assert [("A4", "wrong_type")] == told(path, policy, "activity")


def test_other_files(tmp_path: Path, policy: Policy) -> None:
    """A file that is no table, is damaged or is not there is refused with the next step."""
    damaged = tmp_path / "a.xlsx"
    damaged.write_bytes(b"PK\x03\x04 nothing")
    assert ["office_no_package"] == [code for _, code in told(damaged, policy)]
    assert ["table_suffix"] == [code for _, code in told(tmp_path / "a.xls", policy)]
    assert ["not_readable"] == [code for _, code in told(tmp_path / "a.csv", policy)]
    with pytest.raises(InputError) as refused:
        read_records(damaged, policy, "trainees")
    assert ["trainee"] == [problem.nearest for problem in refused.value.problems]
