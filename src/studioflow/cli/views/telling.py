"""How parts of a story are said: in a language, wrapped to the terminal."""

from __future__ import annotations

from rich.text import Text as Cell

from studioflow.cli.layout import flow, visible, wrap
from studioflow.cli.output import Output
from studioflow.cli.results import Results
from studioflow.text import Text

__all__ = ["Teller"]


class Teller:
    """Somebody who tells of the results of a batch, on one output."""

    def __init__(self, results: Results, output: Output) -> None:
        self.results = results
        self.report = results.report
        self.policy = results.report.policy
        self.say = output.say
        self.comma = "、" if output.language == "zh" else ", "
        self.columns = output.columns()

    def said(self, text: Text, **parameters: str) -> str:
        """Return a text in the language, with its parameters filled in."""
        said = self.say(text)
        for name, value in parameters.items():
            said = said.replace(f"{{{name}}}", value)
        return said

    def lines(self, text: str, style: str = "", *, indent: int = 0) -> Cell:
        """Return a text, wrapped."""
        return _indented(wrap(visible(text), self.columns - indent), style, indent)

    def flow(self, items: list[str], separator: str, style: str = "", *, indent: int = 0) -> Cell:
        """Return items one after the other, broken between them."""
        shown = [visible(item) for item in items]
        return _indented(flow(shown, separator, self.columns - indent), style, indent)


def _indented(lines: list[str], style: str, indent: int) -> Cell:
    made = Cell()
    for position, line in enumerate(lines):
        made.append("\n" if position else "").append(" " * indent).append(line, style)
    return made
