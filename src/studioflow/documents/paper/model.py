"""A document as data: what it says and how it is laid out, in one language, for every writer.

Text is plain text everywhere; no writer reads markup in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias
from unicodedata import category

from attrs import field, frozen

from studioflow.text import Language

__all__ = [
    "Block",
    "Cell",
    "Heading",
    "Listing",
    "PageBreak",
    "Paper",
    "Paragraph",
    "Picture",
    "Table",
    "texts",
    "within",
]

Align: TypeAlias = Literal["left", "center", "right"]
Style: TypeAlias = Literal["body", "title", "note", "strong"]

_UNSEEN = {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def _printable(text: str) -> str:
    """Return the text with escapes in place of what no file format can hold."""
    if text.isprintable():
        return text
    return "".join(c if c == "\n" or category(c) not in _UNSEEN else repr(c)[1:-1] for c in text)


def _printable_items(items: Iterable[str | Listing]) -> tuple[str | Listing, ...]:
    return tuple(_printable(item) if isinstance(item, str) else item for item in items)


@frozen
class Heading:
    """A heading; levels begin with 1, which stands below the title of the paper.

    Attributes:
        anchor: a name to link to; headings without one are not in the contents.
    """

    text: str = field(converter=_printable)
    level: int = 1
    anchor: str | None = None


@frozen
class Paragraph:
    """A paragraph; lines divided by a line feed stay lines.

    Attributes:
        style: `title` is large and centred, `note` small, `strong` bold.
        link: the anchor of a heading that it leads to; see `Cell.link`.
    """

    text: str = field(converter=_printable)
    style: Style = "body"
    align: Align = "left"
    link: str | None = None


@frozen
class Listing:
    """A list; an item may have a list of its own under it."""

    items: tuple[str | Listing, ...] = field(converter=_printable_items)
    ordered: bool = False


@frozen
class Cell:
    """A cell of a table.

    Attributes:
        head: whether it names the cells beside it or below it.
        across, down: how many columns and rows it covers; those cells are left out of the rows.
        height: at least, in millimetres: room to write, for a seal, for a signature.
        link: the anchor of a heading that it leads to; or a file beside it, as `./name`, which
            HTML alone can lead to.
    """

    text: str = field(default="", converter=_printable)
    head: bool = False
    across: int = 1
    down: int = 1
    align: Align = "left"
    height: float | None = None
    link: str | None = None


def within(link: str | None) -> str | None:
    """Return a link that leads to a place in the paper itself."""
    return None if link is None or link.startswith("./") else link


@frozen(kw_only=True)
class Table:
    """A table.

    Attributes:
        rows: each with the cells that begin in it.
        widths: of the columns, in proportion to each other.
        caption: what it is a table of.
        head_rows: how many rows at the top are its head, which is repeated on each page.
        shown_caption: whether the caption is printed; without, only assistive technology says it.
    """

    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    caption: str = field(converter=_printable)
    head_rows: int = 0
    shown_caption: bool = False


@frozen(kw_only=True)
class Picture:
    """A picture.

    Attributes:
        svg: the picture itself.
        alt: what it shows, for who does not see it.
        caption: printed below it.
        width: how much of the line it takes, from 0 to 1.
    """

    svg: str
    alt: str = field(converter=_printable)
    caption: str = field(default="", converter=_printable)
    width: float = 1.0


@frozen
class PageBreak:
    """What follows begins on a new page."""


Block: TypeAlias = Heading | Paragraph | Listing | Table | Picture | PageBreak


@frozen(kw_only=True)
class Paper:
    """A document in one language, on A4.

    Attributes:
        title: of the file; it is printed where a paragraph of style `title` says it.
        blocks: from top to bottom.
        landscape: whether the long side lies below.
        footer: at the foot of each page, beside its number.

    >>> Paper(title="Notice", blocks=(Paragraph("Three studios are commended."),)).language
    'en'
    """

    title: str = field(converter=_printable)
    blocks: tuple[Block, ...]
    language: Language = "en"
    landscape: bool = False
    footer: str = field(default="", converter=_printable)


def texts(block: Block) -> Iterator[str]:
    """Yield everything that a block says in words.

    >>> list(texts(Listing(("a", Listing(("b",))))))
    ['a', 'b']
    """
    match block:
        case Heading() | Paragraph():
            yield block.text
        case Listing():
            for item in block.items:
                yield from [item] if isinstance(item, str) else texts(item)
        case Table():
            yield block.caption
            yield from (cell.text for row in block.rows for cell in row)
        case Picture():
            yield from (block.alt, block.caption)
