"""Setting aside: by the right role, with a reason, on the record."""

from __future__ import annotations

from datetime import date

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.studio import Override
from tests.lifecycle.conftest import World, codes, person

LATE = date(2023, 4, 2)
REASON = "暴雨停课，经研究同意"
COMMITTEE = person("bureau_committee")


def test_with_a_reason(world: World) -> None:
    """The committee sets the quota aside; the reason stands in the event and in a warning."""
    override = Override(reason="第十一个，经研究同意")
    papers = world.papers("approve")
    papers |= {"places_left": 0, "overrides": {"quota": override}}
    step = world.act("approve", world.studio("declared"), papers=papers)

    assert {"quota": override} == step.event.overrides
    assert ["set_aside"] == [warning.code for warning in step.verdict.warnings]
    assert "第十一个，经研究同意" in step.verdict.explain("zh")
    assert "1.9" == step.verdict.warnings[0].clause


def test_by_a_second_person(world: World) -> None:
    """Who declares can't set the window aside, but the committee can for them, and is named."""
    override = Override(reason=REASON, by=COMMITTEE)
    papers = world.papers("declare")
    papers["overrides"] = {"window": override}
    step = world.act("declare", world.studio("undeclared"), on=LATE, papers=papers)

    assert {"window": override} == step.event.overrides
    assert "p-bureau_committee" in step.verdict.warnings[0].text("zh")


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (None, ["too_late", "override_wrong_role", "own_unit"]),
        (
            Actor("p-02", unit="县教育局", roles={"county_bureau"}),
            ["too_late", "override_wrong_role"],
        ),
    ],
)
def test_by_the_wrong_role(world: World, by: Actor | None, expected: list[str]) -> None:
    """The reason against the action stands, and so does what is against the override."""
    papers = world.papers("declare")
    papers["overrides"] = {"window": Override(reason=REASON, by=by)}

    verdict = world.can("declare", world.studio("undeclared"), on=LATE, papers=papers)
    assert expected == codes(verdict)


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_without_a_reason(world: World, reason: str) -> None:
    """Nothing is set aside in silence."""
    papers = world.papers("declare")
    papers["overrides"] = {"window": Override(reason=reason, by=COMMITTEE)}

    verdict = world.can("declare", world.studio("undeclared"), on=LATE, papers=papers)
    assert ["too_late", "override_no_reason"] == codes(verdict)


def test_both_faults_at_once(world: World) -> None:
    """A wrong role and a missing reason are told together."""
    papers = world.papers("declare")
    papers["overrides"] = {"window": Override(reason="")}

    verdict = world.can("declare", world.studio("undeclared"), on=LATE, papers=papers)
    expected = ["too_late", "override_wrong_role", "override_no_reason", "own_unit"]
    assert expected == codes(verdict)


@pytest.mark.parametrize(
    ("action", "state", "name", "nearest"),
    [
        ("approve", "declared", "quotas", "quota"),
        ("approve", "declared", "window", None),
        ("declare", "undeclared", "windows", "window"),
        ("plaque", "approved", "six_haves", None),
        ("commend", "evaluated", "gates_met", None),
    ],
)
def test_what_can_not_be_set_aside(
    world: World, action: str, state: str, name: str, nearest: str | None
) -> None:
    """An override of what nobody may set aside is bad input, with the nearest match."""
    papers = world.papers(action)
    papers["overrides"] = {name: Override(reason=REASON)}
    with pytest.raises(InputError) as caught:
        world.can(action, world.studio(state), papers=papers)

    (problem,) = caught.value.problems
    assert (f"overrides/{name}", nearest) == (problem.path, problem.nearest)


def test_an_override_that_was_not_needed(world: World) -> None:
    """What holds is not set aside: neither the event nor a warning says it was."""
    papers = world.papers("approve")
    papers["overrides"] = {"quota": Override(reason="以防万一")}
    step = world.act("approve", world.studio("declared"), papers=papers)

    assert {} == step.event.overrides
    assert () == step.verdict.warnings


def test_the_way_out_is_said(world: World) -> None:
    """A denial that somebody may set aside says who, under the same code."""
    papers = world.papers("approve")
    papers["places_left"] = 0
    (reason,) = world.can("approve", world.studio("declared"), papers=papers).reasons

    assert "quota" == reason.code
    assert "局机关党委可说明理由后特批" in reason.explain("zh")
    assert "bureau Party committee may set it aside" in reason.explain("en")
    assert () == reason.who


def test_an_override_of_what_is_not_known(world: World) -> None:
    """Places that nobody has counted deny; they can be set aside as well."""
    studio = world.studio("declared")
    papers = world.papers("approve")
    papers["places_left"] = None
    assert ["condition_open"] == codes(world.can("approve", studio, papers=papers))

    papers["overrides"] = {"quota": Override(reason="不论名额")}
    assert [] == codes(world.can("approve", studio, papers=papers))
