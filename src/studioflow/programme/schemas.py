"""The JSON Schema of every document that is the same for all policies.

What a policy says of its facts and its records is in `fact_file_schema` and `record_schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studioflow.codec.schemas import DRAFT, json_schema
from studioflow.people import Actor, Mark, Opinion, Person
from studioflow.programme.batch_tables import BatchTables
from studioflow.programme.case_file import CaseFile
from studioflow.rubric import FactFile, Inspection
from studioflow.studio import Application, Event

__all__ = ["schemas"]

_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_COUNT = {"type": "integer", "minimum": 0}
_TRUTH = {"type": ["boolean", "null"]}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_POINTS = {"type": ["string", "null"], "pattern": r"^-?[0-9]+(\.[0-9]+|/[0-9]+)?$"}
_RANGE = {"type": ["array", "null"], "items": _POINTS, "minItems": 2, "maxItems": 2}
_PLACE = {"type": "array", "prefixItems": [_COUNT, _HASH], "minItems": 2, "maxItems": 2}


def _table(required: Mapping[str, Any], **optional: Any) -> dict[str, Any]:  # noqa: ANN401 - schemas
    return {
        "type": "object",
        "properties": {**required, **optional},
        "required": list(required),
        "additionalProperties": False,
    }


def _each(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


_REASON = _table(
    {"code": _TEXT, "clause": {"type": ["string", "null"]}, "text": _TEXT},
    who=_TEXTS,
    origin=_TEXT,
    about=_TEXTS,
    **{"from": {"type": "string", "format": "date"}},
)
_PARTS = {"points": _POINTS, "range": _RANGE, "max": _POINTS}
_GATE = _table({"id": _TEXT, "met": _TRUTH, "reasons": _each(_REASON)})
_ITEM = {"id": _TEXT, **_PARTS, "facts": {"type": "object"}, "reasons": _each(_REASON)}
_POLICY = _table({"id": _TEXT, "version": _TEXT, "fingerprint": _TEXT, "varied": _TEXTS})
_MARK = _table(
    {"criterion": _TEXT, "by": _TEXT, "role": _TEXT},
    points=_POINTS,
    met={"type": "boolean"},
    unit=_TEXT,
    on={"type": "string", "format": "date"},
    remark=_TEXT,
)
_WRITTEN: Mapping[str, dict[str, Any]] = {
    "studioflow.score/1": _table(
        {
            "schema": {"const": "studioflow.score/1"},
            "policy": _POLICY,
            "gates": _each(_GATE),
            "criteria": _each(_table({**_ITEM, "section": _TEXT})),
            "sections": _each(_table({"id": _TEXT, **_PARTS}, section=_TEXT, weight=_TEXT)),
            "total": _table(_PARTS),
            "deductions": _each(_table(_ITEM)),
            "marks": _each(_MARK),
            "grade": {"type": ["string", "null"]},
            "grades": _each(_GATE),
            "eligible": _TRUTH,
            "readings": {"type": "object", "additionalProperties": _TEXT},
            "open": _TEXTS,
            "measured": {"type": "object"},
        }
    ),
    "studioflow.errors/1": _table(
        {
            "schema": {"const": "studioflow.errors/1"},
            "errors": _each(
                _table(
                    {
                        **dict.fromkeys(("code", "path", "got", "expected", "text"), _TEXT),
                        "file": {"type": ["string", "null"]},
                        "hint": {"type": ["string", "null"]},
                    }
                )
            ),
        }
    ),
    "studioflow.anchor/1": _table(
        {
            "schema": {"const": "studioflow.anchor/1"},
            "register": _TEXT,
            "recorded": {"type": "string", "format": "date-time"},
            "head": _HASH,
            "events": _COUNT,
            "journal": _PLACE,
            "studios": {"type": "object", "additionalProperties": _PLACE},
        }
    ),
    "studioflow.verification/1": _table(
        {
            "schema": {"const": "studioflow.verification/1"},
            "whole": {"type": "boolean"},
            **dict.fromkeys(("studios", "events", "erased", "newer", "found"), _COUNT),
            "findings": _each(
                _table(
                    {
                        "code": _TEXT,
                        "studio": {"type": ["string", "null"]},
                        "version": {"type": ["integer", "null"]},
                        "text": _TEXT,
                    }
                )
            ),
            "head": _HASH,
            "against": {"anyOf": [_HASH, {"type": "null"}]},
        }
    ),
}


def _event_body() -> dict[str, Any]:
    """Return the schema of the body of an event, as a register stores and exports it."""
    event = json_schema(Event, form="stored")
    slot = {"type": "array", "prefixItems": [_TEXT, {"type": ["integer", "null"]}]}
    body = _table(
        {
            "schema": {"const": "studioflow.event/1"},
            "studio": _TEXT,
            "version": {"type": "integer", "minimum": 1},
            "recorded": {"type": "string", "format": "date-time"},
            "event": {"$ref": event["$ref"]},
        },
        personal={"type": "object", "additionalProperties": _HASH},
        take=_each(slot),
        free=_TEXTS,
    )
    return {"$schema": DRAFT, "title": "Event", **body, "$defs": event["$defs"]}


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema (2020-12) of each document, by its `schema` or by its class.

    >>> schemas()["studioflow.anchor/1"]["properties"]["events"]
    {'type': 'integer', 'minimum': 0}
    """
    loaded = {
        "studioflow.case/1": CaseFile,
        "studioflow.facts/1": FactFile,
        "studioflow.batch/1": BatchTables,
        "Actor": Actor,
        "Application": Application,
        "Inspection": Inspection,
        "Mark": Mark,
        "Opinion": Opinion,
        "Person": Person,
    }
    made = {name: json_schema(kind, title=name) for name, kind in loaded.items()}
    for name in ("studioflow.case/1", "studioflow.facts/1", "studioflow.batch/1"):
        (own,) = (
            each
            for key, each in made[name]["$defs"].items()
            if made[name]["$ref"].endswith(f"/{key}")
        )
        own["properties"]["schema"] = {"const": name}
    made["studioflow.event/1"] = _event_body()
    for name, schema in _WRITTEN.items():
        made[name] = {"$schema": DRAFT, "title": name, **schema}
    return made
