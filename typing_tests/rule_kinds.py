"""What rule kinds promise to a type checker, and to the author of a plugin."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, assert_type

import attrs

import studioflow
from studioflow import PythonScoring, Reason, RuleKind, hookimpl, message
from studioflow.algebra import FactNumber, Number, Truth, opaque
from studioflow.host import BringsRuleKinds, Host
from studioflow.policy import Catalogue, Policy
from studioflow.rules import Condition, Fact, Quantity, Scoring, Values
from studioflow.text import Text

SAID = message("typed_rule", zh="{points}分", en="{points}")


@attrs.frozen(kw_only=True, eq=False)
class Stated(Scoring):
    """A rule in the algebra."""

    of: Quantity
    each: Fraction

    def points(self) -> Number:
        """See `Scoring`."""
        return self.of.number * self.each


@attrs.frozen(kw_only=True, eq=False)
class Few:
    """A condition."""

    of: Quantity

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        return self.of.number <= Fraction(1)

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return Text("少", "few")


@attrs.frozen(kw_only=True, eq=False)
class Twice:
    """A quantity."""

    of: Quantity

    def number(self) -> Number:
        """See `QuantityKind`."""
        return self.of.number * 2

    def wording(self) -> Text:
        """See `QuantityKind`."""
        return self.of.label


@attrs.frozen(kw_only=True, eq=False)
class ByField(PythonScoring):
    """A rule in Python whose bounds a file sets."""

    of: Quantity
    high: Fraction = attrs.field(metadata={"key": "most"})
    step: Fraction | None = Fraction(1, 2)

    def compute(self, values: Values) -> Fraction:
        """See `PythonScoring`."""
        assert_type(values.number("of"), Fraction)
        assert_type(values.truth("of"), bool)
        assert_type(values.word("of"), str)
        assert_type(values["of"], Fraction | bool | str)
        return min(values.number("of"), self.high)


@attrs.frozen(kw_only=True, eq=False)
class ByAttribute(PythonScoring):
    """A rule in Python whose bounds are its own, and whose inputs are said."""

    when: Condition
    level: Fact

    low = Fraction(-1)
    high: ClassVar[Fraction] = Fraction(10)

    def inputs(self) -> dict[str, Condition | Fact | Quantity]:
        """See `PythonScoring`."""
        return {"when": self.when, "level": self.level}

    def compute(
        self, values: Mapping[str, Fraction | bool | str]
    ) -> tuple[int | Decimal, list[Reason]]:
        """See `PythonScoring`."""
        points = Decimal("0.5") if values["when"] else 1
        return points, [Reason(SAID, {"points": points})]


@attrs.frozen(kw_only=True, eq=False)
class ByProperty(PythonScoring):
    """A rule in Python without a most, computed."""

    of: Quantity

    @property
    def high(self) -> None:
        """See `PythonScoring`."""
        return

    def compute(self, values: Values) -> int:
        """See `PythonScoring`."""
        return len(values)


@attrs.frozen(kw_only=True, eq=False)
class WithoutBounds(PythonScoring):
    """A rule in Python that does not say its most points."""

    def compute(self, values: Values) -> int:
        """See `PythonScoring`."""
        return len(values)


@attrs.frozen(kw_only=True, eq=False)
class NotExact(PythonScoring):
    """A rule in Python whose points are floats."""

    high = Fraction(10)

    def compute(self, values: Values) -> float:  # type: ignore[override] # a float is not exact
        """See `PythonScoring`."""
        return len(values) / 3


@attrs.frozen(kw_only=True, eq=False)
class Later(PythonScoring):
    """A rule in Python that wants to be awaited."""

    high = Fraction(10)

    async def compute(self, values: Values) -> int:  # type: ignore[override] # not awaited
        """See `PythonScoring`."""
        return len(values)


@attrs.frozen
class Wordless:
    """A quantity without words."""

    def number(self) -> Number:
        """See `QuantityKind`."""
        return FactNumber("talks")


class Kinds:
    """A plugin with kinds of every sort."""

    @hookimpl
    def studioflow_rule_kinds(self) -> Iterable[RuleKind]:
        """Yield them."""
        yield RuleKind(id="stated", cls=Stated)
        yield RuleKind(id="few", cls=Few)
        yield RuleKind(id="twice", cls=Twice)
        yield RuleKind(id="by_field", cls=ByField)
        yield RuleKind(id="by_attribute", cls=ByAttribute)
        yield RuleKind(id="by_property", cls=ByProperty)


class Classes:
    """A plugin that forgot what a rule kind is."""

    @hookimpl
    def studioflow_rule_kinds(self) -> list[type[Scoring]]:
        """Return classes."""
        return [Stated]


kinds: BringsRuleKinds = Kinds()
classes: BringsRuleKinds = Classes()  # type: ignore[assignment] # a class is no kind
RuleKind(id="no_bounds", cls=WithoutBounds)
RuleKind(id="wordless", cls=Wordless)  # type: ignore[arg-type] # it has no words
RuleKind(id="an_instance", cls=Twice(of=Quantity(FactNumber("a"), Text("甲", "a"))))  # type: ignore[arg-type] # a class
WithoutBounds()  # type: ignore[abstract] # it has no most points
assert_type(studioflow.RuleKind(id="few", cls=Few).origin, str | None)
assert_type(opaque(FactNumber("talks")), bool)

host = Host([Kinds()])
assert_type(host.catalogue.kinds, Mapping[str, RuleKind])
assert_type(Catalogue(kinds=host.catalogue.kinds), Catalogue)


def kept(policy: Policy) -> None:
    """A policy says which kinds it has."""
    assert_type(policy.kinds, Mapping[str, RuleKind])
