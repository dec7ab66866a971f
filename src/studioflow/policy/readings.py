"""Readings: named answers to what the source leaves open, and the converter that applies them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Literal

from attrs import field, frozen
from cattrs import Converter

from studioflow.codec import MISSING_KEY, UNKNOWN_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.text import Text, exact, message

__all__ = ["PolicyConverter", "Reading"]

READING_VALUES = message(
    "reading_values",
    zh="values（各种答案）或 type = \"number\"",
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
    """A converter for which any value may be a table keyed by a reading's answers.

    Every answer's branch is built, so that all of them are checked; the one in force is returned.
    """

    readings: Mapping[str, Reading] = {}

    def structure(self, obj: Any, cl: Any) -> Any:
        """Build a value, by the reading in force where the table names one."""
        if not (isinstance(obj, Mapping) and "reading" in obj and cl is not Reading):
            return super().structure(obj, cl)
        name = obj["reading"]
        if name not in self.readings:
            collector = Collector()
            with collector.under("reading"):
                raise wrong(UNKNOWN_NAME, name, known=self.readings)
            collector.finish()
        reading = self.readings[name]
        branches = {key: value for key, value in obj.items() if key != "reading"}
        if reading.type == "number" and not branches:
            return super().structure("none" if reading.value is None else reading.value, cl)
        collector = Collector()
        built: dict[str, Any] = {}
        for key in branches.keys() | reading.values.keys():
            with collector.under(key):
                if key not in reading.values:
                    raise wrong(UNKNOWN_KEY, key, known=reading.values)
                if key not in branches:
                    raise wrong(MISSING_KEY, sorted(branches), key=key)
                built[key] = self.structure(branches[key], cl)
        collector.finish()
        return built[reading.value]


def checked_reading(reading: Reading, converter: Converter) -> Reading:
    """Return the reading with its value checked against its answers.

    Raises:
        InputError: for an answer that it does not have.
    """
    from attrs import evolve

    if reading.type == "number":
        number: Fraction | None = converter.structure(reading.value, Fraction | None)
        return evolve(reading, value=number)
    if not isinstance(reading.value, str) or reading.value not in reading.values:
        raise wrong(UNKNOWN_NAME, reading.value, known=reading.values)
    return reading
