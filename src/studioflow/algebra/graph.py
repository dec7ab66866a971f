"""What an engine is to compute, as a graph of few operations; the same thing is in it once.

A node says nothing of engines. Whoever runs it translates each operation into the engine's own, and
sees at once which nodes are used more than once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from typing import Literal
from weakref import WeakValueDictionary

__all__ = ["Node", "Nodes", "Operation", "among", "in_order", "node"]

Operation = Literal[
    # Of columns that come, which may have nulls.
    "column",  # name
    "missing",  # column
    "filled",  # column, and what stands for null
    "is",  # column, word
    # Of whole numbers, which are never null.
    "literal",  # number or truth, width in bits
    "cast",  # number, width in bits
    "add",  # two
    "multiply",  # two
    "floor_divide",  # two, the second above 0
    "smallest",  # two or more
    "largest",  # two or more
    "choose",  # truth, two of a kind
    # Of truths, which are never null.
    "at_least",  # two numbers
    "all",  # two or more
    "some",  # two or more
    "not",  # one
    # Of what is shown.
    "where",  # truth, and what is null elsewhere
    "word",  # one of the words that follow
    "decimal",  # number, places
    "halved",  # number, how many times: a float, which is exact for it
]


class Node:
    """An operation on other nodes and on plain values.

    Among the same `Nodes`, two that say the same are one object.

    Attributes:
        place: among all nodes in the order in which they were made.
        implied: truths that hold wherever this one does.
    """

    __slots__ = ("__weakref__", "arguments", "implied", "operation", "place")

    def __init__(self, operation: Operation, arguments: tuple[Node | int | str, ...]) -> None:
        self.operation = operation
        self.arguments = arguments
        self.place = next(_places)
        self.implied: tuple[Node, ...] = ()

    def __repr__(self) -> str:
        return f"{self.operation}({', '.join(map(repr, self.arguments))})"

    @property
    def parts(self) -> tuple[Node, ...]:
        """The nodes that it is computed from."""
        return tuple(part for part in self.arguments if isinstance(part, Node))


Nodes = WeakValueDictionary[tuple[object, ...], Node]
"""The nodes that are known, by what they say."""

_places = count()
_known: ContextVar[Nodes] = ContextVar("known", default=WeakValueDictionary())  # noqa: B039 - on purpose


@contextmanager
def among(nodes: Nodes) -> Iterator[None]:
    """Make and find nodes among these alone.

    What a node implies may hang on the bounds of facts, so that it is no longer true of a policy
    which says something else of a fact of that name.
    """
    before = _known.set(nodes)
    try:
        yield
    finally:
        _known.reset(before)


def node(operation: Operation, *arguments: Node | int | str) -> Node:
    """Return the node that says this.

    >>> activities = node("column", "activities")
    >>> node("filled", activities, 0) is node("filled", activities, 0)
    True
    """
    # 1 and True are equal, and not the same column.
    key = (operation, *((type(each), each) for each in arguments))
    nodes = _known.get()
    known = nodes.get(key)
    if known is None:
        known = nodes[key] = Node(operation, arguments)
    return known


def in_order(roots: Iterable[Node]) -> list[Node]:
    """Return the nodes and all that they are computed from, each after its parts."""
    order: dict[Node, None] = {}
    waiting = list(roots)
    while waiting:
        unknown = [part for part in waiting[-1].parts if part not in order]
        waiting.extend(unknown)
        if not unknown:
            order[waiting.pop()] = None
    return list(order)
