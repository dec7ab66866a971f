"""PDFs: tagged, on A4, to the letter, and never with boxes in place of characters."""

from __future__ import annotations

import io
from pathlib import Path
from unicodedata import normalize

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from studioflow.documents.paper import Cell, Paper, Paragraph, Table, write_paper
from studioflow.documents.paper import pdf as pdf_writer
from studioflow.documents.paper.fonts import chosen, installed
from studioflow.documents.paper.pdf import to_pdf, to_png
from studioflow.errors import MissingFontError
from tests.documents.paper.papers import MARKUP, full

RARE = "䶮㛃𬭎"


def read(data: bytes) -> PdfReader:
    """Return a PDF as pypdf reads it."""
    return PdfReader(io.BytesIO(data))


def said(data: bytes) -> str:
    """Return what a PDF says, without white space."""
    text = "".join(page.extract_text() for page in read(data).pages)
    return "".join(normalize("NFKC", text).split())


def tags(reader: PdfReader) -> set[str]:
    """Return the kinds of elements in the structure of a PDF."""
    found: set[str] = set()
    seen: set[int] = set()
    left: list[object] = [reader.trailer["/Root"]["/StructTreeRoot"]]  # type: ignore[index] # a dictionary
    while left:
        here = left.pop()
        if isinstance(here, IndirectObject):
            if here.idnum in seen:
                continue
            seen.add(here.idnum)
            here = here.get_object()
        if isinstance(here, list):
            left += here
        elif isinstance(here, dict):
            if "/S" in here:
                found.add(str(here["/S"]))
            left.append(here.get("/K", []))
    return found


@pytest.mark.usefixtures("chinese_font")
class TestChinese:
    """Papers in Chinese."""

    def test_accessible(self) -> None:
        """It is PDF/UA-1: tagged, with a title, a language, headings, head cells and figures."""
        reader = read(to_pdf(full("标题")))
        root = reader.trailer["/Root"]

        assert root["/MarkInfo"]["/Marked"]  # type: ignore[index] # a dictionary
        assert "zh-CN" == str(root["/Lang"])  # type: ignore[index] # as above
        assert b"pdfuaid" in root["/Metadata"].get_data()  # type: ignore[index] # as above
        assert reader.metadata is not None
        assert "标题 1" == reader.metadata.title
        assert {"/H1", "/H2", "/P", "/L", "/Table", "/TH", "/TD", "/Figure"} <= tags(reader)

    def test_page(self) -> None:
        """It is A4, upright or on its side."""
        upright, lying = (
            read(to_pdf(Paper(title="纸", blocks=(Paragraph("纸"),), landscape=on))).pages[0]
            for on in (False, True)
        )

        assert (595, 842) == tuple(round(side) for side in upright.mediabox[2:])
        assert (842, 595) == tuple(round(side) for side in lying.mediabox[2:])

    def test_same_bytes(self) -> None:
        """The same paper gives the same bytes."""
        assert to_pdf(full("标题")) == to_pdf(full("标题"))

    def test_fault_25_markup_in_names_pdf(self) -> None:
        """Fault 25: what looks like markup stands on the page to the letter."""
        told = said(to_pdf(full(*MARKUP)))
        for text in MARKUP:
            assert "".join(normalize("NFKC", text).split()) in told

    def test_rare_characters(self) -> None:
        """Rare characters of names are printed."""
        assert RARE in said(to_pdf(Paper(title="名", blocks=(Paragraph(RARE),), language="zh")))

    def test_long_tables(self) -> None:
        """The head of a table stands on each of its pages."""
        rows = tuple((Cell(str(number)), Cell("内容")) for number in range(200))
        table = Table(
            rows=((Cell("序号", head=True), Cell("名称", head=True)), *rows),
            widths=(1, 3),
            caption="表",
            head_rows=1,
        )
        pages = read(to_pdf(Paper(title="表", blocks=(table,), language="zh"))).pages

        assert len(pages) > 3
        assert all("序号" in page.extract_text() for page in pages)

    def test_pictures(self) -> None:
        """Each page is a picture, too."""
        pictures = to_png(full("标题"))

        assert 2 == len(pictures)
        assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_fault_27_no_chinese_font(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Fault 27: without a Chinese font there is a sentence with the command, and no file."""

    class Latin:
        def families(self) -> list[str]:
            return ["Libertinus Serif", "DejaVu Sans Mono"]

    monkeypatch.setattr(pdf_writer, "installed", Latin)
    path = tmp_path / "paper.pdf"
    with pytest.raises(MissingFontError) as caught:
        write_paper(Paper(title="t", blocks=(Paragraph("名 甲乙"),), language="zh"), path)

    assert "apt-get install fonts-noto-cjk" in caught.value.explain("zh")
    assert "“名甲乙”" in caught.value.explain("zh")
    assert not path.exists()


def test_fault_27_a_character_that_no_font_has(tmp_path: Path) -> None:
    """Fault 27: a character that is in no font is told, and no page has a box in its place."""
    path = tmp_path / "paper.pdf"
    with pytest.raises(MissingFontError) as caught:
        write_paper(Paper(title="t", blocks=(Paragraph("a \U00012345 b"),)), path)

    assert "\U00012345" == caught.value.sample
    assert not path.exists()


def test_english_needs_no_chinese_font() -> None:
    """Who prints English alone needs no further font: one comes with the compiler."""
    fonts = chosen(["Libertinus Serif"], ["Studio One", "90 %"])

    assert ("Libertinus Serif",) == fonts.serif


def test_fonts_are_looked_for_once() -> None:
    """Looking for fonts takes longer than setting a page, so it is done once."""
    assert installed() is installed()
