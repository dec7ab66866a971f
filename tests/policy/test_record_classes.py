"""The classes of records: one for each declaration, safe to make, and forgotten when unused."""

import gc
import keyword
import logging
import weakref
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import attrs
import pytest

from studioflow.errors import InputError
from studioflow.people import Opinion, Person
from studioflow.policy import RecordField, RecordKind
from studioflow.policy.record_classes import _classes, record_class
from studioflow.text import Text

LABEL = Text("甲", "a")
DAY = date(2023, 5, 4)


def kind(fields: Mapping[str, RecordField], name: str = "activity") -> RecordKind:
    """Declare a kind of record."""
    return RecordKind(name=name, label=LABEL, supplied_by=("lead",), fields=fields)


def shape(**personal: bool) -> dict[str, RecordField]:
    """Declare text fields by name, personal or not."""
    return {n: RecordField(type="text", label=LABEL, personal=p) for n, p in personal.items()}


def test_two_loads_have_one_class() -> None:
    """Two declarations of the same fields have the same class, and so equal records."""
    one, two = kind(shape(theme=False)), kind(shape(theme=False))
    made = one.load({"theme": "甲"})

    assert one.cls is two.cls
    assert made == two.load({"theme": "甲"})
    assert hash(made) == hash(two.load({"theme": "甲"}))


@pytest.mark.parametrize(
    "other",
    [
        kind(shape(theme=False), name="other"),
        kind(shape(theme=True)),
        kind(shape(theme=False, more=False)),
        kind({"theme": RecordField(type="texts", label=LABEL)}),
        kind({"theme": RecordField(type="text", label=LABEL, required=True)}),
    ],
    ids=["name", "personal", "one more", "type", "required"],
)
def test_other_declarations_have_other_classes(other: RecordKind) -> None:
    """What a class is made of makes it another one."""
    assert kind(shape(theme=False)).cls is not other.cls


def test_what_a_class_does_not_know() -> None:
    """A label or a bound is no part of the class: records stay equal when they are reworded."""
    one = kind({"n": RecordField(type="count", label=LABEL)})
    two = kind({"n": RecordField(type="count", label=Text("乙", "b"), high=Fraction(9))})

    assert one.load({"n": 3}) == two.load({"n": 3})


def test_many_loads_keep_nothing_alive() -> None:
    """A class goes when its last declaration and its last record are gone."""
    before = len(_classes)
    kept = kind(shape(kept=False)).load({"kept": "甲"})
    gone = weakref.ref(kind(shape(gone=False)).cls)
    for number in range(50):
        record_class(f"many_{number}", shape(theme=False))
    gc.collect()

    assert gone() is None
    assert before + 1 >= len(_classes)
    assert kind(shape(kept=False)).cls is type(kept)


def test_the_class() -> None:
    """A record is a frozen attrs instance whose fields have types, and None where left out."""
    cls = kind(
        {
            "on": RecordField(type="date", label=LABEL, required=True),
            "money": RecordField(type="money", label=LABEL),
        },
        name="fund_report",
    ).cls
    made = cls(on=DAY)

    assert "FundReport(on=datetime.date(2023, 5, 4), money=None)" == repr(made)
    assert (date, Fraction | None) == tuple(f.type for f in attrs.fields(cls))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        made.on = DAY
    with pytest.raises(TypeError):
        cls(DAY)


@pytest.mark.parametrize(
    "name",
    [
        "x): import os #",
        "x=print(1)",
        "a b",
        "a-b",
        "a.b",
        "1a",
        "",
        "é",
        "Theme",
        "__init__",
        "__class__",
        "__slots__",
        "_private",
        "self",
        "id",
        "kind",
        *(word for word in keyword.kwlist if word.islower()),
    ],
)
def test_hostile_names(name: str) -> None:
    """A name that could mean anything in code never reaches attrs."""
    with pytest.raises(InputError) as error:
        kind(shape(**{name: False}))

    (problem,) = error.value.problems
    assert f"fields/{name}" == problem.path
    assert problem.code in {"not_an_identifier", "reserved_name"}


@pytest.mark.parametrize(
    "name",
    [
        *keyword.softkwlist[1:],
        "cls",
        "attr_dict",
        "nothing",
        "fields",
        "dump",
        "mro",
        "hash",
        "repr",
    ],
)
def test_harmless_names(name: str) -> None:
    """A name that only looks like one of Python's is a field like any other."""
    made = kind(shape(**{name: False}), name="none").load({name: "甲"})

    assert "甲" == getattr(made, name)


def _context(error: BaseException) -> list[BaseException]:
    """Return every error that hangs on one, shown in a traceback or not."""
    hanging = [found for found in (error.__context__, error.__cause__) if found is not None]
    return [*hanging, *(more for found in hanging for more in _context(found))]


class TestFault33:
    """Personal data does not stand in what is logged: ids only."""

    KIND = kind(
        {
            "phone": RecordField(type="text", label=LABEL, personal=True),
            "who": RecordField(type="person", label=LABEL),
            "all": RecordField(type="people", label=LABEL),
            "said": RecordField(type="opinion", label=LABEL),
            "sex": RecordField(
                type="choice", label=LABEL, personal=True, values={"female": LABEL, "male": LABEL}
            ),
            "born": RecordField(type="month", label=LABEL, personal=True),
            "family": RecordField(type="people", label=LABEL, personal=True),
        }
    )
    SECRETS = ("13800000000", "领衔人甲", "成员乙1", "品行端正", "fmale", "1970", "家属丙")

    def test_fault_33_repr(self) -> None:
        """A record, its document's owner and its people show ids, and nothing personal."""
        made = self.KIND.load(
            {
                "phone": "13800000000",
                "who": {"id": "h-01", "name": "领衔人甲"},
                "all": [{"id": "m-01", "name": "成员乙1"}],
                "said": {"text": "品行端正", "sealed": True},
                "sex": "female",
                "born": "1970-01",
                "family": [{"id": "f-01", "name": "家属丙"}],
            }
        )

        assert (
            "Activity(phone=***, who=Person(id='h-01'), all=(Person(id='m-01'),), "
            "said=Opinion(sealed=True, on=None, unit=None), sex=***, born=***, family=***)"
        ) == repr(made)

    def test_fault_33_errors_and_logs(self, caplog: pytest.LogCaptureFixture) -> None:
        """Whatever is wrong, no value of a personal field is told, logged or hung on the error."""
        wrong = {
            "phone": ["13800000000"],
            "who": "领衔人甲",
            "all": ["成员乙1", {"id": "m-02", "name": ["成员乙1"]}, {"id": {"name": "成员乙1"}}],
            "said": "品行端正",
            "sex": "fmale",
            "born": "1970-13",
            "family": [{"家属丙": "家属丙", "id": " "}],
        }
        with pytest.raises(InputError) as error:
            self.KIND.load(wrong)
        problems = error.value.problems
        logging.getLogger().error("%r", error.value, exc_info=error.value)

        assert [
            ("phone", "***"),
            ("who", "***"),
            ("all/0", "***"),
            ("all/1/name", "***"),
            ("all/2/id", "***"),
            ("said", "***"),
            ("sex", "***"),
            ("born", "***"),
            ("family/0/***", "***"),
            ("family/0/id", "***"),
        ] == [(problem.path, problem.got) for problem in problems]
        assert {None} == {problem.nearest for problem in problems}
        told = [caplog.text, str(error.value), repr(problems), *map(str, _context(error.value))]
        told += [problem.explain("zh") for problem in problems]
        assert [] == [secret for secret in self.SECRETS if secret in "".join(told)]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"who": {"id": "h-01", "name": "领衔人甲\u200b"}},
            {"all": [{"id": "m-01", "name": "成员乙1\u202e"}]},
            {"said": {"text": "品行端正\u200b"}},
        ],
    )
    def test_fault_33_hidden_characters(self, wrong: dict[str, object]) -> None:
        """A name or an opinion that is refused for a character in it is not told, either."""
        with pytest.raises(InputError) as error:
            self.KIND.load(wrong)

        assert [("bad_character", "***")] == [(p.code, p.got) for p in error.value.problems]

    def test_fault_33_one_field(self) -> None:
        """What a single field says against a value hangs on no error that tells it."""
        with pytest.raises(InputError) as error:
            self.KIND.fields["phone"].read(["13800000000"])

        assert [] == _context(error.value)

    def test_fault_33_many_problems(self) -> None:
        """More problems than are listed come out masked as well."""
        with pytest.raises(InputError) as error:
            self.KIND.load({"family": ["家属丙"] * 200, "all": ["成员乙1"] * 200})

        assert "too_many_problems" == error.value.problems[-1].code
        assert [] == [secret for secret in self.SECRETS if secret in str(error.value)]

    def test_what_is_no_table(self) -> None:
        """Of what is no record at all, only the type is told."""
        with pytest.raises(InputError) as error:
            self.KIND.load(["领衔人甲", "13800000000"])

        assert "<class 'list'>" == error.value.problems[0].got

    def test_a_name_as_a_key(self) -> None:
        """A key that is like none of a person's may be the name; one that is misspelt is told."""
        with pytest.raises(InputError) as error:
            self.KIND.load(
                {"who": {"领衔人甲": "h-01"}, "all": [{"id": "m-01", "nmae": "成员乙1"}]}
            )

        assert [
            ("who/***", "unknown_key", "***"),
            ("who", "missing_key", "***"),
            ("all/0/nmae", "unknown_key", "'nmae'"),
        ] == [(problem.path, problem.code, problem.got) for problem in error.value.problems]

    def test_ids_are_told(self) -> None:
        """An id that is wrong is shown unless the field is personal: one has to find it."""
        with pytest.raises(InputError) as error:
            self.KIND.load(
                {
                    "who": {"id": " h-01"},
                    "all": [{"id": "m-01"}, {"id": "m-01"}],
                    "family": [{"id": " f-01"}],
                }
            )

        assert [("who/id", "' h-01'"), ("all/1", "'m-01'"), ("family/0/id", "***")] == [
            (problem.path, problem.got) for problem in error.value.problems
        ]


def test_people_and_opinions_in_python() -> None:
    """People and opinions come in as tables or as what they are in Python."""
    whose = kind(
        {
            "who": RecordField(type="person", label=LABEL),
            "said": RecordField(type="opinion", label=LABEL),
        }
    )
    said = Opinion("同意", sealed=True, on=DAY, unit="none")
    made = whose.load({"who": Person("h-01"), "said": said})

    assert (Person("h-01"), said) == (made.who, made.said)
    assert {
        "who": {"id": "h-01"},
        "said": {"text": "同意", "sealed": True, "on": "2023-05-04", "unit": "none"},
    } == whose.dump(made)
    assert made == whose.load(whose.dump(made))
