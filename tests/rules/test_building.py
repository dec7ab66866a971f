"""Names are looked up and tables are built, within bounds."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from time import perf_counter
from typing import Any

import pytest

from studioflow.algebra import Constant, Interpreter, Number, Numbers, Remark, Truth
from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    Fact,
    Names,
    Quantity,
    Scoring,
    condition_kind,
    quantity_kind,
    scoring_kind,
    teach_rules,
)
from studioflow.text import Text

Build = Callable[[object, Any], Any]
Refused = Callable[..., list[tuple[str, str]]]


class TestNames:
    """What a name in a rule can stand for."""

    def test_by_type(self, facts: Mapping[str, Fact]) -> None:
        """Flags and confirmations are truths, what can be computed with is a number."""
        names = Names(facts)
        assert {"present", "proper", "judged"} == names.flags()
        assert "papers" not in names.numbers()
        assert {"members", "hours", "goal", "opened"} <= names.numbers()

    def test_nearest_match(self, build: Callable[[object, Any], Any]) -> None:
        """A name that does not exist comes with the one that was meant perhaps."""
        with pytest.raises(InputError) as refused:
            build({"kind": "at_least", "value": "activites", "bound": 7}, Condition)
        (problem,) = refused.value.problems
        assert ("value", "activities") == (problem.path, problem.nearest)
        assert "did you mean activities?" in refused.value.explain("en")
        assert "是否想写 activities？" in refused.value.explain("zh")

    def test_all_at_once(self, refused: Refused) -> None:
        """Every problem of a rule is named, however deep."""
        table = {
            "kind": "all",
            "of": [
                "presnt",
                {"kind": "at_lest", "value": "members", "bound": 7},
                {"kind": "any", "of": ["proper", {"kind": "not"}, 3]},
                {"kind": "is", "fact": "papr", "value": "late", "label": {"zh": "x"}},
            ],
            "lable": "x",
        }
        assert [
            ("unknown_name", "of/0"),
            ("unknown_name", "of/1/kind"),
            ("missing_key", "of/2/of/1"),
            ("wrong_type", "of/2/of/2"),
            ("missing_key", "of/3/label"),
            ("unknown_key", "lable"),
        ] == refused(table, Condition)

    @pytest.mark.parametrize("kind", [None, 3, ["all"], {"all": 1}, True, "All"])
    def test_unknown_kinds(self, refused: Refused, kind: object) -> None:
        """A kind is the name of one, of whatever type it is in the file."""
        for cls in (Condition, Quantity, Scoring):
            assert [("unknown_name", "kind")] == refused({"kind": kind}, cls)

    @pytest.mark.parametrize("value", ["members", 3, None, ["goal"]])
    def test_facts_by_name(self, refused: Refused, value: object) -> None:
        """A key that wants a fact wants its name, and a mark where it is to be a mark."""
        table = {"kind": "marked", "mark": value, "bands": {"A": {"from": 1, "to": 2}}}
        code = "wrong_type" if value == "members" else "unknown_name"
        assert (code, "mark") == refused(table)[0]


class TestFault21:
    """A short file can not say a rule that takes for ever."""

    def teach(self, facts: Mapping[str, Fact], each: Mapping[str, Any], count: int) -> list[str]:
        """Build named conditions, each of the one before; return the codes of what is refused."""
        built: dict[str, Condition] = {}
        converter = strict_converter()
        teach_rules(converter, Names(facts, built))
        before, codes = "present", []
        for number in range(count):
            table = {key: before if item == "?" else item for key, item in each.items()}
            if isinstance(table["of"], list):
                table["of"] = [before if item == "?" else item for item in table["of"]]
            before = f"c{number}"
            try:
                built[before] = converter.structure(table, Condition)
            except InputError as refused:
                codes += [problem.code for problem in refused.problems]
                break
        return codes

    @pytest.mark.parametrize(
        "each",
        [
            {"kind": "all", "of": ["?", "?"]},
            {"kind": "any", "of": ["?"] * 10},
            {"kind": "k_of_n", "at_least": 1, "of": ["?", "?"]},
        ],
    )
    def test_fault_21_conditions_that_double(
        self, facts: Mapping[str, Fact], each: Mapping[str, Any]
    ) -> None:
        """Forty conditions, each of them twice the one before, would be a million million steps."""
        start = perf_counter()
        assert ["rule_too_large"] == self.teach(facts, each, 40)
        assert perf_counter() - start < 1

    def test_fault_21_conditions_in_a_chain(self, facts: Mapping[str, Fact]) -> None:
        """A chain of names is as deep as it is long, and recursion would not survive it."""
        assert ["rule_too_large"] == self.teach(facts, {"kind": "not", "of": "?"}, 5000)
        assert [] == self.teach(facts, {"kind": "not", "of": "?"}, 20)

    def test_fault_21_nested_caps(self, refused: Refused) -> None:
        """Every level of a capped sum looks at its inside more than once."""
        table: dict[str, Any] = {"kind": "points", "points": 1}
        for _ in range(18):
            table = {"kind": "sum", "of": [table], "cap": 5}
        start = perf_counter()
        assert ["rule_too_large"] == [code for code, _ in refused(table)]
        assert perf_counter() - start < 2

    def test_rules_of_some_size(self, build: Callable[[object, Any], Any]) -> None:
        """Rules as large as anyone means are no problem."""
        cases = [{"when": "team_size", "points": n} for n in range(60)]
        build({"kind": "cases", "cases": cases, "otherwise": 0}, Scoring)
        build({"kind": "all", "of": ["team_size"] * 500}, Condition)


class TestRegistry:
    """A kind is registered by its decorator."""

    def test_kinds_of_ones_own(self, facts: Mapping[str, Fact]) -> None:
        """A class becomes a kind that files can name, whatever its fields are."""

        @condition_kind("never")
        class Never:
            """Does not hold."""

            def truth(self) -> Truth:
                """State it."""
                return Constant(0) >= 1

            def wording(self) -> Text:
                """Say it."""
                return Text("从不", "never")

        @quantity_kind("zero")
        class Zero:
            """No number of things."""

            def number(self) -> Number:
                """State it."""
                return Constant(0)

            def wording(self) -> Text:
                """Say it."""
                return Text("零", "zero")

        @scoring_kind("nothing")
        class Nothing(Scoring):
            """No points."""

            def points(self) -> Number:
                """State them."""
                return Constant(0)

        try:
            converter = strict_converter()
            for cls in (Never, Zero, Nothing):
                converter.register_structure_hook(cls, lambda _, made: made())
            teach_rules(converter, Names(facts))
            assert "never" == converter.structure({"kind": "never"}, Condition).label.en
            assert "zero" == converter.structure({"kind": "zero"}, Quantity).label.en
            assert isinstance(converter.structure({"kind": "nothing"}, Scoring), Nothing)
        finally:
            del CONDITIONS["never"], QUANTITIES["zero"], SCORINGS["nothing"]


SHARE = {"kind": "share", "part": "output", "whole": "trainees", "percent": 80}
BELOW = {"each": 1, "to": 0}
COUNTED = {"kind": "count", "count": "activities", "norm": 4, "points": 4, "below": BELOW}
YEARS = {"counts": ["year_1", "year_2"], "norm": 2, "each": 1}


class TestNonsense:
    """Numbers that no rule can have meant."""

    @pytest.mark.parametrize(
        ("table", "path"),
        [
            ({**COUNTED, "norm": -1}, "norm"),
            ({**COUNTED, "points": -1, "below": {"each": 1, "to": -2}}, "points"),
            ({**COUNTED, "below": {"each": -1, "to": 0}}, "below/each"),
            ({**COUNTED, "above": {"each": -1, "to": 9}}, "above/each"),
            ({**COUNTED, "yearly": {**YEARS, "norm": -1}}, "yearly/norm"),
            ({**COUNTED, "yearly": {**YEARS, "each": -1}}, "yearly/each"),
            (
                {"kind": "bonus", "items": {"a": {"when": "present", "points": -1}}},
                "items/a/points",
            ),
        ],
    )
    def test_negative(self, refused: Refused, table: dict[str, object], path: str) -> None:
        """A norm, what one more or less brings, and a bonus are not below 0."""
        assert [("out_of_bounds", path)] == refused(table)

    @pytest.mark.parametrize("percent", [-1, 101, Fraction(201, 2)])
    def test_percent(self, refused: Refused, percent: object) -> None:
        """A share lies between 0 and 100 per cent, both included."""
        assert [("out_of_bounds", "percent")] == refused({**SHARE, "percent": percent}, Condition)

    @pytest.mark.parametrize("percent", [0, 100])
    def test_bounds_of_percent(self, build: Build, percent: int) -> None:
        """Nothing and all of it are shares, too."""
        assert isinstance(build({**SHARE, "percent": percent}, Condition), Condition)


class TestDefined:
    """Whether a condition has anything to judge."""

    @pytest.mark.parametrize(
        ("table", "expected"),
        [
            (SHARE, False),
            ({"kind": "not", "of": SHARE}, False),
            ({"kind": "all", "of": ["present", SHARE]}, False),
            ({"kind": "any", "of": ["present", SHARE]}, False),
            ({"kind": "k_of_n", "at_least": 1, "of": ["present", SHARE]}, False),
            ({"kind": "all", "of": ["present"]}, True),
            ("present", True),
            ({"kind": "at_least", "value": "trainees", "bound": 1}, True),
        ],
    )
    def test_share_of_nothing(self, build: Build, table: object, *, expected: bool) -> None:
        """A share of nothing is not defined, nor is what is put together from one."""
        remarks: list[Remark] = []
        defined = Interpreter(Numbers()).truth(build(table, Condition).defined)
        held = defined({"present": True, "trainees": 0, "output": 0}, remarks)

        assert expected is held
        assert ([] if expected else ["share_undefined"]) == [r.message.code for r in remarks]
