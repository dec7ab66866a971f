"""Empty tables for offices to fill in, which read back."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from studioflow.codec import UNKNOWN_NAME, wrong
from studioflow.documents.tables.wanted import ID, Wanted, fact_columns, record_columns
from studioflow.errors import MissingExtraError
from studioflow.policy import Policy, RecordField
from studioflow.text import Language, Text

__all__ = ["table_template"]

_ROWS = 1000
"""So many rows below the head are made ready."""
_MOST = 250
"""Excel shows no more characters of a hint, and no more of a list."""
_FACTS = Text("事实", "Facts")
_REQUIRED = Text("必填。", "Required. ")
_SHEET_NAME = 31
_ON_OFF = Text("是,否", "yes,no")
_HINTS = {
    "date": Text("日期，如 2023-03-21", "a day such as 2023-03-21"),
    "month": Text("年月，如 1998-07", "a month such as 1998-07"),
    "flag": Text("是或否", "yes or no"),
    "count": Text("整数", "a whole number"),
    "number": Text("数", "a number"),
    "money": Text("金额（元）", "an amount in yuan"),
    "person": Text(
        "姓名；编号写在旁边一列，或写作“姓名（编号）”",
        "a name; the id goes into the next column, or write `name (id)`",
    ),
    "people": Text("姓名（编号），用顿号分开", "`name (id)`, divided by semicolons"),
    "choices": Text("可选多项，用顿号分开：{choices}", "one or more, divided by commas: {choices}"),
    "choice": Text("选其一：{choices}", "one of: {choices}"),
    "texts": Text("每行一项", "one on each line"),
    "evidence": Text("每行一个材料名称", "one paper on each line"),
}


def table_template(policy: Policy, kind: str | None, language: Language = "zh") -> bytes:
    """Return an empty .xlsx table with the columns of a kind of record; None is for facts.

    Every cell is text, so that a spreadsheet program rewrites nothing that is typed. Each column
    has a hint, and choices are offered as a list.

    Raises:
        InputError: for a kind that the policy does not declare.
        MissingExtraError: where XlsxWriter is not installed.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingExtraError("documents") from error
    if kind is not None and kind not in policy.record_kinds:
        raise wrong(UNKNOWN_NAME, kind, known=policy.record_kinds)
    wanted = fact_columns(policy) if kind is None else record_columns(policy.record_kinds[kind])
    label = _FACTS if kind is None else policy.record_kinds[kind].label
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC)})  # the same every time
    sheet = book.add_worksheet(_sheet_name(label.get(language)))
    head = book.add_format({"bold": True, "text_wrap": True, "num_format": "@", "border": 1})
    cells = book.add_format({"num_format": "@", "text_wrap": True})
    names = [name for name in wanted.fields if kind is None or name != ID]
    for column, name in enumerate(names):
        title = wanted.title(name, chinese=language == "zh")
        sheet.set_column(column, column, min(40, max(12, 2 * len(title))), cells)
        sheet.write_string(0, column, title, head)
        said = _rule(wanted, name, language)
        sheet.data_validation(1, column, _ROWS, column, said)
    sheet.freeze_panes(1, 0)
    book.close()
    return made.getvalue()


def _rule(wanted: Wanted, name: str, language: Language) -> dict[str, object]:
    """Return the hint of a column, and its list of choices where it has one."""
    declared = wanted.fields[name]
    choices = [label.get(language) for label in declared.values.values()]
    rule: dict[str, object] = {"validate": "any"}
    if declared.type == "flag":
        rule = {"validate": "list", "source": _ON_OFF.get(language).split(",")}
    elif declared.type == "choice" and _fit(choices):
        rule = {"validate": "list", "source": choices}
    hint = _hint(declared, choices, language)
    return rule | ({"input_message": hint[:_MOST]} if hint else {})


def _fit(choices: list[str]) -> bool:
    """Return whether a spreadsheet can offer these: commas divide its list."""
    return len(",".join(choices)) <= _MOST and not any("," in choice for choice in choices)


def _hint(declared: RecordField, choices: list[str], language: Language) -> str:
    said = _HINTS.get(declared.type, Text("", "")).get(language)
    said = said.replace("{choices}", " / ".join(choices))
    if declared.unit is not None:
        unit = declared.unit.get(language)
        said += f"（{unit}）" if language == "zh" else f" ({unit})"
    return (_REQUIRED.get(language) if declared.required else "") + said


def _sheet_name(label: str) -> str:
    return "".join(c for c in label if c not in "[]:*?/\\'")[:_SHEET_NAME]
