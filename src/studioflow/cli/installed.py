"""`policies` and `plugins`: what is installed, from where, and what is broken."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from attrs import evolve

from studioflow.cli.layout import visible, wrap
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import command, policy_argument
from studioflow.codec import NOT_UTF8
from studioflow.errors import InputError, Problem, nearest, shown
from studioflow.text import Text, render

if TYPE_CHECKING:
    from studioflow.host import Host
    from studioflow.policy import Policy

__all__ = ["discovered", "loaded", "plugins", "policies"]

_NOTES = {
    "broken": Text(
        "注意：插件 {origin} 有错误，它带来的都没有使用，包括守卫；见 studioflow plugins",
        "note: the plugin {origin} is broken: nothing of it is used, and none of its guards is "
        "asked; see `studioflow plugins`",
    ),
    "partly": Text(
        "注意：插件 {origin} 带来的一部分没有使用，因为别的插件也带来；见 studioflow plugins",
        "note: a part of what the plugin {origin} brings is not used, since another one brings "
        "it, too; see `studioflow plugins`",
    ),
    "claimed": Text(
        "注意：插件 {origin} 带来的没有使用，因为别的插件也带来；见 studioflow plugins",
        "note: what the plugin {origin} brings is not used, since another one brings it, too; "
        "see `studioflow plugins`",
    ),
    "shared": Text(
        "注意：插件 {origin} 有守卫或订阅者与别的同 id；两者都保留，见 studioflow plugins",
        "note: a guard or subscriber of the plugin {origin} has the id of another one; both stay, "
        "see `studioflow plugins`",
    ),
}
_UNKNOWN_DISABLED = Text(
    "注意：{variable} 中的 {name} 不是已安装的插件",
    "note: {name} in {variable} is no plugin that is installed",
)
_NEAREST = Text("；是否想写 {nearest}？", "; did you mean {nearest}?")
_SETTINGS = "--set"


def discovered(output: Output) -> Host:
    """Ask the installed plugins, and say on stderr which of them are broken."""
    host = _asked()
    for report in host.plugins:
        said = _NOTES.get(report.condition)
        if said is not None:
            _note(render(said, {"origin": report.origin}, output.language), output)
    return host


def _asked() -> Host:
    from studioflow.host import Host

    with foreign_code():
        return Host.discover()


def _note(text: str, output: Output) -> None:
    for line in wrap(visible(text), output.columns()):
        output.note(line)


def loaded(host: Host, source: str, settings: Sequence[str] = ()) -> Policy:
    """Load a policy, varied as `--set` asks for; the last setting of a path counts.

    Raises:
        InputError: with every problem; one that the policy does not have by itself is told as
            that of the settings, wherever in the policy it shows.
    """
    from studioflow.host import load_policy
    from studioflow.policy import parse_settings

    if not settings:
        return load_policy(source, host=host)
    try:
        changes = parse_settings(settings)
    except InputError as error:
        raise InputError(evolve(problem, file=_SETTINGS) for problem in error.problems) from None
    except UnicodeEncodeError as error:  # bytes on the line that no encoding knows
        got = shown(error.object)
        raise InputError([Problem(NOT_UTF8, got=got, file=_SETTINGS)]) from None
    try:
        return load_policy(source, changes=changes, host=host)
    except InputError as error:
        own = _problems(host, source)
        raise InputError(
            problem if problem in own else evolve(problem, file=_SETTINGS)
            for problem in error.problems
        ) from None


def _problems(host: Host, source: str) -> Sequence[object]:
    """Return what is wrong with a policy as it stands."""
    from studioflow.host import load_policy

    try:
        load_policy(source, host=host)
    except InputError as error:
        return error.problems
    return ()


@command(
    Text(
        "列出已安装的政策；给出 POLICY 则显示它的各部分、评分项、必备项和读法",
        "List the policies that are installed; or show the parts, items, gates and readings of one",
    ),
    "studioflow policies",
    "studioflow policies yongjia-2023",
)
@policy_argument(required=False)
def policies(output: Output, policy: str | None) -> None:
    """Show the policies of the host, or one of them."""
    host = discovered(output)
    if policy is not None:
        from studioflow.cli.views.policy import policy_as_json, policy_view

        asked = loaded(host, policy)
        if output.as_json:
            output.json(policy_as_json(asked, output.language))
        else:
            policy_view(asked, output)
        return
    from studioflow.cli.views.installed import policies_as_json, policies_view

    if output.as_json:
        output.json(policies_as_json(host))
    else:
        policies_view(host, output)


@command(
    Text(
        "列出插件：来自哪个安装包、带来什么、有什么错误",
        "List the plugins: where each is from, what it brings, what is wrong with it",
    ),
    "studioflow plugins",
)
def plugins(output: Output) -> None:
    """Show the plugins of the host."""
    from studioflow.cli.views.installed import plugins_as_json, plugins_view

    host = _asked()
    _check_disabled(host, output)
    if output.as_json:
        output.json(plugins_as_json(host, output.language))
    else:
        plugins_view(host, output)


def _check_disabled(host: Host, output: Output) -> None:
    """Say on stderr which names of the variable are those of no plugin."""
    from studioflow.host import DISABLE_VARIABLE

    known = {name for report in host.plugins for name in (report.name, report.distribution)}
    for name in map(str.strip, os.environ.get(DISABLE_VARIABLE, "").split(",")):
        if name and name not in known:
            near = nearest(name, known)
            said = {"name": shown(name), "variable": DISABLE_VARIABLE}
            note = render(_UNKNOWN_DISABLED, said, output.language)
            if near is not None:
                note += render(_NEAREST, {"nearest": near}, output.language)
            _note(note, output)
