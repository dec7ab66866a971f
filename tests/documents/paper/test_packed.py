"""Packed files: what is in one is looked at before any of it is unpacked."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from studioflow.documents.paper.packed import MAX_BYTES, checked_package
from studioflow.documents.paper.reading import read_rows
from studioflow.documents.paper.sheets import read_sheets
from studioflow.errors import InputError

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{rows}</sheetData>{more}</worksheet>"
)
MOST_MEMORY = 200 << 20


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a package with some parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return written.getvalue()


def workbook(path: Path, sheet: str, name: str = "xl/worksheets/sheet1.xml") -> Path:
    """Write a workbook whose only sheet is as given, under any name."""
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.save(made)
    with zipfile.ZipFile(made) as package:
        parts = {each: package.read(each) for each in package.namelist()}
    del parts["xl/worksheets/sheet1.xml"]
    parts[name] = sheet.encode()
    links = parts["xl/_rels/workbook.xml.rels"].decode()
    parts["xl/_rels/workbook.xml.rels"] = links.replace(
        "/xl/worksheets/sheet1.xml", f"/{name}"
    ).encode()
    path.write_bytes(packed(parts))
    return path


def refused(data: bytes) -> str:
    """Return the code with which a package is refused."""
    with pytest.raises(InputError) as caught:
        checked_package(data)
    return caught.value.problems[0].code


@pytest.mark.parametrize("data", [b"", b"PK", b"<html>", b"PK\x03\x04" + bytes(100)])
def test_no_package(data: bytes) -> None:
    """What is no package is refused."""
    assert "office_no_package" == refused(data)


def test_fault_24_packed_tightly() -> None:
    """Fault 24: a part that unpacks to a thousand times its size is refused before it does."""
    bomb = packed({"xl/worksheets/sheet1.xml": bytes(40 << 20)})
    tracemalloc.start()
    code = refused(bomb)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "office_too_large" == code
    assert most < (4 << 20)


def test_fault_24_many_parts() -> None:
    """Fault 24: more parts than any office file has are refused, and so is a very large file."""
    assert "office_too_large" == refused(packed({f"p{n}.xml": b"" for n in range(2_001)}))
    assert "office_too_large" == refused(bytes(MAX_BYTES + 1))


@pytest.mark.parametrize(
    "part", [b'<?xml version="1.0"?><!DOCTYPE x []><x/>', b'<!ENTITY a "b">', b"<! doctype x>"]
)
def test_fault_24_entities(part: bytes) -> None:
    """Fault 24: a part that declares entities is refused."""
    assert "office_unsafe" == refused(packed({"xl/workbook.xml": part}))


def test_macros() -> None:
    """A file with macros is refused."""
    assert "office_unsafe" == refused(packed({"xl/vbaProject.bin": b"x"}))


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/far/sheet1.xml"])
@pytest.mark.parametrize(
    ("rows", "more"),
    [
        ('<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>', ""),
        ("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        ("", '<mergeCells><mergeCell ref="A1:SF40000"/></mergeCells>'),
    ],
)
def test_fault_24_far_cell(tmp_path: Path, rows: str, more: str, name: str) -> None:
    """Fault 24: a sheet of a few bytes that spans millions of cells is refused, wherever it is."""
    path = workbook(tmp_path / "bomb.xlsx", SHEET.format(rows=rows, more=more), name)
    tracemalloc.start()
    with pytest.raises(InputError) as caught:
        read_rows(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert "sheet_too_large" == caught.value.problems[0].code
    assert most < MOST_MEMORY


def test_what_people_see(tmp_path: Path) -> None:
    """Numbers, days and shares come as people see them in the sheet."""
    from datetime import UTC, date, datetime

    path = tmp_path / "seen.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    values: list[float | str | date | bool] = [
        12.0,
        13800000000.0,
        0.5,
        date(2023, 3, 5),
        True,
        "12",
        "=1+1",
    ]
    values.append(datetime(2023, 3, 5, 8, 30, tzinfo=UTC).replace(tzinfo=None))
    for column, value in enumerate(values, 1):
        sheet.cell(1, column, value)
    sheet["C1"].number_format = "0%"
    book.save(path)
    (found,) = read_sheets(path)

    assert [
        ("12", "number"),
        ("13800000000", "number"),
        ("50%", "number"),
        ("2023-03-05", "date"),
        ("TRUE", "text"),
        ("12", "text"),
        ("=1+1", "formula"),
        ("2023-03-05T08:30:00", "date"),
    ] == [(found.cells[1, n].text, found.cells[1, n].kind) for n in range(1, len(values) + 1)]
    assert get_column_letter(3) + "1" == found.cells[1, 3].at


def test_hidden_characters(tmp_path: Path) -> None:
    """Characters that nobody sees are told with the cell that has them, all of them."""
    path = tmp_path / "hidden.xlsx"
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "甲\u200b"
    book.worksheets[0]["B2"] = "乙\u202e"
    book.save(path)
    with pytest.raises(InputError) as caught:
        read_rows(path)

    assert ["Sheet!A1", "Sheet!B2"] == [problem.path for problem in caught.value.problems]


@pytest.mark.parametrize("name", ["old.doc", "old.xls", "page.pdf"])
def test_other_files(tmp_path: Path, name: str) -> None:
    """A file of another kind is refused with what to save it as."""
    path = tmp_path / name
    path.write_bytes(b"x")
    with pytest.raises(InputError) as caught:
        read_rows(path)

    (problem,) = caught.value.problems
    assert problem.hint is not None
    assert ".docx" in problem.hint.en
