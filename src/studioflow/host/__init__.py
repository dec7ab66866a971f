"""The plugin host: what plugins may bring, and what became of each one that is installed."""

from studioflow.host.answers import SampleBatch
from studioflow.host.hookspecs import (
    BringsCaseFiles,
    BringsForms,
    BringsGuards,
    BringsMeasures,
    BringsPolicies,
    BringsRecordClasses,
    BringsRubrics,
    BringsRuleKinds,
    BringsSampleBatches,
    BringsSiteChecks,
    BringsSubscribers,
    DocumentSource,
    PluginProtocol,
    hookimpl,
    hookspec,
)
from studioflow.host.host import Host, load_policy
from studioflow.host.plugins import DISABLE_VARIABLE, ENTRY_POINT_GROUP
from studioflow.host.reports import PluginReport

__all__ = [
    "DISABLE_VARIABLE",
    "ENTRY_POINT_GROUP",
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
    "Host",
    "PluginProtocol",
    "PluginReport",
    "SampleBatch",
    "hookimpl",
    "hookspec",
    "load_policy",
]
