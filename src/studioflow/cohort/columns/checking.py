"""The check of a cohort: everything that is wrong with its columns and rows, before any is scored.

One query tells whether there is anything to complain of; only then the rows are looked for. No
row passes through Python but the few that problems name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import narwhals.stable.v2 as nw
from attrs import field, frozen
from narwhals.stable.v2 import dtypes

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.cohort.columns.complaints import (
    Complaint,
    Frame,
    Places,
    counts_of,
    problems_of,
)
from studioflow.cohort.columns.frames import framed, kind_of
from studioflow.cohort.columns.keys import Keys
from studioflow.cohort.columns.parsing import parsed
from studioflow.cohort.columns.parts import Pair, pairs
from studioflow.cohort.columns.readable import as_given, readable
from studioflow.cohort.columns.refusals import above_whole, misfit
from studioflow.errors import InputError, Problem
from studioflow.policy.policy import Policy
from studioflow.rules import Fact
from studioflow.text import Text, message

__all__ = ["KEY", "CheckedCohort", "check", "keep_name"]

KEY = "__key"
"""The key column in the normalised frame."""

NO_ROWS = message("no_rows", zh="至少一行", en="at least one row")
NO_SUCH_COLUMN = message("no_such_column", zh="数据中的一列：{known}", en="a column: {known}")
TAKEN_COLUMN = message(
    "taken_column", zh="键之外的一列，只写一次", en="another column than the key, named once"
)
KEY_IS_FACT = message("key_is_fact", zh="不是事实的一列", en="a column that is no fact")

_NAME_KEY = Text(
    "用 key（命令行为 --key）指出标识工作室的列",
    "name the column that says which studio it is by key, or --key on the command line",
)
_KEEP_IT = Text("不参与评分的列用 keep 保留", "a column that is not scored can be named in keep")


@frozen(kw_only=True)
class CheckedCohort:
    """A cohort that was checked, ready to be scored.

    Attributes:
        frame: one row a studio in the order of the input: the key as text in `KEY`, kept columns
            as they are, in `keep_name` of their places; and every fact that the input has, by its
            name. A number is how many of the fact's steps it is, a day its ordinal, a flag or
            confirmation a truth, a choice a word; null where it is not known.
        rows: how many studios.
        missing: for every fact of the policy, in how many rows it is not known.
        key, keep: the columns as the input names them.
        facts: that the columns were held against.
        kind: a frame without rows of the kind that was handed in, or that frame if it is lazy.
    """

    frame: Frame = field(repr=False)
    rows: int
    missing: Mapping[str, int] = field(repr=False)
    key: str
    keep: tuple[str, ...]
    facts: Mapping[str, Fact] = field(repr=False)
    kind: object = field(repr=False)


def keep_name(place: int) -> str:
    """Return what the kept column of that place, from 0, is called in the normalised frame."""
    return f"__keep_{place}"


def check(
    policy: Policy, frame: object, key: str = "studio", keep: Sequence[str] | str = ()
) -> CheckedCohort:
    """Check the rows of a cohort against the facts that a policy declares.

    What `known` accepts of one studio is accepted, and what it refuses is refused, with these
    additions for what columns are:

    * Numbers are judged by value, however wide their column is: a count may be 3.0 in a column of
      floats or decimals, and 3.9 is refused. A float is taken for the multiple of the fact's step
      that it is the nearest double to. NaN and infinity are refused; pandas has no other word
      than NaN for what is missing, so in its frames that is null.
    * Text may say any value, as CSV files have it: a plain decimal number without an exponent,
      `true` or `false` in any case, a day in ISO form. Empty text is null. Nothing is stripped.
    * Numbers without a bound of their own end at `LIMIT`.
    * A time stamp is no day, whatever the hour.

    Args:
        policy: with the facts.
        frame: any that narwhals takes: of Polars, DuckDB, PySpark, pandas or PyArrow; lazy ones
            stay lazy. Frames of pandas and PyArrow go on as frames of Polars.
        key: the column that says which studio it is: text, or whole numbers, each once.
        keep: columns to be handed on as they are.

    Raises:
        InputError: with every problem, each at the first row that has it, and how many there are.
    """
    collector = Collector()
    taken = framed(frame)
    schema = dict(taken.collect_schema())
    kept = (keep,) if isinstance(keep, str) else tuple(keep)
    _check_columns(policy, list(schema), key, kept, collector)
    looked = _Looked(policy, taken, schema, key)
    for problem in looked.problems():
        with collector.under():
            raise InputError([problem])
    collector.finish()
    return CheckedCohort(
        frame=looked.normalised(kept),
        rows=looked.rows,
        missing=looked.missing,
        key=key,
        keep=kept,
        facts=policy.facts,
        kind=kind_of(frame),
    )


def _check_columns(
    policy: Policy, columns: Sequence[str], key: str, keep: Sequence[str], collector: Collector
) -> None:
    """Check that there are the columns asked for, and no others."""
    if key not in columns:
        with collector.under(key):
            raise wrong(NO_SUCH_COLUMN, key, known=columns, hint=_NAME_KEY)
    if key in policy.facts:
        with collector.under(key):
            raise wrong(KEY_IS_FACT, key)
    for place, name in enumerate(keep):
        with collector.under(name):
            if name not in columns:
                raise wrong(NO_SUCH_COLUMN, name, known=columns)
            if name == key or name in keep[:place]:
                raise wrong(TAKEN_COLUMN, name)
    for name in columns:
        if name != key and name not in keep and name not in policy.facts:
            with collector.under(name):
                raise wrong(UNKNOWN_NAME, name, known=policy.facts, hint=_KEEP_IT)


class _Looked:
    """A frame that was looked at once, as a whole."""

    def __init__(
        self, policy: Policy, frame: Frame, schema: Mapping[str, dtypes.DType], key: str
    ) -> None:
        self._facts, self._schema = policy.facts, schema
        names = [name for name in schema if name in policy.facts and name != key]
        self._parsed = {name: parsed(policy.facts[name], name, schema[name]) for name in names}
        stages = [each.stage for each in self._parsed.values() if each.stage is not None]
        frame = self._frame = frame.with_columns(*stages) if stages else frame
        self._pairs = pairs(policy.facts, self._parsed)
        self._keys = Keys.of(key, schema[key]) if key in schema else None
        given = [each.given for each in self._parsed.values()]
        bad = [each.bad for each in self._parsed.values() if each.bad is not None]
        screens = {} if self._keys is None else self._keys.screens()
        conditions = [*given, *bad, *(pair.bad for pair in self._pairs)]
        counts = counts_of(frame, conditions, rows=nw.len(), **screens)
        self.rows = int(counts.found["rows"])
        known = dict(zip(self._parsed, counts.rows, strict=False))
        self.missing = {name: self.rows - known.get(name, 0) for name in policy.facts}
        self._suspects = counts.rows[len(given) :]
        self._key_suspect = self._keys is not None and self._keys.suspect(counts.found)

    def normalised(self, keep: Sequence[str]) -> Frame:
        """Return the frame as it is scored, once nothing is wrong with it."""
        kept = [nw.col(name).alias(keep_name(place)) for place, name in enumerate(keep)]
        facts = [each.value.alias(name) for name, each in self._parsed.items()]
        key = [] if self._keys is None or self._keys.text is None else [self._keys.text.alias(KEY)]
        return self._frame.select(*key, *kept, *facts)

    def problems(self) -> list[Problem]:
        """Return what is wrong with the rows, in the order of the columns."""
        if not self.rows:
            return list(wrong(NO_ROWS, 0).problems)
        if not any(self._suspects) and not self._key_suspect:
            return []
        places = Places.of(self._frame, None if self._keys is None else self._keys.name)
        found: list[Problem] = []
        if self._keys is not None and self._key_suspect:
            found += problems_of(places, self._frame, self._keys.complaints(), self._keys.raw())
            found += self._keys.doubled(self._frame, places)
        raw = {name: readable(nw.col(name), self._schema[name]) for name in self._parsed}
        return found + problems_of(places, self._frame, self._complaints(), raw)

    def _complaints(self) -> list[Complaint]:
        """Return what to look for in the columns that are suspected."""
        suspects = iter(self._suspects)
        complaints: list[Complaint] = []
        for name, column in self._parsed.items():
            if column.bad is not None and next(suspects):
                complaints += [
                    Complaint(name, column.bad & (column.kind == code), self._misfit(name, code))
                    for code in column.codes
                ]
        for pair in self._pairs:
            if next(suspects):
                complaints.append(Complaint(pair.column, pair.bad, self._apart(pair)))
        return complaints

    def _misfit(self, name: str, code: str) -> Callable[[Mapping[str, Any]], Problem]:
        """Return what says why a value does not fit."""
        fact, dtype = self._facts[name], self._schema[name]
        return lambda row: misfit(fact, code, as_given(fact, row.get(name), dtype))

    def _apart(self, pair: Pair) -> Callable[[Mapping[str, Any]], Problem]:
        """Return what says why a part is above its whole."""
        related = {name: self._facts[name] for name in pair.related}

        def say(row: Mapping[str, Any]) -> Problem:
            values = {
                name: as_given(fact, row.get(name), self._schema[name])
                for name, fact in related.items()
                if name in self._parsed
            }
            return above_whole(related, pair, values)

        return say
