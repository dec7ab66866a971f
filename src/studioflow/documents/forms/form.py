"""A form: what is printed where, and which field of which record each place says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from attrs import field, frozen

from studioflow.codec import WRONG_TYPE, Collector, read, strict_converter, wrong
from studioflow.codec.problems import TYPE_NAMES
from studioflow.documents.forms.wording import Wording, read_wording
from studioflow.errors import InputError
from studioflow.policy.document import WRONG_SCHEMA
from studioflow.text import Text, exact, message

__all__ = ["Form", "FormBlock", "FormCell", "FormRow", "form_from", "read_form"]

SCHEMA = "studioflow.form/1"

TEXT_OR_HEAD = message(
    "form_text_or_head", zh="text 与 head 之一", en="one of text and head, and not both"
)
TEXT_OR_ROWS = message(
    "form_text_or_rows",
    zh="一段文字 text，或带 columns 与 rows 的表格",
    en="a paragraph with text, or a table with columns and rows",
)
ROW_WIDTH = message(
    "form_row_width",
    zh="恰好占满 {columns} 列的一行（含上方跨行的格）",
    en="a row that fills {columns} columns, cells that reach down from above included",
)
RECORD_OR_SHEET = message(
    "form_record_or_sheet",
    zh="record（某类记录）与 sheet = true（评分表）之一",
    en="one of record, a kind of record, and sheet = true, a score sheet",
)

FORM_SIZE = message(
    "form_size", zh="{least} 至 {most} 之间的数", en="a number from {least} to {most}"
)
_MOST_COLUMNS = 100
_MOST_ROWS = 1_000
_MOST_MILLIMETRES = 250

_A_CELL = Text("文字，或一个表", "text, or a table")


@frozen(kw_only=True)
class FormCell:
    """A cell of a form: fixed words (`head`) or what is filled in (`text`).

    Attributes:
        across, down: how many columns and rows it covers.
        height: at least, in millimetres.
    """

    text: Wording | None = None
    head: Wording | None = None
    across: int = 1
    down: int = 1
    align: Literal["left", "center", "right"] = "left"
    height: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        if (self.text is None) == (self.head is None):
            raise wrong(TEXT_OR_HEAD, [key for key in ("text", "head") if getattr(self, key)])
        collector = Collector()
        for key, most in (("across", _MOST_COLUMNS), ("down", _MOST_ROWS)):
            with collector.under(key):
                _check_size(getattr(self, key), 1, most)
        with collector.under("height"):
            if self.height is not None:
                _check_size(self.height, 1, _MOST_MILLIMETRES)
        collector.finish()

    @property
    def wording(self) -> Wording:
        """Its words, whichever key said them."""
        wording = self.text if self.head is None else self.head
        return wording or Wording(Text("", ""))


@frozen(kw_only=True)
class FormRow:
    """A row of a table.

    Attributes:
        each: what it is repeated for: a kind of record, `items` of the score sheet, or `marks`.
        blank: how many rows of it an empty form has.
    """

    cells: tuple[FormCell, ...]
    each: str | None = None
    blank: int = 1

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under("blank"):
            _check_size(self.blank, 0, _MOST_ROWS)
        collector.finish()


@frozen(kw_only=True)
class FormBlock:
    """A paragraph, or a table with columns in proportion to each other.

    Attributes:
        new_page: whether it begins on a new page.
    """

    text: Wording | None = None
    style: Literal["body", "title", "note", "strong"] = "body"
    align: Literal["left", "center", "right"] = "left"
    columns: tuple[Fraction, ...] = ()
    caption: Text | None = None
    shown_caption: bool = False
    head_rows: int = 0
    rows: tuple[FormRow, ...] = ()
    new_page: bool = False

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under():
            if (self.text is None) == (not self.rows) or bool(self.rows) != bool(self.columns):
                said = [key for key in ("text", "columns", "rows") if getattr(self, key)]
                raise wrong(TEXT_OR_ROWS, said)
        for position, width in enumerate(self.columns):
            with collector.under("columns", position):
                _check_size(width, Fraction(1, 100), 10_000)
        with collector.under("columns"):
            _check_size(len(self.columns), 0, _MOST_COLUMNS)
        reaching = [0] * len(self.columns)
        for position, row in enumerate(self.rows):
            with collector.under("rows", position, "cells"):
                reaching = _after(row, reaching)
        collector.finish()


@frozen(kw_only=True)
class Form:
    """A form of a county.

    Attributes:
        policy: the id of the policy that it was written for; it serves every policy that it fits.
        record: the kind of record that one paper is of; None for a form of the studio as a whole.
        sheet: whether it is one of the score sheet.
        application: where a filled form says what a studio declares: `name`, `unit`, `lead`.
    """

    id: str
    policy: str
    label: Text
    blocks: tuple[FormBlock, ...]
    schema: str = SCHEMA
    clause: str | None = None
    record: str | None = None
    sheet: bool = False
    landscape: bool = False
    application: Mapping[str, str] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        if self.record is not None and self.sheet:
            raise wrong(RECORD_OR_SHEET, self.record)

    def cells(self) -> Iterator[tuple[tuple[object, ...], FormRow | None, Wording]]:
        """Yield every wording with where it stands, and the row that it stands in."""
        for position, block in enumerate(self.blocks):
            if block.text is not None:
                yield ("blocks", position, "text"), None, block.text
            for number, row in enumerate(block.rows):
                for place, cell in enumerate(row.cells):
                    path = ("blocks", position, "rows", number, "cells", place)
                    yield path, row, cell.wording


def _check_size(number: int | Fraction, least: int | Fraction, most: int) -> None:
    """Check that a number is one that a page has room for.

    Raises:
        InputError: where it is not.
    """
    if not least <= number <= most:
        raise wrong(FORM_SIZE, exact(number), least=exact(least), most=most)


def _after(row: FormRow, reaching: list[int]) -> list[int]:
    """Return how far down each column is covered below a row.

    Raises:
        InputError: where its cells do not fill the columns that are left.
    """
    free = [column for column, left in enumerate(reaching) if not left]
    below = [max(0, left - 1) for left in reaching]
    for cell in row.cells:
        taken, free = free[: cell.across], free[cell.across :]
        if not _side_by_side(taken, cell.across):
            raise wrong(ROW_WIDTH, sum(c.across for c in row.cells), columns=len(reaching))
        for column in taken:
            below[column] = cell.down - 1
    if free:
        raise wrong(ROW_WIDTH, sum(c.across for c in row.cells), columns=len(reaching))
    return below


def _side_by_side(columns: list[int], across: int) -> bool:
    return len(columns) == across and columns == list(range(columns[0], columns[0] + across))


def _cell(value: object, _: object) -> FormCell:
    if isinstance(value, str):
        return FormCell(text=read_wording(value))
    if not isinstance(value, Mapping):
        raise wrong(WRONG_TYPE, value, type=_A_CELL)
    if set(value) == {"zh", "en"}:
        return FormCell(text=read_wording(value))
    made: FormCell = _of_table(value, FormCell)
    return made


_converter = strict_converter()
_converter.register_structure_hook(Wording, lambda value, _: read_wording(value))
_of_table = _converter.get_structure_hook(FormCell)
_converter.register_structure_hook(FormCell, _cell)


def form_from(tables: Mapping[str, Any], name: str = "") -> Form:
    """Return the form that tables say, as a TOML file has them.

    Args:
        tables: of the schema `studioflow.form/1`.
        name: of the file, for what is wrong with it.

    Raises:
        InputError: with every problem of its form; what its slots mean only a policy knows.
    """
    if not isinstance(tables, Mapping):
        raise wrong(WRONG_TYPE, tables, type=TYPE_NAMES[dict])
    collector = Collector()
    with collector.under("schema"):
        if tables.get("schema") != SCHEMA:
            raise wrong(WRONG_SCHEMA, tables.get("schema"), schema=SCHEMA)
    try:
        collector.finish()  # of any other file nothing else is worth saying
        form: Form = _converter.structure(tables, Form)
    except InputError as error:
        raise InputError(problem.in_file(name) for problem in error.problems) from None
    return form


def read_form(path: Path) -> Form:
    """Read a form from a TOML or JSON file.

    Raises:
        InputError: with every problem.
    """
    return form_from(read(path), path.name)
