"""Random attempts by random people keep what the procedure promises."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.people import Actor
from studioflow.policy import UNDECLARED
from studioflow.studio import Studio
from studioflow.verdict import Denied
from tests.lifecycle.conftest import DAYS, EVALUATION, ROLE, SITE, STATES, WAY, World

GRADES = ("passed", "outstanding", "not_passed")
EVERY_ROLE = frozenset(ROLE.values())
SOMEBODY = Actor("p-07", unit="局机关党委", roles=EVERY_ROLE)
site = {f"site_{item}": True for item in SITE}
# What may be otherwise than the step needs it; several at a time.
flaws = st.one_of(
    st.builds(
        lambda by: {"by": by},
        st.builds(
            Actor,
            st.sampled_from(["p-07", "p-08", "lead-a", "member-2"]),
            unit=st.sampled_from(["局机关党委", "样例学校"]),
            roles=st.frozensets(st.sampled_from(sorted(EVERY_ROLE))),
        ),
    ),
    st.sampled_from(WAY).map(lambda action: {"action": action}),
    st.dates(date(2023, 1, 1), date(2025, 6, 1)).map(lambda day: {"on": day}),
    st.sampled_from([0, None]).map(lambda places: {"places_left": places}),
    st.sampled_from([None, *GRADES]).map(lambda decision: {"decision": decision}),
    st.sampled_from(
        [
            {},
            {"members": 6, **site},
            {"members": 7, **site, "site_flag": False},
            EVALUATION,
            {**EVALUATION, "mentoring": False, "home_visits": False},
            {name: value for name, value in EVALUATION.items() if name != "funds_mark"},
        ]
    ).map(lambda facts: {"facts": facts}),
)
attempts = st.one_of(st.just([]), st.lists(flaws, max_size=2))


@settings(max_examples=80, deadline=None)
@given(st.lists(attempts, min_size=6, max_size=16))
def test_walks(world: World, walk: list[list[dict[str, Any]]]) -> None:
    """A studio is where its events say, and got there by every condition on the way."""
    studio = Studio(id="s-01")
    for found in walk:
        flawed = {key: value for flaw in found for key, value in flaw.items()}
        # Left open, it is the step that comes next on the way.
        following = dict(zip(STATES, WAY, strict=False)).get(studio.state, "commend")
        action = flawed.pop("action", following)
        ask: dict[str, Any] = {"by": SOMEBODY, "on": DAYS[action], **world.papers(action), **flawed}
        verdict = world.lifecycle.can(action, studio, **ask)
        step = None
        try:
            step = world.lifecycle.act(action, studio, **ask)
        except Denied as denied:
            answer = denied.verdict
        else:
            answer = step.verdict
        assert answer == verdict
        assert answer.allowed is (step is not None)
        if step is None:
            continue
        assert len(studio.history) + 1 == len(step.studio.history)
        assert step.studio == studio.after(step.event)
        studio = step.studio

    assert studio.state in {UNDECLARED, *world.policy.procedure.states}
    assert studio == Studio.from_events("s-01", studio.history)
    _keeps_its_promises(studio)


def _keeps_its_promises(studio: Studio) -> None:
    actions = [event.action for event in studio.history]
    # Each state is reached once, in the policy's order.
    assert [*WAY[: len(actions)]] == actions
    by = {event.action: event for event in studio.history}
    if "plaque" in by:
        # Facts of every step before count as well.
        brought: dict[str, object] = {}
        for event in studio.history[: actions.index("plaque") + 1]:
            brought |= event.facts
        assert all(brought.get(f"site_{item}") is True for item in SITE)
        assert brought.get("members") == 7
    if "evaluate" in by:
        assert by["evaluate"].sheet is not None
        assert () == by["evaluate"].sheet.open
        assert "passed" != by["evaluate"].decision or by["evaluate"].sheet.eligible
    if "commend" in by:
        assert by["evaluate"].decision in {"passed", "outstanding"}
        assert studio.sheet is not None
        assert studio.sheet.eligible
        assert "outstanding" == studio.decision
    for event in studio.history:
        if event.action not in {"declare", "operate"}:
            assert event.by.id in {"p-07", "p-08"}
            assert "样例学校" != event.by.unit
