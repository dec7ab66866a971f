"""What the host promises to a type checker, and to the author of a plugin."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import assert_type

import studioflow_yongjia

from studioflow.host import (
    BringsGuards,
    BringsPolicies,
    BringsRubrics,
    BringsSampleBatches,
    BringsSiteChecks,
    Host,
    PluginProtocol,
    PluginReport,
    SampleBatch,
    hookimpl,
    load_policy,
)
from studioflow.policy import Document, Policy
from studioflow.studio import Guard

# A module is checked by assigning it to the protocol of each hook that it has.
policies: BringsPolicies = studioflow_yongjia
rubrics: BringsRubrics = studioflow_yongjia
site_checks: BringsSiteChecks = studioflow_yongjia
sample_batches: BringsSampleBatches = studioflow_yongjia
guards: BringsGuards = studioflow_yongjia  # type: ignore[assignment] # it has none


class Misspelt:
    """A plugin whose hook does not exist."""

    @hookimpl
    def studioflow_polices(self) -> list[Path]:
        """Return nothing."""
        return []


class WrongKind:
    """A plugin that answers with text in place of paths."""

    @hookimpl
    def studioflow_policies(self) -> list[str]:
        """Return nothing."""
        return []


class WrongArguments:
    """A plugin whose hook wants what the host does not give."""

    @hookimpl
    def studioflow_policies(self, studio: object) -> list[Path]:
        """Return nothing."""
        return [Path(str(studio))]


class Everything:
    """A plugin with every hook, in all the forms that an answer may take."""

    @hookimpl
    def studioflow_policies(self) -> list[Path]:
        """Return a list of paths."""
        return []

    @hookimpl
    def studioflow_rubrics(self) -> tuple[dict[str, object], ...]:
        """Return tables."""
        return ()

    @hookimpl
    def studioflow_site_checks(self) -> Iterable[Path | Mapping[str, object]]:
        """Yield either."""
        yield Path()

    @hookimpl
    def studioflow_guards(self) -> list[Guard]:
        """Return guards."""
        return []

    @hookimpl
    def studioflow_sample_batches(self) -> list[Path]:
        """Return folders."""
        return []


misspelt: BringsPolicies = Misspelt()  # type: ignore[assignment] # no such hook
wrong_kind: BringsPolicies = WrongKind()  # type: ignore[assignment] # text is no path
wrong_arguments: BringsPolicies = WrongArguments()  # type: ignore[assignment] # no arguments
everything: PluginProtocol = Everything()

host = Host([studioflow_yongjia, everything])
assert_type(host.plugins, tuple[PluginReport, ...])
assert_type(host.policies(), Mapping[str, Document])
assert_type(host.policy("yongjia-2023"), Policy)
assert_type(host.guards, tuple[Guard, ...])
assert_type(host.sample_batches, Mapping[str, SampleBatch])
assert_type(host.sample_batch("yongjia-2023-sample"), SampleBatch)
assert_type(load_policy(Path("policy.toml"), changes={"quota/places": 12}, host=host), Policy)
