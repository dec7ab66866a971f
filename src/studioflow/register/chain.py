"""The chain: each entry of a log carries the hash of all before it, so that none is changed unseen.

What is personal lies outside. The body has only a commitment to it: the hash of the value with a
random salt. Once value and salt are gone nobody can find out what it was, and the chain is whole.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from hashlib import sha256

__all__ = [
    "canonical",
    "commitment",
    "committed",
    "first_of_journal",
    "first_of_studio",
    "following",
    "programme_head",
]

_SALT_BYTES = 16
_write = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def canonical(document: object) -> str:
    """Return the text of a plain document: text, whole numbers, truths, None, lists, tables.

    The keys of a table keep their order, which in a policy has a meaning.

    >>> canonical({"version": 1, "action": "批准"})
    '{"version":1,"action":"批准"}'
    """
    return _write(document)


def first_of_studio(studio: str) -> bytes:
    """Return what the first event of a studio follows."""
    return sha256(b"studioflow.studio/1:" + studio.encode()).digest()


def first_of_journal(register_id: str) -> bytes:
    """Return what the first entry of a register's journal follows."""
    return sha256(b"studioflow.journal/1:" + register_id.encode()).digest()


def following(before: bytes, body: str) -> bytes:
    """Return the hash of a body that follows on another.

    >>> following(first_of_studio("s-01"), "{}") == following(first_of_studio("s-02"), "{}")
    False
    """
    return sha256(before + body.encode()).digest()


def commitment(salt: bytes, value: str) -> str:
    """Return what binds somebody to a value, as canonical JSON, and tells nothing of it."""
    return sha256(salt + value.encode()).hexdigest()


def committed(value: object) -> tuple[bytes, str, str]:
    """Return a new salt, the text of a plain value, and the commitment to it."""
    salt, written = secrets.token_bytes(_SALT_BYTES), canonical(value)
    return salt, written, commitment(salt, written)


def programme_head(journal: tuple[int, bytes], studios: Mapping[str, tuple[int, bytes]]) -> bytes:
    """Return the hash over all chains of a register.

    Args:
        journal: the number of its entries, and the hash of the last one.
        studios: the number of each one's events, and the hash of the last one.
    """
    told = {
        "journal": [journal[0], journal[1].hex()],
        "studios": {name: [studios[name][0], studios[name][1].hex()] for name in sorted(studios)},
    }
    return sha256(canonical(told).encode()).digest()
