"""JSON Schema of attrs classes, from the same annotations and metadata that they are loaded by."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Literal

import attrs

from studioflow.codec.converter import OneOrMore
from studioflow.text import Text

__all__ = ["DRAFT", "json_schema"]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_UNIONS = (typing.Union, types.UnionType)
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_BOTH = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
_RATIO = {"type": "string", "pattern": r"^-?[0-9]{1,100}(/[1-9][0-9]{0,99})?$"}

Form = Literal["loaded", "stored"]
"""Documents that people and other programs write, or those that a register stores."""


def json_schema(kind: type, *, form: Form = "loaded", title: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an attrs class.

    What several fields say together, and what a policy says, no schema of the class can tell.

    >>> from studioflow.people import Person
    >>> json_schema(Person)["$defs"]["Person"]["required"]
    ['id']

    Args:
        kind: an attrs class.
        form: of the document: `loaded` by a strict converter, or `stored` by `ClassDocuments`.
        title: of the document; the name of the class when left out.
    """
    walker = _Walker(form)
    reference = walker.schema(kind)
    return {
        "$schema": DRAFT,
        "title": title or kind.__name__,
        **reference,
        "$defs": walker.definitions,
    }


class _Walker:
    """Walks annotations, and collects the classes that it meets."""

    def __init__(self, form: Form) -> None:
        self.stored = form == "stored"
        self.definitions: dict[str, Any] = {}

    def schema(self, kind: Any) -> dict[str, Any]:  # noqa: ANN401 - any annotation
        """Return the schema of an annotation."""
        plain = self._plain(kind)
        if plain is not None:
            return plain
        if attrs.has(kind):
            return self._class(kind)
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin is typing.Literal:
            return {"enum": list(arguments)}
        if origin in _UNIONS:
            return self._union(arguments)
        if origin is tuple and arguments[-1] is not Ellipsis:
            items = [self.schema(each) for each in arguments]
            size = {"minItems": len(items), "maxItems": len(items)}
            return {"type": "array", "prefixItems": items, **size}
        if origin in (tuple, frozenset):
            return {"type": "array", "items": self.schema(arguments[0])}
        if origin is Mapping:
            return {"type": "object", "additionalProperties": self.schema(arguments[1])}
        return {}  # anything: a policy says what, or its tag

    def _plain(self, kind: object) -> dict[str, Any] | None:
        text = {"type": "string"} if self.stored else {"type": "string", "pattern": r"\S"}
        match kind:
            case _ if kind is str:
                return text
            case _ if kind is bool:
                return {"type": "boolean"}
            case _ if kind is int:
                return {"type": "integer"}
            case _ if kind is Fraction:
                return _RATIO if self.stored else {"type": "number"}
            case _ if kind is datetime:
                return {"type": "string", "format": "date-time"}
            case _ if kind is date:
                return _DAY
            case _ if kind is OneOrMore:
                return {"anyOf": [text, {"type": "array", "items": text}]}
            case _ if kind is Text and self.stored:
                return _BOTH
            case _:
                return None

    def _union(self, arguments: tuple[Any, ...]) -> dict[str, Any]:
        rest = [each for each in arguments if each is not type(None)]
        if self.stored and len(rest) > 1:
            return {}  # as it is written by `to_plain`
        choices = [self.schema(each) for each in rest]
        if len(rest) == len(arguments):
            return {"anyOf": choices}
        nothing: list[dict[str, Any]] = [{"type": "null"}]
        # TOML has no null.
        return {"anyOf": [*choices, *nothing, *([] if self.stored else [{"const": "none"}])]}

    def _class(self, kind: type) -> dict[str, Any]:
        name = kind.__name__.removeprefix("_")
        if name not in self.definitions:
            self.definitions[name] = {}  # it may hold itself
            attrs.resolve_types(kind)
            fields = [field for field in attrs.fields(kind) if field.init]
            named = [field for field in fields if not field.metadata.get("rest")]
            keys = {
                field.name if self.stored else field.metadata.get("key", field.name): field
                for field in named
            }
            made: dict[str, Any] = {
                "type": "object",
                "properties": {key: self.schema(field.type) for key, field in keys.items()},
                "required": [key for key, field in keys.items() if field.default is attrs.NOTHING],
                "additionalProperties": len(named) < len(fields),
            }
            self.definitions[name] = made
        return {"$ref": f"#/$defs/{name}"}
