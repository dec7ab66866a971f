"""Record kinds: which records a county keeps of its studios, as its policy declares them."""

from __future__ import annotations

import keyword
from collections.abc import Mapping
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from studioflow.codec import (
    MISSING_KEY,
    NOT_AN_IDENTIFIER,
    UNKNOWN_KEY,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
    is_identifier,
    wrong,
)
from studioflow.policy.privacy import masked_shape
from studioflow.policy.record_classes import record_class
from studioflow.policy.record_fields import FieldType, RecordField
from studioflow.policy.record_parts import joined, separated
from studioflow.policy.record_values import as_table
from studioflow.rules import Fact
from studioflow.text import Text, message

__all__ = ["SEALED", "RecordField", "RecordKind", "check_name"]

RESERVED_NAME = message(
    "reserved_name",
    zh="不以下划线开头的名称，不是 Python 关键字，也不是 {reserved}",
    en="no keyword of Python, no underscore in front, and none of: {reserved}",
)
FIELD_OF_TYPE = message(
    "field_of_type", zh="{type} 类字段：{known}", en="a field of type {type}: {known}"
)
FIELD_REQUIRED = message("field_required", zh="required 的字段", en="a field that is required")
FIELD_PERSONAL = message(
    "field_personal",
    zh="不是 personal 的字段（个人信息可被删除）",
    en="a field that is not personal: personal data may be erased",
)
KEY_NEEDS = message("key_needs", zh="与 {key} 同写", en="{key} beside it")
ENDS_BEFORE_START = message(
    "record_ends_before_start", zh="不早于 {since}", en="a day not before that of {since}"
)
DAYS_BELOW_0 = message("days_below_0", zh="不小于 0 的天数", en="0 days or more")

_RESERVED = frozenset({"id", "kind", "self"})
"""A record's own id and kind, and what the methods of its class call it."""
SEALED = "_sealed"
"""What the name of an opinion's flag ends in: whether it is sealed."""
_TABLE = Text("表，或字段相同的 attrs 实例", "a table, or an attrs instance with the same fields")
_TYPES: Mapping[str, FieldType] = {
    "date": "date",
    "person": "person",
    "since": "date",
    "until": "date",
}
"""The keys of a kind that name a field, with the type that it must have."""
_NEEDS = (
    ("until", "since"),
    ("since", "person"),
    ("insider", "person"),
    ("one_studio", "since"),
    ("due_days", "date"),
)
"""The keys of a kind that mean nothing without another."""


@frozen(kw_only=True)
class RecordKind:
    """The declaration of one kind of record.

    Attributes:
        name: a plain identifier.
        fields: by name.
        supplied_by: the roles that may record one.
        date: the field that says when it happened.
        same: two records that agree on all of these fields are the same evidence.
        same_across: whether that is said of records of two studios, too; there it is only a
            warning.
        due_days: a record is late that was made more than so many days after `date`.
        independent: whether nobody records one for a studio of their own, or of their own unit.
        once: whether a studio has at most one.
        person: the field that says whose record it is.
        since, until: of a roster: the fields with the first and the last day that the person is
            on it, both included.
        insider: whether these people are the studio's own, and do not judge it.
        one_studio: whether nobody is on such a roster, or among the declared members, of two
            studios at once.
    """

    label: Text
    fields: Mapping[str, RecordField]
    supplied_by: tuple[str, ...] = field(metadata={"key": "from"})
    name: str = ""
    date: str | None = None
    same: tuple[str, ...] = ()
    same_across: bool = True
    due_days: int | None = None
    independent: bool = False
    once: bool = False
    person: str | None = None
    since: str | None = None
    until: str | None = None
    insider: bool = False
    one_studio: bool = False
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under():
            if not self.fields:
                raise wrong(MISSING_KEY, "fields = {}", key="fields")
        with collector.under():
            if not self.supplied_by:
                raise wrong(MISSING_KEY, "from = []", key="from")
        for name in self.fields:
            with collector.under("fields", name):
                check_name(name)
        for key in _TYPES:
            with collector.under(key):
                self._check_named(key, getattr(self, key))
        for position, name in enumerate(self.same):
            with collector.under("same", position):
                if name not in self.fields:
                    raise wrong(UNKNOWN_NAME, name, known=self.fields)
                self._check_lasting(name)
        for key, other in _NEEDS:
            with collector.under(key):
                if getattr(self, key) and not getattr(self, other):
                    raise wrong(KEY_NEEDS, getattr(self, key), key=other)
        with collector.under("due_days"):
            if self.due_days is not None and self.due_days < 0:
                raise wrong(DAYS_BELOW_0, self.due_days)
        collector.finish()

    def _check_named(self, key: str, name: str | None) -> None:
        """Check that a key names a field that can be what the key says."""
        if name is None:
            return
        known = [n for n, declared in self.fields.items() if declared.type == _TYPES[key]]
        if name not in known:
            raise wrong(FIELD_OF_TYPE, name, known=known, type=_TYPES[key])
        if key != "until" and not self.fields[name].required:
            raise wrong(FIELD_REQUIRED, name)
        self._check_lasting(name)

    def _check_lasting(self, name: str) -> None:
        """Check that what a record is counted or found by is there as long as the record."""
        if self.fields[name].personal:
            raise wrong(FIELD_PERSONAL, name)

    @cached_property
    def cls(self) -> type:
        """The attrs class of its records: frozen, and the same for every load of a declaration."""
        return record_class(self.name, self.fields)

    def load(self, data: object) -> Any:  # noqa: ANN401 - an instance of `cls`, known at run time
        """Return the record that a table, or an attrs instance with the same fields, says.

        Nothing is coerced. A field that is left out, or None, is None.

        Raises:
            InputError: with every problem; personal data stands in none of them.
        """
        table = as_table(data)
        if not isinstance(table, Mapping):
            # Of what it is, only the type: it may hold anything.
            raise wrong(WRONG_TYPE, type(data), type=_TABLE)
        collector = Collector()
        values: dict[str, object] = {}
        given = {key: value for key, value in table.items() if value is not None}
        for key, value in given.items():
            with collector.under(key):
                if key not in self.fields:
                    raise wrong(UNKNOWN_KEY, key, known=self.fields)
                values[key] = self.fields[key].read(value)
        for key, declared in self.fields.items():
            with collector.under():
                if declared.required and key not in given:
                    raise wrong(MISSING_KEY, sorted(map(str, given)), key=key)
        collector.problems = [masked_shape(problem) for problem in collector.problems]
        collector.finish()
        since, until = values.get(self.since or ""), values.get(self.until or "")
        with collector.under(self.until):
            if isinstance(since, date) and isinstance(until, date) and until < since:
                raise wrong(ENDS_BEFORE_START, f"{until}", since=since)
        collector.finish()
        return self.cls(**values)

    def dump(self, record: object) -> dict[str, object]:
        """Return the plain document of a record: `load` makes an equal one of it.

        Days become their ISO form, as JSON has them; a field that is None is left out.
        """
        return {
            name: declared.write(value)
            for name, declared in self.fields.items()
            if (value := getattr(record, name)) is not None
        }

    def separated(self, data: Mapping[str, object]) -> tuple[dict[str, object], dict[str, object]]:
        """Return a document, as `dump` gives it, without its personal parts; and these, by path.

        The name of a person is personal, whatever the field.
        """
        return separated(self.fields, data)

    def joined(
        self, public: Mapping[str, object], personal: Mapping[str, object]
    ) -> dict[str, object]:
        """Return the document whose two parts `separated` returned.

        Raises:
            InputError: for a personal part that has no place in the other.
        """
        return joined(public, personal)

    def facts(self) -> Mapping[str, Fact]:
        """Return its scalar fields as facts, for conditions over its records.

        Of an opinion it is whether it is sealed, as `<field>_sealed`.
        """
        return self._facts

    @cached_property
    def _facts(self) -> Mapping[str, Fact]:
        facts = {}
        for name, declared in self.fields.items():
            if declared.type == "opinion":
                facts[f"{name}{SEALED}"] = Fact(
                    name=f"{name}{SEALED}", type="flag", label=declared.label
                )
            elif (fact := declared.fact(name)) is not None:
                facts[name] = fact
        return MappingProxyType(facts)


def check_name(name: str) -> None:
    """Check that a name can be an attribute, before it gets into code.

    Raises:
        InputError: for one that is no plain identifier, or that means something already.
    """
    if not is_identifier(name):
        raise wrong(NOT_AN_IDENTIFIER, name)
    if name.startswith("_") or keyword.iskeyword(name) or name in _RESERVED:
        raise wrong(RESERVED_NAME, name, reserved=sorted(_RESERVED))
