"""Reading a CSV file by one parser for all engines of one machine: pyarrow's.

Engines differ in what a blank line, a short row or a stray quotation mark means. All cells are
text: which numbers they are is for the facts to say, and for nobody to guess.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studioflow.codec import NOT_UTF8, wrong
from studioflow.errors import InputError
from studioflow.text import Text, message

if TYPE_CHECKING:
    import pyarrow.csv as pa_csv
    import pyarrow.dataset as pa_dataset

__all__ = ["SAVE_AS_CSV", "check_utf8", "csv_dataset", "csv_names"]

SAVE_AS_CSV = Text(
    "在 Excel 中另存为“CSV UTF-8（逗号分隔）”", "in Excel, save it as “CSV UTF-8 (Comma delimited)”"
)
RAGGED = message(
    "ragged_row",
    zh="每行 {columns} 格，与标题行一样（这行有 {cells} 格）",
    en="{columns} cells in every row, as in the head; here are {cells}",
)

_MANY = Text("共 {rows} 行，最先的是：{first}", "{rows} rows in all, the first of them: {first}")
_BLOCK = 1 << 22
_FIRST_ROWS = 3


def csv_names(path: Path) -> list[str]:
    """Return the columns of a CSV file, having read it to its end once.

    Raises:
        InputError: with the rows that are too long or too short.
    """
    import pyarrow.csv as pa_csv

    # One thread, since only then it knows the numbers of the rows; it is no slower.
    how = pa_csv.ReadOptions(use_threads=False, block_size=_BLOCK)
    names = _names(path)
    rows: list[pa_csv.InvalidRow] = []
    many = 0

    def keep(row: pa_csv.InvalidRow) -> str:
        nonlocal many
        many += 1
        if many <= _FIRST_ROWS:
            rows.append(row)
        return "skip"

    for _ in pa_csv.open_csv(path, how, _form(keep), _as_text(names)):
        pass
    if rows:
        raise _ragged(rows, many)
    return names


def _ragged(rows: list[pa_csv.InvalidRow], many: int) -> InputError:
    # The first row that pyarrow counts is the head; it counts no blank lines.
    numbers = [row.number - 1 for row in rows]
    first = rows[0]
    found = wrong(
        RAGGED,
        first.text,
        hint=_MANY if many > 1 else None,
        columns=first.expected_columns,
        cells=first.actual_columns,
        rows=many,
        first=numbers,
    )
    return InputError(problem.under(f"row {numbers[0]}") for problem in found.problems)


def csv_dataset(path: Path) -> pa_dataset.Dataset:
    """Return a CSV file that `csv_names` has looked at: text in batches, an empty cell is null."""
    import pyarrow.csv as pa_csv
    import pyarrow.dataset as pa_dataset

    names = _names(path)
    form = pa_dataset.CsvFileFormat(
        parse_options=_form(),
        convert_options=_as_text(names),
        read_options=pa_csv.ReadOptions(block_size=_BLOCK),
    )
    return pa_dataset.dataset(path, format=form)


def check_utf8(path: Path) -> None:
    """Refuse bytes that are no UTF-8, with the place of the first one.

    Raises:
        InputError: for them.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    read_before = 0
    with path.open("rb") as file:
        while chunk := file.read(_BLOCK):
            kept = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=len(chunk) < _BLOCK)
            except UnicodeDecodeError as error:
                place = read_before - kept + error.start
                got = f"byte {place}: {error.object[error.start]:#x}"
                raise wrong(NOT_UTF8, got, hint=SAVE_AS_CSV) from error
            read_before += len(chunk)


def _names(path: Path) -> list[str]:
    import pyarrow.csv as pa_csv

    # It looks at some rows as well, which are none of its business.
    with pa_csv.open_csv(path, parse_options=_form(lambda _: "skip")) as reader:
        return list(reader.schema.names)


def _form(on_bad_row: Callable[[pa_csv.InvalidRow], str] | None = None) -> pa_csv.ParseOptions:
    import pyarrow.csv as pa_csv

    return pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=on_bad_row)


def _as_text(names: list[str]) -> pa_csv.ConvertOptions:
    """Return how cells are taken: as they stand, be it a number or somebody's word for nothing."""
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    return pa_csv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        strings_can_be_null=True,
        quoted_strings_can_be_null=True,
        null_values=[""],
    )
