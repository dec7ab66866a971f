"""Names: facts nobody supplies, roles nobody needs, readings nothing hangs on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from studioflow.lab.linting.findings import Finding
from studioflow.policy import Policy
from studioflow.text import message

__all__ = ["of_names"]

FACT_UNSUPPLIED = message(
    "fact_unsupplied",
    zh="没有人提供（from），也不由记录得出",
    en="nobody supplies it (from), and it is not counted from records",
)
FACT_UNUSED = message("fact_unused", zh="没有任何规则用到它", en="no rule names it")
ROLE_UNUSED = message(
    "role_unused",
    zh="这个角色不办理、不提供、不评分任何内容",
    en="nobody in this role does, supplies or marks anything",
)
READING_UNUSED = message(
    "reading_unused", zh="没有任何值取决于这一理解", en="no value hangs on this reading"
)
READING_SAME = message(
    "reading_same",
    zh="各种答案给出同样的政策",
    en="every answer of it gives the same policy",
)


def of_names(policy: Policy) -> Iterator[Finding]:
    """Yield names that nobody uses, and facts that nobody gives."""
    tables = policy.tables
    yield from _facts(tables)
    for name, role in policy.roles.items():
        said = {key: value for key, value in tables.items() if key not in {"roles", "readings"}}
        if not _says(said, name):
            yield Finding(ROLE_UNUSED, f"roles/{name}", "warning", role.clause)
    for name, reading in policy.readings.items():
        path = f"readings/{name}"
        keyed = list(_keyed_by(tables, name))
        if not keyed:
            yield Finding(READING_UNUSED, path, "warning", reading.clause)
        elif reading.values and all(_alike(each) for each in keyed):
            yield Finding(READING_SAME, path, "warning", reading.clause)


def _facts(tables: Mapping[str, object]) -> Iterator[Finding]:
    declared = tables.get("facts", {})
    assert isinstance(declared, Mapping)  # noqa: S101 - it was built
    rules = {key: each for key, each in tables.items() if key not in {"facts", "measures"}}
    measures = tables.get("measures", {})
    measured = measures if isinstance(measures, Mapping) else {}
    for name, table in declared.items():
        path, clause = f"facts/{name}", table.get("clause")
        if not _says(rules, name) and not _says(declared, name):
            yield Finding(FACT_UNUSED, path, "note", clause)
        elif not table.get("from") and name not in measured:
            yield Finding(FACT_UNSUPPLIED, path, "warning", clause)


def _says(here: object, word: str) -> bool:
    """Return whether a word stands among the values somewhere, or as the cell of a tally does."""
    match here:
        case str():
            return here == word
        case Mapping():
            return any(_says(value, word) for value in here.values())
        case list():
            return any(_says(value, word) for value in here)
        case _:
            return False


def _keyed_by(here: object, reading: str) -> Iterator[Mapping[str, object]]:
    """Yield the tables whose value hangs on a reading."""
    if isinstance(here, Mapping):
        if here.get("reading") == reading:
            yield here
        for value in here.values():
            yield from _keyed_by(value, reading)
    elif isinstance(here, list):
        for value in here:
            yield from _keyed_by(value, reading)


def _alike(table: Mapping[str, object]) -> bool:
    branches = [value for key, value in table.items() if key != "reading"]
    return len({json.dumps(each, sort_keys=True, default=str) for each in branches}) == 1
