"""Fact files: what is handed in for one studio, from TOML or JSON."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from studioflow.errors import InputError
from studioflow.policy import Policy, read_facts

TOML = """
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
    path.write_text("[facts]\nmark = 0.1", "utf-8")

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
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as error:
        read_facts(file)

    assert ("one.toml", path, code) == (
        error.value.problems[0].file,
        error.value.problems[0].path,
        error.value.problems[0].code,
    )
