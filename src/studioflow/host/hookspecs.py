"""The hooks: everything a plugin may answer, as protocols that a type checker holds it to.

One hook is one protocol, since a plugin need not have them all. pluggy reads the same definitions,
so what is checked statically and what is called can not drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

import pluggy

from studioflow.studio import Guard

__all__ = [
    "HOOKS",
    "PROJECT",
    "BringsGuards",
    "BringsPolicies",
    "BringsRubrics",
    "BringsSampleBatches",
    "BringsSiteChecks",
    "DocumentSource",
    "PluginProtocol",
    "hookimpl",
    "hookspec",
]

PROJECT = "studioflow"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

DocumentSource: TypeAlias = Path | Mapping[str, object]
"""The path of a TOML or JSON file, or its tables as plain values."""


class BringsPolicies(Protocol):
    """A plugin that brings policies."""

    @hookspec
    def studioflow_policies(self) -> Iterable[DocumentSource]:
        """Return policies: documents with the schema `studioflow.policy/1`."""


class BringsRubrics(Protocol):
    """A plugin that brings rubrics."""

    @hookspec
    def studioflow_rubrics(self) -> Iterable[DocumentSource]:
        """Return rubrics: documents with the schema `studioflow.rubric/1`."""


class BringsSiteChecks(Protocol):
    """A plugin that brings site checks."""

    @hookspec
    def studioflow_site_checks(self) -> Iterable[DocumentSource]:
        """Return site checks: documents with the schema `studioflow.site-check/1`."""


class BringsGuards(Protocol):
    """A plugin that has something to say against actions."""

    @hookspec
    def studioflow_guards(self) -> Iterable[Guard]:
        """Return guards: each is asked before an action and answers with its reasons against it."""


class BringsSampleBatches(Protocol):
    """A plugin that brings sample batches."""

    @hookspec
    def studioflow_sample_batches(self) -> Iterable[Path]:
        """Return sample batches: folders with a `batch.toml`, schema `studioflow.batch/1`."""


class PluginProtocol(
    BringsPolicies, BringsRubrics, BringsSiteChecks, BringsGuards, BringsSampleBatches, Protocol
):
    """A plugin that has every hook."""


HOOKS: Mapping[str, str] = {
    name: name.removeprefix(f"{PROJECT}_")
    for name in (
        "studioflow_policies",
        "studioflow_rubrics",
        "studioflow_site_checks",
        "studioflow_guards",
        "studioflow_sample_batches",
    )
}
"""Each hook with the short name of what it brings."""
