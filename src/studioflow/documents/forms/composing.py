"""What was read of a form, cell by cell, put together into records."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import cast

from attrs import define, evolve, field, frozen

from studioflow.codec import Collector, wrong
from studioflow.documents.forms.places import Place
from studioflow.documents.values import parsed
from studioflow.errors import InputError, Problem
from studioflow.policy import Policy, RecordField
from studioflow.policy.privacy import told
from studioflow.text import Text, message

__all__ = ["Composing", "ReadRecord"]

PERSON_WITHOUT_ID = message(
    "person_without_id",
    zh="有编号的人员：表中写“姓名（编号）”，或在人员名单中只出现一次的姓名",
    en="a person with an id: `name (id)` in the form, or a name that the list of people has once",
)

_PEOPLE_HINT = Text(
    "用 --people 给出含姓名和编号两列的名单", "give a list of names and ids with --people"
)
_PERSON = RecordField(type="person", label=Text("姓名", "name"))


@frozen
class ReadValue:
    value: object
    at: str


@define
class ReadRecord:
    """The values of one record, by field and part."""

    values: dict[str, dict[str | None, list[ReadValue]]] = field(factory=dict)

    def add(self, place: Place, value: object, at: str) -> None:
        """Note what stands in a cell."""
        parts = self.values.setdefault(str(place.key), {})
        parts.setdefault(place.part, []).append(ReadValue(value, at))


@define
class Composing:
    """Puts the parts of values together: a person of a name and an id, an opinion of four."""

    policy: Policy
    people: Mapping[str, str]
    collector: Collector
    _at: dict[str, str] = field(factory=dict)

    def values(self, record: ReadRecord) -> dict[str, object]:
        """Return the record as a plain document; what can not be one is collected."""
        made: dict[str, object] = {}
        for key, parts in record.values.items():
            at = next(iter(parts.values()))[0].at
            self._at[key] = at
            with self.collector.under(at):
                value = self._value(parts)
                if value is not None:
                    made[key] = value
        return made

    def _value(self, parts: Mapping[str | None, list[ReadValue]]) -> object:
        if None in parts:
            several = [each.value for each in parts[None]]
            if all(isinstance(each, list) for each in several):  # boxes, or one list
                return list(chain.from_iterable(cast("list[list[object]]", several)))
            return several[0]
        said = {str(part): values[0].value for part, values in parts.items()}
        if "name" not in said and "id" not in said:  # an opinion
            return said if any(value is not True for value in said.values()) or said else None
        if "id" not in said:
            said = self._known(str(said.get("name", "")))
        return said

    def _known(self, name: str) -> dict[str, object]:
        try:
            return cast("dict[str, object]", parsed(_PERSON, name, people=self.people))
        except InputError as error:
            raise wrong(PERSON_WITHOUT_ID, told(name), hint=_PEOPLE_HINT) from error

    def placed(self, problem: Problem) -> Problem:
        """Say where in the file stands what a problem is about, as far as that is known."""
        parts = problem.path.split("/")
        name = next((part for part in parts[::-1] if part in self._at), None)
        return (
            problem if name is None else evolve(problem, path=f"{self._at[name]}: {problem.path}")
        )
