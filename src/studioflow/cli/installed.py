"""`policies` and `plugins`: what is installed, from where, and what is broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studioflow.cli.output import Output
from studioflow.cli.parts import command
from studioflow.text import Text

if TYPE_CHECKING:
    from studioflow.host import Host

__all__ = ["discovered", "plugins", "policies"]

_BROKEN = Text(
    "注意：插件 {origin} 有错误，没有使用；见 studioflow plugins",
    "note: the plugin {origin} is broken and left out; see `studioflow plugins`",
)


def discovered(output: Output) -> Host:
    """Ask the installed plugins, and say on stderr which of them are broken."""
    from studioflow.host import Host

    host = Host.discover()
    for report in host.plugins:
        if report.status == "broken":
            output.note(output.say(_BROKEN).replace("{origin}", report.origin))
    return host


@command(Text("列出已安装的策略", "List the policies that are installed"), "studioflow policies")
def policies(output: Output) -> None:
    """Show the policies of the host."""
    from studioflow.cli.views.installed import policies_as_json, policies_view

    host = discovered(output)
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
    from studioflow.host import Host

    host = Host.discover()
    if output.as_json:
        output.json(plugins_as_json(host, output.language))
    else:
        plugins_view(host, output)
