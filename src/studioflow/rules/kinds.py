"""What a rule kind is, and the registry of kinds by the name that policy files use.

A kind is an attrs class whose fields are the keys of its table. It states itself as one term, with
the reasons; every interpretation follows from that. Fields that are themselves rules are typed
`Condition`, `Quantity` or `Scoring`, and arrive built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar, runtime_checkable

from attrs import frozen

from studioflow.algebra import All, Certain, Choose, Constant, Number, Truth
from studioflow.rules.facts import Fact
from studioflow.text import Text

__all__ = [
    "ALWAYS",
    "CONDITIONS",
    "QUANTITIES",
    "SCORINGS",
    "Condition",
    "ConditionKind",
    "PartialKind",
    "Quantity",
    "QuantityKind",
    "Scoring",
    "UnitKind",
    "all_defined",
    "common_unit",
    "condition_kind",
    "quantity_kind",
    "scoring_kind",
    "where_defined",
]


ALWAYS = Certain(value=True)


@frozen(eq=False)
class Condition:
    """A truth with the words to list it by.

    Attributes:
        truth: with the reasons why it holds or not.
        bare: the same without reasons, for kinds that give one reason for many conditions.
        defined: whether there is anything to judge, with the reason why not; a share of nothing
            is neither reached nor missed.
    """

    truth: Truth
    bare: Truth
    label: Text
    defined: Truth = ALWAYS


@frozen(eq=False)
class Quantity:
    """A number with the words to name it by.

    Attributes:
        unit: of what it is (activities, people), if known.
        defined: whether there is such a number, with the reason why not; a share of nothing is
            none, and counts as 0.
        fact: that it is the number of, where it is no more than that.
    """

    number: Number
    label: Text
    unit: Text | None = None
    defined: Truth = ALWAYS
    fact: Fact | None = None


class ConditionKind(Protocol):
    """A kind of condition."""

    def truth(self) -> Truth:
        """State the condition, with its reasons."""

    def wording(self) -> Text:
        """Return the words to list it by where the file gives no label."""


@runtime_checkable
class PartialKind(Protocol):
    """A kind of condition or quantity that is not always defined; others need not say they are."""

    def defined(self) -> Truth:
        """State whether there is anything to judge or count, with the reason why not."""


@runtime_checkable
class UnitKind(Protocol):
    """A kind of quantity that can say of what it is."""

    def unit(self) -> Text | None:
        """Return the unit."""


class QuantityKind(Protocol):
    """A kind of quantity."""

    def number(self) -> Number:
        """State the number."""

    def wording(self) -> Text:
        """Return the words to name it by where the file gives no label."""


def all_defined(rules: Iterable[Condition | Quantity]) -> Truth:
    """State whether each of the conditions or quantities is defined; most always are."""
    parts = tuple(rule.defined for rule in rules if rule.defined is not ALWAYS)
    return All(parts) if parts else ALWAYS


def where_defined(points: Number, quantities: Iterable[Quantity]) -> Number:
    """Return the points; 0, with the reason, where a quantity is not defined."""
    defined = all_defined(quantities)
    return points if defined is ALWAYS else Choose(defined, points, Constant(0))


def common_unit(quantities: Iterable[Quantity]) -> Text | None:
    """Return the unit that all of the quantities are of, if there is one."""
    units = {quantity.unit for quantity in quantities}
    return units.pop() if len(units) == 1 else None


class Scoring:
    """A kind of rule that gives points."""

    def points(self) -> Number:
        """State the points, which values are valid, and the reasons."""
        raise NotImplementedError  # every kind says its own

    def floor(self) -> Number:
        """State the least points of the band that applies; 0 for kinds without bands."""
        return Constant(0)


CONDITIONS: dict[str, type[ConditionKind]] = {}
QUANTITIES: dict[str, type[QuantityKind]] = {}
SCORINGS: dict[str, type[Scoring]] = {}

C = TypeVar("C", bound=ConditionKind)
Q = TypeVar("Q", bound=QuantityKind)
S = TypeVar("S", bound=Scoring)


def condition_kind(name: str) -> Callable[[type[C]], type[C]]:
    """Register a class as the kind of condition of that name."""

    def register(cls: type[C]) -> type[C]:
        CONDITIONS[name] = cls
        return cls

    return register


def quantity_kind(name: str) -> Callable[[type[Q]], type[Q]]:
    """Register a class as the kind of quantity of that name."""

    def register(cls: type[Q]) -> type[Q]:
        QUANTITIES[name] = cls
        return cls

    return register


def scoring_kind(name: str) -> Callable[[type[S]], type[S]]:
    """Register a class as the kind of scoring rule of that name."""

    def register(cls: type[S]) -> type[S]:
        SCORINGS[name] = cls
        return cls

    return register
