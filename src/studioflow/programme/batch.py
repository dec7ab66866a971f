"""A batch of studios from files: who declares, and who does what to which studio on which day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from attrs import evolve, field, frozen

from studioflow.codec import (
    UNKNOWN_NAME,
    Collector,
    wrong,
)
from studioflow.errors import InputError
from studioflow.people import Actor, Person
from studioflow.policy import read_facts
from studioflow.policy.document import OUTSIDE_FOLDER, WRONG_SCHEMA
from studioflow.programme.batch_tables import BatchTables, StepTable, read_tables
from studioflow.programme.case_file import CaseFile, read_unchecked
from studioflow.rubric import FactFile
from studioflow.studio import Application, Override
from studioflow.text import Text, look_alikes, message

__all__ = ["BATCH_FILE", "Batch", "PlannedStep", "read_batch"]

BATCH_FILE = "batch.toml"
SCHEMA = "studioflow.batch/1"
_STUDIO = "{studio}"

NO_APPLICATION_IN_FILE = message(
    "no_application_in_file",
    zh="含 [application] 的案卷文件",
    en="a case file with an [application]",
)
ONE_OF_TWO = message(
    "one_of_two",
    zh="{one} 与 {other} 之一，不能都有",
    en="one of {one} and {other}, and not both",
)

T = TypeVar("T")


@frozen(kw_only=True)
class PlannedStep:
    """One step of a batch: who does what to which studio on which day.

    Attributes:
        on: the day that is claimed; `recorded` is the day it is written down, where that differs.
        facts, case: what comes with it; a step has one or the other.
        due, opinion, lead, amount: for a step that needs them; see `lifecycle.HandedIn`.
        place: where it stands in the batch's file, for problems with it.
        facts_file, records_file: where those come from, seen from the batch's folder.
    """

    on: date
    action: str
    by: Actor
    studio: str
    facts: FactFile = field(factory=FactFile)
    case: CaseFile = field(factory=CaseFile)
    recorded: date | None = None
    decision: str | None = None
    gaps: tuple[str, ...] = ()
    strike: tuple[str, ...] = ()
    overrides: Mapping[str, Override] = field(factory=dict)
    remark: str | None = None
    due: date | None = None
    opinion: bool | None = None
    lead: Person | None = None
    amount: Fraction | None = None
    place: str = "steps"
    facts_file: str | None = None
    records_file: str | None = None

    @property
    def handed_in(self) -> FactFile:
        """The facts, or the marks and the inspection of the case file."""
        return self.case.judged() if self.facts == FactFile() else self.facts


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
    """Read a batch from a folder with a `batch.toml` and the files that it names.

    What records say is checked once they are handed in, by the kinds of the policy.

    Raises:
        InputError: with every problem of all its files; a path may not lead out of the folder.
    """
    folder = folder.resolve()
    try:
        return _Reader(read_tables(folder / BATCH_FILE), folder).batch()
    except InputError as error:
        raise InputError(problem.in_file(BATCH_FILE) for problem in error.problems) from None


@frozen(eq=False)
class _Reader:
    """Reads what a batch file names, each file once, and collects what is wrong with any."""

    file: BatchTables
    folder: Path
    collector: Collector = field(factory=Collector, init=False)
    facts: dict[str, FactFile] = field(factory=dict, init=False)
    cases: dict[str, CaseFile] = field(factory=dict, init=False)
    broken: dict[str, InputError] = field(factory=dict, init=False)

    def batch(self) -> Batch:
        file, collector = self.file, self.collector
        with collector.under("schema"):
            if file.schema != SCHEMA:
                raise wrong(WRONG_SCHEMA, file.schema, schema=SCHEMA)
        for key, somebody in file.actors.items():
            with collector.under("actors", key):
                somebody.actor()
        applications = dict(self._applications())
        steps: list[PlannedStep] = []
        for position, step in enumerate(file.steps):
            with collector.under("steps", position):
                _check_names(step, file)
            for name in step.studios:
                facts = self._named(step.facts, "facts", position, name)
                case = self._named(step.records, "records", position, name)
                if not collector.problems:
                    steps.append(self._step(step, name, f"steps/{position}", facts, case))
        # What is wrong inside another file has its place there, and not in the batch's file.
        for name, found in self.broken.items():
            collector.problems += [evolve(problem, file=name) for problem in found.problems]
        collector.finish()
        return Batch(
            id=file.id,
            label=file.label,
            policy=file.policy,
            studios=applications,
            steps=tuple(steps),
            look_alikes=look_alikes(each.name for each in applications.values()),
        )

    def _applications(self) -> Iterator[tuple[str, Application]]:
        """Yield the form of each studio, from the batch's file or from the case file it names."""
        for key, declared in self.file.studios.items():
            with self.collector.under("studios", key, "host"):
                if declared.host is not None and declared.host not in self.file.actors:
                    raise wrong(UNKNOWN_NAME, declared.host, known=self.file.actors)
            made = None
            with self.collector.under("studios", key):
                made = declared.application() if declared.records is None else None
            with self.collector.under("studios", key, "records"):
                if declared.records is not None:
                    for other in ("name", "unit", "lead", "members", "level"):
                        if getattr(declared, other):
                            raise wrong(ONE_OF_TWO, declared.records, one="records", other=other)
                    case = self._read(declared.records, key, self.cases, read_unchecked)
                    made = None if case is None else case.application
                    if case is not None and made is None:
                        raise wrong(NO_APPLICATION_IN_FILE, declared.records)
            if made is not None:
                yield key, made

    def _named(self, name: str | None, key: str, position: int, studio: str) -> str | None:
        """Read the file that a step names for a studio, and return its name."""
        named = None
        with self.collector.under("steps", position, key):
            if name is not None:
                named = name.replace(_STUDIO, studio)
                if key == "facts":
                    self._read(name, studio, self.facts, read_facts)
                else:
                    self._read(name, studio, self.cases, read_unchecked)
        return named

    def _read(
        self, name: str, studio: str, known: dict[str, T], reader: Callable[[Path], T]
    ) -> T | None:
        """Return what a file in the folder holds; None where something is wrong with it.

        Raises:
            InputError: for a path that leads out of the folder.
        """
        name = name.replace(_STUDIO, studio)
        # Resolved first, so that neither `..` nor a link leads out.
        path = (self.folder / name).resolve()
        if not path.is_relative_to(self.folder):
            raise wrong(OUTSIDE_FOLDER, name)
        if name not in known and name not in self.broken:
            try:
                known[name] = reader(path)
            except InputError as error:
                self.broken[name] = error
        return known.get(name)

    def _step(
        self, step: StepTable, studio: str, place: str, facts: str | None, case: str | None
    ) -> PlannedStep:
        actors = self.file.actors
        overrides = {
            key: Override(
                reason=override.reason, by=actors[override.by].actor() if override.by else None
            )
            for key, override in step.overrides.items()
        }
        return PlannedStep(
            on=step.on,
            action=step.action,
            by=actors[step.by].actor(),
            studio=studio,
            facts=self.facts.get(facts or "", FactFile()),
            case=self.cases.get(case or "", CaseFile()),
            recorded=step.recorded,
            decision=step.decision,
            gaps=step.gaps,
            strike=step.strike,
            overrides=overrides,
            remark=step.remark,
            due=step.due,
            opinion=step.opinion,
            lead=None if step.lead is None else step.lead.person(),
            amount=step.amount,
            place=place,
            facts_file=facts,
            records_file=case,
        )


def _check_names(step: StepTable, file: BatchTables) -> None:
    """Check that actors and studios exist, and that one file at most comes with the step.

    Raises:
        InputError: with every one that does not, and for two files.
    """
    collector = Collector()
    with collector.under("records"):
        if step.facts is not None and step.records is not None:
            raise wrong(ONE_OF_TWO, step.records, one="facts", other="records")
    with collector.under("by"):
        if step.by not in file.actors:
            raise wrong(UNKNOWN_NAME, step.by, known=file.actors)
    for key, override in step.overrides.items():
        with collector.under("override", key, "by"):
            if override.by is not None and override.by not in file.actors:
                raise wrong(UNKNOWN_NAME, override.by, known=file.actors)
    with collector.under("studio"):
        if not step.studios:
            raise wrong(UNKNOWN_NAME, [], known=file.studios)
    for name in step.studios:
        with collector.under("studio"):
            if name not in file.studios:
                raise wrong(UNKNOWN_NAME, name, known=file.studios)
    collector.finish()
