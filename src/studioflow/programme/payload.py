"""What a command says, to the letter: so that the same key can not stand for two."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

import attrs

from studioflow.codec import MAX_DEPTH

__all__ = ["payload_digest", "same_payload"]

_SALT_BYTES = 8


def payload_digest(
    action: object, studio: object, given: Mapping[str, object], *, salt: str | None = None
) -> str:
    """Return `sha256:SALT:…` of a command: its action, its studio and all that came with it.

    Nothing has been checked yet, so that any value has to do. A plain table and the record that is
    made of it are different payloads: whoever sends a command again sends the same thing. The salt
    keeps others from guessing a name that came with it.
    """
    salt = secrets.token_hex(_SALT_BYTES) if salt is None else salt
    said = [action, studio, {name: value for name, value in given.items() if name != "key"}]
    written = json.dumps(_plain(said, 0), sort_keys=True)
    return f"sha256:{salt}:" + hashlib.sha256((salt + written).encode()).hexdigest()


def same_payload(digest: str, action: object, studio: object, given: Mapping[str, object]) -> bool:
    """Return whether a digest is of this command; one that was erased with the person's data is."""
    if not digest:
        return True
    _, salt, _ = digest.split(":")
    return hmac.compare_digest(digest, payload_digest(action, studio, given, salt=salt))


def _plain(value: object, depth: int) -> object:
    if depth > MAX_DEPTH:  # refused when it is looked at
        return None
    match value:
        case None | bool() | str():
            return value
        case int():
            return {"int": hex(value)}  # a decimal one has a limit on its digits
        case Fraction():
            return {"fraction": [hex(value.numerator), hex(value.denominator)]}
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case Mapping():
            return {"table": {repr(key): _plain(item, depth + 1) for key, item in value.items()}}
        case list() | tuple():
            return [_plain(item, depth + 1) for item in value]
        case set() | frozenset():
            return {"set": sorted((_plain(item, depth + 1) for item in value), key=repr)}
        case _ if attrs.has(type(value)):
            names = [each.name for each in attrs.fields(cast("Any", type(value)))]
            parts = {name: _plain(getattr(value, name), depth + 1) for name in names}
            return {type(value).__name__: parts}
        case _:
            return {type(value).__name__: repr(value)}
