"""A form that somebody filled in, read back into records and marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import frozen

from studioflow.codec import Collector, strict_converter, wrong
from studioflow.documents.forms.composing import Composing, ReadRecord
from studioflow.documents.forms.filling import check_form, places_of
from studioflow.documents.forms.form import Form, FormRow
from studioflow.documents.forms.places import ITEMS, MARKS, Places
from studioflow.documents.forms.subjects import Subject
from studioflow.documents.forms.wording import Slot, Wording
from studioflow.documents.paper.reading import ReadCell, read_rows
from studioflow.errors import InputError
from studioflow.people import Actor, Mark
from studioflow.policy import Policy
from studioflow.programme import CaseFile
from studioflow.studio import Application, read_application
from studioflow.text import LANGUAGES, Language, message

__all__ = ["read_filled"]

NOT_THIS_FORM = message(
    "not_this_form",
    zh="填好的“{form}”",
    en="the form “{form}”, filled in",
)
FORM_ROW_GONE = message(
    "form_row_gone",
    zh="表中“{row}”一行，与原表的文字和格数相同",
    en="the row “{row}” with the words and the cells of the empty form",
)
FORM_EMPTY = message("form_empty", zh="填了内容的表", en="a form in which something is filled in")

_mark = strict_converter()


@frozen
class _Line:
    """A row of the layout, as it is printed in one language."""

    words: tuple[Wording, ...]
    places: Places
    row: FormRow | None = None
    head: tuple[bool, ...] = ()

    @property
    def each(self) -> str | None:
        return None if self.row is None else self.row.each


def read_filled(  # noqa: PLR0913 - each may be left out
    path: Path,
    form: Form,
    policy: Policy,
    *,
    people: Mapping[str, str] | None = None,
    given: Mapping[str, object] | None = None,
    by: Actor | None = None,
) -> CaseFile:
    """Return what a filled form says: records, marks, and what a studio declares.

    A form may be filled in more than once in a file, such as one for each member.

    Args:
        path: of a .docx or .xlsx file that was made from the form.
        form: that fits the policy.
        policy: whose records they are.
        people: ids by name, for people of whom the form has no id.
        given: fields of the form's record that the form does not ask for.
        by: the assessor who filled in the points of a score sheet form that lists no marks; the
            first of the roles is the one in which they mark.

    Raises:
        InputError: with every problem, each with its place in the file; nothing is taken then.
    """
    check_form(form, policy)
    rows = read_rows(path)
    taken = max(
        (_Taking(form, policy, language, rows) for language in LANGUAGES),
        key=lambda taking: taking.recognised,
    )
    try:
        if not taken.recognised:
            raise wrong(NOT_THIS_FORM, path.name, form=form.label)
        return taken.case_file(people or {}, given or {}, by)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None


class _Taking:
    def __init__(
        self,
        form: Form,
        policy: Policy,
        language: Language,
        rows: Sequence[Sequence[ReadCell]],
    ) -> None:
        self.form, self.policy, self.language = form, policy, language
        self.lines = list(_lines(form, policy))
        self.collector = Collector()
        self.recognised = 0
        self.own: list[ReadRecord] = []
        self.others: dict[str, list[ReadRecord]] = {}
        for part in self._papers(rows):
            self._take(part)

    # --- finding rows -----------------------------------------------------------------------

    def _papers(self, rows: Sequence[Sequence[ReadCell]]) -> Iterator[Sequence[Sequence[ReadCell]]]:
        """Yield the rows of each paper: a file may hold several, one after the other."""
        for line in self.lines:
            if line.each is None and self._says(line):
                starts = [n for n, row in enumerate(rows) if self._matched(line, row) is not None]
                if starts:
                    ends = [*starts[1:], len(rows)]
                    yield from (rows[a:b] for a, b in zip(starts, ends, strict=True))
                    return
        yield rows

    def _says(self, line: _Line) -> bool:
        """Return whether a line has words by which its row is known: its own, or labels."""
        fixed = self._always(line.places)
        parts = (part for wording in line.words for part in wording.parts(self.language))
        return any((part if isinstance(part, str) else fixed(part) or "").strip() for part in parts)

    def _matched(self, line: _Line, row: Sequence[ReadCell]) -> list[tuple[Slot, str, str]] | None:
        """Return what the slots of a line hold in a row, with their places; None for another."""
        row = list(row)
        while len(row) > len(line.words) and not row[-1].text:
            row.pop()  # a column too many, with nothing in it
        if len(row) != len(line.words):
            return None
        found: list[tuple[Slot, str, str]] = []
        for wording, cell in zip(line.words, row, strict=True):
            taken = wording.taken(self.language, cell.text, self._always(line.places))
            if taken is None:
                return None
            found += [(slot, text, cell.at) for slot, text in taken]
        return found

    def _always(self, places: Places) -> Any:  # noqa: ANN401 - a function of a slot
        def fixed(slot: Slot) -> str | None:
            place = places.place(slot.path)
            return place.show(Subject(), slot, self.language) if place.fixed else None

        return fixed

    def _take(self, rows: Sequence[Sequence[ReadCell]]) -> None:
        record, here = ReadRecord(), 0
        self.own.append(record)
        for number, line in enumerate(self.lines):
            if line.each is not None:
                here = self._repeated(line, self.lines[number + 1 :], rows, here)
                continue
            matches = ((n, self._matched(line, rows[n])) for n in range(here, len(rows)))
            found = next(((n, slots) for n, slots in matches if slots is not None), None)
            if found is not None:
                here = found[0] + 1
                self.recognised += self._says(line)
                self._fill(record, line, found[1])
            elif self._reads(line):
                with self.collector.under():
                    raise wrong(FORM_ROW_GONE, "-", row=self._told(line))

    def _repeated(
        self,
        line: _Line,
        following: Sequence[_Line],
        rows: Sequence[Sequence[ReadCell]],
        here: int,
    ) -> int:
        """Take the rows that are repeated, up to what stands below them; return where that is."""
        below = next((other for other in following if other.each is None), None)
        while here < len(rows):
            slots = self._matched(line, rows[here])
            if slots is None or (below is not None and self._matched(below, rows[here])):
                break
            record = ReadRecord()
            self._fill(record, line, slots)
            if record.values and line.each != ITEMS:
                self.others.setdefault(str(line.each), []).append(record)
            here += 1
        return here

    def _reads(self, line: _Line) -> bool:
        slots = (slot for wording in line.words for slot in wording.slots(self.language))
        return any(
            place.key is not None and not place.key.startswith("marks/")
            for place in (line.places.place(slot.path) for slot in slots)
        )

    def _told(self, line: _Line) -> str:
        fixed = self._always(line.places)
        words = (w.filled(self.language, lambda slot: fixed(slot) or "") for w in line.words)
        return " ".join(filter(None, ("".join(word.split()) for word in words)))

    def _fill(self, record: ReadRecord, line: _Line, slots: list[tuple[Slot, str, str]]) -> None:
        for slot, text, at in slots:
            place = line.places.place(slot.path)
            if place.key is None or (place.key.startswith("marks/") and not self.form.sheet):
                continue
            with self.collector.under(at):
                try:
                    value = place.read(slot, text)
                except InputError:
                    if place.key.startswith("marks/"):  # a mean of several, listed below
                        continue
                    raise
                if value is not None:
                    record.add(place, value, at)

    # --- what they say ----------------------------------------------------------------------

    def case_file(
        self, people: Mapping[str, str], given: Mapping[str, object], by: Actor | None
    ) -> CaseFile:
        composed = Composing(self.policy, people, self.collector)
        records: dict[str, list[dict[str, object]]] = {}
        studio: dict[str, object] = {}
        alone: list[Mark] = []
        for record in self.own:
            values = composed.values(record)
            marks = {
                k.removeprefix("marks/"): values.pop(k) for k in list(values) if k[:6] == "marks/"
            }
            if by is not None:
                alone += [_judged(name, value, by) for name, value in marks.items()]
            for key in [key for key in values if key.startswith("studio/")]:
                studio[key.removeprefix("studio/")] = values.pop(key)
            for key in [key for key in values if "/" in key]:
                kind, name = key.split("/")
                records.setdefault(kind, [{}])[0][name] = values.pop(key)
            if self.form.record is not None and values:
                records.setdefault(self.form.record, []).append({**given, **values})
        listed = [composed.values(record) for record in self.others.pop(MARKS, [])]
        for kind, others in self.others.items():
            records.setdefault(kind, []).extend(composed.values(record) for record in others)
        marks_read: list[Mark] = []
        for position, values in enumerate(listed):
            with self.collector.under("marks", position):
                marks_read.append(_mark.structure(values, Mark))
        if not records and not marks_read and not alone:
            with self.collector.under():
                raise wrong(FORM_EMPTY, "-")
        self.collector.finish()
        application = None
        with self.collector.under("application"):
            application = self._application({**first(records, self.form.record), "studio": studio})
        self.collector.finish()
        file = CaseFile(
            application=application,
            records={kind: tuple(items) for kind, items in records.items()},
            marks=tuple(marks_read or alone),
        )
        try:
            return file.checked(self.policy)
        except InputError as error:
            raise InputError(composed.placed(problem) for problem in error.problems) from None

    def _application(self, document: Mapping[str, object]) -> Application | None:
        if not self.form.application:
            return None
        said = {key: _inside(document, path) for key, path in self.form.application.items()}
        return read_application({key: value for key, value in said.items() if value is not None})


def first(records: Mapping[str, list[dict[str, object]]], kind: str | None) -> Mapping[str, object]:
    """Return the first record of a kind, or nothing."""
    return records.get(str(kind), [{}])[0]


def _inside(document: object, path: str) -> object:
    for key in path.split("/"):
        document = document.get(key) if isinstance(document, Mapping) else None
    return document


def _judged(name: str, value: object, by: Actor) -> Mark:
    role = min(by.roles, default="")
    said = {"met": value} if isinstance(value, bool) else {"points": value}
    return _mark.structure(
        {"criterion": name, "by": by.id, "role": role, "unit": by.unit, **said}, Mark
    )


def _lines(form: Form, policy: Policy) -> Iterator[_Line]:
    for block in form.blocks:
        if block.text is not None:
            yield _Line((block.text,), places_of(form, policy, None))
        for row in block.rows:
            words = tuple(cell.wording for cell in row.cells)
            yield _Line(words, places_of(form, policy, row), row)
