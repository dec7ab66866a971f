"""Whatever records there are, a measure is what a plain count in Python says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.studio import Event, Record, Studio, case_facts

if TYPE_CHECKING:
    from tests.studio.conftest import Talks

FIRST, LAST = date(2022, 12, 1), date(2024, 1, 31)
ON = date(2023, 11, 15)
PEOPLE = ("t-1", "t-2", "t-3")
DAYS = st.integers(0, (LAST - FIRST).days).map(lambda days: (FIRST + timedelta(days)).isoformat())

TALKS = st.fixed_dictionaries(
    {"on": DAYS, "speaker": st.sampled_from(PEOPLE).map(lambda name: {"id": name})},
    optional={
        "title": st.sampled_from(["甲", "乙"]),
        "slides": st.sampled_from([[], ["s"]]),
        "public": st.booleans(),
        "guests": st.integers(0, 9),
        "level": st.sampled_from(["school", "county"]),
    },
)
ENTRIES = st.fixed_dictionaries(
    {"person": st.sampled_from(PEOPLE).map(lambda name: {"id": name}), "joined": DAYS},
    optional={"left": DAYS},
)
COUNTY = {"kind": "is", "fact": "level", "value": "county"}
MEASURES: dict[str, Mapping[str, object]] = {
    "talks": {
        "kind": "count",
        "of": "talk",
        "needs": ["title", "slides"],
        "where": {"kind": "any", "of": ["public", COUNTY]},
        "window": "year",
        "late": "left_out",
    },
    "guests": {"kind": "sum", "of": "talk", "field": "guests", "window": "from_summer"},
    "trainees": {"kind": "distinct", "of": "trainee"},
    "trainees_who_talked": {"kind": "distinct", "of": "talk", "among": "trainee"},
    "level": {"kind": "latest", "of": "talk", "field": "level"},
    "held": {"kind": "share", "of": "talk", "percent": 60, "that": "public"},
}


@pytest.fixture(scope="module")
def declared(talks: type[Talks]) -> Talks:
    """One measure of each kind."""
    return talks(**MEASURES)


def plainly(
    held: Sequence[tuple[Mapping[str, Any], bool]], roster: Sequence[Mapping[str, Any]]
) -> dict[str, object]:
    """Count once more, in the plainest way."""
    on = ON.isoformat()
    present = {
        entry["person"]["id"]
        for entry in roster
        if entry["joined"] <= on and entry.get("left", on) >= on
    }
    past = [talk for talk, _ in held if talk["on"] <= on]
    talks = 0
    for talk, late in held:
        said = (talk.get("public"), talk.get("level"))
        if (
            talk["on"] <= on
            and talk["on"].startswith("2023")
            and talk.get("title")
            and talk.get("slides")
            and (said[0] is True or said[1] == "county")
            and not late
        ):
            talks += 1
    levels = sorted((t for t in past if "level" in t), key=lambda talk: str(talk["on"]))
    public = sum(talk.get("public") is True for talk in past)
    return {
        "talks": talks,
        "guests": sum(talk.get("guests", 0) for talk in past if talk["on"] >= "2023-07-01"),
        "trainees": len(present),
        "trainees_who_talked": len(present & {talk["speaker"]["id"] for talk in past}),
        "level": levels[-1]["level"] if levels else None,
        "held": public / len(past) >= 0.6 if past else None,
    }


@given(st.lists(st.tuples(TALKS, st.booleans()), max_size=9), st.lists(ENTRIES, max_size=4))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counted(
    declared: Talks, held: list[tuple[dict[str, Any], bool]], roster: list[dict[str, Any]]
) -> None:
    """Every measure is what was counted by hand, and every record is counted or left out."""
    records = [
        *(Record(kind="talk", id=f"a-{n}", data=d, late=late) for n, (d, late) in enumerate(held)),
        *(Record(kind="trainee", id=f"r-{n}", data=data) for n, data in enumerate(roster)),
    ]
    found = case_facts(declared.policy, declared.studio(*records), ON)
    expected = plainly(held, roster) if records else {}

    assert expected == {name: measured.value for name, measured in found.items()}
    for name, measured in found.items():
        of = MEASURES[name]["of"]
        ids = [*measured.counted, *(each.record for each in measured.left_out)]
        assert sorted(record.id for record in records if record.kind == of) == sorted(ids)
        assert all(each.reasons for each in measured.left_out)


CHANGES = st.lists(st.tuples(st.integers(0, 5), st.none() | TALKS), min_size=1, max_size=12)


@given(CHANGES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_struck_and_corrected(
    declared: Talks, changes: list[tuple[int, dict[str, Any] | None]]
) -> None:
    """What was struck does not count, and of what was corrected only what took its place."""
    studio, live = declared.studio(), dict[str, dict[str, Any]]()
    for number, data in changes:
        name = f"a-{number}"
        struck = (name,) if data is None else ()
        records = () if data is None else (Record(kind="talk", id=name, data=data),)
        studio = _after(studio, declared, records, struck)
        if data is None:
            live.pop(name, None)
        else:
            live[name] = data
    found = case_facts(declared.policy, studio, LAST)

    assert ({"guests"} if live else set()) <= found.keys()
    if live:
        # By the end of it all no talk is in the future.
        late_in_year = [talk for talk in live.values() if talk["on"] >= "2023-07-01"]
        assert sum(talk.get("guests", 0) for talk in late_in_year) == found["guests"].value


def _after(
    studio: Studio, declared: Talks, records: tuple[Record, ...], struck: tuple[str, ...]
) -> Studio:
    event = Event(
        studio=studio.id,
        action="correct",
        source=studio.state,
        dest=studio.state,
        on=LAST,
        by=declared.clerk,
        policy=declared.policy.reference,
    )
    return studio.after(evolve(event, records=records, struck=struck))
