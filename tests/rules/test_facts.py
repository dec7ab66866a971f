"""Facts: what may be handed in for each type, and what follows from it for the others."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

import pytest

from studioflow.algebra import Maybe, Range, Words
from studioflow.codec import strict_converter
from studioflow.errors import InputError, Problem
from studioflow.rules import Fact, check_names, known
from studioflow.text import Text

LABEL = {"zh": "名", "en": "name"}
COUNT: dict[str, Any] = {"type": "count", "label": LABEL, "unit": LABEL}
NUMBER: dict[str, Any] = {**COUNT, "type": "number", "step": Decimal("0.5")}
MARK: dict[str, Any] = {"type": "mark", "label": LABEL, "from": ["assessor"], "step": 1}
NEEDED: dict[str, dict[str, Any]] = {
    "count": COUNT,
    "number": NUMBER,
    "mark": MARK,
    "flag": {"type": "flag", "label": LABEL},
    "confirmation": {"type": "confirmation", "label": LABEL, "from": ["assessor"]},
    "choice": {"type": "choice", "label": LABEL, "values": {"late": LABEL}},
    "date": {"type": "date", "label": LABEL},
}


def declared(table: Mapping[str, object], name: str = "x") -> Fact:
    """Return the fact that a table declares."""
    return strict_converter().structure({**table, "name": name}, Fact)


def problems(table: Mapping[str, object]) -> list[Problem]:
    """Return the problems of a declaration that has to be refused."""
    with pytest.raises(InputError) as refused:
        declared(table)
    return list(refused.value.problems)


def refusals(facts: Mapping[str, Fact], **values: object) -> list[tuple[str, str]]:
    """Return code and path of every problem of values that have to be refused."""
    with pytest.raises(InputError) as refused:
        known(facts, values)
    return [(problem.code, problem.path) for problem in refused.value.problems]


def whole_and_parts(**parts: dict[str, object]) -> dict[str, Fact]:
    """Return counts up to 50, each with more keys."""
    return {
        name: declared({**COUNT, "max": 50, **table}, name=name) for name, table in parts.items()
    }


class TestDeclaration:
    """What a fact has to say about itself."""

    @pytest.mark.parametrize(
        ("table", "needs"),
        [
            ({"type": "count"}, ["unit"]),
            ({"type": "number"}, ["unit", "step"]),
            ({"type": "mark"}, ["from", "step"]),
            ({"type": "confirmation"}, ["from"]),
            ({"type": "choice"}, ["values"]),
        ],
    )
    def test_what_each_type_needs(self, table: dict[str, object], needs: list[str]) -> None:
        """A unit for what is counted, words for a choice, a judge for a judgement: all at once."""
        found = problems({**table, "label": LABEL})
        assert ["fact_declaration"] * len(needs) == [problem.code for problem in found]
        assert needs == [problem.parameters["needs"] for problem in found]

    @pytest.mark.parametrize("table", [{"type": "flag"}, {"type": "date"}])
    def test_what_needs_nothing(self, table: dict[str, object]) -> None:
        """Flags and dates need a label alone."""
        assert declared({**table, "label": LABEL}).type == table["type"]

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({"min": 2, "max": 1}, [("bounds_order", "")]),
            ({"step": 0}, [("step_positive", "step")]),
            ({"step": Decimal("-0.5")}, [("step_positive", "step")]),
            ({"min": Decimal("0.25")}, [("off_step", "min")]),
            ({"max": Decimal("9.75"), "min": 10}, [("off_step", "max"), ("bounds_order", "")]),
        ],
    )
    def test_bounds(self, more: dict[str, object], expected: list[tuple[str, str]]) -> None:
        """Bounds are values that the fact can have, in order."""
        found = problems({**NUMBER, **more})
        assert expected == [(problem.code, problem.path) for problem in found]

    @pytest.mark.parametrize(
        ("type_", "step"),
        [("count", Decimal("0.5")), ("flag", 1), ("confirmation", 1), ("choice", 1)],
    )
    def test_steps_of_no_use(self, type_: str, step: object) -> None:
        """Only numbers and marks have parts, and what is no number has no step at all."""
        table = {**NEEDED[type_], "step": step}
        assert [("step_unused", "step")] == [(p.code, p.path) for p in problems(table)]

    @pytest.mark.parametrize(
        ("type_", "more", "unused"),
        [
            ("flag", {"min": 1, "max": 3, "unit": LABEL}, ["min", "max", "unit"]),
            ("confirmation", {"min": "none", "values": {"a": LABEL}}, ["min", "values"]),
            ("choice", {"max": 3, "unit": LABEL}, ["max", "unit"]),
            ("date", {"unit": LABEL}, ["unit"]),
            ("count", {"values": {"a": LABEL}}, ["values"]),
        ],
    )
    def test_keys_of_no_use(self, type_: str, more: dict[str, Any], unused: list[str]) -> None:
        """What says nothing of a fact of that type is refused, each key at its place."""
        found = problems({**NEEDED[type_], **more})
        assert [("key_unused", key) for key in unused] == [(p.code, p.path) for p in found]

    def test_counts_in_dozens(self) -> None:
        """A count may come in whole steps."""
        assert 12 == declared({**COUNT, "step": 12}).step

    @pytest.mark.parametrize("type_", ["mark", "confirmation"])
    def test_marked_by_nobody(self, type_: str) -> None:
        """An empty list of roles is none: somebody has to give a mark."""
        table = {**MARK, "type": type_, "from": []}
        needs = {"fact_declaration"} | ({"step_unused"} if type_ == "confirmation" else set())
        assert needs == {problem.code for problem in problems(table)}

    def test_counts_are_whole(self) -> None:
        """A count has no bound that is no whole number."""
        assert ["off_step"] == [p.code for p in problems({**COUNT, "max": Decimal("7.5")})]

    def test_names(self) -> None:
        """Names are identifiers, and a part names a whole of its own type: all problems at once."""
        facts = whole_and_parts(
            trainees={}, itself={"at_most": "itself"}, typo={"at_most": "trainee"}
        )
        facts["Members"] = declared(COUNT)
        facts["mark"] = declared({**MARK, "at_most": "trainees"})
        with pytest.raises(InputError) as refused:
            check_names(facts)
        assert [
            ("unknown_name", "itself/at_most"),
            ("unknown_name", "typo/at_most"),
            ("not_an_identifier", "Members"),
            ("unknown_name", "mark/at_most"),
        ] == [(problem.code, problem.path) for problem in refused.value.problems]
        assert "trainees" == refused.value.problems[1].nearest

    def test_bounds_that_leave_no_room(self) -> None:
        """A part whose least is above the most of its whole is refused before anything is known."""
        facts = whole_and_parts(part={"min": 10, "at_most": "whole"}, whole={"max": 5})
        with pytest.raises(InputError) as refused:
            check_names(facts)
        expected = "part: [more_than_whole] got 10, expected at most whole (5)"
        assert expected == refused.value.explain("en")

    def test_kinds_of_types(self) -> None:
        """Some types can be computed with, some are given by a person."""
        types = {name: declared(table) for name, table in NEEDED.items()}
        assert ["count", "number", "mark"] == [n for n, f in types.items() if f.numeric]
        assert ["count", "number", "mark", "date"] == [n for n, f in types.items() if f.ordered]
        assert ["mark", "confirmation"] == [n for n, f in types.items() if f.judged]


class TestValues:
    """What may be handed in."""

    @pytest.mark.parametrize(
        ("table", "value", "units"),
        [
            (COUNT, 0, 0),
            ({**COUNT, "max": 7}, 7, 7),
            (NUMBER, Decimal("2.5"), 5),
            (NUMBER, Fraction(5, 2), 5),
            (NUMBER, 2, 4),
            ({**NUMBER, "min": -1}, -1, -2),
            ({**NUMBER, "min": "none"}, -1000, -2000),
            ({**MARK, "max": 10}, Decimal("10.0"), 10),
            ({"type": "flag", "label": LABEL}, False, False),
            ({"type": "confirmation", "label": LABEL, "from": ["a"]}, True, True),
            ({"type": "choice", "label": LABEL, "values": {"late": LABEL}}, "late", "late"),
            ({"type": "date", "label": LABEL}, date(2023, 3, 31), 738610),
        ],
    )
    def test_accepted(self, table: dict[str, object], value: object, units: object) -> None:
        """A value comes out in whole units of the step, and back as it was."""
        fact = declared(table)
        found = fact.units(value)
        assert (units, type(units)) == (found, type(found))
        assert value == fact.value(found)

    def test_a_day_as_json_has_it(self) -> None:
        """A day may be its ISO form, and comes back as a day."""
        fact = declared({"type": "date", "label": LABEL})
        assert date(2023, 3, 31) == fact.value(fact.units("2023-03-31"))

    @pytest.mark.parametrize(
        ("table", "value", "code"),
        [
            (COUNT, -1, "out_of_bounds"),
            ({**COUNT, "max": 7}, 8, "out_of_bounds"),
            (NUMBER, Decimal("-0.5"), "out_of_bounds"),
            ({**MARK, "max": 10}, Decimal("10.5"), "out_of_bounds"),
            (NUMBER, Decimal("2.25"), "off_step"),
            (NUMBER, Fraction(1, 3), "off_step"),
            (MARK, Decimal("7.5"), "off_step"),
            ({"type": "choice", "label": LABEL, "values": {"late": LABEL}}, "Late", "unknown_name"),
        ],
    )
    def test_refused(self, table: dict[str, object], value: object, code: str) -> None:
        """What is outside the bounds, off the step or no word of the choice is refused."""
        assert [(code, "x")] == refusals({"x": declared(table)}, x=value)

    @pytest.mark.parametrize(
        ("type_", "value"),
        [
            ("count", True),
            ("count", Decimal("3.9")),
            ("count", Decimal(3)),
            ("count", 3.0),
            ("count", "3"),
            ("number", 0.5),
            ("number", "0.5"),
            ("number", False),
            ("mark", 9.0),
            ("mark", True),
            ("flag", "false"),
            ("flag", 0),
            ("confirmation", "yes"),
            ("choice", True),
            ("choice", ["late"]),
            ("date", "31.3.2023"),
            ("date", "2023-02-30"),
            ("date", "20230331"),
            ("date", datetime(2023, 3, 31, tzinfo=UTC)),
        ],
    )
    def test_fault_22_coercions(self, type_: str, value: object) -> None:
        """Nothing is coerced, however near it comes."""
        fact = declared(NEEDED[type_])
        assert [("wrong_type", "x")] == refusals({"x": fact}, x=value)

    @pytest.mark.parametrize(
        ("value", "code"),
        [
            (Decimal("NaN"), "not_finite"),
            (Decimal("sNaN"), "not_finite"),
            (Decimal("Infinity"), "not_finite"),
            (Decimal("1e999999999"), "too_many_digits"),
            (10**15, "too_many_digits"),
        ],
    )
    @pytest.mark.parametrize("table", [NUMBER, {**MARK, "max": "none"}])
    def test_fault_21_numbers(self, table: dict[str, object], value: object, code: str) -> None:
        """What is no number, or a monstrous one, is refused before anything is computed."""
        assert [(code, "x")] == refusals({"x": declared(table)}, x=value)

    def test_fault_21_counts(self) -> None:
        """A count of thousands of digits is refused, too."""
        assert [("too_many_digits", "x")] == refusals({"x": declared(COUNT)}, x=10**5000)

    def test_all_at_once(self) -> None:
        """Every problem is named, unknown names with the one that was meant perhaps."""
        facts = {"members": declared(COUNT), "papers": declared({"type": "flag", "label": LABEL})}
        with pytest.raises(InputError) as refused:
            known(facts, {"membres": 7, "members": -1, "papers": "false"})
        found = [(p.code, p.path, p.nearest) for p in refused.value.problems]
        assert [
            ("unknown_name", "membres", "members"),
            ("out_of_bounds", "members", None),
            ("wrong_type", "papers", None),
        ] == found

    def test_problems_in_both_languages(self) -> None:
        """Bounds are said as they are, open ends as infinite."""
        facts = {"x": declared({**COUNT, "min": 1})}
        with pytest.raises(InputError) as refused:
            known(facts, {"x": 0})
        assert "x: [out_of_bounds] got 0, expected 1 to ∞" == refused.value.explain("en")
        assert "x：[out_of_bounds] 得到 0，应为1 至 ∞" == refused.value.explain("zh")


class TestUnknown:
    """None and a missing name mean "not known yet"."""

    def test_absent(self) -> None:
        """What is not known is among no values, and can be all that it may be."""
        facts = {
            "count": declared({**COUNT, "max": 7}, "count"),
            "open": declared({**NUMBER, "min": "none"}, "open"),
            "flag": declared({"type": "flag", "label": LABEL}, "flag"),
            "word": declared({"type": "choice", "label": LABEL, "values": {"a": LABEL}}, "word"),
        }
        found = known(facts, {"count": None, "flag": None})
        assert ({}, {}) == (found.values, found.units)
        assert {
            "count": Range(0, 7, frozenset({"count"})),
            "open": Range(-inf, inf, frozenset({"open"})),
            "flag": Maybe(None, frozenset({"flag"})),
            "word": Words(frozenset({"a"}), frozenset({"word"})),
        } == found.ranges

    def test_known(self) -> None:
        """What is known is just that, and 0 and False are known."""
        facts = {
            "count": declared(COUNT, "count"),
            "flag": declared({"type": "flag", "label": LABEL}, "flag"),
            "word": declared({"type": "choice", "label": LABEL, "values": {"a": LABEL}}, "word"),
        }
        found = known(facts, {"count": 0, "flag": False, "word": "a"})
        assert {
            "count": Range(0, 0),
            "flag": Maybe(value=False),
            "word": Words(frozenset({"a"})),
        } == found.ranges


class TestAtMost:
    """A part can not exceed its whole."""

    def test_equal(self) -> None:
        """Everybody may have what is counted."""
        facts = whole_and_parts(trainees={}, output={"at_most": "trainees"})
        assert {"trainees": 7, "output": 7} == known(facts, {"trainees": 7, "output": 7}).units

    def test_more(self) -> None:
        """A part above its whole is refused at the part."""
        facts = whole_and_parts(trainees={}, output={"at_most": "trainees"})
        assert [("more_than_whole", "output")] == refusals(facts, trainees=6, output=7)

    def test_more_than_a_whole_that_is_not_known(self) -> None:
        """A part above all that its whole can be is refused, though the whole is not known."""
        facts = whole_and_parts(trainees={"max": 6}, output={"at_most": "trainees"})
        assert [("more_than_whole", "output")] == refusals(facts, output=7)

    def test_less_than_a_part_that_is_not_known(self) -> None:
        """A whole below all that its part can be is refused at the whole."""
        facts = whole_and_parts(trainees={}, output={"at_most": "trainees", "min": 3})
        assert [("less_than_part", "trainees")] == refusals(facts, trainees=2)

    def test_unknown_ones_bound_each_other(self) -> None:
        """A part bounds its whole from below, and a whole its parts from above, over any steps."""
        facts = whole_and_parts(a={"at_most": "b"}, b={"at_most": "c"}, c={"at_most": "d"}, d={})
        found = known(facts, {"a": 5}).ranges
        assert [(5, 50)] * 3 == [found[name][:2] for name in "bcd"]
        found = known(facts, {"d": 5}).ranges
        assert [(0, 5)] * 3 == [found[name][:2] for name in "abc"]
        found = known(facts, {"a": 5, "d": 5}).ranges
        assert Range(5, 5, frozenset({"b"})) == found["b"]

    @pytest.mark.parametrize("order", [1, -1])
    def test_long_chains(self, order: int) -> None:
        """A chain of thousands takes a moment, in whatever order it is declared."""
        chain: dict[str, dict[str, object]] = {
            f"f{n}": {"at_most": f"f{n + 1}"} if n < 3000 else {} for n in range(3001)
        }
        facts = whole_and_parts(**dict(list(chain.items())[::order]))
        found = known(facts, {"f0": 4, "f3000": 5}).ranges
        assert (4, 5) == found["f1500"][:2]

    def test_parts_of_each_other(self) -> None:
        """Facts that are parts of each other are all the same."""
        facts = whole_and_parts(a={"at_most": "b"}, b={"at_most": "c"}, c={"at_most": "a"})
        found = known(facts, {"b": 5}).ranges
        assert [(5, 5)] * 3 == [found[name][:2] for name in "abc"]

    def test_over_several_steps(self) -> None:
        """A contradiction over an unknown fact between two known ones is found."""
        facts = whole_and_parts(a={"at_most": "b"}, b={"at_most": "c"}, c={})
        assert [("more_than_whole", "a"), ("less_than_part", "c")] == refusals(facts, a=6, c=5)

    def test_steps_that_differ(self) -> None:
        """Whole and part are compared as numbers, whatever their steps are."""
        facts = {
            "part": declared({**NUMBER, "at_most": "whole"}, "part"),
            "whole": declared({**NUMBER, "step": 1, "max": 50}, "whole"),
        }
        assert {"part": 6, "whole": 4} == known(facts, {"part": 3, "whole": 4}).units
        assert [("more_than_whole", "part")] == refusals(facts, part=Decimal("4.5"), whole=4)
        assert 5 == known(facts, {"part": Decimal("4.5")}).ranges["whole"][0]
        assert 8 == known(facts, {"whole": 4}).ranges["part"][1]


def test_terms() -> None:
    """A fact's term has its denominator and its bounds."""
    term = declared({**NUMBER, "min": "none", "max": 3}).number()
    assert ("x", 2, -inf, 3) == (term.name, term.denominator, term.low, term.high)


def test_labels() -> None:
    """A fact has its words in both languages."""
    assert Text("名", "name") == declared(COUNT).label
