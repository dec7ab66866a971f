"""What a batch leaves behind: one document about everything, and a folder of files."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from functools import cached_property
from pathlib import Path, PurePosixPath

from attrs import frozen

from studioflow.cli.cases import Case, case_files, cases
from studioflow.cli.demo_papers import DemoPapers
from studioflow.cli.file_names import file_names
from studioflow.codec import Collector, read, wrong
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.policy.template import fact_file_toml
from studioflow.programme import BatchReport, CaseFile, Outcome
from studioflow.register import backup
from studioflow.rubric import ScoreSheet
from studioflow.studio import Record, Studio
from studioflow.text import Language, Text, exact, message

__all__ = ["SCHEMA", "Results", "check_folder"]

SCHEMA = "studioflow.demo/1"
INDEX = "index.json"
REGISTER = "register.db"

NOT_OURS = message(
    "folder_not_ours",
    zh="一个空文件夹、新文件夹，或只含上次 demo 所写且未改动的文件",
    en="a new or empty folder, or one with nothing but what the demo wrote, unchanged",
)
NOT_WRITABLE = message("not_writable", zh="可写入的文件夹", en="a folder that can be written")
_ELSEWHERE = Text("换一个文件夹", "choose another folder")


@frozen(slots=False)
class Results:
    """A report in the forms that it is kept in.

    Attributes:
        host: whose measures and forms are asked for.
    """

    report: BatchReport
    language: Language
    host: Host

    @cached_property
    def papers(self) -> DemoPapers:
        """The documents, and what of them can not be made here."""
        return DemoPapers(self.report, self.language, self.host)

    @cached_property
    def cases(self) -> Mapping[str, Case]:
        """Every studio that has a sheet, or would have one if nothing were open."""
        return cases(self.report, self.host.measures)

    @cached_property
    def ranked(self) -> list[tuple[str, Case]]:
        """The ranked first, then those who are not eligible, then those still open."""
        places = {rank.studio: position for position, rank in enumerate(self.report.ranking)}
        last = len(places)
        return sorted(
            self.cases.items(),
            key=lambda item: (places.get(item[0], last), not item[1].evaluated),
        )

    @cached_property
    def case_files(self) -> Mapping[str, CaseFile]:
        """Everything on file of each studio that declared."""
        return case_files(self.report)

    @cached_property
    def file_names(self) -> Mapping[str, str]:
        """What the files of each studio are called, by its key."""
        return file_names(self.report.studios)

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
            "settled": report.settled and report.settled.to_dict(self.language),
        }

    def _step(self, outcome: Outcome) -> dict[str, object]:
        step, verdict = outcome.step, outcome.verdict
        reward = None if outcome.event is None else outcome.event.reward
        return {
            "on": step.on.isoformat(),
            "recorded": (step.recorded or step.on).isoformat(),
            "studio": step.studio,
            "action": step.action,
            "by": step.by.id,
            "allowed": outcome.event is not None,
            "plugins_asked": verdict.plugins_asked,
            "decision": step.decision,
            "gaps": list(step.gaps),
            "remark": step.remark,
            "records": _counts(outcome.event.records) if outcome.event else {},
            "reward": None if reward is None else exact(reward),
            "reasons": [reason.to_dict(self.language) for reason in verdict.reasons],
            "warnings": [reason.to_dict(self.language) for reason in verdict.warnings],
        }

    def _studio(self, key: str, studio: Studio) -> dict[str, object]:
        application = self.report.batch.studios[key]
        sheet = studio.sheet
        case = self.cases.get(key)
        standing = None if case is None else case.sheet
        rewards = [event.reward for event in studio.history if event.reward is not None]
        return {
            "id": key,
            "name": application.name,
            "unit": application.unit,
            "state": studio.state,
            "decision": studio.decision,
            "eligible": None if sheet is None else sheet.eligible,
            "grade": None if sheet is None else sheet.grade,
            "total": None if sheet is None else sheet.total.to_dict(),
            "reward": exact(sum(rewards, Fraction(0))) if rewards else None,
            "records": _counts(studio.records.values()),
            "measured": {
                name: {
                    "held": each.held,
                    "counted": len(each.counted),
                    "text": each.explain(self.language),
                }
                for name, each in (standing.measured.items() if standing else ())
            },
            "marks": {} if standing is None else _marks(standing),
        }

    # --- the folder -------------------------------------------------------------------------

    def files(self) -> Iterator[tuple[str, str]]:
        """Yield every file of text but the index, by its path in the folder."""
        for key, case in self.cases.items():
            name = self.file_names[key]
            if case.evaluated:
                sheet = case.sheet.to_dict(self.language)
                yield f"sheets/{name}.json", json.dumps(sheet, ensure_ascii=False, indent=2) + "\n"
            facts = fact_file_toml(self.report.policy, self.language, filled=case.facts)
            yield f"facts/{name}.toml", facts
        for key, file in self.case_files.items():
            yield f"cases/{self.file_names[key]}.json", file.to_json(self.report.policy)

    def write(self, folder: Path) -> Path:
        """Write the folder: all of it, or nothing.

        Raises:
            InputError: where it holds anything that an earlier run did not write just so, and
                where it can not be written.
        """
        target = check_folder(folder)
        with _as_input(folder):
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".studioflow-", dir=target.parent) as made:
                self._write_into(Path(made) / "new")
                _put(Path(made) / "new", target, aside=Path(made) / "old")
        return target

    def _write_into(self, folder: Path) -> None:
        digests = {}
        for name, text in self.files():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
            digests[name] = _digest(path)
        for name, data in self.papers.files(self.file_names):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            digests[name] = _digest(path)
        backup(self.report.register, folder / REGISTER)
        digests[REGISTER] = _digest(folder / REGISTER)
        index = {**self.document(), "files": digests}
        text = json.dumps(index, ensure_ascii=False, indent=2) + "\n"
        (folder / INDEX).write_bytes(text.encode())


def check_folder(folder: Path) -> Path:
    """Return where a folder lies, if it may be written or replaced.

    Raises:
        InputError: where it holds anything that an earlier run did not write just so.
    """
    with _as_input(folder):
        target = folder.resolve()
        _check_target(target, folder)
        return target


@contextmanager
def _as_input(folder: Path) -> Iterator[None]:
    """Say of what fails that the option is at fault.

    Raises:
        InputError: in place of the error.
    """
    collector = Collector()
    with collector.under("--out"):
        try:
            yield
        except OSError as error:
            raise wrong(NOT_WRITABLE, f"{folder}: {error.strerror}") from error
        except RuntimeError as error:  # links in a circle, as `resolve` tells it
            raise wrong(NOT_WRITABLE, str(folder)) from error
    collector.finish()


def _marks(sheet: ScoreSheet) -> dict[str, list[str]]:
    """Return every mark on a sheet, by item, in the order in which they came."""
    given: dict[str, list[str]] = {}
    for mark in sheet.marks:
        if mark.points is not None:
            given.setdefault(mark.criterion, []).append(exact(mark.points))
    return given


def _counts(records: Iterable[Record]) -> dict[str, int]:
    """Return how many records there are of each kind."""
    return dict(Counter(record.kind for record in records))


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
