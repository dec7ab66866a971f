"""Records that come in: their form, what speaks against keeping them, and what is only said."""

from __future__ import annotations

import logging
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.lifecycle import Step
from studioflow.people import Actor, Mark
from studioflow.rubric import FactFile
from studioflow.studio import Studio
from studioflow.verdict import Denied, Verdict
from tests.lifecycle.conftest import World, codes, person

DAY = date(2023, 9, 1)
MAY = date(2023, 5, 4)
HOST = person("host_party")
ASSESSOR = person("assessor")
ACTIVITY: dict[str, object] = {"on": MAY, "theme": "主题一", "notice": ["通知"], "brief": ["简讯"]}
CHECK: dict[str, object] = {"on": MAY, "irregularities": 1}
PERSONAL = ("学员甲3", "电话丁", "学校丙", "领衔人甲")


@pytest.fixture(scope="module")
def studio(world: World) -> Studio:
    """An operating studio without records."""
    return world.studio("operating")


def _can(
    world: World, studio: Studio, records: object, *, by: Actor = HOST, **more: object
) -> Verdict:
    given: Any = {"on": DAY, "today": DAY, "records": records, **more}
    return world.lifecycle.can("record", studio, by=by, **given)


def _act(world: World, studio: Studio, records: object, *, by: Actor = HOST) -> Step:
    given: Any = {"on": DAY, "today": DAY, "records": records}
    return world.lifecycle.act("record", studio, by=by, **given)


def _correct(world: World, studio: Studio, *, by: Actor = HOST, **more: Any) -> Step:  # noqa: ANN401 - on purpose
    return world.lifecycle.act("correct", studio, by=by, on=DAY, today=DAY, remark="有误", **more)


def _problems(error: InputError) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in error.problems]


# What is kept.


def test_as_a_plain_document(world: World, studio: Studio) -> None:
    """A record is kept as a plain document, with who handed it in and when."""
    (record,) = _act(world, studio, {"activity": [ACTIVITY]}).event.records

    assert ("activity", "activity-1") == (record.kind, record.id)
    assert (HOST, DAY, False) == (record.by, record.handed_in, record.late)
    assert ("2023-05-04", "主题一") == (record.data["on"], record.data["theme"])


def test_personal_parts_are_kept_apart(world: World, studio: Studio) -> None:
    """Names and what a kind marks as personal lie beside the document, by path."""
    trainee = {"person": {"id": "t-3", "name": "学员甲3"}, "joined": MAY, "contact": "电话丁"}
    (record,) = _act(world, studio, {"trainee": [trainee]}).event.records

    assert {"person/name": "学员甲3", "contact": "电话丁"} == dict(record.personal)
    assert {"id": "t-3"} == dict(record.data["person"])  # type: ignore[call-overload] # a table
    assert "contact" not in record.data


def test_the_handed_in_table_stays_as_it_was(world: World, studio: Studio) -> None:
    """Neither is the caller's table changed, nor does changing it later change the record."""
    given: dict[str, Any] = {**ACTIVITY, "id": "a-1", "notice": ["通知"]}
    (record,) = _act(world, studio, {"activity": [given]}).event.records
    given["notice"].append("另一份")

    assert "a-1" == given["id"]
    assert ["通知"] == [*record.data["notice"]]  # type: ignore[misc] # a list


# Days.


def test_future(world: World, studio: Studio) -> None:
    """What has not happened is not recorded; what happens today is."""
    tomorrow = {"activity": [{**ACTIVITY, "on": date(2023, 9, 2)}]}
    today = {"activity": [{**ACTIVITY, "on": DAY}]}

    assert ["future_record"] == codes(_can(world, studio, tomorrow))
    assert [] == codes(_can(world, studio, today))


def test_future_by_the_claimed_day(world: World, studio: Studio) -> None:
    """An action of May brings no record of June, even in September."""
    june = {"activity": [{**ACTIVITY, "on": date(2023, 7, 1)}]}

    assert ["future_record"] == codes(_can(world, studio, june, on=date(2023, 6, 25)))


def test_joining_a_roster_in_the_future(world: World, studio: Studio) -> None:
    """A roster's first day is its date; its last day may be to come."""
    trainee = {"person": {"id": "t-3"}, "joined": MAY, "left": date(2024, 7, 1)}
    later = {**trainee, "joined": date(2023, 9, 2)}

    assert [] == codes(_can(world, studio, {"trainee": [trainee]}))
    assert ["future_record"] == codes(_can(world, studio, {"trainee": [later]}))


@pytest.mark.parametrize(("on", "late"), [(date(2023, 8, 2), False), (date(2023, 8, 1), True)])
def test_late(world: World, on: date, *, late: bool) -> None:
    """On the last due day a record is in time, the day after it is late; both are kept."""
    due = world.varied({"records/activity/due_days": 30})
    step = _act(due, due.studio("operating"), {"activity": [{**ACTIVITY, "on": on}]})

    assert late is step.event.records[0].late
    assert (["late_record"] if late else []) == [w.code for w in step.verdict.warnings]


def test_left_before_joined(world: World, studio: Studio) -> None:
    """Nobody leaves before the day of joining; on that day they may."""
    trainee = {"person": {"id": "t-3"}, "joined": MAY}
    with pytest.raises(InputError) as caught:
        _can(world, studio, {"trainee": [{**trainee, "left": date(2023, 5, 3)}]})

    assert [("records/trainee/0/left", "record_ends_before_start")] == _problems(caught.value)
    assert [] == codes(_can(world, studio, {"trainee": [{**trainee, "left": MAY}]}))


# The same evidence.


def test_doubled_on_file(world: World, studio: Studio) -> None:
    """The same day and theme as one on file are the same evidence."""
    with_one = _act(world, studio, {"activity": [ACTIVITY]}).studio
    verdict = _can(world, with_one, {"activity": [{**ACTIVITY, "place": "别处"}]})

    assert ["doubled_record"] == codes(verdict)
    assert "activity-1" in verdict.explain("zh")
    assert "5.2.2" == verdict.reasons[0].clause


def test_doubled_in_one_batch(world: World, studio: Studio) -> None:
    """So are two in one list."""
    assert ["doubled_record"] == codes(_can(world, studio, {"activity": [ACTIVITY, ACTIVITY]}))


@pytest.mark.parametrize("change", [{"on": date(2023, 5, 5)}, {"theme": "主题二"}])
def test_not_doubled(world: World, studio: Studio, change: dict[str, object]) -> None:
    """Another day or another theme is another activity."""
    both = {"activity": [ACTIVITY, {**ACTIVITY, **change}]}

    assert [] == codes(_can(world, studio, both))


def test_a_kind_that_compares_nothing(world: World, studio: Studio) -> None:
    """Where a kind does not say what makes two the same, nothing is."""
    money = {"on": MAY, "amount": 100, "what": "spent"}

    assert [] == codes(_can(world, studio, {"fund": [money, money]}))


def test_elsewhere(world: World, studio: Studio) -> None:
    """What another studio holds is said; what only this one holds is not."""
    asked: list[str] = []

    def elsewhere(digest: str) -> tuple[str, ...]:
        asked.append(digest)
        return ("s-01", "s-07", "s-07")

    (warning,) = _can(world, studio, {"activity": [ACTIVITY]}, elsewhere=elsewhere).warnings

    assert ("same_elsewhere", ("s-07",)) == (warning.code, warning.parameters["studios"])
    assert all(digest.startswith("same:") for digest in asked)
    assert [] == codes(_can(world, studio, {"activity": [ACTIVITY]}, elsewhere=lambda _: ("s-01",)))


# Who records.


def test_the_wrong_role_for_a_kind(world: World, studio: Studio) -> None:
    """Who may record at all may not record everything; each kind is named once."""
    both = {"activity": [ACTIVITY, {**ACTIVITY, "theme": "主题二"}], "fund_review": []}
    verdict = _can(world, studio, both, by=ASSESSOR)

    assert ["wrong_recorder"] == codes(verdict)
    assert "研修活动由基层党组织、领衔人记录" in verdict.explain("zh")


OWN = Actor("lead-a", unit="elsewhere", roles={"assessor", "lead"})


def test_independent_kinds(world: World, studio: Studio) -> None:
    """A spot check is nobody's own: refused by person and by unit, and said once."""
    of_unit = Actor("p-88", unit="样例学校", roles={"assessor"})
    two = {"spot_check": [CHECK, {**CHECK, "on": date(2023, 5, 6)}]}

    assert ["own_studio"] == codes(_can(world, studio, two, by=OWN))
    assert ["own_unit"] == codes(_can(world, studio, two, by=of_unit))
    assert [] == codes(_can(world, studio, two, by=ASSESSOR))


def test_own_kinds(world: World, studio: Studio) -> None:
    """What a studio tells of itself is its own to record."""
    assert [] == codes(_can(world, studio, {"activity": [ACTIVITY]}, by=OWN))


def test_judgements_are_not_the_studios_to_strike(world: World, studio: Studio) -> None:
    """Its people strike neither a spot check nor a mark; the bureau may strike either."""
    judged = _act(world, studio, {"spot_check": [CHECK]}, by=ASSESSOR).studio
    mark = Mark(criterion="5.1.1", by="p-11", role="assessor", unit="县教育局", points=Fraction(6))
    judged = world.lifecycle.act(
        "mark", judged, by=ASSESSOR, on=DAY, facts=FactFile(marks=(mark,))
    ).studio
    for gone in ("spot_check-1", "5.1.1/p-11"):
        with pytest.raises(Denied) as caught:
            _correct(world, judged, by=OWN, strike=[gone])
        assert ["own_studio"] == [reason.code for reason in caught.value.reasons]
        assert (gone,) == _correct(world, judged, by=ASSESSOR, strike=[gone]).event.struck


def test_marks_are_not_the_studios_to_hand_in(world: World, studio: Studio) -> None:
    """Its people do not hand in marks under an assessor's name."""
    mark = Mark(criterion="5.1.1", by="p-11", role="assessor", unit="县教育局", points=Fraction(9))
    with pytest.raises(Denied) as caught:
        _correct(world, studio, by=OWN, facts=FactFile(marks=(mark,)))

    assert ["own_studio"] == [reason.code for reason in caught.value.reasons]


# Only one.


def test_once(world: World, studio: Studio) -> None:
    """Of some kinds a studio has one: a second is refused, in one batch as well."""
    goal = {"on": MAY, "goals": ["带出一批骨干"]}
    with_one = _act(world, studio, {"goal": [goal]}).studio

    assert ["only_one"] == codes(_can(world, with_one, {"goal": [goal]}))
    assert ["only_one"] == codes(_can(world, studio, {"goal": [goal, goal]}))


def test_once_corrected(world: World, studio: Studio) -> None:
    """The one there is may be replaced, or struck with another taking its place."""
    goal = {"on": MAY, "goals": ["带出一批骨干"]}
    with_one = _act(world, studio, {"goal": [goal]}).studio
    replaced = _correct(world, with_one, records={"goal": [{**goal, "id": "goal-1"}]}).studio
    another = _correct(world, with_one, records={"goal": [goal]}, strike=["goal-1"]).studio

    assert (["goal-1"], ["goal-2"]) == ([*replaced.records], [*another.records])


# Ids.


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "padded_id"),
        (" a-1", "padded_id"),
        (7, "padded_id"),
        ("a\u200b1", "bad_character"),
        ("5.1.1/p-11", "slash_in_id"),
    ],
)
def test_ids_that_are_none(world: World, studio: Studio, name: object, code: str) -> None:
    """An id is visible text without white space around it, and without a slash."""
    with pytest.raises(InputError) as caught:
        _can(world, studio, {"activity": [{**ACTIVITY, "id": name}]})

    assert [code] == [problem.code for problem in caught.value.problems]


def test_ids_that_come_later(world: World, studio: Studio) -> None:
    """A record without an id leaves those alone that others of its batch have, wherever."""
    later = {"beneficiary": [{"group": "甲"}, {"group": "乙", "id": "beneficiary-1"}]}
    taken = _can(world, studio, later)
    assert taken.allowed


def test_ids_that_are_used(world: World, studio: Studio) -> None:
    """An id stands for one record, in one batch and ever after."""
    twice = {"activity": [{**ACTIVITY, "id": "a-1"}], "beneficiary": [{"group": "…", "id": "a-1"}]}
    with pytest.raises(InputError) as caught:
        _can(world, studio, twice)
    assert [("records/beneficiary/0", "record_exists")] == _problems(caught.value)

    with_one = _act(world, studio, {"activity": [{**ACTIVITY, "id": "a-1"}]}).studio
    struck = _correct(world, with_one, strike=["a-1"]).studio
    for later in (with_one, struck):
        with pytest.raises(InputError):
            _can(world, later, {"activity": [{**ACTIVITY, "id": "a-1", "theme": "主题二"}]})


# Corrections.


def test_what_was_struck_stays_struck(world: World, studio: Studio) -> None:
    """A struck record is not on file, so nothing corrects it and nothing strikes it again."""
    with_one = _act(world, studio, {"activity": [ACTIVITY]}).studio
    struck = _correct(world, with_one, strike=["activity-1"]).studio
    for again in (
        {"strike": ["activity-1"]},
        {"records": {"activity": [{**ACTIVITY, "id": "activity-1"}]}},
    ):
        with pytest.raises(InputError):
            _correct(world, struck, **again)


def test_struck_and_replaced_at_once(world: World, studio: Studio) -> None:
    """One event does not both strike a record and replace it."""
    with_one = _act(world, studio, {"activity": [ACTIVITY]}).studio
    with pytest.raises(InputError):
        _correct(
            world,
            with_one,
            strike=["activity-1"],
            records={"activity": [{**ACTIVITY, "id": "activity-1"}]},
        )


def test_only_a_correction_strikes(world: World, studio: Studio) -> None:
    """Recording strikes nothing."""
    with_one = _act(world, studio, {"activity": [ACTIVITY]}).studio
    with pytest.raises(InputError) as caught:
        _can(world, with_one, {"beneficiary": [{"group": "…"}]}, strike=["activity-1"])

    assert [("strike/0", "not_a_correction")] == _problems(caught.value)


def test_a_correction_is_late_as_well(world: World) -> None:
    """A record that is replaced after its due day is late, whatever the first one was."""
    due = world.varied({"records/activity/due_days": 30})
    with_one = _act(
        due, due.studio("operating"), {"activity": [{**ACTIVITY, "on": date(2023, 8, 30)}]}
    ).studio
    corrected = _correct(due, with_one, records={"activity": [{**ACTIVITY, "id": "activity-1"}]})

    assert (False, True) == (
        with_one.records["activity-1"].late,
        corrected.studio.records["activity-1"].late,
    )


# Bad input.


def test_everything_at_once(world: World, studio: Studio) -> None:
    """Unknown kinds, fields, types and ids are told together, each with its path."""
    given = {
        "activity": [{"on": 3, "themes": "…"}, {"theme": "…"}, 7],
        "actvity": [{}],
        "trainee": "学员",
    }
    with pytest.raises(InputError) as caught:
        _can(world, studio, given)

    found = {(path.split("/on")[0], code) for path, code in _problems(caught.value)}
    assert {
        ("records/activity/0", "wrong_type"),
        ("records/trainee", "wrong_type"),
        ("records/actvity", "unknown_name"),
    } <= found
    assert 5 <= len(caught.value.problems)


def test_nothing_personal_is_said(
    world: World, studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    """No `repr`, text or log of event, studio, record, denial or problem has a personal part."""
    trainee = {
        "person": {"id": "t-3", "name": "学员甲3"},
        "joined": MAY,
        "contact": "电话丁",
        "unit": "学校丙",
    }
    said: list[object] = []
    with caplog.at_level(logging.DEBUG):
        step = _act(world, studio, {"trainee": [trainee]})
        bad = {**trainee, "subject": 5, "goals": "学员甲3", "outstanding": "学校丙"}
        broken = {**trainee, "person": {"id": "", "name": "学员甲3", "telephone": "电话丁"}}
        for given in (bad, broken, {**trainee, "joined": date(2023, 9, 2)}):
            with pytest.raises((Denied, InputError)) as caught:
                _act(world, step.studio, {"trainee": [given]})
            assert isinstance(caught.value, Denied | InputError)
            said += [str(caught.value), repr(caught.value), caught.value.explain("zh")]
    record = step.event.records[0]
    for value in (step, step.event, step.studio, record, step.verdict, step.studio.records):
        said += [str(value), repr(value), f"{value}"]

    whole = "\n".join([*map(str, said), caplog.text])
    assert [] == [word for word in PERSONAL if word in whole]
