"""Columns of truths: what the third interpretation decides with.

No column holds nulls. What is known to hold wherever something else does is noted, and not asked
twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import Literal

from studioflow.algebra.graph import Node, node

__all__ = ["Flag", "as_node", "both", "either", "not_", "note_implied", "picked"]

Flag = bool | Node
"""A truth a row; a plain one where it is the same in all rows. It is never null."""


def not_(flag: Flag) -> Flag:
    """Return the opposite."""
    if isinstance(flag, bool):
        return not flag
    if flag.operation == "not":
        (opposite,) = flag.parts
        return opposite
    return node("not", flag)


def both(*flags: Flag) -> Flag:
    """Return whether all hold."""
    return _joined(flags, "all", neutral=True)


def either(*flags: Flag) -> Flag:
    """Return whether any holds."""
    return _joined(flags, "some", neutral=False)


def picked(condition: Flag, then: Flag, otherwise: Flag) -> Flag:
    """Return one of two truths."""
    if isinstance(condition, bool):
        return then if condition else otherwise
    if then is otherwise:
        return then
    return either(both(condition, then), both(not_(condition), otherwise))


def as_node(flag: Flag) -> Node:
    """Return a truth as a node, also where it is the same in all rows."""
    return node("literal", flag, 1) if isinstance(flag, bool) else flag


def note_implied(sure: Flag, possible: Flag) -> None:
    """Note that one truth holds wherever another does, so that both need not be asked."""
    if isinstance(sure, bool) or isinstance(possible, bool) or possible is sure:
        return
    if possible not in sure.implied:
        sure.implied = (*sure.implied, possible)


def _joined(flags: Iterable[Flag], operation: Literal["all", "some"], *, neutral: bool) -> Flag:
    nodes: dict[Node, None] = {}
    for flag in flags:
        if isinstance(flag, bool):
            if flag is not neutral:
                return flag
        elif flag.operation == operation:
            nodes.update(dict.fromkeys(flag.parts))
        else:
            nodes[flag] = None
    parts = sorted(nodes, key=_place)  # the same truths joined are the same node
    for one, other in permutations(parts, 2):
        if _opposed(operation, one, other):
            return not neutral
        if _implies(one, other):
            # Of all, the weaker need not be asked; where one is enough, the stronger.
            idle = other if operation == "all" else one
            rest = [part for part in parts if part is not idle]
            return _joined(rest, operation, neutral=neutral)
    if len(parts) == 1:
        return parts[0]
    return node(operation, *parts) if parts else neutral


def _opposed(operation: Literal["all", "some"], one: Node, other: Node) -> bool:
    """Return whether two truths never hold together, or one of them always does."""
    if operation == "all":
        return _implies(one, not_(other))
    return _implies(not_(one), other)


def _implies(one: Flag, other: Flag) -> bool:
    """Return whether one truth is known to hold only where another does."""
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if one is other or other in one.implied:
        return True
    if one.operation == other.operation == "not":
        return _implies(other.parts[0], one.parts[0])
    if one.operation == other.operation == "at_least":
        (left, bound), (right, least) = one.arguments, other.arguments
        return left is right and type(bound) is type(least) is int and bound >= least
    return False


def _place(each: Node) -> int:
    return each.place
