"""Remarks: why a value is what it is, and the notes that become remarks when somebody reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Any, NamedTuple

from attrs import frozen

from studioflow.text import Message

__all__ = ["NoAnswerError", "RefusedError", "Remark", "Saying", "agreeing", "exactly", "plain"]

Facts = Mapping[str, Any]  # in the types that the terms say, which whoever hands them in checks


class Remark(NamedTuple):
    """A reason that counted.

    Attributes:
        message: what is said.
        parameters: what its sentence mentions.
        met: whether it speaks for a truth, against it, or (None) of a number.
        refused: it says of a value that it is not valid.
        failed: it says that what Python computes has no answer.
    """

    message: Message
    parameters: Mapping[str, object]
    met: bool | None = None
    refused: bool = False
    failed: bool = False


class RefusedError(Exception):
    """A fact has a value that the rule does not allow there; `remark` says why.

    It ends one computation; whoever asked for that turns it into an `InputError` with a path.
    """

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(remark)


class NoAnswerError(Exception):
    """What Python computes gave no answer; `remark` says why. The value is then not known."""

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(remark)


@frozen(eq=False)
class Saying:
    """A compiled note: what it mentions is computed when somebody reads it.

    Attributes:
        message: what is said.
        fixed: the parameters that are always the same.
        computed: the others, each computed from the facts.
        met: whether it speaks for a truth, against it, or (None) of a number.
    """

    message: Message
    fixed: Mapping[str, object]
    computed: tuple[tuple[str, Callable[[Facts], object]], ...] = ()
    met: bool | None = None

    def parameters(self, facts: Facts) -> Mapping[str, object]:
        """Return what the sentence mentions, of these facts; a dict of its own."""
        parameters = dict(self.fixed)
        for name, compute in self.computed:
            parameters[name] = compute(facts)
        return parameters

    def remark(self, facts: Facts, *, refused: bool = False) -> Remark:
        """Return the remark, of these facts."""
        return Remark(self.message, self.parameters(facts), self.met, refused)


def agreeing(remarks: list[Remark], start: int, *, outcome: bool) -> None:
    """Drop the remarks from `start` that speak for the other outcome.

    What is met is explained by what was met, what is not by what was missing.
    """
    if len(remarks) > start:
        remarks[start:] = [r for r in remarks[start:] if r.met is None or r.met is outcome]


@lru_cache(maxsize=4096)
def exactly(units: int | Fraction, denominator: int) -> Fraction:
    """Return units of a denominator as a fraction.

    The same few stand on most sheets, and making one takes longer than scoring an item.
    """
    return Fraction(units, denominator)


def plain(units: float | Fraction, denominator: int) -> int | float | Fraction:
    """Return units of a denominator as the number that they stand for."""
    if denominator == 1 or isinstance(units, float):
        return units
    return exactly(units, denominator)
