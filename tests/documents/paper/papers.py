"""Papers to write: one with everything in it, and any that could be."""

from __future__ import annotations

from hypothesis import strategies as st

from studioflow.documents.paper import (
    Cell,
    Heading,
    Listing,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Table,
)

MARKUP = (
    "A & B <b>",
    "<script>alert(1)</script>",
    "#panic()",
    "$x$ *b* _i_ `c` @ref <label>",
    "{{ 7 * 7 }} {% raw %}",
    "https://example.org//a -- 'q' \"q\"",
    "]]> &amp; &#20013;",
    "\\u{1F600} \\ \\\\",
    '=HYPERLINK("x")',
)
"""What some format or other reads as more than text."""

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    '<rect id="r" width="40" height="20" fill="#9a1b1e"/></svg>'
)


def full(*texts: str) -> Paper:
    """Return a paper with every kind of block, which says some texts in each place."""
    said = texts or ("工作室", "studio")
    cells = tuple((Cell(text, head=True), Cell(text)) for text in said)
    return Paper(
        title=f"{said[0]} 1",
        language="zh",
        footer=said[-1],
        blocks=(
            Paragraph(said[0], style="title"),
            Heading(said[0], 1, "first"),
            *(Paragraph(text) for text in said),
            Listing((*said, Listing(said, ordered=True))),
            Table(
                rows=((Cell("甲", head=True), Cell("乙", head=True)), *cells),
                widths=(1, 2),
                caption=said[0],
                head_rows=1,
                shown_caption=True,
            ),
            Picture(svg=SVG, alt=said[0], caption=said[0], width=0.5),
            PageBreak(),
            Heading(said[-1], 2, "second"),
            Paragraph("见上", link="first"),
            Paragraph("年　月　日", style="note", align="right"),
        ),
    )


_texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" 　\n"),
    max_size=20,
).map(lambda text: "\n".join(line.strip() for line in text.split("\n")).strip())


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return a table whose cells reach across and down as they like."""
    columns, rows = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    taken: set[tuple[int, int]] = set()
    made: list[tuple[Cell, ...]] = []
    for row in range(rows):
        cells: list[Cell] = []
        for column in range(columns):
            if (row, column) in taken:
                continue
            across, down = 1, draw(st.integers(1, rows - row))
            while column + across < columns and (row, column + across) not in taken:
                if not draw(st.booleans()):
                    break
                across += 1
            taken |= {
                (r, c) for r in range(row, row + down) for c in range(column, column + across)
            }
            cells.append(Cell(draw(_texts), head=draw(st.booleans()), across=across, down=down))
        made.append(tuple(cells))
    widths = tuple(draw(st.sampled_from((1.0, 2.0, 3.5))) for _ in range(columns))
    return Table(rows=tuple(made), widths=widths, caption="t")


def papers() -> st.SearchStrategy[Paper]:
    """Return papers of paragraphs and tables."""
    blocks = st.one_of(_texts.map(lambda text: Paragraph(f"段落 {text}")), tables())
    return st.lists(blocks, min_size=1, max_size=3).map(
        lambda found: Paper(title="t", blocks=tuple(found))
    )


def cell_texts(paper: Paper) -> list[list[str]]:
    """Return what the rows of its tables say, those with nothing in them left out."""
    rows = [
        [cell.text for cell in row]
        for block in paper.blocks
        if isinstance(block, Table)
        for row in block.rows
    ]
    return [row for row in rows if any(row)]
