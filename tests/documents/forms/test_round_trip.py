"""A form that is filled in from a studio, and read back, says the same."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.cell import Cell

from studioflow import Policy, load_policy
from studioflow.documents.forms import (
    Form,
    empty_form,
    fill_form,
    form_from,
    forms_of,
    read_filled,
)
from studioflow.documents.paper import write_paper
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.people import Actor, Mark
from studioflow.policy import RecordKind
from studioflow.programme import BatchReport, read_batch, run_batch
from studioflow.studio import Record, Studio
from studioflow.text import LANGUAGES, Language

FORMS = ("yongjia-attachment-1", "yongjia-attachment-2", "yongjia-attachment-3")


@cache
def host() -> Host:
    """Return what the installed plugins brought."""
    return Host.discover()


@cache
def reference() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023", host=host())


@cache
def forms() -> Mapping[str, Form]:
    """Return the forms of the reference policy."""
    return forms_of(reference(), host())


@cache
def sample() -> BatchReport:
    """Return what became of the sample batch."""
    batch = host().sample_batch("yongjia-2023-sample")
    return run_batch(reference(), read_batch(batch.folder), host=host().working())


def on_file(studio: Studio, kind: RecordKind) -> list[dict[str, object]]:
    """Return the records of a kind as its `dump` writes them."""
    return [kind.dump(kind.load(record.document())) for record in studio.of_kind(kind.name)]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FORMS)
def test_same_records(tmp_path: Path, name: str, language: Language, suffix: str) -> None:
    """Each attachment of each studio of the sample, filled in and read back, gives its records."""
    form, policy = forms()[name], reference()
    for studio in list(sample().studios.values())[:4]:
        path = tmp_path / f"{studio.id}{suffix}"
        write_paper(fill_form(form, policy, studio, language=language), path)
        taken = read_filled(path, form, policy)

        wanted = form.record or "evaluation_form"
        assert on_file(studio, policy.record_kinds[wanted]) == list(taken.records[wanted])
        assert taken.marks == (studio.sheet.marks if form.sheet and studio.sheet else ())
        if name == FORMS[0]:
            assert taken.application is not None
            assert studio.application is not None
            assert (studio.name, studio.unit) == (taken.application.name, taken.application.unit)
            assert studio.application.lead == taken.application.lead


def documents(kind: RecordKind) -> st.SearchStrategy[dict[str, object]]:
    """Return plain documents of a kind, with anything that people could write in them."""
    words = st.text(
        st.sampled_from("甲乙AB1２（）()：:，,&<>{}#$*_=\"'　 年月日√\n"), min_size=1, max_size=12
    ).filter(lambda text: text.strip() and text == text.strip())
    said = {
        "text": words,
        "flag": st.booleans(),
        "month": st.dates().map(lambda day: f"{day.year:04}-{day.month:02}"),
        "date": st.dates().map(lambda day: day.isoformat()),
        "person": st.fixed_dictionaries(
            {"id": st.text("abc1-", min_size=1, max_size=5), "name": st.text("甲乙丙A", min_size=1)}
        ),
        "evidence": st.lists(st.text("abc1-", min_size=1, max_size=5), min_size=1, max_size=3),
    }
    fields = {
        name: said[field.type] if field.type in said else st.sampled_from(sorted(field.values))
        for name, field in kind.fields.items()
        if field.type != "opinion"
    }
    required = {name: fields[name] for name, field in kind.fields.items() if field.required}
    return st.fixed_dictionaries(
        required, optional={name: each for name, each in fields.items() if name not in required}
    )


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), language=st.sampled_from(LANGUAGES), name=st.sampled_from(FORMS[:2]))
def test_anything_written(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, language: Language, name: str
) -> None:
    """Whatever stands in the fields of a record comes back as it was, but for flags left out."""
    form, policy = forms()[name], reference()
    kind = policy.record_kinds[str(form.record)]
    document = data.draw(documents(kind))
    document.pop(str(kind.until), None)  # a day before `since` is refused
    document.pop("party_seal", None)  # a flag that is off prints as one that nobody set
    record = Record(kind=kind.name, id="r-1", data=document)
    studio = Studio(id="s-01", records={"r-1": record})
    path = tmp_path_factory.mktemp("forms") / "form.docx"
    write_paper(fill_form(form, policy, studio, language=language), path)

    with_application = evolve(form, application={})
    (taken,) = read_filled(path, with_application, policy).records[kind.name]

    assert kind.dump(kind.load(document)) == taken


class TestMarks:
    """An assessor fills in the official column of the score sheet form."""

    ASSESSOR = Actor("p-31", unit="县教育局", roles={"assessor"})

    def test_marks_of_one_assessor(self, tmp_path: Path) -> None:
        """Points in the official cells become marks of this assessor."""
        form, policy = forms()[FORMS[2]], reference()
        path = tmp_path / "sheet.xlsx"
        write_paper(empty_form(form, policy), path)
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        (row,) = (row for row in sheet.iter_rows() if any(c.value == "培养目标" for c in row))
        *_, last = (cell for cell in row if isinstance(cell, Cell))
        last.value = 9
        book.save(path)

        (mark,) = read_filled(path, form, policy, by=self.ASSESSOR).marks

        assert (
            Mark(criterion="5.1.1", points=Fraction(9), by="p-31", role="assessor", unit="县教育局")
            == mark
        )

    def test_only_of_one(self) -> None:
        """A form for one assessor lists this one's marks and no others."""
        form, policy, studio = forms()[FORMS[2]], reference(), sample().studios["s01"]
        paper = fill_form(form, policy, studio, by="p-12")
        told = "\n".join(
            cell.text for b in paper.blocks for row in getattr(b, "rows", ()) for cell in row
        )

        assert "p-12" in told
        assert "p-11" not in told


def texts(document: Any) -> list[Any]:  # noqa: ANN401 - python-docx's elements have no types
    """Return the elements of a Word document that hold text."""
    return [each for each in document.element.body.iter() if str(each.tag).endswith("}t")]


class TestRefused:
    """What can not be read is told with its place, all of it at once."""

    def refused(self, path: Path, **more: object) -> list[tuple[str, str]]:
        """Return the codes and the paths of what is wrong with a filled form."""
        form = forms()[FORMS[0]]
        with pytest.raises(InputError) as caught:
            read_filled(path, form, reference(), **more)  # type: ignore[arg-type] # as given
        return [(problem.code, problem.path) for problem in caught.value.problems]

    def test_empty(self, tmp_path: Path) -> None:
        """A form in which nothing is filled in is no application."""
        path = tmp_path / "empty.docx"
        write_paper(empty_form(forms()[FORMS[0]], reference()), path)

        assert [("form_empty", "")] == self.refused(path)

    def test_another_file(self, tmp_path: Path) -> None:
        """A file of something else is not this form."""
        path = tmp_path / "other.docx"
        other = form_from(
            {
                "schema": "studioflow.form/1",
                "id": "other",
                "policy": "yongjia-2023",
                "label": {"zh": "通知", "en": "notice"},
                "sheet": True,
                "blocks": [{"text": "通知"}],
            }
        )
        write_paper(empty_form(other, reference()), path)

        assert "not_this_form" in [code for code, _ in self.refused(path)]

    def test_each_cell(self, tmp_path: Path) -> None:
        """Two cells that can not be read are told both, each with its place."""
        import docx

        form, policy, studio = forms()[FORMS[0]], reference(), sample().studios["s01"]
        path = tmp_path / "form.docx"
        write_paper(fill_form(form, policy, studio), path)
        document = docx.Document(str(path))
        for said in texts(document):
            if said.text in {"1995年8月", "1998年7月"}:
                said.text = "九十年代"
        document.save(str(path))

        assert [
            ("wrong_type", "table 2, row 2, cell 2"),
            ("wrong_type", "table 2, row 2, cell 4"),
        ] == self.refused(path)

    def test_person_without_id(self, tmp_path: Path) -> None:
        """Somebody whose id stands nowhere is asked for, and found in a list of people."""
        import docx

        form, policy, studio = forms()[FORMS[0]], reference(), sample().studios["s01"]
        path = tmp_path / "form.docx"
        write_paper(fill_form(form, policy, studio), path)
        document = docx.Document(str(path))
        for said in texts(document):
            said.text = (said.text or "").replace("领衔人编号：lead-a", "领衔人编号：")
        document.save(str(path))

        assert [("person_without_id", "table 2, row 1, cell 4")] == self.refused(path)
        taken = read_filled(path, form, policy, people={"领衔人甲": "lead-a"})
        assert "lead-a" == taken.records["application_form"][0]["lead"]["id"]
