"""Where output goes: one document or tables on stdout, messages on stderr, on any terminal."""

from __future__ import annotations

import codecs
import contextlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

from attrs import frozen

from studioflow.cli.layout import visible, width
from studioflow.text import Language, Text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = ["Output", "foreign_code"]

MAX_COLUMNS = 120
"""Longer lines are hard to read, however wide the terminal is."""

_PLAIN = str.maketrans("✓✗–—…·×→≥≤“”‘’│─━┃•№", "+x--~*x>><\"\"''|--|*#")
_CODES = {"red": "31", "green": "32", "yellow": "33", "bold": "1", "dim": "2"}


def _instead(error: UnicodeError) -> tuple[str, int]:
    """Replace what a terminal can't show by something just as wide, so that columns stay."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end].translate(_PLAIN)
    shown = "".join(c if c.isascii() else "?" * width(c) for c in missing)
    return shown, error.end


codecs.register_error("studioflow", _instead)


def foreign_code() -> contextlib.AbstractContextManager[object]:
    """Run plugins in a block: what they print goes to stderr, since stdout is the document's."""
    return contextlib.redirect_stdout(sys.stderr)


@frozen
class Output:
    """What a command writes to.

    Attributes:
        language: of texts.
        as_json: exactly one JSON document goes to stdout.
    """

    language: Language
    as_json: bool = False

    def __attrs_post_init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="studioflow")

    def say(self, text: Text) -> str:
        """Return the words in the language."""
        return text.get(self.language)

    def document(self, text: str) -> None:
        """Write a document: TOML, Mermaid or JSON.

        In a file or a pipe it is UTF-8, whatever the locale, since that is what reads it again.
        """
        if sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
            sys.stdout.write(text)
        else:
            sys.stdout.flush()
            # What stands for a file name's undecodable bytes becomes an escape that JSON knows.
            sys.stdout.buffer.write(text.encode(errors="backslashreplace"))
        sys.stdout.flush()

    def json(self, value: Mapping[str, object]) -> None:
        """Write the one JSON document; other encodings than UTF-8 get it in ASCII."""
        encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
        text = json.dumps(value, ensure_ascii=encoding != "utf8", indent=2)
        self.document(f"{text}\n")

    def note(self, text: str = "") -> None:
        """Write a message to stderr."""
        sys.stderr.write(f"{text}\n")

    def line(self, text: str = "") -> None:
        """Write a line to stdout."""
        sys.stdout.write(f"{text}\n")

    def columns(self) -> int:
        """Return how many columns there are to fill."""
        return min(shutil.get_terminal_size((80, 24)).columns, MAX_COLUMNS)

    def console(self) -> Console:
        """Return a rich console for stdout; it reads no markup in what it prints."""
        from rich.console import Console

        console = Console(markup=False, emoji=False, highlight=False)
        if console.legacy_windows:  # colours there are not text, and `show` handles text
            console = Console(markup=False, emoji=False, highlight=False, color_system=None)
        console.width = min(console.width, MAX_COLUMNS)
        return console

    def show(self, *parts: RenderableType) -> None:
        """Print parts one below the other, without spaces at the ends of lines."""
        console = self.console()
        with console.capture() as capture:
            for part in parts:
                console.print(part)
        sys.stdout.write(re.sub(r" +\n", "\n", capture.get()))


def styled(text: str, style: str, stream: TextIO) -> str:
    """Return a text in a colour, where the stream shows colours."""
    wanted = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    text = visible(text)
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if wanted and style else text
