"""What a Word or Excel file says, row by row, however it was filled in."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import normalize

from attrs import frozen

from studioflow.codec import UNKNOWN_NAME, Collector, checked_text, wrong
from studioflow.documents.paper.packed import NO_PACKAGE, read_package
from studioflow.documents.paper.sheets import read_sheets
from studioflow.errors import MissingExtraError
from studioflow.text import Text

__all__ = ["ReadCell", "read_rows"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SAVE_AS = Text("另存为 .docx 或 .xlsx", "save it as .docx or .xlsx")


@frozen
class ReadCell:
    """A cell that was read, or a paragraph outside any table.

    Attributes:
        at: where it stands in the file, such as `B3` or `table 1, row 2, cell 4`.
    """

    text: str
    at: str


def read_rows(path: Path) -> tuple[tuple[ReadCell, ...], ...]:
    """Return the rows of a file: of each table the cells that begin in them, and each paragraph.

    Raises:
        InputError: for a file that is neither Word nor Excel, and with every cell that has
            characters which nobody sees.
        MissingExtraError: where the extra `documents` is not installed.
    """
    readers = {".docx": _word, ".xlsx": _excel}
    if path.suffix.lower() not in readers:
        raise wrong(UNKNOWN_NAME, path.name, known=readers, hint=_SAVE_AS)
    collector = Collector()
    rows: list[tuple[ReadCell, ...]] = []
    for row in readers[path.suffix.lower()](path):
        cells: list[ReadCell] = []
        for cell in row:
            with collector.under(cell.at):
                cells.append(ReadCell(_checked(cell.text), cell.at))
        rows.append(tuple(cells))
    collector.finish()
    return tuple(rows)


def _checked(text: str) -> str:
    lines = normalize("NFC", text).replace("\r\n", "\n").replace("\t", " ").split("\n")
    return "\n".join(checked_text(line) for line in lines).strip()


def _excel(path: Path) -> Iterator[list[ReadCell]]:
    for sheet in read_sheets(path):
        for row in range(1, sheet.rows + 1):
            columns = range(1, sheet.columns + 1)
            cells = [sheet.cells[row, c] for c in columns if (row, c) in sheet.cells]
            if any(cell.text for cell in cells):
                yield [ReadCell(cell.text, f"{sheet.name}!{cell.at}") for cell in cells]


def _word(path: Path) -> Iterator[list[ReadCell]]:
    try:
        import docx
    except ImportError as error:
        raise MissingExtraError("documents") from error
    data = read_package(path)
    try:
        body = docx.Document(io.BytesIO(data)).element.body
    except Exception as error:
        # python-docx raises whatever its parts raise for a package that is something else.
        raise wrong(NO_PACKAGE, f"{path.name}: {type(error).__name__}") from error
    tables = paragraphs = 0
    for element in _blocks(body):
        if element.tag == f"{_W}tbl":
            tables += 1
            yield from _table(element, tables)
        else:
            paragraphs += 1
            yield [ReadCell(_text(element), f"paragraph {paragraphs}")]


def _blocks(parent: Any) -> Iterator[Any]:  # noqa: ANN401 - lxml brings no types
    """Yield paragraphs and tables, those inside content controls as well."""
    for element in parent:
        if element.tag in {f"{_W}p", f"{_W}tbl"}:
            yield element
        elif element.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _blocks(element)


def _table(table: Any, number: int) -> Iterator[list[ReadCell]]:  # noqa: ANN401 - lxml brings no types
    for row, element in enumerate(table.iter(f"{_W}tr"), 1):
        cells: list[ReadCell] = []
        for cell in _children(element, "tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            if merged is not None and merged.get(f"{_W}val") != "restart":
                continue
            lines = [_text(paragraph) for paragraph in cell.iter(f"{_W}p")]
            at = f"table {number}, row {row}, cell {len(cells) + 1}"
            cells.append(ReadCell("\n".join(lines), at))
        yield cells


def _children(parent: Any, name: str) -> Iterator[Any]:  # noqa: ANN401 - lxml brings no types
    for element in parent:
        if element.tag == f"{_W}{name}":
            yield element
        elif element.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _children(element, name)


def _text(paragraph: Any) -> str:  # noqa: ANN401 - lxml brings no types
    """Return the text of a paragraph; what a reviewer struck out is not there any more."""
    said: list[str] = []
    for element in paragraph.iter():
        match element.tag.rpartition("}")[2] if isinstance(element.tag, str) else "":
            case "t":
                said.append(element.text or "")
            case "br" | "cr":
                said.append("\n")
            case "tab":
                said.append(" ")
    return "".join(said)
