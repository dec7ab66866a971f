"""What a table may have as columns: the fields of a kind of record, facts, people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from unicodedata import normalize

from attrs import field, frozen

from studioflow.policy import Policy, RecordField, RecordKind
from studioflow.rules import Fact
from studioflow.text import Text

__all__ = [
    "ID",
    "STUDIO",
    "Wanted",
    "as_field",
    "fact_columns",
    "folded",
    "is_numbering",
    "people_columns",
    "record_columns",
]

ID = "id"
STUDIO = "studio"
_SPACE = re.compile(r"[\s*:]+|\((?:必填|required)\)")
_NUMBERED = frozenset({"序号", "no", "no.", "#", "№", "num"})
_IDS = ("编号", "id", "工号")
_POINTS = Text("分", "points")


@frozen(kw_only=True)
class Wanted:
    """The columns that a table may have.

    Attributes:
        fields: by the name of the column; the id of a person has one of its own, `person/id`.
        also: further words for a column.
        check: refuses a value that is out of a column's bounds.
    """

    fields: Mapping[str, RecordField]
    also: Mapping[str, tuple[str, ...]] = field(factory=dict)
    check: Callable[[str, object], object] = field(repr=False)

    @cached_property
    def names(self) -> Mapping[str, frozenset[str]]:
        """The columns by everything that their heads may say, folded."""
        names: dict[str, set[str]] = defaultdict(set)
        for name, declared in self.fields.items():
            for word in self._words(name, declared):
                names[folded(word)].add(name)
        # A field's own name is its own, whatever the label of another.
        return {word: frozenset({word} & {*self.fields} or found) for word, found in names.items()}

    def _words(self, name: str, declared: RecordField) -> Iterator[str]:
        for label in {declared.label.zh, declared.label.en}:
            yield label
            yield f"{label}({name})"
            if declared.unit is not None:
                yield from (f"{label}({unit})" for unit in (declared.unit.zh, declared.unit.en))
            if declared.type == "money":
                yield from (f"{label}(元)", f"{label}(yuan)")
        yield name
        yield from self.also.get(name, ())

    def labels(self) -> list[str]:
        """Return the words that a head may use, as people write them."""
        found = {word for each in self.fields.values() for word in (each.label.zh, each.label.en)}
        return sorted(found | {*self.fields})

    def title(self, name: str, *, chinese: bool) -> str:
        """Return the head of a column, which says no other one."""
        label = self.fields[name].label
        said = label.zh if chinese else label.en
        return said if len(self.names[folded(said)]) == 1 else f"{said}({name})"


def folded(title: str) -> str:
    """Return a head as it is compared: width, case, spaces and stars make no difference.

    >>> folded("参加人数（人） *"), folded("Research Activity")
    ('参加人数(人)', 'researchactivity')
    """
    return _SPACE.sub("", normalize("NFKC", title).casefold())


def is_numbering(title: str) -> bool:
    """Return whether a head is that of a column which only counts the rows."""
    return folded(title) in _NUMBERED


def record_columns(kind: RecordKind) -> Wanted:
    """Return the columns of a table with a record in each row."""
    people = [name for name, each in kind.fields.items() if each.type == "person"]
    fields = dict(kind.fields)
    also: dict[str, tuple[str, ...]] = {}
    for name in people:
        label = kind.fields[name].label
        # Whether an id is there is told of the person.
        called = Text(f"{label.zh}编号", f"{label.en} id")
        fields[f"{name}/{ID}"] = RecordField(type="text", label=called)
        also[f"{name}/{ID}"] = (f"{name} id", f"{name}_id", *(_IDS if len(people) == 1 else ()))
    fields[ID] = RecordField(type="text", label=Text("记录编号", "record id"))
    also[ID] = ("record_id", *(() if people else _IDS))
    return Wanted(
        fields=fields,
        also=also,
        check=lambda name, value: fields[name].read(value),
    )


def fact_columns(policy: Policy) -> Wanted:
    """Return the columns of a table with a studio in each row, and its facts."""
    studio = RecordField(type="text", required=True, label=Text("工作室编号", "studio id"))
    facts = {name: as_field(fact) for name, fact in policy.facts.items()}
    return Wanted(
        fields={STUDIO: studio, **facts},
        also={STUDIO: ("工作室", *_IDS)},
        check=lambda name, value: name != STUDIO and policy.facts[name].units(value),
    )


def as_field(fact: Fact) -> RecordField:
    """Return a field whose values are written as those of a fact are."""
    match fact.type:
        case "count":
            return RecordField(type="count", label=fact.label, unit=fact.unit)
        case "number" | "mark":
            unit = fact.unit or _POINTS
            return RecordField(type="number", label=fact.label, unit=unit, step=fact.step)
        case "choice":
            return RecordField(type="choice", label=fact.label, values=fact.values)
        case "date":
            return RecordField(type="date", label=fact.label)
        case _:
            return RecordField(type="flag", label=fact.label)


def people_columns() -> Wanted:
    """Return the columns of a list of people."""
    fields = {
        "name": RecordField(type="text", required=True, personal=True, label=Text("姓名", "name")),
        ID: RecordField(type="text", required=True, label=Text("编号", "id")),
    }
    return Wanted(
        fields=fields, also={ID: _IDS}, check=lambda name, value: fields[name].read(value)
    )
