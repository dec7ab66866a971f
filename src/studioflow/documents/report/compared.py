"""What a comparison of two policies says, as its report reads it.

`studioflow.lab.comparing.Comparison` is one; it stands above documents, which know it by this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Protocol

from studioflow.policy import Policy

__all__ = ["Compared", "ItemCompared", "StudioCompared"]


class ItemCompared(Protocol):
    """An item that is to blame: its path, how many studios, by how much together."""

    @property
    def item(self) -> str:
        """Its path."""
        ...

    @property
    def studios(self) -> int:
        """How many have other points in it."""
        ...

    @property
    def change(self) -> Fraction:
        """By how much the points change."""
        ...


class StudioCompared(Protocol):
    """A studio for which something changes."""

    @property
    def studio(self) -> str:
        """Its key."""
        ...

    @property
    def before(self) -> Fraction | None:
        """Its total before."""
        ...

    @property
    def after(self) -> Fraction | None:
        """Its total after."""
        ...

    @property
    def rank(self) -> tuple[int | None, int | None]:
        """Its place before and after."""
        ...

    @property
    def grade(self) -> tuple[str | None, str | None]:
        """Its grade before and after."""
        ...

    @property
    def items(self) -> tuple[str, ...]:
        """The items to blame, by path."""
        ...

    @property
    def change(self) -> Fraction | None:
        """By how much the points change."""
        ...


class Compared(Protocol):
    """What a comparison says; `studioflow.lab.comparing.Comparison` is one."""

    @property
    def policies(self) -> tuple[Policy, Policy]:
        """The policy before and after."""
        ...

    @property
    def studios(self) -> int:
        """How many studios there are."""
        ...

    @property
    def hits(self) -> Sequence[StudioCompared]:
        """Those for which anything changes."""
        ...

    @property
    def rising(self) -> Sequence[StudioCompared]:
        """Those whose total rises."""
        ...

    @property
    def falling(self) -> Sequence[StudioCompared]:
        """Those whose total falls."""
        ...

    @property
    def uncertain(self) -> Sequence[StudioCompared]:
        """Those of which the change is open."""
        ...

    @property
    def items(self) -> Sequence[ItemCompared]:
        """The items to blame."""
        ...

    @property
    def totals(self) -> tuple[tuple[Fraction, ...] | None, tuple[Fraction, ...] | None]:
        """Five numbers of the totals by either policy."""
        ...

    @property
    def eligibility(self) -> Mapping[tuple[str, str], int]:
        """How many go from what to what."""
        ...

    @property
    def grades(self) -> Mapping[tuple[str | None, str | None], int]:
        """How many go from which grade to which."""
        ...
