"""What a command says, to the letter: so that the same key can not stand for two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import attrs

__all__ = ["payload_digest"]


def payload_digest(action: str, studio: str | None, given: Mapping[str, object]) -> str:
    """Return `sha256:…` of a command: its action, its studio and all that came with it.

    A plain table and the record that is made of it are different payloads, though they mean the
    same: whoever sends a command again sends the same thing.
    """
    said = {name: _plain(value) for name, value in given.items() if name != "key"}
    written = json.dumps([action, studio, said], ensure_ascii=False, sort_keys=True)
    return "sha256:" + hashlib.sha256(written.encode()).hexdigest()


def _plain(value: object) -> object:
    match value:
        case None | bool() | str():
            return value
        case int() | Fraction() | Decimal():
            return {"number": str(value)}
        case date():
            return {"date": value.isoformat()}
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=repr)
        case _ if attrs.has(type(value)):
            names = [each.name for each in attrs.fields(cast("Any", type(value)))]
            return {type(value).__name__: {n: _plain(getattr(value, n)) for n in names}}
        case _:
            return {type(value).__name__: repr(value)}
