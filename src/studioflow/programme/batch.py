"""A batch of studios from files, taken through a policy's lifecycle step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from attrs import field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, OneOrMore, read, strict_converter, wrong
from studioflow.cohort import Rank, rank
from studioflow.errors import InputError
from studioflow.lifecycle import Lifecycle, Step
from studioflow.people import Actor, Person
from studioflow.policy import Policy, read_facts
from studioflow.policy.document import OUTSIDE_FOLDER
from studioflow.rubric import FactFile
from studioflow.studio import Application, Event, Guard, Override, Studio
from studioflow.text import Text, look_alikes
from studioflow.verdict import Denied, Verdict

__all__ = ["Batch", "BatchReport", "Outcome", "read_batch", "run_batch"]


@frozen(kw_only=True)
class _Member:
    id: str
    name: str

    def person(self) -> Person:
        return Person(self.id, self.name)


@frozen(kw_only=True)
class _Declared:
    name: str
    unit: str
    lead: _Member
    members: tuple[_Member, ...] = ()
    level: str = "county"
    host: str | None = None

    def application(self) -> Application:
        return Application(
            name=self.name,
            unit=self.unit,
            lead=self.lead.person(),
            members=tuple(member.person() for member in self.members),
            level=self.level,
        )


@frozen(kw_only=True)
class _Actor:
    id: str
    unit: str
    roles: tuple[str, ...]
    name: str = field(default="", repr=False)

    def actor(self) -> Actor:
        return Actor(self.id, unit=self.unit, roles=frozenset(self.roles))


@frozen(kw_only=True)
class _Override:
    reason: str
    by: str | None = None


@frozen(kw_only=True)
class _Step:
    on: date
    action: str
    by: str
    studios: OneOrMore = field(metadata={"key": "studio"})
    facts: str | None = None
    decision: str | None = None
    overrides: Mapping[str, _Override] = field(factory=dict, metadata={"key": "override"})
    remark: str | None = None


@frozen(kw_only=True)
class _BatchFile:
    schema: str
    id: str
    policy: str
    label: Text
    actors: Mapping[str, _Actor]
    studios: Mapping[str, _Declared]
    steps: tuple[_Step, ...]


@frozen(kw_only=True)
class PlannedStep:
    """One step of a batch: who does what to which studio on which day."""

    on: date
    action: str
    by: Actor
    studio: str
    facts: FactFile
    decision: str | None = None
    overrides: Mapping[str, Override] = field(factory=dict)
    remark: str | None = None


@frozen(kw_only=True)
class Batch:
    """Studios that declare, and the steps in order.

    Attributes:
        policy: the id of the policy that the batch was written for.
        studios: applications by the studio's key.
        look_alikes: names of studios that are hard to tell apart.
    """

    id: str
    label: Text
    policy: str
    studios: Mapping[str, Application]
    steps: tuple[PlannedStep, ...]
    look_alikes: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True)
class Outcome:
    """What became of one step: the verdict, and the event where it was allowed."""

    step: PlannedStep
    verdict: Verdict
    event: Event | None = None


@frozen(kw_only=True)
class BatchReport:
    """What happened to a batch.

    Attributes:
        outcomes: of every step, in order.
        studios: as they are at the end, by key; those whose declaration was denied are undeclared.
        ranking: of the evaluated studios whose gates are met.
    """

    batch: Batch
    policy: Policy
    outcomes: tuple[Outcome, ...]
    studios: Mapping[str, Studio]
    ranking: tuple[Rank, ...]


def read_batch(folder: Path) -> Batch:
    """Read a batch from a folder with a `batch.toml` and the fact files that it names.

    Raises:
        InputError: with every problem of all its files; a path may not lead out of the folder.
    """
    folder = folder.resolve()
    path = folder / "batch.toml"
    try:
        file = strict_converter().structure(read(path), _BatchFile)
        return _planned(file, folder)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None


def _planned(file: _BatchFile, folder: Path) -> Batch:
    collector = Collector()
    steps = []
    for position, step in enumerate(file.steps):
        with collector.under("steps", position):
            steps += _plan(step, file, folder)
    collector.finish()
    names = [declared.name for declared in file.studios.values()]
    return Batch(
        id=file.id,
        label=file.label,
        policy=file.policy,
        studios={key: declared.application() for key, declared in file.studios.items()},
        steps=tuple(steps),
        look_alikes=look_alikes(names),
    )


def _plan(step: _Step, file: _BatchFile, folder: Path) -> list[PlannedStep]:
    collector = Collector()
    named = [step.by, *(override.by for override in step.overrides.values() if override.by)]
    for name in named:
        with collector.under("by"):
            if name not in file.actors:
                raise wrong(UNKNOWN_NAME, name, known=file.actors)
    for name in step.studios:
        with collector.under("studio"):
            if name not in file.studios:
                raise wrong(UNKNOWN_NAME, name, known=file.studios)
    facts = FactFile()
    with collector.under("facts"):
        if step.facts is not None:
            path = (folder / step.facts).resolve()
            if not path.is_relative_to(folder):
                raise wrong(OUTSIDE_FOLDER, step.facts)
            facts = read_facts(path)
    collector.finish()
    overrides = {
        key: Override(
            reason=override.reason, by=file.actors[override.by].actor() if override.by else None
        )
        for key, override in step.overrides.items()
    }
    return [
        PlannedStep(
            on=step.on,
            action=step.action,
            by=file.actors[step.by].actor(),
            studio=studio,
            facts=facts,
            decision=step.decision,
            overrides=overrides,
            remark=step.remark,
        )
        for studio in step.studios
    ]


def run_batch(policy: Policy, batch: Batch, *, guards: Iterable[Guard] = ()) -> BatchReport:
    """Take every step of a batch; one that is denied is reported and changes nothing.

    Raises:
        InputError: with every step whose input does not fit the policy.
    """
    lifecycle = Lifecycle(policy, guards=guards)
    studios = {key: Studio(id=key) for key in batch.studios}
    outcomes = []
    collector = Collector()
    for position, step in enumerate(batch.steps):
        with collector.under("steps", position):
            try:
                taken = _take(lifecycle, batch, step, studios)
            except Denied as denied:
                outcomes.append(Outcome(step=step, verdict=denied.verdict))
            else:
                studios[step.studio] = taken.studio
                outcomes.append(Outcome(step=step, verdict=taken.verdict, event=taken.event))
    collector.finish()
    sheets = {key: studio.sheet for key, studio in studios.items() if studio.sheet is not None}
    return BatchReport(
        batch=batch,
        policy=policy,
        outcomes=tuple(outcomes),
        studios=studios,
        ranking=rank(sheets),
    )


def _take(
    lifecycle: Lifecycle, batch: Batch, step: PlannedStep, studios: Mapping[str, Studio]
) -> Step:
    studio = studios[step.studio]
    return lifecycle.act(
        step.action,
        studio,
        by=step.by,
        on=step.on,
        facts=step.facts,
        application=batch.studios[step.studio] if studio.application is None else None,
        decision=step.decision,
        overrides=step.overrides,
        places_left=places_left(lifecycle.policy, studios.values()),
        remark=step.remark,
    )


def places_left(policy: Policy, studios: Iterable[Studio]) -> int | None:
    """Return how many places of the quota are free, or None where the policy has no quota."""
    if policy.quota is None:
        return None
    taken = sum(policy.quota.taken_by in studio.days() for studio in studios)
    return max(0, policy.quota.places - taken)
