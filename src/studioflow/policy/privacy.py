"""What is told of bad input where people may stand in it: the place, and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import attrs
from attrs import evolve
from cattrs import Converter

from studioflow.codec import (
    MISSING_KEY,
    NOT_READABLE,
    NOT_UTF8,
    SYNTAX,
    TOO_DEEP,
    TOO_LARGE,
    TOO_MANY_DIGITS,
    UNKNOWN_KEY,
    WRONG_TYPE,
    is_identifier,
    read,
)
from studioflow.errors import InputError, Problem
from studioflow.people import Opinion

__all__ = ["masked", "masked_shape", "read_private", "tell_less", "told"]

Mask = Callable[[Problem], Problem]

_MASK = "***"
_POSITION = re.compile(r"\d{1,6}", re.ASCII)
"""More digits than a list has items may be somebody's number."""
_PLAIN_STEP = re.compile(r"[\w.-]+", re.ASCII)
_QUOTED = re.compile(r"'[^']{2,}(?:'|…$)")
_LINE = re.compile(r"line \d+,? column \d+")
_OF_THE_FILE = frozenset({NOT_READABLE, NOT_UTF8, TOO_LARGE, TOO_DEEP, TOO_MANY_DIGITS})
"""What is wrong with a file before any value of it is read: nothing of its text is told."""


def told(value: object) -> object:
    """Return what may be told of a value that should be a word: of anything else, its type."""
    return value if isinstance(value, str) else type(value)


def masked(problem: Problem, kind: type | None, *, personal: bool = False) -> Problem:
    """Return the problem of a value without what is personal in it, be it a value or a key.

    Args:
        problem: its path begins inside the value.
        kind: the class of a person or an opinion, where the value is one, or a list of them.
        personal: whether all of the value is personal.
    """
    steps = _steps(problem)
    private = "text" if kind is Opinion else "name"
    # What is of another type may be anything: the name itself, or a whole person in place of an id.
    # So may a key that is like none of those that are known.
    strange = problem.expects in (UNKNOWN_KEY, MISSING_KEY) and problem.nearest is None
    unclear = kind is not None and (problem.expects is WRONG_TYPE or strange or private in steps)
    if not (personal or unclear):
        return problem
    known = attrs.fields_dict(kind) if kind is not None else {}
    return _without(problem, lambda step: step in known)


def masked_shape(problem: Problem) -> Problem:
    """Return the problem of a table that people stand in, without what may be one of them.

    That is what stands in the table's place, whole tables and lists in place of words, and a key
    that is like none of those that are known, unless it is written as keys are.
    """
    whole = problem.expects is WRONG_TYPE and (not problem.path or problem.got[:1] in "{[(")
    unknown = problem.expects is UNKNOWN_KEY and problem.nearest is None
    strange = unknown and not is_identifier(problem.got.strip("'"))
    among = problem.expects is MISSING_KEY and not problem.got.isascii()
    if whole or strange or among:
        return _without(problem, lambda step: _PLAIN_STEP.fullmatch(step) is not None)
    return problem


def read_private(path: Path) -> dict[str, Any]:
    """Read a file as `codec.read` does, of which nobody knows yet which value is a name.

    Raises:
        InputError: with every problem; of a value only its place is told.
    """
    try:
        return read(path)
    except InputError as error:
        problems = [_masked_reading(problem) for problem in error.problems]
    raise InputError(problems)


def _masked_reading(problem: Problem) -> Problem:
    if problem.expects is SYNTAX:
        # A parser quotes the key that it stumbled over; around all that it says are quotes, too.
        line = _LINE.search(problem.got)
        quotes = _QUOTED.search(problem.got[1:].removesuffix(problem.got[:1])) is not None
        return evolve(problem, got=line.group() if line else _MASK) if quotes else problem
    if problem.expects in _OF_THE_FILE and not problem.path:
        return problem
    return _without(problem, lambda step: _PLAIN_STEP.fullmatch(step) is not None)


def tell_less(converter: Converter, kind: Any, mask: Mask) -> None:  # noqa: ANN401 - a type, or an alias of one
    """Have a converter say of a value of a type only what a mask leaves."""
    structure = converter.get_structure_hook(kind, cache_result=False)

    def hook(value: object, _: object) -> object:
        try:
            return structure(value, kind)
        except InputError as error:
            problems = [mask(problem) for problem in error.problems]
        # Not from the handler: the first error would hang on the second, and be logged with it.
        raise InputError(problems)

    converter.register_structure_hook_func(partial(_same, kind), hook)


def _same(kind: object, other: object) -> bool:
    return bool(kind == other)


def _steps(problem: Problem) -> list[str]:
    return [step for step in problem.path.split("/") if step]


def _without(problem: Problem, shown: Callable[[str], bool]) -> Problem:
    """Return the problem without what stood there, and without the keys that are not shown."""
    path = "/".join(
        step if _POSITION.fullmatch(step) or shown(step) else _MASK for step in _steps(problem)
    )
    return evolve(problem, path=path, got=_MASK, nearest=None)
