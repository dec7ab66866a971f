"""Reading a batch: every problem of all its files, each with its file and path."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor, Mark, Person
from studioflow.programme import read_batch
from studioflow.studio import Override
from tests.programme.conftest import BATCH, Folder


def _step(**keys: str) -> str:
    given = {"on": "2024-02-01", "action": '"admit"', "by": '"clerk"', "studio": '"one"', **keys}
    return "\n[[steps]]\n" + "".join(f"{key} = {value}\n" for key, value in given.items())


def _problems(folder: Path) -> list[tuple[str | None, str, str]]:
    with pytest.raises(InputError) as caught:
        read_batch(folder)
    return [(problem.file, problem.path, problem.code) for problem in caught.value.problems]


def test_a_batch(folder: Folder) -> None:
    """Studios, actors and steps are read; a step for several studios is a step for each."""
    facts = 'schema = "studioflow.facts/1"\n[facts]\nlessons = 8\n'
    override = '{ place = { reason = "好", by = "clerk" } }'
    batch = read_batch(
        folder(
            _step(facts='"in/one.toml"', decision='"good"', override=override, remark='"r"'),
            {"in/one.toml": facts},
        )
    )

    assert ("b", "small", "批") == (batch.id, batch.policy, batch.label.zh)
    assert ("工作室二", "city", (Person("m-1", "丙"),)) == (
        batch.studios["two"].name,
        batch.studios["two"].level,
        batch.studios["two"].members,
    )
    assert [("apply", "one"), ("apply", "two"), ("admit", "one")] == [
        (step.action, step.studio) for step in batch.steps
    ]
    clerk = Actor("p-1", unit="bureau", roles={"clerk"})
    last = batch.steps[-1]
    assert (clerk, date(2024, 2, 1), "good", "r") == (last.by, last.on, last.decision, last.remark)
    assert {"lessons": 8} == last.facts.facts
    assert {"place": Override(reason="好", by=clerk)} == last.overrides
    assert ("steps/1", "in/one.toml") == (last.place, last.facts_file)


def test_what_steps_need(folder: Folder) -> None:
    """A deadline, an opinion, a new lead and an amount come with the steps that need them."""
    batch = read_batch(
        folder(
            _step(
                due="2024-03-01",
                opinion="false",
                lead='{ id = "lead-b", name = "领衔人乙" }',
                amount="12.5",
            )
            + _step()
        )
    )
    *_, given, bare = batch.steps
    expected = (date(2024, 3, 1), False, Person("lead-b", "领衔人乙"), Fraction(25, 2))

    assert expected == (given.due, given.opinion, given.lead, given.amount)
    assert (None, None, None, None) == (bare.due, bare.opinion, bare.lead, bare.amount)


def test_a_new_lead_is_not_told(folder: Folder) -> None:
    """What is wrong with a new lead is told without the name."""
    with pytest.raises(InputError) as caught:
        read_batch(folder(_step(lead='{ name = "领衔人乙" }')))
    assert "领衔人乙" not in str(caught.value)


def test_every_problem_at_once(folder: Folder) -> None:
    """Unknown names in every place, and what is wrong in each fact file, come in one error."""
    where = folder(
        _step(by='"clark"', studio='["one", "too"]')
        + _step(override='{ place = { reason = "x", by = "nobody" } }')
        + _step(facts='"bad.toml"')
        + _step(facts='"in/worse.json"')
        + _step(facts='"missing.toml"'),
        {
            "bad.toml": 'schema = "studioflow.facts/1"\n'
            "[facts]\nlessons = nan\nlesson = 1\n[more]\n",
            "in/worse.json": '{"facts": {}, "facts": {}}',
        },
        start=BATCH.replace('host = "clerk"', 'host = "clerks"').replace("batch/1", "batch/2"),
    )

    assert {
        ("batch.toml", "schema", "wrong_schema"),
        ("batch.toml", "studios/one/host", "unknown_name"),
        ("batch.toml", "steps/1/by", "unknown_name"),
        ("batch.toml", "steps/1/studio", "unknown_name"),
        ("batch.toml", "steps/2/override/place/by", "unknown_name"),
        ("bad.toml", "facts/lessons", "not_finite"),
        ("in/worse.json", "facts", "duplicate_key"),
        ("missing.toml", "", "not_readable"),
    } == {*_problems(where)}


def test_the_form_of_the_file(folder: Folder) -> None:
    """Wrong types, unknown and missing keys are told with their paths, before names are."""
    where = folder(_step(on='"yesterday"', stduio='"one"', by="3").replace('studio = "one"\n', ""))

    assert {
        ("batch.toml", "steps/1/on", "wrong_type"),
        ("batch.toml", "steps/1/by", "wrong_type"),
        ("batch.toml", "steps/1/stduio", "unknown_key"),
        ("batch.toml", "steps/1", "missing_key"),
    } == {*_problems(where)}


def test_a_step_for_no_studio(folder: Folder) -> None:
    """It is no step that is passed over, but a mistake."""
    where = folder(_step(studio="[]"))
    assert [("batch.toml", "steps/1/studio", "unknown_name")] == _problems(where)


def test_a_member_twice(folder: Folder) -> None:
    """Whoever is listed twice is named by the id, at the second place."""
    twice = 'members = [{ id = "m-1", name = "丙" }, { id = "m-1", name = "丁" }]'
    where = folder(start=BATCH.replace('members = [{ id = "m-1", name = "丙" }]', twice))
    assert [("batch.toml", "studios/two/members/1", "listed_twice")] == _problems(where)


def test_no_batch_file(tmp_path: Path) -> None:
    """A folder without a batch is said to be one."""
    assert [("batch.toml", "", "not_readable")] == _problems(tmp_path)


@pytest.mark.parametrize("path", ["../secret.toml", "in/../../secret.toml", "{absolute}"])
def test_fault_21_a_path_out_of_the_folder(folder: Folder, tmp_path: Path, path: str) -> None:
    """Facts outside the batch's folder are refused, and not read."""
    (tmp_path / "secret.toml").write_text("[facts]\nlessons = 1\n")
    named = path.format(absolute=(tmp_path / "secret.toml").as_posix())

    where = folder(_step(facts=f'"{named}"'))
    assert [("batch.toml", "steps/1/facts", "outside_folder")] == _problems(where)


def test_fault_21_a_link_out_of_the_folder(folder: Folder, tmp_path: Path) -> None:
    """Neither a link to a file nor one to a folder leads out."""
    (tmp_path / "secret.toml").write_text("[facts]\nlessons = 1\n")
    where = folder(_step(facts='"link.toml"') + _step(facts='"up/secret.toml"'))
    (where / "link.toml").symlink_to(tmp_path / "secret.toml")
    (where / "up").symlink_to(tmp_path, target_is_directory=True)

    assert [
        ("batch.toml", "steps/1/facts", "outside_folder"),
        ("batch.toml", "steps/2/facts", "outside_folder"),
    ] == _problems(where)


def test_a_link_inside_the_folder(folder: Folder, tmp_path: Path) -> None:
    """A folder that is reached by a link, and links inside it, are all right."""
    where = folder(
        _step(facts='"same.toml"'),
        {"one.toml": 'schema = "studioflow.facts/1"\n[facts]\nlessons = 1\n'},
    )
    (where / "same.toml").symlink_to("one.toml")
    (tmp_path / "alias").symlink_to(where, target_is_directory=True)

    assert {"lessons": 1} == read_batch(tmp_path / "alias").steps[-1].facts.facts


def test_fault_26_names_that_look_alike(folder: Folder) -> None:
    """Two studios that the eye can't tell apart are named, and one with a hidden sign refused."""
    alike = read_batch(folder(start=BATCH.replace("工作室二", "工作室 一")))
    assert (("工作室一", "工作室 一"),) == alike.look_alikes

    hidden = folder(start=BATCH.replace("工作室二", "工作室\u200b一"))
    assert [("batch.toml", "studios/two/name", "bad_character")] == _problems(hidden)


def test_ids_with_white_space(folder: Folder) -> None:
    """An id or unit that no comparison would find is refused at its place in the file."""
    start = BATCH.replace('unit = "bureau"', 'unit = "bureau "').replace(
        '"school 1"', '" school 1"'
    )
    start = start.replace('id = "l-2"', 'id = "l-2 "').replace('id = "m-1"', 'id = " m-1"')

    assert [
        ("batch.toml", "actors/clerk/unit", "padded_id"),
        ("batch.toml", "studios/one/unit", "padded_id"),
        ("batch.toml", "studios/two/lead/id", "padded_id"),
        ("batch.toml", "studios/two/members/0/id", "padded_id"),
    ] == _problems(folder(start=start))


def test_a_mark_with_white_space(folder: Folder) -> None:
    """A mark's unit is refused at its place in the fact file."""
    mark = '[[marks]]\ncriterion = "lessons"\nby = "p"\nrole = "clerk"\nunit = "u "\npoints = 1\n'
    files = {"one.toml": f'schema = "studioflow.facts/1"\n{mark}'}

    assert [("one.toml", "marks/0/unit", "padded_id")] == _problems(
        folder(_step(facts='"one.toml"'), files)
    )


CASE = 'schema = "studioflow.case/1"\n'
FORM = """
[application]
name = "工作室三"
unit = "school 3"
lead = { id = "l-3", name = "丙" }
"""


def test_records_of_a_step(folder: Folder) -> None:
    """A case file comes with a step, and the day on which it was written down, gaps and strikes."""
    mark = '[[marks]]\ncriterion = "lessons"\nby = "p"\nrole = "clerk"\npoints = 1\n'
    case = f'{CASE}studio = "one"\n{mark}[[records.activity]]\nid = "a"\ntheme = "读书"\n'
    more = {"gaps": '["盖章"]', "strike": '["b"]', "recorded": "2024-02-03"}
    batch = read_batch(folder(_step(records='"in/one.toml"', **more), {"in/one.toml": case}))

    step = batch.steps[-1]
    assert ({"id": "a", "theme": "读书"},) == step.case.records["activity"]
    given = Mark(criterion="lessons", by="p", role="clerk", points=Fraction(1))
    assert ("one", (given,)) == (step.handed_in.studio, step.handed_in.marks)
    assert (("盖章",), ("b",), date(2024, 2, 3)) == (step.gaps, step.strike, step.recorded)
    assert ("in/one.toml", None) == (step.records_file, step.facts_file)


def test_a_file_for_each_studio(folder: Folder) -> None:
    """One step for several studios takes the file that is named after each."""
    files = {f"{key}.toml": f'{CASE}studio = "{key}"\n' for key in ("one", "two")}
    batch = read_batch(folder(_step(studio='["one", "two"]', records='"{studio}.toml"'), files))

    assert [("one", "one.toml"), ("two", "two.toml")] == [
        (step.case.studio, step.records_file) for step in batch.steps[-2:]
    ]


def test_an_application_in_a_case_file(folder: Folder) -> None:
    """A studio's form may stand in a case file, and nowhere else then."""
    start = BATCH.replace("[actors", '[studios.three]\nrecords = "three.toml"\n\n[actors', 1)
    read = read_batch(folder(files={"three.toml": CASE + FORM}, start=start))

    assert ("工作室三", Person("l-3", "丙")) == (
        read.studios["three"].name,
        read.studios["three"].lead,
    )


def test_what_is_wrong_with_case_files(folder: Folder) -> None:
    """Files without a form, of another schema, doubled with facts, and outside are all told."""
    start = BATCH.replace(
        "[actors",
        '[studios.three]\nrecords = "three.toml"\n[studios.four]\nrecords = "two.toml"\n'
        'level = "city"\n[studios.five]\nlevel = "city"\n\n[actors',
        1,
    )
    steps = (
        _step(records='"facts.toml"')
        + _step(records='"../secret.toml"')
        + _step(records='"two.toml"', facts='"facts.toml"')
        + _step(records='"bad.toml"')
    )
    files = {
        "three.toml": CASE,
        "two.toml": CASE + FORM,
        "facts.toml": 'schema = "studioflow.facts/1"\n[facts]\nlessons = 1\n',
        "bad.toml": CASE + "records = 3\n[marks]\n",
    }
    assert {
        ("batch.toml", "studios/three/records", "no_application_in_file"),
        ("batch.toml", "studios/four/records", "one_of_two"),
        ("batch.toml", "studios/five", "missing_key"),
        ("facts.toml", "schema", "wrong_schema"),
        ("batch.toml", "steps/2/records", "outside_folder"),
        ("batch.toml", "steps/3/records", "one_of_two"),
        ("bad.toml", "records", "wrong_type"),
        ("bad.toml", "marks", "wrong_type"),
    } == {*_problems(folder(steps, files, start=start))}


def test_an_override_without_a_reason(folder: Folder) -> None:
    """It is read as one: that there is no reason is for the verdict to say."""
    batch = read_batch(folder(_step(override="{ place = {} }")))
    assert {"place": Override(reason="")} == batch.steps[-1].overrides
