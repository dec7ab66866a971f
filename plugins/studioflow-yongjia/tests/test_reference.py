"""The reference policy beyond its points: who marks what, the six haves, the procedure."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studioflow.algebra import Interpreter, Numbers
from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.people import Mark
from studioflow.policy import Policy, read_facts
from studioflow.rubric import InspectedItem, Inspection

EXAMPLE = Path(__file__).parents[3] / "examples" / "studio.toml"
BY_OFFICE = {"5.2.3", "5.3.3"}


def mark(item: str, role: str, *, points: int | None = None, met: bool | None = None) -> Mark:
    """Make a mark of an item."""
    value = None if points is None else Fraction(points)
    return Mark(criterion=item, by="p-1", role=role, points=value, met=met)


def test_who_marks(reference: Policy) -> None:
    """The master-teacher office marks 5.2.3 and 5.3.3 and nobody else does; assessors the rest."""
    marked = reference.rubric.judged_facts

    assert {
        item: ("master_teacher_office",) if item in BY_OFFICE else ("assessor",) for item in marked
    } == {item: reference.facts[fact].supplied_by for item, fact in marked.items()}


@pytest.mark.parametrize("item", sorted(BY_OFFICE))
@pytest.mark.parametrize("role", ["assessor", "bureau_committee", "host_party", "lead"])
def test_marked_by_the_office_alone(item: str, role: str, reference: Policy) -> None:
    """A mark of 5.2.3 or 5.3.3 in another role is refused, naming the office."""
    with pytest.raises(InputError) as error:
        reference.score({}, marks=[mark(item, role, points=4)])

    (problem,) = error.value.problems
    assert ("marks/0/role", "wrong_marker") == (problem.path, problem.code)
    assert "a mark by: master_teacher_office" == problem.expected("en")


def test_office_marks_nothing_else(reference: Policy) -> None:
    """The office may not mark what assessors mark, nor confirm a gate."""
    items = sorted(set(reference.rubric.judged_facts) - BY_OFFICE)
    marks = [
        mark(item, "master_teacher_office", met=True)
        if item in reference.rubric.gates
        else mark(item, "master_teacher_office", points=0)
        for item in items
    ]
    with pytest.raises(InputError) as error:
        reference.score({}, marks=marks)

    assert [f"marks/{n}/role" for n in range(len(items))] == [
        problem.path for problem in error.value.problems
    ]


def test_items_with_a_mark(reference: Policy) -> None:
    """Eleven items are judged by a person; 5.2.2 only where the extra points are at discretion."""
    assert {
        *("5.0.2", "5.0.3", "5.1.1", "5.2.1", "5.2.2", "5.2.3", "5.2.4"),
        *("5.3.2", "5.3.3", "5.3.4", "5.4.1"),
    } == set(reference.rubric.judged_facts)


@pytest.mark.parametrize(
    "reading",
    ["website_faults=ten_minus", "gate_judgement=numbers_only", "mark_step=half_points"],
)
def test_example_under_other_readings(reading: str, reference: Policy) -> None:
    """A fact file stays right when a reading makes one of its marks idle."""
    name, _, answer = reading.partition("=")
    sheet = reference.vary({f"readings/{name}": answer}).score(read_facts(EXAMPLE))

    assert () == sheet.open
    assert answer == sheet.readings[name]


def test_example(reference: Policy) -> None:
    """The example of the repository is complete, eligible, and has the total worked out by hand."""
    sheet = reference.score(read_facts(EXAMPLE))
    by_hand = {
        "5.1.1": Fraction(9),
        "5.2.1": Fraction(9),
        "5.2.2": Fraction(18),
        "5.2.3": Fraction(5),
        "5.2.4": Fraction(15, 2),
        "5.3.1": Fraction(10),
        "5.3.2": Fraction(9),
        "5.3.3": Fraction(4),
        "5.3.4": Fraction(4),
        "5.4.1": Fraction(9),
        "5.4.2": Fraction(4),
    }

    assert by_hand == {result.id: result.points.points for result in sheet.criteria}
    assert sum(by_hand.values()) == sheet.total.points
    assert sheet.eligible is True


@pytest.mark.parametrize(
    ("gone", "zh", "en"),
    [
        (set(), "齐备", "complete"),
        ({"flag"}, "缺少：有党旗", "missing: a Party flag"),
        (
            {"oath", "emblem"},
            "缺少：有党徽、有入党誓词",
            "missing: a Party emblem, the oath of admission",
        ),
    ],
)
def test_verdict_on_the_site(gone: set[str], zh: str, en: str, reference: Policy) -> None:
    """The verdict on a site names what of the six haves and the place is missing."""
    check = reference.site_check
    items = {name: InspectedItem(present=name not in gone) for name in check.items}
    verdict = check.inspect(Inspection(items=items))

    assert (zh, en) == (verdict.explain("zh"), verdict.explain("en"))
    assert (not gone, "3.3.1") == (verdict.met, verdict.reasons[0].clause)


def test_six_haves_and_the_place(reference: Policy) -> None:
    """The site check has the fixed place and the six haves of 3.3.1, each with its clause."""
    items = reference.site_check.items

    assert ["fixed_place", "flag", "emblem", "oath", "resources", "records", "management"] == list(
        items
    )
    assert {"3.3.1"} == {item.clause for item in items.values()}


@pytest.mark.parametrize(
    ("gates_met", "passed", "holds"),
    [(True, True, True), (True, False, True), (False, False, True), (False, True, False)],
)
def test_no_pass_without_the_gates(
    *, gates_met: bool, passed: bool, holds: bool, reference: Policy
) -> None:
    """The committee can not record "passed" while a gate is not met."""
    conditions = reference.procedure.transitions["evaluate"].conditions
    truth = Interpreter(Numbers()).truth(conditions["gates_for_passed"].condition.truth)

    assert holds is truth({"gates_met": gates_met, "passed": passed}, [])
    assert "5.0" == conditions["gates_for_passed"].clause


def test_quota(reference: Policy) -> None:
    """Ten places, each taken by an approval."""
    assert reference.quota is not None
    assert (10, "approve") == (reference.quota.places, reference.quota.taken_by)


def test_hundred_points(
    reference: Policy, under: Callable[[tuple[tuple[str, object], ...]], Policy]
) -> None:
    """The form adds up to 100 by sections; read at face value it would be 105, or 106."""
    on_top = ("feature_section", "bonus_on_top")

    assert {"5.1": 10, "5.2": 45, "5.3": 30, "5.4": 15} == dict(reference.rubric.maxima)
    assert [100, 105, 106] == [
        policy.rubric.maximum
        for policy in (reference, under((on_top,)), under((on_top, ("bonus_cap", "uncapped"))))
    ]


def test_everything_cites_a_clause(reference: Policy) -> None:
    """Whatever the county decided says where the document says so."""
    rubric, procedure = reference.rubric, reference.procedure
    groups: tuple[Mapping[str, Any], ...] = (
        *(rubric.facts, rubric.sections, rubric.criteria, rubric.gates, rubric.grades),
        *(reference.readings, reference.roles, reference.calendar.windows),
        *(reference.site_check.items, procedure.states, procedure.transitions),
        *(transition.conditions for transition in procedure.transitions.values()),
    )

    assert [] == [name for group in groups for name, part in group.items() if not part.clause]


@pytest.mark.parametrize("item", ["5.3.2", "5.3.3"])
def test_no_trainees(item: str, reference: Policy) -> None:
    """Without trainees a share is undefined, which gives 0 points and is said once."""
    result = reference.score(
        {"trainees": 0, "trainees_with_output": 0, "trainees_promoted": 0}
    ).criterion(item)

    assert 0 == result.points.points
    assert ["share_undefined", "no_band"] == [reason.code for reason in result.reasons]
    assert "工作室学员人数为0，比例无法计算" == result.reasons[0].text("zh")


def test_each_rule_names_its_document() -> None:
    """A rule names the document, and the plugin, that last had a say on it."""
    policy = load_policy("yongjia-2023")
    plugin = "yongjia (studioflow-yongjia 0.1.0)"

    assert f"{plugin}: rubric.toml" == policy.origin("criteria/5.2.2/norm")
    assert f"{plugin}: site_check.toml" == policy.origin("site_check/items")
    assert f"{plugin}: policy.toml" == policy.vary({"quota/places": 11}).origin("roles/lead")
    assert None is policy.origin("criteria/9.9.9")


def test_all_problems_of_facts_marks_and_inspection_at_once(reference: Policy) -> None:
    """A wrong mark does not hide a wrong fact."""
    wrong_role = mark("5.2.3", "assessor", points=4)

    with pytest.raises(InputError) as caught:
        reference.score({"activites": 15, "members": True}, marks=[wrong_role])

    assert ["marks/0/role", "facts/activites", "facts/members"] == [
        problem.path for problem in caught.value.problems
    ]
