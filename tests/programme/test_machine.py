"""Thousands of steps, right ones and wrong ones, and what never happens whatever is tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from attrs import evolve
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from studioflow.errors import InputError
from studioflow.host import Host, load_policy
from studioflow.people import Actor
from studioflow.policy import UNDECLARED
from studioflow.programme import Programme
from studioflow.register import MemoryRegister
from studioflow.studio import Event, Studio
from studioflow.verdict import Denied
from tests.lifecycle.conftest import DAYS, EVALUATION, SITE
from tests.programme.reference import (
    ASSESSORS,
    COMMITTEE,
    COUNTY,
    LEAD,
    OFFICE,
    SCHOOL,
    Clock,
    activity,
    application,
    everything,
    inspection,
    mark,
    roster,
    school,
)

PLACES = 2
_POLICY = load_policy("yongjia-2023").vary({"quota/places": PLACES})
_EVERYBODY = (SCHOOL, LEAD, COMMITTEE, COUNTY, OFFICE, *ASSESSORS)
_OWN = Actor("lead-a", unit="elsewhere", roles=frozenset(_POLICY.roles))
_NEXT = {
    "undeclared": "declare",
    "declared": "approve",
    "approved": "plaque",
    "plaqued": "operate",
    "operating": "evaluate",
    "evaluated": "commend",
    "commended": "reward",
    "returned": "declare",
}
_studios = st.sampled_from(["s-01", "s-02", "s-03", "s-04"])


class ProgrammeMachine(RuleBasedStateMachine):
    """Two programmes over one register, with a clock that goes where it wants."""

    def __init__(self) -> None:
        super().__init__()
        self.register, self.clock = MemoryRegister(), Clock()
        self.programmes = [
            Programme.open(_POLICY, register=self.register, host=Host(()), clock=self.clock)
            for _ in range(2)
        ]
        self.turn = 0
        self.values: dict[str, list[Studio]] = {}
        self.touched = ""

    def attempt(self, act: Callable[[Programme], Studio], key: str | None = None) -> None:
        """Act: one event more, or nothing at all; a key that was used brings what it brought."""
        before, held = everything(self.register), self.held()
        self.turn += 1
        try:
            studio = act(self.programmes[self.turn % 2])
        except (Denied, InputError):
            assert (before, held) == (everything(self.register), self.held())
            return
        after = everything(self.register)
        if before == after:
            assert key is not None
            assert (key, held) == (studio.history[-1].key, self.held())
            assert studio == self.values[studio.id][studio.version - 1]
            return
        assert (*before.get(studio.id, ()), studio.history[-1]) == after.pop(studio.id)
        before.pop(studio.id, None)
        assert before == after
        self.values.setdefault(studio.id, []).append(studio)
        self.touched = studio.id

    def held(self) -> tuple[object, object]:
        """Return who holds each slot, be it a place, a reward or evidence, and every key."""
        lines = list(self.register.lines())
        return (
            [line.fields for line in lines if line.kind == "holder"],
            [line.fields["key"] for line in lines if line.fields.get("key")],
        )

    def state(self, name: str) -> str:
        """Return the state of a studio."""
        events = self.register.events(name)
        return events[-1].dest if events else UNDECLARED

    @initialize(steps=st.lists(st.integers(0, 7), min_size=3, max_size=3))
    def begin(self, steps: list[int]) -> None:
        """Begin with some studios on their way."""
        for number, count in enumerate(steps, 1):
            for _ in range(count):
                self.well(f"s-{number:02}")

    @rule(name=_studios)
    def well(self, name: str) -> None:
        """Take the next step of the way, with everything that it takes."""
        self.forward(name, papers=True, site=True, passed=True)

    @rule(name=_studios, papers=st.booleans(), site=st.booleans(), passed=st.booleans())
    def badly(self, name: str, *, papers: bool, site: bool, passed: bool) -> None:
        """Take the next step of the way, with papers that may be wrong."""
        self.forward(name, papers=papers, site=site, passed=passed)

    def forward(self, name: str, *, papers: bool, site: bool, passed: bool) -> None:
        """Take the next step of the way, by the right person."""
        action = _NEXT.get(self.state(name), "approve")
        self.clock.on(DAYS[action])
        number = int(name[-1])
        facts = {n: v for n, v in EVALUATION.items() if n != "members"} if papers else {}
        decision = "passed" if passed else "not_passed"
        steps: dict[str, Callable[[Programme], Studio]] = {
            "declare": lambda p: p.declare(
                application(number),
                name,
                by=school(number),
                records=roster("member", 7) if self.state(name) == UNDECLARED and papers else {},
            ),
            "approve": lambda p: p.approve(name, by=COMMITTEE),
            "plaque": lambda p: p.plaque(
                name, by=COUNTY, inspection=inspection(flag=site) if papers else None
            ),
            "operate": lambda p: p.operate(name, by=school(number)),
            "evaluate": lambda p: p.evaluate(name, by=COMMITTEE, decision=decision, facts=facts),
            "commend": lambda p: p.commend(
                name, by=COMMITTEE, decision="outstanding" if papers else None
            ),
            "reward": lambda p: p.reward(name, by=COUNTY),
        }
        self.attempt(steps[action])

    @rule(
        name=_studios,
        action=st.sampled_from([*_POLICY.procedure.transitions]),
        by=st.sampled_from((*_EVERYBODY, _OWN)),
        remark=st.sampled_from([None, "经研究决定"]),
    )
    def anything(self, name: str, action: str, by: Actor, remark: str | None) -> None:
        """Try any action by anybody, with a remark or without."""
        more: dict[str, Any] = {} if remark is None else {"remark": remark}
        self.attempt(lambda p: p.act(action, name, by=by, **more))

    @rule(name=_studios, reason=st.sampled_from(["", "经研究同意"]))
    def one_more(self, name: str, reason: str) -> None:
        """Approve past the quota, with a reason or without."""
        overrides = {"quota": {"reason": reason}}
        self.attempt(lambda p: p.approve(name, by=COMMITTEE, overrides=overrides))

    @rule(name=_studios)
    def back(self, name: str) -> None:
        """Return an application."""
        self.attempt(lambda p: p.return_for_completion(name, ["缺方案"], by=COMMITTEE))

    @rule(
        name=_studios,
        on=st.dates(date(2023, 3, 1), date(2023, 7, 1)),
        theme=st.integers(1, 3),
        own=st.booleans(),
        key=st.sampled_from([None, "k-1", "k-2"]),
    )
    def record(self, name: str, on: date, theme: int, *, own: bool, key: str | None) -> None:
        """Record an activity, of any day, by the studio's own school or by the committee."""
        by = school(int(name[-1])) if own else COMMITTEE
        given: dict[str, Any] = {} if key is None else {"key": key}
        records = {"activity": [activity(theme, on)]}
        self.attempt(lambda p: p.record(name, records, by=by, **given), key)

    @rule(name=_studios, data=st.data())
    def correct(self, name: str, data: st.DataObject) -> None:
        """Strike a record, or a mark."""
        studio = Studio.from_events(name, self.register.events(name))
        ids = [*studio.records, *(f"{m.criterion}/{m.by}" for m in studio.marks), "activity-99"]
        gone = data.draw(st.sampled_from(ids))
        by = data.draw(st.sampled_from(_EVERYBODY))
        self.attempt(lambda p: p.correct(name, by=by, strike=[gone], remark="有误"))

    @rule(
        name=_studios,
        by=st.sampled_from(ASSESSORS),
        item=st.sampled_from(["5.1.1", "5.2.1", "5.3.2"]),
        points=st.integers(0, 10),
    )
    def marked(self, name: str, by: Actor, item: str, points: int) -> None:
        """Mark an item."""
        self.attempt(lambda p: p.mark(name, [mark(item, points, by)], by=by))

    @rule(name=_studios, flag=st.booleans())
    def inspected(self, name: str, *, flag: bool) -> None:
        """Inspect the site."""
        self.attempt(lambda p: p.inspect(name, inspection(flag=flag), by=COUNTY))

    @rule(hours=st.integers(-200, 2000))
    def time_goes(self, hours: int) -> None:
        """Let the clock go on, or run back."""
        self.clock.later(hours=hours)

    # What always holds.

    def each(self, action: str) -> list[tuple[tuple[Event, ...], Event]]:
        """Return each event of an action, with those before it."""
        return [
            (events[:place], event)
            for events in everything(self.register).values()
            for place, event in enumerate(events)
            if event.action == action
        ]

    @invariant()
    def commended_after_a_pass(self) -> None:
        """A commended studio was evaluated, met every gate, and passed."""
        for before, _ in self.each("commend"):
            (evaluated,) = [event for event in before if event.action == "evaluate"]
            assert evaluated.sheet is not None
            assert (True, "passed") == (evaluated.sheet.eligible, evaluated.decision)

    @invariant()
    def plaque_after_a_site_check(self) -> None:
        """A studio with a plaque had all six haves when it got it."""
        for before, event in self.each("plaque"):
            facts = {name: v for each in (*before, event) for name, v in each.facts.items()}
            assert {True} == {facts[f"site_{item}"] for item in SITE}

    @invariant()
    def never_over_quota(self) -> None:
        """No more places are held than there are, but for those with a reason."""
        with_reason = [e for _, e in self.each("approve") if "quota" in e.overrides]
        assert all(event.overrides["quota"].reason.strip() for event in with_reason)
        assert len(self.register.holders("place")) <= PLACES + len(with_reason)
        inside = {"approved", "plaqued", "operating", "evaluated", "commended"}
        holding = {name for name in self.register.studios() if self.state(name) in inside}
        assert holding == {*self.register.holders("place")}

    @invariant()
    def one_reward(self) -> None:
        """A studio is rewarded once, after a pass, with the amount of the policy."""
        rewarded = [event.studio for _, event in self.each("reward")]
        assert len(rewarded) == len({*rewarded})
        assert all(event.reward == 10_000 for _, event in self.each("reward"))
        assert all("passed" in {e.decision for e in before} for before, _ in self.each("reward"))

    @invariant()
    def time_never_decreases(self) -> None:
        """Each event was written down no earlier than the one before it."""
        for events in everything(self.register).values():
            moments = [event.recorded for event in events]
            assert all(a <= b for a, b in pairwise(moments) if a is not None and b is not None)

    @invariant()
    def studios_are_their_replay(self) -> None:
        """Both programmes have each studio as its events make it."""
        for name, events in everything(self.register).items():
            replayed = Studio.from_events(name, events)
            assert all(replayed == programme.studio(name) for programme in self.programmes)

    @invariant()
    def prefixes_are_what_was_returned(self) -> None:
        """Each action returned what the events up to it make, personal parts or no."""
        # Of the studio that moved; the events of the others are the same as before.
        full = bare = Studio(id=self.touched)
        for event, value in zip(
            self.register.events(self.touched), self.values.get(self.touched, ()), strict=True
        ):
            full, bare = full.after(event), bare.after(event.separated()[0])
            assert full == value
            assert _without_names(full) == _without_names(bare)


def _without_names(studio: Studio) -> tuple[object, ...]:
    """Return everything of a studio that is not personal."""
    records = {name: evolve(record, personal={}) for name, record in studio.records.items()}
    said = (studio.state, studio.version, studio.unit, studio.people(), studio.decision)
    return (*said, records, studio.facts, studio.marks, studio.sheet, studio.scored_on)


def test_some_steps() -> None:
    """A few hundred steps keep every invariant."""
    run_state_machine_as_test(
        ProgrammeMachine,
        settings=settings(max_examples=12, stateful_step_count=50, deadline=None),
    )


@pytest.mark.slow
def test_thousands_of_steps() -> None:
    """So do thousands."""
    run_state_machine_as_test(
        ProgrammeMachine,
        settings=settings(max_examples=100, stateful_step_count=100, deadline=None),
    )
