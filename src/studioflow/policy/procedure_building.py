"""From the lifecycle's tables to the procedure: states, steps, what is pending, duties."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from types import MappingProxyType

from attrs import evolve
from cattrs import Converter

from studioflow.codec import NOT_AN_IDENTIFIER, UNKNOWN_KEY, WRONG_TYPE, is_identifier, wrong
from studioflow.errors import InputError
from studioflow.policy.checks import NAME_TAKEN
from studioflow.policy.procedure import (
    Calendar,
    Duty,
    Pending,
    Procedure,
    Role,
    State,
    Transition,
)
from studioflow.policy.procedure_facts import lifecycle_facts, procedure_facts
from studioflow.policy.table_builder import TableBuilder
from studioflow.rubric import Rubric
from studioflow.rules import Fact, Names, flag_condition, teach_rules
from studioflow.text import Text
from studioflow.timeline import After, Due, Moment, OnEvent

__all__ = ["LIFECYCLE_TABLES", "build_procedure", "teach_moments"]

LIFECYCLE_TABLES = ("states", "transitions", "pending", "duties")
_MOMENT = Text(
    "日期、{ event = … }、{ due = … } 或 { after = … }",
    "a date, { event = … }, { due = … } or { after = …, years = … }",
)


def teach_moments(converter: Converter) -> None:
    """Teach a converter the forms that a day of the calendar may have."""

    def hook(value: object, _: object) -> Moment:
        if not isinstance(value, Mapping):
            return converter.structure(value, date)
        if "event" in value:
            one = value["event"]
            several = (one,) if isinstance(one, str) else one
            return converter.structure({**value, "event": several}, OnEvent)
        if "due" in value:
            return converter.structure(value, Due)
        if "after" in value:
            return converter.structure(value, After)
        raise wrong(WRONG_TYPE, value, type=_MOMENT)

    converter.register_structure_hook_func(lambda cls: cls == Moment, hook)


def build_procedure(
    builder: TableBuilder,
    rubric: Rubric,
    names: Names,
    roles: Mapping[str, Role],
    calendar: Calendar,
) -> tuple[Procedure, Mapping[str, Fact]]:
    """Build the lifecycle as it is written; its conditions also name what it brings itbuilder."""
    for key in builder.table("lifecycle"):
        with builder.collector.under("lifecycle", key):
            if key not in LIFECYCLE_TABLES:
                raise wrong(UNKNOWN_KEY, key, known=LIFECYCLE_TABLES)
    states = builder.entries(State, "lifecycle", "states")
    pending = builder.entries(Pending, "lifecycle", "pending")
    duties = builder.entries(Duty, "lifecycle", "duties")
    for table, told, built in (("pending", "pending", pending), ("duties", "missed", duties)):
        wrong_ones = builder.table("lifecycle", table).keys() - built.keys()
        builder.broken.update(f"{told}_{name}" for name in wrong_ones)
    builder.broken.update(
        f"{name}_{told}" for name in [*builder.broken] for told in ("begun", "over")
    )
    about = procedure_facts(rubric.denominator) | lifecycle_facts(
        actions=_labels(builder),
        pending=pending,
        duties=duties,
        roles=roles,
        calendar=calendar,
        grades={name: grade.label for name, grade in rubric.grades.items()},
    )
    for name in about:
        with builder.collector.under("facts" if name in names.facts else "conditions", name):
            taken = name in names.facts or name in names.conditions
            if taken and name not in procedure_facts(1):  # which was told before
                raise wrong(NAME_TAKEN, name)
    flags = {
        name: flag_condition(fact.label, fact.truth())
        for name, fact in about.items()
        if fact.type == "flag"
    }
    wider = evolve(
        names,
        facts={**names.facts, **about},
        conditions={**names.conditions, **flags},
    )
    teach_rules(builder.converter, wider)
    transitions = builder.entries(Transition, "lifecycle", "transitions")
    for table, named in (
        ("transitions", transitions),
        ("pending", pending),
        ("duties", duties),
    ):
        for name in named:
            with builder.collector.under("lifecycle", table, name):
                if not is_identifier(name):
                    raise wrong(NOT_AN_IDENTIFIER, name)
    written = Procedure(states=states, transitions=transitions, pending=pending, duties=duties)
    return written, MappingProxyType(about)


def _labels(builder: TableBuilder) -> dict[str, Text]:
    """Return the labels of steps that are built later, which tells what is wrong there."""
    labels = {}
    for name, table in builder.table("lifecycle", "transitions").items():
        given = table.get("label") if isinstance(table, Mapping) else None
        labels[name] = Text(name, name)
        with suppress(InputError):
            labels[name] = builder.converter.structure(given, Text)
    return labels
