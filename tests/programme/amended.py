"""Policies that a programme is amended to, and what its register keeps of it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

from studioflow.policy import Document, Policy, build_policy
from studioflow.register import Register
from studioflow.studio import Studio
from tests.programme.reference import COMMITTEE, World, everything

LATER = date(2024, 12, 2)
NO_RETURN = {"version": "2", "lifecycle/states/returned/on": False}
MAPPED = {**NO_RETURN, "amendment": {"states": {"returned": "declared"}}}
STRICTER = {"version": "2", "criteria/5.2.2/norm": 30}
KEEPING = {**STRICTER, "amendment": {"studios": "keep"}}


def everything_kept(register: Register) -> object:
    """Return all that a register keeps, amendments included."""
    return everything(register), register.amendments(), register.holders("place")


def returned(world: World) -> Studio:
    """Return a studio whose application was returned."""
    world.studio("declared")
    world.clock.on(date(2023, 4, 3))
    return world.programme.return_for_completion("s-01", ["缺盖章"], by=COMMITTEE)


def ran(world: World) -> World:
    """Return the programme with an evaluated, an operating and a declared studio, much later."""
    for number, state in enumerate(("evaluated", "operating", "declared"), 1):
        world.studio(state, number)
    world.clock.on(LATER)
    return world


def without(policy: Policy, *paths: str) -> Policy:
    """Return the policy without some of its tables, as its version 2."""
    tables: Any = {**deepcopy(dict(policy.tables)), "version": "2"}
    for path in paths:
        *outer, last = path.split("/")
        here = tables
        for key in outer:
            here = here[key]
        del here[last]
    return build_policy(Document(tables, name="second"))
