"""The bar that shows how far a long piece of work is."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studioflow.cli import progress
from studioflow.cli.output import Output
from studioflow.cli.progress import Bar

COHORT = Path("examples/cohort.csv")
MARKUP = "[red]x[/red] <b>y</b> :smile:"


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        """Claim it."""
        return True


class TestBar:
    """The bar is for who waits before a terminal."""

    @pytest.fixture
    def shown(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
        """What a bar over the example writes to stderr."""

        def drawn(stream: io.StringIO, *, long: int = 1, as_json: bool = False) -> str:
            monkeypatch.setattr(sys, "stderr", stream)
            monkeypatch.setattr(progress, "_LONG", long)
            monkeypatch.setenv("TERM", "xterm")
            with Bar(Output("en", as_json=as_json), COHORT) as bar:
                bar.stage("checking")
                bar.stage(f"writing {MARKUP}", 10)
                bar.done(10)
            return stream.getvalue()

        return drawn

    def test_terminal(self, shown: Callable[..., str]) -> None:
        """There it shows what is being done, to the letter."""
        assert f"writing {MARKUP}" in shown(Terminal())

    def test_elsewhere(self, shown: Callable[..., str]) -> None:
        """In a file, for a short table and beside JSON there is none."""
        assert "" == shown(io.StringIO())
        assert "" == shown(Terminal(), long=1 << 30)
        assert "" == shown(Terminal(), as_json=True)
