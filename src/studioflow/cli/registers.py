"""What all commands about a register have in common: where it is, who acts, how they end."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from studioflow.cli.installed import discovered
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import option
from studioflow.cli.problems import FAILED, show
from studioflow.codec import WRONG_TYPE, wrong
from studioflow.codec.problems import TYPE_NAMES
from studioflow.errors import InputError, Problem
from studioflow.people import Actor
from studioflow.text import Text, message

if TYPE_CHECKING:
    from studioflow.programme import Programme
    from studioflow.register import Register

__all__ = [
    "NO",
    "Day",
    "Somebody",
    "actor_option",
    "answered",
    "db_option",
    "opened",
    "person_option",
    "register_at",
]

VARIABLE = "STUDIOFLOW_DB"
NO = 1
_DEFAULT = "register.db"
F = TypeVar("F", bound=Callable[..., Any])

NO_REGISTER = message("no_register", zh="登记册文件", en="the file of a register")
_OPEN_ONE = Text(
    "用 studioflow programme open POLICY --db FILE 开立，或用 --db 指明",
    "make one by `studioflow programme open POLICY --db FILE`, or say by --db where it is",
)


class Day(click.ParamType):  # type: ignore[type-arg] # not generic before click 8.4
    """A day in its ISO form."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, _: click.Context | None) -> date:  # noqa: ANN401 - as click has it
        """Return the day.

        Raises:
            InputError: if it is none.
        """
        try:
            found = date.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.isoformat() != value:
            problems = wrong(WRONG_TYPE, value, type=TYPE_NAMES[date]).problems
            place = param.opts[0] if param else ""
            raise InputError(problem.under(place) for problem in problems)
        return found


class Somebody(click.ParamType):  # type: ignore[type-arg] # not generic before click 8.4
    """Somebody who acts, as `ID:ROLE@UNIT`."""

    name = "actor"

    def convert(self, value: Any, param: click.Parameter | None, _: click.Context | None) -> Actor:  # noqa: ANN401 - as click has it
        """Return the actor.

        Raises:
            InputError: if it is none.
        """
        try:
            return Actor.parse(value)
        except InputError as error:
            place = param.opts[0] if param else ""
            raise InputError(problem.under(place) for problem in error.problems) from None


db_option = option(
    "--db",
    metavar="URL",
    about=Text(
        f"登记册：SQLite 文件或数据库地址；不给则为 ${VARIABLE} 或 {_DEFAULT}",
        f"the register: an SQLite file, or the address of a database; ${VARIABLE} or {_DEFAULT}"
        " when left out",
    ),
)
actor_option = option(
    "--as",
    "by",
    required=True,
    type=Somebody(),
    metavar="ID:ROLE@UNIT",
    about=Text("以谁的身份", "who acts"),
)
person_option = option(
    "--personal",
    is_flag=True,
    about=Text("连同个人信息（姓名、备注）", "with what is personal: names and remarks"),
)


def _target(db: str | None) -> str:
    return db or os.environ.get(VARIABLE) or _DEFAULT


def register_at(db: str | None, *, new: bool = False) -> Register:
    """Return the register that an option means.

    Args:
        db: as it was given.
        new: whether it is made where there is none.

    Raises:
        InputError: where there is none, and it is not to be made.
    """
    from studioflow.register import connect

    target = _target(db)
    if not new and "://" not in target and not Path(target).is_file():
        problems = wrong(NO_REGISTER, target, hint=_OPEN_ONE).problems
        raise InputError(problem.under("--db") for problem in problems)
    return connect(target)


@contextmanager
def opened(output: Output, db: str | None) -> Iterator[Programme]:
    """Enter the programme of a register, by the policy in force in it."""
    from studioflow.programme import Programme

    register = register_at(db)
    try:
        with foreign_code():
            programme = Programme.open(register=register, host=discovered(output))
        yield programme
    finally:
        register.close()


@contextmanager
def answered(output: Output) -> Iterator[None]:
    """Enter what may be denied: the whole answer is told, and the status is 1."""
    from studioflow.register import Conflict, Damaged, KeyReused, SlotTaken, Superseded
    from studioflow.verdict import Denied

    try:
        yield
    except Denied as no:
        if output.as_json:
            reasons = [reason.to_dict(output.language) for reason in no.reasons]
            action = no.verdict.action.get(output.language)
            output.json({"schema": "studioflow.denied/1", "action": action, "reasons": reasons})
        else:
            output.line(no.explain(output.language))
        raise click.exceptions.Exit(NO) from None
    except (Conflict, Damaged, KeyReused, SlotTaken, Superseded) as error:
        show([Problem(FAILED, got=error.explain(output.language))], output)
        raise click.exceptions.Exit(NO) from None
