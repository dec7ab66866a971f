"""One line of an export: read strictly, and told without anything personal where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal

from attrs import asdict, frozen

from studioflow.codec import (
    DUPLICATE_KEY,
    MISSING_KEY,
    NOT_FINITE,
    NOT_UTF8,
    SYNTAX,
    TOO_LARGE,
    UNKNOWN_NAME,
    ClassDocuments,
    wrong,
)
from studioflow.errors import StudioflowError
from studioflow.register.port import Line
from studioflow.text import message

__all__ = ["BODY", "EXPORT", "MAX_LINE", "NOT_AN_EXPORT", "End", "read_line"]

EXPORT = "studioflow.export/1"
BODY = ',"body":'
"""What stands before the body of an entry, which is the last thing in its line."""
MAX_LINE = 64 * 1024 * 1024
_LARGEST = 2**62
_COUNTED = ("number", "position", "version", "attempts", "events")

NOT_AN_EXPORT = message(
    "not_an_export",
    zh="以 {schema} 开头、以 end 行结尾的导出文件",
    en="an export that begins with {schema} and ends with its line `end`",
)
COUNT = message("count", zh="0 至 {limit} 的整数", en="a whole number from 0 to {limit}")
HASH = message("hash", zh="十六进制的散列或盐", en="a hash or a salt in hexadecimal digits")
PART = message(
    "personal_part",
    zh="表：path、salt、value 三项文字",
    en="a table of three texts: path, salt, value",
)
KEY = message("key_row", zh="三项文字：actor、key、digest", en="three texts: actor, key, digest")
LONE_SURROGATE = message(
    "lone_surrogate", zh="可写成 UTF-8 的文字", en="text that can be written as UTF-8"
)


@frozen(kw_only=True)
class _Header:
    schema: str
    register: str


@frozen(kw_only=True)
class _Entry:
    kind: Literal["opening", "amendment", "erasure"]
    number: int
    recorded: str
    policy: str | None = None
    hash: str


@frozen(kw_only=True)
class _Event:
    kind: Literal["event"]
    position: int
    studio: str
    version: int
    recorded: str
    hash: str
    key: tuple[str, ...] | None = None


@frozen(kw_only=True)
class _Notice:
    kind: Literal["notice"]
    subscriber: str
    studio: str
    version: int
    attempts: int
    error: str | None = None


@frozen(kw_only=True)
class End:
    """The last line: how many events there are, and the head of the anchor."""

    kind: Literal["end"]
    events: int
    head: str


_documents = ClassDocuments()


def read_line(data: bytes, *, first: bool) -> Line | End:
    """Return what a line says.

    Raises:
        InputError: where it is none of an export.
    """
    if len(data) > MAX_LINE:
        raise wrong(TOO_LARGE, str(len(data)), limit=MAX_LINE)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise wrong(NOT_UTF8, f"byte {error.start}") from None
    document = _parsed(text)
    for name in _COUNTED:
        count = document.get(name, 0)
        if type(count) is int and not 0 <= count <= _LARGEST:
            raise wrong(COUNT, limit=_LARGEST)
    if first:
        header = _documents.read(document, _Header)
        if header.schema != EXPORT:
            raise wrong(NOT_AN_EXPORT, header.schema, schema=EXPORT)
        return Line("meta", {"register": header.register})
    match document.get("kind"):
        case "event":
            return _event(document, text)
        case "opening" | "amendment" | "erasure" as kind:
            body = _body(document, text)
            own = asdict(_documents.read(document, _Entry))
            return Line(kind, {**own, "hash": _bytes(own["hash"]), "body": body})
        case "notice":
            own = asdict(_documents.read(document, _Notice))
            del own["kind"]
            return Line("notice", own)
        case "end":
            return _documents.read(document, End)
    known = ("opening", "amendment", "erasure", "event", "notice", "end")
    raise wrong(UNKNOWN_NAME, "kind", known=known)


def _event(document: dict[str, Any], text: str) -> Line:
    body, parts = _body(document, text), document.pop("personal", [])
    own = asdict(_documents.read(document, _Event))
    del own["kind"]
    key = own["key"]
    if key is not None and len(key) != len(("actor", "key", "digest")):
        raise wrong(KEY)
    personal = [_part(part) for part in parts] if isinstance(parts, list) else [_part(parts)]
    own |= {"hash": _bytes(own["hash"]), "personal": personal, "body": body}
    return Line("event", own)


def _body(document: dict[str, Any], text: str) -> str:
    """Return the text of a body to the letter, and take the body out of its line."""
    if not isinstance(document.pop("body", None), dict):
        raise wrong(MISSING_KEY, key="body")
    return text.rstrip("\r\n").partition(BODY)[2][:-1]


def _part(said: object) -> tuple[str, bytes, str]:
    # By hand: what is told of it must not quote the value.
    match said:
        case {"path": str(path), "salt": str(salt), "value": str(value), **more} if not more:
            return path, _bytes(salt), value
    raise wrong(PART)


def _bytes(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        raise wrong(HASH) from None


def _parsed(text: str) -> dict[str, Any]:
    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name, value in pairs:
            if name in made:
                raise wrong(DUPLICATE_KEY, name)
            made[name] = value
        return made

    def constant(word: str) -> object:
        raise wrong(NOT_FINITE, word)

    try:
        document = json.loads(text, object_pairs_hook=table, parse_constant=constant)
    except StudioflowError:
        raise
    except (ValueError, RecursionError) as error:
        # Its own words quote nothing of the text; as a cause it would have all of it.
        raise wrong(SYNTAX, str(error)[:80], format="JSON") from None
    if not isinstance(document, dict):
        raise wrong(SYNTAX, type(document), format="JSON")
    if "\\ud" in text.lower():
        _check_surrogates(document)
    return document


def _check_surrogates(document: Mapping[str, object]) -> None:
    """Refuse halves of characters, which no database and no hash takes."""
    try:
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise wrong(LONE_SURROGATE) from None
