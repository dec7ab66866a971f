"""A form as a paper: filled in from a studio, or empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.documents.forms.form import Form, FormBlock, FormCell, FormRow
from studioflow.documents.forms.places import ITEMS, MARKS, Places, mark_fields
from studioflow.documents.forms.subjects import Item, Subject
from studioflow.documents.forms.wording import Wording
from studioflow.documents.paper import Block, Cell, PageBreak, Paper, Paragraph, Table
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.studio import Studio
from studioflow.text import Language

__all__ = ["check_form", "empty_form", "fill_form", "places_of"]


def check_form(form: Form, policy: Policy) -> None:
    """Check that every place of a form means something under a policy.

    Raises:
        InputError: with every one that does not.
    """
    collector = Collector()
    with collector.under("record"):
        if form.record is not None and form.record not in policy.record_kinds:
            raise wrong(UNKNOWN_NAME, form.record, known=policy.record_kinds)
    collector.finish()
    for path, row, wording in form.cells():
        with collector.under(*path):
            places = places_of(form, policy, row)
            for slot in dict.fromkeys((*wording.slots("zh"), *wording.slots("en"))):
                place = places.place(slot.path)
                if slot.value is not None and place.field is not None:
                    place.field.read([slot.value] if place.field.type == "choices" else slot.value)
    for key, named in form.application.items():
        with collector.under("application", key):
            places_of(form, policy, None).place(named)
    collector.finish()


def places_of(form: Form, policy: Policy, row: FormRow | None) -> Places:
    """Return what may be named in a row, or outside any.

    Raises:
        InputError: for a row that is repeated for what the policy does not have.
    """
    each = None if row is None else row.each
    if each == MARKS:
        return Places(policy, mark_fields(policy), each)
    if each is not None and each != ITEMS:
        if each not in policy.record_kinds:
            raise wrong(UNKNOWN_NAME, each, known=[ITEMS, MARKS, *policy.record_kinds])
        return Places(policy, policy.record_kinds[each].fields, each)
    fields = {} if form.record is None else policy.record_kinds[form.record].fields
    return Places(policy, fields, each)


def fill_form(  # noqa: PLR0913 - each may be left out
    form: Form,
    policy: Policy,
    studio: Studio,
    *,
    sheet: ScoreSheet | None = None,
    by: str | None = None,
    language: Language = "zh",
) -> Paper:
    """Return a form filled in from a studio, a page for each record that it is of.

    Args:
        form: that fits the policy.
        policy: in force for the studio.
        studio: whose records, marks and results it says.
        sheet: in place of the studio's latest one.
        by: the id of an assessor: only this one's marks are listed.
        language: of the words that the form has in both.

    Raises:
        InputError: with every place of the form that means nothing under the policy.
    """
    check_form(form, policy)
    sheet = studio.sheet if sheet is None else sheet
    if sheet is not None and by is not None:
        sheet = evolve(sheet, marks=tuple(mark for mark in sheet.marks if mark.by == by))
    whole = Subject(studio=studio, sheet=sheet)
    if form.record is None:
        subjects = [whole]
    else:
        records = studio.of_kind(form.record)
        subjects = [evolve(whole, record=record.document()) for record in records] or [whole]
    return _paper(form, policy, subjects, language)


def empty_form(form: Form, policy: Policy, language: Language = "zh") -> Paper:
    """Return a form with nothing filled in.

    Raises:
        InputError: as `fill_form` does.
    """
    check_form(form, policy)
    return _paper(form, policy, [Subject()], language)


def _paper(form: Form, policy: Policy, subjects: list[Subject], language: Language) -> Paper:
    writer = _Writer(form, policy, language)
    blocks: list[Block] = []
    for position, subject in enumerate(subjects):
        blocks += [PageBreak()] if position else []
        for block in form.blocks:
            blocks += writer.block(block, subject)
    return Paper(
        title=form.label.get(language),
        blocks=tuple(blocks),
        language=language,
        landscape=form.landscape,
    )


class _Writer:
    def __init__(self, form: Form, policy: Policy, language: Language) -> None:
        self.form, self.policy, self.language = form, policy, language
        self._places: dict[str | None, Places] = {}

    def places(self, row: FormRow | None) -> Places:
        each = None if row is None else row.each
        if each not in self._places:
            self._places[each] = places_of(self.form, self.policy, row)
        return self._places[each]

    def block(self, block: FormBlock, subject: Subject) -> Iterator[Block]:
        if block.new_page:
            yield PageBreak()
        if block.text is not None:
            text = self.text(block.text, self.places(None), subject)
            yield Paragraph(text, style=block.style, align=block.align)
            return
        rows = tuple(
            tuple(self.cell(cell, places, told) for cell in row.cells)
            for row in block.rows
            for places in [self.places(row)]
            for told in self.subjects(row, subject)
        )
        if len(rows) == block.head_rows:
            return  # nothing to list, and no room to write
        caption = self.form.label if block.caption is None else block.caption
        yield Table(
            rows=rows,
            widths=tuple(map(float, block.columns)),
            caption=caption.get(self.language),
            head_rows=block.head_rows,
            shown_caption=block.shown_caption,
        )

    def cell(self, cell: FormCell, places: Places, subject: Subject) -> Cell:
        return Cell(
            self.text(cell.wording, places, subject),
            head=cell.head is not None,
            across=cell.across,
            down=cell.down,
            align=cell.align,
            height=None if cell.height is None else float(cell.height),
        )

    def text(self, wording: Wording, places: Places, subject: Subject) -> str:
        return wording.filled(
            self.language,
            lambda slot: places.place(slot.path).show(subject, slot, self.language),
        )

    def subjects(self, row: FormRow, subject: Subject) -> list[Subject]:
        """Return what a row is repeated for; an empty form has blank rows of it."""
        sheet, studio = subject.sheet, subject.studio
        if row.each is None:
            return [subject]
        found: list[Subject] = []
        if row.each == ITEMS and sheet is not None:
            items: list[Item] = [*sheet.gates, *sheet.criteria, *sheet.deductions]
            found = [evolve(subject, item=item) for item in items]
        elif row.each == MARKS and sheet is not None:
            found = [evolve(subject, record=_said(mark)) for mark in sheet.marks]
        elif row.each not in {ITEMS, MARKS} and studio is not None:
            records = studio.of_kind(row.each)
            found = [evolve(subject, record=record.document()) for record in records]
        return found or [Subject(studio=studio)] * row.blank


def _said(mark: Any) -> Mapping[str, object]:  # noqa: ANN401 - a Mark, whose fields are read by name
    names = ("criterion", "by", "role", "unit", "on", "points", "met", "remark")
    return {name: getattr(mark, name) for name in names}
