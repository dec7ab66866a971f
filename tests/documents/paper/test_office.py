"""Word and Excel files: written, opened by LibreOffice, and read back."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from unicodedata import normalize

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from pypdf import PdfReader

from studioflow.documents.paper import Cell, Paper, Paragraph, Table, paper_bytes
from studioflow.documents.paper.docx import to_docx
from studioflow.documents.paper.reading import read_rows
from studioflow.documents.paper.xlsx import to_xlsx
from studioflow.errors import InputError
from tests.documents.paper.papers import MARKUP, cell_texts, full, papers

Open = Callable[[Path], Path]

FORMULAS = ('=HYPERLINK("http://x","y")', "+1+1", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1")
SUFFIXES = (".docx", ".xlsx")


def squeezed(text: str) -> str:
    """Return a text without white space, which lines of a page break where they like."""
    return "".join(normalize("NFC", text).split())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_bytes(suffix: str) -> None:
    """The same paper gives the same bytes."""
    assert paper_bytes(full(), suffix) == paper_bytes(full(), suffix)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(paper=papers())
def test_read_back(tmp_path_factory: pytest.TempPathFactory, suffix: str, paper: Paper) -> None:
    """Every cell is read back where it stood, whatever it says and however far it reaches."""
    path = tmp_path_factory.mktemp("papers") / f"p{suffix}"
    path.write_bytes(paper_bytes(paper, suffix))
    rows = [[cell.text for cell in row] for row in read_rows(path)]
    wanted = [[normalize("NFC", text) for text in row] for row in cell_texts(paper)]

    assert wanted == [row for row in rows if row in wanted][: len(wanted)]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_opened(tmp_path: Path, open_in_office: Open, suffix: str) -> None:
    """LibreOffice opens the file, and prints everything that it says on A4."""
    path = tmp_path / f"paper{suffix}"
    path.write_bytes(paper_bytes(full("样例工作室一", "领衔人甲"), suffix))
    printed = PdfReader(open_in_office(path))
    said = squeezed("".join(page.extract_text() for page in printed.pages))

    assert (595, 842) == tuple(round(side) for side in printed.pages[0].mediabox[2:])
    for text in ("样例工作室一", "领衔人甲", "甲", "乙"):
        assert text in said


def test_word_is_accessible() -> None:
    """Headings are headings, head rows are repeated, pictures and tables say what they are."""
    document = docx.Document(io.BytesIO(to_docx(full("标题"))))
    xml = document.element.body.xml

    assert ["Heading 1", "Heading 2"] == [
        p.style.name for p in document.paragraphs if p.style and p.style.name.startswith("Heading")
    ]
    assert "w:tblHeader" in xml
    assert 'w:tblCaption w:val="标题"' in xml
    assert 'descr="标题"' in xml
    assert 'w:anchor="first"' in xml
    assert ("标题 1", "zh-CN") == (
        document.core_properties.title,
        document.core_properties.language,
    )


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_fault_25_markup_in_names(tmp_path: Path, suffix: str) -> None:
    """Fault 25: what looks like markup stands in Word and Excel files to the letter."""
    path = tmp_path / f"paper{suffix}"
    path.write_bytes(paper_bytes(full(*MARKUP), suffix))
    said = {cell.text for row in read_rows(path) for cell in row}

    assert set(MARKUP) <= said


def test_fault_23_formulas(tmp_path: Path, open_in_office: Open) -> None:
    """Fault 23: what looks like a formula is text in Excel, and LibreOffice shows it as it is."""
    path = tmp_path / "formulas.xlsx"
    rows = tuple((Cell(text),) for text in FORMULAS)
    paper = Paper(
        title="=1+1",
        blocks=(Paragraph("=2+2"), Table(rows=rows, widths=(1,), caption="=3+3")),
    )
    path.write_bytes(to_xlsx(paper))
    book = openpyxl.load_workbook(path)

    kinds = {c.data_type for row in book.worksheets[0].iter_rows() for c in row if c.value}
    assert {"s"} == kinds
    assert not any("<f>" in part for part in _parts(path))
    said = squeezed("".join(p.extract_text() for p in PdfReader(open_in_office(path)).pages))
    assert squeezed(FORMULAS[0]) in said
    assert "=2+2" in said


def _parts(path: Path) -> list[str]:
    import zipfile

    with zipfile.ZipFile(path) as package:
        return [package.read(name).decode(errors="replace") for name in package.namelist()]


def test_too_long_for_excel() -> None:
    """A text that no cell of Excel holds is told with its place, and nothing is written."""
    paper = Paper(title="t", blocks=(Paragraph("a"), Paragraph("长" * 32_768)))
    with pytest.raises(InputError) as caught:
        to_xlsx(paper)

    assert [("cell_too_long", "blocks/1")] == [(p.code, p.path) for p in caught.value.problems]


def test_rows_that_do_not_fill_the_table() -> None:
    """A table whose rows are of different widths is refused by every writer."""
    rows = ((Cell("a"), Cell("b")), (Cell("c"),))
    paper = Paper(title="t", blocks=(Table(rows=rows, widths=(1, 1), caption="t"),))
    for suffix in (".docx", ".xlsx", ".pdf"):
        with pytest.raises(InputError) as caught:
            paper_bytes(paper, suffix)
        assert "table_row_width" == caught.value.problems[0].code
