"""Every step of both policies is taken by a generated path, on a real programme."""

from __future__ import annotations

from datetime import date
from pathlib import Path as FilePath

import pytest

from studioflow.cases.cast import actor
from studioflow.host import Host, load_policy
from studioflow.policy import UNDECLARED, Policy
from studioflow.programme import Programme
from studioflow.register import MemoryRegister
from studioflow.studio import Studio
from studioflow.testing import Driver, FakeClock, Path, paths
from studioflow.testing.choices import choosing
from studioflow.testing.stage import Brought, Stage
from studioflow.verdict import Denied

POLICIES = {name: load_policy(name) for name in ("yongjia-2023", "teacher-points")}
DRIVERS = {name: Driver(policy, Host(())) for name, policy in POLICIES.items()}
FILES = sorted((FilePath(__file__).parents[1] / "lifecycle" / "facts").glob("*.toml"))
PATHS = [(name, path) for name, policy in POLICIES.items() for path in paths(policy)]


@pytest.mark.parametrize(("name", "path"), PATHS, ids=lambda each: str(each).replace(" ", ""))
def test_every_path_is_taken(name: str, path: Path) -> None:
    """A studio goes the whole path, and takes each of its steps from the state that it says."""
    drive = DRIVERS[name].drive(path)

    taken = [(event.source, event.action) for event in drive.studio.history]
    assert [] == [edge for edge in path.edges if edge not in taken]
    assert path.actions[-1] == drive.steps[-1].action


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_lifecycles_of_other_shapes(file: FilePath) -> None:
    """The driver finds its way through every kind of lifecycle that a policy file can say."""
    policy = load_policy(file)
    driver = Driver(policy, Host(()))

    ends = [driver.drive(path).steps[-1].action for path in paths(policy)]
    assert [path.actions[-1] for path in paths(policy)] == ends


@pytest.mark.parametrize("name", POLICIES)
def test_paths_cover_every_step(name: str) -> None:
    """The paths together take every step from every state that it starts from, shortest first."""
    found = paths(POLICIES[name])
    steps = POLICIES[name].procedure.transitions

    every = {(state, action) for action, step in steps.items() for state in step.sources}
    assert every == {edge for path in found for edge in path.edges}
    assert sorted(map(len, (path.actions for path in found))) == [len(p.actions) for p in found]
    assert {UNDECLARED} == {path.states[0] for path in found}


def test_what_was_done_can_be_done_again() -> None:
    """The steps of a drive take another programme to the same studio."""
    drive = DRIVERS["yongjia-2023"].drive(["declare", "approve", "plaque", "operate", "evaluate"])
    clock = FakeClock(drive.steps[0].on)
    programme = Programme.open(
        POLICIES["yongjia-2023"], register=MemoryRegister(), host=Host(()), clock=clock
    )

    for step in drive.steps:
        clock.set(step.on)
        programme.act(step.action, "s-01", by=step.by, on=step.on, **step.given)

    assert drive.studio == programme.studio("s-01")


def test_what_can_not_be_done_is_explained() -> None:
    """Where there is no way, the driver says what stands against the step."""
    with pytest.raises(Denied) as denied:
        DRIVERS["yongjia-2023"].drive(["declare", "evaluate"])

    assert ["wrong_state"] == [r.code for r in denied.value.reasons if r.code == "wrong_state"]


def states_of(policy: Policy) -> list[str]:
    """Return every state that there is a way to."""
    return sorted({state for path in paths(policy) for state in path.states} - {UNDECLARED})


@pytest.mark.parametrize(
    ("name", "state"),
    [(name, state) for name, each in POLICIES.items() for state in states_of(each)],
)
def test_every_action_by_every_role_is_allowed_or_explained(name: str, state: str) -> None:
    """Whoever tries what in which state is let through, or gets reasons in both languages."""
    policy, driver = POLICIES[name], DRIVERS[name]
    way = next(p.actions[: p.states.index(state)] for p in paths(policy) if state in p.states)
    drive = driver.drive(way)
    stage = Stage(drive.programme, drive.clock, driver.full)

    for role in policy.roles:
        for action in policy.procedure.transitions:
            asked = stage.asked(action, Brought(role=role))
            bare = drive.programme.can(action, "s-01", by=actor(policy, role, "s-01"))
            for verdict in [bare, *([asked.verdict] if asked else [])]:
                said = [reason.explain(each) for reason in verdict.reasons for each in ("zh", "en")]
                assert verdict.allowed is (not said)
                assert [] == [text for text in said if "{" in text or not text.strip()]


def test_choices_differ_little_first() -> None:
    """The first run takes the first of everything, the next ones differ in one place each."""
    runs = [(choices.pick("ab"), choices.pick("xyz")) for choices in choosing(6)]

    assert [("a", "x"), ("a", "y"), ("a", "z"), ("b", "x"), ("b", "y"), ("b", "z")] == runs


def test_the_clock_goes_where_it_is_set() -> None:
    """A clock stands still until it is set or advanced, and wants to know the zone of a moment."""
    clock = FakeClock(date(2024, 2, 28))
    clock.advance(days=2, hours=-1, minutes=30)

    assert (date(2024, 3, 1), 8, 30) == (clock.today, clock().hour, clock().minute)
    clock.set(date(2024, 1, 1))
    assert date(2024, 1, 1) == clock.today
    with pytest.raises(TypeError, match="time zone"):
        clock.set(clock().replace(tzinfo=None))


def test_a_driven_studio_is_real() -> None:
    """What the driver leaves is a programme whose register holds the studio."""
    drive = DRIVERS["teacher-points"].drive(["declare", "approve"])

    events = drive.programme.register.events(drive.studio.id)
    assert drive.studio == Studio.from_events(drive.studio.id, events)
