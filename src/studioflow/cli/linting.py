"""`lint`: the mistakes and gaps of a policy."""

from __future__ import annotations

import click

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import changes_option, command, policy_argument
from studioflow.text import Text

__all__ = ["lint"]

_NO = 1


@command(
    Text(
        "找出政策里的错误和空白，逐条注明位置和依据",
        "Find the mistakes and gaps of a policy, each with its place and its clause",
    ),
    "studioflow lint yongjia-2023",
    "studioflow lint my-county.toml --json",
)
@policy_argument()
@changes_option
def lint(output: Output, policy: str, settings: tuple[str, ...]) -> None:
    """Print what was found."""
    from studioflow.cli.views.findings import findings_told
    from studioflow.lab.linting import lint as linted

    chosen = loaded(discovered(output), policy, settings)
    found = linted(chosen)
    findings_told(chosen, found, output)
    if any(finding.severity == "error" for finding in found):
        raise click.exceptions.Exit(_NO)
