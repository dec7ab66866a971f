"""CSV files as offices have them: in several encodings, with several marks between the cells."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import Path

from studioflow.codec import NOT_READABLE, wrong
from studioflow.documents.tables.sheets import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    GridCell,
    Sheet,
    too_large,
)
from studioflow.text import Text, message

__all__ = ["read_delimited"]

MAX_BYTES = 16 << 20

CSV_ENCODING = message(
    "csv_encoding",
    zh="UTF-8、UTF-16 或 GB18030（GBK）编码的 CSV 文件",
    en="a CSV file in UTF-8, UTF-16 or GB18030 (GBK)",
)
CSV_QUOTES = message(
    "csv_quotes",
    zh="引号成对、每格不超过 131072 字的 CSV 文件",
    en="a CSV file whose quotation marks are paired, with at most 131072 characters a cell",
)

_SAVE_AS_UTF8 = Text(
    "在电子表格软件中另存为“CSV UTF-8”或 .xlsx",
    "save it as “CSV UTF-8”, or as .xlsx, in a spreadsheet program",
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t"


def read_delimited(path: Path) -> tuple[Sheet, ...]:
    """Return what a CSV file may say, once for each mark that may divide its cells.

    Raises:
        InputError: for a file that can not be read, is too large, or is no text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise wrong(NOT_READABLE, f"{path.name}: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise too_large(f"> {MAX_BYTES >> 20} MiB")
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    found = [mark for mark in _SEPARATORS if mark in text] or [","]
    return tuple(_sheet(text, mark) for mark in found)


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            tries = [encoding]
            break
    else:
        # Of UTF-16 without a mark, commas and line feeds have a zero beside them.
        little = data[1::2].count(0) > data[0::2].count(0)
        wide = "utf-16-le" if little else "utf-16-be"
        tries = [wide] if b"\0" in data else ["utf-8", "gb18030"]
    for encoding in tries:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise wrong(CSV_ENCODING, tries[0], hint=_SAVE_AS_UTF8)


def _sheet(text: str, mark: str) -> Sheet:
    rows: dict[int, dict[int, GridCell]] = {}
    try:
        rows.update(_rows(text, mark))
    except csv.Error as error:
        # Which mark is the right one is not known yet: of another one, nothing has to be right.
        damage = wrong(CSV_QUOTES, str(error), hint=_SAVE_AS_UTF8)
        return Sheet(rows=rows, damage=damage)
    return Sheet(rows=rows)


def _rows(text: str, mark: str) -> Iterator[tuple[int, dict[int, GridCell]]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    cells = 0
    for number, line in enumerate(lines, start=1):
        row = {n: GridCell(cell) for n, cell in enumerate(line, start=1) if cell.strip()}
        cells += len(row)
        if row and (number > MAX_ROWS or max(row) > MAX_COLUMNS or cells > MAX_CELLS):
            raise too_large(f"> {number - 1} x {max(row)}")
        if row:
            yield number, row
