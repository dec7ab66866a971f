"""Readings: named answers to what the source leaves open, and the converter that applies them."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Literal, TypeVar, cast

from attrs import evolve, field, frozen
from cattrs import Converter

from studioflow.codec import MISSING_KEY, UNKNOWN_KEY, UNKNOWN_NAME, Collector, equip, wrong
from studioflow.text import Text, exact, message

__all__ = ["PolicyConverter", "Reading"]

T = TypeVar("T")

READING_VALUES = message(
    "reading_values",
    zh='values（各种答案）或 type = "number"',
    en='values to choose from, or type = "number"',
)


@frozen(kw_only=True)
class Reading:
    """A question that the source leaves open, its answers, and the one in force.

    Attributes:
        value: the answer in force: one of `values`, or a number, or None for "none".
        text: why it is open.
        values: the answers with their meaning; empty where any number will do.
    """

    value: Any
    text: Text
    values: Mapping[str, Text] = field(factory=dict)
    type: Literal["choice", "number"] = "choice"
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        if bool(self.values) == (self.type == "number"):
            raise wrong(READING_VALUES, sorted(self.values))

    @property
    def in_force(self) -> str:
        """The answer in force, as a word."""
        if self.value is None:
            return "none"
        return self.value if isinstance(self.value, str) else exact(self.value)


class PolicyConverter(Converter):
    """A strict converter for which any value may be a table keyed by a reading's answers.

    Every answer's branch is built, so that all of them are checked; the one in force is returned.
    Mappings are built read-only: nobody changes a policy by accident.
    """

    def __init__(self, readings: Mapping[str, Reading] | None = None) -> None:
        super().__init__()
        equip(self)
        # A reading's value is whatever the file says until its answers are known.
        self.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
        self.readings: Mapping[str, Reading] = readings or {}

    def structure(self, obj: object, cl: type[T]) -> T:
        """Build a value, by the reading in force where the table names one.

        Raises:
            InputError: with every problem of every branch.
        """
        if cl is not Reading and isinstance(obj, Mapping):
            name = obj.get("reading")
            # A table is an entry whose id happens to be "reading".
            if name is not None and not isinstance(name, Mapping):
                return self._by_reading(obj, cl)
        built: Any = super().structure(obj, cl)
        return cast("T", MappingProxyType(built) if typing.get_origin(cl) is Mapping else built)

    def _by_reading(self, table: Mapping[str, object], cl: type[T]) -> T:
        name = table["reading"]
        collector = Collector()
        with collector.under("reading"):
            if not isinstance(name, str) or name not in self.readings:
                raise wrong(UNKNOWN_NAME, name, known=self.readings)
        collector.finish()
        reading = self.readings[str(name)]
        branches = {key: value for key, value in table.items() if key != "reading"}
        if reading.type == "number" and not branches:
            return self.structure("none" if reading.value is None else reading.value, cl)
        built: dict[str, T] = {}
        for key in [*reading.values, *(key for key in branches if key not in reading.values)]:
            with collector.under(key):
                if key not in reading.values:
                    raise wrong(UNKNOWN_KEY, key, known=("reading", *reading.values))
                if key not in branches:
                    raise wrong(MISSING_KEY, sorted(branches), key=key)
                built[key] = self.structure(branches[key], cl)
        collector.finish()
        return built[reading.value]


def checked_reading(reading: Reading, converter: Converter) -> Reading:
    """Return the reading with its value checked against its answers.

    Raises:
        InputError: for an answer that it does not have, or what is neither a number nor `"none"`.
    """
    if reading.type == "number":
        value = None if reading.value == "none" else converter.structure(reading.value, Fraction)
        return evolve(reading, value=value)
    if not isinstance(reading.value, str) or reading.value not in reading.values:
        raise wrong(UNKNOWN_NAME, reading.value, known=reading.values)
    return reading
