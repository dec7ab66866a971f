"""Measures as a policy file declares them: every kind and key, and every mistake at its place."""

import tomllib
from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from attrs import fields

from studioflow.codec import OneOrMore
from studioflow.errors import InputError
from studioflow.policy import Measure, Policy

Built = Callable[[dict[str, object]], Policy]
Refused = Callable[[dict[str, object]], list[tuple[str, str, str | None]]]

TABLES: dict[str, Any] = tomllib.loads(
    """
[records.talk]
label = { zh = "讲座", en = "talk" }
from = ["school"]
date = "on"
person = "speaker"
[records.talk.fields]
on = { type = "date", required = true, label = { zh = "日期", en = "day" } }
speaker = { type = "person", required = true, label = { zh = "主讲人", en = "speaker" } }
title = { type = "text", label = { zh = "题目", en = "title" } }
phone = { type = "text", personal = true, label = { zh = "电话", en = "phone" } }
guests = { type = "count", unit = { zh = "人", en = "people" }, label = { zh = "人", en = "all" } }
ill = { type = "flag", personal = true, label = { zh = "病假", en = "on sick leave" } }
public = { type = "flag", label = { zh = "公开", en = "public" } }
opinion = { type = "opinion", label = { zh = "意见", en = "opinion" } }
letter = { type = "opinion", personal = true, label = { zh = "信", en = "letter" } }
[records.talk.fields.level]
type = "choice"
label = { zh = "级别", en = "level" }
values = { school = { zh = "校", en = "school" }, county = { zh = "县", en = "county" } }
[records.talk.fields.hours]
type = "number"
step = 0.5
unit = { zh = "时", en = "hours" }
label = { zh = "时长", en = "hours" }

[records.paper]
label = { zh = "论文", en = "paper" }
from = ["school"]
date = "on"
person = "author"
[records.paper.fields]
on = { type = "date", required = true, label = { zh = "日期", en = "day" } }
author = { type = "person", required = true, label = { zh = "作者", en = "author" } }
title = { type = "text", label = { zh = "题目", en = "title" } }
hours = { type = "count", unit = { zh = "时", en = "hours" }, label = { zh = "时", en = "hours" } }

[records.plan]
label = { zh = "计划", en = "plan" }
from = ["school"]
[records.plan.fields]
year = { type = "count", unit = { zh = "年", en = "year" }, label = { zh = "年度", en = "year" } }
title = { type = "text", label = { zh = "题目", en = "title" } }

[records.trainee]
label = { zh = "学员", en = "trainee" }
from = ["school"]
person = "person"
since = "joined"
until = "left"
[records.trainee.fields]
person = { type = "person", required = true, label = { zh = "姓名", en = "trainee" } }
joined = { type = "date", required = true, label = { zh = "加入", en = "joined" } }
left = { type = "date", label = { zh = "退出", en = "left" } }

[facts.hours]
type = "number"
step = 0.5
unit = { zh = "时", en = "hours" }
label = { zh = "时长", en = "hours" }
[facts.level]
type = "choice"
label = { zh = "级别", en = "level" }
values = { school = { zh = "校", en = "school" }, county = { zh = "县", en = "county" } }
[facts.last_day]
type = "date"
label = { zh = "最近一次", en = "day of the latest" }
[facts.by_level]
type = "count"
unit = { zh = "次", en = "times" }
label = { zh = "讲座", en = "talks" }
[facts.by_level.by.level]
school = { zh = "校", en = "school" }
county = { zh = "县", en = "county" }
city = { zh = "市", en = "city" }
[facts.by_stage]
type = "count"
unit = { zh = "次", en = "times" }
label = { zh = "讲座", en = "talks" }
[facts.by_stage.by.level]
county = { zh = "县", en = "county" }
[facts.by_room]
type = "count"
unit = { zh = "次", en = "times" }
label = { zh = "讲座", en = "talks" }
[facts.by_room.by.room]
hall = { zh = "厅", en = "hall" }
[facts.by_illness]
type = "count"
unit = { zh = "次", en = "times" }
label = { zh = "讲座", en = "talks" }
[facts.by_illness.by.public]
hall = { zh = "厅", en = "hall" }
[facts.stage]
type = "choice"
label = { zh = "阶段", en = "stage" }
values = { county = { zh = "县", en = "county" } }
""",
    parse_float=Decimal,
)
BASE: dict[str, object] = {
    "records": TABLES["records"],
    **{f"facts/{name}": table for name, table in TABLES["facts"].items()},
}
COUNTY = {"kind": "is", "fact": "level", "value": "county"}
ONE_HOUR = {"kind": "at_least", "value": "hours", "bound": 1}

# What is declared for which fact, and what is read of it beside the kind.
RIGHT: list[tuple[str, dict[str, object], dict[str, object]]] = [
    ("visits", {"kind": "count", "of": "talk"}, {"of": ("talk",), "needs": (), "late": "counted"}),
    ("visits", {"kind": "count", "of": ["talk", "paper"]}, {"of": ("talk", "paper")}),
    ("hours", {"kind": "count", "of": "plan"}, {"window": None, "present": "on_day"}),
    ("visits", {"kind": "sum", "of": "talk", "field": "guests"}, {"field": "guests"}),
    ("hours", {"kind": "sum", "of": "talk", "field": "hours"}, {"field": "hours"}),
    ("hours", {"kind": "sum", "of": ["talk", "paper"], "field": "hours"}, {"field": "hours"}),
    ("visits", {"kind": "distinct", "of": ["talk", "paper"]}, {"field": None}),
    ("visits", {"kind": "distinct", "of": "talk", "field": "title"}, {"field": "title"}),
    ("visits", {"kind": "distinct", "of": "talk", "field": "on"}, {"field": "on"}),
    ("safe", {"kind": "any", "of": "trainee"}, {"of": ("trainee",)}),
    ("level", {"kind": "latest", "of": "talk", "field": "level"}, {"field": "level"}),
    ("safe", {"kind": "latest", "of": "talk", "field": "public"}, {"field": "public"}),
    ("visits", {"kind": "latest", "of": "talk", "field": "guests"}, {"field": "guests"}),
    ("hours", {"kind": "latest", "of": "talk", "field": "guests"}, {"field": "guests"}),
    (
        "safe",
        {"kind": "share", "of": "talk", "percent": Decimal("12.5"), "that": "public"},
        {"percent": Fraction(25, 2)},
    ),
    (
        "safe",
        {"kind": "share", "of": "talk", "percent": 100, "that": "public"},
        {"percent": Fraction(100)},
    ),
    ("last_day", {"kind": "latest", "of": "talk", "field": "on"}, {"field": "on"}),
    ("visits", {"kind": "count", "of": "talk", "where": ONE_HOUR}, {}),
    ("level", {"kind": "plugin", "of": "talk", "use": "last"}, {"use": "last"}),
    (
        "visits",
        {
            "kind": "count",
            "of": "talk",
            "needs": ["title", "opinion", "guests"],
            "where": COUNTY,
            "window": "spring",
            "late": "left_out",
            "among": "trainee",
            "present": "ever",
            "clause": "3",
        },
        {
            "needs": ("title", "opinion", "guests"),
            "window": "spring",
            "late": "left_out",
            "among": "trainee",
            "present": "ever",
            "clause": "3",
        },
    ),
    ("visits", {"kind": "count", "of": "plan", "this_year": "year"}, {"this_year": "year"}),
    ("visits", {"kind": "count", "of": "talk", "among": "lead"}, {"among": "lead"}),
    ("visits", {"kind": "count", "of": "talk", "where": "opinion_sealed"}, {}),
    ("visits", {"kind": "count", "of": "talk", "where": "public"}, {}),
]


@pytest.mark.parametrize(("fact", "declared", "expected"), RIGHT)
def test_declared(
    fact: str, declared: dict[str, object], expected: dict[str, object], built: Built
) -> None:
    """Each kind takes its keys, and what is left out has its default."""
    measure = built({**BASE, f"measures/{fact}": declared}).measures[fact]

    assert {"kind": declared["kind"], **expected} == {
        name: getattr(measure, name) for name in ("kind", *expected)
    }
    assert ("where" in declared) == (measure.where is not None)


def test_every_key_is_declared_somewhere() -> None:
    """No key of a measure is without an example above."""
    used = {key for _, declared, _ in RIGHT for key in declared}

    assert {each.name for each in fields(Measure)} == used


def test_a_tally_is_measured_cell_by_cell(built: Built) -> None:
    """The measure of a tally is one for each of its cells, which says what a record has to say."""
    declared = {"kind": "sum", "of": "talk", "field": "guests", "window": "spring"}
    measures = built({**BASE, "measures/by_level": declared}).measures

    assert {
        "by_level_school": {"level": "school"},
        "by_level_county": {"level": "county"},
        "by_level_city": {"level": "city"},
    } == {name: dict(each.cell()) for name, each in measures.items()}
    assert {("sum", "guests", "spring")} == {(m.kind, m.field, m.window) for m in measures.values()}


def test_a_tally_or_its_cell_is_measured(built: Built) -> None:
    """A cell may have a measure of its own; not beside that of the whole."""
    own = {"kind": "count", "of": "talk", "where": COUNTY}
    assert {} == built({**BASE, "measures/by_level_county": own}).measures["by_level_county"].cell()
    with pytest.raises(InputError) as error:
        built({**BASE, "measures/by_level": count(), "measures/by_level_county": own})
    (problem,) = error.value.problems
    assert ("measures/by_level", "name_taken") == (problem.path, problem.code)


def count(**more: object) -> dict[str, object]:
    """Return a count of talks with more keys."""
    return {"kind": "count", "of": "talk", **more}


# For which fact, what is declared, where the problem is, what it is, and the nearest match.
WRONG: list[tuple[str, object, str, str, str | None]] = [
    # The fact.
    ("vists", count(), "", "unknown_name", "visits"),
    ("safe", count(), "kind", "measure_fact_type", None),
    ("level", count(), "kind", "measure_fact_type", None),
    ("talk_mark", count(), "kind", "measure_fact_type", None),
    ("visits", {"kind": "any", "of": "talk"}, "kind", "measure_fact_type", None),
    (
        "talk_mark",
        {"kind": "latest", "of": "talk", "field": "hours"},
        "kind",
        "measure_fact_type",
        None,
    ),
    ("talk_mark", {"kind": "plugin", "of": "talk", "use": "x"}, "kind", "measure_fact_type", None),
    ("last_day", count(), "kind", "measure_fact_type", None),
    (
        "last_day",
        {"kind": "latest", "of": "talk", "field": "hours"},
        "field",
        "measure_field_type",
        None,
    ),
    (
        "visits",
        {"kind": "latest", "of": "talk", "field": "on"},
        "field",
        "measure_field_type",
        None,
    ),
    # A tally, by fields that are called like its dimensions.
    ("by_levle", count(), "", "unknown_name", "by_level"),
    ("by_level", {"kind": "any", "of": "talk"}, "kind", "measure_fact_type", None),
    ("by_level", count(of=["talk", "paper"]), "of", "measure_no_cell_field", None),
    ("by_stage", count(), "of", "measure_cell_words", None),
    ("by_room", count(), "of", "measure_no_cell_field", None),
    ("by_illness", count(), "of", "measure_no_cell_field", None),
    ("by_level", count(words={"level": "county"}), "words", "unknown_key", None),
    # The kind of measure, and the kind of record.
    ("visits", 3, "", "wrong_type", None),
    ("visits", {"of": "talk"}, "", "missing_key", None),
    ("visits", {"kind": "cuont", "of": "talk"}, "kind", "unknown_name", "count"),
    ("visits", {"kind": "count"}, "", "missing_key", None),
    ("visits", {"kind": "count", "of": []}, "", "missing_key", None),
    ("visits", {"kind": "count", "of": 3}, "of", "wrong_type", None),
    ("visits", {"kind": "count", "of": "tlak"}, "of", "unknown_name", "talk"),
    ("visits", {"kind": "count", "of": ["talk", "papr"]}, "of", "unknown_name", "paper"),
    # Keys that do not exist, or belong to another kind.
    ("visits", count(wher=COUNTY), "wher", "unknown_key", "where"),
    ("visits", count(field="guests"), "field", "unknown_key", None),
    ("visits", count(percent=80), "percent", "unknown_key", None),
    ("visits", count(that="public"), "that", "unknown_key", None),
    ("visits", count(use="last"), "use", "unknown_key", None),
    ("safe", {"kind": "any", "of": "talk", "field": "public"}, "field", "unknown_key", None),
    ("visits", {"kind": "sum", "of": "talk"}, "", "missing_key", None),
    ("safe", {"kind": "latest", "of": "talk"}, "", "missing_key", None),
    ("safe", {"kind": "share", "of": "talk", "percent": 80}, "", "missing_key", None),
    ("safe", {"kind": "share", "of": "talk", "that": "public"}, "", "missing_key", None),
    ("visits", {"kind": "plugin", "of": "talk"}, "", "missing_key", None),
    # What the keys say.
    ("visits", count(needs=["titel"]), "needs/0", "unknown_name", "title"),
    ("visits", count(needs=["title", "phone"]), "needs/1", "measure_personal_field", None),
    ("visits", count(needs="title"), "needs", "wrong_type", None),
    ("visits", count(where="publik"), "where", "unknown_name", "public"),
    ("visits", count(where="ill"), "where", "unknown_name", None),
    ("visits", count(where="letter_sealed"), "where", "unknown_name", None),
    ("visits", count(where="safe"), "where", "unknown_name", None),
    ("visits", count(where=COUNTY | {"value": "cuonty"}), "where/value", "unknown_name", "county"),
    ("visits", count(window="sprig"), "window", "unknown_name", "spring"),
    ("visits", count(of="plan", window="spring"), "window", "kind_without_date", None),
    ("visits", count(late="never"), "late", "unknown_name", None),
    ("visits", count(among="traine"), "among", "not_a_roster", "trainee"),
    ("visits", count(among="paper"), "among", "not_a_roster", None),
    ("visits", count(of="plan", among="trainee"), "among", "kind_without_person", None),
    ("visits", count(present="always"), "present", "unknown_name", None),
    ("visits", count(of="plan", this_year="yaer"), "this_year", "unknown_name", "year"),
    ("visits", count(this_year="on"), "this_year", "measure_field_type", None),
    ("visits", {"kind": "distinct", "of": "plan"}, "field", "kind_without_person", None),
    (
        "visits",
        {"kind": "distinct", "of": "talk", "field": "public"},
        "field",
        "measure_field_type",
        None,
    ),
    (
        "visits",
        {"kind": "distinct", "of": "talk", "field": "phone"},
        "field",
        "measure_personal_field",
        None,
    ),
    ("visits", {"kind": "sum", "of": "talk", "field": "gests"}, "field", "unknown_name", "guests"),
    (
        "visits",
        {"kind": "sum", "of": "talk", "field": "title"},
        "field",
        "measure_field_type",
        None,
    ),
    # What is taken must be something that the fact can be.
    (
        "visits",
        {"kind": "sum", "of": "talk", "field": "hours"},
        "field",
        "measure_field_type",
        None,
    ),
    (
        "safe",
        {"kind": "latest", "of": "talk", "field": "level"},
        "field",
        "measure_field_type",
        None,
    ),
    ("stage", {"kind": "latest", "of": "talk", "field": "level"}, "field", "unknown_name", None),
    # Several kinds.
    ("visits", count(of=["talk", "paper"], where="public"), "where", "unknown_name", None),
    ("visits", count(of=["talk", "paper"], needs=["public"]), "needs/0", "unknown_name", None),
    ("visits", count(of=["paper", "plan"], window="spring"), "window", "kind_without_date", None),
    # Of the same name, and of another type in each.
    ("visits", count(of=["talk", "paper"], where=ONE_HOUR), "where/value", "unknown_name", None),
    # A share.
    (
        "safe",
        {"kind": "share", "of": "talk", "percent": 0, "that": "public"},
        "percent",
        "measure_percent",
        None,
    ),
    (
        "safe",
        {"kind": "share", "of": "talk", "percent": Decimal("100.1"), "that": "public"},
        "percent",
        "measure_percent",
        None,
    ),
    (
        "safe",
        {"kind": "share", "of": "talk", "percent": 80, "that": "publik"},
        "that",
        "unknown_name",
        "public",
    ),
]


@pytest.mark.parametrize(
    ("fact", "declared", "place", "problem"),
    [(fact, declared, place, problem) for fact, declared, place, *problem in WRONG],
)
def test_mistakes(
    fact: str, declared: object, place: str, problem: list[str | None], refused: Refused
) -> None:
    """Each mistake is refused where it stands, with the nearest name there is."""
    where = f"measures/{fact}/{place}".rstrip("/")

    assert [(where, *problem)] == refused({**BASE, f"measures/{fact}": declared})


def test_all_at_once(refused: Refused) -> None:
    """Every measure is looked at, and every key of each."""
    found = refused(
        {
            **BASE,
            "measures/visits": count(needs=["titel", "phone"], window="sprig", among="paper"),
            "measures/safe": {"kind": "share", "of": "talk", "percent": 0, "field": "on"},
            "measures/hours": count(of=["tlak", "papr"]),
            "measures/nothing": count(),
        }
    )

    assert [
        ("measures/hours/of", "unknown_name", "talk"),
        ("measures/hours/of", "unknown_name", "paper"),
        ("measures/nothing", "unknown_name", None),
        ("measures/safe", "missing_key", None),
        ("measures/safe/field", "unknown_key", None),
        ("measures/safe/percent", "measure_percent", None),
        ("measures/visits/among", "not_a_roster", None),
        ("measures/visits/needs/0", "unknown_name", "title"),
        ("measures/visits/needs/1", "measure_personal_field", None),
        ("measures/visits/window", "unknown_name", "spring"),
    ] == sorted(found, key=lambda problem: (problem[0], problem[2] != "talk"))


def test_broken_kind(refused: Refused) -> None:
    """Where the kind of record itself is wrong, that is said, and not that it is unknown."""
    found = refused({**deepcopy(BASE), "records/talk/date": "no", "measures/visits": count()})

    assert [("records/talk/date", "field_of_type", None)] == found


READING = {"reading": "strictness"}


@pytest.mark.parametrize(
    ("declared", "key", "strict", "mild"),
    [
        (
            count(needs=READING | {"strict": ["title"], "mild": []}),
            "needs",
            ("title",),
            (),
        ),
        (count(of=READING | {"strict": "talk", "mild": "paper"}), "of", ("talk",), ("paper",)),
        (
            count(present=READING | {"strict": "on_day", "mild": "ever"}),
            "present",
            "on_day",
            "ever",
        ),
        (count(window=READING | {"strict": "spring", "mild": "none"}), "window", "spring", None),
        (
            READING | {"strict": count(), "mild": {"kind": "sum", "of": "talk", "field": "guests"}},
            "kind",
            "count",
            "sum",
        ),
    ],
)
def test_readings(
    declared: dict[str, object], key: str, strict: object, mild: object, built: Built
) -> None:
    """A reading may decide one key, or the measure as a whole."""
    policy = built({**BASE, "measures/visits": declared})
    other = policy.vary({"readings/strictness": "mild"})

    assert (strict, mild) == tuple(
        getattr(each.measures["visits"], key) for each in (policy, other)
    )


def test_reading_not_complete(refused: Refused) -> None:
    """An answer without a measure is refused, and so is one that is wrong, in force or not."""
    missing = READING | {"strict": count()}
    broken = READING | {"strict": count(), "mild": count(windw="spring")}

    assert [("measures/visits/mild", "missing_key")] == [
        problem[:2] for problem in refused({**BASE, "measures/visits": missing})
    ]
    assert [("measures/visits/mild/windw", "unknown_key", "window")] == refused(
        {**BASE, "measures/visits": broken}
    )


def test_part_of_the_fingerprint(built: Built) -> None:
    """A policy that counts otherwise is another policy."""
    policies = [
        built({**BASE, "measures/visits": count(**more)}) for more in ({}, {"late": "left_out"})
    ]

    assert 2 == len({policy.fingerprint for policy in policies})


@pytest.mark.parametrize("percent", [Fraction(0), Fraction(-1), Fraction(101)])
def test_made_in_python(percent: Fraction) -> None:
    """What a file may not say, a program may not either."""
    with pytest.raises(InputError) as error:
        Measure(kind="share", of=OneOrMore(("talk",)), percent=percent, field="on")

    assert [
        ("field", "unknown_key"),
        ("", "missing_key"),
        ("percent", "measure_percent"),
    ] == [(problem.path, problem.code) for problem in error.value.problems]
