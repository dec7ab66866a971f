"""Case files: records of one studio as a county has them, with its form, marks and a site visit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

import attrs
from attrs import evolve, field, frozen

from studioflow.codec import (
    UNKNOWN_NAME,
    Collector,
    strict_converter,
    to_json,
    wrong,
)
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy, RecordKind
from studioflow.policy.document import WRONG_SCHEMA, plain
from studioflow.policy.privacy import masked_shape, read_private, tell_less, told
from studioflow.policy.record_values import record_id
from studioflow.rubric import FactFile, Inspection
from studioflow.studio import Application, mask_applications
from studioflow.text import message

__all__ = ["CaseFile", "read_case_file", "read_unchecked"]

SCHEMA = "studioflow.case/1"
_ID = "id"

ID_USED_TWICE = message(
    "record_id_used_twice",
    zh="一份案卷文件中各不相同的 id",
    en="an id that no other record of the file has",
)

Tables = tuple[Mapping[str, Any], ...]
Records = Mapping[str, Tables]

_converter = strict_converter()
# A record is checked by its kind, which only a policy knows.
_converter.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
mask_applications(_converter)
for _type in (Mapping[str, Any], Tables, Records):
    tell_less(_converter, _type, masked_shape)


@frozen(kw_only=True)
class CaseFile:
    """What comes in for one studio at one time. Records stay out of its `repr`.

    Attributes:
        studio: its id, where the file says for whom it is.
        application: the core of the form.
        records: plain documents by kind, as the kind's `dump` writes them; each may have an `id`.
        marks: of one or several assessors.
        inspection: of the site, item by item.
    """

    schema: str = SCHEMA
    studio: str | None = None
    application: Application | None = None
    records: Records = field(factory=dict, repr=False)
    marks: tuple[Mark, ...] = ()
    inspection: Inspection | None = None

    def checked(self, policy: Policy) -> CaseFile:
        """Return the file with every record as its kind writes it.

        Raises:
            InputError: with everything that does not fit the policy.
        """
        collector = Collector()
        ids: set[str] = set()
        records: dict[str, Tables] = {}
        for name, items in self.records.items():
            with collector.under("records", name):
                if name not in policy.record_kinds:
                    raise wrong(UNKNOWN_NAME, name, known=policy.record_kinds)
                kind, fitting = policy.record_kinds[name], []
                inner = Collector()
                for position, item in enumerate(items):
                    with inner.under(position):
                        fitting.append(_checked(kind, item, ids))
                records[name] = tuple(fitting)
                inner.finish()
        with collector.under():
            policy.values(self.judged())
        collector.finish()
        return evolve(self, records=records)

    def judged(self) -> FactFile:
        """Return its marks and its inspection, as an action takes them."""
        return FactFile(studio=self.studio, marks=self.marks, inspection=self.inspection)

    def to_dict(self, policy: Policy) -> dict[str, object]:
        """Return the document: plain values, days in their ISO form, nothing that is empty.

        Raises:
            InputError: as `checked` does.
        """
        return cast("dict[str, object]", _document(self.checked(policy)))

    def to_json(self, policy: Policy) -> str:
        """Return the document as JSON text, of which `read_case_file` makes an equal file.

        Raises:
            InputError: as `checked` does, and for a number without an end, such as 1/3.
        """
        return to_json(self.to_dict(policy)) + "\n"


def read_case_file(path: Path, policy: Policy) -> CaseFile:
    """Read a case file, as TOML or JSON, and check it against a policy.

    Raises:
        InputError: with every problem, each with the file and its path.
    """
    file = read_unchecked(path)
    try:
        return file.checked(policy)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None


def read_unchecked(path: Path) -> CaseFile:
    """Read a case file for its form; what its records say is checked once there is a policy.

    Raises:
        InputError: with every problem of its form.
    """
    tables = read_private(path)
    collector = Collector()
    with collector.under("schema"):
        if (schema := tables.get("schema", "")) != SCHEMA:
            raise wrong(WRONG_SCHEMA, told(schema), schema=SCHEMA)
    try:
        collector.finish()  # of any other file nothing else is worth saying
        return _converter.structure(tables, CaseFile)
    except InputError as error:
        problems = [masked_shape(problem).in_file(path.name) for problem in error.problems]
    raise InputError(problems)


def _checked(kind: RecordKind, item: Mapping[str, Any], ids: set[str]) -> Mapping[str, Any]:
    """Return a record as its kind writes it, with the id that it has.

    Raises:
        InputError: with everything that is wrong with it.
    """
    collector = Collector()
    own: dict[str, Any] = {}
    rest: object = item
    if isinstance(item, Mapping):
        rest = {key: value for key, value in item.items() if key != _ID}
        given = item.get(_ID)
        with collector.under():
            if given is not None:
                own[_ID] = record_id(given)
    with collector.under(_ID):
        if own and own[_ID] in ids:
            raise wrong(ID_USED_TWICE, own[_ID])
        ids.update(own.values())
    with collector.under():
        own |= kind.dump(kind.load(rest))
    collector.finish()
    return own


def _document(value: object) -> object:
    """Return the plain form of a value; of a record only what says something."""
    match value:
        case Mapping():
            return {str(key): _document(item) for key, item in value.items()}
        case list() | tuple():
            return [_document(item) for item in value]
        case date():
            return value.isoformat()
        case _ if attrs.has(type(value)):
            fields = {
                f.name: getattr(value, f.name) for f in attrs.fields(cast("Any", type(value)))
            }
            said = {k: v for k, v in fields.items() if v is not None and v not in ((), {}, "")}
            return {key: _document(item) for key, item in said.items()}
        case _:
            return plain(value)
