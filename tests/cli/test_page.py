"""The page about the command line says everything, and shows what the program prints."""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

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
    heads = re.findall(r"^## `studioflow ([\w-]+)", TEXT, re.MULTILINE)
    assert list(program.commands) == heads


def commands(group: click.Group) -> Iterator[click.Command]:
    """The program, each of its commands, and the commands of those."""
    yield group
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from commands(command)
        else:
            yield command


@pytest.mark.parametrize("command", list(commands(program)), ids=lambda command: command.name)
def test_every_option(command: click.Command) -> None:
    """Every option of every command is there, and so is every argument."""
    words = [
        word
        for parameter in command.get_params(
            click.Context(command, help_option_names=["--help", "-h"])
        )
        for word in (
            parameter.opts if isinstance(parameter, click.Option) else [parameter.metavar or ""]
        )
    ]
    assert [] == [word for word in words if word not in TEXT]


def test_number_of_examples() -> None:
    """So many examples are shown; changed by hand, so that none is lost unnoticed."""
    assert 36 == len(list(examples()))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the examples and what the page's demo leaves, for commands that write."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "examples").symlink_to(PAGE.parents[1] / "examples")
    assert 0 == CliRunner().invoke(program, ["demo", "--out", str(folder / "demo")]).exit_code
    return folder


@pytest.mark.parametrize("group", ["studio", "programme", "forms", "report"])
def test_every_command_of_a_group(group: str) -> None:
    """Every command of a group is named in its part of the page."""
    part = TEXT.partition(f"\n## `studioflow {group} ")[2].partition("\n## ")[0]
    own = program.commands[group]
    assert isinstance(own, click.Group)

    assert [] == [name for name in own.commands if not re.search(rf"`{name}\b", part)]


@pytest.mark.parametrize(("line", "shown"), list(examples()))
def test_example(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, line: str, shown: str
) -> None:
    """What is shown is what the program prints; … stands for anything."""
    monkeypatch.chdir(folder)
    ran = run(*shlex.split(line)[1:])
    # A … on a line of its own stands for lines, one within a line for a part of it.
    pattern = "".join(
        "(?s:.*)" if part == "…\n" else re.escape(part).replace("…", ".*")
        for part in shown.splitlines(keepends=True)
    )
    assert re.fullmatch(pattern, ran.out + ran.err), ran.out + ran.err
