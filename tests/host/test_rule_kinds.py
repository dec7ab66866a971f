"""Rule kinds of plugins: what is no kind is told when the plugin is asked."""

import typing
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import attrs
import pytest
from attrs import field, frozen

from studioflow.algebra import Truth
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.policy import Document
from studioflow.rules import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    Fact,
    PythonScoring,
    Quantity,
    RuleKind,
    Scoring,
)
from studioflow.text import Text
from tests.host.shore import BOTH, Double, Some, Twice, kinds, plugin


class TestAsked:
    """What a plugin brings is checked when it is asked, and listed."""

    def test_listed(self) -> None:
        """A kind is handed on with the plugin that it came from, by id."""
        host = Host([plugin(rule_kinds=[RuleKind(id="twice", cls=Twice, origin="me")])])

        assert {"twice": RuleKind(id="twice", cls=Twice, origin="shore")} == host.catalogue.kinds
        assert {"rule_kinds": ("twice",)} == host.plugins[0].brings

    def test_copied(self) -> None:
        """A plugin that keeps its kind can not give it another name afterwards."""
        kept = RuleKind(id="twice", cls=Twice)
        host = Host([plugin(rule_kinds=[kept])])

        object.__setattr__(kept, "id", "changed")

        assert ["twice"] == [kind.id for kind in host.catalogue.kinds.values()]

    @pytest.mark.parametrize("kind", ["cases", "share", "in_range", "sum"])
    def test_a_kind_of_the_librarys_own(self, kind: str) -> None:
        """No plugin puts anything in the place of what every policy knows, wherever it stands."""
        host = Host([plugin(rule_kinds=[RuleKind(id=kind, cls=Twice)])])

        (problem,) = host.problems
        assert ("rule_kind_taken", "studioflow_rule_kinds/0/id") == (problem.code, problem.path)
        assert {} == host.catalogue.kinds

    def test_claimed_twice(self) -> None:
        """Of two kinds with one id none is there, and a policy that names it is told both."""
        one, other = kinds("first"), plugin("second", rule_kinds=[RuleKind(id="twice", cls=Some)])
        host = Host([other, one])

        assert ["double", "levelled", "some"] == list(host.catalogue.kinds)
        assert ["id_claimed", "id_claimed"] == [problem.code for problem in host.problems]
        assert ["partly", "claimed"] == [report.condition for report in host.plugins]
        with pytest.raises(InputError) as error:
            host.build(Document(BOTH, "shore.toml"))
        (problem,) = error.value.problems
        assert ("id_claimed", "criteria/a/kind") == (problem.code, problem.path)
        assert "shore.toml" == problem.file
        assert ["first", "second"] == problem.parameters["plugins"]

    @pytest.mark.parametrize(
        "cls", [*SCORINGS.values(), *QUANTITIES.values(), *CONDITIONS.values()]
    )
    def test_the_librarys_own_would_do(self, cls: Any) -> None:  # noqa: ANN401 - any class
        """A plugin's class is asked for no more than every kind of the library has."""
        assert () == Host([plugin(rule_kinds=[RuleKind(id="own", cls=cls)])]).problems


def refused(cls: object, **more: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - any part
    """Return code and path below the item of every problem of a rule kind."""
    given: dict[str, Any] = {"id": "own", "cls": cls, **more}
    host = Host([plugin(rule_kinds=[RuleKind(**given)])])
    assert {} == host.plugins[0].brings
    return [(p.code, p.path.removeprefix("studioflow_rule_kinds/0/")) for p in host.problems]


def scoring(**names: Any) -> type:  # noqa: ANN401 - what a class may have
    """Return an attrs class of a rule in Python, with parts of its own."""
    own = {"high": Fraction(10), "compute": one, **names}
    own = {name: part for name, part in own.items() if part is not None}
    return attrs.frozen(eq=False)(type("Own", (PythonScoring,), own))


def one(*_: object) -> int:
    """Stand for a method that takes anything."""
    return 1


def of_one(_: object) -> int:
    """Stand for a method without arguments."""
    return 1


def of_two(_: object, __: object) -> int:
    """Stand for a method of one argument."""
    return 1


def of_three(_: object, __: object, ___: object) -> int:
    """Stand for a method of two arguments."""
    return 1


@frozen(eq=False)
class Undecided(Double):
    """A quantity that is a condition, too."""

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        return self.of.number > 0


def with_field(kind: object, **more: Any) -> type:  # noqa: ANN401 - what a field may have
    """Return a rule in Python with a field of a type."""
    return scoring(__annotations__={"size": kind}, size=field(**more))


async def later(*_: object) -> int:
    """Stand for what nobody awaits."""
    return 1


def yielding(*_: object) -> Iterator[int]:
    """Stand for what does nothing when it is called."""
    yield 1


class TestRefused:
    """What can be no kind is refused before any policy names it."""

    @pytest.mark.parametrize(
        ("given", "code", "path"),
        [
            ({"id": 3}, "wrong_type", "id"),
            ({"id": " "}, "empty_text", "id"),
            ({"cls": "Twice"}, "not_an_attrs_class", "cls"),
            ({"cls": Scoring}, "not_an_attrs_class", "cls"),
            ({"cls": Text}, "not_a_rule_class", "cls"),
            ({"cls": Undecided}, "not_a_rule_class", "cls"),
        ],
    )
    def test_parts(self, given: dict[str, Any], code: str, path: str) -> None:
        """An id is a word, and a class is one of attrs that says one thing."""
        assert [(code, path)] == refused(**{"cls": Twice, **given})

    @pytest.mark.parametrize(
        ("cls", "code", "path"),
        [
            (scoring(compute=None), "rule_class_lacks", "cls/compute"),
            (scoring(high=None), "rule_class_lacks", "cls/high"),
            (scoring(compute=later), "not_a_function", "cls/compute"),
            (scoring(compute=yielding), "not_a_function", "cls/compute"),
            (scoring(compute=3), "not_a_function", "cls/compute"),
            (scoring(inputs=later), "not_a_function", "cls/inputs"),
            (scoring(compute=of_one), "rule_method_form", "cls/compute"),
            (scoring(compute=of_three), "rule_method_form", "cls/compute"),
            (scoring(inputs=of_two), "rule_method_form", "cls/inputs"),
            (attrs.frozen(type("Own", (Scoring,), {})), "rule_class_lacks", "cls/points"),
            (type("Own", (Twice,), {"points": later}), "not_a_function", "cls/points"),
            (type("Own", (Twice,), {"floor": of_two}), "rule_method_form", "cls/floor"),
            (type("Own", (Double,), {"wording": None}), "rule_class_lacks", "cls/wording"),
            (type("Own", (Double,), {"unit": later}), "not_a_function", "cls/unit"),
            (type("Own", (Some,), {"defined": 3}), "not_a_function", "cls/defined"),
            (type("Own", (Double,), {"number": max}), "rule_method_form", "cls/number"),
        ],
    )
    def test_methods(self, cls: type, code: str, path: str) -> None:
        """Each method is there, is called as it will be, and answers at once."""
        assert [(code, path)] == refused(cls)

    @pytest.mark.parametrize(
        "kind",
        [
            *(float, bytes, object, list, dict, Decimal, Any, Host),
            *(list[int], set[str], tuple[int, str], dict[str, int], Mapping[int, int]),
            typing.Mapping,
            *(int | str, Literal[3], tuple[float, ...], Mapping[str, float], float | None),
        ],
    )
    def test_fields_that_no_file_can_give(self, kind: object) -> None:
        """A type that the strict converter does not build, or would have to coerce, is told."""
        assert [("rule_field_type", "cls/size")] == refused(with_field(kind))

    @pytest.mark.parametrize(
        "kind",
        [
            *(int, bool, str, Fraction, Text, Fact, Quantity, Condition, Scoring),
            *(tuple[int, ...], Mapping[str, tuple[Condition, ...]], Literal["a", "b"]),
            *(int | None, Fraction | Literal["band"], Fraction | Literal["band"] | None),
        ],
    )
    def test_fields_that_a_file_gives(self, kind: object) -> None:
        """What the library's own kinds are made of, a plugin's may be made of."""
        cls: Any = with_field(kind)

        assert () == Host([plugin(rule_kinds=[RuleKind(id="own", cls=cls)])]).problems

    def test_nested_fields(self) -> None:
        """A field may be an attrs class, whose fields are held to the same."""

        @frozen
        class Row:
            when: Condition
            points: Fraction

        @frozen
        class Wrong:
            when: Condition
            points: float

        assert [("rule_field_type", "cls/size")] == refused(with_field(tuple[Wrong, ...]))
        fitting: Any = with_field(tuple[Row, ...])
        assert () == Host([plugin(rule_kinds=[RuleKind(id="own", cls=fitting)])]).problems

    def test_a_name_that_means_nothing(self) -> None:
        """An annotation has to mean something at run time."""
        assert [("unresolved_types", "cls")] == refused(with_field("Nowhere"))

    @pytest.mark.parametrize("key", ["kind", "label"])
    def test_a_key_of_every_rule(self, key: str) -> None:
        """A field that no table could ever set is told."""
        cls = with_field(int, metadata={"key": key})

        assert [("rule_field_key", "cls/size")] == refused(cls)

    def test_everything_at_once(self) -> None:
        """One look tells all that is wrong."""
        cls = scoring(compute=later, inputs=yielding, __annotations__={"size": float})

        found = [path for _, path in refused(cls, id=3)]
        assert ["id", "cls/compute", "cls/inputs", "cls/size"] == found
