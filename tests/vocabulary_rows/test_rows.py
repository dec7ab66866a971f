"""The page of coverage has every row, and every row has a class that tests it."""

import re
from pathlib import Path

from tests.vocabulary_rows.conftest import class_of, rows

ROWS = """
gate | k of n | in range | checklist | marked in bands | count with a norm | share to band | choice
deduction per fault | item bonus | zero-out | all or nothing | price table | level × weight
weighted parts | deduction on the total | open-ended sum | several assessors | valid ballots
votes to points | veto | component minimums | grades | quota over a batch | not applicable
one sheet per kind | time windows | another office's column | yearly and cycle norms
renewal asks more
"""
"""What policies of this sort do, in thirty rows."""


def test_the_page_has_every_row() -> None:
    """In the order of the list, each with its lines."""
    expected = [row.strip() for row in re.split(r"[|\n]", ROWS) if row.strip()]
    assert len(expected) == 30
    assert ["The facts", "The sheet", *expected] == list(rows())
    assert [] == [heading for heading, texts in rows().items() if not texts]


def test_every_row_is_tested() -> None:
    """By a class of its name, and no class is named after a row that is gone."""
    folder = Path(__file__).parent
    found = [
        name
        for file in folder.glob("test_*_rows.py")
        for name in re.findall(r"^class (Test\w+)", file.read_text("utf-8"), flags=re.MULTILINE)
    ]
    assert sorted(class_of(heading) for heading in list(rows())[2:]) == sorted(found)
