"""The hooks: everything a plugin may answer, as protocols that a type checker holds it to.

One hook is one protocol, since a plugin need not have them all. pluggy reads the same definitions,
so what is checked statically and what is called can not drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeAlias

import pluggy

from studioflow.policy import RecordClass
from studioflow.rules import RuleKind
from studioflow.studio import Guard, PluginMeasure, Subscriber

__all__ = [
    "HOOKS",
    "PROJECT",
    "BringsCaseFiles",
    "BringsForms",
    "BringsGuards",
    "BringsMeasures",
    "BringsPolicies",
    "BringsRecordClasses",
    "BringsRubrics",
    "BringsRuleKinds",
    "BringsSampleBatches",
    "BringsSiteChecks",
    "BringsSubscribers",
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


class BringsCaseFiles(Protocol):
    """A plugin that brings case files."""

    @hookspec
    def studioflow_case_files(self) -> Iterable[DocumentSource]:
        """Return case files: documents with the schema `studioflow.case-file/1`."""


class BringsRuleKinds(Protocol):
    """A plugin that brings kinds of rule that the library does not have."""

    @hookspec
    def studioflow_rule_kinds(self) -> Iterable[RuleKind]:
        """Return rule kinds: each is an attrs class whose fields are the keys of its table."""


class BringsMeasures(Protocol):
    """A plugin that counts what no file can say how to count."""

    @hookspec
    def studioflow_measures(self) -> Iterable[PluginMeasure]:
        """Return measures: each makes a fact of the records that count."""


class BringsRecordClasses(Protocol):
    """A plugin that brings classes of its own for records."""

    @hookspec
    def studioflow_record_classes(self) -> Iterable[RecordClass]:
        """Return record classes: each says which kind of record an attrs class stands for."""


class BringsGuards(Protocol):
    """A plugin that has something to say against actions."""

    @hookspec
    def studioflow_guards(self) -> Iterable[Guard]:
        """Return guards: each is asked before an action and answers with its reasons against it."""


class BringsSubscribers(Protocol):
    """A plugin that wants to be told what happens."""

    @hookspec
    def studioflow_subscribers(self) -> Iterable[Subscriber]:
        """Return subscribers: each is told of an event once it is written down."""


class BringsSampleBatches(Protocol):
    """A plugin that brings sample batches."""

    @hookspec
    def studioflow_sample_batches(self) -> Iterable[Path]:
        """Return sample batches: folders with a `batch.toml`, schema `studioflow.batch/1`."""


class BringsForms(Protocol):
    """A plugin that brings forms."""

    @hookspec
    def studioflow_forms(self) -> Iterable[DocumentSource]:
        """Return forms: documents with the schema `studioflow.form/1`."""


class PluginProtocol(
    BringsPolicies,
    BringsRubrics,
    BringsSiteChecks,
    BringsCaseFiles,
    BringsRuleKinds,
    BringsMeasures,
    BringsRecordClasses,
    BringsGuards,
    BringsSubscribers,
    BringsSampleBatches,
    BringsForms,
    Protocol,
):
    """A plugin that has every hook."""


HOOKS: Mapping[str, str] = {
    name: name.removeprefix(f"{PROJECT}_")
    for name in (
        "studioflow_policies",
        "studioflow_rubrics",
        "studioflow_site_checks",
        "studioflow_case_files",
        "studioflow_rule_kinds",
        "studioflow_measures",
        "studioflow_record_classes",
        "studioflow_guards",
        "studioflow_subscribers",
        "studioflow_sample_batches",
        "studioflow_forms",
    )
}
"""Each hook with the short name of what it brings."""
