"""Rules that Python computes: what they see, what they may answer, and what is known meanwhile."""

import asyncio
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from studioflow.algebra import (
    Choose,
    FactFlag,
    FactNumber,
    Interpreter,
    Maybe,
    NoAnswerError,
    Number,
    Numbers,
    Range,
    Ranges,
    Remark,
    Rounded,
    Words,
    bounds,
    clip,
    names,
    opaque,
)
from studioflow.errors import InputError
from studioflow.rules import Condition, Fact, PythonScoring, Quantity, Scoring, Values, known
from studioflow.text import LANGUAGES, Text, message, render
from studioflow.verdict import Reason

WHY = message("test_why", zh="因{talks}次", en="because of {talks}")
LABEL = Text("讲座", "talks")
TALKS = Quantity(FactNumber("talks", low=0, high=20), LABEL)
OPEN_TALKS = Range(0, 20, frozenset({"talks"}))
Compute = Callable[[Values], Any]


@frozen(eq=False, kw_only=True)
class Any_(PythonScoring):  # noqa: N801 - any rule, and `Any` is taken
    """A rule that computes what a test says."""

    how: Compute
    given: Mapping[str, Any] = field(factory=lambda: {"talks": TALKS})
    low: Any = Fraction(0)
    high: Any = Fraction(10)
    step: Any = None

    def inputs(self) -> Mapping[str, Any]:
        """See `PythonScoring`."""
        return self.given

    def compute(self, values: Values) -> Any:  # noqa: ANN401 - whatever a test tries
        """See `PythonScoring`."""
        return self.how(values)


def number(rule: Scoring, **facts: Any) -> tuple[Fraction, list[str]]:  # noqa: ANN401 - any fact
    """Return the points for facts that are all known, and the reasons in English."""
    term = rule.points()
    remarks: list[Remark] = []
    units = Interpreter(Numbers()).number(term)(facts, remarks)
    return Fraction(units) / term.denominator, said(remarks)


def ranged(term: Number, **facts: Range | Maybe | Words) -> tuple[Range, list[str]]:
    """Return what the points can be, in units of the term's denominator, and the reasons."""
    remarks: list[Remark] = []
    return Interpreter(Ranges()).number(term)(facts, remarks), said(remarks)


def said(remarks: list[Remark]) -> list[str]:
    """Return the sentences, of which none has a gap in any language."""
    for remark in remarks:
        for language in LANGUAGES:
            assert "{" not in render(remark.message.text, remark.parameters, language)
    return [render(remark.message.text, remark.parameters, "en") for remark in remarks]


def failure(how: Compute, **more: Any) -> str:  # noqa: ANN401 - parts of the rule
    """Return why a rule has no points, which numbers and ranges say alike."""
    rule = Any_(how=how, **more)
    with pytest.raises(NoAnswerError) as error:
        number(rule, talks=3)
    found, reasons = ranged(rule.points(), talks=Range(3, 3))
    unit = rule.points().denominator
    low, high = (-inf if rule.low is None else rule.low), (inf if rule.high is None else rule.high)
    assert Range(low * unit, high * unit) == found
    assert said([error.value.remark]) == reasons
    assert error.value.remark.failed
    (reason,) = reasons
    head = f"no points: the rule Any_ of the plugin {Any_.__module__} failed: "
    assert reason.startswith(head)
    return reason.removeprefix(head)


def raising(error: BaseException) -> Compute:
    """Return what raises an error."""

    def raises(_: Values) -> Fraction:
        raise error

    return raises


class TestInputs:
    """What a rule is computed from."""

    def test_each_has_its_own_type(self, facts: Mapping[str, Fact]) -> None:
        """Numbers are exact, truths are truths, and a choice is its word."""
        seen: list[Values] = []
        flag = Condition(FactFlag("present"), FactFlag("present"), LABEL)
        inputs = {
            "talks": Quantity(FactNumber("talks") * Fraction(1, 2), LABEL),
            "hours": facts["hours"],
            "here": flag,
            "judged": facts["judged"],
            "papers": facts["papers"],
            "goal": facts["goal"],
        }

        def compute(values: Values) -> int:
            seen.append(values)
            return 1

        units = {"talks": 3, "hours": 5, "present": True, "judged": False, "papers": "late"}
        number(Any_(how=compute, given=inputs), **units, goal=7)

        (values,) = seen
        expected = {
            "talks": Fraction(3, 2),
            "hours": Fraction(5, 4),
            "here": True,
            "judged": False,
            "papers": "late",
            "goal": 7,
        }
        assert expected == dict(values)
        assert {Fraction, bool, str} == {type(value) for value in values.values()}
        assert (Fraction(3, 2), True, "late") == (
            values.number("talks"),
            values.truth("here"),
            values.word("papers"),
        )

    @pytest.mark.parametrize(
        ("ask", "fitting"), [(Values.number, "a"), (Values.truth, "b"), (Values.word, "c")]
    )
    def test_another_type_is_told(self, ask: Callable[[Values, str], object], fitting: str) -> None:
        """Whoever asks for a number where there is a word made a mistake."""
        values = Values({"a": Fraction(1), "b": True, "c": "word"})

        assert values[fitting] == ask(values, fitting)
        for name in values.keys() - {fitting}:
            with pytest.raises(TypeError, match=name):
                ask(values, name)
        with pytest.raises(KeyError):
            ask(values, "d")

    def test_fields_are_inputs(self, facts: Mapping[str, Fact]) -> None:
        """Where nothing else is said, every quantity, condition and fact of a rule is an input."""

        @frozen(eq=False, kw_only=True)
        class Plain(PythonScoring):
            of: Quantity
            also: Fact
            size: Fraction
            perhaps: Condition | None = None
            high = Fraction(10)

            def compute(self, values: Values) -> Fraction:
                return values.number("of") * self.size

        rule = Plain(of=TALKS, also=facts["papers"], size=Fraction(2))

        assert {"of": TALKS, "also": facts["papers"]} == rule.inputs()
        assert {"talks", "papers"} == names(rule.points())

    def test_nothing_it_is_given_can_be_changed(self) -> None:
        """What one computation writes into its values, no other one sees."""

        def compute(values: Values) -> Fraction:
            with pytest.raises(TypeError):
                values["talks"] = Fraction(0)  # type: ignore[index] # on purpose
            return values.number("talks")

        assert 3 == number(Any_(how=compute), talks=3)[0]

    @pytest.mark.parametrize("wrong", [3, None, "talks", TALKS.number])
    def test_what_is_no_input(self, wrong: object) -> None:
        """An input is a quantity, a condition or a fact."""
        with pytest.raises(InputError) as error:
            Any_(how=lambda _: 1, given={"talks": TALKS, "other": wrong}).points()

        found = [(problem.code, problem.path) for problem in error.value.problems]
        assert [("rule_kind_input", "inputs/other")] == found

    def test_a_day_is_no_input(self, facts: Mapping[str, Fact]) -> None:
        """Nobody computes with a date."""
        with pytest.raises(InputError, match="rule_kind_input"):
            Any_(how=lambda _: 1, given={"opened": facts["opened"]}).points()

    def test_an_undefined_quantity_gives_nothing(self) -> None:
        """Where there is no such number nothing is computed, as with every other rule."""
        share = Quantity(TALKS.number, LABEL, defined=FactNumber("whole") > 0)
        rule = Any_(how=raising(RuntimeError()), given={"share": share})

        assert 0 == number(rule, talks=0, whole=0)[0]


class TestAnswers:
    """What a rule may return, and what is said for it."""

    @pytest.mark.parametrize("answer", [Fraction(5, 2), Decimal("2.5"), 2, Fraction(1, 3), 0, 10])
    def test_exact_numbers(self, answer: Fraction) -> None:
        """A Fraction, a Decimal and an int are points, to either bound; who gave them is said."""
        points, reasons = number(Any_(how=lambda _: answer), talks=3)

        assert Fraction(answer) == points
        (reason,) = reasons
        assert reason.endswith(f"points by the rule Any_ of the plugin {Any_.__module__}")

    def test_reasons(self) -> None:
        """What the rule says for its points is said in place of that."""

        def compute(values: Values) -> tuple[int, list[Reason]]:
            return 3, [Reason(WHY, {"talks": values["talks"]}), Reason(WHY, {"talks": 0})]

        points, reasons = number(Any_(how=compute), talks=4)
        assert 3 == points
        assert ["because of 4", "because of 0"] == reasons
        term = Any_(how=compute).points()
        expected = (Range(3, 3), ["because of 4", "because of 0"])
        assert expected == ranged(term, talks=Range(4, 4))
        alone = Any_(how=lambda _: (1, Reason(WHY, {"talks": 1})))
        assert ["because of 1"] == number(alone, talks=4)[1]

    def test_without_bounds(self) -> None:
        """Without a least and a most any number is one."""
        rule = Any_(how=lambda values: values.number("talks") * -100, low=None, high=None)

        assert -300 == number(rule, talks=3)[0]
        assert Range(-inf, inf, frozenset({"talks"})) == ranged(rule.points(), talks=OPEN_TALKS)[0]

    def test_step(self) -> None:
        """On a step the points are counted in its units."""
        rule = Any_(how=lambda _: Decimal("2.75"), step=Fraction(1, 4))

        assert 4 == rule.points().denominator
        assert Fraction(11, 4) == number(rule, talks=3)[0]
        assert Range(11, 11) == ranged(rule.points(), talks=Range(3, 3))[0]

    @pytest.mark.parametrize(
        ("answer", "code"),
        [
            (0.5, "wrong_type"),
            ("3", "wrong_type"),
            (None, "wrong_type"),
            (True, "wrong_type"),
            ([3], "wrong_type"),
            ((3,), "wrong_type"),
            ((3, "why"), "wrong_type"),
            ((3, ["why"]), "wrong_type"),
            ((3, None), "wrong_type"),
            (Decimal("NaN"), "not_finite"),
            (Decimal("Infinity"), "not_finite"),
            (Decimal("1e999999999"), "too_many_digits"),
            (Fraction(1, 10**20), "too_many_digits"),
            (Fraction(21, 2), "out_of_bounds"),
            (-1, "out_of_bounds"),
        ],
    )
    def test_what_is_no_answer(self, answer: object, code: str) -> None:
        """Anything else is none, and the points are not known: they may be any within bounds."""
        assert failure(lambda _: answer).startswith(f"[{code}] got ")

    def test_off_the_step(self) -> None:
        """Points that are no multiple of the step are none."""
        text = failure(lambda _: Decimal("0.3"), step=Fraction(1, 2))

        assert "[off_step] got 0.3, expected a multiple of 0.5" == text

    def test_a_reason_that_can_not_be_said(self) -> None:
        """A reason is tried in both languages where it can still be told whose fault it is."""

        class Mute:
            def __str__(self) -> str:
                raise RuntimeError("no words")

            __repr__ = __str__

        assert "RuntimeError: no words" == failure(lambda _: (3, [Reason(WHY, {"talks": Mute()})]))

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (RuntimeError("off"), "RuntimeError: off"),
            (KeyError("talk"), "KeyError: 'talk'"),
            (SystemExit(3), "SystemExit: 3"),
            (asyncio.CancelledError(), "CancelledError: "),
            (RecursionError("deep"), "RecursionError: deep"),
            (InputError(()), ""),
        ],
    )
    def test_what_it_raises(self, error: BaseException, words: str) -> None:
        """Whatever it raises is told as its own fault, and nothing else stops."""
        assert words == failure(raising(error))

    def test_the_users_own_interruption(self) -> None:
        """Ctrl-C is the user's."""
        with pytest.raises(KeyboardInterrupt):
            number(Any_(how=raising(KeyboardInterrupt())), talks=3)

    def test_what_would_have_to_be_awaited(self) -> None:
        """A coroutine is closed, so that nobody is told later and elsewhere of it."""

        async def later(_: Values) -> int:
            return 3

        assert failure(later).startswith("[wrong_type] got <coroutine")


class TestBounds:
    """What a rule declares."""

    @pytest.mark.parametrize(
        ("declared", "code", "path"),
        [
            ({"high": 0.5}, "wrong_type", "high"),
            ({"high": "10"}, "wrong_type", "high"),
            ({"low": Decimal("NaN")}, "not_finite", "low"),
            ({"step": 0}, "step_positive", "step"),
            ({"step": Fraction(-1)}, "step_positive", "step"),
            ({"step": 3}, "off_step", "high"),
            ({"step": 1, "low": Fraction(1, 2)}, "off_step", "low"),
            ({"low": 11}, "bounds_order", ""),
        ],
    )
    def test_wrong_bounds(self, declared: dict[str, Any], code: str, path: str) -> None:
        """Bounds are exact numbers in their order, on the step, which is above 0."""
        with pytest.raises(InputError) as error:
            Any_(how=lambda _: 1, **declared).points()

        assert [(code, path)] == [(p.code, p.path) for p in error.value.problems]

    def test_bounds_are_what_is_known_beforehand(self) -> None:
        """A rubric sees the declared bounds, and computes nothing to find them."""
        term = Any_(how=raising(AssertionError()), low=Fraction(-2), step=Fraction(1, 2)).points()

        assert (-4, 20) == bounds(term)[:2]

    def test_opaque(self) -> None:
        """Whoever has to look into a term can ask whether it is possible."""
        term = Any_(how=lambda _: 1).points()

        assert opaque(term)
        assert opaque(Choose(term > 3, TALKS.number, TALKS.number))
        assert not opaque(TALKS.number * 2)


class TestRanges:
    """What is known while facts are open."""

    def test_open_inputs(self) -> None:
        """While an input is open the points are anything within bounds, and hang on it."""
        rule = Any_(how=raising(AssertionError()))

        assert (Range(0, 10, frozenset({"talks"})), []) == ranged(rule.points(), talks=OPEN_TALKS)

    def test_known_inputs(self) -> None:
        """Known inputs compute, whatever else is open."""
        rule = Any_(how=lambda values: values.number("talks"))
        term = rule.points() + FactNumber("other")

        found, _ = ranged(term, talks=Range(3, 3), other=Range(0, 5, frozenset({"other"})))

        assert Range(3, 8, frozenset({"other"})) == found

    @pytest.mark.parametrize("kind", ["choice", "flag"])
    def test_open_words_and_truths(self, facts: Mapping[str, Fact], kind: str) -> None:
        """A choice or a truth that is open leaves the points open, too."""
        fact = facts["papers" if kind == "choice" else "present"]
        rule = Any_(how=lambda values: 4 if values["fact"] else 0, given={"fact": fact})

        found, _ = ranged(rule.points(), **known(facts, {}).ranges)
        settled = known(facts, {fact.name: "late" if kind == "choice" else True})

        assert Range(0, 10, frozenset({fact.name})) == found
        assert Range(4, 4) == ranged(rule.points(), **settled.ranges)[0]

    def test_a_number_that_can_be_one_alone(self) -> None:
        """An input of which only one value is left computes, though its fact is open."""
        quantity = Quantity(clip(TALKS.number, 0, 3), LABEL)
        rule = Any_(how=lambda values: values.number("talks"), given={"talks": quantity})

        found, _ = ranged(rule.points(), talks=Range(5, 20, frozenset({"talks"})))

        assert Range(3, 3) == found

    def test_a_failure_on_a_way_not_chosen_yet(self) -> None:
        """What failed is told also where another fact decides whether it counts."""
        failed = Any_(how=raising(RuntimeError("off"))).points()
        chosen = Choose(FactFlag("present"), failed, TALKS.number)
        compared = Choose(failed > 3, TALKS.number, TALKS.number)
        facts: dict[str, Any] = {
            "talks": Range(3, 3),
            "present": Maybe(None, frozenset({"present"})),
        }

        for term, expected in (
            (chosen, Range(0, 10, frozenset({"present"}))),
            (compared, Range(3, 3)),
        ):
            found, reasons = ranged(term, **facts)
            assert expected == found
            assert ["RuntimeError: off"] == [reason.rpartition("failed: ")[2] for reason in reasons]

    @given(
        size=st.integers(1, 5),
        each=st.fractions(0, 3, max_denominator=4),
        start=st.fractions(-3, 3, max_denominator=4),
        ends=st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted),
    )
    def test_both_ways_side_by_side(
        self, size: int, each: Fraction, start: Fraction, ends: list[int]
    ) -> None:
        """Of one rule stated both ways: the same points, and a range that lies in the other's.

        So much for each full group of talks, from a start, within 0 and 10.
        """
        groups = Rounded(TALKS.number * Fraction(1, size), 1, "down")
        stated = clip(groups * each + start, 0, 10)
        rule = Any_(
            how=lambda v: min(max(v.number("talks") // size * each + start, Fraction(0)), 10)
        )
        computed = rule.points()
        low, high = ends
        hangs_on = frozenset({"talks"}) if low < high else frozenset()
        facts: dict[str, Any] = {"talks": Range(low, high, hangs_on)}

        narrow, wide = ranged(stated, **facts)[0], ranged(computed, **facts)[0]

        unit = Fraction(1, stated.denominator)
        assert wide.low <= narrow.low * unit <= narrow.high * unit <= wide.high
        for talks in range(low, high + 1):
            points = Interpreter(Numbers()).number(stated)({"talks": talks}, []) * unit
            assert points == number(rule, talks=talks)[0]
            assert wide.low <= points <= wide.high
        if low == high:
            assert (narrow.low * unit, narrow.high * unit) == wide[:2]
