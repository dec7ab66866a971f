"""Tables that nobody means well with: formulas, bombs, and characters that nobody sees."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter

from studioflow.documents.tables import read_facts, read_records
from studioflow.errors import InputError
from studioflow.policy import Policy

Book = Callable[..., Path]
File = Callable[[bytes | str], Path]

ROWS = [("活动日期", "主题"), ("2023-03-21", "abc")]
FORMULAS = ["=1+1", '=HYPERLINK("http://x","y")', "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "'=1+1"]


def strings(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write an Excel file of texts alone, whatever they look like."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Sheet1")
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell)
    return path


def patched(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change a part of an Excel file."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    path.write_bytes(made.getvalue())
    return path


def codes(path: Path, policy: Policy) -> list[tuple[str, str]]:
    """What is said of a file that is refused, which takes no time and no memory."""
    tracemalloc.start()
    started = time.monotonic()
    try:
        with pytest.raises(InputError) as refused:
            read_records(path, policy, "activity")
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()
    assert time.monotonic() - started < 20
    return [(problem.path, problem.code) for problem in refused.value.problems]


@pytest.mark.parametrize("text", FORMULAS)
def test_fault_23_formula_looking_texts_stay_texts(
    tmp_path: Path, csv_file: File, policy: Policy, text: str
) -> None:
    """A text that looks like a formula is that text, from Excel and from CSV."""
    quoted = text.replace('"', '""')
    for path in (
        strings(tmp_path / "a.xlsx", [("活动日期", "主题"), ("2023-03-21", text)]),
        csv_file(f'活动日期,主题\n2023-03-21,"{quoted}"\n'),
    ):
        (record,) = read_records(path, policy, "activity").case_file.records["activity"]
        assert text.strip() == record["theme"]


def test_fault_23_no_studio_is_a_formula(csv_file: File, policy: Policy) -> None:
    """What goes out as CSV again has no key that a spreadsheet would compute."""
    with pytest.raises(InputError) as refused:
        read_facts(csv_file("工作室,有党旗\n=1+1,是\n"), policy)
    assert [("A2", "studio_like_formula")] == [(p.path, p.code) for p in refused.value.problems]


def test_fault_24_a_cell_at_the_far_corner(tmp_path: Path, policy: Policy) -> None:
    """A value in the last cell of a sheet is refused, and nothing is set up for those before."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    path = patched(
        strings(tmp_path / "a.xlsx", ROWS),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", cell),
    )
    assert [("", "table_too_large")] == codes(path, policy)


def test_fault_24_an_empty_cell_at_the_far_corner(tmp_path: Path, policy: Policy) -> None:
    """A cell there that only has a look does no harm."""
    cell = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path = patched(
        strings(tmp_path / "a.xlsx", ROWS),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", cell),
    )
    assert 1 == len(read_records(path, policy, "activity").case_file.records["activity"])


def test_fault_24_cells_merged_to_the_far_corner(tmp_path: Path, policy: Policy) -> None:
    """Cells that are merged are not set up one by one."""
    merged = b'</sheetData><mergeCells><mergeCell ref="A2:A1048576"/></mergeCells>'
    path = patched(
        strings(tmp_path / "a.xlsx", ROWS),
        "xl/worksheets/sheet1.xml",
        lambda data: data.replace(b"</sheetData>", merged),
    )
    assert 1 == len(read_records(path, policy, "activity").case_file.records["activity"])


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_fault_24_a_part_that_unpacks_to_much(tmp_path: Path, policy: Policy, part: str) -> None:
    """A small file that unpacks to a large one is refused before it is unpacked."""
    path = patched(strings(tmp_path / "a.xlsx", ROWS), part, lambda data: data + b" " * 200_000_000)
    (problem,) = codes(path, policy)
    assert problem[1].startswith("office_")


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_fault_24_entities_that_multiply(tmp_path: Path, policy: Policy, part: str) -> None:
    """Entities are refused, also where a long comment stands before them."""
    levels = (b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    declared = b'<!DOCTYPE x [<!ENTITY e0 "abc">' + b"".join(levels) + b"]>"

    def bomb(data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        text = rest.replace(b"abc", b"&e11;")
        return head + mark + b"<!--" + b" comment" * 1000 + b"-->" + declared + text

    path = patched(strings(tmp_path / "a.xlsx", ROWS), part, bomb)
    assert [("", "table_no_workbook")] == codes(path, policy)


def test_fault_24_too_many_rows(csv_file: File, policy: Policy) -> None:
    """A table has an end: no office keeps a million rows."""
    path = csv_file("活动日期,主题\n" + "2023-03-21,x\n" * 1_000_000)
    assert [("", "table_too_large")] == codes(path, policy)


def test_fault_24_no_more_problems_than_help(csv_file: File, policy: Policy) -> None:
    """A table with a problem in each of many cells is not told to its end."""
    path = csv_file("活动日期,主题\n" + "x,y\n" * 19_000)
    found = codes(path, policy)
    assert (101, "too_many_problems") == (len(found), found[-1][1])


@pytest.mark.parametrize(
    "text", ["甲\u202e乙", "甲\u200b", "\ufeff甲\u200d乙", "甲\x07", "甲\u2066乙", "a\ue000\u00ad"]
)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_fault_26_unseen_characters_are_refused_by_cell(
    tmp_path: Path, policy: Policy, text: str, suffix: str
) -> None:
    """Control, direction and zero-width characters are told by cell, personal or not."""
    rows = [("姓名", "编号", "加入日期", "单位"), (text, "t-01", "2023-03-21", text)]
    path = tmp_path / f"a{suffix}"
    if suffix == ".xlsx":
        strings(path, rows)
    else:
        path.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    with pytest.raises(InputError) as refused:
        read_records(path, policy, "trainee")
    sheet = "Sheet1!" if suffix == ".xlsx" else ""
    assert [(f"{sheet}A2", "bad_character"), (f"{sheet}D2", "bad_character")] == [
        (problem.path, problem.code) for problem in refused.value.problems
    ]
    assert "甲" not in refused.value.explain("zh")


def test_fault_26_escapes_of_excel_hide_nothing(tmp_path: Path, policy: Policy) -> None:
    """What Excel writes as an escape is looked at as the character that it is."""
    path = patched(
        strings(tmp_path / "a.xlsx", ROWS),
        "xl/sharedStrings.xml",
        lambda data: data.replace(b"abc", b"a_x202E_bc"),
    )
    assert [("Sheet1!B2", "bad_character")] == codes(path, policy)


def test_fault_26_rare_han_and_composed_letters(tmp_path: Path, policy: Policy) -> None:
    """Rare Han characters are kept; letters with marks are composed."""
    rows = [("姓名", "编号", "加入日期"), ("䶮㛃𬭎 e\u0301", "t-01", "2023-03-21")]
    (record,) = read_records(
        strings(tmp_path / "a.xlsx", rows), policy, "trainee"
    ).case_file.records["trainee"]
    assert "䶮㛃𬭎 é" == record["person"]["name"]
