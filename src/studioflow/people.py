"""Who acts, and who judged: persons by id, units, roles, marks, opinions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from unicodedata import normalize

from attrs import field, frozen

from studioflow.errors import InputError, wrong
from studioflow.text import message

__all__ = ["Actor", "Mark", "Opinion", "Person", "check_ids"]

ACTOR_SYNTAX = message(
    "actor_syntax",
    zh="ID:角色@单位，多个角色用逗号分开（如 p-07:bureau_committee@bureau）",
    en="ID:ROLE@UNIT, several roles divided by commas (p-07:bureau_committee@bureau)",
)
MARK_VALUE = message(
    "mark_value",
    zh="points（打分）与 met（确认）中恰好一项",
    en="exactly one of points (a mark) and met (a confirmation)",
)
ROLE_WORDS = message("role_words", zh="角色名称的集合", en="a set of the names of roles")
PADDED_ID = message(
    "padded_id",
    zh="非空且首尾没有空白的文字",
    en="text that is not empty, without white space around it",
)


def check_ids(**ids: object) -> None:
    """Check ids and units, which are compared to the letter.

    Raises:
        InputError: with each that is no text, is empty, or has white space around it.
    """
    problems = [
        problem.under(name)
        for name, given in ids.items()
        if not (isinstance(given, str) and given and given == given.strip())
        # Of what is no text, only the type: it may hold names.
        for problem in wrong(PADDED_ID, given if isinstance(given, str) else type(given)).problems
    ]
    if problems:
        raise InputError(problems)


@frozen
class Person:
    """Somebody, known by an id; the name is personal data and left out of `repr`."""

    id: str
    name: str = field(default="", repr=False)

    def __attrs_post_init__(self) -> None:
        check_ids(id=self.id)


@frozen
class Opinion:
    """What an organisation says of somebody or something, on paper, with its seal and the day.

    Attributes:
        text: its words; they may be about a person, and are left out of `repr`.
        sealed: whether the seal is there.
        on: the day beside the seal.
        unit: whose opinion it is, where that is not plain.
    """

    text: str = field(default="", repr=False)
    sealed: bool = field(default=False, kw_only=True)
    on: date | None = field(default=None, kw_only=True)
    unit: str | None = field(default=None, kw_only=True)


def _roles(roles: Iterable[str]) -> frozenset[str]:
    # A lone word would fall apart into its letters.
    if isinstance(roles, str):
        return frozenset({roles})
    try:
        return frozenset(roles)
    except TypeError:  # what can not even be hashed, or gone through
        problems = wrong(ROLE_WORDS, type(roles)).problems
    raise InputError(problem.under("roles") for problem in problems)


@frozen
class Actor:
    """Somebody who acts: a person of a unit, in one or more roles of the policy.

    >>> Actor("p-07", unit="bureau", roles={"bureau_committee"}).has_role("bureau_committee")
    True
    """

    id: str
    unit: str = field(kw_only=True)
    roles: frozenset[str] = field(kw_only=True, factory=frozenset, converter=_roles)

    def __attrs_post_init__(self) -> None:
        check_ids(id=self.id, unit=self.unit, **{f"roles/{role}": role for role in self.roles})

    def has_role(self, *roles: str) -> bool:
        """Return whether the actor has one of the roles."""
        return not self.roles.isdisjoint(roles)

    @classmethod
    def parse(cls, text: str) -> Actor:
        """Read an actor as the command line writes it: `ID:ROLE@UNIT`.

        Raises:
            InputError: if the text has another form.
        """
        person, colon, rest = normalize("NFC", text).partition(":")
        listed, at, unit = rest.partition("@")
        roles = [role.strip() for role in listed.split(",")]
        parts = [person.strip(), unit.strip(), *roles]
        if not (colon and at and all(parts) and text.isprintable()):
            raise wrong(ACTOR_SYNTAX, text)
        return cls(parts[0], unit=parts[1], roles=frozenset(roles))


@frozen(kw_only=True)
class Mark:
    """What one person judged: points for a criterion, or whether a gate is met.

    Attributes:
        criterion: the id of the criterion or gate.
        by: the person's id; `role` and `unit` say in which capacity.
        points: for a criterion; `met` for a gate.
        on: the day.
    """

    criterion: str
    by: str
    role: str
    unit: str | None = None
    on: date | None = None
    points: Fraction | None = None
    met: bool | None = None
    remark: str | None = None

    def __attrs_post_init__(self) -> None:
        check_ids(
            criterion=self.criterion,
            by=self.by,
            role=self.role,
            **({} if self.unit is None else {"unit": self.unit}),
        )
        if (self.points is None) == (self.met is None):
            got = [name for name in ("points", "met") if getattr(self, name) is not None]
            raise wrong(MARK_VALUE, got)

    @property
    def value(self) -> Fraction | bool:
        """The points, or whether it is met."""
        return bool(self.met) if self.points is None else self.points
