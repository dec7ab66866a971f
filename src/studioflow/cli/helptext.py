"""The help of the program and of each command, laid out for Chinese and English alike."""

from __future__ import annotations

from collections.abc import Iterable

import click

from studioflow.cli.layout import padded, width, wrap
from studioflow.cli.output import Output
from studioflow.text import Text

__all__ = ["command_help", "group_help", "usage"]

_USAGE = Text("用法", "Usage")
_COMMANDS = Text("命令", "Commands")
_ARGUMENTS = Text("参数", "Arguments")
_OPTIONS = Text("选项", "Options")
_EXAMPLES = Text("示例", "Examples")
_HELP = Text("显示此说明", "show this help")
_MORE = Text("每个命令的用法：{program} 命令 --help", "About a command: {program} COMMAND --help")
_MAX_LEFT = 26


def group_help(group: click.Group, context: click.Context, output: Output) -> str:
    """Return the help of the program."""
    commands = [(name, output.say(_about(c))) for name, c in group.commands.items()]
    return "\n".join(
        [
            output.say(_about(group)),
            "",
            f"{output.say(_USAGE)}: {usage(group, context)}",
            *_rows(_COMMANDS, commands, output),
            *_rows(_OPTIONS, _options(group, context, output), output),
            "",
            output.say(_MORE).replace("{program}", context.command_path),
        ]
    )


def command_help(
    command: click.Command, examples: Iterable[str], context: click.Context, output: Output
) -> str:
    """Return the help of one command; `examples` are lines to type."""
    arguments = [p for p in command.params if isinstance(p, click.Argument)]
    shown = [(p.metavar or "", output.say(_about(p))) for p in arguments]
    lines = [
        *wrap(output.say(_about(command)), output.columns()),
        "",
        f"{output.say(_USAGE)}: {usage(command, context)}",
        *_rows(_ARGUMENTS, shown, output),
        *_rows(_OPTIONS, _options(command, context, output), output),
    ]
    typed = [f"  {line}" for line in examples]
    if typed:
        lines += ["", f"{output.say(_EXAMPLES)}:", *typed]
    return "\n".join(lines)


def usage(command: click.Command, context: click.Context) -> str:
    """Return the line to type."""
    parts = [context.command_path]
    if isinstance(command, click.Group):
        return f"{context.command_path} COMMAND [OPTIONS]"
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            word = parameter.metavar or ""
            parts.append(word if parameter.required else f"[{word}]")
    parts += [
        f"{p.opts[0]} {p.metavar}"
        for p in command.params
        if isinstance(p, click.Option) and p.required
    ]
    return " ".join([*parts, "[OPTIONS]"])


def _options(
    command: click.Command, context: click.Context, output: Output
) -> list[tuple[str, str]]:
    rows = []
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Option):
            names = ", ".join(parameter.opts)
            left = names if parameter.is_flag else f"{names} {parameter.metavar}"
            rows.append((left, output.say(_about(parameter))))
    return rows


def _about(subject: object) -> Text:
    about = getattr(subject, "about", _HELP)  # the help option is click's own
    return about if isinstance(about, Text) else _HELP


def _rows(head: Text, rows: Iterable[tuple[str, str]], output: Output) -> list[str]:
    rows = list(rows)
    if not rows:
        return []
    left = min(max(width(name) for name, _ in rows), _MAX_LEFT)
    lines = ["", f"{output.say(head)}:"]
    for name, about in rows:
        first, *others = wrap(about, output.columns() - left - 4)
        if width(name) > left:
            lines.append(f"  {name}")
            name = ""  # noqa: PLW2901 - its words start on the next line
        lines.append(f"  {padded(name, left)}  {first}")
        lines += [" " * (left + 4) + other for other in others]
    return lines
