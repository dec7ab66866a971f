"""Empty tables: what is typed into one is read back."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from studioflow.documents.tables import read_facts, read_records, table_template
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.text import LANGUAGES, Language


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_template_reads_back(policy: Policy, tmp_path: Path, language: Language) -> None:
    """The heads of every kind, and of the facts, are understood; nothing but rows is missing."""
    path = tmp_path / "empty.xlsx"
    for kind in policy.record_kinds:
        path.write_bytes(table_template(policy, kind, language))
        with pytest.raises(InputError) as refused:
            read_records(path, policy, kind)
        assert ["no_table_rows"] == [problem.code for problem in refused.value.problems]
    path.write_bytes(table_template(policy, None, language))
    with pytest.raises(InputError) as refused:
        read_facts(path, policy)
    assert ["no_table_rows"] == [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_typed_into_a_template(policy: Policy, tmp_path: Path, language: Language) -> None:
    """A row that somebody types below the head becomes a record; the cells are texts."""
    book = openpyxl.load_workbook(io.BytesIO(table_template(policy, "trainee", language)))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    label = policy.record_kinds["trainee"].fields["contact"].label.get(language)
    assert "@" == sheet.column_dimensions["A"].number_format or "@" == sheet["A1"].number_format
    sheet.append([None] * len(heads))
    for column, text in ((1, "学员甲"), (2, "2023-03-21"), (heads.index(label) + 1, "057712345")):
        sheet.cell(2, column, text)
    ids = "姓名编号" if language == "zh" else "the trainee id"
    sheet.cell(2, heads.index(ids) + 1, "t-01")
    path = tmp_path / "filled.xlsx"
    book.save(path)
    (record,) = read_records(path, policy, "trainee").case_file.records["trainee"]
    assert {
        "person": {"id": "t-01", "name": "学员甲"},
        "joined": "2023-03-21",
        "contact": "057712345",
    } == record


def test_choices_are_offered(policy: Policy) -> None:
    """Flags and choices have a list to choose from, in the language."""
    book = openpyxl.load_workbook(io.BytesIO(table_template(policy, "activity", "zh")))
    offered = [str(rule.formula1) for rule in book.worksheets[0].data_validations.dataValidation]
    assert any("校级,县级" in each for each in offered)


def test_the_same_template_every_time(policy: Policy) -> None:
    """A template has nothing in it that changes by itself."""
    assert table_template(policy, "member") == table_template(policy, "member")


def test_unknown_kind(policy: Policy) -> None:
    """A kind that the policy does not have is refused with the nearest."""
    with pytest.raises(InputError) as refused:
        table_template(policy, "members")
    assert ["member"] == [problem.nearest for problem in refused.value.problems]
