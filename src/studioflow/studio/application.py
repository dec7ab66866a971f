"""The application: what a studio declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import cast

from attrs import field, frozen
from cattrs import Converter

from studioflow.codec import EMPTY_TEXT, WRONG_TYPE, Collector, strict_converter, wrong
from studioflow.people import Person, check_ids
from studioflow.policy.privacy import masked, masked_shape, tell_less, told
from studioflow.policy.record_values import LISTED_TWICE
from studioflow.text import Text

__all__ = ["Application", "mask_applications", "read_application", "read_person"]

_TEXT = Text("文字", "text")
_PERSON = Text("Person", "a Person")
_PEOPLE = Text("Person 的列表", "a list of Person")


def _listed(members: object) -> tuple[Person, ...]:
    """Return the members as a tuple; what is no list of them is refused with all the rest."""
    if isinstance(members, Iterable) and not isinstance(members, str | bytes | Mapping):
        return tuple(members)
    return cast("tuple[Person, ...]", members)


@frozen(kw_only=True, slots=False)  # so that who belongs to it is listed once
class Application:
    """What a studio declares (attachment 1).

    Attributes:
        name: of the studio.
        unit: of the lead; the studio's own unit.
        lead: 领衔人; `members` are the working team, each once, which trainees are not part of.
        level: a word for who sets the studio up, such as "county" or "city"; any word is taken,
            and only guards of plugins are told it.
    """

    name: str
    unit: str
    lead: Person
    members: tuple[Person, ...] = field(default=(), converter=_listed)
    level: str = "county"

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        for name, value in (("name", self.name), ("unit", self.unit), ("level", self.level)):
            with collector.under(name):
                if not isinstance(value, str):
                    raise wrong(WRONG_TYPE, told(value), type=_TEXT)
                if not value.strip():
                    raise wrong(EMPTY_TEXT, value)
        if not collector.problems:
            with collector.under():
                check_ids(unit=self.unit)
        with collector.under("lead"):
            if not isinstance(self.lead, Person):
                raise wrong(WRONG_TYPE, type(self.lead), type=_PERSON)
        with collector.under("members"):
            _check_members(self.members)
        collector.finish()

    def people(self) -> frozenset[str]:
        """Return the ids of all whose own studio it is."""
        listed: frozenset[str] | None = self.__dict__.get("_people")
        if listed is None:
            listed = frozenset({self.lead.id, *(member.id for member in self.members)})
            self.__dict__["_people"] = listed
        return listed


def _check_members(members: object) -> None:
    """Check that members are people, and nobody twice.

    Raises:
        InputError: with each that is not; of what is no person, only its type is told.
    """
    if not isinstance(members, tuple):
        raise wrong(WRONG_TYPE, type(members), type=_PEOPLE)
    collector = Collector()
    known: set[str] = set()
    for position, member in enumerate(members):
        with collector.under(position):
            if not isinstance(member, Person):
                raise wrong(WRONG_TYPE, type(member), type=_PERSON)
            if member.id in known:
                raise wrong(LISTED_TWICE, member.id)
            known.add(member.id)
    collector.finish()


def read_application(value: object) -> Application:
    """Return the application that a plain table says.

    Raises:
        InputError: with every problem; no name of a person stands in any of them.
    """
    return _converter.structure(value, Application)


def read_person(value: object) -> Person:
    """Return the person that a plain table says.

    Raises:
        InputError: with every problem; no name stands in any of them.
    """
    return _converter.structure(value, Person)


def mask_applications(converter: Converter) -> None:
    """Have a converter tell no name of a person in what is wrong with an application."""
    of_person = partial(masked, kind=Person)
    tell_less(converter, Person, of_person)
    tell_less(converter, tuple[Person, ...], of_person)
    tell_less(converter, Application, masked_shape)


_converter = strict_converter()
mask_applications(_converter)
