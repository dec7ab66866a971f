"""Events as documents: exact, strict, of every version."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.codec import from_plain, to_plain
from studioflow.errors import InputError
from studioflow.people import Actor, Mark, Person
from studioflow.rubric import InspectedItem, Inspection, PolicyReference
from studioflow.studio import (
    EVENT_CODEC,
    Application,
    Ban,
    Event,
    EventCodec,
    Override,
    Record,
    owner_of,
)

words = st.text(min_size=1, max_size=6).filter(str.strip)
ids = st.sampled_from(["p-01", "t-01", "领衔人甲", "a/b"])
actors = st.builds(Actor, ids, unit=ids, roles=st.frozensets(ids, max_size=2))
numbers = st.fractions(min_value=-10, max_value=10, max_denominator=7)
facts = st.one_of(st.booleans(), st.integers(-9, 9), words, numbers, st.dates(), st.none())
people = st.builds(Person, ids, words)
records = st.builds(
    Record,
    kind=ids,
    id=st.sampled_from(["r-1", "r-2"]),
    data=st.dictionaries(words, st.one_of(facts, st.lists(words), st.dictionaries(words, facts))),
    personal=st.dictionaries(st.sampled_from(["name", "who/name"]), words, max_size=2),
    by=st.none() | actors,
)
marks = st.builds(Mark, criterion=ids, by=ids, role=ids, points=numbers, remark=st.none() | words)
items = st.builds(InspectedItem, present=st.booleans(), remark=st.none() | words)
events = st.builds(
    Event,
    studio=ids,
    action=ids,
    source=ids,
    dest=ids,
    on=st.dates(),
    by=actors,
    policy=st.builds(PolicyReference, ids, ids, ids, st.tuples(words)),
    application=st.none()
    | st.builds(
        Application,
        name=words,
        unit=ids,
        lead=st.builds(Person, st.just("lead"), words),
        members=st.lists(people, max_size=2, unique_by=lambda person: person.id),
    ),
    facts=st.dictionaries(words, facts, max_size=3),
    marks=st.tuples(marks) | st.just(()),
    inspection=st.none() | st.builds(Inspection, items=st.dictionaries(words, items, max_size=2)),
    records=st.lists(records, max_size=2, unique_by=lambda record: record.id).map(tuple),
    struck=st.tuples(ids) | st.just(()),
    gaps=st.lists(words, max_size=2).map(tuple),
    reward=st.none() | numbers,
    overrides=st.dictionaries(ids, st.builds(Override, reason=words, by=st.none() | actors)),
    remark=st.none() | words,
    key=st.none() | ids,
    due=st.none() | st.dates(),
    opinion=st.none() | st.booleans(),
    lead=st.none() | people,
    ban=st.none() | st.builds(Ban, until=st.dates(), people=st.tuples(ids)),
    cycle=st.none() | st.integers(1, 3),
)


def bare() -> Event:
    """Return an event with nothing but what each has."""
    return Event(
        studio="s-01",
        action="approve",
        source="declared",
        dest="approved",
        on=date(2023, 4, 14),
        by=Actor("p-01", unit="bureau"),
        policy=PolicyReference("p", "1", "sha256:0"),
    )


@given(events)
def test_round_trip(event: Event) -> None:
    """Every event is read as it was, from the text of its document."""
    apart, _ = event.separated()
    text = json.dumps(EVENT_CODEC.encode(apart), ensure_ascii=False)

    assert apart == EVENT_CODEC.decode(json.loads(text))


@given(events, st.data())
def test_parts(event: Event, data: st.DataObject) -> None:
    """An event and its personal parts make it whole again; of some of them, as much as they say."""
    apart, parts = event.separated()
    some = {
        path: parts[path]
        for path in data.draw(st.sets(st.sampled_from(sorted(parts) or [""])))
        if path in parts
    }
    again, left = apart.joined(some).separated()

    assert event == apart.joined(parts)
    assert (apart, some) == (again, left)
    assert {} == apart.separated()[1]
    for path in parts:
        assert owner_of(event, path) is None or isinstance(owner_of(event, path), str)


def test_erased() -> None:
    """Without its parts a remark is nothing, and a gap and a reason are empty."""
    whole = Event(
        **{
            **{name: getattr(bare(), name) for name in ("studio", "action", "source", "dest")},
            "on": date(2023, 4, 14),
            "by": bare().by,
            "policy": bare().policy,
            "remark": "领衔人甲",
            "gaps": ("申报表",),
            "overrides": {"quota": Override(reason="领衔人甲")},
        }
    )
    apart, parts = whole.separated()

    assert (None, ("",), "") == (apart.remark, apart.gaps, apart.overrides["quota"].reason)
    assert {"remark", "gaps/0", "overrides/quota/reason"} == parts.keys()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "application",
        "application/members/9/name",
        "application/members/x/name",
        "records/x",
        "application/members/-1/name",
        "lead",
        "lead/name",
    ],
)
def test_owner_of_nothing(path: str) -> None:
    """A path that leads nowhere is nobody's."""
    assert owner_of(bare(), path) is None


# Strict


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"strange": 1}, "strange"),
        ({"recorded": "2023-04-14T09:00:00+00:00"}, ""),
        ({"on": "2023-W15-5"}, "on"),
        ({"cycle": True}, "cycle"),
        ({"reward": 1000}, "reward"),
        ({"by": {"id": "p-01", "unit": "b", "more": 1}}, "by/more"),
        ({"facts": {"members": {"$fraction": "1/0"}}}, "facts"),
        ({"facts": {"members": {"$what": 1}}}, "facts"),
    ],
)
def test_strict(change: dict[str, Any], path: str) -> None:
    """What no event has is refused, at its place."""
    with pytest.raises(InputError) as caught:
        EVENT_CODEC.decode({**EVENT_CODEC.encode(bare()), **change})

    assert any(problem.path.startswith(path) for problem in caught.value.problems)


@pytest.mark.parametrize("version", [0, -1, "1", 1.0, True, None])
def test_versions_that_are_none(version: Any) -> None:  # noqa: ANN401 - on purpose
    """A version is a whole number from 1 on; without one it is this release's."""
    document = EVENT_CODEC.encode(bare())
    if version is None:
        assert bare() == EVENT_CODEC.decode(document, version)
        return
    with pytest.raises(InputError):
        EVENT_CODEC.decode(document, version)


def test_fault_28_newer() -> None:
    """Of a newer event what is not known is left aside, at any depth."""
    document = EVENT_CODEC.encode(bare())
    document["by"]["new"] = 1

    assert bare() == EVENT_CODEC.decode({**document, "new": {"deep": 1}}, 2)
    with pytest.raises(InputError):
        EVENT_CODEC.decode(document, 1)


def test_fault_28_older() -> None:
    """An older event is brought up step by step, and the document stays as it was."""

    def renamed(document: dict[str, Any]) -> dict[str, Any]:
        document["by"]["unit"] = document["by"].pop("organisation")
        return document

    def named(document: dict[str, Any]) -> dict[str, Any]:
        document["action"] = document.pop("verb")
        return document

    codec = EventCodec(version=3, upcasts={1: renamed, 2: named})
    first = codec.encode(bare())
    first["verb"] = first.pop("action")
    first["by"]["organisation"] = first["by"].pop("unit")
    before = json.dumps(first)

    assert bare() == codec.decode(first, 1)
    assert before == json.dumps(first)
    with pytest.raises(InputError):
        EventCodec(version=3, upcasts={2: named}).decode(first, 1)


# Plain values

values = st.recursive(
    st.one_of(
        facts,
        st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-99, max_value=99),
        st.datetimes(),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=3) | st.just("$date"), inner, max_size=3),
        st.frozensets(words, max_size=3),
    ),
    max_leaves=8,
)


@given(values)
def test_plain_values(value: object) -> None:
    """Every exact value is read as it was written, and of the same type."""
    again = from_plain(json.loads(json.dumps(to_plain(value))))

    assert value == again
    assert type(value) is type(again)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        Decimal("Infinity"),
        Decimal("1E+1000"),
        Fraction(10**50, 3),
        10**5000,
        object(),
        {1: 2},
        [[1.5]],
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_written(value: object) -> None:
    """What is not exact, or too long to be read again, is not written."""
    with pytest.raises(InputError):
        to_plain(value)


@pytest.mark.parametrize(
    "plain",
    [
        {"$date": "20230504"},
        {"$datetime": "2023-W18-4"},
        {"$datetime": "2023-05-04"},
        {"$set": [1, 1]},
        {"$set": [[]]},
        {"$table": [["a", 1], ["a", 2]]},
        {"$fraction": "1/0"},
        {"$decimal": "NaN"},
        {"$what": 1},
        {"$date": "2023-05-04", "more": 1},
        1.5,
    ],
    ids=json.dumps,
)
def test_what_is_not_read(plain: object) -> None:
    """What is never written is not read."""
    with pytest.raises(InputError):
        from_plain(plain)


def test_times() -> None:
    """A time is no day, and a day no time."""
    assert datetime(2023, 5, 4, 9) == from_plain(to_plain(datetime(2023, 5, 4, 9)))  # noqa: DTZ001 - as a file may have it
    assert date(2023, 5, 4) == from_plain(to_plain(date(2023, 5, 4)))
