"""A document as data, and the writers that make a file of it."""

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
)
from studioflow.documents.paper.writing import paper_bytes, write_paper

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
    "paper_bytes",
    "texts",
    "write_paper",
]
