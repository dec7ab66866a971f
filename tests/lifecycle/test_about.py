"""Reasons name ids, so that a program can highlight a field or ask for what is missing."""

from __future__ import annotations

from datetime import date

from studioflow.people import Actor
from studioflow.studio import Override, Studio
from studioflow.verdict import Reason, Verdict
from tests.lifecycle.conftest import EVALUATION, SITE, World


def _about(verdict: Verdict) -> dict[str, tuple[str, ...]]:
    return {reason.code: reason.about for reason in verdict.reasons}


def test_roles_states_and_papers(world: World) -> None:
    """The roles that may act, the states that the step starts from, and what to hand in."""
    nobody = Actor("p-00", unit="elsewhere")
    verdict = world.can("operate", world.studio("approved"), by=nobody)
    assert {"wrong_state": ("plaqued",), "wrong_role": ("host_party", "lead")} == _about(verdict)

    assert {"no_application": ("application",)} == _about(
        world.can("declare", Studio(id="s-01"), papers={})
    )
    again = world.papers("approve") | world.papers("declare")
    assert {"already_declared": ("application",)} == _about(
        world.can("approve", world.studio("declared"), papers=again)
    )


def test_open_facts(world: World) -> None:
    """Facts that are missing are named by id, in the order of their labels."""
    missing = ("team_confirmed", "funds_mark")
    papers = world.papers("evaluate")
    papers["facts"] = {name: v for name, v in EVALUATION.items() if name not in missing}
    complete, gates = world.can("evaluate", world.studio("operating"), papers=papers).reasons

    because = complete.parameters["because"]
    assert isinstance(because, tuple)
    (still_open,) = because
    assert isinstance(still_open, Reason)
    assert {*missing} == {*complete.about}
    assert complete.about == still_open.about
    labels = tuple(world.policy.facts[name].label for name in still_open.about)
    assert labels == still_open.parameters["facts"]
    assert ("condition_open", ("team_confirmed",)) == (gates.code, gates.about)
    assert "gates_for_passed" == gates.parameters["condition"]


def test_gates(world: World) -> None:
    """A gate that failed is named by id."""
    papers = world.papers("evaluate")
    papers["facts"] = {**EVALUATION, "members": 13}
    (reason,) = world.can("evaluate", world.studio("operating"), papers=papers).reasons

    assert ("gates_for_passed", ("5.0.2",)) == (reason.code, reason.about)


def test_facts_that_a_condition_looks_at(world: World) -> None:
    """A condition that fails names every fact that it looks at."""
    papers = world.papers("plaque")
    papers["facts"] = {"members": 6, **{f"site_{item}": item != "flag" for item in SITE}}
    verdict = world.can("plaque", world.studio("approved"), papers=papers)

    site = tuple(f"site_{item}" for item in SITE)
    assert {"six_haves": site, "team": ("members",)} == _about(verdict)


def test_places(world: World) -> None:
    """Places that nobody counted, and places that are gone, name the argument."""
    for places, code in ((None, "condition_open"), (0, "quota")):
        papers = world.papers("approve")
        papers["places_left"] = places
        verdict = world.can("approve", world.studio("declared"), papers=papers)
        assert {code: ("places_left",)} == _about(verdict)


def test_the_window_and_its_override(world: World) -> None:
    """A day outside names the window, and a faulty override the roles that may set it aside."""
    papers = world.papers("declare")
    county = Actor("p-02", unit="县教育局", roles={"county_bureau"})
    papers["overrides"] = {"window": Override(reason="停课", by=county)}
    verdict = world.can("declare", Studio(id="s-01"), on=date(2023, 4, 2), papers=papers)

    expected = {"too_late": ("declaration",), "override_wrong_role": ("bureau_committee",)}
    assert expected == _about(verdict)
