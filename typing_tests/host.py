"""What the host promises to a type checker, and to the author of a plugin."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import assert_type

import studioflow_yongjia

from studioflow.host import (
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
    Host,
    PluginProtocol,
    PluginReport,
    SampleBatch,
    hookimpl,
    load_policy,
)
from studioflow.policy import (
    Document,
    Policy,
    RecordClass,
    check_record_classes,
    kind_of,
)
from studioflow.rules import RuleKind
from studioflow.studio import Event, Guard, PluginMeasure, Subscriber

# A module is checked by assigning it to the protocol of each hook that it has.
policies: BringsPolicies = studioflow_yongjia
rubrics: BringsRubrics = studioflow_yongjia
site_checks: BringsSiteChecks = studioflow_yongjia
sample_batches: BringsSampleBatches = studioflow_yongjia
forms: BringsForms = studioflow_yongjia
guards: BringsGuards = studioflow_yongjia  # type: ignore[assignment] # it has none
measures: BringsMeasures = studioflow_yongjia  # type: ignore[assignment] # it has none
rule_kinds: BringsRuleKinds = studioflow_yongjia  # type: ignore[assignment] # it has none
record_classes: BringsRecordClasses = studioflow_yongjia  # type: ignore[assignment] # it has none
subscribers: BringsSubscribers = studioflow_yongjia  # type: ignore[assignment] # it has none


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


def how_many(documents: tuple[Mapping[str, object], ...]) -> int:
    """Count."""
    return len(documents)


def listens(event: Event) -> None:
    """Hear of an event."""


def wants_a_guard(guard: Guard) -> None:
    """Want what no subscriber is told."""


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
    def studioflow_case_files(self) -> list[Mapping[str, object]]:
        """Return tables."""
        return []

    @hookimpl
    def studioflow_rule_kinds(self) -> list[RuleKind]:
        """Return rule kinds."""
        return []

    @hookimpl
    def studioflow_measures(self) -> tuple[PluginMeasure, ...]:
        """Return measures."""
        return (PluginMeasure(id="talks", measure=how_many),)

    @hookimpl
    def studioflow_record_classes(self) -> list[RecordClass]:
        """Return record classes."""
        return [RecordClass(kind="talk", cls=Guard, policy="shore-2025")]

    @hookimpl
    def studioflow_guards(self) -> list[Guard]:
        """Return guards."""
        return []

    @hookimpl
    def studioflow_subscribers(self) -> Iterable[Subscriber]:
        """Yield subscribers."""
        yield Subscriber(id="news", notify=listens)

    @hookimpl
    def studioflow_sample_batches(self) -> list[Path]:
        """Return folders."""
        return []

    @hookimpl
    def studioflow_forms(self) -> list[Path]:
        """Return forms."""
        return []


misspelt: BringsPolicies = Misspelt()  # type: ignore[assignment] # no such hook
wrong_kind: BringsPolicies = WrongKind()  # type: ignore[assignment] # text is no path
wrong_arguments: BringsPolicies = WrongArguments()  # type: ignore[assignment] # no arguments
everything: PluginProtocol = Everything()
wrong_measure = PluginMeasure(id="talks", measure=listens)  # type: ignore[arg-type] # documents
wrong_subscriber = Subscriber(id="news", notify=wants_a_guard)  # type: ignore[arg-type] # an event
wrong_class = RecordClass(kind="talk", cls="Talk")  # type: ignore[arg-type] # a class, not its name

host = Host([studioflow_yongjia, everything])
assert_type(host.plugins, tuple[PluginReport, ...])
assert_type(host.policies(), Mapping[str, Document])
assert_type(host.policy("yongjia-2023"), Policy)
assert_type(host.guards, tuple[Guard, ...])
assert_type(host.measures, tuple[PluginMeasure, ...])
assert_type(host.record_classes, tuple[RecordClass, ...])
assert_type(host.subscribers, tuple[Subscriber, ...])
fitting = check_record_classes(host.policy("yongjia-2023"), host.record_classes)
assert_type(fitting, tuple[RecordClass, ...])
assert_type(kind_of(fitting, object()), str | None)
assert_type(host.sample_batches, Mapping[str, SampleBatch])
assert_type(host.sample_batch("yongjia-2023-sample"), SampleBatch)
assert_type(load_policy(Path("policy.toml"), changes={"quota/places": 12}, host=host), Policy)
