"""Every hook is specified, typed and documented."""

import inspect
from pathlib import Path
from typing import get_type_hints

import pytest

from studioflow.host import (
    PluginProtocol,
    answers,
    hookspecs,
    host,
    objects,
    plugins,
    reports,
    rule_kinds,
)
from studioflow.host.hookspecs import HOOKS
from studioflow.policy import typed_records
from studioflow.rules import brought, opaque
from studioflow.text import Message

PAGE = (Path(__file__).parents[2] / "docs" / "hooks.md").read_text("utf-8")
MESSAGES = {
    value.code
    for module in (
        *(answers, host, objects, plugins, reports, rule_kinds),
        *(typed_records, brought, opaque),
    )
    for value in vars(module).values()
    if isinstance(value, Message)
}


def test_every_hook_is_listed() -> None:
    """The hooks that the host asks are those that the protocols specify."""
    specified = {name for name in dir(PluginProtocol) if name.startswith("studioflow_")}

    assert specified == set(HOOKS)


@pytest.mark.parametrize("hook", HOOKS)
def test_hook(hook: str) -> None:
    """A hook has a docstring, a type, and a section with an example in the reference."""
    function = getattr(hookspecs.PluginProtocol, hook)
    assert inspect.getdoc(function)
    assert "return" in get_type_hints(function)

    _, _, section = PAGE.partition(f"## `{hook}`")
    section, _, _ = section.partition("\n## ")
    assert f"def {hook}" in section
    assert ">>>" in section


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_code_is_documented(code: str) -> None:
    """Each code that a plugin's author may meet is in the reference."""
    assert f"`{code}`" in PAGE
