"""What a rule kind is, and the registry of kinds by the name that policy files use.

A kind is an attrs class whose fields are the keys of its table. It states itself as one term, with
the reasons; every interpretation follows from that. Fields that are themselves rules are typed
`Condition`, `Quantity` or `Scoring`, and arrive built.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar, Protocol, TypeVar, runtime_checkable

from attrs import frozen

from studioflow.algebra import Constant, Number, Truth
from studioflow.text import Text

__all__ = [
    "CONDITIONS",
    "QUANTITIES",
    "SCORINGS",
    "Condition",
    "ConditionKind",
    "Quantity",
    "QuantityKind",
    "Scoring",
    "kind",
]

K = TypeVar("K", bound=type)


@frozen(eq=False)
class Condition:
    """A truth with the words to list it by.

    Attributes:
        truth: with the reasons why it holds or not.
        bare: the same without reasons, for kinds that give one reason for many conditions.
    """

    truth: Truth
    bare: Truth
    label: Text


@frozen(eq=False)
class Quantity:
    """A number with the words to name it by."""

    number: Number
    label: Text


@runtime_checkable
class ConditionKind(Protocol):
    """A kind of condition."""

    kind: ClassVar[str]

    def truth(self) -> Truth:
        """State the condition, with its reasons."""


@runtime_checkable
class QuantityKind(Protocol):
    """A kind of quantity."""

    kind: ClassVar[str]

    def number(self) -> Number:
        """State the number."""


class Scoring:
    """A kind of rule that gives points."""

    kind: ClassVar[str]

    def points(self) -> Number:
        """State the points, which values are valid, and the reasons."""
        raise NotImplementedError  # every kind says its own

    def floor(self) -> Number:
        """State the least points of the band that applies; 0 for kinds without bands."""
        return Constant(0)


CONDITIONS: dict[str, type[ConditionKind]] = {}
QUANTITIES: dict[str, type[QuantityKind]] = {}
SCORINGS: dict[str, type[Scoring]] = {}


def kind(registry: Mapping[str, type], name: str) -> Callable[[K], K]:
    """Register a class as the kind of that name."""

    def register(cls: K) -> K:
        cls.kind = name
        registry[name] = cls  # type: ignore[index] # a dict, seen as what it holds
        return cls

    return register
