"""Fact files: what is handed in for one studio, from TOML or JSON."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from studioflow.errors import InputError
from studioflow.policy import Policy, read_facts
from studioflow.rubric import FactFile

SCHEMA = 'schema = "studioflow.facts/1"\n'
TOML = """
schema = "studioflow.facts/1"
studio = "一"
[facts]
visits = 3
safe = true
[[marks]]
criterion = "talk"
by = "p-1"
role = "judge"
unit = "校"
on = 2024-11-12
points = 8.5
remark = "好"
[inspection]
by = "p-2"
on = 2024-11-13
[inspection.items.door]
present = false
remark = "没有"
evidence = ["照片"]
on = 2024-11-14
"""
JSON = """{
    "schema": "studioflow.facts/1",
    "studio": "一",
    "facts": {"visits": 3, "safe": true},
    "marks": [{"criterion": "talk", "by": "p-1", "role": "judge", "unit": "校",
               "on": "2024-11-12", "points": 8.5, "remark": "好"}],
    "inspection": {"by": "p-2", "on": "2024-11-13", "items": {"door":
        {"present": false, "remark": "没有", "evidence": ["照片"], "on": "2024-11-14"}}}
}"""


@pytest.mark.parametrize(("name", "text"), [("one.toml", TOML), ("one.json", JSON)])
def test_read(name: str, text: str, tmp_path: Path, small: Policy) -> None:
    """TOML and JSON say the same, and a policy scores it."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    file = read_facts(path)
    assert file.inspection is not None
    item = file.inspection.items["door"]
    sheet = small.score(file)

    assert ("一", {"visits": 3, "safe": True}) == (file.studio, dict(file.facts))
    assert (Fraction(17, 2), date(2024, 11, 12)) == (file.marks[0].points, file.marks[0].on)
    assert (False, "没有", ("照片",), date(2024, 11, 14)) == (
        item.present,
        item.remark,
        item.evidence,
        item.on,
    )
    assert (Fraction(23, 2), False) == (sheet.total.points, sheet.gate("order").met)


def test_decimals_stay_exact(tmp_path: Path) -> None:
    """A decimal in a file never becomes a binary float."""
    path = tmp_path / "one.toml"
    path.write_text(f"{SCHEMA}[facts]\nmark = 0.1", "utf-8")

    assert Decimal("0.1") == read_facts(path).facts["mark"]


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("fact = 3", "fact", "unknown_key"),
        ("facts = 3", "facts", "wrong_type"),
        ("[[marks]]\ncriterion = 'c'\nby = 'p'\nrole = 'r'", "marks/0", "mark_value"),
        ("[[marks]]\npoints = 3", "marks/0", "missing_key"),
        ("[inspection.items.door]\npresent = 'no'", "inspection/items/door/present", "wrong_type"),
        ("[inspection.items.door]\nseen = true", "inspection/items/door/seen", "unknown_key"),
        ("[facts]\nx = nan", "facts/x", "not_finite"),
        ("[facts]\nx = 1\nx = 2", "", "syntax"),
    ],
)
def test_refused(text: str, path: str, code: str, tmp_path: Path) -> None:
    """What is malformed is refused with the file and the place in it."""
    file = tmp_path / "one.toml"
    file.write_text(SCHEMA + text, "utf-8")
    with pytest.raises(InputError) as error:
        read_facts(file)

    assert ("one.toml", path, code) == (
        error.value.problems[0].file,
        error.value.problems[0].path,
        error.value.problems[0].code,
    )


@pytest.mark.parametrize(
    ("text", "got", "near", "hint"),
    [
        ("", "''", None, 'begin with schema = "studioflow.facts/1"'),
        ("facts = 3", "''", None, 'begin with schema = "studioflow.facts/1"'),
        ("schema = 'studioflow.fact/1'", "'studioflow.fact/1'", "studioflow.facts/1", ""),
        ("schema = 'x'\nfact = 3", "'x'", None, ""),
        ("schema = 1", "1", None, ""),
        ("schema = []", "[]", None, ""),
        ("schema = 'studioflow.policy/1'", "'studioflow.policy/1'", None, "a policy file"),
        ("schema = 'studioflow.rubric/1'", "'studioflow.rubric/1'", None, "a policy file"),
        ("schema = 'studioflow.batch/1'", "'studioflow.batch/1'", None, "a batch file"),
    ],
)
def test_schema(text: str, got: str, near: str | None, hint: str, tmp_path: Path) -> None:
    """Another file than a fact file is told so, with what stood there, and of nothing else."""
    file = tmp_path / "one.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_facts(file)
    (problem,) = error.value.problems

    assert ("one.toml", "schema", "wrong_schema") == (problem.file, problem.path, problem.code)
    assert (got, near) == (problem.got, problem.nearest)
    assert "studioflow.facts/1" == problem.expected("en")
    assert hint in problem.advice("en")


def test_made_in_python() -> None:
    """A fact file that Python makes needs no schema."""
    assert {} == FactFile().facts
