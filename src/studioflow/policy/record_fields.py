"""The fields of a record: their types, and their values from plain ones and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal, cast

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, exact_number, wrong
from studioflow.errors import InputError
from studioflow.people import Opinion, Person
from studioflow.policy.document import plain
from studioflow.policy.privacy import masked
from studioflow.policy.record_values import as_table, distinct, month, structured
from studioflow.rules import Fact
from studioflow.text import Text, message

__all__ = ["FieldType", "RecordField"]

FieldType = Literal[
    "text",
    "texts",
    "flag",
    "count",
    "number",
    "money",
    "date",
    "month",
    "choice",
    "choices",
    "person",
    "people",
    "opinion",
    "evidence",
]

FIELD_LACKS = message(
    "record_field_lacks", zh="{type} 类字段应有：{needs}", en="a field of type {type} with {needs}"
)
FIELD_UNUSED = message(
    "record_field_unused",
    zh="没有 {key} 的 {type} 类字段",
    en="a field of type {type} without {key}",
)

_PIECES = Text("项", "items")
_YUAN = Text("元", "yuan")
_CENT = Fraction(1, 100)

_PYTHON: Mapping[FieldType, object] = {
    "text": str,
    "texts": tuple[str, ...],
    "flag": bool,
    "count": int,
    "number": Fraction,
    "money": Fraction,
    "date": date,
    "month": str,
    "choice": str,
    "choices": tuple[str, ...],
    "person": Person,
    "people": tuple[Person, ...],
    "opinion": Opinion,
    "evidence": tuple[str, ...],
}
_PRIVATE_PARTS: Mapping[FieldType, str] = {"person": "name", "people": "name", "opinion": "text"}
_KEY_TYPES: Mapping[str, frozenset[FieldType]] = {
    "unit": frozenset({"count", "number"}),
    "min": frozenset({"count", "number", "money"}),
    "max": frozenset({"count", "number", "money"}),
    "step": frozenset({"number"}),
    "values": frozenset({"choice", "choices"}),
}
"""The types for which a key means something."""
_SPEAKING: Mapping[FieldType, type] = {"person": Person, "people": Person, "opinion": Opinion}
"""The types of which a part is not shown, whether or not the field is personal."""


@frozen(kw_only=True)
class RecordField:
    """The declaration of one field of a record.

    Attributes:
        type: of its value; see `python_type`.
        required: whether there is no record without it.
        personal: whether its value is personal data, shown nowhere and kept apart.
        unit: of counts and numbers; money is in yuan.
        low, high: bounds of counts, numbers and money, both included; None is unbounded.
        step: of which a number is a multiple; money goes by the cent.
        values: the words of a choice, with their labels.
        supplied_by: the roles that fill it in, where not all who record the kind may.
    """

    type: FieldType
    label: Text
    required: bool = False
    personal: bool = False
    unit: Text | None = None
    low: Fraction | None = field(default=Fraction(0), metadata={"key": "min"})
    high: Fraction | None = field(default=None, metadata={"key": "max"})
    step: Fraction | None = None
    values: Mapping[str, Text] = field(factory=dict)
    supplied_by: tuple[str, ...] = field(default=(), metadata={"key": "from"})
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        for key, value in self._said().items():
            with collector.under(key):
                if self.type not in _KEY_TYPES[key]:
                    raise wrong(FIELD_UNUSED, value, type=self.type, key=key)
        for key in self._lacks():
            with collector.under():
                raise wrong(FIELD_LACKS, self.label.en, type=self.type, needs=key)
        if not collector.problems and self.type in {"count", "number", "money"}:
            with collector.under():
                self.fact("")  # checks the bounds
        collector.finish()

    def _said(self) -> dict[str, object]:
        said: dict[str, object] = {}
        if self.unit is not None:
            said["unit"] = self.unit.en
        if self.low != 0:
            said["min"] = "none" if self.low is None else self.low
        if self.high is not None:
            said["max"] = self.high
        if self.step is not None:
            said["step"] = self.step
        if self.values:
            said["values"] = ", ".join(self.values)
        return said

    def _lacks(self) -> list[str]:
        lacks = []
        if self.type == "number":
            lacks += [key for key in ("unit", "step") if getattr(self, key) is None]
        if self.type in _KEY_TYPES["values"] and not self.values:
            lacks.append("values")
        return lacks

    @property
    def python_type(self) -> Any:  # noqa: ANN401 - a type, or an alias of one: both are `Any` to attrs
        """The type of its value in Python."""
        return _PYTHON[self.type]

    @property
    def private_part(self) -> str | None:
        """The key of its value's tables that is personal even where the field is not."""
        return _PRIVATE_PARTS.get(self.type)

    def fact(self, name: str) -> Fact | None:
        """Return the field as a fact, for conditions over records; None where it is no scalar."""
        match self.type:
            case "count" | "number":
                return Fact(
                    name=name,
                    type=self.type,
                    label=self.label,
                    unit=self.unit or _PIECES,
                    low=self.low,
                    high=self.high,
                    step=self.step,
                )
            case "money":
                return Fact(
                    name=name,
                    type="number",
                    label=self.label,
                    unit=_YUAN,
                    low=self.low,
                    high=self.high,
                    step=_CENT,
                )
            case "choice":
                return Fact(name=name, type="choice", label=self.label, values=self.values)
            case "flag":
                return Fact(name=name, type="flag", label=self.label)
            case "date":
                return Fact(name=name, type="date", label=self.label, low=None)
        return None

    def read(self, value: object) -> object:
        """Return the value in Python of what a document, or a caller, has.

        Raises:
            InputError: with every problem; personal data stands in none of them.
        """
        try:
            return self._read(value)
        except InputError as error:
            kind = _SPEAKING.get(self.type)
            problems = [masked(p, kind, personal=self.personal) for p in error.problems]
        # Not from the handler: the first error would hang on the second, and be logged with it.
        raise InputError(problems)

    def _read(self, value: object) -> object:
        match self.type:
            case "count" | "number" | "money":
                return self._number(value)
            case "choice":
                return self._word(value)
            case "choices":
                return distinct(value, self._word)
            case "month":
                return month(value)
            case "people":
                return distinct(value, _person, key=lambda person: person.id)
            case _:
                return structured(value, self.python_type)

    def _number(self, value: object) -> int | Fraction:
        fact = cast("Fact", self.fact(""))
        fact.units(value)
        return int(exact_number(value)) if self.type == "count" else exact_number(value)

    def _word(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.values:
            raise wrong(UNKNOWN_NAME, value, known=self.values)
        return value

    def write(self, value: object) -> object:
        """Return the plain value, as a document has it, of what `read` returned."""
        match value:
            case date():
                return value.isoformat()
            case Person() | Opinion():
                return {key: self.write(item) for key, item in as_table(value).items()}
            case tuple():
                return [self.write(item) for item in value]
            case _:
                return plain(value)


def _person(value: object) -> Person:
    return cast("Person", structured(value, Person))
