"""Case files: every record checked by its kind, every problem at once, unchanged through JSON."""

from __future__ import annotations

import string
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.codec import parse
from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.people import Mark, Opinion, Person
from studioflow.policy import RecordField, RecordKind
from studioflow.programme import CaseFile, read_case_file
from studioflow.rubric import InspectedItem, Inspection
from studioflow.studio import Application

Read = Callable[..., CaseFile]

HEAD = 'schema = "studioflow.case/1"\n'
REFERENCE = load_policy("yongjia-2023")
KINDS = 27
FULL = """\
schema = "studioflow.case/1"
studio = "s-01"
marks = [{ criterion = "5.1.1", by = "p-11", role = "assessor", points = 9, on = 2024-11-12 }]

[application]
name = "样例工作室"
unit = "样例学校"
lead = { id = "lead-a", name = "领衔人甲" }
members = [{ id = "member-a1", name = "成员甲1" }]

[records]
activity = [
    { id = "first", on = 2023-05-10, theme = "读书会", attendance = 92.5, brief = ["简讯"] },
]
fund = [{ on = 2023-05-15, what = "spent", amount = 42.50 }]

[inspection]
by = "p-12"
role = "assessor"
on = 2024-11-13
[inspection.items.flag]
present = false
remark = "还没有"
"""


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a case file with a text, under a name."""

    def reads(text: str, name: str = "case.toml") -> CaseFile:
        (tmp_path / name).write_text(text, "utf-8")
        return read_case_file(tmp_path / name, REFERENCE)

    return reads


def _problems(read: Read, text: str, name: str = "case.toml") -> set[tuple[str | None, str, str]]:
    with pytest.raises(InputError) as caught:
        read(text, name)
    return {(problem.file, problem.path, problem.code) for problem in caught.value.problems}


def test_a_case_file(read: Read) -> None:
    """Form, records, marks and inspection are read; records are as their kinds write them."""
    case = read(FULL)

    lead, member = Person("lead-a", "领衔人甲"), Person("member-a1", "成员甲1")
    form = Application(name="样例工作室", unit="样例学校", lead=lead, members=(member,))
    day = date(2024, 11, 12)
    mark = Mark(criterion="5.1.1", by="p-11", role="assessor", points=Fraction(9), on=day)
    seen = Inspection(
        items={"flag": InspectedItem(present=False, remark="还没有")},
        by="p-12",
        role="assessor",
        on=date(2024, 11, 13),
    )
    activity = {"id": "first", "on": "2023-05-10", "theme": "读书会", "brief": ["简讯"]}
    assert ("s-01", form, (mark,), seen) == (
        case.studio,
        case.application,
        case.marks,
        case.inspection,
    )
    assert ({**activity, "attendance": Decimal("92.5")},) == case.records["activity"]
    assert Decimal("42.5") == case.records["fund"][0]["amount"]


def test_a_personal_part_is_not_shown(read: Read) -> None:
    """Neither records nor names stand in the `repr`."""
    shown = repr(read(FULL))
    assert [] == [word for word in ("读书会", "领衔人甲", "成员甲1") if word in shown]


def test_through_json(read: Read) -> None:
    """TOML and its JSON make the same file, to the letter of every number."""
    case = read(FULL)
    assert case == read(case.to_json(REFERENCE), "case.json")


def test_the_document_says_nothing_empty(read: Read) -> None:
    """What was left out is left out again."""
    case = read(HEAD + '[[records.goal]]\non = 2023-04-20\ngoals = ["一"]\n')
    goal = {"on": "2023-04-20", "goals": ["一"]}
    expected = {"schema": "studioflow.case/1", "records": {"goal": [goal]}}

    assert expected == case.to_dict(REFERENCE)


def test_every_problem_at_once(read: Read) -> None:
    """Unknown kinds, wrong fields, missing ones, ids, marks and items come in one error."""
    text = (
        HEAD
        + "marks = [\n"
        + '{ criterion = "5.1.1", by = "p-11", role = "assessor", points = 11 },\n'
        + '{ criterion = "5.1.9", by = "p-11", role = "assessor", points = 9 },\n]\n'
        + "[records]\nactivities = []\n"
        + 'activity = [{ id = "x", theme = 3 }, { id = "x", on = 2023-05-10, them = "y" }]\n'
        + 'goal = [{ id = " ", on = "2023-13-01" }]\n'
        + "[inspection.items.flags]\npresent = true\n"
    )
    assert {
        ("case.toml", "records/activities", "unknown_name"),
        ("case.toml", "records/activity/0/theme", "wrong_type"),
        ("case.toml", "records/activity/0", "missing_key"),
        ("case.toml", "records/activity/1/id", "record_id_used_twice"),
        ("case.toml", "records/activity/1/them", "unknown_key"),
        ("case.toml", "records/goal/0/id", "padded_id"),
        ("case.toml", "records/goal/0/on", "wrong_type"),
        ("case.toml", "marks/0/points", "out_of_bounds"),
        ("case.toml", "marks/1/criterion", "unknown_name"),
        ("case.toml", "inspection/items/flags", "unknown_name"),
    } == {
        (file, path, "unknown_name" if code == "not_marked" else code)
        for file, path, code in _problems(read, text)
    }


def test_as_strict_as_recording(read: Read) -> None:
    """An id with a slash, and a roster that somebody left before joining, are refused already."""
    text = HEAD + (
        '[[records.goal]]\nid = "a/b"\non = 2023-04-20\ngoals = ["一"]\n'
        '[[records.trainee]]\nperson = { id = "t" }\njoined = 2023-03-21\nleft = 2023-03-20\n'
    )
    assert {
        ("case.toml", "records/goal/0/id", "slash_in_id"),
        ("case.toml", "records/trainee/0/left", "record_ends_before_start"),
    } == _problems(read, text)


def test_the_form_of_the_file(read: Read) -> None:
    """Wrong tables, keys and people are told before the records are looked at."""
    text = HEAD + (
        'marked = []\nrecords = { activity = 3 }\n[application]\nname = ""\nunit = "u"\n'
        'lead = { id = " a" }\n'
    )
    assert {
        ("case.toml", "marked", "unknown_key"),
        ("case.toml", "records/activity", "wrong_type"),
        ("case.toml", "application/name", "empty_text"),
        ("case.toml", "application/lead/id", "padded_id"),
    } == _problems(read, text)


@pytest.mark.parametrize("schema", ["studioflow.facts/1", "", None])
def test_another_file(read: Read, schema: str | None) -> None:
    """Of a file that is none, that is all that is said."""
    start = "" if schema is None else f'schema = "{schema}"\n'
    assert {("case.toml", "schema", "wrong_schema")} == _problems(read, f"{start}facts = 3\n")


def test_a_personal_value_stands_in_no_problem(read: Read) -> None:
    """What is wrong with a telephone number is said without the number."""
    with pytest.raises(InputError) as caught:
        read(HEAD + "[[records.application_form]]\nlead_contact = 13800000000\n")
    assert "13800000000" not in str(caught.value)


def test_a_number_without_an_end() -> None:
    """A third can be marked in Python, and written in no file."""
    mark = Mark(criterion="5.1.1", by="p-11", role="assessor", points=Fraction(9))
    case = CaseFile(marks=(evolve(mark, points=Fraction(28, 3)),))
    with pytest.raises(InputError):
        case.to_json(REFERENCE)


# --- random records of every kind ---------------------------------------------------------------

WORDS = st.text(string.ascii_letters + "研修甲乙 ", min_size=1, max_size=8).filter(
    lambda word: word == word.strip() != ""
)
DAYS = st.dates(date(2000, 1, 1), date(2030, 12, 31))
PEOPLE = st.builds(Person, WORDS, WORDS)


def _values(declared: RecordField) -> st.SearchStrategy[Any]:
    """Return values that fit a field, as Python has them."""
    low, high = declared.low or Fraction(0), declared.high or Fraction(10_000)
    numbers = st.integers(int(low), int(high))
    words = st.sampled_from(sorted(declared.values) or [""])
    lists = st.lists(WORDS, max_size=3, unique=True).map(tuple)
    people = st.lists(PEOPLE, max_size=3, unique_by=lambda person: person.id).map(tuple)
    by_type: dict[str, st.SearchStrategy[Any]] = {
        "text": WORDS,
        "texts": lists,
        "evidence": lists,
        "flag": st.booleans(),
        "count": numbers,
        "number": numbers.map(lambda n: n * (declared.step or 1)).filter(lambda n: n <= high),
        "money": numbers.map(lambda n: Fraction(n, 100)),
        "date": DAYS,
        "month": DAYS.map(lambda day: f"{day:%Y-%m}"),
        "choice": words,
        "choices": st.lists(words, unique=True).map(tuple),
        "person": PEOPLE,
        "people": people,
        "opinion": st.builds(Opinion, WORDS, sealed=st.booleans(), on=st.none() | DAYS),
    }
    return by_type[declared.type]


def _records(kind: RecordKind) -> st.SearchStrategy[dict[str, object]]:
    """Return records of a kind, as plain documents."""
    required = {n: _values(f) for n, f in kind.fields.items() if f.required}
    optional = {n: _values(f) for n, f in kind.fields.items() if not f.required}

    def in_order(values: dict[str, Any]) -> bool:
        return kind.until not in values or values[str(kind.since)] <= values[kind.until]

    made: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(required, optional=optional)
    return made.filter(in_order).map(lambda values: kind.dump(kind.load(values)))


@pytest.mark.parametrize("kind", REFERENCE.record_kinds.values(), ids=REFERENCE.record_kinds)
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_every_record_returns_unchanged(
    kind: RecordKind, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Whatever a record of the reference policy says, it is the same through JSON, twice."""
    records = data.draw(st.lists(_records(kind), min_size=1, max_size=3))
    case = CaseFile(studio="s", records={kind.name: tuple(records)}).checked(REFERENCE)
    path = tmp_path_factory.getbasetemp() / f"{kind.name}.json"
    path.write_text(case.to_json(REFERENCE), "utf-8")

    again = read_case_file(path, REFERENCE)
    assert case == again
    assert parse(path.read_bytes(), json_document=True) == again.to_dict(REFERENCE)


def test_how_many_kinds() -> None:
    """So many kinds are tried above; changed by hand, so that none is lost unnoticed."""
    assert KINDS == len(REFERENCE.record_kinds)
