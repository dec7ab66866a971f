"""Excel files as offices have them; nothing is unpacked or set up for cells that are empty."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from attrs import define, field

from studioflow.codec import wrong
from studioflow.documents.paper.packed import read_package
from studioflow.documents.tables.sheets import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    GridCell,
    Merged,
    Sheet,
    place,
    too_large,
)
from studioflow.errors import InputError, MissingExtraError
from studioflow.text import Text, message

__all__ = ["read_workbook"]

NOT_A_WORKBOOK = message("table_no_workbook", zh=".xlsx 工作簿", en="an .xlsx workbook")
ERROR_CELL = message("error_cell", zh="不是错误值的单元格", en="a cell without an error in it")
FORMULA_NOT_COMPUTED = message(
    "formula_not_computed",
    zh="已经计算出结果的公式，或值本身（在电子表格软件中打开并保存）",
    en="a formula that was computed, or the value itself (open it in a spreadsheet and save it)",
)

_SAVE_AS = Text("在电子表格软件中另存为 .xlsx", "save it as .xlsx in a spreadsheet program")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", re.ASCII)


def read_workbook(path: Path) -> tuple[Sheet, ...]:
    """Return the sheets of an Excel file; of a formula, the value that was last computed.

    Raises:
        InputError: for a file that is no workbook, or that is larger than any office needs.
        MissingExtraError: where openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtraError("documents") from error
    data = read_package(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and the like, of which nothing is read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                return tuple(_sheet(book, sheet) for sheet in book.worksheets)
            finally:
                book.close()
    except InputError:
        raise
    except Exception as error:  # what a damaged file makes of a reader is anything
        raise wrong(NOT_A_WORKBOOK, type(error).__name__, hint=_SAVE_AS) from error


def _sheet(book: Any, sheet: Any) -> Sheet:  # noqa: ANN401 - types of openpyxl, which may be missing
    with book._archive.open(sheet._worksheet_path) as part:  # noqa: SLF001 - there is no other way to it
        found = _Scan()
        found.read(part.read())
    sheet.reset_dimensions()
    rows = dict(_rows(sheet, found)) if found.last else {}
    return Sheet(
        name=sheet.title,
        rows=rows,
        merged=tuple(found.merged),
        hidden_rows=frozenset(found.hidden_rows),
        hidden_columns=frozenset(found.hidden_columns),
        hidden=sheet.sheet_state != "visible",
    )


def _rows(sheet: Any, found: _Scan) -> Iterator[tuple[int, dict[int, GridCell]]]:  # noqa: ANN401
    from openpyxl.utils.escape import unescape

    for number, cells in enumerate(
        sheet.iter_rows(max_row=found.last, max_col=found.widest), start=1
    ):
        row: dict[int, GridCell] = {}
        for cell in cells:
            value = cell.value
            if value is None:
                continue
            if isinstance(value, str):
                value = unescape(value)
                if not value.strip():
                    continue
            expected = ERROR_CELL if cell.data_type == "e" else None
            row[cell.column] = GridCell(value, str(cell.number_format), expected)
        for column in found.uncomputed.get(number, ()):
            row[column] = GridCell("=", expected=FORMULA_NOT_COMPUTED)
        if row:
            yield number, row


@define
class _Scan:
    """What is in a sheet, and where: found in one pass that keeps no cell that is empty."""

    last: int = 0
    widest: int = 0
    merged: list[Merged] = field(factory=list)
    hidden_rows: set[int] = field(factory=set)
    hidden_columns: set[int] = field(factory=set)
    uncomputed: dict[int, list[int]] = field(factory=dict)
    _row: int = 0
    _column: int = 0
    _cells: int = 0
    _formula: bool = False
    _value: bool = False
    _inside: bool = False
    _words: bool = False

    def read(self, data: bytes) -> None:
        """Take in the document of a sheet."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._declared
        parser.Parse(data, True)  # noqa: FBT003 - its signature

    def _declared(self, *_: object) -> None:
        raise wrong(NOT_A_WORKBOOK, "DOCTYPE", hint=_SAVE_AS)

    def _start(self, name: str, said: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row = int(said.get("r", self._row + 1))
                self._column = 0
                if said.get("hidden") in {"1", "true"}:
                    self.hidden_rows.add(self._row)
            case "c":
                self._formula = False
                self._value = self._inside = False
                # An empty text is a result, too.
                self._words = said.get("t") == "str"
                at = _PLACE.fullmatch(said.get("r", ""))
                self._column = _number(at[1]) if at else self._column + 1
            case "f":
                self._formula = True
            case "v" | "is":
                self._inside = True
            case "col" if said.get("hidden") in {"1", "true"}:
                first, last = int(said["min"]), min(int(said["max"]), MAX_COLUMNS)
                self.hidden_columns.update(range(first, last + 1))
            case "mergeCell" if len(self.merged) < MAX_ROWS:
                if found := _RANGE.fullmatch(said.get("ref", "")):
                    left, right = _number(found[1]), _number(found[3])
                    self.merged.append(Merged(int(found[2]), left, int(found[4]), right))

    def _text(self, _: str) -> None:
        self._value = self._value or self._inside

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        self._inside = self._inside and local not in {"v", "is"}
        if local != "c" or not (self._formula or self._value):
            return
        self._cells += 1
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS or self._cells > MAX_CELLS:
            at = place(self._row, self._column)
            raise too_large(at)
        self.last = max(self.last, self._row)
        self.widest = max(self.widest, self._column)
        if not (self._value or self._words):
            self.uncomputed.setdefault(self._row, []).append(self._column)


def _number(letters: str) -> int:
    """Return which column letters are."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
