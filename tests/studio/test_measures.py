"""From records to facts: what counts, what does not and why, and what is made of what counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from studioflow.rubric import Measured
from studioflow.studio import Record, case_facts

if TYPE_CHECKING:
    from tests.studio.conftest import Talks

JUNE = date(2023, 6, 1)


def record(kind: str, name: str, *, late: bool = False, **data: Any) -> Record:  # noqa: ANN401
    """Return a record as it lies in a file."""
    return Record(kind=kind, id=name, data=data, late=late, handed_in=date(2023, 12, 1))


def talk(name: str, on: str = "2023-06-01", by: str = "t-1", **data: Any) -> Record:  # noqa: ANN401
    """Return a talk; `late` says that it came late."""
    return record("talk", name, on=on, speaker={"id": by}, **data)


def paper(name: str, on: str = "2023-06-01", by: str = "t-1", **data: Any) -> Record:  # noqa: ANN401
    """Return a paper."""
    return record("paper", name, on=on, author={"id": by}, **data)


def trainee(name: str, person: str, joined: str, left: str | None = None) -> Record:
    """Return an entry of the roster."""
    until: dict[str, Any] = {} if left is None else {"left": left}
    return record("trainee", name, person={"id": person}, joined=joined, **until)


def result(measured: Measured) -> tuple[object, tuple[str, ...], dict[str, list[str]]]:
    """Return the value, what was counted, and the codes of why the others were not."""
    left_out = {each.record: [r.code for r in each.reasons] for each in measured.left_out}
    return measured.value, measured.counted, left_out


def count(**more: object) -> dict[str, object]:
    """Return a count of talks with more keys."""
    return {"kind": "count", "of": "talk", **more}


# What is taken.


@pytest.mark.parametrize(
    ("fact", "declared", "expected"),
    [
        ("talks", {"kind": "count", "of": "talk"}, 4),
        ("talks", {"kind": "count", "of": "paper"}, 0),
        ("talks", {"kind": "count", "of": ["talk", "paper"]}, 4),
        # 30 + (−2) + 0; the fourth does not say.
        ("guests", {"kind": "sum", "of": "talk", "field": "guests"}, 28),
        ("money", {"kind": "sum", "of": "talk", "field": "fee"}, Fraction("0.3")),
        ("money", {"kind": "sum", "of": "talk", "field": "guests"}, 28),
        ("talks", {"kind": "distinct", "of": "talk"}, 3),
        # 甲 twice, 乙; one is without a title.
        ("talks", {"kind": "distinct", "of": "talk", "field": "title"}, 2),
        ("talks", {"kind": "distinct", "of": "talk", "field": "on"}, 3),
        ("held", {"kind": "any", "of": "talk"}, True),
        ("held", {"kind": "any", "of": "paper"}, False),
        # The latest that says it; of one day, the one that came in last.
        ("level", {"kind": "latest", "of": "talk", "field": "level"}, "school"),
        ("guests", {"kind": "latest", "of": "talk", "field": "guests"}, 30),
        ("held", {"kind": "latest", "of": "talk", "field": "public"}, False),
        ("money", {"kind": "latest", "of": "talk", "field": "fee"}, Fraction("0.1")),
        ("level", {"kind": "latest", "of": "talk", "field": "level", "where": "public"}, None),
        ("latest_day", {"kind": "latest", "of": "talk", "field": "on"}, "2023-09-01"),
    ],
)
def test_taken(
    fact: str, declared: Mapping[str, object], expected: object, talks: type[Talks]
) -> None:
    """Each kind of measure makes its value of the records that count."""
    found = (
        talks(**{fact: declared})
        .measured(
            fact,
            talk("a", "2023-05-01", "t-1", title="甲", guests=-2, level="county"),
            talk("b", "2023-09-01", "t-2", title="乙", guests=30, fee=Decimal("0.10")),
            talk("c", "2023-06-01", "t-1", title="甲", guests=0, level="county", public=False),
            talk("d", "2023-06-01", "t-3", level="school", fee=Decimal("0.20")),
        )
        .value
    )

    assert (expected, type(expected) is bool) == (found, type(found) is bool)


def test_what_does_not_say_what_is_taken(talks: type[Talks]) -> None:
    """A record without the field that is summed, taken or told apart does not count."""
    records = (talk("a", guests=3, title="甲"), talk("b"))
    declared = {
        "guests": {"kind": "sum", "of": "talk", "field": "guests"},
        "talks": {"kind": "distinct", "of": "talk", "field": "title"},
        "money": {"kind": "latest", "of": "talk", "field": "guests"},
    }
    for fact, expected in {"guests": 3, "talks": 1, "money": 3}.items():
        found = talks(**declared).measured(fact, *records)
        assert (expected, ("a",), {"b": ["record_incomplete"]}) == result(found)
    twice = {"kind": "sum", "of": "talk", "field": "guests", "needs": ["guests", "title"]}
    (left_out,) = talks(guests=twice).measured("guests", *records).left_out
    assert ["缺听众、题目"] == [reason.text("zh") for reason in left_out.reasons]


@pytest.mark.parametrize(
    ("percent", "public", "expected"),
    [(50, 2, True), (50, 1, False), (75, 3, True), (76, 3, False), (100, 4, True), (100, 3, False)],
)
def test_share(percent: int, public: int, expected: bool, talks: type[Talks]) -> None:  # noqa: FBT001 - a row
    """A share is reached exactly, or it is not; what does not say is not one of those."""
    declared = {"kind": "share", "of": "talk", "percent": percent, "that": "public"}
    others = [talk("x", public=False), talk("y"), talk("z"), talk("w")]
    fulfilling = [talk(f"p-{n}", public=True) for n in range(public)]
    found = talks(held=declared).measured("held", *fulfilling, *others[: 4 - public])

    assert expected is found.value
    assert 4 == len(found.counted)


def test_share_of_nothing(talks: type[Talks]) -> None:
    """There is no share of nothing, and that is said."""
    declared = {"kind": "share", "of": "talk", "percent": 80, "that": "public"}
    found = talks(held=declared).measured("held")

    assert (None, 0) == (found.value, found.held)
    assert "讲座0条，全部计入，因为没有可计算比例的记录" == found.explain("zh")


# Which records count.


@pytest.mark.parametrize(
    ("data", "complete"),
    [
        ({"title": "甲", "slides": ["s"], "public": True, "guests": 0}, True),
        ({"title": "甲", "slides": ["s"], "public": True}, False),
        ({"title": "甲", "slides": ["s"], "public": False, "guests": 1}, False),
        ({"title": "甲", "slides": [], "public": True, "guests": 1}, False),
        ({"title": "", "slides": ["s"], "public": True, "guests": 1}, False),
    ],
)
def test_needs(data: dict[str, Any], complete: bool, talks: type[Talks]) -> None:  # noqa: FBT001 - a row
    """What has to be there is there: not empty, and not false; a number 0 is something."""
    declared = count(needs=["title", "slides", "public", "guests"])
    found = talks(talks=declared).measured("talks", talk("a", **data))

    assert int(complete) == found.value


def test_everything_that_is_lacking(talks: type[Talks]) -> None:
    """A record that does not count says everything for which it does not."""
    declared = count(
        needs=["title", "slides"],
        window="until_summer",
        late="left_out",
        among="lead",
        where="public",
        clause="9",
    )
    found = talks(talks=declared).measured("talks", talk("a", "2023-07-01", late=True))

    assert (
        "讲座1条，计入0条，因为a：缺题目、课件；日期2023-07-01不在夏前（…至2023-06-30）之内；"
        "迟交（2023-12-01提交）；t-1不在领衔人之列；未写明：公开"
    ) == found.explain("zh")
    assert (
        "talks: 1 held, 0 counted, because a: lacks title, slides; 2023-07-01 lies outside until "
        "summer (… to 2023-06-30); came late (handed in on 2023-12-01); t-1 is not among the lead; "
        "does not say public"
    ) == found.explain("en")
    assert ("title", "slides") == found.left_out[0].reasons[0].about


CONDITIONS: list[tuple[object, dict[str, object], str | None]] = [
    ("public", {"public": True}, None),
    ("public", {"public": False}, "公开：否"),
    ("public", {}, "未写明：公开"),
    ("opinion_sealed", {"opinion": {"sealed": True}}, None),
    ("opinion_sealed", {"opinion": {"sealed": False}}, "意见：否"),
    ("opinion_sealed", {}, "未写明：意见"),
    ({"kind": "is", "fact": "level", "value": "county"}, {"level": "county"}, None),
    ({"kind": "is", "fact": "level", "value": "county"}, {"level": "school"}, "级别：不是县级"),
    ({"kind": "not", "of": "public"}, {"public": False}, None),
    ({"kind": "not", "of": "public"}, {"public": True}, "不应有“公开”"),
    ({"kind": "at_least", "value": "guests", "bound": 1}, {"guests": 1}, None),
    ({"kind": "at_least", "value": "guests", "bound": 1}, {"guests": 0}, "听众为0，少于1"),
    ({"kind": "at_least", "value": "fee", "bound": Decimal("0.5")}, {"fee": Decimal("0.50")}, None),
    ({"kind": "any", "of": ["public", "opinion_sealed"]}, {"public": True}, None),
    ({"kind": "any", "of": ["public", "opinion_sealed"]}, {"public": False}, "未写明：意见"),
    (
        {"kind": "all", "of": ["public", "opinion_sealed"]},
        {"public": True, "opinion": {"sealed": False}},
        "意见：否",
    ),
    # One that nothing fulfils, and that has no words for it.
    ({"kind": "any", "of": []}, {}, "不符合："),
]


@pytest.mark.parametrize(("where", "data", "because"), CONDITIONS)
def test_where(
    where: object, data: dict[str, Any], because: str | None, talks: type[Talks]
) -> None:
    """A record counts that fulfils the condition; one that does not, or does not say, tells why."""
    found = talks(talks=count(where=where)).measured("talks", talk("a", **data))
    reasons = [reason.text("zh") for each in found.left_out for reason in each.reasons]

    assert (int(because is None), [] if because is None else [because]) == (found.value, reasons)


@pytest.mark.parametrize(
    ("window", "day", "code"),
    [
        (None, "1999-01-01", None),
        (None, "2023-12-31", None),
        (None, "2024-01-01", "record_after_day"),
        ("year", "2022-12-31", "record_outside_window"),
        ("year", "2023-01-01", None),
        ("year", "2023-12-31", None),
        ("year", "2024-01-01", "record_outside_window"),
        ("until_summer", "1999-01-01", None),
        ("until_summer", "2023-06-30", None),
        ("until_summer", "2023-07-01", "record_outside_window"),
        ("from_summer", "2023-06-30", "record_outside_window"),
        ("from_summer", "2023-07-01", None),
        ("from_summer", "2024-01-01", "record_after_day"),
        ("first_year", "2023-03-14", "record_outside_window"),
        ("first_year", "2023-03-15", None),
    ],
)
def test_window(window: str | None, day: str, code: str | None, talks: type[Talks]) -> None:
    """Both ends are in a window, an open end leaves nothing out; the future is left out."""
    declared = count() if window is None else count(window=window)
    found = talks(talks=declared).measured("talks", talk("a", day), opened=date(2023, 3, 15))

    assert (int(code is None), {} if code is None else {"a": [code]}) == (
        found.value,
        result(found)[2],
    )


def test_window_that_is_not_open_yet(talks: type[Talks]) -> None:
    """While the day is not known on which a window hangs, nothing is known, and that is said."""
    declared = talks(talks=count(window="first_year"))
    found = declared.measured("talks", talk("a"), talk("b"))

    because = "第一年的时间要看“开张”在哪一天，尚未确定"
    assert (None, (), ["a", "b"]) == (
        found.value,
        found.counted,
        [each.record for each in found.left_out],
    )
    assert because == (found.remark.text("zh") if found.remark else None)
    assert f"讲座2条，计入0条，因为{because}" == found.explain("zh")
    assert 2 == declared.measured("talks", talk("a"), talk("b"), opened=JUNE).value


def test_late(talks: type[Talks]) -> None:
    """What came late counts and is flagged, or does not count, as the policy has it."""
    records = (talk("a"), talk("b", late=True))
    counted = talks(talks=count()).measured("talks", *records)
    left_out = talks(talks=count(late="left_out")).measured("talks", *records)

    assert (2, ("a", "b"), {}) == result(counted)
    assert (("b",), ()) == (counted.late, left_out.late)
    assert "讲座2条，全部计入；迟交而仍计入：b" == counted.explain("zh")
    assert "talks: 2 held, all counted; late, and counted: b" == counted.explain()
    assert (1, ("a",), {"b": ["record_came_late"]}) == result(left_out)


def test_this_year(talks: type[Talks]) -> None:
    """What is of the year in which it is counted; what does not say is of none."""
    declared = talks(talks={"kind": "count", "of": "plan", "this_year": "year"})
    plans = (
        record("plan", "a", year=2022),
        record("plan", "b", year=2023),
        record("plan", "c", year=2024),
        record("plan", "d"),
    )
    other = ["record_other_year"]

    assert (1, ("b",), {"a": other, "c": other, "d": other}) == result(
        declared.measured("talks", *plans)
    )
    assert ("c",) == declared.measured("talks", *plans, on=date(2024, 1, 1)).counted


# Rosters.

ROSTER = (
    trainee("r-1", "t-1", "2023-01-01"),
    trainee("r-2", "t-2", "2023-01-01", "2023-06-01"),
    trainee("r-3", "t-3", "2023-06-01"),
    # Who left and came back is one person.
    trainee("r-4", "t-4", "2023-01-01", "2023-03-31"),
    trainee("r-5", "t-4", "2023-06-02"),
)


@pytest.mark.parametrize(
    ("on", "on_day", "ever"),
    [
        ("2022-12-31", (), ()),
        ("2023-01-01", ("r-1", "r-2", "r-4"), ("r-1", "r-2", "r-4")),
        ("2023-03-31", ("r-1", "r-2", "r-4"), ("r-1", "r-2", "r-4")),
        ("2023-04-01", ("r-1", "r-2"), ("r-1", "r-2", "r-4")),
        ("2023-05-31", ("r-1", "r-2"), ("r-1", "r-2", "r-4")),
        ("2023-06-01", ("r-1", "r-2", "r-3"), ("r-1", "r-2", "r-3", "r-4")),
        ("2023-06-02", ("r-1", "r-3", "r-5"), ("r-1", "r-2", "r-3", "r-4", "r-5")),
    ],
)
def test_roster(
    on: str, on_day: tuple[str, ...], ever: tuple[str, ...], talks: type[Talks]
) -> None:
    """The first and the last day are on the roster; who joins later was not on it yet."""
    for present, expected in {"on_day": on_day, "ever": ever}.items():
        declared = {"kind": "distinct", "of": "trainee", "present": present}
        found = talks(trainees=declared).measured("trainees", *ROSTER, on=date.fromisoformat(on))
        people = {name.replace("r-5", "r-4") for name in expected}
        assert (len(people), expected) == (found.value, found.counted)
        assert {"record_not_on_day"} >= {
            code for codes in result(found)[2].values() for code in codes
        }


@pytest.mark.parametrize(
    ("among", "present", "expected"),
    [
        (None, "on_day", ["h-01", "t-1", "t-2", "t-3", "t-4", "x"]),
        ("lead", "on_day", ["h-01"]),
        ("trainee", "on_day", ["t-1", "t-2", "t-3"]),
        ("trainee", "ever", ["t-1", "t-2", "t-3", "t-4"]),
    ],
)
def test_among(among: str | None, present: str, expected: list[str], talks: type[Talks]) -> None:
    """Only those count whose person is on the roster, or is the lead."""
    declared = count(present=present) if among is None else count(present=present, among=among)
    people = ("h-01", "t-1", "t-2", "t-3", "t-4", "x")
    found = talks(talks=declared).measured(
        "talks", *(talk(person, by=person, on="2023-01-01") for person in people), *ROSTER, on=JUNE
    )

    assert (len(expected), expected) == (found.value, list(found.counted))
    assert {"record_not_on_roster"} >= {code for c in result(found)[2].values() for code in c}


def test_several_kinds(talks: type[Talks]) -> None:
    """Records of several kinds count together, each by its own person and date."""
    declared = {"kind": "distinct", "of": ["talk", "paper"], "among": "trainee", "window": "year"}
    found = talks(talks=declared).measured(
        "talks",
        talk("a", by="t-1"),
        paper("b", by="t-1"),
        paper("c", by="t-3"),
        paper("d", "2022-12-31", by="t-3"),
        paper("e", by="x"),
        *ROSTER,
    )

    assert (
        2,
        ("a", "b", "c"),
        {"d": ["record_outside_window"], "e": ["record_not_on_roster"]},
    ) == result(found)
    assert "讲座、论文5条，计入3条，得2" == found.explain("zh").split("，因为")[0]


# The whole case file.


def test_plain_facts_beside_records(talks: type[Talks]) -> None:
    """A fact that was handed in stays until there is a record of its kind; then it is counted."""
    declared = talks(talks=count(), held={"kind": "any", "of": "paper"})
    none = declared.studio()
    plain = {"talks": 7, "held": True}

    def facts(*records: Record, **handed_in: object) -> dict[str, object]:
        studio = declared.studio(*records)
        studio = type(studio)(
            id=studio.id, application=studio.application, records=studio.records, facts=handed_in
        )
        return {n: m.value for n, m in case_facts(declared.policy, studio, JUNE).items()}

    assert {} == case_facts(declared.policy, none, JUNE)
    assert {} == facts(**plain)
    assert {} == facts(record("plan", "p"), **plain)
    assert {"talks": 0, "held": False} == facts(record("plan", "p"))
    assert {"talks": 1} == facts(talk("a"), **plain)
    assert {"talks": 0, "held": True} == facts(talk("a", "2023-06-02"), paper("b"), **plain)


def test_written_down(talks: type[Talks]) -> None:
    """As plain data: the value, what was counted, what not and why, what came late."""
    declared = {"kind": "sum", "of": "talk", "field": "fee", "window": "year", "clause": "9"}
    found = talks(money=declared).measured(
        "money",
        talk("a", fee=Decimal("12.50"), late=True),
        talk("b", "2022-01-01", fee=Decimal(1)),
    )

    assert {
        "value": "12.5",
        "counted": ["a"],
        "left_out": [
            {
                "record": "b",
                "reasons": [
                    {
                        "code": "record_outside_window",
                        "clause": "9",
                        "text": "日期2022-01-01不在2023年（2023-01-01至2023-12-31）之内",
                    }
                ],
            }
        ],
        "late": ["a"],
        "text": found.explain("zh"),
    } == found.to_dict("zh")
    assert ("酬金", 2, "9") == (found.label.zh, found.held, found.clause)
