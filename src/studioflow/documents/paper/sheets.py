"""Excel files as people hand them in: what each cell shows."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, TypeAlias
from xml.etree import ElementTree as ET

from attrs import field, frozen

from studioflow.codec import wrong
from studioflow.documents.paper.packed import read_package
from studioflow.errors import MissingExtraError
from studioflow.text import Text, message

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["Sheet", "SheetCell", "read_sheets"]

MAX_ROWS = 20_000
MAX_COLUMNS = 256
MAX_AREA = 500_000

SHEET_TOO_LARGE = message(
    "sheet_too_large",
    zh="不超过 {rows} 行、{columns} 列、{area} 格的工作表",
    en="a sheet of at most {rows} rows, {columns} columns and {area} cells",
)
NOT_A_WORKBOOK = message(
    "not_a_workbook", zh="Excel 工作簿（.xlsx）", en="an Excel workbook (.xlsx)"
)

Kind: TypeAlias = Literal["text", "number", "date", "formula", "error"]
_CORNER = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_ROUND = Text("删去空白的行列", "delete the empty rows and columns around the table")


@frozen
class SheetCell:
    """What a cell shows.

    Attributes:
        at: its place, such as `B3`.
        kind: of what is in it.
        across, down: how many columns and rows it covers where it is merged.
    """

    text: str
    at: str
    kind: Kind = "text"
    across: int = 1
    down: int = 1


@frozen
class Sheet:
    """A sheet: its cells by row and column, from 1, without those that merged ones cover."""

    name: str
    cells: Mapping[tuple[int, int], SheetCell] = field(repr=False)
    rows: int = 0
    columns: int = 0


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Read every sheet of an Excel file.

    Raises:
        InputError: for a file that is none, or that is larger than any that people fill in.
        MissingExtraError: where the extra `documents` is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtraError("documents") from error
    data = read_package(path)
    _check_sheets(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    except Exception as error:
        # openpyxl raises whatever its many parts raise.
        raise wrong(NOT_A_WORKBOOK, f"{path.name}: {type(error).__name__}") from error
    return tuple(_sheet(each) for each in book.worksheets)


def _check_sheets(data: bytes) -> None:
    """Refuse what would cost more than it looks: openpyxl makes an object of each cell of a range.

    Raises:
        InputError: for a sheet beyond the limits.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            # Every part: which ones are sheets only their relationships say.
            with package.open(name) as part, suppress(ET.ParseError):
                _check_corners(name, _corners(part))


def _check_corners(name: str, corners: Iterator[str]) -> None:
    rows = columns = 0
    for corner in corners:
        for found in _CORNER.finditer(corner):
            rows = max(rows, int(found[2]))
            columns = max(columns, _number(found[1]))
        if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_AREA:
            raise wrong(
                SHEET_TOO_LARGE,
                f"{name}: {corner}",
                hint=_ROUND,
                rows=MAX_ROWS,
                columns=MAX_COLUMNS,
                area=MAX_AREA,
            )


def _corners(part: IO[bytes]) -> Iterator[str]:
    """Yield the place of each cell that has anything in it, and of each merged range."""
    for _, element in ET.iterparse(part):  # noqa: S314 - declarations were refused
        tag = element.tag.rpartition("}")[2]
        if tag in {"c", "row"}:
            yield element.get("r", "") if tag == "c" else f"A{element.get('r', '1')}"
        elif tag == "mergeCell":
            yield element.get("ref", "")
        if tag == "row":
            element.clear()


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _sheet(sheet: Worksheet) -> Sheet:
    spans = {
        (merged.min_row, merged.min_col): (
            merged.max_col - merged.min_col + 1,
            merged.max_row - merged.min_row + 1,
        )
        for merged in sheet.merged_cells.ranges
    }
    covered = {
        (row, column)
        for (top, left), (across, down) in spans.items()
        for row in range(top, top + down)
        for column in range(left, left + across)
    } - spans.keys()
    cells = {
        (cell.row or 0, cell.column or 0): _cell(cell, *spans.get((cell.row, cell.column), (1, 1)))
        for row in sheet.iter_rows()
        for cell in row
        if (cell.row, cell.column) not in covered
    }
    return Sheet(sheet.title, cells, sheet.max_row, sheet.max_column)


def _cell(cell: Any, across: int, down: int) -> SheetCell:  # noqa: ANN401 - a Cell; merged ones were left out
    text, kind = _said(cell)
    return SheetCell(text, str(cell.coordinate), kind, across, down)


def _said(cell: Any) -> tuple[str, Kind]:  # noqa: ANN401 - as above
    """Return what people see in a cell, and of what kind it is."""
    value = cell.value
    match value:
        case None:
            return "", "text"
        case bool():
            return ("TRUE" if value else "FALSE"), "text"
        case int() | float():
            if "%" in str(cell.number_format):
                return f"{_digits(value * 100)}%", "number"
            return _digits(value), "number"
        case datetime() if value.time() == time():
            return value.date().isoformat(), "date"
        case datetime() | date() | time():
            return value.isoformat(), "date"
        case str() if cell.data_type == "f":
            return value, "formula"
        case str() if cell.data_type == "e":
            return value, "error"
    if cell.data_type == "f":  # an array formula is an object of its own
        return "=", "formula"
    return str(value), "text"


def _digits(number: float) -> str:
    """Return a number without an exponent; Excel keeps fifteen digits."""
    if isinstance(number, int):
        return str(number)
    if number == int(number) and abs(number) < 10**15:
        return str(int(number))
    return f"{number:.15g}"
