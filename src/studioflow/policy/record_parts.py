"""A record's document in two parts, of which the personal one can be erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studioflow.codec import Collector, wrong
from studioflow.policy.record_fields import RecordField
from studioflow.text import message

__all__ = ["joined", "separated"]

NO_PLACE = message(
    "no_place", zh="其余部分中已有的位置", en="a place that is there in the other part"
)


def separated(
    fields: Mapping[str, RecordField], data: Mapping[str, object]
) -> tuple[dict[str, object], dict[str, object]]:
    """Return a document without its personal parts; and these, by path."""
    public: dict[str, object] = {}
    personal: dict[str, object] = {}
    for name, value in data.items():
        declared = fields.get(name)
        private = declared.private_part if declared else None
        if declared is None or not (declared.personal or private):
            public[name] = value
        elif private is None or declared.personal or not _holds_tables(value):
            # What is no table is not looked into: it may hold anything.
            personal[name] = value
        else:
            public[name] = _without(private, value, name, personal)
    return public, personal


def joined(public: Mapping[str, object], personal: Mapping[str, object]) -> dict[str, object]:
    """Return the document whose two parts `separated` returned.

    Raises:
        InputError: for a personal part that has no place in the other.
    """
    whole: dict[str, Any] = {name: _copied(value) for name, value in public.items()}
    collector = Collector()
    for path, value in personal.items():
        *way, key = path.split("/")
        with collector.under(path):
            _at(whole, way)[key] = value
    collector.finish()
    return whole


def _holds_tables(value: object) -> bool:
    tables = value if isinstance(value, list) else [value]
    return all(isinstance(table, Mapping) for table in tables)


def _without(private: str, value: Any, path: str, personal: dict[str, object]) -> object:  # noqa: ANN401 - a document
    if isinstance(value, list):
        items = enumerate(value)
        return [_without(private, item, f"{path}/{n}", personal) for n, item in items]
    if private in value:
        personal[f"{path}/{private}"] = value[private]
    return {key: item for key, item in value.items() if key != private}


def _copied(value: object) -> object:
    match value:
        case Mapping():
            return {key: _copied(item) for key, item in value.items()}
        case list():
            return [_copied(item) for item in value]
        case _:
            return value


def _at(whole: dict[str, Any], way: list[str]) -> dict[str, Any]:
    here: Any = whole
    for step in way:
        try:
            here = here[int(step)] if isinstance(here, list) else here[step]
        except (LookupError, TypeError, ValueError):
            here = None
    if not isinstance(here, dict):
        raise wrong(NO_PLACE, "/".join(way))
    return here
