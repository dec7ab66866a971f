"""Faults and abuses that a programme survives, by their numbers in the list of faults."""

from __future__ import annotations

import json
import logging
import tomllib
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import read_batch, read_case_file
from studioflow.register import Slot, SlotTaken
from studioflow.studio import Event, Studio, Subscriber
from studioflow.verdict import Denied
from tests.lifecycle.conftest import EVALUATION
from tests.programme.conftest import Folder
from tests.programme.reference import (
    COMMITTEE,
    COUNTY,
    FULL_FORM,
    LEAD,
    SCHOOL,
    World,
    activity,
    application,
    codes,
    everything,
    mark,
    school,
)

MAY = date(2023, 5, 4)
PERSONAL = ("领衔人1", "成员0", "电话甲", "学员甲3", "领衔人甲")


@pytest.fixture
def operating(world: World) -> World:
    """A programme with one operating studio, in September."""
    world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    return world


def test_fault_9_clocks_differ_or_run_backwards(world: World) -> None:
    """Order is by version, recorded time never decreases, and the claimed day is kept apart."""
    studio = world.studio("declared")
    other = world.opened()
    world.clock.on(date(2023, 4, 14))
    world.programme.approve(studio, by=COMMITTEE)
    world.clock.on(date(2023, 4, 10))  # the other machine's clock is behind
    studio = other.record(studio, {"beneficiary": [{"group": "山区学校"}]}, by=SCHOOL)

    moments = [event.recorded for event in studio.history]
    assert sorted(moments, key=str) == moments
    assert ["declare", "approve", "record"] == [event.action for event in studio.history]
    assert [date(2023, 3, 22), date(2023, 4, 14), date(2023, 4, 10)] == [
        event.on for event in studio.history
    ]


def test_fault_10_backdated_future_and_out_of_period_evidence(reference: Policy) -> None:
    """Future evidence is refused, that of another time recorded and not counted, late flagged."""
    world = World(reference.vary({"records/activity/due_days": 30}))
    world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    tomorrow = {"activity": [activity(1, date(2023, 9, 2))]}
    with pytest.raises(Denied) as caught:
        world.programme.record("s-01", tomorrow, by=LEAD)
    assert ["future_record"] == codes(caught.value.reasons)

    early, late = activity(2, date(2023, 1, 2)), activity(3, date(2023, 6, 30))
    given = {"activity": [early, late, activity(4, date(2023, 8, 30))]}
    verdict = world.programme.can("record", "s-01", by=LEAD, records=given)
    assert {"late_record"} == {*codes(verdict.warnings)}
    studio = world.programme.record("s-01", given, by=LEAD)
    measured = world.programme.score(studio).measured["activities"]
    assert (2, ("activity-2",)) == (measured.value, measured.late)
    (left_out,) = measured.left_out
    assert ("activity-1", ["record_outside_window"]) == (left_out.record, codes(left_out.reasons))


def test_fault_10_late_evidence_that_the_policy_does_not_count(reference: Policy) -> None:
    """Where the policy says so, late evidence is left out, with the reason."""
    changes = {"records/activity/due_days": 30, "measures/activities/late": "left_out"}
    world = World(reference.vary(changes))
    world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    world.programme.record("s-01", {"activity": [activity(1, MAY)]}, by=LEAD)
    measured = world.programme.score("s-01").measured["activities"]

    assert (0, ["record_came_late"]) == (measured.value, codes(measured.left_out[0].reasons))


def test_fault_11_the_same_evidence_twice(operating: World) -> None:
    """In one studio it is refused; in another it is flagged, and recorded."""
    operating.studio("operating", 2)
    operating.clock.on(date(2023, 9, 1))
    records = {"activity": [activity(1, MAY)]}
    operating.programme.record("s-01", records, by=LEAD)
    with pytest.raises(Denied) as caught:
        operating.programme.record("s-01", records, by=LEAD)
    assert ["doubled_record"] == codes(caught.value.reasons)

    verdict = operating.programme.can("record", "s-02", by=school(2), records=records)
    (warning,) = verdict.warnings
    assert ("same_elsewhere", ("s-01",)) == (warning.code, warning.parameters["studios"])
    assert verdict.allowed


def test_fault_11_the_same_evidence_that_was_struck(operating: World) -> None:
    """What was struck is held against nobody."""
    operating.studio("operating", 2)
    operating.clock.on(date(2023, 9, 1))
    records = {"activity": [activity(1, MAY)]}
    operating.programme.record("s-01", records, by=LEAD)
    operating.programme.correct("s-01", by=LEAD, strike=["activity-1"], remark="填错工作室")

    assert () == operating.programme.can("record", "s-02", by=school(2), records=records).warnings


OWN = [
    Actor("lead-a", unit="elsewhere", roles={"bureau_committee", "assessor", "county_bureau"}),
    Actor("m-1-3", unit="elsewhere", roles={"bureau_committee", "assessor", "county_bureau"}),
    Actor("p-88", unit="样例学校", roles={"bureau_committee", "assessor", "county_bureau"}),
]


@pytest.mark.parametrize("own", OWN)
def test_fault_13_self_approval_and_scoring_ones_own(world: World, own: Actor) -> None:
    """By person and by unit, in whatever role: nobody approves, marks or rewards their own."""
    expected = "own_unit" if own.id == "p-88" else "own_studio"
    for state, attempts in {
        "declared": ["approve", "return_for_completion", "refuse"],
        "operating": ["revoke", "inspect", "mark", "evaluate"],
        "evaluated": ["commend", "reward"],
    }.items():
        studio = world.studio(state)
        verdicts = world.programme.available(studio, by=own)
        assert all(expected in codes(verdicts[name].reasons) for name in attempts)
        # Whoever hands the mark in, and under whichever name.
        world.programme = world.opened()
        if state == "operating":
            given = [mark("5.1.1", 9, Actor(own.id, unit=own.unit, roles={"assessor"}))]
            with pytest.raises(Denied) as caught:
                world.programme.mark(studio, given, by=COMMITTEE)
            assert [f"marked_{expected}"] == codes(caught.value.reasons)
        world = World(world.policy)


def test_fault_14_the_reward_is_paid_once(world: World) -> None:
    """A second reward is denied, by another programme as well; the amount is exact."""
    studio = world.studio("evaluated")
    world.clock.on(date(2024, 12, 20))
    assert Fraction(10000) == world.programme.reward(studio, by=COUNTY).history[-1].reward
    for programme in (world.programme, world.opened()):
        with pytest.raises(Denied) as caught:
            programme.reward(studio, by=COUNTY)
        assert ["already_done"] == codes(caught.value.reasons)

    rewards = [event.reward for event in world.register.events("s-01") if event.reward]
    assert [Fraction(10000)] == rewards


def test_fault_14_a_reward_behind_the_programmes_back(world: World) -> None:
    """The register itself holds one reward for a studio: a second event is not kept."""
    studio = world.studio("evaluated")
    world.clock.on(date(2024, 12, 20))
    event = world.programme.reward(studio, by=COUNTY).history[-1]
    name = f"reward:reward:{studio.id}"

    assert (studio.id,) == world.register.holders(name)
    with pytest.raises(SlotTaken):
        world.register.append(event, expected=studio.version + 1, take=[Slot(name, 1)])


def test_fault_14_no_reward_without_a_pass(world: World) -> None:
    """Neither before the evaluation nor after a failed one."""
    studio = world.studio("operating")
    world.clock.on(date(2024, 11, 20))
    before = world.programme.can("reward", studio, by=COUNTY)
    facts = {name: value for name, value in EVALUATION.items() if name != "members"}
    world.programme.evaluate(studio, by=COMMITTEE, decision="not_passed", facts=facts)
    after = world.programme.can("reward", studio, by=COUNTY)

    assert "wrong_state" in codes(before.reasons)
    assert ["passed"] == codes(after.reasons)


def test_fault_33_personal_data_in_logs_and_exceptions(
    reference: Policy, caplog: pytest.LogCaptureFixture
) -> None:
    """Ids only: no name and no telephone in any `repr`, denial, problem, log or notification."""
    told: list[str] = []

    class Tells:
        @hookimpl
        def studioflow_subscribers(self) -> list[Subscriber]:
            def notify(event: Event) -> None:
                told.append(repr(event) + repr([dict(r.data) for r in event.records]))
                raise RuntimeError(repr(event))

            return [Subscriber(id="log", notify=notify)]

    world = World(reference, host=Host([Tells()]))
    person = {"person": {"id": "t-3", "name": "学员甲3"}, "joined": date(2023, 3, 21)}
    said: list[object] = []
    with caplog.at_level(logging.DEBUG):
        studio = world.programme.declare(
            application(),
            by=SCHOOL,
            records={"application_form": [FULL_FORM], "trainee": [person]},
        )
        attempts: list[Callable[[], Studio]] = [
            lambda: world.programme.record(
                studio, {"trainee": [{**person, "contact": "电话甲", "joined": 7}]}, by=LEAD
            ),
            lambda: world.programme.record(studio, {"application_form": [FULL_FORM]}, by=LEAD),
            lambda: world.programme.record(
                studio, {"trainee": [{**person, "contact": 5, "subject": ["电话甲"]}]}, by=LEAD
            ),
        ]
        for attempt in attempts:
            with pytest.raises((Denied, InputError)) as caught:
                attempt()
            assert isinstance(caught.value, Denied | InputError)
            said += [str(caught.value), repr(caught.value), caught.value.explain("zh")]
    said += [repr(studio), repr(studio.history), repr(studio.records), repr(world.programme)]
    said += [repr(world.programme.undelivered), world.programme.progress(studio).explain("zh")]

    everywhere = "\n".join(map(str, [*said, *told, caplog.text]))
    assert [] == [word for word in PERSONAL if word in everywhere]
    assert "t-3" in repr(studio.records["trainee-1"].data)


# What is wrong in a file, at each place where a name can stand; the name is 张三丰, or 13800000000.
PERSON = 'id = "a", name = "张三丰"'
CORE = 'name = "n"\nunit = "u"\n'
IN_CASES = [
    f'[application]\n{CORE}lead = "张三丰"',
    f'[application]\n{CORE}lead = {{ id = "a", name = "张三丰\u200b" }}',
    f'[application]\n{CORE}lead = {{ id = "a", name = "张三丰\\u200B" }}',
    f'[application]\n{CORE}lead = {{ id = "a", name = ["张三丰"] }}',
    f'[application]\n{CORE}lead = {{ id = {{ name = "张三丰" }} }}',
    f'[application]\n{CORE}lead = {{ "张三丰" = {{ phone = 1 }} }}',
    f'[application]\n{CORE}lead = {{ id = "a", "张三丰" = 1 }}',
    f'[application]\n{CORE}lead = {{ id = "a", 13800000000 = 1 }}',
    f'[application]\n{CORE}lead = {{ id = "a", "张三丰" = 1, "张三丰" = 2 }}',
    f'[application]\n{CORE}lead = {{ id = "a", "张三丰\u200b" = 1 }}',
    f'[application]\n{CORE}lead = {{ id = "a", name = 13800000000138000000001380 }}',
    f'[application]\n{CORE}lead = {{ id = "a" }}\nmembers = "张三丰"',
    f'[application]\n{CORE}lead = {{ id = "a" }}\nmembers = ["张三丰"]',
    f'[application]\n{CORE}lead = {{ id = "a" }}\nmembers = [{{ {PERSON}, "张三丰" = 1 }}]',
    f'[application]\n{CORE}lead = {{ id = "a" }}\n"张三丰" = 1',
    f'[application]\nname = {{ {PERSON} }}\nunit = ["张三丰"]\nlead = {{ id = "a" }}',
    'application = "张三丰"',
    'application = ["张三丰"]',
    'records = "张三丰"',
    'records = ["张三丰"]',
    '[records]\nmember = "张三丰"',
    f"[records]\nmember = {{ {PERSON} }}",
    '[records]\nmember = ["张三丰"]',
    f"[records]\nmember = [[{{ {PERSON} }}]]",
    f"[[records.member]]\nid = {{ {PERSON} }}",
    '[[records.member]]\nperson = "张三丰"\njoined = 2023-03-21',
    '[[records.member]]\n"张三丰" = 1',
    '[[records.member]]\nperson = { id = "a" }\njoined = ["张三丰"]',
    f"studio = {{ {PERSON} }}",
    f"schema = {{ {PERSON} }}",
    "张三丰",
]
STUDIOS = "[studios.one]\nname = 'n'\nunit = 'u'\n"
IN_BATCHES = [
    f"[actors.clerk]\n{CORE}{key} = {value}\n"
    for key, value in [("id", "1"), ("roles", '"张三丰"'), ('"张三丰"', "1")]
] + [
    '[actors]\nclerk = "张三丰"',
    f"[actors]\nclerk = [{{ {PERSON} }}]",
    'actors = "张三丰"',
    f"actors = [{{ {PERSON} }}]",
    '[actors.clerk]\nname = ["张三丰"]',
    '[actors.clerk]\nname = "张三丰\u200b"',
    '[actors.clerk]\n"张三丰\u200b" = 1',
    'studios = "张三丰"',
    '[studios]\none = "张三丰"',
    f'{STUDIOS}lead = "张三丰"',
    f'{STUDIOS}lead = {{ id = "a", "张三丰" = 1 }}',
    f'{STUDIOS}lead = {{ id = {{ name = "张三丰" }} }}',
    f'{STUDIOS}members = ["张三丰"]',
    f'{STUDIOS}members = "张三丰"',
    f'{STUDIOS}"张三丰" = 1',
    f"[[steps]]\nby = {{ {PERSON} }}",
]


@pytest.mark.parametrize("json_document", [False, True])
@pytest.mark.parametrize("text", IN_CASES)
def test_fault_33_personal_data_in_case_files(
    reference: Policy, tmp_path: Path, text: str, *, json_document: bool
) -> None:
    """Whatever is wrong with a case file, no name in it is told, and its place is."""
    text = text if "schema =" in text else f'schema = "studioflow.case/1"\n{text}'
    path = tmp_path / "case.toml"
    if json_document:
        try:
            path, text = tmp_path / "case.json", json.dumps(tomllib.loads(text), default=str)
        except ValueError:
            path = tmp_path / "case.json"  # JSON it is none, either
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_case_file(path, reference)

    assert [] == _told(caught.value)


@pytest.mark.parametrize("text", IN_BATCHES)
def test_fault_33_personal_data_in_batches(folder: Folder, text: str) -> None:
    """Nor is any that stands in a batch file."""
    with pytest.raises(InputError) as caught:
        read_batch(folder(start=f'schema = "studioflow.batch/1"\n{text}'))

    assert [] == _told(caught.value)


@pytest.mark.parametrize(
    "more",
    [
        {"lead": "张三丰"},
        {"lead": {"id": {"name": "张三丰"}}},
        {"lead": {"id": "a", "张三丰": 1}},
        {"lead": {"张三丰": {"id": "a"}}},
        {"lead": {"id": "a", "name": "张三丰\u200b"}},
        {"members": ("张三丰",)},
        {"members": {"张三丰": 1}},
        {"name": {"张三丰"}, "unit": ("张三丰",)},
        {"张三丰": 1},
    ],
)
def test_fault_33_personal_data_in_applications(world: World, more: dict[str, object]) -> None:
    """Nor is any of an application that is handed in by a program."""
    with pytest.raises(InputError) as caught:
        world.programme.declare({**application(), **more}, by=SCHOOL)

    assert [] == _told(caught.value)


def _told(error: BaseException | None) -> list[str]:
    """Return what is told of the name, by the error and by all that hang on it."""
    told: list[str] = []
    while error is not None:
        said = [str(error), repr(error)]
        if isinstance(error, InputError):
            said += [error.explain("zh"), *(repr(p.to_dict("zh")) for p in error.problems)]
        told += [line for line in said for name in ("张三丰", "1380000") if name in line]
        error = error.__context__
    return told


def test_fault_34_a_callback_raises_after_the_state_changed(world: World) -> None:
    """A callback on the machine that raises leaves the studio and the register untouched."""
    studio = world.studio("declared")
    before = everything(world.register)

    def fails(event: object) -> None:
        raise RuntimeError(type(event).__name__)

    machine = world.programme._lifecycle_of(studio).machine
    machine.after_state_change = [fails]
    world.clock.on(date(2023, 4, 14))
    with pytest.raises(RuntimeError):
        world.programme.approve(studio, by=COMMITTEE)
    assert before == everything(world.register)
    assert (studio, ()) == (world.programme.studio("s-01"), world.register.holders("place"))

    machine.after_state_change = []
    assert "approved" == world.programme.approve(studio, by=COMMITTEE).state
