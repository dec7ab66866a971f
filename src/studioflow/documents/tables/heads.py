"""Finding the head of a table: below titles, in one row or two, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import evolve, field, frozen

from studioflow.codec import Collector, wrong
from studioflow.documents.tables.cells import cell_text
from studioflow.documents.tables.sheets import Sheet
from studioflow.documents.tables.wanted import Wanted, folded, is_numbering
from studioflow.errors import InputError, nearest
from studioflow.text import Text, message

__all__ = ["Head", "find_head", "named_columns"]

UNKNOWN_COLUMN = message(
    "unknown_column", zh="以下一列：{columns}", en="one of these columns: {columns}"
)
UNNAMED_COLUMN = message(
    "table_unnamed_column", zh="有表头的列", en="a column with a head, since there are values in it"
)
TWO_COLUMNS = message(
    "column_twice",
    zh="只出现一次的列（已在 {first}）",
    en="a column that is not in {first} as well",
)
MISLEADING_HEAD = message(
    "misleading_head",
    zh="以下之一（“{title}”可指多列）：{columns}",
    en="one of these, since “{title}” may be several: {columns}",
)
MISSING_COLUMN = message("missing_column", zh="一列“{column}”", en="a column “{column}”")
HIDDEN_COLUMN = message(
    "hidden_column",
    zh="没有隐藏的列（显示或删除它）",
    en="a column that is not hidden (show it, or delete it)",
)

_LEAVE_OUT = Text(
    "改为上述名称之一，或用 --skip 略过该列",
    "give it one of these names, or leave it out with --skip",
)
_SEARCHED = 40
"""A head stands in one of the first rows that hold anything."""


@frozen(kw_only=True)
class Head:
    """The head of a table.

    Attributes:
        rows: the first and the last of them; the table begins below.
        titles: what it says, by column.
        known: the columns that each title may mean; none for one that means nothing.
    """

    rows: tuple[int, int]
    titles: Mapping[int, str]
    known: Mapping[int, frozenset[str]] = field(repr=False)

    @property
    def score(self) -> int:
        """How many columns it names."""
        return len({min(names) for names in self.known.values() if names})


def find_head(sheet: Sheet, wanted: Wanted) -> Head | None:
    """Return the row, or the two rows, that name the most columns; None where none does."""
    best: Head | None = None
    rows = sorted(sheet.rows)[:_SEARCHED]
    for row in rows:
        titles = {column: cell_text(cell) for column, cell in sheet.rows[row].items()}
        below = {column: cell_text(cell) for column, cell in sheet.rows.get(row + 1, {}).items()}
        for last, said in ((row, titles), (row + 1, titles | below)):
            head = _head((row, last), said, titles, wanted)
            if head.score > (best.score if best else 0):
                best = head
    return best


def _head(
    rows: tuple[int, int], said: Mapping[int, str], above: Mapping[int, str], wanted: Wanted
) -> Head:
    known = {}
    for column, title in said.items():
        names = wanted.names.get(folded(title), frozenset())
        group = _group(above, column) if rows[0] != rows[1] else ""
        # Of “mentor” over “name” and “id”, both words together say which.
        whole = wanted.names.get(folded(group + title), frozenset()) if group else frozenset()
        known[column] = whole or names
    return Head(rows=rows, titles=said, known=known)


def _group(above: Mapping[int, str], column: int) -> str:
    """Return the title of the upper row that stands over a column."""
    left = [each for each in above if each <= column]
    return above[max(left)] if left else ""


def named_columns(
    sheet: Sheet, head: Head, wanted: Wanted, skip: Sequence[str] | None, collector: Collector
) -> dict[int, str]:
    """Return which column of the sheet is which column that is wanted.

    What is wrong with the head goes to the collector.

    Args:
        sheet: with the table.
        head: of the table.
        wanted: what there may be.
        skip: heads of columns to leave out; None leaves out each that means nothing.
        collector: of the problems.
    """
    filled = _filled(sheet, head)
    columns: dict[int, str] = {}
    skipped = {folded(title) for title in skip or ()}
    for column in sorted({*head.titles, *filled}):
        title = head.titles.get(column, "")
        with collector.under(sheet.place(head.rows[1], column)):
            if is_numbering(title) or folded(title) in skipped:
                continue
            names = head.known.get(column, frozenset())
            if not names and (column not in filled or skip is None):
                continue  # such as remarks that nobody made
            if not title:
                raise wrong(UNNAMED_COLUMN, "")
            if not names:
                raise _unknown(title, wanted)
            if len(names) > 1:
                told = [f"{title}({name})" for name in sorted(names)]
                raise wrong(MISLEADING_HEAD, title, title=title, columns=told)
            (name,) = names
            if first := next((c for c, other in columns.items() if other == name), None):
                raise wrong(TWO_COLUMNS, title, first=sheet.place(head.rows[1], first))
            if column in sheet.hidden_columns and column in filled:
                raise wrong(HIDDEN_COLUMN, title)
            columns[column] = name
    for name, declared in wanted.fields.items():
        there = name in columns.values() or f"{name}/id" in columns.values()
        with collector.under(sheet.place(head.rows[1], min(head.titles))):
            if declared.required and not there:
                raise wrong(MISSING_COLUMN, sorted(head.titles.values()), column=declared.label)
    return columns


def _filled(sheet: Sheet, head: Head) -> set[int]:
    below = (cells for row, cells in sheet.rows.items() if row > head.rows[1])
    return {column for cells in below for column in cells}


def _unknown(title: str, wanted: Wanted) -> InputError:
    known = tuple(each.label for name, each in wanted.fields.items() if "/" not in name)
    (problem,) = wrong(UNKNOWN_COLUMN, title, hint=_LEAVE_OUT, columns=known).problems
    return InputError([evolve(problem, nearest=nearest(title, wanted.labels()))])
