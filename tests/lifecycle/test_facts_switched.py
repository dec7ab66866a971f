"""Each lifecycle fact can be switched off and renamed, by a county that has it from another."""

from __future__ import annotations

import pytest

from studioflow.errors import InputError
from studioflow.lifecycle import mermaid
from studioflow.policy import Policy
from tests.lifecycle.county import FACTS, County, loaded

ON = "lifecycle/{}/on"


def _switches(*places: str) -> dict[str, object]:
    return {ON.format(place): False for place in places}


_T, _S = "transitions", "states"
SWITCHES: dict[str, dict[str, object]] = {
    "ways_out": _switches(f"{_S}/returned", f"{_S}/refused", f"{_S}/withdrawn"),
    "publicity": _switches(
        f"{_T}/publish",
        f"{_T}/raise_objection",
        f"{_T}/dismiss_objection",
        f"{_S}/struck_off",
        f"{_T}/plaque/conditions/published",
        f"{_T}/plaque/conditions/undisputed",
    ),
    "mid_term": _switches(f"{_T}/review_mid_term", f"{_T}/evaluate/conditions/reviewed"),
    "yearly_report": _switches(f"{_T}/report_yearly", f"{_T}/evaluate/conditions/reported"),
    "self_assessment": _switches(
        f"{_T}/assess_itself", f"{_T}/evaluate/conditions/assessed_itself"
    ),
    "rectification": _switches(f"{_S}/rectifying", f"{_S}/revoked", f"{_T}/reward"),
    "lead_or_unit": _switches(f"{_S}/closed", f"{_T}/change_lead"),
    "next_cycle": _switches(f"{_T}/renew"),
    "next_cycle_applied": _switches(
        f"{_S}/applying", f"{_S}/ended", f"{_T}/evaluate/conditions/more_in_the_second"
    ),
    "unannounced_visit": _switches(
        f"{_T}/visit",
        f"{_T}/find_fault",
        f"{_T}/put_right",
        f"{_T}/evaluate/conditions/nothing_found",
    ),
    "appeal": _switches(
        f"{_T}/appeal",
        f"{_T}/dismiss_appeal",
        f"{_T}/hear_again",
        f"{_T}/commend/conditions/no_appeal",
    ),
    "opinions": _switches(
        f"{_T}/school_opinion",
        f"{_T}/district_opinion",
        f"{_T}/city_opinion",
        f"{_T}/approve/conditions/all_levels",
    ),
}
SWITCHED_BY_A_READING = "switches"
FILES = [*SWITCHES]


def _lifecycle(policy: Policy) -> dict[str, object]:
    """Return the states and the steps that are on, each step with its conditions."""
    procedure = policy.procedure
    steps = {
        name: (step.sources, step.dest, *step.conditions)
        for name, step in procedure.transitions.items()
    }
    return {"states": {*procedure.states}, "steps": steps, "duties": {*procedure.duties}}


def _renamed(entry: str) -> str:
    return f"renamed {entry.replace('_', ' ')}"


def test_every_file() -> None:
    """Every policy of the folder is here."""
    found = {path.stem for path in FACTS.glob("*.toml")}
    assert {*FILES, SWITCHED_BY_A_READING, "base"} == found


@pytest.mark.parametrize("name", FILES)
def test_adds_something(name: str) -> None:
    """As written it is another lifecycle than the one that it extends."""
    assert _lifecycle(loaded("base")) != _lifecycle(loaded(name))


@pytest.mark.parametrize("name", FILES)
def test_switched_off(name: str) -> None:
    """With all of it switched off, the lifecycle is the one that it extends."""
    assert _lifecycle(loaded("base")) == _lifecycle(loaded(name, SWITCHES[name]))


@pytest.mark.parametrize("name", FILES)
def test_goes_its_way_without(name: str) -> None:
    """With all of it switched off, a studio goes its way as if it had never been."""
    assert "commended" == County(name, SWITCHES[name]).upto("commend", lessons=9).studio.state


@pytest.mark.parametrize("name", FILES)
def test_a_step_that_is_off(name: str) -> None:
    """A step that is off is no step any more: to try it is a mistake, not a denial."""
    county = County(name, SWITCHES[name]).declared()
    off = {*loaded(name).procedure.transitions} - {*county.policy.procedure.transitions}
    for action in sorted(off):
        with pytest.raises(InputError) as error:
            county.can(action, "office")
        assert ["action"] == [problem.path for problem in error.value.problems]


@pytest.mark.parametrize("name", FILES)
def test_renamed(name: str) -> None:
    """Every state and step may have another name, which is what people then read."""
    before = loaded(name).procedure
    labels: dict[str, object] = {
        f"lifecycle/{table}/{entry}/label": {"zh": _renamed(entry), "en": _renamed(entry)}
        for table, entries in (("states", before.states), ("transitions", before.transitions))
        for entry in entries
    }
    policy = loaded(name, labels)
    drawn = mermaid(policy)

    assert _lifecycle(loaded(name)) == _lifecycle(policy)
    moving = [action for action, step in policy.procedure.transitions.items() if step.moves]
    assert all(_renamed(entry) in drawn for entry in (*policy.procedure.states, *moving))


class TestByAReading:
    """A question that the county has answered switches a state."""

    def test_without(self) -> None:
        """Without a plaque, it begins to work once it is approved."""
        county = County("switches").declared()
        county.act("approve", "committee")
        assert {"plaqued", "plaque"} == county.policy.procedure.off
        assert "operating" == county.act("operate", "lead").state

    def test_with(self) -> None:
        """With the other answer the plaque comes first."""
        county = County("switches", {"readings/with_plaque": "plaque"}).declared()
        county.act("approve", "committee")
        verdict = county.can("operate", "lead")
        assert ["wrong_state"] == [reason.code for reason in verdict.reasons]
        assert "begin to nurture" in verdict.explain("en")
        county.act("plaque", "office")
        assert "operating" == county.act("operate", "lead").state
