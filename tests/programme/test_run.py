"""Running a batch: a step that is denied changes nothing, bad input names its file."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl
from studioflow.people import Actor
from studioflow.policy import Document, Policy, build_policy
from studioflow.programme import CaseFile, PlannedStep, read_batch, run_batch
from studioflow.studio import Guard, Question
from studioflow.text import Message, Text
from studioflow.verdict import Reason
from tests.programme.conftest import BATCH, POLICY, Folder

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
action = "rate"
by = "clerk"
studio = "one"
facts = "{facts}"
"""
EIGHT = 'schema = "studioflow.facts/1"\n[facts]\nlessons = 8\n'


class _Guarding:
    """A plugin that brings guards."""

    def __init__(self, guards: list[object]) -> None:
        self.guards = guards

    @hookimpl
    def studioflow_guards(self) -> list[object]:
        """Return the guards given."""
        return self.guards


def test_one_place(policy: Policy, folder: Folder) -> None:
    """The first takes the place, the second is told that none is left."""
    batch = read_batch(folder(ADMIT + SCORE.format(facts="one.toml"), {"one.toml": EIGHT}))
    report = run_batch(policy, batch)

    assert [True, True, True, False, True] == [o.verdict.allowed for o in report.outcomes]
    assert ["place"] == [reason.code for reason in report.outcomes[3].verdict.reasons]
    assert {"one": "scored", "two": "applied"} == {k: s.state for k, s in report.studios.items()}
    assert 0 == report.places_left
    assert batch is report.batch
    assert policy is report.policy


def test_the_action_that_takes_a_place(folder: Folder) -> None:
    """The quota counts the action that the policy names, and no other."""
    text = POLICY.replace('taken_by = "admit"', 'taken_by = "apply"')
    text = text.replace("admit.conditions.place", "apply.conditions.place")
    by_applying = build_policy(Document(tomllib.loads(text, parse_float=Decimal), name="small"))
    report = run_batch(by_applying, read_batch(folder(ADMIT)))

    assert 0 == report.places_left
    assert [True, False, True, False] == [o.verdict.allowed for o in report.outcomes]
    assert ["place"] == [reason.code for reason in report.outcomes[1].verdict.reasons]


def test_places_never_fall_below_none(policy: Policy, folder: Folder) -> None:
    """More than the quota were admitted with a reason: none is left, not minus one."""
    override = 'override = { place = { reason = "第二个" } }\n'
    report = run_batch(policy, read_batch(folder(ADMIT + override)))

    assert ["admitted", "admitted"] == [studio.state for studio in report.studios.values()]
    # An override that was not needed is not recorded.
    assert [[], ["place"]] == [[*o.event.overrides] for o in report.outcomes[2:] if o.event]
    assert 0 == report.places_left


def test_without_a_quota(policy: Policy, folder: Folder) -> None:
    """A policy without a quota does not know how many places are left."""
    assert run_batch(evolve(policy, quota=None), read_batch(folder())).places_left is None


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
    report = run_batch(policy, read_batch(folder()), host=Host([_Guarding([guard])]))

    assert [[], ["not_two"]] == [[r.code for r in o.verdict.reasons] for o in report.outcomes]
    assert ["applied", "undeclared"] == [studio.state for studio in report.studios.values()]


def test_steps_from_python(policy: Policy, folder: Folder) -> None:
    """A batch can be changed, or made, without files."""
    clerk = Actor("p-9", unit="office", roles={"clerk"})
    step = PlannedStep(on=date(2024, 1, 1), action="apply", by=clerk, studio="two")
    report = run_batch(policy, evolve(read_batch(folder()), steps=(step,)))

    assert ["two"] == [o.event.studio for o in report.outcomes if o.event]
    assert () == report.ranking


NEEDS = """
[records.visit]
label = { zh = "走访", en = "visit" }
from = ["clerk"]
date = "on"
same = ["on"]
fields.on = { type = "date", required = true, label = { zh = "日期", en = "day" } }
fields.brief = { type = "text", label = { zh = "简讯", en = "brief" } }

[measures.lessons]
kind = "count"
of = "visit"
needs = ["brief"]

[lifecycle.transitions.record]
label = { zh = "记录", en = "record" }
from = ["applied", "admitted"]
to = "same"
by = ["clerk"]
needs = ["records"]

[lifecycle.transitions.correct]
label = { zh = "更正", en = "correct" }
from = ["applied", "admitted"]
to = "same"
by = ["clerk"]
needs = ["remark"]
corrects = true

[lifecycle.transitions.give_back]
label = { zh = "退回", en = "give back" }
from = "applied"
to = "same"
by = ["clerk"]
needs = ["gaps"]
"""
CASE = 'schema = "studioflow.case/1"\n'


@pytest.fixture(scope="module")
def with_records() -> Policy:
    """The small policy, with records in place of the fact."""
    tables = tomllib.loads(POLICY + NEEDS, parse_float=Decimal)
    return build_policy(Document(tables, name="small"))


def _step(action: str, studio: str = '"one"', on: str = "2024-02-01", **keys: str) -> str:
    given = {"on": on, "action": f'"{action}"', "by": '"clerk"', "studio": studio, **keys}
    return "\n[[steps]]\n" + "".join(f"{key} = {value}\n" for key, value in given.items())


def _visits(*records: str) -> str:
    return CASE + "[records]\nvisit = [" + "".join(f"{{ {record} }}," for record in records) + "]\n"


def test_records_are_kept_and_counted(with_records: Policy, folder: Folder) -> None:
    """Records come in step by step, a correction strikes one, and the sheet counts the rest."""
    first = _visits('id = "a", on = 2024-01-08, brief = "x"', 'id = "b", on = 2024-01-09')
    second = _visits('id = "b", on = 2024-01-09, brief = "y"', 'on = 2024-01-10, brief = "z"')
    steps = (
        _step("admit")
        + _step("record", records='"first.toml"')
        + _step("correct", records='"second.toml"', strike='["a"]', remark='"误记"')
        + _step("rate", on="2024-03-01")
    )
    report = run_batch(
        with_records, read_batch(folder(steps, {"first.toml": first, "second.toml": second}))
    )
    sheet = report.studios["one"].sheet

    assert sheet is not None
    assert ("b", "visit-1") == sheet.measured["lessons"].counted
    assert 2 == sheet.total.points


def test_what_the_register_keeps(with_records: Policy, folder: Folder) -> None:
    """Evidence of another studio is seen, and the same twice in one studio is refused."""
    files = {"visit.toml": _visits('on = 2024-01-08, brief = "x"')}
    steps = _step("record", '["one", "two"]', records='"visit.toml"')
    again = _step("record", records='"visit.toml"')
    report = run_batch(with_records, read_batch(folder(steps + again, files)))

    one, two, more = (outcome.verdict for outcome in report.outcomes[2:])
    assert [] == [reason.code for reason in one.warnings]
    assert ["same_elsewhere"] == [reason.code for reason in two.warnings]
    assert ["doubled_record"] == [reason.code for reason in more.reasons]


def test_gaps_and_the_day_of_writing_down(with_records: Policy, folder: Folder) -> None:
    """Gaps come with a step; one that is written down later says so, and keeps both days."""
    steps = _step("give_back", gaps='["盖章"]', recorded="2024-02-09") + _step("give_back", '"two"')
    done, denied = run_batch(with_records, read_batch(folder(steps))).outcomes[2:]

    assert done.event is not None
    assert (("盖章",), date(2024, 2, 1)) == (done.event.gaps, done.event.on)
    assert datetime(2024, 2, 9, 12, tzinfo=UTC) == done.event.recorded
    assert ["backdated"] == [reason.code for reason in done.verdict.warnings]
    assert ["needed"] == [reason.code for reason in denied.verdict.reasons]


def test_bad_records_name_their_file(with_records: Policy, folder: Folder) -> None:
    """What does not fit a record's kind is told at its place in the case file, for all steps."""
    files = {
        "one.toml": _visits("on = 2024-01-08, breif = 3", 'on = "soon"'),
        "two.toml": CASE + 'studio = "one"\n[[records.visits]]\non = 2024-01-08\n',
    }
    steps = _step("record", '["one", "two"]', records='"{studio}.toml"')
    strike = _step("correct", strike='["x"]', remark='"r"')
    with pytest.raises(InputError) as caught:
        run_batch(with_records, read_batch(folder(steps + strike, files)))

    assert {
        ("one.toml", "records/visit/0/breif", "unknown_key"),
        ("one.toml", "records/visit/1/on", "wrong_type"),
        ("two.toml", "studio", "other_studios_facts"),
        ("two.toml", "records/visits", "unknown_name"),
        ("batch.toml", "steps/2/strike/0", "unknown_name"),
    } == {(problem.file, problem.path, problem.code) for problem in caught.value.problems}


def test_a_studio_that_was_not_let_in(policy: Policy, folder: Folder) -> None:
    """Later steps of one whose declaration was denied are denied, which is no bad input."""
    elsewhere = read_batch(folder(ADMIT, start=BATCH.replace('"clerk"]', '"clark"]')))
    report = run_batch(policy, elsewhere)

    assert [["wrong_role"]] * 2 == [
        [r.code for r in o.verdict.reasons] for o in report.outcomes[:2]
    ]
    assert ["wrong_state"] == [r.code for r in report.outcomes[2].verdict.reasons][:1]
    assert ["undeclared", "undeclared"] == [studio.state for studio in report.studios.values()]


def test_an_override_wants_a_reason(policy: Policy, folder: Folder) -> None:
    """The second is not let in by an override that says nothing."""
    report = run_batch(policy, read_batch(folder(ADMIT + "override = { place = {} }\n")))

    assert ["place", "override_no_reason"] == [
        reason.code for reason in report.outcomes[-1].verdict.reasons
    ]


def test_a_broken_plugin(policy: Policy, folder: Folder) -> None:
    """A batch is not run with a host of which something is broken; what works of it runs."""
    host = Host([object(), _Guarding([])])
    batch = read_batch(folder(ADMIT))
    with pytest.raises(InputError):
        run_batch(policy, batch, host=host)

    assert 4 == len(run_batch(policy, batch, host=host.working()).outcomes)


def test_a_case_from_python(with_records: Policy, folder: Folder) -> None:
    """What a step brings may be made in memory; whom its case is for is checked as in a file."""
    clerk = Actor("p-9", unit="office", roles={"clerk"})
    case = CaseFile(studio="one", records={"visit": ({"on": date(2024, 1, 8)},)})
    step = PlannedStep(on=date(2024, 2, 1), action="record", by=clerk, studio="one", case=case)
    batch = read_batch(folder())
    report = run_batch(with_records, evolve(batch, steps=(*batch.steps, step)))

    assert ["visit-1"] == [*report.studios["one"].records]
    with pytest.raises(InputError):
        run_batch(with_records, evolve(batch, steps=(*batch.steps, evolve(step, studio="two"))))
