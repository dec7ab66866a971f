"""Papers that commands write: where to, and in which format."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from studioflow.cli.output import Output
from studioflow.cli.parts import option
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.text import Text

if TYPE_CHECKING:
    from studioflow.documents.paper import Paper

__all__ = ["new_folder", "out_option", "paper_path", "put", "written"]

out_option = option(
    "-o",
    "--out",
    required=True,
    metavar="FILE",
    about=Text(
        "写入的新文件；结尾 .docx、.xlsx、.pdf 或 .html 决定格式",
        "the new file to write; its end .docx, .xlsx, .pdf or .html says the format",
    ),
)
_WROTE = Text("已写入 {file}", "wrote {file}")


def paper_path(out: str) -> Path:
    """Return the path of a file to write, before anybody waits for what is to stand in it.

    Raises:
        InputError: for a name that ends in no format, and a file that is there already.
    """
    from studioflow.documents.paper.writing import FORMATS, PAPER_EXISTS

    path = Path(out)
    collector = Collector()
    with collector.under("--out"):
        if path.suffix.lower() not in FORMATS:
            raise wrong(UNKNOWN_NAME, path.suffix or out, known=FORMATS)
        if path.exists():
            raise wrong(PAPER_EXISTS, out)
    collector.finish()
    return path


def put(paper: Paper, path: Path, output: Output) -> None:
    """Write a paper, and say so.

    Raises:
        InputError: as `write_paper` does.
    """
    from studioflow.documents.paper import write_paper

    collector = Collector()
    with collector.under("--out"):
        write_paper(paper, path)
    collector.finish()
    written(output, path)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give a folder to write into, which gets its name once everything is in it.

    Raises:
        InputError: where there is something of that name, and where it can not be written.
    """
    from studioflow.documents.paper.writing import PAPER_EXISTS, PAPER_NOT_WRITABLE

    collector = Collector()
    with collector.under("--out"):
        if path.exists():
            raise wrong(PAPER_EXISTS, str(path))
    collector.finish()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".studioflow-", dir=path.parent) as made:
            folder = Path(made, "new")
            folder.mkdir()
            yield folder
            folder.rename(path)
    except OSError as error:
        raise wrong(PAPER_NOT_WRITABLE, f"{path}: {error.strerror}") from error


def written(output: Output, path: Path) -> None:
    """Say which file was written."""
    if output.as_json:
        output.json({"schema": "studioflow.written/1", "file": str(path)})
    else:
        output.line(output.say(_WROTE).replace("{file}", str(path)))
