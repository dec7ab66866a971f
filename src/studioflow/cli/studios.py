"""`studio`: what a register has of studios, what may happen to them, and what does."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

import click

from studioflow.cli.acting import ACTIONS, act
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import Group, argument, command, option
from studioflow.cli.registers import (
    NO,
    Day,
    actor_option,
    answered,
    db_option,
    opened,
    person_option,
    register_at,
)
from studioflow.text import Text

if TYPE_CHECKING:
    from studioflow.people import Actor

__all__ = ["studio"]

_STUDIO = Text("工作室的 id", "the id of a studio")


@click.group(
    cls=Group,
    about=Text(
        "登记册中的工作室：列出、查看、询问，以及办理每一步",
        "The studios of a register: list, look, ask, and take every step",
    ),
)
def studio() -> None:
    """Take what stands before the command."""


@command(
    Text("按申报顺序列出工作室", "List the studios, in the order in which they came"),
    "studioflow studio list --db demo/register.db",
    "studioflow studio list --after s-50 --limit 50",
)
@option("--after", metavar="ID", about=Text("从此工作室之后开始", "begin after this studio"))
@option(
    "--limit",
    type=click.IntRange(1, 10_000),
    default=50,
    metavar="N",
    about=Text("至多几个（默认 50）", "how many at most, 50 when left out"),
)
@db_option
def list_(output: Output, after: str | None, limit: int, db: str | None) -> None:
    """Print a page of studios."""
    from studioflow.cli.views.register import studios_as_json, studios_view
    from studioflow.studio import Studio

    with answered(output), closing(register_at(db)) as register:
        names = register.studios(after=after, limit=limit + 1)
        page = [Studio.from_events(name, register.events(name)) for name in names[:limit]]
    following = names[limit - 1] if len(names) > limit else None
    if output.as_json:
        output.json(studios_as_json(page, following))
    else:
        studios_view(page, following, output)


@command(
    Text("查看一个工作室的现状", "Show a studio as it is now"),
    "studioflow studio show s01 --db demo/register.db",
)
@argument("studio", about=_STUDIO)
@person_option
@db_option
def show(output: Output, *, studio: str, personal: bool, db: str | None) -> None:
    """Print a studio."""
    from studioflow.cli.views.register import studio_as_json, studio_view

    with answered(output), opened(output, db) as programme:
        found = programme.studio(studio)
        policy = programme.policy_of(found)
        if output.as_json:
            output.json(studio_as_json(found, personal=personal))
        else:
            studio_view(found, policy, output, personal=personal)


@command(
    Text("列出一个工作室的全部事件", "List everything that happened to a studio"),
    "studioflow studio history s01 --db demo/register.db",
)
@argument("studio", about=_STUDIO)
@person_option
@db_option
def history(output: Output, *, studio: str, personal: bool, db: str | None) -> None:
    """Print the events of a studio."""
    from studioflow.cli.views.register import history_as_json, history_view

    with answered(output), opened(output, db) as programme:
        found = programme.studio(studio)
        policy = programme.policy_of(found)
        if output.as_json:
            output.json(history_as_json(found, personal=personal))
        else:
            history_view(found, policy, output, personal=personal)


@command(
    Text(
        "询问可以办什么、不可以办什么以及为什么；只问一个操作时，不可以则退出码为 1",
        "Ask what may happen, what may not, and why; of one action, the exit status is 1 where it "
        "may not",
    ),
    "studioflow studio can s01 --as p-07:bureau_committee@bureau",
    "studioflow studio can s01 approve --as p-07:bureau_committee@bureau",
)
@argument("studio", about=_STUDIO)
@argument(
    "action",
    required=False,
    about=Text("只问这一操作", "ask about this action alone"),
)
@actor_option
@db_option
def can(output: Output, studio: str, action: str | None, by: Actor, db: str | None) -> None:
    """Print the verdicts."""
    from studioflow.cli.views.register import verdicts_as_json, verdicts_view

    with answered(output), opened(output, db) as programme, foreign_code():
        if action is None:
            verdicts = programme.available(studio, by=by)
        else:
            verdicts = {action: programme.can(action, studio, by=by)}
    if output.as_json:
        output.json(verdicts_as_json(studio, verdicts, output.language))
    else:
        verdicts_view(verdicts, output)
    if action is not None and not verdicts[action].allowed:
        raise click.exceptions.Exit(NO)


@command(
    Text("列出到期、逾期和将要办理的事项", "List what is due, overdue and to come"),
    "studioflow studio agenda --db demo/register.db",
    "studioflow studio agenda s01 --role lead --until 2024-06-30",
)
@argument("studio", required=False, about=_STUDIO)
@option("--role", metavar="ROLE", about=Text("只列此角色的事项", "of this role alone"))
@option("--on", type=Day(), metavar="DAY", about=Text("以哪一天为准（默认今天）", "as of a day"))
@option("--until", type=Day(), metavar="DAY", about=Text("看到哪一天", "how far to look ahead"))
@db_option
def agenda(  # noqa: PLR0913 - each is an option
    output: Output,
    *,
    studio: str | None,
    role: str | None,
    on: date | None,
    until: date | None,
    db: str | None,
) -> None:
    """Print the agenda."""
    with answered(output), opened(output, db) as programme, foreign_code():
        found = programme.agenda(studio, role=role, on=on, until=until)
    if output.as_json:
        output.json(found.to_dict(output.language))
    else:
        output.line(found.explain(output.language))


studio.add_command(list_, "list")
for _command in (show, history, can, agenda, *ACTIONS, act):
    studio.add_command(_command)
