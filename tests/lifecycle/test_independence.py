"""Nobody approves, sets aside for, scores or inspects a studio of their own."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor, Mark
from studioflow.rubric import FactFile, InspectedItem, Inspection
from studioflow.studio import Override
from tests.lifecycle.conftest import EVALUATION, SITE, World, codes, person

INDEPENDENT = [
    ("approve", "declared"),
    ("plaque", "approved"),
    ("evaluate", "operating"),
    ("commend", "evaluated"),
]
LATE = date(2023, 4, 2)
PLAIN = {name: value for name, value in EVALUATION.items() if name != "goal_mark"}


def _marked(by: str, unit: str | None) -> FactFile:
    mark = Mark(criterion="5.1.1", by=by, role="assessor", unit=unit, points=Fraction(9))
    return FactFile(facts=PLAIN, marks=(mark,))


def _inspected(by: str, unit: str | None) -> FactFile:
    items = {item: InspectedItem(present=True) for item in SITE}
    inspection = Inspection(items=items, by=by, role="county_bureau", unit=unit)
    return FactFile(facts={"members": 7}, inspection=inspection)


@pytest.mark.parametrize(("action", "state"), INDEPENDENT)
@pytest.mark.parametrize("own", ["lead-a", "member-3"])
def test_fault_13_own_studio(world: World, action: str, state: str, own: str) -> None:
    """The lead and the members act on their own studio in no role, whatever unit they name."""
    actor = Actor(own, unit="elsewhere", roles=frozenset(world.policy.roles))

    verdict = world.can(action, world.studio(state), by=actor)
    assert ["own_studio"] == codes(verdict)
    assert own in verdict.reasons[0].text("zh")


@pytest.mark.parametrize(("action", "state"), INDEPENDENT)
def test_fault_13_own_unit(world: World, action: str, state: str) -> None:
    """Somebody of the studio's unit does not act on it either."""
    actor = Actor("p-99", unit="样例学校", roles=frozenset(world.policy.roles))

    assert ["own_unit"] == codes(world.can(action, world.studio(state), by=actor))


def test_fault_13_every_own_mark(world: World) -> None:
    """Each mark by one of the studio or of its unit is named with its item."""
    marks = (
        Mark(
            criterion="5.1.1", by="member-0", role="assessor", unit="elsewhere", points=Fraction(9)
        ),
        Mark(criterion="5.2.1", by="p-98", role="assessor", unit="样例学校", points=Fraction(9)),
        Mark(criterion="5.0.2", by="lead-a", role="assessor", met=True),
        Mark(criterion="5.2.4", by="p-12", role="assessor", unit="县教育局", points=Fraction(9)),
    )
    judged = {"goal_mark", "training_mark", "team_confirmed", "website_mark"}
    plain = {name: value for name, value in EVALUATION.items() if name not in judged}
    papers = world.papers("evaluate")
    papers["facts"] = FactFile(facts=plain, marks=marks)
    verdict = world.can("evaluate", world.studio("operating"), papers=papers)

    expected = [
        ("marked_own_studio", "5.1.1"),
        ("marked_own_unit", "5.2.1"),
        ("marked_own_studio", "5.0.2"),
    ]
    found = [(reason.code, reason.parameters["criterion"]) for reason in verdict.reasons]
    assert expected == found


@pytest.mark.parametrize(
    ("by", "unit", "expected"),
    [
        ("lead-a", None, ["inspected_own_studio"]),
        ("member-6", "县教育局", ["inspected_own_studio"]),
        ("p-97", "样例学校", ["inspected_own_unit"]),
        ("p-97", "县教育局", []),
        ("p-97", None, []),
    ],
)
def test_fault_13_own_inspection(
    world: World, by: str, unit: str | None, expected: list[str]
) -> None:
    """Nobody inspects the site of their own studio or unit."""
    papers = world.papers("plaque")
    papers["facts"] = _inspected(by, unit)

    assert expected == codes(world.can("plaque", world.studio("approved"), papers=papers))


def test_fault_13_marks_of_other_steps(world: World) -> None:
    """A mark on one's own studio is not taken at a step that does not ask for others either."""
    papers = world.papers("operate")
    mark = Mark(criterion="5.1.1", by="lead-a", role="assessor", points=Fraction(9))
    papers["facts"] = FactFile(marks=(mark,))

    expected = ["marked_own_studio", "not_their_mark"]
    assert expected == codes(world.can("operate", world.studio("plaqued"), papers=papers))


def test_fault_13_setting_aside_for_oneself(world: World) -> None:
    """Whoever sets a condition aside is held to the same."""
    papers = world.papers("approve")
    own = Actor("member-1", unit="elsewhere", roles={"bureau_committee"})
    papers["places_left"] = 0
    papers["overrides"] = {"quota": Override(reason="很好", by=own)}

    verdict = world.can("approve", world.studio("declared"), papers=papers)
    assert ["quota", "own_studio"] == codes(verdict)


def test_independence_is_the_policys_to_ask(world: World) -> None:
    """The lead starts the studio's own daily operation: that step does not ask for others."""
    lead = Actor("lead-a", unit="样例学校", roles={"lead"})

    assert world.can("operate", world.studio("plaqued"), by=lead)


def test_an_independent_declaration_looks_at_what_is_handed_in(world: World) -> None:
    """Before anything is on file, the people and the unit are those of the application."""
    changes = {"lifecycle/transitions/declare/independent": True, "roles/host_party/own": False}
    strict = world.varied(changes)
    papers = strict.papers("declare")
    for actor, expected in (
        (person("host_party", "lead-a"), ["own_studio"]),
        (person("host_party", unit="样例学校"), ["own_unit"]),
        (person("host_party", unit="elsewhere"), []),
    ):
        verdict = strict.can("declare", strict.studio("undeclared"), by=actor, papers=papers)
        assert expected == codes(verdict)


LEAD = Actor("lead-a", unit="elsewhere", roles={"lead", "assessor"})
HOST = Actor("h-01", unit="样例学校", roles={"host_party", "assessor"})


@pytest.mark.parametrize(
    ("by", "expected"), [(LEAD, "handed_in_own_studio"), (HOST, "handed_in_own_unit")]
)
def test_fault_13_plain_facts_of_an_earlier_step(world: World, by: Actor, expected: str) -> None:
    """Whoever handed in a judged fact plainly has given it, and is named with all of theirs."""
    papers = world.papers("operate")
    papers["facts"] = {"goal_mark": 10, "training_mark": 9, "members": 8}
    studio = world.act("operate", world.studio("plaqued"), by=by, papers=papers).studio
    later = world.papers("evaluate")
    later["facts"] = {n: v for n, v in PLAIN.items() if n != "training_mark"}
    (reason,) = world.can("evaluate", studio, papers=later).reasons

    assert (expected, ("goal_mark", "training_mark")) == (reason.code, reason.about)
    assert by.id in reason.text("zh")


def test_fault_13_plain_facts_given_anew(world: World) -> None:
    """Where the committee hands in a fact itself, who gave it before has no say any more."""
    papers = world.papers("operate")
    papers["facts"] = {"goal_mark": 10}
    studio = world.act("operate", world.studio("plaqued"), by=LEAD, papers=papers).studio

    assert [] == codes(world.can("evaluate", studio))


def test_fault_13_plain_facts_in_place_of_a_mark(world: World) -> None:
    """A plain fact does not take the place of somebody's mark."""
    papers = world.papers("plaque")
    mark = Mark(criterion="5.1.1", by="p-11", role="assessor", points=Fraction(7))
    plain = papers["facts"]
    assert isinstance(plain, dict)
    papers["facts"] = FactFile(facts=plain, marks=(mark,))
    studio = world.act("plaque", world.studio("approved"), papers=papers).studio
    started = world.papers("operate")
    started["facts"] = {"goal_mark": 10}

    with pytest.raises(InputError) as raised:
        world.act("operate", studio, by=LEAD, papers=started)

    expected = [("given_twice", "facts/goal_mark")]
    assert expected == [(problem.code, problem.path) for problem in raised.value.problems]


def _site(by: str | None, *items: str) -> FactFile:
    found = {item: InspectedItem(present=True) for item in items}
    return FactFile(inspection=Inspection(items=found, by=by, role="county_bureau"))


@pytest.mark.parametrize(
    ("later", "expected"),
    [
        (_site("p-02"), ["inspected_own_studio"]),
        (_site("p-02", *SITE[1:]), ["inspected_own_studio"]),
        (_site("p-02", *SITE), []),
        (_site(None, *SITE), []),
    ],
)
def test_fault_13_a_later_inspection(world: World, later: FactFile, expected: list[str]) -> None:
    """It takes the place of an earlier one in what it looked at, and in nothing else."""
    papers = world.papers("declare")
    papers["facts"] = _site("lead-a", *SITE)
    lead = Actor("lead-a", unit="样例学校", roles={"host_party", "county_bureau"})
    studio = world.act("declare", world.studio("undeclared"), by=lead, papers=papers).studio
    after = world.papers("approve")
    after["facts"] = later

    assert expected == codes(world.can("approve", studio, papers=after))


@pytest.mark.parametrize("facts", [{f"site_{item}": True for item in SITE}, _site(None, *SITE)])
def test_fault_13_a_site_as_its_own_host_has_it(
    world: World, facts: FactFile | dict[str, object]
) -> None:
    """Items handed in plainly, or inspected by nobody, are those of whoever handed them in."""
    papers = world.papers("declare")
    papers["facts"] = facts
    declared = world.act("declare", world.studio("undeclared"), by=HOST, papers=papers).studio
    (reason,) = world.can("approve", declared).reasons

    expected = tuple(f"site_{item}" for item in SITE)
    assert ("handed_in_own_unit", expected) == (reason.code, reason.about)


def test_setting_aside_ones_own_deadline(world: World) -> None:
    """Also where the step does not ask for others, nobody answers for their own exception."""
    papers = world.papers("declare")
    for by, expected in (
        (Actor("lead-a", unit="x", roles={"bureau_committee"}), ["too_late", "own_studio"]),
        (Actor("p-5", unit="样例学校", roles={"bureau_committee"}), ["too_late", "own_unit"]),
        (person("bureau_committee"), []),
    ):
        papers["overrides"] = {"window": Override(reason="停课", by=by)}
        verdict = world.can("declare", world.studio("undeclared"), on=LATE, papers=papers)
        assert expected == codes(verdict)


def test_setting_aside_as_the_actor(world: World) -> None:
    """Who acts and sets aside at once is held to the same."""
    by = Actor("lead-a", unit="x", roles={"host_party", "bureau_committee"})
    papers = world.papers("declare")
    papers["overrides"] = {"window": Override(reason="停课")}
    verdict = world.can("declare", world.studio("undeclared"), by=by, on=LATE, papers=papers)

    assert ["too_late", "own_studio"] == codes(verdict)


def test_one_of_the_studio_sets_aside_what_holds(world: World) -> None:
    """An override that is not needed does not deny."""
    papers = world.papers("approve")
    own = Actor("member-1", unit="elsewhere", roles={"bureau_committee"})
    papers["overrides"] = {"quota": Override(reason="以防万一", by=own)}

    assert [] == codes(world.can("approve", world.studio("declared"), papers=papers))
