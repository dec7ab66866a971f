"""One cell of a table as the plain value of a field: what the file lost is not made up."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal

from studioflow.codec import NOT_FINITE, wrong
from studioflow.documents.tables.sheets import GridCell
from studioflow.documents.values import parsed
from studioflow.policy import RecordField
from studioflow.text import Text, exact, message

__all__ = ["cell_text", "cell_value"]

DATE_FOR_TEXT = message(
    "date_for_text",
    zh="文字，而不是电子表格软件换成的日期",
    en="text, and no date that a spreadsheet program made of it",
)
DAY_ALONE = message("day_alone", zh="不带时间的日期", en="a day without a time")
FIRST_OF_MONTH = message(
    "first_of_month", zh="年月（单元格中的日期应为该月 1 日）", en="a month, or the first day of it"
)
DIGITS_LOST = message(
    "digits_lost",
    zh="全部数字（电子表格软件只保留 15 位，长号码会被改写）",
    en="all the digits: a spreadsheet program keeps 15 of a number, and rewrites long ones",
)
OCTOBER_OR_JANUARY = message(
    "october_or_january",
    zh="明确的年月（1998.1 可能是 1998.10 丢了末尾的 0）",
    en="a month that is plain: 1998.1 may be 1998.10 that lost its zero",
)
SHARE_OF_WHAT = message(
    "share_of_what",
    zh="不带百分号的数（此列单位不是 %）",
    en="a number without a percent sign: the column is not in %",
)

_AS_TEXT = Text("把该单元格设为“文本”格式后重新填写", "format the cell as text and type it again")
_MOST_DIGITS = 10**15
_WORDS = frozenset({"texts", "text", "evidence", "person", "people", "opinion"})
_REWRITTEN = re.compile(r"[+-]?\d+(?:\.\d+)?[eE]\+?\d+|\d{7,}\.0+", re.ASCII)
_TENTH = re.compile(r"\d{4}\.1", re.ASCII)
_ZEROS = re.compile(r"0{2,20}", re.ASCII)


def cell_value(field: RecordField, cell: GridCell, people: Mapping[str, str]) -> object:
    """Return the plain value of a field that a cell says; None of a blank one.

    Raises:
        InputError: for an error or a formula without a result, and for what is no such value.
    """
    if cell.expected is not None:
        raise wrong(cell.expected, cell.value)
    match cell.value:
        case datetime() | date() | time():
            text = _date_text(field, cell.value)
        case bool():
            text = "true" if cell.value else "false"
        case int() | float():
            text = _number_text(field, cell, cell.value)
        case str():
            text = _checked(field, cell.value.strip())
        case _:  # a duration
            raise wrong(DATE_FOR_TEXT, type(cell.value), hint=_AS_TEXT)
    return parsed(field, text, people=people)


def cell_text(cell: GridCell) -> str:
    """Return what a cell of a head, or of no column, says."""
    return cell.value.strip() if isinstance(cell.value, str) else str(cell.value)


def _date_text(field: RecordField, value: date | time) -> str:
    got = value.isoformat()
    if field.type in _WORDS:
        raise wrong(DATE_FOR_TEXT, "***" if field.personal else got, hint=_AS_TEXT)
    if isinstance(value, datetime):
        if value.time() != time():
            raise wrong(DAY_ALONE, "***" if field.personal else got)
        value = value.date()
    if field.type == "month" and isinstance(value, date):
        if value.day != 1:
            raise wrong(FIRST_OF_MONTH, "***" if field.personal else got)
        return value.isoformat()[:-3]
    return value.isoformat()


def _number_text(field: RecordField, cell: GridCell, value: float) -> str:
    text = repr(value) if isinstance(value, int) else f"{value:.15g}"
    got = "***" if field.personal else text
    number = Decimal(text)
    if not number.is_finite():
        raise wrong(NOT_FINITE, got)
    if abs(number) >= _MOST_DIGITS:
        raise wrong(DIGITS_LOST, got, hint=_AS_TEXT)
    if "%" in cell.format:
        if field.type not in _WORDS and (field.unit is None or field.unit.en != "%"):
            raise wrong(SHARE_OF_WHAT, got)
        return f"{exact(number * 100)}%"
    text = exact(number)
    if field.type in _WORDS and _ZEROS.fullmatch(cell.format) and number >= 0:
        text = text.zfill(len(cell.format))  # a code that is shown with its zeros
    return _checked(field, text)


def _checked(field: RecordField, text: str) -> str:
    """Return a text, unless a spreadsheet program wrote it in place of another.

    Raises:
        InputError: for a number that it cut short, or that lost a zero.
    """
    got = "***" if field.personal else text
    if field.type in _WORDS and _REWRITTEN.fullmatch(text):
        raise wrong(DIGITS_LOST, got, hint=_AS_TEXT)
    if field.type == "month" and _TENTH.fullmatch(text):
        raise wrong(OCTOBER_OR_JANUARY, got, hint=_AS_TEXT)
    return text
