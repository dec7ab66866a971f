"""What can be wrong with any document, and how its problems are gathered to come out together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from studioflow.errors import InputError, Problem
from studioflow.text import Text, message

__all__ = [
    "DUPLICATE_KEY",
    "MAX_PROBLEMS",
    "MISSING_KEY",
    "TOO_MANY_PROBLEMS",
    "TYPE_NAMES",
    "UNKNOWN_KEY",
    "UNKNOWN_NAME",
    "WRONG_TYPE",
    "Collector",
]

MAX_PROBLEMS = 100
"""A document with more problems than that is not read to its end."""

DUPLICATE_KEY = message("duplicate_key", zh="每个键只出现一次", en="every key once")
UNKNOWN_KEY = message("unknown_key", zh="以下之一：{known}", en="one of: {known}")
MISSING_KEY = message("missing_key", zh="键 {key}", en="the key {key}")
WRONG_TYPE = message("wrong_type", zh="{type}", en="{type}")
UNKNOWN_NAME = message("unknown_name", zh="以下之一：{known}", en="one of: {known}")
TOO_MANY_PROBLEMS = message(
    "too_many_problems",
    zh="不超过 {limit} 个问题；其余未列出",
    en="at most {limit} problems; the rest is not listed",
)

TYPE_NAMES: Mapping[object, Text] = {
    int: Text("整数", "a whole number"),
    bool: Text("true 或 false", "true or false"),
    str: Text("文字", "text"),
    Fraction: Text(
        "精确的数（文件中写 12.5，Python 中用 Decimal，不用 float）",
        "an exact number (12.5 in a file, a Decimal in Python, no float)",
    ),
    date: Text("日期（如 2023-03-31）", "a date such as 2023-03-31"),
    tuple: Text("列表", "a list"),
    dict: Text("表", "a table"),
}


class Collector:
    """Gathers the problems of several parts, each under its key, to raise them together.

    >>> from studioflow.errors import wrong
    >>> collector = Collector()
    >>> with collector.under("members"):
    ...     raise wrong(WRONG_TYPE, "seven", type="a whole number")
    >>> [problem.path for problem in collector.problems]
    ['members']
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._keys: list[tuple[object, ...]] = []

    def under(self, *keys: object) -> Collector:
        """Catch what is raised in the block, with its path lengthened by `keys`.

        Blocks of one collector do not add up: one inside another says its whole path.

        Raises:
            InputError: once there are so many problems that reading on helps nobody.
        """
        self._keys.append(keys)
        return self

    def __enter__(self) -> None:
        """Start a block of `under`."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Keep the problems of an `InputError`; let everything else through."""
        keys = self._keys.pop()
        if not isinstance(error, InputError):
            return False
        self.problems.extend(problem.under(*keys) for problem in error.problems)
        if len(self.problems) > MAX_PROBLEMS:
            # Bounded: a hostile file of four bytes a problem would fill the memory.
            more = Problem(
                TOO_MANY_PROBLEMS, got=f"> {MAX_PROBLEMS}", parameters={"limit": MAX_PROBLEMS}
            )
            raise InputError([*self.problems[:MAX_PROBLEMS], more]) from None
        return True

    def finish(self) -> None:
        """Raise what was gathered, if anything was.

        Raises:
            InputError: with every problem gathered.
        """
        if self.problems:
            raise InputError(self.problems)
