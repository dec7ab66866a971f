"""Words that several facts and fields share: said once, and put where they are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.policy.document import Tables

__all__ = ["with_words"]


def with_words(tables: Tables, collector: Collector) -> Tables:
    """Return the tables with `[words]` in the place of their names.

    `values = "level"` are all words of `[words.level]`; a list are those of the table that is
    called like the fact, the field or the dimension. What has no such words is collected, and left
    out.
    """
    words = tables.get("words")
    if not words:
        return tables
    made = {**tables, "facts": dict(tables.get("facts", {}))}
    for name, fact in made["facts"].items():
        if isinstance(fact, Mapping):
            made["facts"][name] = _filled(fact, name, words, collector, "facts", name)
    made["records"] = dict(tables.get("records", {}))
    for kind, record in made["records"].items():
        fields = record.get("fields") if isinstance(record, Mapping) else None
        if isinstance(fields, Mapping):
            place = ("records", kind, "fields")
            filled = {
                name: _filled(field, name, words, collector, *place, name)
                for name, field in fields.items()
            }
            made["records"][kind] = {**record, "fields": filled}
    return made


def _filled(
    entry: Any,  # noqa: ANN401 - whatever the file has there
    name: str,
    words: Mapping[str, Any],
    collector: Collector,
    *place: str,
) -> Any:  # noqa: ANN401
    """Return a fact or a field with its words, and those of its dimensions."""
    if not isinstance(entry, Mapping):
        return entry
    made = dict(entry)
    if isinstance(entry.get("values"), str | list):
        with collector.under(*place, "values"):
            made["values"] = dict(_looked_up(entry["values"], name, words))
    by = entry.get("by")
    if isinstance(by, Mapping):
        made["by"] = dict(by)
        for dimension, named in by.items():
            if isinstance(named, str | list):
                with collector.under(*place, "by", dimension):
                    made["by"][dimension] = dict(_looked_up(named, dimension, words))
    return made


def _looked_up(
    named: str | list[object], own: str, words: Mapping[str, Any]
) -> Iterator[tuple[str, object]]:
    table = named if isinstance(named, str) else own
    if table not in words:
        raise wrong(UNKNOWN_NAME, table, known=words)
    if isinstance(named, str):
        yield from words[table].items()
        return
    collector = Collector()
    for position, word in enumerate(named):
        with collector.under(position):
            if not isinstance(word, str) or word not in words[table]:
                raise wrong(UNKNOWN_NAME, word, known=words[table])
            yield word, words[table][word]
    collector.finish()
