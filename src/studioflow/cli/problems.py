"""What went wrong, shown: every problem with its place, what was expected and what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import click
from attrs import evolve

from studioflow.cli.helptext import usage
from studioflow.cli.layout import padded, visible, width, wrap
from studioflow.cli.output import Output, styled
from studioflow.errors import InputError, Problem, nearest, shown
from studioflow.text import LANGUAGES, Message, Text, message

__all__ = [
    "CLOSED",
    "EMPTY_WORD",
    "FAILED",
    "FILE_EXISTS",
    "INSTALL_A_BATCH",
    "INSTALL_ONE",
    "MISSING_VALUE",
    "NOTHING_TO_COMPARE",
    "NOTHING_TO_READ",
    "NOT_WRITABLE",
    "NO_SAMPLE_BATCH",
    "ONE_FORM",
    "OUT_OF_WHAT",
    "SEE_FACTS",
    "SEE_READINGS",
    "UNKNOWN_COMMAND",
    "from_click",
    "refused",
    "show",
    "unexpected",
]

UNKNOWN_COMMAND = message("unknown_command", zh="命令：{known}", en="a command: {known}")
UNKNOWN_OPTION = message("unknown_option", zh="选项：{known}", en="an option: {known}")
MISSING_ARGUMENT = message("missing_argument", zh="{name}", en="{name}")
MISSING_VALUE = message("missing_value", zh="{name} 后面的值", en="a value behind {name}")
UNEXPECTED_VALUE = message("unexpected_value", zh="不带值的 {name}", en="{name} without a value")
UNEXPECTED_ARGUMENT = message("unexpected_argument", zh="{usage}", en="{usage}")
USAGE = message("usage", zh="{usage}", en="{usage}")
FAILED = message("failed", zh="不出错的运行", en="a run without this failure")
CLOSED = message(
    "output_closed", zh="打开的标准输出（stdout）", en="a standard output (stdout) that is open"
)
NOTHING_TO_READ = message(
    "input_closed", zh="打开的标准输入（stdin）", en="a standard input (stdin) that is open"
)
NOTHING_TO_COMPARE = message(
    "nothing_to_compare", zh="OTHER 或 --set PATH=VALUE", en="OTHER, or --set PATH=VALUE"
)
EMPTY_WORD = message("empty_word", zh="不为空的文字", en="something that is not empty")
FILE_EXISTS = message("file_exists", zh="尚不存在的文件", en="a file that does not exist yet")
NOT_WRITABLE = message("file_not_writable", zh="可写入的文件", en="a file that can be written")
OUT_OF_WHAT = message(
    "out_of_what", zh="与 --template 或 --schema 同用", en="it with --template or --schema"
)
ONE_FORM = message("one_form", zh="其中一个选项", en="one of these options")
NO_SAMPLE_BATCH = message(
    "no_sample_batch", zh="带来样例批次的插件", en="a plugin that brings a sample batch"
)

INSTALL_ONE = Text(
    "安装一个带来政策的插件，或给出政策文件的路径；studioflow plugins 列出已安装的插件及其错误",
    "install a plugin that brings one, or give the path of a policy file; "
    "`studioflow plugins` lists what is installed and what is broken",
)
INSTALL_A_BATCH = Text(
    "安装一个带来样例批次的插件；studioflow plugins 列出已安装的插件及其错误",
    "install a plugin that brings one; "
    "`studioflow plugins` lists what is installed and what is broken",
)
SEE_FACTS = Text(
    "studioflow facts {policy} 列出全部事实", "`studioflow facts {policy}` lists every fact"
)
SEE_READINGS = Text(
    "给出另一政策，或用 --set readings/NAME=ANSWER 改动它；"
    "studioflow policies {policy} 列出各种读法",
    "name a second policy, or vary this one with --set readings/NAME=ANSWER; "
    "`studioflow policies {policy}` lists the readings",
)
SEE_HELP = Text("用法见 {command} --help", "see {command} --help")

_HEAD = Text("错误", "error")
_COUNTED = Text("{n} 处错误", "{n} errors")
_ROWS = (
    ("got", Text("得到", "got")),
    ("expected", Text("应为", "expected")),
    ("hint", Text("下一步", "next")),
)
_MAX_LINES = 4


def show(problems: Sequence[Problem], output: Output) -> None:
    """Show every problem: as lines on stderr, or as the one JSON document."""
    if output.as_json:
        errors = [problem.to_dict(output.language) for problem in problems]
        output.json({"schema": "studioflow.errors/1", "errors": errors})
        return
    head = output.say(_HEAD)
    if len(problems) > 1:
        head = output.say(_COUNTED).replace("{n}", str(len(problems)))
    output.note(styled(head, "red", sys.stderr))
    for problem in problems:
        _lines(problem, output)


def _lines(problem: Problem, output: Output) -> None:
    entry = problem.to_dict(output.language)
    place = ": ".join(part for part in (problem.file, problem.path) if part)
    code = styled(f"[{problem.code}]", "dim", sys.stderr)
    output.note(f"  {styled(place, 'bold', sys.stderr)} {code}" if place else f"  {code}")
    indent = max(width(output.say(label)) for _, label in _ROWS) + 6
    for key, label in _ROWS:
        value = str(entry[key] or "")
        if not value:
            continue
        lines = wrap(visible(value), output.columns() - indent)
        if len(lines) > _MAX_LINES:  # every name there is; the nearest is said below
            lines = [*lines[:_MAX_LINES], "…"]
        lead = f"    {padded(output.say(label), indent - 4)}"
        for line in lines:
            output.note(f"{lead}{line}")
            lead = " " * indent


def from_click(error: click.ClickException) -> Problem:
    """Return what click has to say in our own form."""
    context: click.Context | None = getattr(error, "ctx", None)
    match error:
        case click.NoSuchOption():
            known = _options(context)
            return refused(UNKNOWN_OPTION, error.option_name, context, known=known).problems[0]
        case click.MissingParameter():
            name = _name(error.param)
            return _problem(MISSING_ARGUMENT, "-", context, name=name)
        case click.BadOptionUsage():
            option = _option(context, error.option_name)
            if option is not None and option.is_flag:
                return _problem(UNEXPECTED_VALUE, error.option_name, context, name=option.opts[0])
            return _problem(MISSING_VALUE, "-", context, name=error.option_name)
        case _ if context is not None and isinstance(context.command, click.Group):
            return _problem(UNKNOWN_COMMAND, "-", context, known=sorted(context.command.commands))
        case _:
            line = "studioflow" if context is None else usage(context.command, context)
            return _problem(USAGE, error.format_message(), context, usage=line)


def unexpected(context: click.Context) -> InputError:
    """Return the error for arguments that a command has no use for."""
    line = usage(context.command, context)
    got = " ".join(shown(word) for word in context.args)
    return InputError([_problem(UNEXPECTED_ARGUMENT, got, context, usage=line)])


def refused(
    expects: Message, got: str, context: click.Context | None, *, known: Iterable[str]
) -> InputError:
    """Return the error for a word on the line that is none of those known."""
    names = sorted(known)
    problem = _problem(expects, shown(got), context, known=names)
    return InputError([evolve(problem, nearest=nearest(got, names))])


def _problem(
    expects: Message, got: str, context: click.Context | None, **parameters: object
) -> Problem:
    command = context.command_path if context is not None else "studioflow"
    hint = Text(*(SEE_HELP.get(language).replace("{command}", command) for language in LANGUAGES))
    return Problem(expects, got=got, parameters=parameters, hint=hint)


def _option(context: click.Context | None, name: str) -> click.Option | None:
    parameters = context.command.params if context is not None else []
    options = [p for p in parameters if isinstance(p, click.Option)]
    return next((option for option in options if name in option.opts), None)


def _options(context: click.Context | None) -> list[str]:
    parameters = context.command.get_params(context) if context is not None else []
    options = [p for p in parameters if isinstance(p, click.Option)]
    return sorted(name for option in options for name in option.opts if name.startswith("--"))


def _name(parameter: click.Parameter | None) -> str:
    if parameter is None:
        return ""
    if isinstance(parameter, click.Option):
        return f"{parameter.opts[0]} {parameter.metavar}"
    return parameter.metavar or (parameter.name or "").upper()
