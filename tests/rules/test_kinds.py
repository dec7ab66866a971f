"""What holds of every kind of rule, and of kinds still to come."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.algebra import (
    Annotation,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Maybe,
    Number,
    Numbers,
    Opaque,
    Range,
    Ranges,
    RefusedError,
    Rounding,
    Truth,
    bounds,
    names,
)
from studioflow.errors import InputError
from studioflow.rules import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    Fact,
    Quantity,
    Scoring,
    known,
)

Build = Callable[[object, Any], Any]
Completions = Callable[..., Iterator[Mapping[str, Any]]]

SHARE = {"kind": "share", "part": "output", "whole": "trainees", "percent": 50}
MARKED = {
    "kind": "marked",
    "mark": "half",
    "bands": {
        "A": {"from": 8, "to": 10, "when": SHARE},
        "B": {"from": 5, "to": 7, "when": "proper"},
    },
    "gap": "lower_band",
}
POINTS = {"kind": "points", "points": Decimal("2.5")}
ENOUGH = {"kind": "at_least", "value": "members", "bound": 7}

CONDITION_TABLES: dict[str, Any] = {
    "all": {"kind": "all", "of": ["present", ENOUGH]},
    "any": {"kind": "any", "of": ["present", SHARE]},
    "not": {"kind": "not", "of": SHARE},
    "k_of_n": {"kind": "k_of_n", "at_least": 2, "of": ["present", "proper", ENOUGH]},
    "in_range": {"kind": "in_range", "value": "hours", "min": Decimal("0.5"), "max": 2},
    "at_least": {"kind": "at_least", "value": {"kind": "shortfall", "value": "members", "norm": 9},
                 "bound": "trainees"},
    "at_most": {"kind": "at_most", "value": {"kind": "sum", "of": ["members", "hours"]},
                "bound": Decimal("7.5")},
    "share": {**SHARE, "rounded": True},
    "is": {"kind": "is", "fact": "papers", "value": ["in_time", "late"]},
    "site_check": {"kind": "site_check"},
}  # fmt: skip
QUANTITY_TABLES: dict[str, Any] = {
    "sum": {"kind": "sum", "of": ["members", "hours", 1]},
    "shortfall": {"kind": "shortfall", "value": "members", "norm": "trainees"},
    "share": {"kind": "share", "part": "output", "whole": "trainees", "rounded": Decimal("0.5")},
}
SCORING_TABLES: dict[str, Any] = {
    "marked": MARKED,
    "count": {"kind": "count", "count": "activities", "norm": 16, "points": 16,
              "above": {"mark": "goal", "to": 20}, "below": {"each": Decimal("0.5"), "to": 4}},
    "cases": {"kind": "cases", "cases": [{"when": CONDITION_TABLES["is"], "points": 4},
                                         {"when": "present", "points": 2}], "otherwise": 0},
    "deduct": {"kind": "deduct", "start": {**MARKED, "mark": "goal"}, "each": Decimal("0.5"),
               "faults": "faults", "floor": "band"},
    "bonus": {"kind": "bonus", "cap": 3, "items": {"a": {"when": ENOUGH, "points": 2},
                                                   "b": {"when": "present", "points": 2}}},
    "sum": {"kind": "sum", "of": [{**MARKED, "cap": 8}, POINTS], "cap": 10, "floor": 1},
    "each": {"kind": "each", "of": "wins", "points": {"first": {"county": 2, "city": 5}},
             "counts_as": {"prize": {"title": "first"}}, "caps": {"first": 20}, "cap": 18},
    "percent": {"kind": "percent", "of": {**MARKED, "mark": "goal"}, "rounded": Decimal("0.5"),
                "percent": {"kind": "share", "part": "output", "whole": "trainees"}},
    "points": POINTS,
    # No kind of its own: values that depend on a fact, in the rule and in a condition of it.
    "by": {"kind": "cases",
           "cases": [{"when": {"kind": "at_least", "value": "faults",
                               "bound": {"by": "opened", "otherwise": 2, "2023-01-01": 3}},
                      "points": {"by": "judged", "true": 8, "false": 2}}],
           "otherwise": {"by": "papers", "otherwise": 4,
                         "late": {"kind": "each", "of": "year_1", "points": 3}}},
}  # fmt: skip

Noted = Annotation[str, str]


class Written:
    """A third interpretation, written for this test: terms as formulas that can be read."""

    def constant(self, value: int) -> str:
        """Write a number."""
        return str(value)

    def number(self, fact: FactNumber) -> str:
        """Write a name."""
        return fact.name

    def add(self, terms: Sequence[str]) -> str:
        """Write a sum."""
        return f"({' + '.join(terms)})"

    def multiply(self, left: str, right: str) -> str:
        """Write a product."""
        return f"{left}·{right}"

    def divide(self, left: str, right: str) -> str:
        """Write a quotient."""
        return f"{left}/{right}"

    def rounded(self, value: str, times: int, over: int, way: Rounding) -> str:
        """Write what is rounded, and how."""
        return f"{way}({value}·{times}/{over})"

    def opaque(
        self, term: Opaque, numbers: Sequence[tuple[str, int]], truths: Sequence[str]
    ) -> str:
        """Write what Python is given."""
        return f"python({', '.join([*(n for n, _ in numbers), *truths, *map(str, term.words)])})"

    def smallest(self, terms: Sequence[str]) -> str:
        """Write what is applied to several."""
        return f"min({', '.join(terms)})"

    def largest(self, terms: Sequence[str]) -> str:
        """Write what is applied to several."""
        return f"max({', '.join(terms)})"

    def choose(self, condition: str, then: str, otherwise: str) -> str:
        """Write a choice."""
        return f"[{condition} ? {then} : {otherwise}]"

    def within(self, value: str, low: int, high: int, refusal: Noted) -> str:
        """Write a span, and what is refused outside it."""
        return f"{value}∈{low}..{high}!{refusal.message.code}"

    def required(self, condition: str, value: str, refusal: Noted) -> str:
        """Write a condition, and what is refused without it."""
        return f"{value} if {condition}!{refusal.message.code}"

    def explained(self, value: str, note: Noted) -> str:
        """Write a value; what it mentions is written, too."""
        assert all(isinstance(number, str) for number, _ in note.numbers.values())
        return value

    def certain(self, *, value: bool) -> str:
        """Write a truth."""
        return str(value).lower()

    def flag(self, fact: FactFlag) -> str:
        """Write a name."""
        return fact.name

    def one_of(self, fact: FactIs) -> str:
        """Write a name and its words."""
        return f"{fact.name}={'/'.join(sorted(fact.values))}"

    def at_least(self, left: str, right: str) -> str:
        """Write a comparison."""
        return f"{left}≥{right}"

    def all(self, terms: Sequence[str]) -> str:
        """Write what holds together."""
        return f"({' & '.join(terms)})"

    def some(self, terms: Sequence[str]) -> str:
        """Write what holds in turn."""
        return f"({' | '.join(terms)})"

    def choose_truth(self, condition: str, then: str, otherwise: str) -> str:
        """Write a choice."""
        return f"[{condition} ? {then} : {otherwise}]"

    def negation(self, term: str) -> str:
        """Write the opposite."""
        return f"¬{term}"

    def judged(self, term: str, met: Noted | None, unmet: Noted | None) -> str:
        """Write the truth."""
        assert met != unmet
        return term


def number_of(build: Build, kind: str) -> Number:
    """Return the number that a scoring rule states."""
    term: Number = build(SCORING_TABLES[kind], Scoring).points()
    return term


def truth_of(build: Build, kind: str) -> Truth:
    """Return the truth that a condition states."""
    condition: Condition = build(CONDITION_TABLES[kind], Condition)
    return condition.truth


def test_every_kind_is_tried_here() -> None:
    """A kind that is added has to be tried, too."""
    assert set(CONDITIONS) == set(CONDITION_TABLES)
    # The points of a part of the sheet are tried where there is a sheet.
    assert set(QUANTITIES) == {*QUANTITY_TABLES, "points"}
    assert set(SCORINGS) == set(SCORING_TABLES) - {"by"}


class TestThirdInterpretation:
    """An interpretation that no rule kind has heard of reads every one of them."""

    @pytest.mark.parametrize("kind", CONDITION_TABLES)
    def test_conditions(self, build: Build, kind: str) -> None:
        """Every fact that a condition hangs on stands in its formula."""
        truth = truth_of(build, kind)
        formula = Interpreter(Written()).truth(truth)
        assert all(name in formula for name in names(truth))

    @pytest.mark.parametrize("kind", SCORING_TABLES)
    def test_scoring_rules(self, build: Build, kind: str) -> None:
        """Every fact that a rule hangs on stands in its formula."""
        term = number_of(build, kind)
        formula = Interpreter(Written()).number(term)
        assert all(name in formula for name in names(term))

    def test_formulas(self, build: Build) -> None:
        """The formulas say what the rules do, in whole units of one denominator."""
        written = Interpreter(Written())
        share = "(¬0≥trainees & output·100≥trainees·50)"
        assert share == written.truth(build(SHARE, Condition).truth)
        shortfall = build(QUANTITY_TABLES["shortfall"], Quantity).number
        assert "max(0, (trainees + members·-1))" == written.number(shortfall)
        assert "5" == written.number(number_of(build, "points"))
        band = "half∈16..20!mark_outside_bands"
        lower = "half∈10..15!mark_outside_bands"
        nothing = "0 if (half≥0 & 0≥half)!mark_outside_bands"
        banded = f"[{share} ? {band} : [proper ? {lower} : {nothing}·2]]"
        # A share of nothing comes first: it gives 0, whatever the bands say.
        expected = f"[(¬0≥trainees) ? {banded} : {nothing}·2]"
        assert expected == written.number(number_of(build, "marked"))


# --- soundness of every kind -------------------------------------------------------------------

quick = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


@st.composite
def partly_known(draw: st.DrawFn, facts: Mapping[str, Fact], used: frozenset[str]) -> Any:  # noqa: ANN401 - what `known` returns
    """Draw values of some of the facts, and check them."""
    values: dict[str, object] = {}
    for name in sorted(used):
        fact = facts[name]
        if draw(st.booleans()):
            continue
        if fact.numeric:
            low, high = (int((end or 0) * fact.denominator) for end in (fact.low, fact.high))
            values[name] = fact.value(draw(st.integers(low, high)))
        elif fact.type == "date":
            values[name] = draw(st.sampled_from([date(2022, 12, 31), date(2023, 1, 1)]))
        else:
            words: list[object] = [*fact.values] or [True, False]
            values[name] = draw(st.sampled_from(words))
    try:
        return known(facts, values)
    except InputError:  # a part above its whole
        return known(facts, {})


def check_scoring(
    term: Number, facts: Mapping[str, Fact], completions: Completions, data: st.DataObject
) -> None:
    """The range holds every valid number, the bounds hold the range, `open` is honest."""
    given_ = data.draw(partly_known(facts, names(term)))
    compiled = Interpreter(Numbers()).number(term)
    range_ = Interpreter(Ranges()).number(term)(given_.ranges, [])
    found = set()
    for units in completions(term, given_.units):
        try:
            found.add(compiled(units, []))
        except RefusedError:
            continue
    assert range_.open <= names(term) - given_.units.keys()
    if range_.empty:
        assert set() == found
        return
    low, high, _ = bounds(term)
    assert low <= range_.low <= range_.high <= high
    assert all(range_.low <= number <= range_.high for number in found)
    if not range_.open:
        assert {range_.low} >= found


@pytest.mark.parametrize("kind", SCORING_TABLES)
def test_ranges_of_every_kind_are_sound(
    build: Build, facts: Mapping[str, Fact], completions: Completions, kind: str
) -> None:
    """Whatever is known, the points of every completion lie inside the range."""
    term = number_of(build, kind)

    @quick
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        check_scoring(term, facts, completions, data)

    check()


@pytest.mark.parametrize("kind", CONDITION_TABLES)
def test_maybes_of_every_kind_are_sound(
    build: Build, facts: Mapping[str, Fact], completions: Completions, kind: str
) -> None:
    """Whatever is known, what is decided holds in every completion."""
    truth = truth_of(build, kind)
    compiled = Interpreter(Numbers()).truth(truth)
    ranges = Interpreter(Ranges()).truth(truth)

    @quick
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        given_ = data.draw(partly_known(facts, names(truth)))
        outcome: Maybe = ranges(given_.ranges, [])
        found = {compiled(units, []) for units in completions(truth, given_.units)}
        assert outcome.open <= names(truth) - given_.units.keys()
        assert outcome.open if outcome.value is None else {outcome.value} == found

    check()


def test_an_unknown_mark_with_a_known_band(build: Build, facts: Mapping[str, Fact]) -> None:
    """Ranges keep exactly what is valid: 8 to 10 points, in halves."""
    term = number_of(build, "marked")
    given_ = known(facts, {"output": 4, "trainees": 5})
    assert Range(16, 20, frozenset({"half"})) == Interpreter(Ranges()).number(term)(
        given_.ranges, []
    )
