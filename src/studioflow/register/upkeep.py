"""Making a register's tables, and bringing those of an earlier release up to this one's."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from studioflow.register.database import Cursor, Database
from studioflow.register.errors import Damaged, TooNew
from studioflow.register.port import Line
from studioflow.register.statements import Statements
from studioflow.register.tables import MIGRATIONS, migration

__all__ = ["Meta", "known_schema", "prepared", "read_meta"]


@frozen
class Meta:
    """What a register says of itself.

    Attributes:
        schema: the version of its tables.
        register_id: what tells it from every other one.
        events: the latest version of the schema of events that was written to it.
    """

    schema: int
    register_id: str
    events: int = 1


def prepared(
    database: Database,
    said: Statements,
    prefix: str,
    migrations: Sequence[Sequence[str]] = MIGRATIONS,
) -> Meta:
    """Return what a register says of itself, once its tables are those of this release.

    Tables of a newer release are left as they are.
    """
    with database.reading() as cursor:
        found = _meta(cursor, database, said, prefix)
    if found is not None and found.schema >= len(migrations):
        return found
    with database.writing() as cursor:
        if database.dialect == "postgresql":
            cursor.all(said.lock_slot, {"name": f"{prefix}_meta"})
        found = _meta(cursor, database, said, prefix)  # somebody else may have been faster
        done = 0 if found is None else found.schema
        for steps in migrations[done:]:
            for statement in migration(steps, database.dialect, prefix):
                cursor.run(statement)
        if found is None:
            cursor.run(said.keep_meta, {"name": "register", "value": uuid.uuid4().hex})
            cursor.run(said.keep_meta, {"name": "events", "value": "1"})
        cursor.run(said.keep_meta, {"name": "schema", "value": str(max(done, len(migrations)))})
        return read_meta(cursor, said)


def _meta(cursor: Cursor, database: Database, said: Statements, prefix: str) -> Meta | None:
    is_sqlite = database.dialect == "sqlite"
    exists = said.table_exists_sqlite if is_sqlite else said.table_exists_postgresql
    found = cursor.one(exists, {"name": f"{prefix}_meta"})
    return None if found is None else read_meta(cursor, said)


def read_meta(cursor: Cursor, said: Statements) -> Meta:
    """Return what a register whose tables are there says of itself.

    Raises:
        Damaged: where it does not.
    """
    values = dict(cursor.all(said.meta))
    try:
        return Meta(int(values["schema"]), values["register"], int(values["events"]))
    except (LookupError, TypeError, ValueError) as error:
        raise Damaged("meta") from error


def known_schema(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of a register, of which a copy would have everything.

    Raises:
        TooNew: where its tables are of a newer release: they may have more than is known of.
    """
    for line in lines:
        if line.kind == "meta":
            found = int(str(line.fields.get("schema", len(MIGRATIONS))))
            if found > len(MIGRATIONS):
                raise TooNew(found, len(MIGRATIONS))
        yield line
