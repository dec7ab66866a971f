"""A batch of studios from files: who declares, and who does what to which studio on which day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from attrs import evolve, field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, OneOrMore, read, strict_converter, wrong
from studioflow.errors import InputError
from studioflow.people import Actor, Person
from studioflow.policy import read_facts
from studioflow.policy.document import OUTSIDE_FOLDER, WRONG_SCHEMA
from studioflow.rubric import FactFile
from studioflow.studio import Application, Override
from studioflow.text import Text, look_alikes

__all__ = ["BATCH_FILE", "Batch", "PlannedStep", "read_batch"]

BATCH_FILE = "batch.toml"
SCHEMA = "studioflow.batch/1"


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
    """One step of a batch: who does what to which studio on which day.

    Attributes:
        place: where it stands in the batch's file, for problems with it.
        facts_file: where its facts come from, seen from the batch's folder.
    """

    on: date
    action: str
    by: Actor
    studio: str
    facts: FactFile = field(factory=FactFile)
    decision: str | None = None
    overrides: Mapping[str, Override] = field(factory=dict)
    remark: str | None = None
    place: str = "steps"
    facts_file: str | None = None


@frozen(kw_only=True)
class Batch:
    """Studios that declare, and the steps in order.

    Attributes:
        policy: the id of the policy that the batch was written for.
        studios: applications by the studio's key.
        look_alikes: pairs of studios' names that are hard to tell apart.
    """

    id: str
    label: Text
    policy: str
    studios: Mapping[str, Application]
    steps: tuple[PlannedStep, ...]
    look_alikes: tuple[tuple[str, str], ...] = ()


def read_batch(folder: Path) -> Batch:
    """Read a batch from a folder with a `batch.toml` and the fact files that it names.

    Raises:
        InputError: with every problem of all its files; a path may not lead out of the folder.
    """
    folder = folder.resolve()
    try:
        file = strict_converter().structure(read(folder / BATCH_FILE), _BatchFile)
        return _planned(file, folder)
    except InputError as error:
        raise InputError(problem.in_file(BATCH_FILE) for problem in error.problems) from None


def _planned(file: _BatchFile, folder: Path) -> Batch:
    collector = Collector()
    with collector.under("schema"):
        if file.schema != SCHEMA:
            raise wrong(WRONG_SCHEMA, file.schema, schema=SCHEMA)
    for key, declared in file.studios.items():
        with collector.under("studios", key, "host"):
            if declared.host is not None and declared.host not in file.actors:
                raise wrong(UNKNOWN_NAME, declared.host, known=file.actors)
    for key, somebody in file.actors.items():
        with collector.under("actors", key):
            somebody.actor()
    for key, declared in file.studios.items():
        people = {"lead": declared.lead}
        people |= {f"members/{place}": member for place, member in enumerate(declared.members)}
        fine = len(collector.problems)
        for place, member in people.items():
            with collector.under("studios", key, place):
                member.person()
        if len(collector.problems) == fine:
            with collector.under("studios", key):
                declared.application()
    steps: list[PlannedStep] = []
    in_fact_files: dict[str, InputError] = {}
    for position, step in enumerate(file.steps):
        with collector.under("steps", position):
            _check_names(step, file)
        facts = FactFile()
        with collector.under("steps", position, "facts"):
            path = _inside(step.facts, folder)
            try:
                facts = FactFile() if path is None else read_facts(path)
            except InputError as error:
                in_fact_files[str(step.facts)] = error
        if not collector.problems:
            steps += _each(step, file, facts, f"steps/{position}")
    # What is wrong inside a fact file has its place there, and not in the batch's file.
    for name, found in in_fact_files.items():
        collector.problems += [evolve(problem, file=name) for problem in found.problems]
    collector.finish()
    return Batch(
        id=file.id,
        label=file.label,
        policy=file.policy,
        studios={key: declared.application() for key, declared in file.studios.items()},
        steps=tuple(steps),
        look_alikes=look_alikes(declared.name for declared in file.studios.values()),
    )


def _check_names(step: _Step, file: _BatchFile) -> None:
    """Check that actors and studios exist.

    Raises:
        InputError: with every one that does not.
    """
    collector = Collector()
    with collector.under("by"):
        if step.by not in file.actors:
            raise wrong(UNKNOWN_NAME, step.by, known=file.actors)
    for key, override in step.overrides.items():
        with collector.under("override", key, "by"):
            if override.by is not None and override.by not in file.actors:
                raise wrong(UNKNOWN_NAME, override.by, known=file.actors)
    for name in step.studios:
        with collector.under("studio"):
            if name not in file.studios:
                raise wrong(UNKNOWN_NAME, name, known=file.studios)
    collector.finish()


def _inside(name: str | None, folder: Path) -> Path | None:
    """Return the path of a fact file, resolved first, so that neither `..` nor a link leads out.

    Raises:
        InputError: if it lies outside the folder.
    """
    if name is None:
        return None
    path = (folder / name).resolve()
    if not path.is_relative_to(folder):
        raise wrong(OUTSIDE_FOLDER, name)
    return path


def _each(step: _Step, file: _BatchFile, facts: FactFile, place: str) -> Iterator[PlannedStep]:
    """Yield the step for each of its studios."""
    overrides = {
        key: Override(
            reason=override.reason, by=file.actors[override.by].actor() if override.by else None
        )
        for key, override in step.overrides.items()
    }
    for studio in step.studios:
        yield PlannedStep(
            on=step.on,
            action=step.action,
            by=file.actors[step.by].actor(),
            studio=studio,
            facts=facts,
            decision=step.decision,
            overrides=overrides,
            remark=step.remark,
            place=place,
            facts_file=step.facts,
        )
