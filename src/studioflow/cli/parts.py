"""Commands, options and arguments that say what they are for in two languages."""

# ruff: noqa: ANN401 - click's own settings pass through here, and they are of every type

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from studioflow.cli.helptext import command_help, group_help
from studioflow.cli.problems import (
    EMPTY_WORD,
    MISSING_VALUE,
    UNKNOWN_COMMAND,
    refused,
    show,
    unexpected,
)
from studioflow.errors import InputError, Problem, shown
from studioflow.text import LANGUAGES, Text

__all__ = [
    "POLICY",
    "Command",
    "Group",
    "Word",
    "argument",
    "changes_option",
    "cohort_option",
    "command",
    "json_option",
    "key_option",
    "lang_option",
    "option",
    "policy_argument",
]

F = TypeVar("F", bound=Callable[..., Any])

POLICY = Text("政策的 id，或政策文件的路径", "the id of a policy, or the path of a policy file")
_HELP_NAMES = {"help_option_names": ["--help", "-h"]}


class Option(click.Option):
    """An option with its purpose in both languages."""

    def __init__(self, *declared: Any, about: Text, **settings: Any) -> None:
        super().__init__(*declared, **settings)
        self.about = about

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value; text that is empty, or that is an option itself, is refused.

        Raises:
            InputError: for either of them.
        """
        for word in value if isinstance(value, list | tuple) else [value]:
            if isinstance(word, str) and word.startswith("--"):
                name = self.opts[0]
                raise InputError([Problem(MISSING_VALUE, name, shown(word), {"name": name})])
        return _not_empty(super().type_cast_value(ctx, value), self.opts[0])


class Argument(click.Argument):
    """An argument with its purpose in both languages."""

    def __init__(self, *declared: Any, about: Text, **settings: Any) -> None:
        super().__init__(*declared, **settings)
        self.about = about

    def type_cast_value(self, ctx: click.Context, value: Any) -> Any:
        """Return the value; text that is empty is refused."""
        return _not_empty(super().type_cast_value(ctx, value), self.metavar or "")


def _not_empty(value: Any, place: str) -> Any:
    """Return the value, unless it is what an unset variable of a shell leaves.

    Raises:
        InputError: for empty text.
    """
    if value == "":
        raise InputError([Problem(EMPTY_WORD, place, got="''")])
    return value


class Word(click.ParamType):  # type: ignore[type-arg] # not generic before click 8.4
    """One of several words; another one is refused with the nearest match."""

    name = "word"

    def __init__(self, *words: str) -> None:
        self.words = words

    def convert(self, value: Any, param: click.Parameter | None, _: click.Context | None) -> str:
        """Return the word.

        Raises:
            InputError: if it is none of the words.
        """
        if value not in self.words:
            from studioflow.codec import UNKNOWN_NAME, wrong

            place = param.opts[0] if param else ""
            found = wrong(UNKNOWN_NAME, value, known=self.words)
            raise InputError(problem.under(place) for problem in found.problems)
        return str(value)


class Command(click.Command):
    """A command whose help is in the reader's language, and whose bad input is told in full."""

    def __init__(
        self,
        *settings: Any,
        about: Text,
        examples: tuple[str, ...] = (),
        **more: Any,
    ) -> None:
        # Click would refuse further arguments in English alone; `invoke` does it in both languages.
        more["context_settings"] = {**_HELP_NAMES, "allow_extra_args": True}
        super().__init__(*settings, **more)
        self.about = about
        self.examples = examples

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the reader's language."""
        return command_help(self, self.examples, ctx, ctx.obj)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; bad input is told in full."""
        try:
            if ctx.args:
                raise unexpected(ctx)
            return super().invoke(ctx)
        except InputError as error:
            show(error.problems, ctx.obj)
            ctx.exit(2)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the line; an error knows which command it is about."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise


class Group(click.Group):
    """The program itself: its commands in the order in which they were added."""

    def __init__(self, *settings: Any, about: Text, **more: Any) -> None:
        super().__init__(*settings, context_settings=_HELP_NAMES, **more)
        self.about = about

    def list_commands(self, _: click.Context) -> list[str]:
        """Return the names in the order of a programme's course, not of the alphabet."""
        return list(self.commands)

    def get_help(self, ctx: click.Context) -> str:
        """Return the help in the reader's language."""
        return group_help(self, ctx, ctx.obj)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; the nearest match goes with an unknown one.

        Raises:
            InputError: for an unknown command.
        """
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise refused(UNKNOWN_COMMAND, args[0], ctx, known=list(self.commands))
        return super().resolve_command(ctx, args)


def command(about: Text, *examples: str) -> Callable[[Callable[..., None]], Command]:
    """Make a command of a function that takes the output first; options stand below.

    Args:
        about: one sentence.
        examples: lines to type.
    """

    def made(function: Callable[..., None]) -> Command:
        for common in (json_option, lang_option):
            function = common(function)
        return click.command(cls=Command, about=about, examples=examples)(click.pass_obj(function))

    return made


def option(*declared: str, about: Text, **settings: Any) -> Callable[[F], F]:
    """Declare an option."""
    return click.option(*declared, cls=Option, about=about, **settings)


def argument(name: str, *, about: Text, **settings: Any) -> Callable[[F], F]:
    """Declare an argument."""
    return click.argument(name, cls=Argument, about=about, metavar=name.upper(), **settings)


# Both are read before the line is parsed, so that help and errors obey them, too.
json_option = option(
    "--json",
    is_flag=True,
    expose_value=False,
    about=Text(
        "在标准输出只写一个 JSON 文档", "write one JSON document to stdout and nothing else"
    ),
)
lang_option = option(
    "--lang",
    type=Word(*LANGUAGES),
    metavar="zh|en",
    expose_value=False,
    about=Text("语言；不给则随系统", "language; that of the locale when left out"),
)


def policy_argument(name: str = "policy", *, required: bool = True) -> Callable[[F], F]:
    """Declare a policy by position."""
    return argument(name, required=required, about=POLICY)


cohort_option = option(
    "--cohort",
    required=True,
    metavar="FILE",
    about=Text(
        "表格（.csv、.parquet 或 .arrow），每行一个工作室",
        "a table (.csv, .parquet or .arrow) with a row for each studio",
    ),
)

key_option = option(
    "--key",
    default="studio",
    metavar="COLUMN",
    about=Text(
        "标识工作室的列（默认 studio）", "the column that names the studio; `studio` when left out"
    ),
)

changes_option = option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    about=Text(
        "临时改动政策，可重复；如 --set readings/bonus_cap=uncapped",
        "vary the policy, repeatable; such as --set readings/bonus_cap=uncapped",
    ),
)
