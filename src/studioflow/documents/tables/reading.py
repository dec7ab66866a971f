"""Tables from offices in: records of a kind, facts of studios, and lists of people."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

from attrs import field, frozen

from studioflow.codec import DUPLICATE_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.documents.tables.delimited import read_delimited
from studioflow.documents.tables.rows import Row, read_rows, the_sheet
from studioflow.documents.tables.sheets import Sheet
from studioflow.documents.tables.wanted import (
    ID,
    STUDIO,
    Wanted,
    fact_columns,
    people_columns,
    record_columns,
)
from studioflow.documents.tables.workbook import read_workbook
from studioflow.errors import InputError
from studioflow.policy import Policy, RecordKind
from studioflow.policy.record_values import record_id
from studioflow.programme import CaseFile
from studioflow.rubric import FactFile
from studioflow.rules import known
from studioflow.text import exact, message

__all__ = ["FactTable", "RecordTable", "read_facts", "read_people", "read_records"]

T = TypeVar("T")

TABLE_SUFFIX = message("table_suffix", zh=".xlsx 或 .csv 文件", en="an .xlsx or a .csv file")
STUDIO_FORMULA = message(
    "studio_like_formula",
    zh="不以 = + - @ 开头的编号（电子表格软件会把它当作公式）",
    en="an id that does not begin with = + - or @: a spreadsheet program would compute it",
)
NO_ROWS = message("no_table_rows", zh="表头下面至少一行", en="at least one row below the head")

_READERS: Mapping[str, Callable[[Path], tuple[Sheet, ...]]] = {
    ".csv": read_delimited,
    ".xlsx": read_workbook,
}


@frozen(kw_only=True)
class RecordTable:
    """What a table of records says.

    Attributes:
        case_file: with the records, as `studioflow studio record` takes them.
        left_out: where rows stand that are no record: totals, and notes.
    """

    case_file: CaseFile
    left_out: tuple[str, ...] = ()


@frozen(kw_only=True)
class FactTable:
    """What a table of facts says.

    Attributes:
        facts: of each studio, by the studio's id.
        left_out: where rows stand that are no studio: totals, and notes.
    """

    facts: Mapping[str, Mapping[str, object]] = field(repr=False)
    left_out: tuple[str, ...] = ()

    def files(self) -> dict[str, FactFile]:
        """Return what is handed in for each studio, as `Policy.score` takes it."""
        return {name: FactFile(studio=name, facts=facts) for name, facts in self.facts.items()}

    def to_csv(self) -> str:
        """Return the table as `read_cohort` and `studioflow cohort` read it."""
        names = list(dict.fromkeys(name for facts in self.facts.values() for name in facts))
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow([STUDIO, *names])
        for studio, facts in self.facts.items():
            lines.writerow([studio, *(_written(facts.get(name)) for name in names)])
        return text.getvalue()


def read_records(  # noqa: PLR0913 - what a reader may be asked for
    path: Path,
    policy: Policy,
    kind: str,
    *,
    people: Mapping[str, str] | None = None,
    studio: str | None = None,
    sheet: str | None = None,
    skip: Sequence[str] = (),
) -> RecordTable:
    """Read a table with a record in each row.

    Args:
        path: of an .xlsx or .csv file.
        policy: that declares the kind.
        kind: of the records.
        people: ids by name, for people whose id stands neither behind the name nor in a column.
        studio: whose records they are, to be said in the case file.
        sheet: with the table, where several have one.
        skip: heads of columns to leave out.

    Raises:
        InputError: with every problem, each at its cell, such as `Sheet1!B7`; nothing is taken.
        MissingExtraError: where openpyxl is not installed.
    """
    if kind not in policy.record_kinds:
        raise wrong(UNKNOWN_NAME, kind, known=policy.record_kinds)
    declared = policy.record_kinds[kind]

    def take(rows: Sequence[Row]) -> CaseFile:
        return CaseFile(studio=studio, records={kind: _records(declared, rows)})

    wanted = record_columns(declared)
    case_file, left_out = _read(path, wanted, take, people=people, sheet=sheet, skip=skip)
    return RecordTable(case_file=case_file.checked(policy), left_out=left_out)


def read_facts(
    path: Path, policy: Policy, *, sheet: str | None = None, skip: Sequence[str] = ()
) -> FactTable:
    """Read a table with a studio in each row, and its facts.

    Args:
        path: of an .xlsx or .csv file.
        policy: that declares the facts.
        sheet: with the table, where several have one.
        skip: heads of columns to leave out.

    Raises:
        InputError: with every problem, each at its cell, such as `Sheet1!B7`; nothing is taken.
        MissingExtraError: where openpyxl is not installed.
    """

    def take(rows: Sequence[Row]) -> dict[str, Mapping[str, object]]:
        return _facts(policy, rows)

    facts, left_out = _read(path, fact_columns(policy), take, sheet=sheet, skip=skip)
    return FactTable(facts=facts, left_out=left_out)


def read_people(path: Path, *, sheet: str | None = None) -> dict[str, str]:
    """Read a list of people: ids by name. A name that two of them have is left out.

    Raises:
        InputError: with every problem, each at its cell.
        MissingExtraError: where openpyxl is not installed.
    """

    def take(rows: Sequence[Row]) -> dict[str, str]:
        ids: dict[str, set[str]] = {}
        for row in rows:
            ids.setdefault(str(row.values["name"]), set()).add(str(row.values[ID]))
        return {name: min(found) for name, found in ids.items() if len(found) == 1}

    return _read(path, people_columns(), take, sheet=sheet, skip=None)[0]


def _read(  # noqa: PLR0913 - what the readers have in common
    path: Path,
    wanted: Wanted,
    take: Callable[[Sequence[Row]], T],
    *,
    people: Mapping[str, str] | None = None,
    sheet: str | None = None,
    skip: Sequence[str] | None = (),
) -> tuple[T, tuple[str, ...]]:
    """Return what is made of the rows of a table; problems name the file."""
    try:
        reader = _READERS.get(path.suffix.lower())
        if reader is None:
            raise wrong(TABLE_SUFFIX, path.name)
        found, head = the_sheet(reader(path), wanted, sheet)
        collector = Collector()
        rows, left_out = read_rows(
            found, head, wanted, collector=collector, people=people or {}, skip=skip
        )
        if not rows and not collector.problems:
            raise wrong(NO_ROWS, "-")
        made = None
        with collector.under():
            made = take(rows)
        collector.finish()
        return cast("T", made), left_out
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None


def _records(kind: RecordKind, rows: Sequence[Row]) -> tuple[Mapping[str, Any], ...]:
    collector, records, seen = Collector(), list[Mapping[str, Any]](), dict[str, str]()
    for row in rows:
        values = dict(row.values)
        own: dict[str, object] = {}
        with collector.under():
            if given := values.pop(ID, None):
                own[ID] = _own_id(row, str(given), seen)
        with collector.under():
            try:
                records.append({**own, **kind.dump(kind.load(values))})
            except InputError as error:
                raise InputError(map(row.placed, error.problems)) from None
    collector.finish()
    return tuple(records)


def _own_id(row: Row, given: str, seen: dict[str, str]) -> str:
    at = row.places[ID]
    try:
        name = record_id(given)
        if name in seen:
            raise wrong(DUPLICATE_KEY, name)
    except InputError as error:
        raise InputError(map(row.placed, error.problems)) from None
    seen[name] = at
    return name


def _facts(policy: Policy, rows: Sequence[Row]) -> dict[str, Mapping[str, object]]:
    collector, found = Collector(), dict[str, Mapping[str, object]]()
    for row in rows:
        values = dict(row.values)
        studio = str(values.pop(STUDIO))
        with collector.under(row.places[STUDIO]):
            if studio in found:
                raise wrong(DUPLICATE_KEY, studio)
            if studio.startswith(("=", "+", "-", "@")):
                raise wrong(STUDIO_FORMULA, studio)
        with collector.under():
            try:
                known(policy.facts, values)
            except InputError as error:
                raise InputError(map(row.placed, error.problems)) from None
        found[studio] = values
    collector.finish()
    return found


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case date() | str():
            return str(value)
    return exact(value)  # type: ignore[arg-type] # a number: there is no other value
