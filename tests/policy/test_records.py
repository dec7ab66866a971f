"""Records: what each type of field takes and refuses, and that nothing is lost on the way."""

import math
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import pytest
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from studioflow.codec import parse, to_json
from studioflow.errors import InputError
from studioflow.people import Opinion, Person
from studioflow.policy import Policy, RecordField, RecordKind
from studioflow.policy.record_fields import FieldType
from studioflow.rules import Fact
from studioflow.text import Text

LABEL = Text("甲", "a")
LABELLED = {"zh": "甲", "en": "a"}
WORDS = {"school": LABEL, "county": LABEL}


class Case(NamedTuple):
    """A type of field with settings, values that it takes as they become, and what it refuses."""

    field: RecordField
    taken: tuple[tuple[object, object], ...]
    refused: tuple[tuple[object, str], ...]


def declared(type: FieldType, **settings: Any) -> RecordField:  # noqa: A002, ANN401 - as a file has it
    """Declare a field."""
    return RecordField(type=type, label=LABEL, **settings)


CASES: dict[FieldType, Case] = {
    "text": Case(
        declared("text"),
        (("甲", "甲"), ("none", "none"), ("e\u0301\n", "é\n")),
        ((" ", "empty_text"), (3, "wrong_type"), ("a\u202eb", "bad_character")),
    ),
    "texts": Case(
        declared("texts"),
        ((["甲", "甲"], ("甲", "甲")), (("甲",), ("甲",)), ([], ())),
        (("甲", "wrong_type"), ([3], "wrong_type"), ([""], "empty_text")),
    ),
    "flag": Case(
        declared("flag"),
        ((True, True), (False, False)),
        (("false", "wrong_type"), (0, "wrong_type"), ("", "wrong_type")),
    ),
    "count": Case(
        declared("count", high=Fraction(12)),
        ((0, 0), (12, 12)),
        (
            (True, "wrong_type"),
            (Decimal("3.9"), "wrong_type"),
            (Decimal("3.0"), "wrong_type"),
            (3.0, "wrong_type"),
            ("3", "wrong_type"),
            (-1, "out_of_bounds"),
            (13, "out_of_bounds"),
        ),
    ),
    "number": Case(
        declared("number", unit=LABEL, step=Fraction(1, 2), low=None, high=Fraction(9)),
        ((Decimal("-0.5"), Fraction(-1, 2)), (3, Fraction(3)), (Fraction(1, 2), Fraction(1, 2))),
        (
            (0.5, "wrong_type"),
            (math.nan, "wrong_type"),
            (Decimal("NaN"), "not_finite"),
            (Decimal("Infinity"), "not_finite"),
            (Decimal("1E+999999"), "too_many_digits"),
            (Decimal("0.25"), "off_step"),
            (Decimal("9.5"), "out_of_bounds"),
        ),
    ),
    "money": Case(
        declared("money"),
        ((Decimal("12.30"), Fraction(123, 10)), (10000, Fraction(10000))),
        (
            (Decimal("0.001"), "off_step"),
            (-1, "out_of_bounds"),
            (12.3, "wrong_type"),
            ("10000元", "wrong_type"),
        ),
    ),
    "date": Case(
        declared("date"),
        ((date(2023, 5, 4), date(2023, 5, 4)), ("2024-02-29", date(2024, 2, 29))),
        (
            ("2023-02-29", "wrong_type"),
            ("2023-5-4", "wrong_type"),
            ("20230504", "wrong_type"),
            (datetime(2023, 5, 4, 8), "wrong_type"),  # noqa: DTZ001 - as TOML has it
            (20230504, "wrong_type"),
        ),
    ),
    "month": Case(
        declared("month"),
        (("1998-07", "1998-07"),),
        (
            ("1998-13", "wrong_type"),
            ("1998-00", "wrong_type"),
            ("0000-01", "wrong_type"),
            ("1998-7", "wrong_type"),
            ("１９９８-07", "wrong_type"),
            ("1998-07-01", "wrong_type"),
            (199807, "wrong_type"),
        ),
    ),
    "choice": Case(
        declared("choice", values=WORDS),
        (("county", "county"),),
        (("County", "unknown_name"), ("县级", "unknown_name"), (["county"], "unknown_name")),
    ),
    "choices": Case(
        declared("choices", values=WORDS),
        ((["county", "school"], ("county", "school")), ([], ())),
        (
            ("county", "wrong_type"),
            (["city"], "unknown_name"),
            (["county", "county"], "listed_twice"),
        ),
    ),
    "person": Case(
        declared("person"),
        (
            ({"id": "h-01", "name": "领衔人甲"}, Person("h-01", "领衔人甲")),
            ({"id": "h-01"}, Person("h-01")),
            (Person("h-01"), Person("h-01")),
        ),
        (
            ("领衔人甲", "wrong_type"),
            ({"name": "领衔人甲"}, "missing_key"),
            ({"id": " h-01"}, "padded_id"),
            ({"id": 1}, "wrong_type"),
            ({"id": "h-01", "unit": "u"}, "unknown_key"),
        ),
    ),
    "people": Case(
        declared("people"),
        (
            ([{"id": "m-1"}, Person("m-2", "成员乙2")], (Person("m-1"), Person("m-2", "成员乙2"))),
            ([], ()),
        ),
        (
            ({"id": "m-1"}, "wrong_type"),
            (["m-1"], "wrong_type"),
            ([{"id": "m-1"}, {"id": "m-1", "name": "成员乙1"}], "listed_twice"),
        ),
    ),
    "opinion": Case(
        declared("opinion"),
        (
            ({"text": "同意"}, Opinion("同意")),
            ({"sealed": True}, Opinion(sealed=True)),
            (
                {"text": "同意", "sealed": True, "on": "2023-03-28", "unit": "party-01"},
                Opinion("同意", sealed=True, on=date(2023, 3, 28), unit="party-01"),
            ),
        ),
        (
            ("同意", "wrong_type"),
            ({"text": "同意", "sealed": "true"}, "wrong_type"),
            ({"text": "同意", "on": "none"}, "wrong_type"),
            ({"text": "同意", "seal": True}, "unknown_key"),
        ),
    ),
    "evidence": Case(
        declared("evidence"),
        ((["照片1.jpg", "签到表"], ("照片1.jpg", "签到表")),),
        (("照片1.jpg", "wrong_type"), ([{"file": "a"}], "wrong_type")),
    ),
}

TAKEN = [(name, *pair) for name, case in CASES.items() for pair in case.taken]
REFUSED = [(name, *pair) for name, case in CASES.items() for pair in case.refused]
KIND = RecordKind(
    name="sample",
    label=LABEL,
    supplied_by=("lead",),
    fields={name: case.field for name, case in CASES.items()},
)


def codes(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    """Return the path and code of each problem."""
    return [(problem.path, problem.code) for problem in error.value.problems]


def test_every_type_is_tried() -> None:
    """The table above has every type of field."""
    assert set(FieldType.__args__) == set(CASES)  # type: ignore[attr-defined] # of a Literal


@pytest.mark.parametrize(("type", "given", "becomes"), TAKEN)
def test_taken(type: str, given: object, becomes: object) -> None:  # noqa: A002 - as above
    """A value of the type is taken, exactly."""
    value = getattr(KIND.load({type: given}), type)

    assert becomes == value
    assert becomes.__class__ is value.__class__


@pytest.mark.parametrize(("type", "given", "code"), REFUSED)
def test_refused(type: str, given: object, code: str) -> None:  # noqa: A002 - as above
    """What is not of the type is refused; nothing is coerced."""
    with pytest.raises(InputError) as error:
        KIND.load({type: given})

    assert [code] == [problem.code for problem in error.value.problems]
    assert all(problem.path.startswith(type) for problem in error.value.problems)


@pytest.mark.parametrize(("type", "given", "becomes"), TAKEN)
def test_round_trip(type: str, given: object, becomes: object) -> None:  # noqa: A002 - as above
    """A value returns unchanged through its document and through JSON."""
    record = KIND.load({type: given})
    document = KIND.dump(record)
    through_json = parse(to_json(document).encode(), json_document=True)

    assert {type} == set(document)
    assert document == through_json
    assert record == KIND.load(document) == KIND.load(through_json) == KIND.load(record)
    assert becomes == getattr(KIND.load(through_json), type)


def test_toml() -> None:
    """A record reads the same from TOML, whose dates are dates."""
    text = """
        text = "甲"
        texts = ["甲"]
        flag = false
        count = 3
        number = 7.5
        money = 10000.00
        date = 2023-05-04
        month = "1998-07"
        choice = "county"
        choices = ["county"]
        person = { id = "h-01", name = "领衔人甲" }
        people = [{ id = "m-01" }]
        opinion = { text = "同意", sealed = true, on = 2023-03-28 }
        evidence = ["照片1.jpg"]
    """
    record = KIND.load(parse(text.encode()))
    through_json = parse(
        to_json(tomllib.loads(text, parse_float=Decimal)).encode(), json_document=True
    )

    assert set(CASES) == {name for name in CASES if getattr(record, name) is not None}
    assert record == KIND.load(through_json)


def test_all_problems_at_once() -> None:
    """Every wrong field, unknown field and missing field of a record is told, each at its path."""
    kind = RecordKind(
        name="activity",
        label=LABEL,
        supplied_by=("lead",),
        fields={
            "on": declared("date", required=True),
            "held": declared("flag"),
            "people": declared("count"),
            "who": declared("people"),
            "topic": declared("text", required=True),
        },
    )
    with pytest.raises(InputError) as error:
        kind.load(
            {
                "on": "2023-13-01",
                "held": "false",
                "people": Decimal("3.9"),
                "who": [{"id": "m-01"}, {"id": 2}, {}],
                "id": "activity-1",
                "themes": "甲",
            }
        )

    assert [
        ("on", "wrong_type"),
        ("held", "wrong_type"),
        ("people", "wrong_type"),
        ("who/1/id", "wrong_type"),
        ("who/2", "missing_key"),
        ("id", "unknown_key"),
        ("themes", "unknown_key"),
        ("", "missing_key"),
    ] == codes(error)


def test_left_out() -> None:
    """A field that is left out, or null, is None, and stays out of the document."""
    record = KIND.load({"text": "甲", "count": None})

    assert None is record.count
    assert {"text": "甲"} == KIND.dump(record)
    with pytest.raises(InputError) as error:
        RecordKind(
            name="a", label=LABEL, supplied_by=("b",), fields={"c": declared("text", required=True)}
        ).load({"c": None})
    assert [("", "missing_key")] == codes(error)


def test_instances() -> None:
    """An attrs instance with the same fields is a record; one with others is refused."""

    @frozen
    class Sample:
        text: str
        person: Person
        money: Decimal | None = None

    @frozen
    class Other:
        text: str
        colour: str = "red"

    record = KIND.load(Sample("甲", Person("h-01"), Decimal(12)))
    unsaid = KIND.load(Sample("甲", Person("h-01")))

    assert (None, None) == (unsaid.money, unsaid.count)
    assert ("甲", Person("h-01"), Fraction(12)) == (record.text, record.person, record.money)
    with pytest.raises(InputError) as error:
        KIND.load(Other("甲"))
    assert [("colour", "unknown_key")] == codes(error)
    with pytest.raises(InputError) as error:
        KIND.load(Sample("", Person("h-01")))
    assert [("text", "empty_text")] == codes(error)


def test_facts() -> None:
    """Scalar fields are facts, for conditions; money is in yuan, an opinion is sealed or not."""
    facts = KIND.facts()

    assert {
        "flag": "flag",
        "count": "count",
        "number": "number",
        "money": "number",
        "date": "date",
        "choice": "choice",
        "opinion_sealed": "flag",
    } == {name: fact.type for name, fact in facts.items()}
    assert ("money", "yuan", 100) == (
        facts["money"].name,
        facts["money"].unit and facts["money"].unit.en,
        facts["money"].denominator,
    )
    assert all(isinstance(fact, Fact) for fact in facts.values())


NAMES = st.text("甲乙丙丁abc -", min_size=1, max_size=4).filter(str.strip)
IDS = st.text("abc-0123", min_size=1, max_size=4)
PEOPLE = st.builds(lambda i, n: {"id": i, **({"name": n} if n else {})}, IDS, NAMES | st.none())
MONEY = st.integers(0, 10**9).map(lambda cents: Decimal(cents) / 100)
VALUES: dict[str, st.SearchStrategy[object]] = {
    "text": NAMES,
    "texts": st.lists(NAMES, max_size=3),
    "flag": st.booleans(),
    "count": st.integers(0, 12),
    "number": st.integers(-40, 18).map(lambda halves: Decimal(halves) / 2),
    "money": MONEY,
    "date": st.dates().map(date.isoformat),
    "month": st.dates().map(lambda day: day.isoformat()[:7]),
    "choice": st.sampled_from(sorted(WORDS)),
    "choices": st.lists(st.sampled_from(sorted(WORDS)), unique=True),
    "person": PEOPLE,
    "people": st.lists(PEOPLE, max_size=3, unique_by=lambda person: person["id"]),
    "opinion": st.fixed_dictionaries(
        {"text": NAMES, "sealed": st.booleans()},
        optional={"on": st.dates().map(date.isoformat), "unit": NAMES},
    ),
    "evidence": st.lists(NAMES, max_size=3),
}
DOCUMENTS = st.fixed_dictionaries({}, optional=VALUES)
PERSONAL = st.sets(st.sampled_from(sorted(CASES)))


@given(DOCUMENTS)
def test_nothing_is_lost(document: dict[str, Any]) -> None:
    """Any record returns unchanged through its document and through JSON."""
    record = KIND.load(document)
    dumped = KIND.dump(record)

    assert document == dumped
    assert record == KIND.load(parse(to_json(dumped).encode(), json_document=True))


@given(DOCUMENTS, PERSONAL)
def test_separated_and_joined(document: dict[str, Any], personal: set[str]) -> None:
    """The two parts of a document make it again; the public part holds nothing personal."""
    kind = RecordKind(
        name="sample",
        label=LABEL,
        supplied_by=("lead",),
        fields={n: declared(n, **_settings(c.field, n in personal)) for n, c in CASES.items()},
    )
    public, parts = kind.separated(document)

    assert document == kind.joined(public, parts)
    assert set() == personal & set(public)
    assert [] == [path for path in _paths(public) if path.endswith("/name")]
    assert None is not kind.load(public)
    assert (public, {}) == kind.separated(public)


def _settings(field: RecordField, personal: bool) -> dict[str, Any]:  # noqa: FBT001 - a setting like the rest
    return {
        "personal": personal,
        **{k: getattr(field, k) for k in ("unit", "low", "high", "step", "values")},
    }


def _paths(value: object, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [p for key, item in value.items() for p in _paths(item, f"{path}/{key}")]
    if isinstance(value, list):
        return [p for n, item in enumerate(value) for p in _paths(item, f"{path}/{n}")]
    return [path]


def test_separated_paths() -> None:
    """Personal parts are known by their path; the ids stay."""
    document = {
        "person": {"id": "h-01", "name": "领衔人甲"},
        "people": [{"id": "m-01"}, {"id": "m-02", "name": "成员乙2"}],
    }

    assert (
        {"person": {"id": "h-01"}, "people": [{"id": "m-01"}, {"id": "m-02"}]},
        {"person/name": "领衔人甲", "people/1/name": "成员乙2"},
    ) == KIND.separated(document)


def test_separated_when_in_doubt() -> None:
    """Where a person should be and is none, all that stands there is personal."""
    odd = {"person": "领衔人甲", "people": ["成员乙1"]}

    assert ({}, odd) == KIND.separated(odd)


@pytest.mark.parametrize(
    "path", ["person/name", "people/0/name", "people/x/name", "text/name", "date/0/name"]
)
def test_joined_without_a_place(path: str) -> None:
    """A personal part that belongs nowhere is refused."""
    with pytest.raises(InputError) as error:
        KIND.joined({"text": "甲", "people": []}, {path: "领衔人甲"})

    assert [(path, "no_place")] == codes(error)


ACTIVITY = {
    "label": LABELLED,
    "from": ["school"],
    "date": "on",
    "same": ["on", "theme"],
    "due_days": 30,
    "person": "who",
    "since": "on",
    "until": "to",
    "insider": True,
    "clause": "5.2.2",
    "fields": {
        "on": {"type": "date", "label": LABELLED, "required": True},
        "to": {"type": "date", "label": LABELLED},
        "who": {"type": "person", "label": LABELLED, "required": True},
        "theme": {"type": "text", "label": LABELLED, "clause": "3.1"},
    },
}


def test_declared_in_a_policy(built: Callable[..., Policy]) -> None:
    """A policy file declares kinds of record, each known by its id."""
    kind = built({"records/activity": ACTIVITY}).record_kinds["activity"]

    assert ("activity", ("school",), "on", ("on", "theme"), 30) == (
        kind.name,
        kind.supplied_by,
        kind.date,
        kind.same,
        kind.due_days,
    )
    assert ("who", "on", "to", True, False, False) == (
        kind.person,
        kind.since,
        kind.until,
        kind.insider,
        kind.once,
        kind.independent,
    )
    assert ["on", "to", "who", "theme"] == list(kind.fields)


def test_readings(built: Callable[..., Policy]) -> None:
    """What a record is may hang on a reading, as everything in a policy file."""
    days = {"reading": "strictness", "strict": 7, "mild": "none"}
    policy = built({"records/activity": {**ACTIVITY, "due_days": days}})

    mild = policy.vary({"readings/strictness": "mild"})
    assert (7, None) == tuple(p.record_kinds["activity"].due_days for p in (policy, mild))
    assert policy.record_kinds["activity"].cls is mild.record_kinds["activity"].cls


def test_two_loads(built: Callable[..., Policy]) -> None:
    """Records of two loads of a policy are equal, and either load takes the other's."""
    one, two = (built({"records/activity": ACTIVITY}).record_kinds["activity"] for _ in range(2))
    record = one.load({"on": "2023-05-04", "who": {"id": "h-01"}})

    assert one.cls is two.cls
    assert record == two.load(record)


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"records": []}, [("records", "wrong_type")]),
        ({"records/a-b": ACTIVITY}, [("records/a-b", "not_an_identifier")]),
        ({"records/class": ACTIVITY}, [("records/class", "reserved_name")]),
        ({"records/activity/name": "a"}, [("records/activity/name", "unknown_key")]),
        ({"records/activity/from": ["schol"]}, [("records/activity/from/0", "unknown_name")]),
        (
            {
                "records/activity/fields/said": {"type": "opinion", "label": LABELLED},
                "records/activity/fields/said_sealed": {"type": "flag", "label": LABELLED},
            },
            [("records/activity/fields/said_sealed", "name_taken")],
        ),
        ({"records/activity/from": []}, [("records/activity", "missing_key")]),
        ({"records/activity/from": None}, [("records/activity", "missing_key")]),
        (
            {"records/activity/date": "theme", "records/activity/person": "on"},
            [
                ("records/activity/date", "field_of_type"),
                ("records/activity/person", "field_of_type"),
            ],
        ),
        ({"records/activity/date": "to"}, [("records/activity/date", "field_required")]),
        (
            {"records/activity/fields/who/required": False},
            [("records/activity/person", "field_required")],
        ),
        (
            {
                "records/activity/fields/theme/personal": True,
                "records/activity/fields/who/personal": True,
            },
            [
                ("records/activity/same/1", "field_personal"),
                ("records/activity/person", "field_personal"),
            ],
        ),
        ({"records/activity/same": ["theem"]}, [("records/activity/same/0", "unknown_name")]),
        ({"records/activity/since": None}, [("records/activity/until", "key_needs")]),
        (
            {"records/activity/person": None},
            [("records/activity/since", "key_needs"), ("records/activity/insider", "key_needs")],
        ),
        ({"records/activity/date": None}, [("records/activity/due_days", "key_needs")]),
        ({"records/activity/due_days": -1}, [("records/activity/due_days", "days_below_0")]),
        (
            {"records/activity/fields/id": {"type": "text", "label": LABELLED}},
            [("records/activity/fields/id", "reserved_name")],
        ),
        (
            {"records/activity/fields/x): import os #": {"type": "text", "label": LABELLED}},
            [("records/activity/fields/x): import os #", "not_an_identifier")],
        ),
        (
            {"records/activity/fields/theme/type": "txt", "records/activity/clause": 5},
            [
                ("records/activity/fields/theme/type", "unknown_name"),
                ("records/activity/clause", "wrong_type"),
            ],
        ),
    ],
)
def test_declarations_refused(
    built: Callable[..., Policy], changes: dict[str, object], problems: list[tuple[str, str]]
) -> None:
    """A declaration that does not hold together is refused at its path, all problems at once."""
    import copy

    before = {} if "records" in changes else {"records/activity": copy.deepcopy(ACTIVITY)}
    with pytest.raises(InputError) as error:
        built({**before, **changes})

    assert sorted(problems) == sorted(codes(error))


@pytest.mark.parametrize(
    ("type", "settings", "problems"),
    [
        ("number", {}, [("", "record_field_lacks"), ("", "record_field_lacks")]),
        ("number", {"unit": LABEL}, [("", "record_field_lacks")]),
        ("choice", {}, [("", "record_field_lacks")]),
        ("choices", {"values": {}}, [("", "record_field_lacks")]),
        ("text", {"unit": LABEL}, [("unit", "record_field_unused")]),
        ("money", {"step": Fraction(1)}, [("step", "record_field_unused")]),
        ("count", {"step": Fraction(1)}, [("step", "record_field_unused")]),
        ("flag", {"values": WORDS}, [("values", "record_field_unused")]),
        (
            "date",
            {"low": None, "high": Fraction(1)},
            [("min", "record_field_unused"), ("max", "record_field_unused")],
        ),
        ("count", {"high": Fraction(1, 2)}, [("max", "off_step")]),
        ("money", {"low": Fraction(9), "high": Fraction(1)}, [("", "bounds_order")]),
        ("number", {"unit": LABEL, "step": Fraction(0)}, [("step", "step_positive")]),
    ],
)
def test_fields_refused(
    type: FieldType,  # noqa: A002 - as a file has it
    settings: dict[str, Any],
    problems: list[tuple[str, str]],
) -> None:
    """A field that lacks what its type needs, or has what means nothing to it, is refused."""
    with pytest.raises(InputError) as error:
        declared(type, **settings)

    assert problems == codes(error)


def test_no_fields() -> None:
    """A record without fields says nothing and is refused."""
    with pytest.raises(InputError) as error:
        RecordKind(name="a", label=LABEL, supplied_by=("lead",), fields={})

    assert [("", "missing_key")] == codes(error)
