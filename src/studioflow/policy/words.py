"""Words that several facts and fields share: said once, and put where they are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.policy.document import Tables

__all__ = ["with_words"]

Words: TypeAlias = Mapping[str, Any]


def with_words(tables: Tables, collector: Collector) -> Tables:
    """Return the tables with `[words]` in the place of their names.

    `values = "level"` are all words of `[words.level]`; a list are those of the table that is
    called like the fact, the field or the dimension. Either may be a reading's answer. What has no
    such words is collected, and left out.
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


def _filled(entry: Any, name: str, words: Words, collector: Collector, *place: str) -> Any:  # noqa: ANN401 - whatever the file has there
    """Return a fact or a field with its words, and those of its dimensions."""
    if not isinstance(entry, Mapping):
        return entry
    if _by_reading(entry):
        return {
            key: _filled(said, name, words, collector, *place, key) for key, said in entry.items()
        }
    made = dict(entry)
    if "values" in entry:
        made["values"] = _named(entry["values"], name, words, collector, *place, "values")
    if "by" in entry:
        made["by"] = _dimensions(entry["by"], words, collector, *place, "by")
    return made


def _dimensions(by: Any, words: Words, collector: Collector, *place: str) -> Any:  # noqa: ANN401
    if not isinstance(by, Mapping):
        return by
    if _by_reading(by):
        return {key: _dimensions(said, words, collector, *place, key) for key, said in by.items()}
    return {key: _named(named, key, words, collector, *place, key) for key, named in by.items()}


def _named(named: Any, own: str, words: Words, collector: Collector, *place: str) -> Any:  # noqa: ANN401
    """Return the words that a name or a list stands for; anything else as it is."""
    if isinstance(named, Mapping) and _by_reading(named):
        return {
            key: said if key == "reading" else _named(said, own, words, collector, *place, key)
            for key, said in named.items()
        }
    if isinstance(named, str | list):
        with collector.under(*place):
            return dict(_looked_up(named, own, words))
    return named


def _by_reading(table: Mapping[str, Any]) -> bool:
    """Tell whether a table lists the answers of a reading."""
    return isinstance(table.get("reading"), str)


def _looked_up(named: str | list[object], own: str, words: Words) -> Iterator[tuple[str, object]]:
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
