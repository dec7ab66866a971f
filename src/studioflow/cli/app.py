"""The program: its commands, and the one way in which every run of it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Never

import click
from attrs import evolve

from studioflow.cli.beginning import new_plugin
from studioflow.cli.cohort import cohort
from studioflow.cli.comparing import diff
from studioflow.cli.demonstration import demo
from studioflow.cli.drawing import diagram, stub
from studioflow.cli.facts import facts
from studioflow.cli.forms import forms
from studioflow.cli.importing import import_table
from studioflow.cli.installed import plugins, policies
from studioflow.cli.language import chosen, wants_json
from studioflow.cli.linting import lint
from studioflow.cli.output import Output
from studioflow.cli.parts import Group, json_option, lang_option, option
from studioflow.cli.problems import CLOSED, FAILED, from_click, show
from studioflow.cli.programmes import programme
from studioflow.cli.proving import ask, prove, reach
from studioflow.cli.reporting import report
from studioflow.cli.scoring import score
from studioflow.cli.sensing import sensitivity
from studioflow.cli.studios import studio
from studioflow.cli.sweeping import sweep
from studioflow.cli.testing_cases import mutate, test
from studioflow.cli.variations import compare
from studioflow.errors import (
    InputError,
    Problem,
    StudioflowError,
    shown,
)
from studioflow.text import Text

__all__ = ["program", "run"]

PROGRAM = "studioflow"
_INTERRUPTED = 130
_NOBODY_READS = 141
"""What a shell reports of a process that a signal ended: 128 and its number."""


def _version(context: click.Context, _: click.Parameter, wanted: bool) -> None:  # noqa: FBT001 - click calls it so
    if wanted:
        from studioflow import __version__

        click.echo(f"{PROGRAM} {__version__}")
        context.exit()


class Program(Group):
    """The group of all commands, ending every run in one way."""

    def main(self, args: Sequence[str] | None = None, **_: object) -> Never:  # type: ignore[override] # one of click's two forms
        """Run as a process does; click's own way of ending is not used."""
        sys.exit(run(sys.argv[1:] if args is None else list(args)))


@click.group(
    cls=Program,
    about=Text(
        "把评选项目当作代码来运行：流程、评分和阵地检查都写在政策文件里",
        "Run a local recognition programme as code: lifecycle, rubric and site check are a policy",
    ),
)
@option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    about=Text("显示版本", "show the version"),
)
@json_option
@lang_option
def program() -> None:
    """Take what stands before the command."""


for _command in (
    *(demo, policies, plugins, facts, score, diff, diagram, stub, cohort, studio, programme),
    *(import_table, forms, report),
    *(lint, prove, ask, reach, test, mutate, compare, sweep, sensitivity, new_plugin),
):
    program.add_command(_command)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status: nothing that is raised gets past here."""
    if sys.stderr is None:  # closed by who started us: there is nobody to tell anything
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - it stays open
    output = Output(chosen(arguments), as_json=wants_json(arguments))
    if sys.stdout is None:
        return _told(Problem(CLOSED, got="-"), output)
    _complete()
    try:
        status = _run(list(arguments), output)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has gone, as in `| head`
        _discard()
        return _NOBODY_READS
    except OSError as error:  # a full disk under `>`: files of our own are told where they are met
        return _told(Problem(FAILED, got=shown(error.strerror or str(error))), output)
    except (KeyboardInterrupt, click.Abort):
        output.note()
        return _INTERRUPTED
    return status


def _told(problem: Problem, output: Output) -> int:
    """Say on stderr why there is nothing, or not all, on stdout."""
    with suppress(OSError):
        show([problem], evolve(output, as_json=False))
    _discard()
    return 2


def _discard() -> None:
    """Lose what can not be written: Python would try once more at its end, and complain."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(arguments: list[str], output: Output) -> int:
    try:
        with program.make_context(PROGRAM, arguments, obj=output) as context:
            program.invoke(context)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.exceptions.NoArgsIsHelpError as nothing:
        output.note(nothing.format_message())
    except click.ClickException as error:
        show([from_click(error)], output)
    except InputError as error:
        show(error.problems, output)
    except StudioflowError as error:
        explain = getattr(error, "explain", None)
        said = str(error) if explain is None else explain(output.language)
        show([Problem(FAILED, got=said)], output)
    else:
        return 0
    return 2


def _complete() -> None:
    """Answer a shell that asks what could come next; see `docs/command-line.md`."""
    variable = "_STUDIOFLOW_COMPLETE"
    if asked := os.environ.get(variable):
        from click.shell_completion import shell_complete

        settings = {"obj": Output(chosen([]))}
        sys.exit(shell_complete(program, settings, PROGRAM, variable, asked))
