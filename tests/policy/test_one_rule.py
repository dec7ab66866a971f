"""One rule by itself says what a policy with it would, and names problems at their places."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow import InputError
from studioflow.codec import parse
from studioflow.policy import Document, OneRule, build_policy
from studioflow.rules import Pool

FACTS = """
[facts.essays]
type = "count"
label = { zh = "论文", en = "essays" }
unit = { zh = "篇", en = "essays" }
max = 20

[facts.quality]
type = "mark"
label = { zh = "质量", en = "quality" }
from = ["assessor"]
step = 1
max = 10
panel = { way = "mean", most = 9 }
"""
COUNT = """
kind = "count"
count = "essays"
norm = 4
points = 8
below = { each = 2, to = 0 }
"""
RULE = f"{FACTS}[rule]{COUNT}"
CONDITION = f'{FACTS}[condition]\nkind = "at_least"\nvalue = "essays"\nbound = 4\n'
QUANTITY = f'{FACTS}[quantity]\nkind = "shortfall"\nvalue = "essays"\nnorm = 4\n'


def problems(text: str) -> list[tuple[str, str]]:
    """Return the path and code of every problem that a text has."""
    with pytest.raises(InputError) as caught:
        OneRule.read(text)
    assert all(problem.file is None for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


class TestScoringRule:
    """A table `rule`."""

    @settings(max_examples=30, deadline=None, derandomize=True)
    @given(st.integers(0, 20))
    def test_it_gives_what_the_criterion_of_a_policy_gives(self, essays: int) -> None:
        """The same points, for the same reasons."""
        header = (
            'schema = "studioflow.policy/1"\nid = "p"\nversion = "1"\n'
            'label = { zh = "样例", en = "sample" }\n'
        )
        around = (
            '\n[roles.assessor]\nlabel = { zh = "评委", en = "assessor" }\n'
            '[sections.s]\nlabel = { zh = "部分", en = "part" }\n'
            '[criteria.c]\nsection = "s"\nlabel = { zh = "项目", en = "item" }\nmax = 8'
        )
        tables = parse(f"{header}{FACTS}{around}{COUNT}".encode())
        result = build_policy(Document(tables, "p")).score({"essays": essays}).criterion("c")
        rule = OneRule.read(RULE)
        assert result.points.points == rule.points({"essays": essays})
        said = "\n".join(reason.explain("zh") for reason in result.reasons)
        assert said == rule.explain({"essays": essays}, "zh")

    def test_while_a_fact_is_missing_there_is_a_range(self) -> None:
        """And no points; what is missing is named."""
        rule = OneRule.read(RULE)
        assert rule.points({}) is None
        assert ["0", "8"] == [str(end) for end in rule.range({})]
        assert rule.explain({}) == "not known yet: essays"

    def test_bounds_and_breakpoints(self) -> None:
        """What it can give at all, and where it bends."""
        rule = OneRule.read(RULE)
        assert ["0", "8"] == [str(end) for end in rule.bounds]
        assert ["4"] == [str(at) for at in rule.breakpoints.of["essays"]]

    def test_an_open_end(self) -> None:
        """Without a maximum of the fact there is none of the points."""
        text = RULE.replace("max = 20\n", "").partition("[rule]")[0]
        rule = OneRule.read(f'{text}[rule]\nkind = "each"\nof = "essays"\npoints = 2\n')
        assert ["0", "None"] == [str(end) for end in rule.bounds]
        assert rule.bounds == rule.range({})

    def test_several_marks(self) -> None:
        """A panel makes one of them."""
        bands = "bands = { all = { from = 0, to = 10 } }"
        rule = OneRule.read(f'{FACTS}[rule]\nkind = "marked"\nmark = "quality"\n{bands}\n')
        assert rule.points({"quality": Pool([Fraction(7), Fraction(8)])}) == Fraction(15, 2)

    def test_a_plain_maximum_of_its_own(self) -> None:
        """It is a criterion, and refused where it can give more than it says."""
        assert [("rule", "max_exceeded")] == problems(RULE + "max = 7\n")
        assert OneRule.read(RULE + "max = 8\n").bounds == OneRule.read(RULE).bounds


class TestCondition:
    """A table `condition`."""

    def test_it_holds_or_not_or_is_not_known(self) -> None:
        """With the reason."""
        rule = OneRule.read(CONDITION)
        found = [rule.holds({"essays": 4}), rule.holds({"essays": 3}), rule.holds({})]
        assert [True, False, None] == found
        assert rule.explain({"essays": 3}) == "essays: 3, fewer than 4"

    def test_its_threshold_is_a_breakpoint(self) -> None:
        """Exactly."""
        assert (Fraction(4),) == OneRule.read(CONDITION).breakpoints.of["essays"]


class TestQuantity:
    """A table `quantity`."""

    def test_its_value(self) -> None:
        """Known, and not known."""
        rule = OneRule.read(QUANTITY)
        assert [1, 0] == [rule.value({"essays": 3}), rule.value({"essays": 9})]
        assert rule.value({}) is None
        assert ["0", "4"] == [str(end) for end in rule.range({})]

    def test_what_is_not_defined_is_0_and_says_why(self) -> None:
        """A share of nothing."""
        text = f'{FACTS}[quantity]\nkind = "share"\npart = 1\nwhole = "essays"\n'
        rule = OneRule.read(text)
        assert rule.value({"essays": 0}) == 0
        assert rule.explain({"essays": 0}) == "the share is undefined: essays is 0"

    def test_a_name_or_a_number_is_one_too(self) -> None:
        """In place of a table."""
        assert OneRule.read(f'quantity = "essays"\n{FACTS}').value({"essays": 3}) == 3


class TestReading:
    """From text or a file."""

    def test_a_file(self, tmp_path: Path) -> None:
        """TOML, or JSON by its name."""
        toml, other = tmp_path / "rule.toml", tmp_path / "rule.json"
        toml.write_text(RULE, "utf-8")
        tables = parse(RULE.encode())
        other.write_text(json.dumps(tables, default=str), "utf-8")
        assert OneRule.read(toml).points({"essays": 3}) == 6
        assert OneRule.read(other).points({"essays": 3}) == 6

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        """As any file is."""
        with pytest.raises(InputError, match=r"rule\.toml"):
            OneRule.read(tmp_path / "rule.toml")

    def test_named_conditions_and_readings_stand_beside_it(self) -> None:
        """As in a policy file."""
        text = f"""{FACTS}
[readings.enough]
value = "four"
text = {{ zh = "未写明", en = "not said" }}
values = {{ four = {{ zh = "四篇", en = "four" }}, six = {{ zh = "六篇", en = "six" }} }}

[conditions.many]
label = {{ zh = "论文多", en = "many essays" }}
kind = "at_least"
value = "essays"
bound = {{ reading = "enough", four = 4, six = 6 }}

[condition]
kind = "all"
of = ["many"]
"""
        assert OneRule.read(text).holds({"essays": 4}) is True
        assert (
            OneRule.read(text.replace('value = "four"', 'value = "six"')).holds({"essays": 4})
            is False
        )


class TestProblems:
    """What is wrong, at its place in the text."""

    def test_in_the_rule(self) -> None:
        """The path begins with the table that stands there."""
        assert [("rule/norm", "out_of_bounds")] == problems(RULE.replace("norm = 4", "norm = -4"))
        wrong_name = CONDITION.replace('value = "essays"', 'value = "essay"')
        assert [("condition/value", "unknown_name")] == problems(wrong_name)
        wrong_name = QUANTITY.replace('value = "essays"', 'value = "essay"')
        assert [("quantity/value", "unknown_name")] == problems(wrong_name)

    def test_beside_it(self) -> None:
        """Facts have the path that they have in a policy."""
        assert [("facts/essays", "fact_declaration")] == problems(
            RULE.replace('unit = { zh = "篇", en = "essays" }\n', "")
        )

    def test_several_at_once(self) -> None:
        """All of them are told."""
        text = RULE.replace("norm = 4", 'norm = "4"').replace('= "essays"\nnorm', '= "essay"\nnorm')
        assert [("rule/count", "unknown_name"), ("rule/norm", "wrong_type")] == problems(text)

    @pytest.mark.parametrize("table", ["rule = 3\n", "rule = true\n", "condition = []\n"])
    def test_a_rule_that_is_no_table(self, table: str) -> None:
        """It is told, not raised as another error."""
        ((path, _),) = problems(table + FACTS)
        assert path in {"rule", "condition"}

    def test_none_or_two(self) -> None:
        """Exactly one table holds the rule."""
        assert [("", "one_rule")] == problems(FACTS)
        assert [("", "one_rule")] == problems(RULE + "[quantity]\nkind = 'sum'\nof = []\n")

    def test_a_table_of_a_whole_policy(self) -> None:
        """It has no place here."""
        assert [("grades", "unknown_key")] == problems(RULE + "[grades]\n")

    def test_what_is_handed_in(self) -> None:
        """As `Policy.score` says it."""
        with pytest.raises(InputError, match="facts/essays"):
            OneRule.read(RULE).points({"essays": 21})

    @pytest.mark.parametrize(
        ("text", "method"), [(RULE, "holds"), (RULE, "value"), (CONDITION, "points")]
    )
    def test_a_question_for_another_sort(self, text: str, method: str) -> None:
        """A programmer's mistake."""
        with pytest.raises(TypeError):
            getattr(OneRule.read(text), method)({})


class TestWhereSomeFactsAreKnown:
    """What is left of its shape."""

    SHARE = f"""{FACTS}
[facts.published]
type = "number"
label = {{ zh = "发表", en = "published" }}
unit = {{ zh = "篇", en = "essays" }}
step = 0.5
max = 20

[condition]
kind = "share"
part = "published"
whole = "essays"
percent = 50
"""

    def test_what_was_joint_is_a_value(self) -> None:
        """Half of seven."""
        rule = OneRule.read(self.SHARE)
        assert (frozenset({"essays", "published"}),) == rule.breakpoints.joint
        found = rule.breakpoints_where({"essays": 7})
        assert (["7/2"], ()) == ([str(at) for at in found.of["published"]], found.joint)
        found = rule.breakpoints_where({"published": Decimal("3.5"), "essays": None})
        assert ["0", "7"] == [str(at) for at in found.of["essays"]]

    def test_facts_that_do_not_fit_are_told(self) -> None:
        """At their places."""
        with pytest.raises(InputError, match="facts/essays"):
            OneRule.read(self.SHARE).breakpoints_where({"essays": 21})
