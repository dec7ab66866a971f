"""The rows below a head as plain values, each of which knows its cell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from unicodedata import normalize

from attrs import evolve, field, frozen

from studioflow.codec import Collector, wrong
from studioflow.documents.tables.cells import cell_text, cell_value
from studioflow.documents.tables.heads import Head, find_head, named_columns
from studioflow.documents.tables.sheets import MAX_CELLS, GridCell, Sheet, too_large
from studioflow.documents.tables.wanted import ID, Wanted, folded
from studioflow.errors import InputError, Problem
from studioflow.text import Text, message

__all__ = ["Row", "read_rows", "the_sheet"]

NO_HEAD = message(
    "no_table_head",
    zh="一行表头，写有：{columns}",
    en="a row with the names of the columns, such as: {columns}",
)
WHICH_SHEET = message("which_sheet", zh="以下工作表之一：{known}", en="one of the sheets: {known}")
EMPTY_CELL = message("empty_cell", zh="“{column}”的值", en="a value for “{column}”")
HIDDEN_ROW = message(
    "hidden_row",
    zh="没有隐藏的行（取消筛选，显示或删除它）",
    en="a row that is not hidden (clear the filter, show it, or delete it)",
)
MERGED_ACROSS = message(
    "merged_across", zh="不跨列合并的单元格", en="a cell that is not merged with other columns"
)
MERGED_NUMBER = message(
    "merged_number",
    zh="每行各自的数（合并单元格里的数可能是合计）",
    en="a number for each row: one in a merged cell may be their sum",
)
NAMED_TWICE = message(
    "person_named_twice", zh="与编号列相同的编号", en="the id that the column of ids says"
)

_ASK_SHEET = Text("用 --sheet 指明工作表", "name the sheet with --sheet")
_TOTALS = frozenset({"合计", "总计", "小计", "共计", "总和", "total", "sum", "subtotal"})
_NUMBERS = frozenset({"count", "number", "money"})


@frozen(kw_only=True)
class Row:
    """A row of a table.

    Attributes:
        values: by column; a blank cell has none.
        places: of the cells, by column, blank ones as well.
    """

    values: Mapping[str, object] = field(repr=False)
    places: Mapping[str, str]

    def placed(self, problem: Problem) -> Problem:
        """Return a problem of what the row says, at its cell."""
        name, _, rest = problem.path.partition("/")
        at = self.places.get(name) or self.places.get(f"{name}/{ID}")
        return (
            evolve(problem, path=rest).under(at)
            if at
            else problem.under(min(self.places.values(), key=len))
        )


def the_sheet(sheets: Sequence[Sheet], wanted: Wanted, named: str | None) -> tuple[Sheet, Head]:
    """Return the sheet that holds the table, and its head.

    Raises:
        InputError: where no sheet has such a head, or several have, or there is none so named.
    """
    if named is not None:
        known = [sheet.name for sheet in sheets if sheet.name]
        sheets = [sheet for sheet in sheets if sheet.name == named]
        if not sheets:
            raise wrong(WHICH_SHEET, named, known=known)
    found = [(sheet, head) for sheet in sheets if (head := find_head(sheet, wanted))]
    seen = [(sheet, head) for sheet, head in found if not sheet.hidden or named]
    damage = next((sheet.damage for sheet in sheets if sheet.damage), None)
    if not seen and damage is not None:
        raise damage
    if not seen:
        columns = tuple(each.label for name, each in wanted.fields.items() if "/" not in name)
        raise InputError([Problem(NO_HEAD, got="-", parameters={"columns": columns})])
    # A CSV file comes once for each mark that may divide its cells: the one that fits best is it.
    if all(not sheet.name for sheet, _ in seen):
        best = max(seen, key=lambda each: each[1].score)
        if best[0].damage is not None:
            raise best[0].damage
        return best
    if len(seen) > 1:
        raise wrong(WHICH_SHEET, len(seen), known=[s.name for s, _ in seen], hint=_ASK_SHEET)
    return seen[0]


def read_rows(  # noqa: PLR0913 - what a reader may be asked for
    sheet: Sheet,
    head: Head,
    wanted: Wanted,
    *,
    collector: Collector,
    people: Mapping[str, str],
    skip: Sequence[str] | None = (),
) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Return the rows of a table that are right, and where those stand that were left out.

    Left out are totals, and notes in front of no record. Blank rows are none, nor are heads that
    are repeated on each page. A text or a day in cells that are merged down holds for each of the
    rows.

    Args:
        sheet: with the table.
        head: of the table.
        wanted: what its columns may be.
        collector: of every problem, each at its cell.
        people: ids by name.
        skip: heads of columns to leave out; None leaves out each that means nothing.
    """
    columns = named_columns(sheet, head, wanted, skip, collector)
    whole = not collector.problems  # else each row would lack what a column of it has
    covered = _covered(sheet, head, wanted, columns, collector)
    rows: list[Row] = []
    left_out: list[str] = []
    for number, cells in sorted(sheet.rows.items()):
        if number <= head.rows[1]:
            continue
        own = {columns[c]: cell for c, cell in cells.items() if c in columns}
        if _is_total(cells, own, wanted):
            left_out.append(sheet.place(number, min(cells)))
            continue
        said = {column: cell_text(cell) for column, cell in cells.items()}
        if not own:
            # A number in front of nothing says nothing; a note does.
            notes = [column for column, text in said.items() if not text.isdecimal()]
            left_out += [sheet.place(number, column) for column in notes[:1]]
            continue
        if said == head.titles:
            continue
        if number in sheet.hidden_rows:
            with collector.under(sheet.place(number, min(cells))):
                raise wrong(HIDDEN_ROW, "")
        merged = {columns[c]: cell for c, cell in covered.get(number, {}).items()}
        places = {name: sheet.place(number, column) for column, name in columns.items()}
        row = Row(values={}, places=places)
        before = len(collector.problems)
        values = _values(row, merged | own, wanted, people, collector)
        if whole and len(collector.problems) == before:
            rows.append(evolve(row, values=values))
    return tuple(rows), tuple(left_out)


def _values(
    row: Row,
    cells: Mapping[str, GridCell],
    wanted: Wanted,
    people: Mapping[str, str],
    collector: Collector,
) -> dict[str, object]:
    values: dict[str, object] = {}
    ids = {name: f"{name}/{ID}" for name in wanted.fields if f"{name}/{ID}" in wanted.fields}
    for name, declared in wanted.fields.items():
        there = [each for each in (name, ids.get(name, "")) if each in row.places]
        if name in ids.values() or not there:
            continue
        with collector.under(row.places[there[0]]):
            filled = [each for each in there if each in cells]
            if not filled and declared.required:
                raise wrong(EMPTY_CELL, "", column=declared.label)
            if name in ids and ids[name] in filled:
                values[name] = _person(name, cells, wanted)
            elif filled:
                values[name] = cell_value(declared, cells[name], people)
            if values.get(name) is not None:
                wanted.check(name, values[name])
    return values


def _person(name: str, cells: Mapping[str, GridCell], wanted: Wanted) -> object:
    """Return the person whose id has a cell of its own."""
    person = cell_value(wanted.fields[f"{name}/{ID}"], cells[f"{name}/{ID}"], {})
    if name not in cells:
        return {ID: person}
    called = normalize("NFC", cell_text(cells[name]))
    said = cell_value(wanted.fields[name], cells[name], {called: str(person)})
    if isinstance(said, dict) and said[ID] != person:
        raise wrong(NAMED_TWICE, said[ID])
    return said


def _is_total(cells: Mapping[int, GridCell], own: Mapping[str, GridCell], wanted: Wanted) -> bool:
    """Return whether a row only sums up others: it says so, and is no row of its own."""
    if folded(cell_text(cells[min(cells)])) not in _TOTALS:
        return False
    required = [name for name, each in wanted.fields.items() if each.required]
    first = own and cells[min(cells)] in own.values()
    return not first or not all(name in own for name in required)


def _covered(
    sheet: Sheet,
    head: Head,
    wanted: Wanted,
    columns: Mapping[int, str],
    collector: Collector,
) -> dict[int, dict[int, GridCell]]:
    """Return the cells that are shown in rows below their own, since they are merged down."""
    found: dict[int, dict[int, GridCell]] = defaultdict(dict)
    last, left = max(sheet.rows, default=0), MAX_CELLS
    for merged in sheet.merged:
        cell = sheet.rows.get(merged.top, {}).get(merged.left)
        if cell is None or merged.top <= head.rows[1]:
            continue
        across = [c for c in columns if merged.left <= c <= merged.right]
        down = range(merged.top + 1, min(merged.bottom, last) + 1)
        with collector.under(sheet.place(merged.top, merged.left)):
            if len(across) > 1:
                raise wrong(MERGED_ACROSS, "")
            if across and down and wanted.fields[columns[across[0]]].type in _NUMBERS:
                raise wrong(MERGED_NUMBER, "")
            left -= len(down)
            if left < 0:
                raise too_large(f"> {MAX_CELLS}")
            for row in down if across else ():
                found[row].setdefault(across[0], cell)
    return found
