"""Values of fields as people write them, and back."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.documents.values import parsed, shown
from studioflow.errors import InputError
from studioflow.policy import RecordField
from studioflow.policy.record_fields import FieldType
from studioflow.text import LANGUAGES, Language, Text

LABEL = Text("栏目", "field")
CHOICES = {
    "lesson": Text("公开课、讲座", "open lessons, lectures"),
    "paper": Text("论文", "papers"),
    "case": Text("案例", "cases"),
}
LETTERS = st.sampled_from("甲乙丙丁䶮㛃𬭎ABCabc·-'")
NAMES = st.text(LETTERS, min_size=1, max_size=8)
WORDS = st.text(st.sampled_from("甲乙、，,. =+-@'\"09az"), min_size=1, max_size=12).map(
    lambda text: text.strip() or "x"
)
IDS = st.from_regex(r"[a-z]{1,3}-[0-9]{1,3}", fullmatch=True)
PEOPLE = st.one_of(
    st.builds(lambda person: {"id": person}, IDS),
    st.builds(lambda person, name: {"id": person, "name": name}, IDS, NAMES),
)


def field(kind: FieldType, **more: object) -> RecordField:
    """A field of a type, with what fields of that type have to have."""
    if kind == "number":
        more = {"unit": Text("%", "%"), "step": Fraction(1, 10), **more}
    if kind in {"choice", "choices"}:
        more = {"values": CHOICES, **more}
    if kind in {"count", "number", "money"}:
        more = {"low": None, **more}
    return RecordField(type=kind, label=LABEL, **more)  # type: ignore[arg-type]


TENTHS = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 10)
VALUES: dict[FieldType, st.SearchStrategy[object]] = {
    "text": WORDS,
    "texts": st.lists(WORDS, min_size=1, max_size=4),
    "evidence": st.lists(WORDS, min_size=1, max_size=4),
    "flag": st.booleans(),
    "count": st.integers(-(10**12), 10**12),
    "number": TENTHS,
    "money": TENTHS,
    "date": st.dates().map(lambda day: day.isoformat()),
    "month": st.dates().map(lambda day: day.isoformat()[:-3]),
    "choice": st.sampled_from(sorted(CHOICES)),
    "choices": st.lists(st.sampled_from(sorted(CHOICES)), min_size=1, unique=True),
    "person": PEOPLE,
    "people": st.lists(PEOPLE, min_size=1, max_size=4, unique_by=lambda person: person["id"]),
    "opinion": st.builds(lambda text: {"text": text}, WORDS),
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("language", LANGUAGES)
@settings(deadline=None)
@given(data=st.data())
def test_what_is_shown_is_read_back(
    kind: FieldType, language: Language, data: st.DataObject
) -> None:
    """Every value of every type is read back as it was, in both languages."""
    value = data.draw(VALUES[kind])
    declared = field(kind)
    back = parsed(declared, shown(declared, value, language, with_ids=True))
    assert value == back
    assert declared.read(value) == declared.read(back)


@pytest.mark.parametrize(
    "text",
    [
        "2023年3月5日", "2023年03月05日", "2023年3月5号", "2023.3.5", "2023/3/5", "2023-3-5",
        "2023-03-05", "20230305", "２０２３年３月５日", " 2023 年 3 月 5 日 ",
        "2023-03-05 00:00:00", "2023/3/5 0:00",
    ],
)  # fmt: skip
def test_days_as_people_write_them(text: str) -> None:
    """All the usual ways to write a day mean it."""
    assert "2023-03-05" == parsed(field("date"), text)


@pytest.mark.parametrize(
    "text",
    ["3/5/2023", "5.3.23", "23-3-5", "2023-3/5", "2023-1-1 1", "2023-02-30", "45006", "3月5日",
     "2023-03-05 14:30", "上周五"],
)  # fmt: skip
def test_days_that_are_not_plain_are_refused(text: str) -> None:
    """What could be several days, or is none, is refused and never guessed."""
    with pytest.raises(InputError) as refused:
        parsed(field("date"), text)
    assert ["wrong_type"] == [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("text", "month"),
    [("1998年7月", "1998-07"), ("1998.07", "1998-07"), ("1998/7", "1998-07"), ("199807", "1998-07"),
     ("１９９８－７", "1998-07"), ("1998-10", "1998-10")],
)  # fmt: skip
def test_months_as_people_write_them(text: str, month: str) -> None:
    """All the usual ways to write a month mean it."""
    assert month == parsed(field("month"), text)


@pytest.mark.parametrize("text", ["1998", "1998-13", "98年7月", "1998-07-01", "七月"])
def test_months_that_are_not_plain_are_refused(text: str) -> None:
    """A year, a day or no month at all is no month."""
    with pytest.raises(InputError):
        parsed(field("month"), text)


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("count", "１２", 12), ("count", "1,234", 1234), ("count", "1，234，567", 1234567),
        ("count", "12人", 12), ("count", "12 people", 12), ("count", "12.0", 12),
        ("number", "85.5%", Decimal("85.5")), ("money", "￥1,200.50", Decimal("1200.5")),
        ("money", "1200元", 1200), ("count", "−3", -3),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(kind: FieldType, text: str, number: object) -> None:
    """Width, thousands and the field's own unit make no difference."""
    more = {"unit": Text("人", "people")} if kind == "count" else {}
    assert number == parsed(field(kind, **more), text)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("count", "12.5"), ("count", "1,23"), ("count", "1e3"), ("count", "十二"),
        ("count", "12次"),
        ("money", "1.2万元"), ("number", "1/2"), ("count", "9" * 5000), ("count", "=1+1"),
        ("number", "NaN"), ("number", "12,5"),
    ],
)  # fmt: skip
def test_numbers_that_are_not_plain_are_refused(kind: FieldType, text: str) -> None:
    """Another unit, words, and commas in strange places are no number."""
    more = {"unit": Text("人", "people")} if kind == "count" else {}
    with pytest.raises(InputError) as refused:
        parsed(field(kind, **more), text)
    assert ["wrong_type"] == [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("text", "flag"),
    [("是", True), ("有", True), ("√", True), ("Yes", True), ("ＴＲＵＥ", True),
     ("否", False), ("无", False), ("×", False), ("no", False), ("FALSE", False)],
)  # fmt: skip
def test_flags_as_people_write_them(text: str, flag: bool) -> None:  # noqa: FBT001 - what is expected
    """Words and ticks of both languages are read."""
    assert parsed(field("flag"), text) is flag


@pytest.mark.parametrize("text", ["x", "X", "1", "0", "部分", "☒"])
def test_flags_that_are_not_plain_are_refused(text: str) -> None:
    """An x is a tick to some and a cross to others."""
    with pytest.raises(InputError):
        parsed(field("flag"), text)


def test_choices_with_commas_of_their_own() -> None:
    """A label that has a comma in it is one choice, not two."""
    assert ["lesson", "paper"] == parsed(field("choices"), "公开课、讲座、论文")
    assert ["paper", "lesson"] == parsed(field("choices"), "papers, Open lessons, lectures")
    assert ["case", "paper"] == parsed(field("choices"), "case；paper")


def test_the_nearest_choice_is_named() -> None:
    """A word that is none of the choices is told with the one that is most like it."""
    with pytest.raises(InputError) as refused:
        parsed(field("choice"), "papars")
    (problem,) = refused.value.problems
    assert ("unknown_name", "papers") == (problem.code, problem.nearest)
    assert "公开课、讲座；论文；案例" in problem.explain("zh")


def test_a_label_of_two_choices_is_refused() -> None:
    """Where two choices are called the same, the label says neither."""
    values = {"a": Text("其他", "other"), "b": Text("其他", "another")}
    declared = field("choice", values=values)
    assert "b" == parsed(declared, "another")
    with pytest.raises(InputError) as refused:
        parsed(declared, "其他")
    assert ["label_of_several"] == [problem.code for problem in refused.value.problems]


def test_people_by_name_and_id() -> None:
    """An id stands behind the name, or in a list of people; brackets may say something else."""
    people = {"教师甲": "p-01", "教师乙（退休）": "p-02"}
    person = field("person")
    assert {"id": "p-07", "name": "教师甲"} == parsed(person, "教师甲（p-07）", people=people)
    assert {"id": "p-01", "name": "教师甲"} == parsed(person, "教师甲", people=people)
    assert {"id": "p-02", "name": "教师乙（退休）"} == parsed(
        person, "教师乙（退休）", people=people
    )
    several = parsed(field("people"), "Teacher A (p1), Teacher B (p2)；教师甲", people=people)
    assert [("p1", "Teacher A"), ("p2", "Teacher B"), ("p-01", "教师甲")] == [
        (each["id"], each["name"])
        for each in several  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize("text", ["教师丙", "教师甲、教师乙（p-02）", "教师丙（在编）"])
def test_people_without_an_id_are_refused_and_not_named(text: str) -> None:
    """Somebody without an id is refused; the message says the next step, and no name."""
    with pytest.raises(InputError) as refused:
        parsed(field("person"), text)
    (problem,) = refused.value.problems
    assert ("person_cell", "***") == (problem.code, problem.got)
    assert "--people" in problem.explain("en")
    assert "教师" not in problem.explain("zh")


def test_personal_values_stand_in_no_message() -> None:
    """What is wrong with a personal value is told without it."""
    with pytest.raises(InputError) as refused:
        parsed(field("date", personal=True), "1980-13-40")
    assert "1980" not in refused.value.explain("en")


def test_one_item_a_line_may_have_any_mark() -> None:
    """Items divided by lines keep their semicolons; those in one line are divided by them."""
    assert ["目标一", "目标二"] == parsed(field("texts"), "目标一；目标二；")
    assert ["目标一；细则", "目标二"] == parsed(field("texts"), "目标一；细则\r\n\r\n目标二")


@pytest.mark.parametrize("kind", VALUES)
def test_blank_text_is_nothing(kind: FieldType) -> None:
    """Blank text says no value, and no value is blank text."""
    assert parsed(field(kind), " 　\n") is None
    assert not shown(field(kind), None, "zh")


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x00b", "a\ufeffb"])
def test_unseen_characters_are_refused(text: str) -> None:
    """Control, direction and zero-width characters are refused in any text."""
    with pytest.raises(InputError) as refused:
        parsed(field("text"), text)
    assert ["bad_character"] == [problem.code for problem in refused.value.problems]


def test_names_keep_their_width() -> None:
    """Only digits are made narrow: a text stays as it was written."""
    assert "Ａ班（１）" == parsed(field("text"), "Ａ班（１）")
