"""Rules that Python computes: their author says the numbers alone, and the bounds of the points."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import inf
from types import MappingProxyType
from typing import TypeAlias, TypeVar

from attrs import fields_dict, frozen, has

from studioflow.algebra import FactWord, NoAnswerError, Number, Opaque, Remark, Truth
from studioflow.codec import WRONG_TYPE, Collector, exact_number, wrong
from studioflow.errors import said_by
from studioflow.rules.facts import OFF_STEP, Fact
from studioflow.rules.kinds import Condition, Quantity, Scoring, where_defined
from studioflow.rules.limits import BOUNDS_ORDER, OUT_OF_BOUNDS, check_step
from studioflow.text import LANGUAGES, Message, Text, exact, message
from studioflow.verdict import Reason

__all__ = ["Computed", "Function", "Input", "PythonScoring", "Value", "Values", "computed_points"]

Value: TypeAlias = Fraction | bool | str
"""What a rule in Python sees: a number, a truth, the word of a choice."""
Input: TypeAlias = Quantity | Condition | Fact
Exact: TypeAlias = int | Fraction | Decimal
Computed: TypeAlias = Exact | tuple[Exact, Reason | Sequence[Reason]]
"""Points, or points with the reasons for them."""

V = TypeVar("V", Fraction, bool, str)

RULE_KIND_FAILED = message(
    "rule_kind_failed",
    zh="无法计分：插件 {plugin} 的规则“{kind}”出错：{error}",
    en="no points: the rule {kind} of the plugin {plugin} failed: {error}",
)
RULE_KIND_POINTS = message(
    "rule_kind_points",
    zh="由插件 {plugin} 的规则“{kind}”计{points}分",
    en="{points} points by the rule {kind} of the plugin {plugin}",
)
NOT_AN_INPUT = message(
    "rule_kind_input",
    zh="inputs() 中的 Quantity、Condition 或 Fact（日期除外）",
    en="a Quantity, a Condition or a Fact that is no date among the inputs()",
)

_REASON = Text("studioflow.verdict.Reason", "a studioflow.verdict.Reason")
_NUMBER = Text("Fraction、int 或 Decimal", "a Fraction, an int or a Decimal")


class Values(Mapping[str, Value]):
    """The values of a rule's inputs, by name; none of them is open.

    >>> values = Values({"talks": Fraction(3), "public": True, "level": "county"})
    >>> values.number("talks") * 2, values.truth("public"), values.word("level")
    (Fraction(6, 1), True, 'county')
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Value:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Values({self._values!r})"

    def number(self, name: str) -> Fraction:
        """Return the value of a quantity, or of a fact that is a number.

        Raises:
            KeyError: where there is no such input.
            TypeError: where it is no number.
        """
        return self._of(name, Fraction, "number")

    def truth(self, name: str) -> bool:
        """Return the value of a condition, or of a fact that is true or false.

        Raises:
            KeyError: where there is no such input.
            TypeError: where it is no truth.
        """
        return self._of(name, bool, "truth")

    def word(self, name: str) -> str:
        """Return the word of a choice.

        Raises:
            KeyError: where there is no such input.
            TypeError: where it is no word.
        """
        return self._of(name, str, "word")

    def _of(self, name: str, type_: type[V], what: str) -> V:
        value = self._values[name]
        if not isinstance(value, type_):
            raise TypeError(f"{name} is no {what}")
        return value


class PythonScoring(Scoring, ABC):
    """A scoring rule that Python computes, for what the algebra can not say.

    A subclass is an attrs class whose fields are the keys of its table. It says the most points
    and how to compute them; no more is needed. While an input is not known, the points are
    anything within the bounds, so that a rule stated in the algebra tells more.
    """

    @property
    def low(self) -> Fraction | None:
        """The least points; None where there are none."""
        return Fraction(0)

    @property
    @abstractmethod
    def high(self) -> Fraction | None:
        """The most points; None where there are none."""

    @property
    def step(self) -> Fraction | None:
        """Of which the points are a multiple; None where they are any number."""
        return None

    def inputs(self) -> Mapping[str, Input]:
        """Return what the points are computed from, by name.

        These are the fields that are a quantity, a condition or a fact, where nothing else is said.
        """
        cls: type = type(self)
        declared = fields_dict(cls) if has(cls) else {}
        own = {name: getattr(self, name) for name in declared}
        return {name: value for name, value in own.items() if isinstance(value, Input)}

    @abstractmethod
    def compute(self, values: Values) -> Computed:
        """Return the points, or the points with the reasons for them.

        It is called as often as anybody likes, and hangs on the values alone. The points are a
        Fraction, an int or a Decimal within the bounds and on the step. What it raises, and any
        other answer, is told on the sheet; the points are then not known.
        """

    def points(self) -> Number:
        """See `Scoring`."""
        return computed_points(self, type(self).__name__, type(self).__module__)


def computed_points(rule: PythonScoring, kind: str, plugin: str) -> Number:
    """State the points of a rule that Python computes.

    Args:
        rule: that computes them.
        kind: named where it fails.
        plugin: named where it fails.

    Raises:
        InputError: for bounds or inputs that are none.
    """
    low, high, step = _bounds(rule)
    inputs = _inputs(rule)
    numbers: dict[str, Number] = {}
    truths: dict[str, Truth] = {}
    words: dict[str, FactWord] = {}
    for name, given in inputs.items():
        match given:
            case Quantity():
                numbers[name] = given.number
            case Condition():
                truths[name] = given.bare
            case Fact(type="choice"):
                words[name] = FactWord(given.name, frozenset(given.values))
            case Fact() if given.numeric:
                numbers[name] = given.number()
            case Fact():
                truths[name] = given.truth()
    function = Function(
        rule, kind, plugin, tuple(numbers), tuple(truths), tuple(words), low, high, step
    )
    points = Opaque(
        function,
        tuple(numbers.values()),
        tuple(truths.values()),
        tuple(words.values()),
        low=-inf if low is None else low,
        high=inf if high is None else high,
        denominator=1 if step is None else step.denominator,
    )
    return where_defined(points, (each for each in inputs.values() if isinstance(each, Quantity)))


def _bounds(rule: PythonScoring) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Return the least points, the most and the step; a bound off the step is nobody's points."""
    collector = Collector()
    said: dict[str, Fraction | None] = {}
    for key in ("low", "high", "step"):
        with collector.under(key):
            value: object = getattr(rule, key)
            said[key] = None if value is None else exact_number(value)
    collector.finish()
    low, high, step = said["low"], said["high"], said["step"]
    check_step(step=step)
    for key in ("low", "high"):
        with collector.under(key):
            _check_step(said[key], step)
    with collector.under():
        if low is not None and high is not None and low > high:
            raise wrong(BOUNDS_ORDER, f"{exact(low)}, {exact(high)}")
    collector.finish()
    return low, high, step


def _check_step(value: Fraction | None, step: Fraction | None) -> None:
    if value is not None and step is not None and (value / step).denominator != 1:
        raise wrong(OFF_STEP, value, step=step)


def _inputs(rule: PythonScoring) -> Mapping[str, Input]:
    collector = Collector()
    given: object = rule.inputs()
    if not isinstance(given, Mapping):
        raise wrong(NOT_AN_INPUT, given)
    for name, value in given.items():
        with collector.under("inputs", name):
            a_day = isinstance(value, Fact) and value.type == "date"
            if not isinstance(name, str) or not isinstance(value, Input) or a_day:
                raise wrong(NOT_AN_INPUT, value)
    collector.finish()
    return MappingProxyType(dict(given))


@frozen(eq=False)
class Function:
    """What the algebra calls for a rule in Python: whatever that does wrong is its own.

    Attributes:
        numbers, truths, words: the names of the inputs, in the order of their values.
        low, high, step: what every answer keeps to.
    """

    rule: PythonScoring
    kind: str
    plugin: str
    numbers: tuple[str, ...]
    truths: tuple[str, ...]
    words: tuple[str, ...]
    low: Fraction | None
    high: Fraction | None
    step: Fraction | None

    def __call__(
        self, numbers: Sequence[int | Fraction], truths: Sequence[bool], words: Sequence[str]
    ) -> tuple[Fraction, Sequence[tuple[Message, Mapping[str, object]]]]:
        """Return the points, and what is said for them.

        Raises:
            NoAnswerError: where there are none.
        """
        values: dict[str, Value] = dict(zip(self.numbers, map(Fraction, numbers), strict=True))
        values |= zip(self.truths, truths, strict=True)
        values |= zip(self.words, words, strict=True)
        try:
            points, reasons = self._answer(self.rule.compute(Values(values)))
        except KeyboardInterrupt:  # the user's, and not an answer
            raise
        # A plugin may raise anything: neither `sys.exit` nor a cancellation is an answer.
        except BaseException as error:
            said = {**self._named, "error": said_by(error)}
            raise NoAnswerError(Remark(RULE_KIND_FAILED, said, failed=True)) from error
        if reasons:
            return points, [(reason.message, reason.parameters) for reason in reasons]
        return points, [(RULE_KIND_POINTS, {**self._named, "points": points})]

    @property
    def _named(self) -> dict[str, object]:
        return {"kind": self.kind, "plugin": self.plugin}

    def _answer(self, answer: object) -> tuple[Fraction, Sequence[Reason]]:
        """Check an answer, which may be anything."""
        if isinstance(answer, Coroutine):
            answer.close()
        value, reasons = answer if type(answer) is tuple and len(answer) == 2 else (answer, ())  # noqa: PLR2004 - points and reasons
        if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal):
            raise wrong(WRONG_TYPE, value, type=_NUMBER)
        points = exact_number(value)
        above = self.high is not None and points > self.high
        if above or (self.low is not None and points < self.low):
            low = "-∞" if self.low is None else exact(self.low)
            high = "∞" if self.high is None else exact(self.high)
            raise wrong(OUT_OF_BOUNDS, value, low=low, high=high)
        _check_step(points, self.step)
        if not isinstance(reasons, list | tuple):
            reasons = (reasons,)
        for reason in reasons:
            if not isinstance(reason, Reason):
                raise wrong(WRONG_TYPE, reason, type=_REASON)
            for language in LANGUAGES:  # here, and not on the sheet, it may fail
                reason.text(language)
        return points, tuple(reasons)
