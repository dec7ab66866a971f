"""A bar that shows how far a long piece of work is."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from studioflow.cli.layout import visible
from studioflow.cli.output import Output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Bar"]

_LONG = 1 << 23
"""Whoever has a file of so many bytes read has to wait, and may wonder."""


class Bar:
    """A bar on stderr while a block runs, where somebody sits before a terminal and waits.

    Anywhere else, and for a short file, it does nothing.
    """

    def __init__(self, output: Output, source: Path | None = None) -> None:
        """Prepare a bar.

        Args:
            output: of the command.
            source: the file that is read; None where the work is long whatever is read.
        """
        long = source is None or _size(source) >= _LONG
        self._wanted = long and not output.as_json and sys.stderr.isatty()
        self._stack = ExitStack()
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        """Show the bar, if it is to be shown."""
        if self._wanted:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}", markup=False), BarColumn())
            self._progress = self._stack.enter_context(
                Progress(
                    *columns,
                    TimeElapsedColumn(),
                    console=Console(stderr=True),
                    transient=True,
                )
            )
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._stack.close()

    def stage(self, words: str, rows: int | None = None) -> None:
        """Start a piece of the work, of so many rows if that is known."""
        if self._progress is not None:
            if self._task is not None:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(visible(words), total=rows)

    def done(self, rows: int) -> None:
        """Say how many rows are done by now."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=rows)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
