"""A paper as a Word file, to work on."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from studioflow.documents.paper.docx_tables import table_element
from studioflow.documents.paper.docx_text import element, run_elements
from studioflow.documents.paper.model import (
    Block,
    Heading,
    Listing,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Table,
    within,
)
from studioflow.documents.paper.picture_size import printed_width
from studioflow.documents.paper.rasters import svg_to_png
from studioflow.errors import MissingExtraError

if TYPE_CHECKING:
    from docx.document import Document

__all__ = ["to_docx"]

_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When every file was made, so that the same paper gives the same bytes."""
_A4 = (210, 297)
_MARGINS = {"top": 25, "bottom": 22, "left": 22, "right": 22}
_TEXT_WIDTH = _A4[0] - 44
_LONG_TEXT_WIDTH = _A4[1] - 44
_FONTS = {"zh": ("宋体", "黑体"), "en": ("宋体", "黑体")}
_LATIN = "Times New Roman"
_STYLES = {"title": "Title", "body": "Normal", "note": "Note", "strong": "Strong Line"}
_DEEPEST_HEADING = 4
_DEEPEST_LIST = 3


def to_docx(paper: Paper) -> bytes:
    """Return a paper as a Word file; the same paper gives the same bytes.

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
    """
    try:
        import docx
    except ImportError as error:
        raise MissingExtraError("documents") from error
    document = docx.Document()
    _set_up(document, paper)
    body = document.element.body
    end = body.sectPr
    writer = _Writer(document, paper)
    for block in paper.blocks:
        for made in writer.block(block):
            end.addprevious(made)
    written = io.BytesIO()
    document.save(written)
    return _repacked(written.getvalue())


def _set_up(document: Document, paper: Paper) -> None:
    """Set page, styles, properties and footer."""
    from docx.enum.section import WD_ORIENT
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Mm, Pt, RGBColor

    section = document.sections[0]
    width, height = _A4[::-1] if paper.landscape else _A4
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    for side, size in _MARGINS.items():
        setattr(section, f"{side}_margin", Mm(size))
    styles = document.styles
    for name in ("Note", "Strong Line"):
        styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    sizes = {"Normal": 11, "Title": 18, "Note": 9, "Strong Line": 11, "Caption": 10}
    sizes |= {f"Heading {level}": 17 - level for level in range(1, _DEEPEST_HEADING + 1)}
    body, bold = _FONTS[paper.language]
    for name, size in sizes.items():
        style: Any = styles[name]
        style.font.size, style.font.name = Pt(size), _LATIN
        style.font.color.rgb = RGBColor(0, 0, 0)
        heavy = name in {"Title", "Strong Line", "Caption"} or name.startswith("Heading")
        style.font.bold, style.font.italic = heavy, False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):  # fonts of a theme would win over ours
            if "heme" in key:
                del fonts.attrib[key]
        fonts.set(_w("eastAsia"), bold if heavy and name != "Strong Line" else body)
        style.paragraph_format.space_after = Pt(4)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for border in styles["Title"].element.iter(_w("pBdr")):
        border.getparent().remove(border)
    for language in styles.element.iter(_w("lang")):
        language.set(_w("val"), "en-US")
        language.set(_w("eastAsia"), "zh-CN")
    properties = document.core_properties
    properties.title, properties.author = paper.title, "studioflow"
    properties.language = "zh-CN" if paper.language == "zh" else "en-US"
    properties.comments = ""
    properties.created = properties.modified = _MADE.replace(tzinfo=None)
    line = section.footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for made in run_elements(f"{paper.footer}　" if paper.footer else ""):
        line._p.append(made)  # noqa: SLF001 - what python-docx has no word for
    field = element("fldSimple", instr="PAGE")
    field.extend(run_elements("1"))
    line._p.append(field)  # noqa: SLF001 - as above


def _w(name: str) -> str:
    return f"{{http://schemas.openxmlformats.org/wordprocessingml/2006/main}}{name}"


class _Writer:
    def __init__(self, document: Document, paper: Paper) -> None:
        self.document, self.paper = document, paper
        self.bookmarks = 0

    def block(self, block: Block) -> Iterator[Any]:
        match block:
            case Heading():
                yield self.heading(block)
            case Paragraph():
                style = self.style(_STYLES[block.style])
                align = "center" if block.style == "title" else block.align
                yield self.paragraph(block.text, style, align=align, link=within(block.link))
            case Listing():
                yield from self.items(block)
            case Table():
                yield from self.table(block)
            case Picture():
                yield from self.picture(block)
            case PageBreak():
                yield element("p", element("r", element("br", type="page")))

    def style(self, name: str) -> str:
        return str(self.document.styles[name].style_id)

    def paragraph(
        self, text: str, style: str, *, align: str = "left", link: str | None = None, **more: str
    ) -> Any:  # noqa: ANN401 - an element
        about = element("pPr", element("pStyle", val=style))
        about.extend(element(name, val=value) for name, value in more.items())
        if align != "left":
            about.append(element("jc", val=align))
        runs = run_elements(text)
        if link is not None:
            runs = [element("hyperlink", *runs, anchor=link)]
        return element("p", about, *runs)

    def heading(self, block: Heading) -> Any:  # noqa: ANN401 - an element
        level = min(block.level, _DEEPEST_HEADING)
        made = self.paragraph(block.text, self.style(f"Heading {level}"))
        if block.anchor is not None:
            self.bookmarks += 1
            name = {"id": str(self.bookmarks)}
            made.insert(1, element("bookmarkStart", name=block.anchor, **name))
            made.append(element("bookmarkEnd", **name))
        return made

    def items(self, listing: Listing, depth: int = 1) -> Iterator[Any]:
        kind = "List Number" if listing.ordered else "List Bullet"
        name = kind if depth == 1 else f"{kind} {min(depth, _DEEPEST_LIST)}"
        for item in listing.items:
            if isinstance(item, Listing):
                yield from self.items(item, depth + 1)
            else:
                yield self.paragraph(item, self.style(name))

    def table(self, block: Table) -> Iterator[Any]:
        if block.shown_caption:
            yield self.paragraph(block.caption, self.style("Caption"), keepNext="1")
        width = _LONG_TEXT_WIDTH if self.paper.landscape else _TEXT_WIDTH
        yield table_element(block, width)
        yield self.paragraph("", self.style("Note"))  # two tables side by side would become one

    def picture(self, block: Picture) -> Iterator[Any]:
        from docx.shared import Mm

        line = _LONG_TEXT_WIDTH if self.paper.landscape else _TEXT_WIDTH
        width = printed_width(block, line)
        holder = self.document.add_paragraph()
        drawn = holder.add_run().add_picture(io.BytesIO(svg_to_png(block.svg, width)), Mm(width))
        drawn._inline.docPr.set("descr", block.alt)  # noqa: SLF001 - what python-docx has no word for
        yield holder._p  # noqa: SLF001 - it stands at the end, and is moved
        if block.caption:
            yield self.paragraph(block.caption, self.style("Caption"))


def _repacked(data: bytes) -> bytes:
    """Return a package whose parts all have the same day."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as package,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as repacked,
    ):
        for entry in package.infolist():
            same = zipfile.ZipInfo(entry.filename, _MADE.timetuple()[:6])
            same.compress_type = zipfile.ZIP_DEFLATED
            repacked.writestr(same, package.read(entry))
    return written.getvalue()
