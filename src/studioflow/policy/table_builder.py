"""Building the tables of a policy: whatever is wrong in one, the others are looked at, too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.errors import InputError, shown
from studioflow.policy.document import Tables, is_register
from studioflow.policy.readings import PolicyConverter
from studioflow.text import Text, message

__all__ = ["TableBuilder"]

T = TypeVar("T")
D = TypeVar("D")

UNQUOTED_ID = message("unquoted_id", zh="加引号的编号", en="an id in quotes")
_QUOTE_IT = Text('给编号加引号：[{place}."{id}"]', 'quote the id: [{place}."{id}"]')

_TABLE = Text("表", "a table")


class TableBuilder:
    """Builds what stands in tables, and collects what is wrong.

    What can not be built is left out and its name kept in `broken`, so that nobody is blamed for
    naming it.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.collector = Collector()
        self.broken: set[str] = set()
        self.converter = PolicyConverter()

    def finish(self) -> None:
        """Raise what was collected.

        Raises:
            InputError: with every problem; a name that is missing because its own table is wrong
                is not a problem of those who use it.
        """
        broken = {shown(name) for name in self.broken}
        problems = [
            problem
            for problem in self.collector.problems
            if problem.code != UNKNOWN_NAME.code or problem.got not in broken
        ]
        if self.collector.problems:
            # Where names only break each other, all of them are the cause.
            raise InputError(problems or self.collector.problems)

    def check_tables(self, *places: tuple[str, ...]) -> None:
        """Stop where a table is none: then no name in it could be told from a wrong one."""
        for place in places:
            with self.collector.under(*place):
                self.table(*place)
        self.collector.finish()

    def table(self, *place: str) -> Mapping[str, Any]:
        """Return the table at a place; an empty one where there is none."""
        here: Mapping[str, Any] = self.tables
        for key in place:
            here = here.get(key, {})
            if not isinstance(here, Mapping):
                raise wrong(WRONG_TYPE, here, type=_TABLE)
        return here

    def one(self, key: str, cls: type[T], default: D) -> T | D:
        """Build the table of a key; where it is wrong or left out, the default stands in."""
        if key not in self.tables:
            return default
        table = self.tables[key]
        with self.collector.under(key):
            return self.converter.structure(table, cls)
        self.broken.update(_ids(table))
        return default

    def entries(self, cls: type[T], *place: str) -> Mapping[str, T]:
        """Build each entry of a table by id; what is wrong is left out."""
        built: dict[str, T] = {}
        for name, table in self.table(*place).items():
            with self.collector.under(*place, name):
                _check_quoted(place, name, table)
                built[name] = self.converter.structure(table, cls)
            if name not in built:
                self.broken.add(name)
        return MappingProxyType(built)


def _check_quoted(place: tuple[str, ...], name: str, table: object) -> None:
    """Refuse `[criteria.2.2]`, which TOML takes for an entry 2 with a table 2 in it."""
    parts = [name]
    while isinstance(table, Mapping) and is_register(table) and all(map(str.isdigit, table)):
        parts.append(next(iter(table)))
        table = table[parts[-1]]
    if len(parts) > 1:
        parameters = {"place": ".".join(place), "id": ".".join(parts)}
        raise wrong(UNQUOTED_ID, parts[1:], hint=_QUOTE_IT, **parameters)


def _ids(table: object) -> Iterator[str]:
    """Yield every key in a table, with the name of its flag if it were a site item."""
    if isinstance(table, Mapping):
        for key, value in table.items():
            yield from (key, f"site_{key}")
            yield from _ids(value)
