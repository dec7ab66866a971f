"""Errors carry data, and say it in both languages."""

import pickle
from decimal import Decimal
from fractions import Fraction

import pytest

from studioflow.codec import NOT_FINITE, UNKNOWN_NAME
from studioflow.errors import (
    InputError,
    MissingExtraError,
    Problem,
    StudioflowError,
    nearest,
    shown,
    wrong,
)
from studioflow.text import Text

HINT = Text("见 studioflow facts {policy}", "see studioflow facts {policy}")


@pytest.fixture
def problem() -> Problem:
    """A problem with everything that one can have."""
    error = wrong(UNKNOWN_NAME, "activites", known=["members", "activities"], hint=HINT, policy="y")
    (found,) = error.problems
    return found.under("facts", "x").in_file("s01.toml")


class TestProblem:
    """One thing that is wrong."""

    def test_in_english(self, problem: Problem) -> None:
        """Where, what stood there, what was expected, what was meant perhaps, what to do."""
        expected = (
            "s01.toml: facts/x: [unknown_name] got 'activites', "
            "expected one of: activities, members; "
            "did you mean activities?; see studioflow facts y"
        )
        assert expected == problem.explain("en")

    def test_in_chinese(self, problem: Problem) -> None:
        """The same in Chinese."""
        expected = (
            "s01.toml: facts/x：[unknown_name] 得到 'activites'，"
            "应为以下之一：activities、members；是否想写 activities？；见 studioflow facts y"
        )
        assert expected == problem.explain("zh")

    def test_as_json(self, problem: Problem) -> None:
        """As `studioflow.errors/1` has it, with the file beside the path."""
        assert {
            "code": "unknown_name",
            "path": "facts/x",
            "file": "s01.toml",
            "got": "'activites'",
            "expected": "one of: activities, members",
            "hint": "did you mean activities?; see studioflow facts y",
            "text": problem.explain("en"),
        } == problem.to_dict("en")

    def test_without_place_and_advice(self) -> None:
        """A problem of the whole document stands at its root, and needs no advice."""
        (plain,) = wrong(NOT_FINITE, Decimal("NaN")).problems
        assert ".: [not_finite] got NaN, expected a finite number" == plain.explain()
        assert plain.to_dict()["hint"] is None

    def test_the_first_file_stays(self, problem: Problem) -> None:
        """A problem is in the file in which it was found."""
        assert "s01.toml" == problem.in_file("other.toml").file

    def test_file_names_are_visible(self) -> None:
        """So may a file's name hold anything, even bytes that are no text."""
        assert "\\x1b\\udcff.toml" == Problem(NOT_FINITE).in_file("\x1b\udcff.toml").file

    def test_fault_26_paths_are_visible(self) -> None:
        """Keys come from outside: what can't be seen in them is escaped, and they are cut."""
        path = Problem(NOT_FINITE).under("\x1b[31m\u202e", "k" * 1000).path
        assert "\\x1b[31m\\u202e/" + "k" * 80 == path


class TestInputError:
    """Bad input, all of it."""

    def test_a_line_for_each_problem(self, problem: Problem) -> None:
        """Every problem has a line of its own, in either language."""
        error = InputError([problem, problem])
        assert [problem.explain("zh")] * 2 == error.explain("zh").splitlines()
        assert str(error) == error.explain("en")

    def test_is_a_value_error(self, problem: Problem) -> None:
        """It can be caught as what it is in Python's own terms."""
        assert isinstance(InputError([problem]), ValueError)
        assert isinstance(InputError([problem]), StudioflowError)

    def test_survives_pickling(self, problem: Problem) -> None:
        """It can come from another process."""
        assert (problem,) == pickle.loads(pickle.dumps(InputError([problem]))).problems  # noqa: S301


class TestOthers:
    """What is not bad input."""

    def test_missing_extra(self) -> None:
        """A missing extra says the command that installs it."""
        error = MissingExtraError("cli")
        assert "pip install 'studioflow[cli]'" in str(error)
        assert error.explain("zh").startswith("此功能需要")
        assert isinstance(error, ImportError)


class TestNearest:
    """The name that was meant, perhaps."""

    @pytest.mark.parametrize(
        ("got", "expected"), [("membres", "members"), ("xyz", None), ("", None)]
    )
    def test_nearest(self, got: str, expected: str | None) -> None:
        """A name is suggested where one is like what stood there."""
        assert expected == nearest(got, ["members", "activities"])

    def test_fault_21_bounded(self) -> None:
        """Neither long names nor many of them make the comparison slow."""
        assert nearest("x" * 10**6, ["x" * 10**6, *(f"n{n}" for n in range(10**5))]) is None


class TestShown:
    """What stood there, whatever it was."""

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("a", "'a'"),
            ("\x1b", "'\\x1b'"),
            (True, "true"),
            (Decimal("7.5"), "7.5"),
            (Fraction(1, 3), "1/3"),
            (["x" * 100], "['" + "x" * 77 + "…"),
            ("x" * 10**6, "'" + "x" * 78 + "…"),
        ],
    )
    def test_shown(self, value: object, expected: str) -> None:
        """It is short, on one line, and never an error of its own."""
        assert expected == shown(value)

    def test_fault_21_long_numbers(self) -> None:
        """Python refuses to write numbers of thousands of digits, so their type has to do."""
        assert "a value of type int" == shown(10**5000)
        assert "a value of type list" == shown([10**5000])

    def test_endless_nesting(self) -> None:
        """What can not be gone through is shown by its type."""
        nested: list[object] = []
        for _ in range(10_000):
            nested = [nested]
        assert "a value of type list" == shown(nested)


class TestNothingDeclared:
    """Where no name would have been right."""

    def test_said(self) -> None:
        """That nothing of the kind is declared stands in place of the names."""
        (problem,) = wrong(UNKNOWN_NAME, "x", known=()).problems

        assert "one of: (nothing of the kind is declared)" == problem.expected("en")
        assert "以下之一：（没有声明任何此类名称）" == problem.expected("zh")


@pytest.mark.parametrize(
    ("value", "expected"),
    [(Fraction(197, 10), "19.7"), (Fraction(3), "3"), (Fraction(1, 3), "1/3"), (0.5, "0.5")],
)
def test_numbers_as_decimals(value: object, expected: str) -> None:
    """A fraction is shown as the decimal that it is, if it is one."""
    assert expected == shown(value)
