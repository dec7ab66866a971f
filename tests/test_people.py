"""Persons, actors and marks."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError

from studioflow.errors import InputError
from studioflow.people import Actor, Mark, Person


class TestPerson:
    """Somebody with a name."""

    def test_names_are_personal(self) -> None:
        """A name is personal data and stays out of logs."""
        person = Person("p-07", "张三")
        assert "Person(id='p-07')" == repr(person)
        assert "张三" == person.name


class TestActor:
    """Somebody who acts."""

    def test_roles(self) -> None:
        """One of the roles asked for is enough, and none of no role."""
        actor = Actor("p-07", unit="bureau", roles={"committee", "office"})
        assert actor.has_role("school", "office")
        assert not actor.has_role("school")
        assert not actor.has_role()

    def test_a_lone_role(self) -> None:
        """A lone word is one role, and not its letters."""
        assert frozenset({"committee"}) == Actor("p", unit="u", roles="committee").roles

    def test_no_roles(self) -> None:
        """Somebody may have no role."""
        assert frozenset() == Actor("p", unit="u").roles

    def test_immutable(self) -> None:
        """An actor is a value."""
        with pytest.raises(FrozenInstanceError):
            Actor("p", unit="u").id = "q"  # type: ignore[misc] # what the test is about

    @pytest.mark.parametrize(
        ("text", "roles"),
        [
            ("p-07:committee@bureau", {"committee"}),
            (" p-07 : committee , office @ bureau ", {"committee", "office"}),
        ],
    )
    def test_parse(self, text: str, roles: set[str]) -> None:
        """An actor is written as on the command line."""
        assert Actor("p-07", unit="bureau", roles=roles) == Actor.parse(text)

    def test_parse_keeps_what_follows_the_first_sign(self) -> None:
        """A unit may have signs of its own."""
        assert "a@b:c" == Actor.parse("p:r@a@b:c").unit

    @pytest.mark.parametrize(
        "text",
        ["", "p", "p:r", "p@u", ":r@u", "p:@u", "p:r@", "p:r,@u", " :r@u", "p:r@ ", "p:r@u\u202e"],
    )
    def test_parse_refuses(self, text: str) -> None:
        """Any other form is refused with the right one."""
        with pytest.raises(InputError, match="ID:ROLE@UNIT") as refused:
            Actor.parse(text)
        assert "actor_syntax" == refused.value.problems[0].code


class TestMark:
    """What one person judged."""

    def test_points(self) -> None:
        """A mark's value is its points, 0 included."""
        mark = Mark(criterion="5.1.1", by="p", role="r", points=Fraction(0), on=date(2025, 4, 1))
        assert Fraction(0) == mark.value
        assert not isinstance(mark.value, bool)

    @pytest.mark.parametrize("met", [True, False])
    def test_met(self, *, met: bool) -> None:
        """A confirmation's value is whether it is met, False included."""
        assert met is Mark(criterion="5.0.2", by="p", role="r", met=met).value

    def test_exactly_one(self) -> None:
        """A mark gives points or says whether a gate is met: one of the two."""
        with pytest.raises(InputError) as neither:
            Mark(criterion="5.1.1", by="p", role="r")
        with pytest.raises(InputError) as both:
            Mark(criterion="5.1.1", by="p", role="r", met=True, points=Fraction(1))
        for refused, got in ((neither, "[]"), (both, "['points', 'met']")):
            (problem,) = refused.value.problems
            assert ("mark_value", got) == (problem.code, problem.got)


PADDED = ["", " ", "school-1 ", " school-1", "school-1\n", "\u3000school-1", None, 7]


class TestIds:
    """Ids and units are compared to the letter."""

    @pytest.mark.parametrize("given", PADDED)
    @pytest.mark.parametrize("name", ["id", "unit"])
    def test_of_an_actor(self, name: str, given: Any) -> None:  # noqa: ANN401 - on purpose
        """What no comparison would find is refused under its name."""
        with pytest.raises(InputError) as refused:
            Actor(**{"id": "p", "unit": "u", name: given})
        assert [(name, "padded_id")] == [(p.path, p.code) for p in refused.value.problems]

    @pytest.mark.parametrize("given", PADDED)
    def test_of_a_person(self, given: Any) -> None:  # noqa: ANN401 - on purpose
        """The same holds for a person."""
        with pytest.raises(InputError) as refused:
            Person(given)
        assert [("id", "padded_id")] == [(p.path, p.code) for p in refused.value.problems]

    @pytest.mark.parametrize("given", PADDED)
    @pytest.mark.parametrize("name", ["by", "unit"])
    def test_of_a_mark(self, name: str, given: Any) -> None:  # noqa: ANN401 - on purpose
        """The same holds for whoever marks; the unit alone may be left out."""
        parts: dict[str, Any] = {"criterion": "c", "by": "p", "role": "r", "met": True}
        if (name, given) == ("unit", None):
            assert Mark(**parts).unit is None
            return
        with pytest.raises(InputError) as refused:
            Mark(**{**parts, name: given})
        assert [(name, "padded_id")] == [(p.path, p.code) for p in refused.value.problems]
