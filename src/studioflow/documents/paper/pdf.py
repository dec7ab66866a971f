"""A paper as a tagged PDF (PDF/UA-1), set by Typst, whose compiler comes from PyPI."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from studioflow.documents.paper.fonts import OTHER_SCRIPTS, chosen, installed
from studioflow.documents.paper.grid import laid_out
from studioflow.documents.paper.model import (
    Block,
    Cell,
    Heading,
    Listing,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Table,
    texts,
    within,
)
from studioflow.documents.paper.picture_size import printed_width
from studioflow.errors import MissingExtraError, MissingFontError

__all__ = ["to_pdf", "to_png"]

_TEMPLATE = Path(__file__).with_name("paper.typ")
_MADE = datetime(2000, 1, 1, tzinfo=UTC)
"""When every file was made, so that the same paper gives the same bytes."""
_MUCH = 1200
_LONG = 400
_LINE = 4.5
"""About the height of a line, in millimetres."""
_LINE_WIDTH = 166
_NO_GLYPH = re.compile(r"""text `?"?([^`"]+)"?`? (?:could not be|cannot be|can not be)""")
_KINDS: dict[type, str] = {
    Heading: "heading",
    Paragraph: "paragraph",
    Listing: "listing",
    Table: "table",
    Picture: "picture",
    PageBreak: "break",
}


def to_pdf(paper: Paper) -> bytes:
    """Return a paper as a PDF that assistive technology can read (PDF/UA-1).

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
        MissingFontError: where it has characters that no installed font shows.
    """
    made = _compiled(paper, format="pdf", pdf_standards=["ua-1"], timestamp=_MADE)
    return bytes(made)


def to_png(paper: Paper, pixels_per_inch: float = 96) -> list[bytes]:
    """Return each page of a paper as a picture.

    Raises:
        MissingExtraError, MissingFontError: as `to_pdf` does.
    """
    made = _compiled(paper, format="png", ppi=pixels_per_inch)
    return [bytes(page) for page in (made if isinstance(made, list) else [made])]


def _compiled(paper: Paper, **options: Any) -> Any:  # noqa: ANN401 - what typst takes and gives
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("documents") from error
    fonts = chosen(installed().families(), _texts(paper))
    inputs = {
        "paper": json.dumps(_document(paper), ensure_ascii=False),
        "fonts": json.dumps(attrs.asdict(fonts), ensure_ascii=False),
    }
    try:
        return typst.compile(
            _TEMPLATE.read_bytes(), font_paths=installed(), sys_inputs=inputs, **options
        )
    except typst.TypstError as error:
        found = _NO_GLYPH.search(str(error))
        if found is None:
            raise
        raise MissingFontError(found[1], OTHER_SCRIPTS) from error


def _texts(paper: Paper) -> Iterator[str]:
    """Yield what needs a font, the words in pictures among it."""
    yield paper.title
    yield paper.footer
    for block in paper.blocks:
        yield from texts(block)
        if isinstance(block, Picture):
            yield block.svg


def _document(paper: Paper) -> dict[str, object]:
    chinese = paper.language == "zh"
    return {
        "title": paper.title,
        "lang": paper.language,
        "region": "cn" if chinese else "us",
        "landscape": paper.landscape,
        "footer": paper.footer,
        "blocks": [_block(block) for block in paper.blocks],
    }


def _block(block: Block) -> dict[str, object]:
    made: dict[str, object] = {"kind": _KINDS[type(block)]}
    match block:
        case Table():
            length = sum(len(cell.text) for row in block.rows for cell in row)
            laid_out(block)  # refuses rows that do not fill the columns, by their texts
            return made | {
                "caption": block.caption,
                "shown_caption": block.shown_caption,
                "head_rows": block.head_rows,
                "small": length > _MUCH,
                "widths": [float(width) for width in block.widths],
                "rows": [[_cell(cell) for cell in row] for row in block.rows],
            }
        case Listing():
            return made | _listing(block)
        case Picture():
            return made | attrs.asdict(block) | {"millimetres": printed_width(block, _LINE_WIDTH)}
        case Paragraph():
            return made | attrs.asdict(block) | {"link": within(block.link)}
        case _:
            return made | attrs.asdict(block)


def _cell(cell: Cell) -> dict[str, object]:
    lines = cell.text.count("\n") + 1
    room = 0.0 if cell.height is None else max(0.0, cell.height - lines * _LINE - 2)
    return attrs.asdict(cell) | {
        "link": within(cell.link),
        "room": room,
        "long": len(cell.text) > _LONG,
    }


def _listing(listing: Listing) -> dict[str, object]:
    items = [item if isinstance(item, str) else _listing(item) for item in listing.items]
    return {"items": items, "ordered": listing.ordered}
