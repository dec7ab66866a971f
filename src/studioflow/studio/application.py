"""The application: what a studio declares."""

from __future__ import annotations

from attrs import evolve, field, frozen

from studioflow.codec import EMPTY_TEXT, WRONG_TYPE, Collector, strict_converter, wrong
from studioflow.errors import InputError, Problem
from studioflow.people import Person, check_ids
from studioflow.text import Text

__all__ = ["Application", "read_application"]

_TEXT = Text("文字", "text")
_PERSON = Text("Person", "a Person")
_MASK = "***"

_converter = strict_converter()


@frozen(kw_only=True)
class Application:
    """What a studio declares (attachment 1).

    Attributes:
        name: of the studio.
        unit: of the lead; the studio's own unit.
        lead: 领衔人; `members` are the working team, which trainees are not part of.
        level: "county" or "city".
    """

    name: str
    unit: str
    lead: Person
    members: tuple[Person, ...] = field(default=(), converter=tuple[Person, ...])
    level: str = "county"

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        for name, value in (("name", self.name), ("unit", self.unit), ("level", self.level)):
            with collector.under(name):
                if not isinstance(value, str):
                    raise wrong(WRONG_TYPE, value, type=_TEXT)
                if not value.strip():
                    raise wrong(EMPTY_TEXT, value)
        if not collector.problems:
            with collector.under():
                check_ids(unit=self.unit)
        with collector.under("lead"):
            if not isinstance(self.lead, Person):
                raise wrong(WRONG_TYPE, self.lead, type=_PERSON)
        for position, member in enumerate(self.members):
            with collector.under("members", position):
                if not isinstance(member, Person):
                    raise wrong(WRONG_TYPE, member, type=_PERSON)
        collector.finish()

    def people(self) -> frozenset[str]:
        """Return the ids of all whose own studio it is."""
        return frozenset({self.lead.id, *(member.id for member in self.members)})


def read_application(value: object) -> Application:
    """Return the application that a plain table says.

    Raises:
        InputError: with every problem; no name of a person stands in any of them.
    """
    try:
        return _converter.structure(value, Application)
    except InputError as error:
        problems = [_masked(problem) for problem in error.problems]
    # Not from the handler: the first error would hang on the second, and be logged with it.
    raise InputError(problems)


def _masked(problem: Problem) -> Problem:
    """Return the problem without what may be a name: it is one where a person is no table, too."""
    first, *steps = problem.path.split("/")
    of_person = first in ("lead", "members")
    named = steps[-1:] == ["name"] or all(step.isdigit() for step in steps)
    return evolve(problem, got=_MASK, nearest=None) if of_person and named else problem
