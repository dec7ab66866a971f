"""What a batch leaves behind: one document about everything, and a folder of sheets and facts."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path, PurePosixPath

from attrs import frozen

from studioflow.codec import Collector, read, wrong
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.policy.template import fact_file_toml
from studioflow.programme import BatchReport, Outcome
from studioflow.rubric import FactFile, Inspection, ScoreSheet
from studioflow.studio import Studio
from studioflow.text import Language, Text, exact, message

__all__ = ["SCHEMA", "Case", "Results"]

SCHEMA = "studioflow.demo/1"
INDEX = "index.json"

NOT_OURS = message(
    "folder_not_ours",
    zh="一个空文件夹、新文件夹，或只含上次 demo 所写且未改动的文件",
    en="a new or empty folder, or one with nothing but what the demo wrote, unchanged",
)
NOT_WRITABLE = message("not_writable", zh="可写入的文件夹", en="a folder that can be written")
_ELSEWHERE = Text("换一个文件夹", "choose another folder")


@frozen
class Case:
    """What was handed in for one studio, and the sheet that it gives.

    Attributes:
        evaluated: False where the action that asked for the sheet was denied.
    """

    studio: str
    sheet: ScoreSheet
    facts: FactFile
    evaluated: bool


@frozen(slots=False)
class Results:
    """A report in the forms that it is kept in."""

    report: BatchReport
    language: Language

    @cached_property
    def cases(self) -> Mapping[str, Case]:
        """Every studio that has a sheet, or would have one if nothing were open."""
        found = {}
        policy = self.report.policy
        for key, studio in self.report.studios.items():
            if studio.sheet is not None:
                found[key] = _evaluated(policy, studio, studio.sheet)
        for outcome in self.report.outcomes:
            key = outcome.step.studio
            if outcome.event is None and outcome.step.facts.marks and key not in found:
                found[key] = _attempted(policy, self.report.studios[key], outcome)
        return {key: found[key] for key in self.report.studios if key in found}

    def document(self) -> dict[str, object]:
        """Return everything as `studioflow.demo/1`."""
        report = self.report
        reference = report.policy.reference
        return {
            "schema": SCHEMA,
            "policy": {
                "id": reference.id,
                "version": reference.version,
                "fingerprint": reference.fingerprint,
                "varied": list(reference.varied),
            },
            "batch": {"id": report.batch.id, "label": report.batch.label.get(self.language)},
            "steps": [self._step(outcome) for outcome in report.outcomes],
            "studios": [self._studio(key, studio) for key, studio in report.studios.items()],
            "ranking": [
                {
                    "place": rank.place,
                    "studio": rank.studio,
                    "points": exact(rank.points),
                    "tied": rank.tied,
                }
                for rank in report.ranking
            ],
        }

    def _step(self, outcome: Outcome) -> dict[str, object]:
        step, verdict = outcome.step, outcome.verdict
        return {
            "on": step.on.isoformat(),
            "studio": step.studio,
            "action": step.action,
            "by": step.by.id,
            "allowed": outcome.event is not None,
            "plugins_asked": verdict.plugins_asked,
            "decision": step.decision,
            "reasons": [reason.to_dict(self.language) for reason in verdict.reasons],
            "warnings": [reason.to_dict(self.language) for reason in verdict.warnings],
        }

    def _studio(self, key: str, studio: Studio) -> dict[str, object]:
        application = self.report.batch.studios[key]
        sheet = studio.sheet
        return {
            "id": key,
            "name": application.name,
            "unit": application.unit,
            "state": studio.state,
            "decision": studio.decision,
            "eligible": None if sheet is None else sheet.eligible,
            "grade": None if sheet is None else sheet.grade,
            "total": None if sheet is None else sheet.total.to_dict(),
        }

    # --- the folder -------------------------------------------------------------------------

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield every file but the index, by its path in the folder."""
        for position, (key, case) in enumerate(self.cases.items(), start=1):
            # A key is a key of the batch file and may be any text, such as a path out of here.
            name = key if re.fullmatch(r"[\w-]{1,64}", key) else f"studio-{position}"
            if case.evaluated:
                sheet = case.sheet.to_dict(self.language)
                yield f"sheets/{name}.json", json.dumps(sheet, ensure_ascii=False, indent=2) + "\n"
            facts = fact_file_toml(self.report.policy, self.language, filled=case.facts)
            yield f"facts/{name}.toml", facts

    def write(self, folder: Path) -> Path:
        """Write the folder: all of it, or nothing.

        Raises:
            InputError: where it holds anything that an earlier run did not write just so, and
                where it can not be written.
        """
        target = folder
        collector = Collector()
        with collector.under("--out"):
            try:
                target = folder.resolve()
                _check_target(target, folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                with tempfile.TemporaryDirectory(prefix=".studioflow-", dir=target.parent) as made:
                    self._write_into(Path(made) / "new")
                    _put(Path(made) / "new", target, aside=Path(made) / "old")
            except OSError as error:
                raise wrong(NOT_WRITABLE, f"{folder}: {error.strerror}") from error
            except RuntimeError as error:  # links in a circle, as `resolve` tells it
                raise wrong(NOT_WRITABLE, str(folder)) from error
        collector.finish()
        return target

    def _write_into(self, folder: Path) -> None:
        digests = {}
        for name, text in self.files():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            digests[name] = _digest(path)
        index = {**self.document(), "files": digests}
        text = json.dumps(index, ensure_ascii=False, indent=2) + "\n"
        (folder / INDEX).write_bytes(text.encode())


def _put(new: Path, target: Path, *, aside: Path) -> None:
    """Move a finished folder to its place; what was there comes back if that fails."""
    if target.exists():
        target.rename(aside)
    try:
        new.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _check_target(target: Path, folder: Path) -> None:
    """Refuse to replace what anybody else wrote, or changed since.

    Raises:
        InputError: if there is any of that.
    """
    if not target.exists():
        return
    if not target.is_dir() or Path.cwd().is_relative_to(target):
        raise wrong(NOT_OURS, str(folder), hint=_ELSEWHERE)
    index = _index(target / INDEX)
    files = index.get("files")
    digests = files if isinstance(files, Mapping) and index.get("schema") == SCHEMA else {}
    folders = {parent.as_posix() for name in digests for parent in PurePosixPath(name).parents}
    foreign = []
    for path in _entries(target):
        name = path.relative_to(target).as_posix()
        if path.is_symlink():
            ours = False
        elif path.is_dir():
            ours = name in folders
        elif name == INDEX:
            ours = index.get("schema") == SCHEMA
        else:
            ours = name in digests and path.is_file() and digests[name] == _digest(path)
        if not ours:
            foreign.append(name)
    if foreign:
        raise wrong(NOT_OURS, os.fspath(folder / min(foreign)), hint=_ELSEWHERE)


def _entries(folder: Path) -> Iterator[Path]:
    """Yield everything below a folder; one that can't be listed is an error, and no empty one."""

    def fail(error: OSError) -> None:
        raise error

    for root, folders, files in os.walk(folder, onerror=fail):
        yield from (Path(root, name) for name in (*folders, *files))


def _index(path: Path) -> Mapping[str, object]:
    if path.is_symlink() or not path.is_file():
        return {}
    try:
        return read(path)
    except InputError:
        return {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# --- what was handed in ---------------------------------------------------------------------


def _evaluated(policy: Policy, studio: Studio, sheet: ScoreSheet) -> Case:
    seen = [event.inspection for event in studio.history if event.inspection is not None]
    inspection = seen[-1] if seen else None
    facts = _fact_file(policy, studio.id, studio.facts, sheet, inspection)
    return Case(studio.id, sheet, facts, evaluated=True)


def _attempted(policy: Policy, studio: Studio, outcome: Outcome) -> Case:
    handed_in = outcome.step.facts
    values = {**studio.facts, **policy.values(handed_in)}
    sheet = policy.score_values(values, handed_in.marks)
    facts = _fact_file(policy, studio.id, values, sheet, handed_in.inspection)
    return Case(studio.id, sheet, facts, evaluated=False)


def _fact_file(
    policy: Policy,
    studio: str,
    values: Mapping[str, object],
    sheet: ScoreSheet,
    inspection: Inspection | None,
) -> FactFile:
    """Return the file that scores to the same sheet: marks and inspection in full."""
    told = {policy.rubric.judged_facts[mark.criterion] for mark in sheet.marks}
    if inspection is not None:
        found = policy.site_check.values(inspection)
        if all(values.get(fact) == value for fact, value in found.items()):
            told |= found.keys()
        else:
            inspection = None  # a later one, item by item, says otherwise
    facts = {fact: value for fact, value in values.items() if fact not in told}
    return FactFile(studio=studio, facts=facts, marks=sheet.marks, inspection=inspection)
