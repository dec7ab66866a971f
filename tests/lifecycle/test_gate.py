"""Every "no" is explained, completely, and asking changes nothing."""

from __future__ import annotations

import copy
from datetime import date
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor, Mark
from studioflow.rubric import FactFile
from studioflow.studio import Override
from studioflow.text import Language
from studioflow.verdict import Denied
from tests.lifecycle.conftest import (
    ASIDE,
    DAYS,
    EVALUATION,
    ROLE,
    STATES,
    WAY,
    World,
    codes,
    person,
)

NOBODY = Actor("p-00", unit="elsewhere")


def test_the_way_through(world: World) -> None:
    """The right people with the right papers take a studio from declaration to commendation."""
    studio = world.studio("commended")

    assert [*WAY] == [event.action for event in studio.history]
    assert "commended" == studio.state


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("state", [*STATES, *ASIDE])
def test_every_action_by_everybody_is_answered(
    world: World, state: str, language: Language
) -> None:
    """Every action in every state by every role and by nobody's is allowed or explained."""
    studio = world.studio(state)
    for action in world.lifecycle.actions:
        papers = world.papers(action)
        transition = world.policy.procedure.transitions[action]
        if studio.application is not None:
            papers.pop("application", None)
        for actor in (*map(person, world.policy.roles), NOBODY):
            verdict = world.can(action, studio, by=actor, papers=papers)
            said = verdict.explain(language)

            may = actor.has_role(*transition.by)
            # Who may record at all, and who may record what, are two questions.
            kind_too = may and (
                action not in ("record", "correct") or actor.has_role("host_party", "lead")
            )
            assert (state in transition.sources and kind_too) is verdict.allowed
            assert may is verdict.plugins_asked
            assert "{" not in said
            if not verdict.allowed:
                assert all(reason.code for reason in verdict.reasons)
                if transition.clause:
                    assert all(reason.clause for reason in verdict.reasons)
                assert len(verdict.reasons) < len(said.splitlines())


def test_every_reason_at_once(world: World) -> None:
    """Wrong state, role, day and conditions are told together, each with code and clause."""
    verdict = world.can(
        "evaluate",
        world.studio("declared"),
        by=person("lead", unit="elsewhere"),
        on=date(2024, 12, 1),
        papers={"facts": {"members": 3}, "decision": "passed"},
    )

    expected = [
        ("wrong_state", "4.3"),
        ("wrong_role", "4.3"),
        ("too_late", "4.3"),
        ("complete", "4.3"),
        ("gates_for_passed", "5.0"),
    ]
    assert expected == [(reason.code, reason.clause) for reason in verdict.reasons]


def test_a_reason_says_who_could_change_it(world: World) -> None:
    """The site's lack names the roles that can put it right."""
    papers = world.papers("plaque")
    papers["facts"] = {"members": 6, "site_flag": False}
    verdict = world.can("plaque", world.studio("approved"), papers=papers)

    assert ["six_haves", "team"] == codes(verdict)
    assert ("基层党组织", "领衔人") == tuple(who.zh for who in verdict.reasons[0].who)
    assert "有党旗" in verdict.reasons[0].text("zh")


def test_asking_is_not_acting(world: World) -> None:
    """`can` says what `act` would do, and leaves the studio as it is."""
    for state in (*STATES, *ASIDE):
        studio = world.studio(state)
        before = copy.deepcopy(studio)
        for action in world.lifecycle.actions:
            verdict = world.can(action, studio)
            assert verdict == world.can(action, studio)
            try:
                taken = world.act(action, studio).verdict
            except Denied as denied:
                taken = denied.verdict
            assert verdict == taken
        assert before == studio


def test_denied_carries_everything(world: World) -> None:
    """The exception has the verdict, and says every reason in either language."""
    with pytest.raises(Denied) as caught:
        world.act("approve", world.studio("declared"), by=NOBODY, papers={"places_left": 0})

    assert ["wrong_role", "quota"] == [reason.code for reason in caught.value.reasons]
    assert "须由局机关党委办理" in caught.value.explain("zh")
    assert "no place is left" in str(caught.value)


def test_unknown_action(world: World) -> None:
    """An action that the policy does not have is an error with the nearest match."""
    with pytest.raises(InputError) as caught:
        world.lifecycle.can("aprove", world.studio("declared"), by=NOBODY, on=DAYS["approve"])

    (problem,) = caught.value.problems
    assert ("unknown_name", "action", "approve") == (problem.code, problem.path, problem.nearest)


def test_everything_available(world: World) -> None:
    """`available` answers for every action at once."""
    verdicts = world.lifecycle.available(
        world.studio("declared"), by=person("bureau_committee"), on=DAYS["approve"], places_left=1
    )

    assert [*world.policy.procedure.transitions] == [*verdicts]
    # What else the committee may do needs a remark, gaps or records to come with it.
    assert ["approve"] == [action for action, verdict in verdicts.items() if verdict]


def test_available_with_an_override(world: World) -> None:
    """An override counts for the actions that know it, and one that none knows is an error."""
    studio, committee = world.studio("declared"), person(ROLE["approve"])
    override = Override(reason="第十一个，经研究同意")
    verdicts = world.lifecycle.available(
        studio, by=committee, on=DAYS["approve"], places_left=0, overrides={"quota": override}
    )

    assert ["approve"] == [action for action, verdict in verdicts.items() if verdict]
    with pytest.raises(InputError):
        world.lifecycle.available(
            studio, by=committee, on=DAYS["approve"], overrides={"quotta": override}
        )


def test_bad_input_comes_together(world: World) -> None:
    """Facts, overrides, decision and another studio's file are refused in one error."""
    papers = world.papers("evaluate")
    papers["facts"] = FactFile(studio="s-02", facts={"members": 7.5, "activites": 1})
    papers["decision"] = "pased"
    papers["overrides"] = {"complete": Override(reason="…")}
    with pytest.raises(InputError) as caught:
        world.can("evaluate", world.studio("operating"), papers=papers)

    expected = [
        ("unknown_name", "overrides/complete", None),
        ("unknown_name", "decision", "passed"),
        ("other_studios_facts", "studio", None),
        ("wrong_type", "facts/members", None),
        ("unknown_name", "facts/activites", "activities"),
    ]
    problems = caught.value.problems
    assert sorted(expected, key=str) == sorted(
        ((problem.code, problem.path, problem.nearest) for problem in problems), key=str
    )


@pytest.mark.parametrize("name", ["gates_met", "total", "passed", "places_left", "today"])
def test_what_the_procedure_knows_can_not_be_handed_in(world: World, name: str) -> None:
    """A fact by which the procedure judges is not for the actor to supply."""
    papers = world.papers("approve")
    papers["facts"] = {name: 1}
    with pytest.raises(InputError) as caught:
        world.can("approve", world.studio("declared"), papers=papers)

    assert [f"facts/{name}"] == [problem.path for problem in caught.value.problems]


def test_a_declaration_needs_an_application(world: World) -> None:
    """Without papers nobody declares."""
    assert ["no_application"] == codes(world.can("declare", world.studio("undeclared"), papers={}))


def test_an_application_can_not_be_swapped(world: World) -> None:
    """A second application with a later action is refused: it would name other people."""
    papers = world.papers("approve") | world.papers("declare")

    assert ["already_declared"] == codes(
        world.can("approve", world.studio("declared"), papers=papers)
    )


def test_a_day_before_the_last_step_is_flagged(world: World) -> None:
    """What is claimed to have happened before the last step is recorded with a warning."""
    step = world.act("approve", world.studio("declared"), on=date(2023, 3, 21))

    assert ["before_last"] == [warning.code for warning in step.verdict.warnings]
    assert date(2023, 3, 21) == step.event.on
    same_day = world.can("approve", world.studio("declared"), on=DAYS["declare"])
    assert () == same_day.warnings


def test_the_event_records_what_came_with_the_action(world: World) -> None:
    """Facts, marks, sheet, decision, remark, actor, day and policy stand in the event."""
    papers = world.papers("evaluate")
    plain = {name: value for name, value in EVALUATION.items() if name != "goal_mark"}
    mark = Mark(criterion="5.1.1", by="p-11", role="assessor", unit="县教育局", points=Fraction(9))
    papers["facts"] = FactFile(facts=plain, marks=(mark,))
    papers["remark"] = "同意"
    step = world.act("evaluate", world.studio("operating"), papers=papers)

    event = step.event
    assert plain == dict(event.facts)
    assert (mark,) == event.marks
    assert event.sheet is not None
    assert (Fraction(92), (mark,)) == (event.sheet.total.points, event.sheet.marks)
    assert ("passed", "同意") == (event.decision, event.remark)
    assert world.policy.reference == event.policy
    assert ("operating", "evaluated") == (event.source, event.dest)


def test_a_sheet_is_recorded_once(world: World) -> None:
    """The commendation rests on the sheet on file and does not record it again."""
    studio = world.studio("commended")

    assert [None] * 4 == [event.sheet for event in studio.history[:4]]
    assert studio.history[4].sheet is studio.sheet
    assert studio.history[5].sheet is None


def test_a_mark_that_fits_no_band_is_bad_input(world: World) -> None:
    """Evaluating with a mark outside its bands is an error, not a denial."""
    papers = world.papers("evaluate")
    papers["facts"] = {**EVALUATION, "output_mark": 5}
    with pytest.raises(InputError) as caught:
        world.can("evaluate", world.studio("operating"), papers=papers)

    assert ["facts/output_mark"] == [problem.path for problem in caught.value.problems]
