"""Output on every sort of terminal."""

import io
import sys
from collections.abc import Callable
from typing import Any

import pytest

from studioflow.cli.layout import width
from studioflow.cli.output import Output, styled

Run = Callable[..., Any]

SCORE = ("score", "examples/studio.toml", "--policy", "yongjia-2023")


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        """Claim it."""
        return True


class TestEncodings:
    """A terminal that can't show a character gets another one, never a traceback."""

    @pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
    @pytest.mark.parametrize("line", [SCORE, ("demo",)])
    def test_tables(self, process: Run, encoding: str, line: tuple[str, ...]) -> None:
        """Tables come out in ASCII terminals and on Windows' code pages."""
        ran = process(*line, encoding=encoding)
        assert 0 == ran.status
        assert "Traceback" not in ran.err

    def test_columns_stay(self, process: Run) -> None:
        """A replacement is as wide as what it stands for."""
        plain = process(*SCORE, "--lang", "zh").out.splitlines()
        ascii_ = process(*SCORE, "--lang", "zh", encoding="ascii").out.splitlines()
        assert [width(line) for line in plain] == [len(line) for line in ascii_]

    def test_symbols(self, process: Run) -> None:
        """Marks have a plain form of their own."""
        out = process(*SCORE, encoding="ascii").out
        assert "+ 5.0.1 leading in thought" in out

    @pytest.mark.parametrize("encoding", ["ascii", "gbk"])
    def test_json(self, process: Run, encoding: str) -> None:
        """JSON loses nothing on any terminal."""
        line = (*SCORE, "--json", "--lang", "zh")
        assert process(*line).json() == process(*line, encoding=encoding).json()

    def test_errors(self, process: Run) -> None:
        """Messages on stderr come out as well."""
        ran = process("socre", "--lang", "zh", encoding="ascii")
        assert (2, "") == (ran.status, ran.out)
        assert "score" in ran.err


class TestColour:
    """Colour for terminals alone."""

    def test_none_in_a_pipe(self, process: Run) -> None:
        """Nothing but text leaves the program where no terminal is."""
        ran = process("demo")
        assert "\x1b" not in ran.out + ran.err

    def test_forced(self, run: Run) -> None:
        """FORCE_COLOR asks for it, NO_COLOR takes the colours away."""
        assert "\x1b[3" in run(*SCORE, FORCE_COLOR="1").out
        assert "\x1b[3" not in run(*SCORE, FORCE_COLOR="1", NO_COLOR="1").out

    def test_messages(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Messages are coloured on a terminal, unless NO_COLOR says otherwise."""
        for name in ("NO_COLOR", "TERM"):
            monkeypatch.delenv(name, raising=False)
        assert "\x1b[31mx\x1b[0m" == styled("x", "red", Terminal())
        assert "x" == styled("x", "red", io.StringIO())
        monkeypatch.setenv("NO_COLOR", "1")
        assert "x" == styled("x", "red", Terminal())


class TestDocuments:
    """A document on a terminal and elsewhere."""

    def test_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """On a terminal it is text."""
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        Output("zh").document("有\n")
        assert "有\n" == terminal.getvalue()

    def test_json_without_an_encoding(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A stream that does not say its encoding gets JSON in ASCII."""
        terminal = Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        Output("zh").json({"a": "有"})
        assert '{\n  "a": "\\u6709"\n}\n' == terminal.getvalue()
