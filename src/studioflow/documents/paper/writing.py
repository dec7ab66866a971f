"""A paper as a file: which writer makes it, by the name of the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from studioflow.codec import UNKNOWN_NAME, wrong
from studioflow.documents.paper.model import Paper
from studioflow.text import Text, message

__all__ = ["FORMATS", "paper_bytes", "write_paper"]

PAPER_EXISTS = message(
    "paper_exists",
    zh="尚不存在的文件：不覆盖任何文件",
    en="a file that is not there yet: nothing is written over",
)
PAPER_NOT_WRITABLE = message(
    "paper_not_writable", zh="可写入的位置", en="a place that can be written to"
)
_BY_SUFFIX = Text("文件名的结尾决定格式", "the end of the name says the format")


def _docx(paper: Paper) -> bytes:
    from studioflow.documents.paper.docx import to_docx

    return to_docx(paper)


def _html(paper: Paper) -> bytes:
    from studioflow.documents.paper.html import to_html

    return to_html(paper).encode()


def _pdf(paper: Paper) -> bytes:
    from studioflow.documents.paper.pdf import to_pdf

    return to_pdf(paper)


def _xlsx(paper: Paper) -> bytes:
    from studioflow.documents.paper.xlsx import to_xlsx

    return to_xlsx(paper)


FORMATS: Mapping[str, Callable[[Paper], bytes]] = {
    ".docx": _docx,
    ".html": _html,
    ".pdf": _pdf,
    ".xlsx": _xlsx,
}
"""What makes a file of a paper, by the end of its name."""


def paper_bytes(paper: Paper, suffix: str) -> bytes:
    """Return a paper in the format that the end of a name stands for, such as `.pdf`.

    >>> from studioflow.documents.paper import Paper, Paragraph
    >>> told = Paper(title="Notice", blocks=(Paragraph("Three studios are commended."),))
    >>> paper_bytes(told, ".xlsx")[:2]
    b'PK'

    Raises:
        InputError: for any other suffix.
        MissingExtraError: where the extra `documents` is not installed.
        MissingFontError: where a PDF has characters that no installed font shows.
    """
    if suffix.lower() not in FORMATS:
        raise wrong(UNKNOWN_NAME, suffix, known=FORMATS, hint=_BY_SUFFIX)
    return FORMATS[suffix.lower()](paper)


def write_paper(paper: Paper, path: Path) -> None:
    """Write a paper to a new file, in the format that its name ends in: whole, or not at all.

    Raises:
        InputError: for a name that ends in no format, a file that is there already, and a place
            that can not be written to.
        MissingExtraError: where the extra `documents` is not installed.
        MissingFontError: where a PDF has characters that no installed font shows.
    """
    if path.exists():
        raise wrong(PAPER_EXISTS, path.name)
    data = paper_bytes(paper, path.suffix)
    opened = False
    try:
        with path.open("xb") as file:
            opened = True
            file.write(data)
    except FileExistsError as error:
        raise wrong(PAPER_EXISTS, path.name) from error
    except OSError as error:
        if opened:  # half of it
            with suppress(OSError):
                path.unlink()
        raise wrong(PAPER_NOT_WRITABLE, f"{path}: {error.strerror}") from error
