"""The JSON Schema of the records that a policy keeps, for other programs that write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studioflow.codec.schemas import DRAFT, json_schema
from studioflow.people import Opinion, Person
from studioflow.policy.record_fields import FieldType, RecordField
from studioflow.policy.records import RecordKind
from studioflow.text import Language

__all__ = ["record_schema"]

_TEXT = {"type": "string", "pattern": r"\S"}
_LIST = {"type": "array", "items": _TEXT}
_TYPES: Mapping[FieldType, Mapping[str, Any]] = {
    "text": _TEXT,
    "texts": _LIST,
    "flag": {"type": "boolean"},
    "count": {"type": "integer"},
    "number": {"type": "number"},
    "money": {"type": "number", "multipleOf": 0.01},
    "date": {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
    "month": {"type": "string", "pattern": r"^\d{4}-\d{2}$"},
    "choice": {"type": "string"},
    "choices": {"type": "array", "items": {"type": "string"}},
    "person": {"$ref": "#/$defs/Person"},
    "people": {"type": "array", "items": {"$ref": "#/$defs/Person"}},
    "opinion": {"$ref": "#/$defs/Opinion"},
    "evidence": _LIST,
}


def record_schema(kind: RecordKind, language: Language = "en") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one record of a kind.

    Args:
        kind: of a policy: `policy.record_kinds["activity"]`.
        language: of titles.
    """
    people = json_schema(Person)["$defs"] | json_schema(Opinion)["$defs"]
    return {
        "$schema": DRAFT,
        "title": kind.label.get(language),
        "type": "object",
        "properties": {"id": _TEXT}
        | {name: _field(field, language) for name, field in kind.fields.items()},
        "required": [name for name, field in kind.fields.items() if field.required],
        "additionalProperties": False,
        "$defs": people,
    }


def _field(field: RecordField, language: Language) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": field.label.get(language), **_TYPES[field.type]}
    if field.type in ("count", "number", "money"):
        bounds = {"minimum": field.low, "maximum": field.high, "multipleOf": field.step}
        # The nearest float of a decimal is printed as it was written.
        schema |= {key: float(bound) for key, bound in bounds.items() if bound is not None}
    if field.type == "choice":
        schema["enum"] = list(field.values)
    if field.type == "choices":
        schema["items"] = {"enum": list(field.values)}
    return schema
