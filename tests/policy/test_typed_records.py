"""A plugin's own class stands for a kind of record, if it has the fields that the kind declares."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal, Optional

import attrs
import pytest

from studioflow.errors import InputError
from studioflow.people import Opinion, Person
from studioflow.policy import (
    Policy,
    RecordClass,
    RecordField,
    RecordKind,
    check_record_class,
    check_record_classes,
    kind_of,
)
from studioflow.policy.record_fields import FieldType
from studioflow.text import Text

LABEL = Text("某", "some")
WORDS = {"zh": "某", "en": "some"}
UNIT = Text("次", "times")
TALK = {
    "label": WORDS,
    "from": ["school"],
    "fields": {
        "theme": {"type": "text", "label": WORDS, "required": True},
        "on": {"type": "date", "label": WORDS},
    },
}
TALKS: dict[str, object] = {"records/talk": TALK, "records/lesson": TALK}

Built = Callable[[dict[str, object]], Policy]


def declare(name: FieldType, **more: Any) -> RecordField:  # noqa: ANN401 - whatever a field has
    """Declare a field of a type, with what that type needs."""
    if name == "number":
        more |= {"unit": UNIT, "step": Fraction(1, 2)}
    if name in {"choice", "choices"}:
        more |= {"values": {"town": LABEL, "county": LABEL}}
    return RecordField(type=name, label=LABEL, **more)


def kind(**fields: RecordField) -> RecordKind:
    """Declare a kind of record."""
    return RecordKind(name="talk", label=LABEL, supplied_by=("lead",), fields=fields)


def problems(declared: RecordKind, cls: type) -> list[tuple[str, str]]:
    """Return path and code of everything for which a class does not fit."""
    with pytest.raises(InputError) as error:
        check_record_class(declared, cls)
    return [(problem.path, problem.code) for problem in error.value.problems]


@attrs.frozen(kw_only=True)
class Talk:
    """A talk, as a plugin would write it."""

    theme: str
    on: date | None = None


@attrs.frozen(kw_only=True)
class Lesson:
    """A lesson, which has the same fields."""

    theme: str
    on: date | None = None


@attrs.frozen(kw_only=True)
class Short:
    """A talk without the field that is not required."""

    theme: str


@attrs.frozen(kw_only=True)
class Loose:
    """A talk with wrong types, something more, and something less."""

    subject: str
    on: date


# --- one class ------------------------------------------------------------------------------

TYPES: dict[FieldType, object] = {
    "text": str,
    "texts": tuple[str, ...],
    "flag": bool,
    "count": int,
    "number": Fraction,
    "money": Fraction,
    "date": date,
    "month": str,
    "choice": str,
    "choices": tuple[str, ...],
    "person": Person,
    "people": tuple[Person, ...],
    "opinion": Opinion,
    "evidence": tuple[str, ...],
}


def with_type(annotation: Any) -> type:  # noqa: ANN401 - a type, or an alias of one
    """Return an attrs class with one field, `it`."""
    return attrs.make_class("Made", {"it": attrs.field(type=annotation)})


@pytest.mark.parametrize("name", TYPES)
def test_types(name: FieldType) -> None:
    """A field has the declared type; where it is not required, None is a part of it."""
    required, other = kind(it=declare(name, required=True)), kind(it=declare(name))
    always: Any = with_type(TYPES[name])
    sometimes: Any = with_type(TYPES[name] | None)  # type: ignore[operator] # they are types

    check_record_class(required, always)
    check_record_class(other, sometimes)
    assert [("it", "record_class_type")] == problems(other, always)
    assert [("it", "record_class_type")] == problems(required, sometimes)


@pytest.mark.parametrize(
    ("name", "annotation"),
    [
        ("text", Optional[str]),  # noqa: UP045 - the other way to write it
        ("text", None | str),
        ("text", Annotated[str, "the theme"] | None),
        ("choice", Literal["county", "town"] | None),
    ],
)
def test_ways_of_writing(name: FieldType, annotation: object) -> None:
    """A type may be written in any way that means the same; a choice may list its values."""

    @attrs.frozen
    class Own:
        it: annotation  # type: ignore[valid-type] # differs from test to test

    check_record_class(kind(it=declare(name)), Own)


@pytest.mark.parametrize(
    ("name", "annotation"),
    [
        ("count", bool),
        ("count", float),
        ("money", int),
        ("text", object),
        ("text", Any),
        ("texts", list[str]),
        ("texts", tuple[str]),
        ("texts", tuple),
        ("choice", Literal["county"]),
        ("choice", Literal["county", "town", "city"]),
        ("person", str),
        ("text", None),
        ("text", Callable[[int], str] | None),
    ],
)
def test_other_types(name: FieldType, annotation: object) -> None:
    """Any other type is refused, a wider or a narrower one as well."""
    declared = kind(it=declare(name, required=True))

    assert [("it", "record_class_type")] == problems(declared, with_type(annotation))


def test_words_for_a_type() -> None:
    """What is told of a type is how it is written in Python."""
    with pytest.raises(InputError) as error:
        check_record_class(kind(it=declare("money")), with_type(int))

    (problem,) = error.value.problems
    assert ("'int'", "the type fractions.Fraction | None") == (problem.got, problem.expected("en"))


def test_all_problems_at_once() -> None:
    """Everything for which a class does not fit is told, each under its field."""
    declared = kind(theme=declare("text", required=True), on=declare("date"))

    assert [("subject", "unknown_key"), ("on", "record_class_type"), ("", "missing_key")] == (
        problems(declared, Loose)
    )


def test_left_out() -> None:
    """A field that is not required may be left out of the class."""
    check_record_class(kind(theme=declare("text", required=True), on=declare("date")), Short)


def test_own_class() -> None:
    """The class that a kind makes for itself fits it."""
    fields = {f"all_of_{name}": declare(name, personal=True) for name in TYPES}
    declared = kind(**fields, theme=declare("text", required=True))

    check_record_class(declared, declared.cls)


def test_instances_are_records() -> None:
    """An instance of a class that fits is a record like any other."""
    declared = kind(theme=declare("text", required=True), on=declare("date"))
    check_record_class(declared, Talk)

    loaded = declared.load(Talk(theme="读书", on=date(2023, 5, 4)))

    assert {"theme": "读书", "on": "2023-05-04"} == declared.dump(loaded)


def test_fault_33_personal_fields() -> None:
    """A class that would show personal data in its `repr`, and so in logs, is refused."""

    @attrs.frozen
    class Shown:
        phone: str
        theme: str

    @attrs.frozen
    class Hidden:
        theme: str
        phone: str = attrs.field(repr=False)

    declared = kind(
        phone=declare("text", required=True, personal=True), theme=declare("text", required=True)
    )

    check_record_class(declared, Hidden)
    assert [("phone", "record_class_shows")] == problems(declared, Shown)


def test_annotation_without_a_meaning() -> None:
    """A class whose annotations can not be resolved is refused, and not its importer."""

    @attrs.frozen
    class Own:
        theme: "Nowhere"  # type: ignore[name-defined] # noqa: F821 - on purpose

    with pytest.raises(InputError) as error:
        check_record_class(kind(theme=declare("text", required=True)), Own)

    (problem,) = error.value.problems
    assert "unresolved_types" == problem.code
    assert "Nowhere" in problem.got


def test_class_stays_as_it_is() -> None:
    """A check writes nothing into a class, which belongs to the plugin."""

    @attrs.frozen
    class Own:
        theme: "str"

    check_record_class(kind(theme=declare("text", required=True)), Own)

    assert ["str"] == [str(field.type) for field in attrs.fields(Own)]


@pytest.mark.parametrize("cls", [str, "Talk", Talk(theme="读书"), list[Talk], None])
def test_no_attrs_class(cls: Any) -> None:  # noqa: ANN401 - on purpose
    """What is no attrs class is refused."""
    assert [("", "not_an_attrs_class")] == problems(kind(theme=declare("text")), cls)


# --- the classes of a policy ----------------------------------------------------------------


def test_classes_of_a_policy(built: Built) -> None:
    """The classes that concern a policy are its own, and those of every policy with such a kind."""
    own = RecordClass(kind="talk", cls=Talk, policy="small")
    every = RecordClass(kind="lesson", cls=Lesson)
    others = [
        RecordClass(kind="talk", cls=Loose, policy="other"),
        RecordClass(kind="visit", cls=Loose),
    ]

    assert (own, every) == check_record_classes(built(TALKS), [own, *others, every])


def test_classes_that_do_not_fit(built: Built) -> None:
    """Everything that is wrong with the classes of a policy is told at once, with the plugin."""
    given = [
        RecordClass(kind="tlak", cls=Talk, policy="small", origin="first"),
        RecordClass(kind="talk", cls=Short, origin="first"),
        RecordClass(kind="lesson", cls=Loose, origin="second"),
        RecordClass(kind="lesson", cls=Loose),
    ]

    with pytest.raises(InputError) as error:
        check_record_classes(built(TALKS), given)

    found = [(p.file, p.path, p.code, p.nearest) for p in error.value.problems]
    loose = [
        ("lesson/subject", "unknown_key", None),
        ("lesson/on", "record_class_type", None),
        ("lesson", "missing_key", None),
    ]
    assert [
        ("first", "tlak", "unknown_name", "talk"),
        *(("second", *problem) for problem in loose),
        *((None, *problem) for problem in loose),
    ] == found


def test_class_of_two_kinds(built: Built) -> None:
    """A class for two kinds is refused: of its instances nobody could tell the kind."""
    given = [RecordClass(kind=name, cls=Talk, origin="first") for name in ("talk", "lesson")]

    with pytest.raises(InputError) as error:
        check_record_classes(built(TALKS), given)

    assert [("talk", "record_class_of_two_kinds"), ("lesson", "record_class_of_two_kinds")] == [
        (problem.path, problem.code) for problem in error.value.problems
    ]
    assert ["lesson", "talk"] == error.value.problems[0].parameters["kinds"]


def test_class_brought_twice(built: Built) -> None:
    """A class that two plugins bring for the same kind does no harm."""
    given = [RecordClass(kind="talk", cls=Talk, origin=name) for name in ("first", "second")]

    assert tuple(given) == check_record_classes(built(TALKS), given)


# --- the kind of an instance ----------------------------------------------------------------


class Longer(Talk):
    """A class below one that stands for a kind."""


def test_kind_of() -> None:
    """The kind of an instance is that of its very class: one below it may say something else."""
    given = [RecordClass(kind="talk", cls=Talk), RecordClass(kind="lesson", cls=Lesson)]

    assert "talk" == kind_of(given, Talk(theme="读书"))
    assert "lesson" == kind_of(given, Lesson(theme="读书"))
    assert [None, None, None] == [
        kind_of(given, other) for other in (Longer(theme="读书"), {"theme": "读书"}, Talk)
    ]
