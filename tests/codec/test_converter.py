"""Plain values become attrs classes without coercion, and all problems come at once."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import pytest
from attrs import field, frozen

from studioflow.codec import (
    MAX_PROBLEMS,
    TOO_MANY_PROBLEMS,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
    OneOrMore,
    checked_text,
    equip,
    exact_number,
    is_identifier,
    strict_converter,
    wrong,
)
from studioflow.errors import InputError, Problem


@frozen
class Visit:
    """A class with a field of every sort."""

    members: int
    label: str = "visit"
    complete: bool = False
    points: Fraction | None = None
    on: date | None = None
    kind: Literal["open", "closed"] = "open"
    by: tuple[str, ...] = ()
    states: OneOrMore | None = None
    counts: Mapping[str, int] = field(factory=dict)
    start: int = field(default=0, metadata={"key": "from"})


@frozen
class Inline:
    """A class that takes every other key for a part of it."""

    label: str
    visit: Visit = field(metadata={"rest": True})


def load(document: object, cls: Any = Visit) -> Any:  # noqa: ANN401 - whatever the class is
    """Load a document strictly."""
    return strict_converter().structure(document, cls)


def problems(document: object, cls: Any = Visit) -> list[Problem]:  # noqa: ANN401
    """Return the problems of a document that has to be refused."""
    with pytest.raises(InputError) as refused:
        load(document, cls)
    return list(refused.value.problems)


class TestLoading:
    """What is right is loaded as it stands."""

    def test_every_sort(self) -> None:
        """Every sort of field takes the plain value that files have for it."""
        document = {
            "members": 7,
            "label": " 成员 ",
            "complete": True,
            "points": Decimal("0.5"),
            "on": date(2023, 3, 31),
            "kind": "closed",
            "by": ["p-1", "p-2"],
            "states": "declared",
            "counts": {"a": 1},
            "from": 2,
        }
        expected = Visit(
            members=7,
            label=" 成员 ",
            complete=True,
            points=Fraction(1, 2),
            on=date(2023, 3, 31),
            kind="closed",
            by=("p-1", "p-2"),
            states=OneOrMore(("declared",)),
            counts={"a": 1},
            start=2,
        )
        assert expected == load(document)

    def test_none(self) -> None:
        """The word "none" says that there is nothing, which TOML has no other way to say."""
        assert load({"members": 1}) == load({"members": 1, "points": "none", "states": None})

    def test_dates_of_json(self) -> None:
        """JSON has no dates: text in the one form that everybody reads is one."""
        assert date(2023, 3, 31) == load({"members": 1, "on": "2023-03-31"}).on

    def test_several_words(self) -> None:
        """Where one word will do, a list of them does, too."""
        assert ("a", "b") == load({"members": 1, "states": ["a", "b"]}).states

    def test_the_rest_stands_inline(self) -> None:
        """Keys that belong to no other field make up the part that takes the rest."""
        assert Inline("x", Visit(7)) == load({"label": "x", "members": 7}, Inline)

    def test_equip_returns_the_converter(self) -> None:
        """A converter of one's own can be taught the same."""
        converter = strict_converter()
        assert converter is equip(converter)


class TestFault22:
    """Nothing is coerced: what is not of the type is refused."""

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("members", Decimal("3.9")),
            ("members", Decimal("3.0")),
            ("members", 3.0),
            ("members", True),
            ("members", "3"),
            ("members", None),
            ("complete", "false"),
            ("complete", 1),
            ("complete", 0),
            ("label", 3),
            ("label", b"x"),
            ("points", 0.5),
            ("points", "0.5"),
            ("points", True),
            ("on", datetime(2023, 3, 31, tzinfo=UTC)),
            ("on", "20230331"),
            ("on", "2023-W13-5"),
            ("on", "2023-02-30"),
            ("on", "２０２３-０３-３１"),
            ("on", 20230331),
            ("by", "p-1"),
            ("by", {"p-1": 1}),
            ("counts", ["a"]),
        ],
    )
    def test_fault_22_coercions(self, key: str, value: object) -> None:
        """A value of another type is refused at its path, however near it comes."""
        (problem,) = problems({"members": 1, key: value})
        assert ("wrong_type", key) == (problem.code, problem.path)

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (Decimal("NaN"), "not_finite"),
            (Decimal("sNaN"), "not_finite"),
            (Decimal("-Infinity"), "not_finite"),
            (Decimal("1e999999999"), "too_many_digits"),
            (Decimal("1e-999999999"), "too_many_digits"),
            (10**15, "too_many_digits"),
            (-(10**16), "too_many_digits"),
            (Fraction(1, 10**16), "too_many_digits"),
            (Fraction(10**15), "too_many_digits"),
        ],
    )
    def test_fault_21_numbers_from_python(self, value: object, code: str) -> None:
        """Numbers that did not come from a file are held to the same bounds."""
        (problem,) = problems({"members": 1, "points": value})
        assert (code, "points") == (problem.code, problem.path)

    def test_fault_21_whole_numbers_from_python(self) -> None:
        """So are whole numbers."""
        assert ["too_many_digits"] == [problem.code for problem in problems({"members": 10**5000})]

    @pytest.mark.parametrize("value", [999_999_999_999_999, Fraction(1, 3), Decimal("0.000001")])
    def test_exact_numbers(self, value: int | Fraction | Decimal) -> None:
        """Whatever is exact and of some size is a number."""
        assert Fraction(value) == exact_number(value)


class TestProblems:
    """All problems of a document, each at its path."""

    def test_all_at_once(self) -> None:
        """A document is read to its end, and what is missing is said after what is wrong."""
        document = {
            "label": "  ",
            "kind": "opem",
            "by": ["p-1", 2, "p\u200b"],
            "counts": {"a": 1, " ": 2, "b": "x"},
            "memmbers": 3,
        }
        expected = [
            ("empty_text", "label"),
            ("unknown_name", "kind"),
            ("wrong_type", "by/1"),
            ("bad_character", "by/2"),
            ("empty_text", "counts/ "),
            ("wrong_type", "counts/b"),
            ("unknown_key", "memmbers"),
            ("missing_key", ""),
        ]
        found = problems(document)
        assert expected == [(problem.code, problem.path) for problem in found]
        assert ["open", "members"] == [p.nearest for p in found if p.nearest is not None]

    def test_no_table(self) -> None:
        """A class is made of a table."""
        assert [("wrong_type", "")] == [(p.code, p.path) for p in problems([1])]

    def test_the_rest(self) -> None:
        """Problems of the rest stand where its keys stand."""
        found = problems({"label": "x", "members": "7", "unknown": 1}, Inline)
        expected = [("wrong_type", "members"), ("unknown_key", "unknown")]
        assert expected == [(problem.code, problem.path) for problem in found]

    def test_literals_of_other_types(self) -> None:
        """A word is one of the words, and True is none of them."""
        for value in (True, 1, ["open"], Decimal("sNaN")):
            assert ["unknown_name"] == [p.code for p in problems({"members": 1, "kind": value})]

    def test_keys_that_are_spelt_differently(self) -> None:
        """Two spellings of one key are refused in plain tables, too."""
        counts = {"e\u0301": 1, "\u00e9": 2}
        (problem,) = problems({"members": 1, "counts": counts})
        assert ("duplicate_key", "counts/é") == (problem.code, problem.path)

    def test_fault_21_bounded(self) -> None:
        """So many problems that they help nobody end the reading."""
        found = problems({"members": 1, "by": [1] * 100_000})
        assert MAX_PROBLEMS + 1 == len(found)
        assert TOO_MANY_PROBLEMS is found[-1].expects


class TestCollector:
    """Several parts are checked before anything is raised."""

    def test_nothing_to_raise(self) -> None:
        """Where nothing was wrong, nothing is raised."""
        collector = Collector()
        with collector.under("a"):
            pass
        collector.finish()
        assert [] == collector.problems

    def test_paths_are_lengthened_from_within(self) -> None:
        """Each collector adds its keys, or none."""
        outer, inner = Collector(), Collector()
        with outer.under("a", 0):
            with inner.under("b"):
                raise wrong(WRONG_TYPE, 1, type="x")
            inner.finish()
        assert ["a/0/b"] == [problem.path for problem in outer.problems]
        with pytest.raises(InputError):
            outer.finish()

    def test_other_errors_pass(self) -> None:
        """What is no bad input is nothing to gather."""
        collector = Collector()
        with pytest.raises(ZeroDivisionError), collector.under("a"):
            _ = 1 // 0
        assert [] == collector.problems


class TestWords:
    """Names and text on their own."""

    @pytest.mark.parametrize("name", ["activities", "site_1", "_x"])
    def test_identifiers(self, name: str) -> None:
        """Lower-case letters, digits and underscores make a name."""
        assert is_identifier(name)

    @pytest.mark.parametrize("name", ["", "1a", "Members", "a-b", "a b", "成员", "a.b", "ａ"])
    def test_no_identifiers(self, name: str) -> None:
        """Anything else does not, since names end up in generated code."""
        assert not is_identifier(name)

    def test_fault_26_nfc(self) -> None:
        """Text comes out in one spelling."""
        assert "é" == checked_text("e\u0301")

    def test_known_names_are_listed_up_to_a_point(self) -> None:
        """A list of thousands of names helps nobody; the nearest one does."""
        error = wrong(UNKNOWN_NAME, "name_0500x", known=[f"name_{n:04}" for n in range(1000)])
        (problem,) = error.problems
        assert "name_0500" == problem.nearest
        assert problem.expected("en").endswith("name_0039, …")
