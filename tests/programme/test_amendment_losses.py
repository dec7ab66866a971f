"""Nothing is lost by an amendment: it maps, refuses or leaves out and says so."""

from __future__ import annotations

from datetime import date

import pytest

from studioflow.studio import Studio
from studioflow.verdict import Denied
from tests.programme.amended import (
    LATER,
    MAPPED,
    NO_RETURN,
    everything_kept,
    ran,
    returned,
    without,
)
from tests.programme.reference import (
    ASSESSORS,
    COMMITTEE,
    COUNTY,
    LEAD,
    World,
    activity,
    codes,
    mark,
    school,
)


@pytest.fixture
def running(world: World) -> World:
    """A programme with an evaluated, an operating and a declared studio, two years later."""
    return ran(world)


def test_a_removed_state_refuses(world: World) -> None:
    """Who stands in a state that is gone stops the amendment: one reason each, and nothing done."""
    returned(world)
    world.studio("declared", 2)
    before = everything_kept(world.register)
    with pytest.raises(Denied) as caught:
        world.programme.amend(world.policy.vary(NO_RETURN), by=COMMITTEE)

    assert ["amended_state_gone"] == codes(caught.value.reasons)
    assert before == everything_kept(world.register)
    assert world.policy is world.programme.policy


def test_a_removed_state_is_mapped(world: World) -> None:
    """Who stands in a state that is gone goes on where the policy says."""
    returned(world)
    world.programme.amend(world.policy.vary(MAPPED), by=COMMITTEE)
    studio = world.programme.studio("s-01")

    assert ("declared", "returned", "declared") == (
        studio.state,
        studio.history[-1].source,
        studio.history[-1].dest,
    )
    assert "approved" == world.programme.approve(studio, by=COMMITTEE).state


@pytest.mark.parametrize("state", ["approved", "commended"])
def test_no_milestone_is_skipped(world: World, state: str) -> None:
    """An amendment takes nobody to a milestone that they have not come to."""
    returned(world)
    policy = world.policy.vary({**NO_RETURN, "amendment": {"states": {"returned": state}}})
    with pytest.raises(Denied) as caught:
        world.programme.amend(policy, by=COMMITTEE)

    assert ["amended_not_reached"] == codes(caught.value.reasons)


def test_what_is_not_known_any_more(running: World) -> None:
    """Records of a kind that is gone are left out and told of, and history keeps them."""
    running.programme.record("s-02", {"beneficiary": [{"group": "山区"}]}, by=school(2))
    kinds = [name for name, each in running.policy.measures.items() if "beneficiary" in each.of]
    policy = without(running.policy, "records/beneficiary", *(f"measures/{name}" for name in kinds))
    report = running.programme.amend(policy, by=COMMITTEE)
    studio = running.programme.studio("s-02")

    assert ("beneficiary-1",) == report.studios[1].left_out
    assert () == studio.of_kind("beneficiary")
    assert "beneficiary-1" in [each.id for event in studio.history for each in event.records]
    assert studio == Studio.from_events("s-02", running.register.events("s-02"))
    assert "not known any more: beneficiary-1" in report.explain("en")


def test_a_fact_that_fits_no_more(running: World) -> None:
    """A fact on file beyond its new bounds is not known any more, which its history tells."""
    report = running.programme.amend(
        running.policy.vary({"version": "2", "facts/activities_year_1/max": 8}), by=COMMITTEE
    )

    assert ("activities_year_1",) == report.studios[0].left_out
    studio = running.programme.studio("s-01")
    assert "activities_year_1" not in studio.facts
    assert (None, 9) == (
        studio.history[-1].facts["activities_year_1"],
        studio.history[-2].facts["activities_year_1"],
    )


def test_what_fits_together_no_more(running: World) -> None:
    """What contradicts itself under the new policy stops the amendment, and is named."""
    before = everything_kept(running.register)
    with pytest.raises(Denied) as caught:
        running.programme.amend(
            running.policy.vary({"version": "2", "facts/trainees_promoted/max": 3}), by=COMMITTEE
        )

    (reason,) = caught.value.reasons
    assert ("amended_fits_no_more", ("s-01",)) == (reason.code, reason.about)
    assert "facts/promotion_mark" in reason.text("zh")
    assert before == everything_kept(running.register)


def test_a_mark_of_an_item_that_is_gone(world: World) -> None:
    """A mark of an item that the new policy does not have is left out, and stops nothing."""
    world.studio("operating")
    world.clock.on(date(2024, 11, 18))
    world.programme.mark("s-01", [mark("5.1.1", 9), mark("5.4.1", 7)], by=ASSESSORS[0])
    report = world.programme.amend(without(world.policy, "criteria/5.4.1"), by=COMMITTEE)

    assert ("5.4.1/p-10",) == report.studios[0].left_out
    assert ["5.1.1"] == [each.criterion for each in world.programme.studio("s-01").marks]


def test_a_record_that_lacks_what_is_asked_only_now(running: World) -> None:
    """A new field takes no record out of the file: what was complete then is still there."""
    given = {"activity": [activity(1, date(2024, 12, 1))]}
    running.programme.record("s-02", given, by=school(2))
    new = {"type": "text", "label": {"zh": "地点", "en": "place"}, "required": True}
    policy = running.policy.vary({"version": "2", "records/activity/fields/place": new})
    report = running.programme.amend(policy, by=COMMITTEE)

    assert () == report.studios[1].left_out
    assert ["activity-1"] == [
        each.id for each in running.programme.studio("s-02").of_kind("activity")
    ]


def test_quota_and_places_go_on(world: World) -> None:
    """Places that were taken are taken under the new policy, which says how many there are."""
    world.studio("approved", 1)
    world.studio("approved", 2)
    world.studio("declared", 3)
    world.programme.amend(world.policy.vary({"version": "2", "quota/places": 2}), by=COMMITTEE)

    assert ("s-01", "s-02") == world.register.holders("place")
    assert 0 == world.programme.places_left()
    with pytest.raises(Denied) as caught:
        world.programme.approve("s-03", by=COMMITTEE)
    assert ["quota"] == codes(caught.value.reasons)


def test_who_goes_back_gives_the_place_back(world: World) -> None:
    """A studio that has to be approved again holds no place until then, and then one."""
    world.studio("approved", 1)
    again = {"states": {"approved": "declared"}}
    world.programme.amend(world.policy.vary({"version": "2", "amendment": again}), by=COMMITTEE)
    assert () == world.register.holders("place")

    world.programme.approve("s-01", by=COMMITTEE)
    assert ("s-01",) == world.register.holders("place")


def test_a_quota_from_now_on(world: World) -> None:
    """Where a quota comes with an amendment, those who were approved before hold its places."""
    limited = world.policy.vary({"version": "3", "quota/places": 2})
    world = World(without(limited, "quota", "lifecycle/transitions/approve/conditions/quota"))
    for number, state in enumerate(("approved", "declared", "operating"), 1):
        world.studio(state, number)
    world.clock.on(date(2023, 7, 3))
    world.programme.withdraw("s-03", by=school(3), remark="撤并")
    world.programme.amend(limited, by=COMMITTEE)

    assert (("s-01",), 1) == (world.register.holders("place"), world.programme.places_left())


def test_evidence_that_is_compared_from_now_on(running: World) -> None:
    """Evidence that no studio's was compared with is found by others after the amendment."""
    apart = {"version": "2", "records/activity/same_across": False}
    world = World(running.policy.vary(apart))
    for number in (1, 2):
        world.studio("operating", number)
    world.clock.on(LATER)
    given = {"activity": [activity(1, date(2023, 7, 1))]}
    world.programme.record("s-01", given, by=LEAD)
    assert () == world.programme.can("record", "s-02", by=school(2), records=given).warnings
    world.programme.amend(running.policy, by=COMMITTEE)

    verdict = world.programme.can("record", "s-02", by=school(2), records=given)
    assert ["same_elsewhere"] == codes(verdict.warnings)


def test_a_reward_is_paid_once(world: World) -> None:
    """What was paid before an amendment is not paid again after it."""
    world.studio("evaluated")
    world.clock.on(date(2024, 12, 20))
    world.programme.reward("s-01", by=COUNTY)
    world.programme.amend(world.policy.vary({"version": "2"}), by=COMMITTEE)
    with pytest.raises(Denied):
        world.programme.reward("s-01", by=COUNTY)

    assert ("s-01",) == world.register.holders("reward:reward:s-01")


def test_a_command_of_before_is_known_again(world: World) -> None:
    """A command that was sent before, by a step that is gone, gets the answer of then."""
    world.studio("declared")
    world.clock.on(date(2023, 4, 3))
    once = world.programme.return_for_completion("s-01", ["缺盖章"], by=COMMITTEE, key="k-1")
    world.programme.amend(world.policy.vary(MAPPED), by=COMMITTEE)

    assert once == world.programme.return_for_completion(
        "s-01", ["缺盖章"], by=COMMITTEE, key="k-1"
    )
