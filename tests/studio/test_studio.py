"""A studio is the fold of its events, and every value on the way stays as it was."""

from __future__ import annotations

import copy
import pickle
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.people import Actor, Person
from studioflow.policy import UNDECLARED
from studioflow.rubric import PolicyReference
from studioflow.studio import Application, Event, Guard, Override, Studio
from studioflow.studio.read_only import ReadOnly

REFERENCE = PolicyReference("p", "1", "sha256:0")
CLERK = Actor("p-01", unit="bureau", roles={"clerk"})
APPLICATION = Application(
    name="样例工作室",
    unit="样例学校",
    lead=Person("lead", "领衔人"),
    members=(Person("m", "成员"),),
)
STATES = (UNDECLARED, "a", "b", "c", "b", "d")


def _event(number: int, **more: Any) -> Event:  # noqa: ANN401 - any field of an event
    made = Event(
        studio="s-01",
        action=f"to_{STATES[number + 1]}",
        source=STATES[number],
        dest=STATES[number + 1],
        on=date(2023, 1, 1 + number),
        by=CLERK,
        policy=REFERENCE,
    )
    return evolve(made, **more)


EVENTS = (
    _event(0, application=APPLICATION),
    _event(1, facts={"members": 6, "site_flag": True}),
    _event(2, decision="passed"),
    _event(3, facts={"members": 7}, overrides={"quota": Override(reason="…")}),
    _event(4, decision="outstanding"),
)


def test_nothing_has_happened_yet() -> None:
    """A new studio is undeclared and has nobody."""
    studio = Studio(id="s-01")

    assert (UNDECLARED, "s-01", None) == (studio.state, studio.name, studio.unit)
    assert (frozenset(), {}, ()) == (studio.people(), studio.days(), studio.history)


@pytest.mark.parametrize("empty", ["", " ", "\u3000"])
def test_an_application_has_a_name_and_a_unit(empty: str) -> None:
    """Nothing is declared by nobody: both are told at once."""
    with pytest.raises(InputError) as refused:
        Application(name=empty, unit=empty, lead=Person("lead"))

    found = [(problem.path, problem.code) for problem in refused.value.problems]
    assert [("name", "empty_text"), ("unit", "empty_text")] == found


MANY = Person("a", "成员甲")


@pytest.mark.parametrize(
    ("members", "path", "code"),
    [
        (None, "members", "wrong_type"),
        (7, "members", "wrong_type"),
        ("成员甲", "members", "wrong_type"),
        ({"id": "成员甲"}, "members", "wrong_type"),
        ((MANY, "成员甲"), "members/1", "wrong_type"),
        ((MANY, Person("b"), MANY), "members/2", "listed_twice"),
        ((MANY, Person("a", "成员乙")), "members/1", "listed_twice"),
    ],
)
def test_members_that_are_none(members: Any, path: str, code: str) -> None:  # noqa: ANN401 - wrong on purpose
    """What is no list of people, each once, is refused with all the rest, and not told."""
    with pytest.raises(InputError) as refused:
        Application(name="", unit="u", lead=Person("lead"), members=members)

    found = [(problem.path, problem.code) for problem in refused.value.problems]
    assert [("name", "empty_text"), (path, code)] == found
    assert "成员" not in str(refused.value)


def test_what_the_events_made() -> None:
    """The latest of each fact, the latest decision, the application, the days."""
    studio = Studio.from_events("s-01", EVENTS)

    assert ("d", "outstanding", APPLICATION) == (studio.state, studio.decision, studio.application)
    assert {"members": 7, "site_flag": True} == studio.facts
    assert "passed" == Studio.from_events("s-01", EVENTS[:4]).decision
    assert ("样例工作室", "样例学校") == (studio.name, studio.unit)
    assert frozenset({"lead", "m"}) == studio.people()
    assert {
        "to_a": date(2023, 1, 1),
        "to_b": date(2023, 1, 4),  # the last of two
        "to_c": date(2023, 1, 3),
        "to_d": date(2023, 1, 5),
    } == studio.days()


def test_a_prefix_is_the_studio_at_that_time() -> None:
    """The first n events make the studio that there was after n events."""
    studio = Studio(id="s-01")
    for number, event in enumerate(EVENTS, start=1):
        before, old = studio, copy.deepcopy(studio)
        studio = studio.after(event)
        assert studio == Studio.from_events("s-01", EVENTS[:number])
        assert old == before
        assert EVENTS[:number] == studio.history


@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), max_size=3), max_size=9))
def test_facts_are_the_latest(handed_in: list[dict[str, int]]) -> None:
    """Whatever was handed in in whatever order, the last value of each fact counts."""
    events = [
        evolve(_event(0), source="a" if number else UNDECLARED, facts=facts)
        for number, facts in enumerate(handed_in)
    ]
    expected: dict[str, int] = {}
    for facts in handed_in:
        expected.update(facts)

    assert expected == Studio.from_events("s-01", events).facts


def test_an_event_of_another_studio() -> None:
    """It is refused, not folded in."""
    with pytest.raises(InputError) as caught:
        Studio(id="s-02").after(EVENTS[0])

    assert ["other_studio"] == [problem.code for problem in caught.value.problems]


@pytest.mark.parametrize("events", [EVENTS[1:], EVENTS[:1] + EVENTS[2:], EVENTS[:2] + EVENTS[1:]])
def test_events_out_of_order(events: tuple[Event, ...]) -> None:
    """A log with an event missing or doubled does not make a studio."""
    with pytest.raises(InputError) as caught:
        Studio.from_events("s-01", events)

    assert ["out_of_order"] == [problem.code for problem in caught.value.problems]


def test_values_are_frozen() -> None:
    """No field can be set, and no mapping changed, from outside or by who made it."""
    facts = {"members": 6}
    event = _event(1, facts=facts)
    facts["members"] = 12
    studio = Studio.from_events("s-01", EVENTS)

    assert {"members": 6} == event.facts
    with pytest.raises(FrozenInstanceError):
        studio.state = "d"  # type: ignore[misc] # on purpose
    for held in (event.facts, studio.facts, event.overrides):
        with pytest.raises(TypeError):
            held["members"] = 1  # type: ignore[index] # on purpose
        assert not hasattr(held, "update")


def test_copies_are_equal() -> None:
    """Pickles and deep copies are equal to the studio, mappings included."""
    studio = Studio.from_events("s-01", EVENTS)

    assert studio == pickle.loads(pickle.dumps(studio))  # noqa: S301 - our own bytes
    assert studio == copy.deepcopy(studio)


def test_names_stay_out_of_logs() -> None:
    """A studio in a log shows ids, not the names of people."""
    shown = repr(Studio.from_events("s-01", EVENTS))

    assert "lead" in shown
    assert "领衔人" not in shown
    assert "成员" not in shown


def test_lists_become_tuples() -> None:
    """Members handed in as a list can not be added to later."""
    members = [Person("a")]
    application = Application(name="n", unit="u", lead=Person("l"), members=members)
    members.append(Person("b"))

    assert (Person("a"),) == application.members


def test_read_only() -> None:
    """A read-only mapping is one like others, equal to a dictionary with the same items."""
    made = ReadOnly({"a": 1})

    assert {"a": 1} == made
    assert (1, ["a"], 1) == (made["a"], [*made], len(made))
    assert ReadOnly({"a": 1}) == made != {"a": 2}
    assert "{'a': 1}" == repr(made)


def test_a_guard_concerns_all_actions_or_some() -> None:
    """No actions named means all of them."""
    everything = Guard(id="g", check=lambda _: [])
    some = Guard(id="g", check=lambda _: [], actions=frozenset({"approve"}))

    assert (True, True, False) == (
        everything.concerns("plaque"),
        some.concerns("approve"),
        some.concerns("plaque"),
    )


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"lead": {"id": "x"}}, ("lead", "wrong_type")),
        ({"members": ("x",)}, ("members/0", "wrong_type")),
        ({"name": None}, ("name", "wrong_type")),
        ({"level": 3}, ("level", "wrong_type")),
        ({"unit": " "}, ("unit", "empty_text")),
        ({"unit": "样例学校 "}, ("unit", "padded_id")),
    ],
)
def test_an_application_of_the_wrong_parts(
    changes: dict[str, Any], problem: tuple[str, str]
) -> None:
    """What is no person, no text, or no unit to compare is refused under its name."""
    with pytest.raises(InputError) as refused:
        evolve(APPLICATION, **changes)

    assert [problem] == [(found.path, found.code) for found in refused.value.problems]


def test_an_override_of_the_wrong_parts() -> None:
    """A reason is text, and whoever sets aside is an actor."""
    parts: dict[str, Any] = {"reason": None, "by": "p:r@u"}
    with pytest.raises(InputError) as refused:
        Override(**parts)

    assert ["reason", "by"] == [problem.path for problem in refused.value.problems]
