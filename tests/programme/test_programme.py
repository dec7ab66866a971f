"""A programme takes studios from declaration to commendation, one event a step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.studio import Studio
from studioflow.verdict import Denied
from tests.lifecycle.conftest import EVALUATION
from tests.programme.reference import (
    COMMITTEE,
    COUNTY,
    FORM,
    LEAD,
    SCHOOL,
    WAY,
    World,
    activity,
    application,
    codes,
    everything,
    inspection,
    mark,
    roster,
    school,
)


def test_the_way_through(world: World) -> None:
    """Every typed action of the way brings its state, and writes one event."""
    studio = None
    for action in WAY:
        studio = world.step(action, studio)
        if action == "declare":
            world.programme.record(studio, roster("member", 7), by=SCHOOL)
    assert studio is not None

    actions = [event.action for event in world.register.events("s-01")]
    assert [*WAY] == [action for action in actions if action != "record"]
    assert ("commended", "passed", "outstanding") == (
        studio.state,
        studio.history[-2].decision,
        studio.history[-1].decision,
    )
    assert studio == world.programme.studio("s-01")


def test_actions_that_leave_the_state(world: World) -> None:
    """Recording, correcting, inspecting and marking leave a studio in its state."""
    studio, programme = world.studio("operating"), world.programme
    programme.record(studio, {"activity": [activity(1, date(2023, 5, 4))]}, by=LEAD)
    programme.correct(
        studio,
        {"activity": [activity(1, date(2023, 5, 5), id="activity-1")]},
        by=LEAD,
        remark="日期写错",
    )
    programme.inspect(studio, inspection(), by=COUNTY)
    after = programme.mark(studio, [mark("5.1.1", 9)], by=COMMITTEE)

    actions = [event.action for event in after.history[-4:]]
    assert ["record", "correct", "inspect", "mark"] == actions
    assert {"operating"} == {event.dest for event in after.history[-4:]}
    assert "2023-05-05" == after.records["activity-1"].data["on"]


def test_any_action_by_name(world: World) -> None:
    """`act` takes whatever action the policy has, by name."""
    studio = world.programme.act("declare", by=SCHOOL, application=application())

    assert "declared" == studio.state


def test_an_action_that_the_policy_does_not_have(world: World) -> None:
    """A misspelt action is bad input, with the nearest one."""
    studio = world.studio("declared")
    with pytest.raises(InputError) as caught:
        world.programme.act("aprove", studio, by=COMMITTEE)

    (problem,) = caught.value.problems
    assert ("unknown_name", "action", "approve") == (problem.code, problem.path, problem.nearest)


def test_a_misspelt_argument(world: World) -> None:
    """A keyword that no action takes is Python's own error, with the nearest one."""
    with pytest.raises(TypeError, match="did you mean 'remark'"):
        world.programme.act("declare", by=SCHOOL, remarks="…")  # type: ignore[call-arg] # on purpose


def test_what_the_programme_knows_itself(world: World) -> None:
    """Nobody hands in how many places are left, or what day it is."""
    for name in ("places_left", "today", "recorded", "elsewhere"):
        with pytest.raises(TypeError, match=name):
            world.programme.can("declare", by=SCHOOL, **{name: 1})  # type: ignore[arg-type] # on purpose


# Asking.


def test_can_says_what_act_would_do(world: World) -> None:
    """The verdict of `can` is that of `act`, and asking writes nothing."""
    studio = world.studio("declared")
    before = everything(world.register)
    verdict = world.programme.can("approve", studio, by=COUNTY)
    with pytest.raises(Denied) as caught:
        world.programme.approve(studio, by=COUNTY)

    assert verdict == caught.value.verdict
    assert before == everything(world.register)
    assert world.programme.can("approve", studio, by=COMMITTEE)


def test_can_before_there_is_a_studio(world: World) -> None:
    """A declaration can be asked about without a studio."""
    verdict = world.programme.can("declare", by=SCHOOL, application=application())

    assert verdict.allowed
    assert () == world.register.studios()


def test_available(world: World) -> None:
    """Every action of the policy is answered, as things stand."""
    studio = world.studio("declared")
    verdicts = world.programme.available(studio, by=COMMITTEE)

    assert [*world.policy.procedure.transitions] == [*verdicts]
    assert ["approve"] == [action for action, verdict in verdicts.items() if verdict]
    assert ["needed"] == codes(verdicts["return_for_completion"].reasons)


# Studios and their ids.


def test_ids_are_made(world: World) -> None:
    """A studio without an id gets the next one that is free."""
    first = world.programme.declare(application(1), by=SCHOOL)
    second = world.programme.declare(application(2), "s-03", by=school(2))
    third = world.programme.declare(application(3), by=school(3))

    assert ("s-01", "s-03", "s-04") == (first.id, second.id, third.id)
    assert (first, second, third) == world.programme.studios()


def test_a_studio_by_value_or_by_id(world: World) -> None:
    """Both mean the studio as the register has it now."""
    studio = world.studio("declared")

    assert studio == world.programme.studio("s-01") == world.programme.studio(studio)


def test_an_old_value_is_brought_up_to_date(world: World) -> None:
    """Who holds a studio of yesterday acts on that of today, and is told its state."""
    old = world.studio("declared")
    new = world.step("approve", old)

    assert new == world.programme.studio(old)
    with pytest.raises(Denied) as caught:
        world.programme.approve(old, by=COMMITTEE)
    assert "wrong_state" in codes(caught.value.reasons)
    assert "已审批" in caught.value.explain("zh")


def test_a_studio_that_nobody_declared(world: World) -> None:
    """Reading or moving an unknown studio is bad input, with the nearest id."""
    world.studio("declared")
    programme = world.programme
    asked: list[Callable[[str], object]] = [
        world.programme.studio,
        world.programme.score,
        world.programme.progress,
        lambda name: programme.available(name, by=COMMITTEE),
        lambda name: programme.approve(name, by=COMMITTEE),
        lambda name: programme.can("approve", name, by=COMMITTEE),
    ]
    for ask in asked:
        with pytest.raises(InputError) as caught:
            ask("s-10")
        (problem,) = caught.value.problems
        assert ("unknown_name", "s-01") == (problem.code, problem.nearest)


@pytest.mark.parametrize("name", ["", " s-02", "s-02\n", "s\u202e-02", 2])
def test_an_id_that_is_none(world: World, name: object) -> None:
    """An empty, padded, hidden or numeric id names no new studio."""
    with pytest.raises(InputError):
        world.programme.declare(application(), name, by=SCHOOL)  # type: ignore[arg-type] # on purpose

    assert () == world.register.studios()


# What comes with an action.


def test_a_denial_changes_nothing(world: World) -> None:
    """Neither the register nor the studio knows of it."""
    studio = world.studio("declared")
    before = everything(world.register)
    attempts: list[Callable[[], Studio]] = [
        lambda: world.programme.approve(studio, by=SCHOOL),
        lambda: world.programme.plaque(studio, by=COUNTY, inspection=inspection()),
        lambda: world.programme.record(studio, {}, by=SCHOOL),
    ]
    for attempt in attempts:
        with pytest.raises(Denied):
            attempt()

    assert before == everything(world.register)
    assert studio == world.programme.studio("s-01")


def test_bad_input_comes_together(world: World) -> None:
    """Everything that is wrong with a command is told at once, each with its path."""
    studio = world.studio("declared")
    with pytest.raises(InputError) as caught:
        world.programme.record(
            studio,
            {
                "activity": [{"theme": 3, "notes": "…"}, {"on": "2023-02-30"}],
                "actvity": [],
                "member": [{"joined": date(2023, 4, 1)}],
            },
            by=LEAD,
            on="2023-04-01",  # type: ignore[arg-type] # on purpose
        )

    paths = {problem.path for problem in caught.value.problems}
    assert {
        "on",
        "records/activity/0",
        "records/activity/0/theme",
        "records/activity/0/notes",
        "records/activity/1/on",
        "records/member/0",
    } <= paths


def test_the_application_as_a_plain_dict(world: World) -> None:
    """What is wrong with an application is told with its path."""
    broken = application() | {"lead": {"id": ""}, "unit": 7}
    with pytest.raises(InputError) as caught:
        world.programme.declare(broken, by=SCHOOL)

    assert ["application/lead/id", "application/unit"] == sorted(
        problem.path for problem in caught.value.problems
    )


def test_the_event_says_all(world: World) -> None:
    """The event has the policy, the moment, the claimed day, the remark and the records."""
    studio = world.programme.declare(
        application(), by=SCHOOL, records={"application_form": [FORM]}, remark="附方案"
    )
    (event,) = studio.history

    assert world.policy.reference == event.policy
    assert (world.clock.now, date(2023, 3, 22)) == (event.recorded, event.on)
    assert ("附方案", SCHOOL) == (event.remark, event.by)
    assert ["application_form-1"] == [record.id for record in event.records]


# What follows on the evaluation.


def test_the_reward(world: World) -> None:
    """It is 10,000 yuan exactly, granted once, and the studio stays where it is."""
    studio = world.studio("evaluated")
    world.clock.on(date(2024, 12, 20))
    rewarded = world.programme.reward(studio, by=COUNTY)

    assert Fraction(10000) == rewarded.history[-1].reward
    assert isinstance(rewarded.history[-1].reward, Fraction)
    assert "evaluated" == rewarded.state


def test_the_reward_after_the_commendation(world: World) -> None:
    """Commended first or rewarded first: each happens once."""
    studio = world.studio("commended")
    world.clock.on(date(2024, 12, 20))

    assert "commended" == world.programme.reward(studio, by=COUNTY).state


def test_no_reward_without_a_pass(world: World) -> None:
    """Who did not pass gets none, and is told why."""
    studio = world.studio("operating")
    world.clock.on(date(2024, 11, 20))
    facts = {n: v for n, v in EVALUATION.items() if n != "members"} | {"team_confirmed": False}
    studio = world.programme.evaluate(studio, by=COMMITTEE, decision="not_passed", facts=facts)

    verdict = world.programme.can("reward", studio, by=COUNTY)
    assert ["gates_met", "passed"] == codes(verdict.reasons)


def test_outcomes_need_sheets(world: World) -> None:
    """Only evaluated studios have an outcome; what the policy leaves to a decision stays so."""
    studio = world.studio("evaluated", 1)
    world.studio("operating", 2)
    (outcome,) = world.programme.outcomes()

    assert (studio.id, 1, None) == (outcome.studio, outcome.place, outcome.grade)
    assert ["left_to_decision"] == codes(outcome.reasons)
    with pytest.raises(InputError, match="no_tie_to_decide"):
        world.programme.outcomes(decided={"outstanding": [studio.id]})


def test_a_ranking_needs_sheets(world: World) -> None:
    """Only evaluated studios are ranked; those with the same points share a place."""
    first, second = world.studio("evaluated", 1), world.studio("evaluated", 2)
    world.studio("operating", 3)

    assert [(1, first.id, Fraction(92), True), (1, second.id, Fraction(92), True)] == [
        (each.place, each.studio, each.points, each.tied) for each in world.programme.ranking()
    ]


def test_the_sheet_at_any_moment(world: World) -> None:
    """The score of an operating studio is what an evaluation would make of it."""
    studio = world.studio("operating")
    records = {"activity": [activity(n, date(2023, 4, n + 1)) for n in range(17)]}
    world.clock.on(date(2023, 9, 1))
    world.programme.record(studio, records, by=LEAD)
    sheet = world.programme.score("s-01")
    (activities,) = [result for result in sheet.criteria if result.id == "5.2.2"]

    assert 17 == sheet.measured["activities"].value
    assert Fraction(17) == activities.points.points
    assert None is world.programme.studio("s-01").sheet


def test_a_sheet_of_an_earlier_day(world: World) -> None:
    """A sheet can be made as of a day: what came after is left out, with the reason."""
    studio = world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    records = {"activity": [activity(n, date(2023, 4 + n, 3)) for n in range(5)]}
    world.programme.record(studio, records, by=LEAD)
    measured = world.programme.score(studio, on=date(2023, 6, 30)).measured["activities"]

    assert (3, ["activity-4", "activity-5"]) == (
        measured.value,
        [each.record for each in measured.left_out],
    )


def test_what_a_programme_is_called(world: World) -> None:
    """Its `repr` says its policy and how many studios it has."""
    world.studio("declared")

    assert "<Programme yongjia-2023, 1 studios>" == repr(world.programme)


def test_actors_are_checked(world: World) -> None:
    """Somebody who is no actor is bad input, not a denial."""
    with pytest.raises(InputError) as caught:
        world.programme.declare(application(), by="h-01")  # type: ignore[arg-type] # on purpose

    assert ["by"] == [problem.path for problem in caught.value.problems]


def test_members_of_a_roster_are_the_studios_own(world: World) -> None:
    """Who is on the members' roster judges the studio in no role."""
    studio = world.studio("declared")
    world.programme.record(studio, roster("trainee", 1), by=SCHOOL)
    own = Actor("trainee-0", unit="elsewhere", roles={"bureau_committee"})

    assert ["own_studio"] == codes(world.programme.can("approve", studio, by=own).reasons)
