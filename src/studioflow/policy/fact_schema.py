"""The JSON Schema of the fact files of a policy, for other programs that write them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from studioflow.policy.document import FACTS_SCHEMA
from studioflow.policy.policy import Policy
from studioflow.policy.template import about_fact
from studioflow.rules import Fact
from studioflow.text import Language

__all__ = ["fact_file_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_JSON_TYPES: Mapping[str, str] = {
    "count": "integer",
    "number": "number",
    "mark": "number",
    "flag": "boolean",
    "confirmation": "boolean",
    "choice": "string",
    "date": "string",
}


def fact_file_schema(policy: Policy, language: Language = "en") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a fact file for a policy.

    That one fact can not exceed another is said in words: a schema has no way to compare them.
    """
    properties: dict[str, Any] = {
        "schema": {"const": FACTS_SCHEMA},
        "studio": {"type": "string"},
        "facts": {
            "type": "object",
            "properties": {
                name: _fact_schema(policy, fact, language) for name, fact in policy.facts.items()
            },
            "additionalProperties": False,
        },
    }
    if policy.rubric.judged_facts:
        each = [_mark_schema(policy, item, language) for item in policy.rubric.judged_facts]
        properties["marks"] = {"type": "array", "items": {"oneOf": each}}
    if policy.site_check.items:
        properties["inspection"] = _inspection_schema(policy, language)
    return {
        "$schema": _DRAFT,
        "title": policy.label.get(language),
        "description": f"{policy.id} {policy.version}, {policy.fingerprint}",
        "type": "object",
        "properties": properties,
        "required": ["schema"],
        "additionalProperties": False,
    }


def _fact_schema(policy: Policy, fact: Fact, language: Language) -> dict[str, Any]:
    """Return what a fact may be; null, like leaving it out, is "not known yet"."""
    schema: dict[str, Any] = {
        "type": [_JSON_TYPES[fact.type], "null"],
        "title": fact.label.get(language),
        "description": about_fact(policy, fact, language),
        **_bounds(fact),
    }
    if fact.type == "date":
        schema["format"] = "date"
    if fact.values:
        schema["enum"] = [*fact.values, None]
    return schema


def _bounds(fact: Fact) -> dict[str, Any]:
    if not fact.numeric:
        return {}
    limits = {"minimum": fact.low, "maximum": fact.high, "multipleOf": fact.step}
    return {key: _number(limit) for key, limit in limits.items() if limit is not None}


def _number(value: Fraction) -> int | float:
    # A schema is JSON for other programs: the nearest float of a decimal is printed as written.
    return int(value) if value.denominator == 1 else float(value)


def _mark_schema(policy: Policy, item: str, language: Language) -> dict[str, Any]:
    fact = policy.facts[policy.rubric.judged_facts[item]]
    key = "met" if fact.type == "confirmation" else "points"
    value = {"type": _JSON_TYPES[fact.type], **_bounds(fact)}
    return {
        "type": "object",
        "title": fact.label.get(language),
        "description": about_fact(policy, fact, language),
        "properties": {
            "criterion": {"const": item},
            "by": {"type": "string"},
            "role": {"enum": list(fact.supplied_by)},
            "unit": {"type": "string"},
            "on": {"type": "string", "format": "date"},
            key: value,
            "remark": {"type": "string"},
        },
        "required": ["criterion", "by", "role", key],
        "additionalProperties": False,
    }


def _inspection_schema(policy: Policy, language: Language) -> dict[str, Any]:
    item = {
        "type": "object",
        "properties": {
            "present": {"type": "boolean"},
            "remark": {"type": "string"},
            "evidence": {"type": "array", "items": {"type": "string"}},
            "on": {"type": "string", "format": "date"},
        },
        "required": ["present"],
        "additionalProperties": False,
    }
    items = {
        name: {**item, "title": entry.label.get(language)}
        for name, entry in policy.site_check.items.items()
    }
    return {
        "type": "object",
        "title": policy.site_check.label.get(language),
        "properties": {
            "items": {"type": "object", "properties": items, "additionalProperties": False},
            "by": {"type": "string"},
            "role": {"type": "string"},
            "unit": {"type": "string"},
            "on": {"type": "string", "format": "date"},
        },
        "required": ["items"],
        "additionalProperties": False,
    }
