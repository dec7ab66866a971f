"""The page about the command line says everything, and shows what the program prints."""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from studioflow.cli.app import program

Run = Callable[..., Any]

PAGE = Path(__file__).parents[2] / "docs/command-line.md"
TEXT = PAGE.read_text("utf-8")


def examples() -> Iterator[tuple[str, str]]:
    """Each command of the page's text blocks, with what is shown below it."""
    for block in re.findall(r"^```text\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            line, _, shown = part.partition("\n")
            yield line, shown


def test_every_command() -> None:
    """Every command has a heading."""
    heads = re.findall(r"^## `studioflow (\w+)", TEXT, re.MULTILINE)
    assert list(program.commands) == heads


@pytest.mark.parametrize("name", [*program.commands, ""])
def test_every_option(name: str) -> None:
    """Every option of every command is there, and so is every argument."""
    command = program.commands[name] if name else program
    words = [
        word
        for parameter in command.get_params(click.Context(command))
        for word in (
            parameter.opts if isinstance(parameter, click.Option) else [parameter.metavar or ""]
        )
    ]
    assert [] == [word for word in words if word not in TEXT]


def test_number_of_examples() -> None:
    """So many examples are shown; changed by hand, so that none is lost unnoticed."""
    assert 15 == len(list(examples()))


@pytest.mark.parametrize(("line", "shown"), list(examples()))
def test_example(run: Run, line: str, shown: str) -> None:
    """What is shown is what the program prints; … stands for anything."""
    ran = run(*shlex.split(line)[1:])
    # A … on a line of its own stands for lines, one within a line for a part of it.
    pattern = "".join(
        "(?s:.*)" if part == "…\n" else re.escape(part).replace("…", ".*")
        for part in shown.splitlines(keepends=True)
    )
    assert re.fullmatch(pattern, ran.out + ran.err), ran.out + ran.err
