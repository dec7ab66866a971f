"""A register as JSON Lines: every line is a row, to the letter, and the last one counts them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from attrs import define, field

from studioflow.codec import MAX_PROBLEMS, NOT_READABLE, wrong
from studioflow.errors import InputError, Problem
from studioflow.register.chain import canonical
from studioflow.register.exported_lines import (
    BODY,
    EXPORT,
    MAX_LINE,
    NOT_AN_EXPORT,
    End,
    read_line,
)
from studioflow.register.findings import Finding, Verification
from studioflow.register.port import Line, Register
from studioflow.register.upkeep import known_schema
from studioflow.register.verification import Checking
from studioflow.register.written_file import written_beside
from studioflow.text import message

__all__ = ["export_lines", "import_lines"]

OTHER_END = message(
    "other_end",
    zh="与 end 行相符的内容（{events} 个事件，{head}）",
    en="what the line `end` says ({events} events, {head})",
)
NOT_WHOLE = message("not_whole", zh="完好的登记册：{finding}", en="a whole register: {finding}")
STRAY_NOTICE = message(
    "stray_notice",
    zh="对已有事件的通知，每个订阅者一次",
    en="a notice of an event that is there, once for each subscriber",
)


def export_lines(register: Register, file: BinaryIO | Path) -> Verification:
    """Write a register as JSON Lines, as of one moment, and return what its check found.

    It is written even where the register is damaged: then more may be saved from it. What an event
    of a newer release says is kept to the letter.

    Args:
        register: of any home.
        file: to write to; or the path of one that is not there yet, which gets its name once the
            whole of it is on the disk.

    Raises:
        InputError: where there is a file of that name.
        TooNew: where the register's tables are of a newer release.
        StorageFailed: where the register can not be read, or the file of that path not written.
    """
    if not isinstance(file, Path):
        return _export(register, file)
    with written_beside(file) as beside, beside.open("wb") as opened:
        return _export(register, opened)


def _export(register: Register, file: BinaryIO) -> Verification:
    checking = Checking()
    for line in known_schema(register.lines()):
        checking.take(line)
        text = _written(line)
        if text is not None:
            file.write(text.encode() + b"\n")
    checked = checking.finish()
    end = {"kind": "end", "events": checked.events, "head": checked.anchor.head}
    file.write(canonical(end).encode() + b"\n")
    file.flush()
    return checked


def _written(line: Line) -> str | None:
    fields: Mapping[str, Any] = line.fields
    match line.kind:
        case "meta":
            return canonical({"schema": EXPORT, "register": fields["register"]})
        case "notice":
            return canonical({"kind": "notice", **fields})
        case "studio" | "holder":  # they follow from the events
            return None
        case "event":
            own = {name: fields[name] for name in ("position", "studio", "version", "recorded")}
            own["hash"] = fields["hash"].hex()
            own["personal"] = [
                {"path": path, "salt": salt.hex(), "value": value}
                for path, salt, value in fields["personal"]
            ]
            if fields["key"] is not None:
                own["key"] = list(fields["key"])
        case _:
            own = {name: fields[name] for name in ("number", "recorded", "policy")}
            own["hash"] = fields["hash"].hex()
    body: str = fields["body"]
    # The body as it is stored, so that its hash can be computed again from the line.
    return canonical({"kind": line.kind, **own})[:-1] + BODY + body + "}"


def import_lines(file: BinaryIO | Path, register: Register) -> Verification:
    """Keep what `export_lines` wrote in an empty register: all of it, or nothing.

    The register has the id of the exported one then.

    Args:
        file: to read, or the path of one.
        register: that has nothing in it.

    Raises:
        InputError: with every line that is none, and everything that does not fit, up to a bound;
            for a file that can not be read, and for a register that is not empty.
    """
    reading = _Reading()
    if isinstance(file, Path):
        try:
            opened = file.open("rb")
        except OSError as error:
            found = wrong(NOT_READABLE, f"{file.name}: {error.strerror}")
            raise InputError(problem.under("path") for problem in found.problems) from error
        with opened:
            register.load(reading.lines(opened))
    else:
        register.load(reading.lines(file))
    return reading.checked()


@define
class _Reading:
    """Reads an export, and refuses it at its end where anything is wrong in it."""

    _checking: Checking = field(factory=Checking)
    _problems: list[Problem] = field(factory=list)
    _notices: set[tuple[object, ...]] = field(factory=set)

    def checked(self) -> Verification:
        """Return what the check found: nothing, or it had raised."""
        return self._checking.finish(bare=True)

    def lines(self, file: BinaryIO) -> Iterator[Line]:
        """Yield the lines of the register until one is wrong, and check all of them.

        Raises:
            InputError: at the end, with all that is wrong.
        """
        end: End | None = None
        for number, data in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), 1):
            try:
                if end is not None:
                    raise wrong(NOT_AN_EXPORT, schema=EXPORT)
                line = read_line(data, first=number == 1)
                if not isinstance(line, End):
                    self._take(line)
            except InputError as error:
                self._tell(problem.under(f"line {number}") for problem in error.problems)
                if number == 1 or len(data) > MAX_LINE or len(self._problems) >= MAX_PROBLEMS:
                    raise InputError(self._problems) from None  # the rest says nothing
                continue
            if isinstance(line, End):
                end = line
            elif not self._problems and not self._checking.found:
                yield line
        self._finish(end)

    def _take(self, line: Line) -> None:
        self._checking.take(line)
        if line.kind == "notice":
            fields: Mapping[str, Any] = line.fields
            notice = fields["subscriber"], fields["studio"], fields["version"]
            chain = self._checking.studios.get(fields["studio"])
            known = chain is not None and 1 <= fields["version"] <= chain.length
            if not known or notice in self._notices:
                raise wrong(STRAY_NOTICE)
            self._notices.add(notice)

    def _finish(self, end: End | None) -> None:
        checked = self.checked()
        if end is None:
            self._tell(wrong(NOT_AN_EXPORT, schema=EXPORT).problems)
        elif (end.events, end.head) != (checked.events, checked.anchor.head):
            got = f"{checked.events}, {checked.anchor.head}"
            self._tell(wrong(OTHER_END, got, events=end.events, head=end.head).problems)
        self._tell(_problem(finding) for finding in checked.findings)
        if self._problems:
            raise InputError(self._problems)

    def _tell(self, problems: Iterable[Problem]) -> None:
        self._problems.extend(list(problems)[: MAX_PROBLEMS - len(self._problems)])


def _problem(finding: Finding) -> Problem:
    return Problem(NOT_WHOLE, path=finding.place, parameters={"finding": finding.explain()})
