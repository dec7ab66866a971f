"""The pages on the case file and on measures have every key, and examples that load."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import get_args

import attrs
import pytest

from studioflow.policy import Catalogue, Document, Policy, RecordKind, build_policy
from studioflow.policy.measures import Measure, MeasureKind
from studioflow.policy.record_fields import FieldType
from studioflow.programme import read_case_file
from studioflow.rules import Panel
from studioflow.rules.panel import WAYS

DOCS = Path(__file__).parents[3] / "docs"
PAGES = {name: (DOCS / f"{name}.md").read_text("utf-8") for name in ("case-file", "measures")}
FENCES = [
    (name, fence)
    for name, page in PAGES.items()
    for fence in re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
]
(CASE,) = (fence for _, fence in FENCES if 'schema = "studioflow.case/1"' in fence)
EXAMPLES = [(name, fence) for name, fence in FENCES if fence != CASE]


def first_cells(page: str, head: str) -> list[str]:
    """Return the names in the first cell of each row, below the head of a table."""
    rows = PAGES[page].partition(f"\n{head}\n")[2].partition("\n\n")[0]
    return [name for row in rows.splitlines()[1:] for name in re.findall(r"`(\w+)`", _first(row))]


def _first(row: str) -> str:
    return row.split(" | ", maxsplit=1)[0]


@pytest.mark.parametrize(("page", "example"), EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_load(page: str, example: str, reference: Policy) -> None:
    """Every example can be laid over the reference policy, and loads."""
    header = {"schema": "studioflow.policy/1", "id": page, "version": "1"}
    tables = tomllib.loads(example, parse_float=Decimal)
    base = Document(reference.tables, "reference.toml")
    document = Document({**tables, **header, "extends": "yongjia-2023"}, "example.toml")

    assert build_policy(document, Catalogue({"yongjia-2023": base})).id == page


def test_case_file(reference: Policy, tmp_path: Path) -> None:
    """The example of a case file loads, and is written as it was read."""
    path = tmp_path / "one.toml"
    path.write_text(CASE, "utf-8")
    case = read_case_file(path, reference)
    (again := tmp_path / "one.json").write_text(case.to_json(reference), "utf-8")

    assert case == read_case_file(again, reference)
    assert tomllib.loads(CASE).keys() == case.to_dict(reference).keys()


def test_keys_of_a_kind() -> None:
    """Every key of a kind of record is in its table, beside its label and its fields."""
    keys = {field.metadata.get("key", field.name) for field in attrs.fields(RecordKind)}

    assert keys - {"name", "label", "fields", "clause"} == set(
        first_cells("case-file", "| key of a kind | says |")
    )


def test_types_of_fields() -> None:
    """Every type of field is in the table of values in Python."""
    assert set(get_args(FieldType)) == set(
        first_cells("case-file", "| `type` | a document has | Python has |")
    )


def test_forms(reference: Policy) -> None:
    """Every kind in the table of the document's forms is the reference policy's."""
    table = PAGES["case-file"].partition("| form | kind |\n| --- | --- |\n")[2].partition("\n\n")[0]
    rows = [row.split(" | ") for row in table.splitlines() if "attachment 3" not in row]
    kinds = [kind for _, cell in rows for kind in re.findall(r"`(\w+)`", cell)]

    assert ["application_form", "member"] == kinds[:2]
    assert [] == [kind for kind in kinds if kind not in reference.record_kinds]


def test_kinds_and_keys_of_measures() -> None:
    """Every kind of measure and every key is in one of the two tables, or in the example."""
    kinds = first_cells("measures", "| `kind` | keys of its own | gives | fact |")
    own = {"field", "percent", "that", "use"}
    choosing = set(first_cells("measures", "| key | a record counts if |"))

    assert [*get_args(MeasureKind)] == kinds
    assert {field.name for field in attrs.fields(Measure)} == {
        *{"kind", "of", "clause"},
        *own,
        *choosing,
    }


def test_ways_of_panels() -> None:
    """Every way and every key of a panel is on the page."""
    table = PAGES["measures"].partition("| key | says |\n")[2].partition("\n\n")[0]
    ways = re.findall(r'`"(\w+)"`', table)

    assert [*WAYS["mark"], *WAYS["confirmation"]] == ways
    assert {field.name for field in attrs.fields(Panel)} == set(
        first_cells("measures", "| key | says |")
    )


def test_one_word(reference: Policy) -> None:
    """Papers that never came are called the same in the file and on the sheet."""
    said = reference.record_kinds["fund_review"].fields["papers"].values["never"]

    assert "未上交" == said.zh == reference.facts["funds_papers"].values["never"].zh


def test_readings(reference: Policy) -> None:
    """Each reading in the table is the policy's, with its answers, the one in force first."""
    table = PAGES["measures"].partition("| reading | answers |\n| --- | --- |\n")[2]
    for row in table.partition("\n\n")[0].splitlines():
        name, *answers = re.findall(r"`(\w+)`", row)
        reading = reference.readings[name]

        assert reading.value == answers[0]
        assert [*reading.values] == answers
