"""What is told of bad input where people may stand in it, and what is told still."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import evolve

from studioflow.codec import UNKNOWN_KEY, WRONG_TYPE, wrong
from studioflow.errors import InputError, Problem
from studioflow.people import Opinion, Person
from studioflow.policy.privacy import masked, masked_shape, read_private


def _unknown(key: str, *known: str) -> Problem:
    (problem,) = wrong(UNKNOWN_KEY, key, known=known).problems
    return evolve(problem, path=key)


@pytest.mark.parametrize(
    ("key", "path", "got"),
    [
        ("领衔人甲", "***", "***"),
        ("13800000000", "***", "***"),
        ("phone", "***", "***"),
        ("nam", "nam", "'nam'"),
    ],
)
def test_a_key_of_a_person(key: str, path: str, got: str) -> None:
    """Of a person's table only a key that is nearly right is told: any other may be a name."""
    problem = masked(_unknown(key, "id", "name"), Person)
    assert (path, got) == (problem.path, problem.got)


@pytest.mark.parametrize(
    ("key", "path", "got"),
    [("领衔人甲", "***", "***"), ("phone", "phone", "'phone'"), ("nam", "nam", "'nam'")],
)
def test_a_key_of_a_form(key: str, path: str, got: str) -> None:
    """Of a form a key is told that is written as keys are."""
    problem = masked_shape(_unknown(key, "unit", "name"))
    assert (path, got) == (problem.path, problem.got)


@pytest.mark.parametrize(
    ("value", "path", "got"),
    [
        ("甲", "steps/1/on", "'甲'"),
        (7, "steps/1/on", "7"),
        ({"name": "甲"}, "steps/1/by", "***"),
        (["甲"], "steps/1/by", "***"),
        ("甲", "", "***"),
    ],
)
def test_a_value_of_another_type(value: object, path: str, got: str) -> None:
    """Whole tables and lists are not told, nor what stands for the form itself; words are."""
    (problem,) = wrong(WRONG_TYPE, value, type="…").problems
    assert got == masked_shape(evolve(problem, path=path)).got


def test_an_opinion() -> None:
    """Its words are not told; whose it is, is."""
    (problem,) = wrong(WRONG_TYPE, "甲", type="…").problems
    assert "***" == masked(evolve(problem, path="text"), Opinion).got
    (problem,) = wrong(UNKNOWN_KEY, "unt", known=["unit"]).problems
    assert "'unt'" == masked(evolve(problem, path="unt"), Opinion).got


@pytest.mark.parametrize(
    ("text", "path", "got"),
    [
        ("a = ", "", "'Invalid value (at end of document)'"),
        ("a = = 1", "", "'Invalid value (at line 1, column 5)'"),
        ("a 1", "", "\"Expected '=' after a key in a key/value pair (at line 1, column 3)\""),
        ('a = { "甲乙" = 1, "甲乙" = 2 }', "", "line 1, column 25"),
        (f'a = {{ "{"甲" * 99}" = 1, "{"甲" * 99}" = 2 }}', "", "***"),
        ("a = { 甲 = 1 }", "", "'Invalid initial character for a key part (at line 1, column 7)'"),
        ('a.b = "甲\u200b"', "a/b", "***"),
        ('a."甲\u200b" = 1', "a/***", "***"),
        ("a = [1, 13800000000138000000001380]", "a/1", "***"),
    ],
)
def test_a_file_that_can_not_be_read(tmp_path: Path, text: str, path: str, got: str) -> None:
    """Of its text nothing is told, and where the mistake stands, is."""
    file = tmp_path / "a.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_private(file)

    assert [("a.toml", path, got)] == [(p.file, p.path, p.got) for p in caught.value.problems]
