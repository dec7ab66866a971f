"""The directive `shape`: a picture of a rule's points against one of its facts.

The rule is the TOML text that stands last above it on the same page, so that the picture can not
say anything else than the page. It is drawn while the pages are built.

    ```{shape} activities
    :alt: Points against activities: flat up to 8, then rising to 20 at 20.
    :until: 30
    first cycle | cycle = 1
    from the second | cycle = 2
    ```

The argument is the fact; each line of the body is one series: its name and the other facts, as
TOML. `until` is the largest value that is drawn, where the fact has no bound or a distant one.
"""

from __future__ import annotations

import base64
import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, ClassVar

import matplotlib as mpl
from docutils import nodes
from docutils.parsers.rst import directives
from matplotlib.figure import Figure
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from studioflow import InputError, OneRule
from studioflow.text import exact

_FENCE = re.compile(r"^```toml\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COLOURS = ("#1f5f8b", "#b3541e", "#3c7a3c")
_SIZE = (6.4, 2.8)


class Shape(SphinxDirective):
    """Draws the points of the rule above."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[Mapping[str, Any]] = {
        "alt": directives.unchanged_required,
        "until": int,
    }

    def run(self) -> list[nodes.Node]:
        """Return the picture."""
        if "alt" not in self.options:
            raise self.error("a picture says in words what it shows: give it an :alt:")
        page = Path(self.env.doc2path(self.env.docname))
        above = "".join(page.read_text("utf-8").splitlines(keepends=True)[: self.lineno])
        found = _FENCE.findall(above)
        if not found:
            raise self.error("no TOML text stands above the picture")
        fact = self.arguments[0]
        series = dict(self._series()) or {"": {}}
        picture = _drawn(OneRule.read(found[-1]), fact, series, self.options.get("until"))
        uri = "data:image/svg+xml;base64," + base64.b64encode(picture).decode()
        return [nodes.image(uri=uri, alt=self.options["alt"])]

    def _series(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for line in self.content:
            name, _, facts = line.partition("|")
            parts = "\n".join(part.strip() for part in facts.split(";"))
            yield name.strip(), tomllib.loads(parts)


def _drawn(
    rule: OneRule, name: str, series: Mapping[str, Mapping[str, Any]], until: int | None
) -> bytes:
    """Return the points of a rule against a fact as SVG."""
    fact = rule.facts[name]
    step = fact.step or Fraction(1)
    low = fact.low or Fraction(0)
    high = fact.high if until is None else Fraction(until)
    if high is None:
        raise ValueError(f"{name} has no max: say how far to draw, with :until:")
    values = [low + step * place for place in range(int((high - low) / step) + 1)]
    # One salt for all: the same picture is the same text, whenever it is drawn.
    with mpl.rc_context({"svg.hashsalt": "studioflow", "svg.fonttype": "path"}):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.subplots()
        for colour, (label, others) in zip(_COLOURS, series.items(), strict=False):
            points = [_points(rule, {**others, name: _given(fact.type, at)}) for at in values]
            axes.plot(
                [float(at) for at in values],
                [float("nan") if each is None else float(each) for each in points],
                color=colour,
                marker="o",
                markersize=3,
                linewidth=0.8,
                label=label or None,
            )
        known = [rule.breakpoints_where(others) for others in series.values()]
        bends = {at for each in known for at in each.of.get(name, ())}
        inside = sorted(at for at in bends if low <= at <= high)
        for at in inside:
            axes.axvline(float(at), color="#888888", linestyle=":", linewidth=0.8)
        ticks = sorted({low, high, *inside})
        axes.set_xticks([float(at) for at in ticks], [exact(at) for at in ticks])
        axes.set_xlabel(fact.label.en)
        axes.set_ylabel("points" if rule.sort == "rule" else "value")
        axes.spines[["top", "right"]].set_visible(False)
        if any(series):
            axes.legend(frameon=False)
        written = io.BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


def _given(type_: str, value: Fraction) -> int | Fraction:
    return int(value) if type_ == "count" else value


def _points(rule: OneRule, facts: Mapping[str, Any]) -> Fraction | None:
    """Return the points, or None where the value is not valid."""
    try:
        if rule.sort == "quantity":
            return rule.value(facts)
        return rule.points(facts)
    except InputError:
        return None


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("shape", Shape)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
