"""Running a batch: a step that is denied changes nothing, bad input names its file."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import PlannedStep, places_left, read_batch, run_batch
from studioflow.studio import Guard, Question, Studio
from studioflow.text import Message, Text
from studioflow.verdict import Reason
from tests.programme.conftest import Folder

ADMIT = """
[[steps]]
on = 2024-02-01
action = "admit"
by = "clerk"
studio = ["one", "two"]
"""
SCORE = """
[[steps]]
on = 2024-03-01
action = "score"
by = "clerk"
studio = "one"
facts = "{facts}"
"""
EIGHT = 'schema = "studioflow.facts/1"\n[facts]\nlessons = 8\n'


def test_one_place(policy: Policy, folder: Folder) -> None:
    """The first takes the place, the second is told that none is left."""
    batch = read_batch(folder(ADMIT + SCORE.format(facts="one.toml"), {"one.toml": EIGHT}))
    report = run_batch(policy, batch)

    assert [True, True, True, False, True] == [o.verdict.allowed for o in report.outcomes]
    assert ["place"] == [reason.code for reason in report.outcomes[3].verdict.reasons]
    assert {"one": "scored", "two": "applied"} == {k: s.state for k, s in report.studios.items()}
    assert 0 == places_left(policy, report.studios.values())
    assert batch is report.batch
    assert policy is report.policy


def test_the_action_that_takes_a_place(policy: Policy, folder: Folder) -> None:
    """The quota counts the action that the policy names, and no other."""
    by_applying = policy.vary({"quota/taken_by": "apply", "quota/places": 2})
    report = run_batch(by_applying, read_batch(folder(ADMIT)))

    assert 2 == places_left(by_applying, [])
    assert 0 == places_left(by_applying, report.studios.values())
    assert [True, True, False, False] == [o.verdict.allowed for o in report.outcomes]


def test_places_never_fall_below_none(policy: Policy, folder: Folder) -> None:
    """More than the quota were admitted with a reason: none is left, not minus one."""
    override = 'override = { place = { reason = "第二个" } }\n'
    report = run_batch(policy, read_batch(folder(ADMIT + override)))

    assert ["admitted", "admitted"] == [studio.state for studio in report.studios.values()]
    # An override that was not needed is not recorded.
    assert [[], ["place"]] == [[*o.event.overrides] for o in report.outcomes[2:] if o.event]
    assert 0 == places_left(policy, report.studios.values())


def test_without_a_quota(policy: Policy) -> None:
    """A policy without a quota does not know how many places are left."""
    assert places_left(evolve(policy, quota=None), [Studio(id="s")]) is None


def test_bad_input_names_its_place(policy: Policy, folder: Folder) -> None:
    """What does not fit the policy is told for all steps at once, by file and path."""
    steps = (
        ADMIT.replace("admit", "admitt")
        + ADMIT
        + SCORE.format(facts="in/one.toml")
        + SCORE.format(facts="two.toml").replace('"one"', '"two"')
        + SCORE.format(facts="one.toml")
        + 'decision = "god"\n'
    )
    files = {
        "in/one.toml": 'schema = "studioflow.facts/1"\n[facts]\nlessons = 21\nleson = 1\n',
        "two.toml": 'studio = "one"\n' + EIGHT,
        "one.toml": 'studio = "one"\n' + EIGHT,
    }
    with pytest.raises(InputError) as caught:
        run_batch(policy, read_batch(folder(steps, files)))

    assert [
        ("batch.toml", "steps/1/action", "unknown_name"),
        ("batch.toml", "steps/1/action", "unknown_name"),
        ("in/one.toml", "facts/lessons", "out_of_bounds"),
        ("in/one.toml", "facts/leson", "unknown_name"),
        ("two.toml", "studio", "other_studios_facts"),
        ("batch.toml", "steps/5/decision", "unknown_name"),
    ] == [(problem.file, problem.path, problem.code) for problem in caught.value.problems]
    assert "good" == caught.value.problems[-1].nearest


def test_guards_are_asked(policy: Policy, folder: Folder) -> None:
    """What plugins say counts in a batch as well."""

    def check(question: Question) -> list[Reason]:
        says = Message("not_two", Text("不接纳", "not this one"))
        return [Reason(says)] if question.studio == "two" else []

    guard = Guard(id="g", check=check, actions=frozenset({"apply"}), origin="p")
    report = run_batch(policy, read_batch(folder()), guards=[guard])

    assert [[], ["not_two"]] == [[r.code for r in o.verdict.reasons] for o in report.outcomes]
    assert ["applied", "undeclared"] == [studio.state for studio in report.studios.values()]


def test_steps_from_python(policy: Policy, folder: Folder) -> None:
    """A batch can be changed, or made, without files."""
    clerk = Actor("p-9", unit="office", roles={"clerk"})
    step = PlannedStep(on=date(2024, 1, 1), action="apply", by=clerk, studio="two")
    report = run_batch(policy, evolve(read_batch(folder()), steps=(step,)))

    assert ["two"] == [o.event.studio for o in report.outcomes if o.event]
    assert () == report.ranking
