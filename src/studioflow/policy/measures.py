"""Measures: how a fact is counted from the records of a case file, said in the policy file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from attrs import asdict, frozen

from studioflow.codec import (
    MISSING_KEY,
    UNKNOWN_KEY,
    UNKNOWN_NAME,
    Collector,
    OneOrMore,
    wrong,
)
from studioflow.policy.procedure import Calendar
from studioflow.policy.record_fields import RecordField
from studioflow.policy.records import SEALED, RecordKind
from studioflow.rules import Condition, Fact, Names, Tally
from studioflow.text import Text, message

__all__ = [
    "LEAD",
    "CellMeasure",
    "Measure",
    "MeasureKind",
    "check_measure",
    "common_facts",
    "measure_of_cells",
]

MeasureKind = Literal["count", "sum", "distinct", "any", "latest", "share", "plugin"]

LEAD = "lead"
"""The roster that has the studio's lead alone on it."""

WRONG_FACT_TYPE = message(
    "measure_fact_type",
    zh="{kind} 所得的事实类型：{types}",
    en="a fact of a type that {kind} gives: {types}",
)
FIELD_TYPE = message(
    "measure_field_type", zh="类型为{types}的字段", en="a field of one of the types {types}"
)
NO_DATE = message(
    "kind_without_date", zh="有 date 的记录种类", en="a kind of record that says its date"
)
NO_PERSON = message(
    "kind_without_person", zh="有 person 的记录种类", en="a kind of record that says its person"
)
PERSONAL_FIELD = message(
    "measure_personal_field",
    zh="非个人信息的字段（个人信息可能被删除）",
    en="a field that is not personal: personal data may be erased, and a count must not change",
)
PERCENT_OF = message("measure_percent", zh="大于0、不大于100", en="above 0, at most 100")
NO_CELL_FIELD = message(
    "measure_no_cell_field",
    zh="有不属于个人信息的 choice 字段 {field} 的记录种类",
    en="a kind of record with a choice {field} that is not personal",
)
CELL_WORDS = message(
    "measure_cell_words",
    zh="字段 {field} 的词都在 {words} 之中的记录种类",
    en="a kind of record whose {field} says one of: {words}",
)
_ROSTER = Text("名册（有 since 的记录种类）或 lead", "a roster (a kind with since), or lead")
NOT_A_ROSTER = message("not_a_roster", zh="{roster}", en="{roster}")

_GIVES: Mapping[str, tuple[str, ...]] = {
    "count": ("count", "number"),
    "sum": ("count", "number"),
    "distinct": ("count", "number"),
    "any": ("flag",),
    "latest": ("flag", "choice", "count", "number", "date"),
    "share": ("flag",),
    "plugin": ("flag", "choice", "count", "number", "date"),
}
_FIELD_OF: Mapping[str, tuple[str, ...]] = {
    "sum": ("count", "number", "money"),
    "distinct": ("text", "choice", "person", "date", "month", "count"),
    "latest": ("flag", "choice", "count", "number", "money", "date"),
}
_HELD_BY: Mapping[str, tuple[str, ...]] = {
    "flag": ("flag",),
    "choice": ("choice",),
    "count": ("count",),
    "number": ("count", "number", "money"),
    "date": ("date",),
}
"""The types of field whose value, or sum of values, a fact of a type can be."""
_OWN_KEYS: Mapping[str, frozenset[str]] = {
    "sum": frozenset({"field"}),
    "distinct": frozenset({"field"}),
    "latest": frozenset({"field"}),
    "share": frozenset({"percent", "that"}),
    "plugin": frozenset({"use"}),
}


@frozen(eq=False, kw_only=True)
class Measure:
    """How one fact comes from records: which are looked at, which of them count, what is taken.

    Attributes:
        kind: what is taken of those that count: their number, the sum of a field, the number of
            different values of a field, whether there is any, the field of the latest, whether a
            share of them is reached, or what a plugin makes of them.
        of: the kind of record, or several, which then share the fields that are named.
        needs: fields without which a record is incomplete and does not count.
        where: a condition over the record's fields.
        window: of the calendar, in which the record's date has to lie.
        this_year: the field that has to say the year in which it is measured.
        late: whether a record that came late counts; it is flagged in any case.
        among: the roster, or `lead`, that the record's person has to be on.
        present: whether a roster is taken as on the day of measuring, or with all who ever were.
        field: that is summed, taken, or told apart.
        percent, that: of a share: how many per cent of the records have to fulfil the condition.
        use: the id of a plugin's measure.

    >>> Measure(kind="distinct", of=("lesson", "paper"), among="trainee", window="cycle").present
    'on_day'
    >>> Measure(kind="sum", of=("spot_check",))
    Traceback (most recent call last):
    ...
    studioflow.errors.InputError: .: [missing_key] got 'sum', expected the key field
    """

    kind: MeasureKind
    of: OneOrMore
    needs: tuple[str, ...] = ()
    where: Condition | None = None
    window: str | None = None
    this_year: str | None = None
    late: Literal["counted", "left_out"] = "counted"
    among: str | None = None
    present: Literal["on_day", "ever"] = "on_day"
    field: str | None = None
    percent: Fraction | None = None
    that: Condition | None = None
    use: str | None = None
    clause: str | None = None

    def cell(self) -> Mapping[str, str]:
        """Return the word that a record has to say in each of these fields to be looked at."""
        return {}

    def __attrs_post_init__(self) -> None:
        own = _OWN_KEYS.get(self.kind, frozenset())
        given = {"field": self.field, "percent": self.percent, "that": self.that, "use": self.use}
        collector = Collector()
        with collector.under():
            if not self.of:
                raise wrong(MISSING_KEY, "of = []", key="of")
        for key, value in given.items():
            with collector.under(key):
                if value is not None and key not in own:
                    raise wrong(UNKNOWN_KEY, key, known=own | {"of", "where", "window", "needs"})
            with collector.under():
                if value is None and key in own and (self.kind, key) != ("distinct", "field"):
                    raise wrong(MISSING_KEY, self.kind, key=key)
        with collector.under("percent"):
            if self.percent is not None and not 0 < self.percent <= 100:  # noqa: PLR2004 - per cent
                raise wrong(PERCENT_OF, self.percent)
        collector.finish()


@frozen(eq=False, kw_only=True)
class CellMeasure(Measure):
    """How one cell of a tally comes from records.

    Attributes:
        words: by the name of a dimension, and of the field that is called like it.
    """

    words: Mapping[str, str]

    def cell(self) -> Mapping[str, str]:
        """See `Measure`."""
        return self.words


def check_measure(
    name: str,
    measure: Measure,
    *,
    names: Names,
    kinds: Mapping[str, RecordKind],
    calendar: Calendar,
) -> None:
    """Check that what a measure names exists and fits; it may be measured by a tally's name.

    Raises:
        InputError: with every problem.
    """
    collector = Collector()
    tally = names.tallies.get(name)
    fact = next(iter(tally.cells.values())) if tally else names.facts.get(name)
    with collector.under():
        if fact is None:
            raise wrong(UNKNOWN_NAME, name, known=[*names.facts, *names.tallies])
    with collector.under("kind"):
        types = _GIVES.get(measure.kind)
        if fact is not None and types is not None and fact.type not in types:
            raise wrong(WRONG_FACT_TYPE, fact.type, kind=measure.kind, types=types)
    with collector.under("window"):
        if measure.window is not None and measure.window not in calendar.windows:
            raise wrong(UNKNOWN_NAME, measure.window, known=calendar.windows)
    rosters = {name for name, other in kinds.items() if other.since is not None} | {LEAD}
    with collector.under("among"):
        if measure.among is not None and measure.among not in rosters:
            raise wrong(NOT_A_ROSTER, measure.among, known=rosters, roster=_ROSTER)
    for of in measure.of:
        _check_kind(collector, measure, kinds[of], fact)
        _check_cells(collector, tally.dimensions if tally else {}, kinds[of])
    collector.finish()


def measure_of_cells(measure: Measure, tally: Tally) -> dict[str, Measure]:
    """Return the measure of each cell of a tally, by the cell's name."""
    return {
        fact.name: CellMeasure(
            **asdict(measure, recurse=False), words=dict(zip(tally.dimensions, words, strict=True))
        )
        for words, fact in tally.cells.items()
    }


def _check_cells(
    collector: Collector, dimensions: Mapping[str, Mapping[str, Text]], kind: RecordKind
) -> None:
    """Check that every record of a kind that says the words of a tally is in one of its cells."""
    for dimension, words in dimensions.items():
        with collector.under("of"):
            found = kind.fields.get(dimension)
            if found is None or found.type != "choice" or found.personal:
                raise wrong(NO_CELL_FIELD, kind.name, field=dimension)
            for word in found.values:
                if word not in words:
                    raise wrong(CELL_WORDS, word, known=words, field=dimension, words=words)


def common_facts(kinds: Sequence[RecordKind]) -> dict[str, Fact]:
    """Return the fields that conditions over records of all of these kinds may name.

    Personal ones are not among them: they may be erased, and what counts must not change.

    >>> from studioflow.policy import RecordField
    >>> label = Text("讲座", "talk")
    >>> public = RecordField(type="flag", label=label)
    >>> ill = RecordField(type="flag", label=label, personal=True)
    >>> fields = {"public": public, "ill": ill}
    >>> talk = RecordKind(name="talk", label=label, fields=fields, supplied_by=("lead",))
    >>> list(common_facts([talk]))
    ['public']
    """
    first, *others = [_open_facts(kind) for kind in kinds] or [{}]
    return {
        name: fact
        for name, fact in first.items()
        if all(name in other and _alike(other[name], fact) for other in others)
    }


def _alike(one: Fact, other: Fact) -> bool:
    # A condition counts in whole units of one step: 4 hours are 8 halves.
    return (one.type, one.denominator) == (other.type, other.denominator)


def _open_facts(kind: RecordKind) -> dict[str, Fact]:
    personal = {name for name, declared in kind.fields.items() if declared.personal}
    return {n: f for n, f in kind.facts().items() if n.removesuffix(SEALED) not in personal}


def _check_kind(
    collector: Collector, measure: Measure, kind: RecordKind, fact: Fact | None
) -> None:
    for place, field_name in _fields(measure):
        with collector.under(*place):
            _check_field(field_name, kind)
    with collector.under("field"):
        _check_type(measure.field, kind, _field_types(measure, fact))
        if measure.kind == "latest" and fact is not None and measure.field in kind.fields:
            _check_words(kind.fields[str(measure.field)], fact)
        if measure.kind == "distinct" and measure.field is None and kind.person is None:
            raise wrong(NO_PERSON, kind.name)
    with collector.under("this_year"):
        _check_type(measure.this_year, kind, ("count",))
    with collector.under("window"):
        if measure.window is not None and kind.date is None:
            raise wrong(NO_DATE, kind.name)
    with collector.under("among"):
        if measure.among is not None and kind.person is None:
            raise wrong(NO_PERSON, kind.name)


def _field_types(measure: Measure, fact: Fact | None) -> tuple[str, ...]:
    types = _FIELD_OF.get(measure.kind, ())
    if fact is None or measure.kind == "distinct":  # however many there are is a count
        return types
    held = _HELD_BY.get(fact.type, types)
    return tuple(name for name in types if name in held)


def _check_words(chosen: RecordField, fact: Fact) -> None:
    if chosen.type == fact.type == "choice":
        for word in chosen.values:
            if word not in fact.values:
                raise wrong(UNKNOWN_NAME, word, known=fact.values)


def _fields(measure: Measure) -> Iterator[tuple[tuple[object, ...], str]]:
    for position, name in enumerate(measure.needs):
        yield ("needs", position), name
    if measure.field is not None:
        yield ("field",), measure.field
    if measure.this_year is not None:
        yield ("this_year",), measure.this_year


def _check_field(name: str, kind: RecordKind) -> None:
    if name not in kind.fields:
        raise wrong(UNKNOWN_NAME, name, known=kind.fields)
    if kind.fields[name].personal:
        raise wrong(PERSONAL_FIELD, name)


def _check_type(name: str | None, kind: RecordKind, types: tuple[str, ...]) -> None:
    if name in kind.fields and types and kind.fields[str(name)].type not in types:
        raise wrong(FIELD_TYPE, kind.fields[str(name)].type, types=types)
