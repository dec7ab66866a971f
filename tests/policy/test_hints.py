"""What a refusal says beside the names that would have been right."""

import pytest

from studioflow import InputError, OneRule
from studioflow.codec import parse
from studioflow.errors import Problem

FACTS = """
[facts.level]
type = "choice"
label = { zh = "级别", en = "level" }
values = { a = { zh = "甲", en = "A" }, b = { zh = "乙", en = "B" }, c = { zh = "丙", en = "C" } }
[facts.visits]
type = "count"
label = { zh = "走访", en = "visits" }
unit = { zh = "次", en = "visits" }
"""


def refused(rule: str) -> Problem:
    """Return the only problem of a rule that is refused."""
    with pytest.raises(InputError) as caught:
        OneRule.read(FACTS + rule)
    (problem,) = caught.value.problems
    return problem


class TestOtherTypes:
    """A name that exists and is of another type."""

    def test_as_a_condition(self) -> None:
        """A choice or a number is no condition, and the hint says which kind makes one of it."""
        for name, kind in (("level", '"is"'), ("visits", '"at_least"')):
            problem = refused(f'[condition]\nkind = "all"\nof = ["{name}"]')
            assert (problem.code, problem.path) == ("unknown_name", "condition/of/0")
            assert problem.hint is not None
            assert kind in problem.hint.en
            assert kind in problem.hint.zh

    def test_as_a_number(self) -> None:
        """A choice is no number, and the hint says how a number hangs on it."""
        problem = refused('[rule]\nkind = "each"\nof = "level"\npoints = 1')
        assert problem.hint is not None
        assert "by = " in problem.hint.en

    def test_misspelt(self) -> None:
        """A name that does not exist has a nearest one, and no such hint."""
        problem = refused('[rule]\nkind = "each"\nof = "visit"\npoints = 1')
        assert (problem.nearest, problem.hint) == ("visits", None)


class TestKeys:
    """Keys that nobody knows."""

    def test_of_an_entry(self) -> None:
        """A key that is near to one of the entry's own is told that one, not one of the rule's."""
        problem = refused('[rule]\naplies = "x"\nkind = "each"\nof = "visits"\npoints = 1')
        assert (problem.code, problem.nearest) == ("unknown_key", "applies")

    def test_words_that_are_missing(self) -> None:
        """Values by a choice name the words that have none."""
        problem = refused(
            '[rule]\nkind = "points"\npoints = { by = "level", a = 1, b = 2 }',
        )
        assert problem.code == "by_words_missing"
        assert problem.parameters["missing"] == ["c"]


@pytest.mark.parametrize("text", ["a = “x”", "a = [“x”]", "a = { b = ‘x’ }"])
def test_quotes_of_a_text(text: str) -> None:
    """Quotes as they are typed in Chinese are no quotes of TOML, and the hint says so."""
    with pytest.raises(InputError) as caught:
        parse(text.encode())
    (problem,) = caught.value.problems
    assert problem.code == "syntax"
    assert problem.hint is not None
    assert "straight quotes" in problem.hint.en


def test_quotes_inside_a_text() -> None:
    """Such quotes inside a text are right, and a mistake elsewhere has no such hint."""
    assert parse('a = "“x”"'.encode()) == {"a": "“x”"}
    with pytest.raises(InputError) as caught:
        parse('a = "“x”"\nb ='.encode())
    assert caught.value.problems[0].hint is None
