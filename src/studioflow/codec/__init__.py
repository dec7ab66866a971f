"""Strict loading for every document: no coercion, bounded, and all problems at once.

Bytes become plain values by `parse`, and JSON text again by `to_json`; plain values become attrs
classes by a converter from `strict_converter`. Whoever checks a document further uses the same
`wrong` and `Collector`.
"""

from studioflow.codec.class_documents import ClassDocuments
from studioflow.codec.converter import OneOrMore, equip, strict_converter
from studioflow.codec.documents import (
    MAX_BYTES,
    MAX_DEPTH,
    NOT_READABLE,
    NOT_UTF8,
    SYNTAX,
    TOO_DEEP,
    TOO_LARGE,
    parse,
    read,
)
from studioflow.codec.plain_values import from_plain, to_plain
from studioflow.codec.problems import (
    DUPLICATE_KEY,
    MAX_PROBLEMS,
    MISSING_KEY,
    TOO_MANY_PROBLEMS,
    UNKNOWN_KEY,
    UNKNOWN_NAME,
    WRONG_TYPE,
    Collector,
)
from studioflow.codec.scalars import (
    BAD_CHARACTER,
    EMPTY_TEXT,
    MAX_DIGITS,
    NOT_AN_IDENTIFIER,
    NOT_FINITE,
    TOO_MANY_DIGITS,
    checked_text,
    exact_number,
    is_identifier,
)
from studioflow.codec.writing import NOT_WRITABLE, to_json
from studioflow.errors import wrong

__all__ = [
    "BAD_CHARACTER",
    "DUPLICATE_KEY",
    "EMPTY_TEXT",
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_DIGITS",
    "MAX_PROBLEMS",
    "MISSING_KEY",
    "NOT_AN_IDENTIFIER",
    "NOT_FINITE",
    "NOT_READABLE",
    "NOT_UTF8",
    "NOT_WRITABLE",
    "SYNTAX",
    "TOO_DEEP",
    "TOO_LARGE",
    "TOO_MANY_DIGITS",
    "TOO_MANY_PROBLEMS",
    "UNKNOWN_KEY",
    "UNKNOWN_NAME",
    "WRONG_TYPE",
    "ClassDocuments",
    "Collector",
    "OneOrMore",
    "checked_text",
    "equip",
    "exact_number",
    "from_plain",
    "is_identifier",
    "parse",
    "read",
    "strict_converter",
    "to_json",
    "to_plain",
    "wrong",
]
