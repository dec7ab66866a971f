"""The lifecycle in Graphviz's language, laid out for a page: down the milestones."""

from __future__ import annotations

from collections.abc import Iterator

from studioflow.lifecycle.pictures.graph import START, Arrow, Box, Graph, Stay, Step, graph_of
from studioflow.lifecycle.pictures.label import INK, Line, table
from studioflow.lifecycle.pictures.lines import SLASH, packed, wrapped
from studioflow.policy import Policy
from studioflow.studio import Studio
from studioflow.text import Language, Text, listed, render

__all__ = ["dot"]

# Quiet in print: one blue for the way that all studios go, one brown for the way that one went.
_QUIET, _LINE, _PALE = "#66727f", "#8a96a3", "#c3cad1"
_WAY = "#2f5d8a"
_PATH, _PATH_FILL, _PRESENT_FILL = "#b3541e", "#fbeee4", "#f3c9a5"
_FILLS = {"milestone": "#d9e6f2", "other": "#ffffff", "end": "#eef0f2", "gone": "#ffffff"}

# The reader's machine has one of them, and this one need not have any.
_FONTS: dict[Language, str] = {
    "zh": "Noto Sans CJK SC,Microsoft YaHei,PingFang SC,sans-serif",
    "en": "Helvetica,Arial,sans-serif",
}
_SMALL = 9
_WIDE, _WIDEST = 26, 34
_MOST_DAYS = 3
_WAYS_TO_AN_END, _WAYS_ELSEWHERE = 3, 5
"""From so many states a step is named in their boxes and not drawn: its arrows would cross all."""

_NOW = Text("现在", "now")
_STAYING = Text("不改变状态的步骤", "Steps that leave the state as it is")
_TIMES = Text("{label}（{n}次，至{day}）", "{label} ({n} times, until {day})")
_ONCE = Text("{label}（{day}）", "{label} ({day})")
_EARLIER = Text("更早：{n}次", "{n} times before")


def dot(policy: Policy, language: Language = "en", studio: Studio | None = None) -> str:
    """Return the lifecycle of a policy in Graphviz's language.

    A step that starts from many states is named in their boxes, and in the box where it leads.

    Args:
        policy: whose lifecycle it is; what is switched off is not drawn.
        language: of the labels.
        studio: whose path is drawn into it, with the days; none when left out.
    """
    return "\n".join(_Sheet(graph_of(policy, language, studio), language).lines()) + "\n"


class _Sheet:
    """One picture, in one language."""

    def __init__(self, graph: Graph, language: Language) -> None:
        self.graph, self.language = graph, language
        self.way = {START} | {box.id for box in graph.boxes if box.kind == "milestone"}
        self.place = {box.id: place for place, box in enumerate(graph.boxes)}
        ends = {box.id for box in graph.boxes if box.kind == "end"}
        self.from_many = [
            step
            for step in graph.steps
            if len(step.arrows)
            >= (_WAYS_TO_AN_END if step.arrows[0].dest in ends else _WAYS_ELSEWHERE)
        ]

    def lines(self) -> Iterator[str]:
        """Yield the text, line by line."""
        font = f'fontname="{_FONTS[self.language]}" fontcolor="{INK}"'
        yield "digraph lifecycle {"
        yield f'  graph [charset="UTF-8" bgcolor="white" pad=0.2 nodesep=0.3 ranksep=0.42 {font}]'
        yield f"  graph [label={self._legend()} labeljust=l fontsize={_SMALL}]"
        yield f'  node [shape=box style="rounded,filled" margin="0.12,0.06" height=0.4 {font}]'
        yield f'  node [fontsize=12 color="{_LINE}"]'
        yield f'  edge [color="{_LINE}" arrowsize=0.7 fontsize=10 {font}]'
        point = f'shape=circle width=0.16 height=0.16 margin=0 fillcolor="{INK}" color="{INK}"'
        yield f'  {START} [label="" {point} group=way]'
        for box in self.graph.boxes:
            yield self._box(box)
        for step in self.graph.steps:
            for arrow in step.arrows:
                if arrow.days or step not in self.from_many:
                    yield self._arrow(step, arrow)
        for step in self.from_many:
            # Nothing that is seen leads there: it stands below the last state that it starts from.
            last = max(step.arrows, key=lambda arrow: self.place.get(arrow.source, -1))
            if not last.days:
                yield f"  {last.source} -> {last.dest} [style=invis]"
        yield "}"

    def _box(self, box: Box) -> str:
        fill, line, width = _FILLS[box.kind], _LINE, 1.0
        if box.kind == "milestone":
            line, width = _WAY, 1.6
        if self.graph.has_path:
            fill, line = "#ffffff", _PALE
        if box.visited:
            fill, line, width = _PATH_FILL, _PATH, 1.6
        if box.present:
            fill, width = _PRESENT_FILL, 2.6
        look = f'fillcolor="{fill}" color="{line}" penwidth={width}'
        if box.kind == "gone":
            look += ' style="rounded,filled,dashed"'
        if box.kind == "milestone":
            look += " group=way"
        if box.last:
            look += " peripheries=2"
        cells = [[[line]] for line in self._said_in(box)]
        return f"  {box.id} [label={table(cells, align='CENTER')} {look}]"

    def _said_in(self, box: Box) -> Iterator[Line]:
        """Yield the label of a state, what is done in it, and what of many states leads there."""
        path = self.graph.has_path
        ink = INK if box.visited or not path else _QUIET
        for line in wrapped(box.label, _WIDE):
            yield Line(line, ink, bold=box.kind == "milestone" or box.present)
        if box.present:
            yield Line(_NOW.get(self.language), _PATH, 10, bold=True)
        if path:
            for stay in box.stays:
                for line in wrapped(self._taken(stay), 2 * _WIDE) if stay.days else ():
                    yield Line(line, _PATH, _SMALL)
            return
        for line in packed((stay.label for stay in box.stays), _WIDEST):
            yield Line(line, _QUIET, _SMALL)
        away = [
            step.label
            for step in self.from_many
            if any(arrow.source == box.id for arrow in step.arrows)
        ]
        for line in packed(away, _WIDEST):
            yield Line(f"→ {line}", INK, _SMALL)
        for step in self.from_many:
            if step.arrows[0].dest == box.id:
                for line in wrapped(f"← {step.label}", _WIDE):
                    yield Line(line, INK, 10)
                for line in packed(step.roles, _WIDE, SLASH):
                    yield Line(line, _QUIET, _SMALL)

    def _taken(self, stay: Stay) -> str:
        parameters = {"label": stay.label, "n": len(stay.days), "day": max(stay.days)}
        return render(_ONCE if len(stay.days) == 1 else _TIMES, parameters, self.language)

    def _arrow(self, step: Step, arrow: Arrow) -> str:
        source, dest = arrow.source, arrow.dest
        on_the_way = {source, dest} <= self.way and not arrow.back
        look = f"label={table([[[line]] for line in self._said_at(step, arrow)])}"
        if arrow.days:
            look += f' color="{_PATH}" penwidth=2.2'
        elif self.graph.has_path:
            look += f' color="{_PALE}"'
        elif on_the_way:
            look += f' color="{_WAY}" penwidth=2'
        if on_the_way:
            look += " weight=20"
        if not step.roles:
            look += " style=dashed"
        if arrow.back:
            # Written the other way round, so that the picture runs down all the same.
            source, dest, look = dest, source, f"{look} dir=back"
        return f"  {source} -> {dest} [{look}]"

    def _said_at(self, step: Step, arrow: Arrow) -> Iterator[Line]:
        """Yield the label of a step, and who may take it, or the days on which it was taken."""
        path = self.graph.has_path
        for line in wrapped(step.label, _WIDE):
            yield Line(line, _QUIET if path and not arrow.days else INK)
        if not path:
            for line in packed(step.roles, _WIDE, SLASH):
                yield Line(line, _QUIET, _SMALL)
        earlier = len(arrow.days) - _MOST_DAYS
        if earlier > 0:
            yield Line(render(_EARLIER, {"n": earlier}, self.language), _PATH, _SMALL)
        days = [day.isoformat() for day in arrow.days[-_MOST_DAYS:]]
        for line in wrapped(listed(days, self.language), _WIDE):
            yield Line(line, _PATH, bold=True)

    def _legend(self) -> str:
        """Return who may take the steps that no arrow shows; one studio's path needs none."""
        if self.graph.has_path or not self.graph.staying:
            return '""'
        rows = [
            [
                [Line(line) for line in wrapped(label, _WIDE)],
                [Line(line, _QUIET) for line in packed(roles, 2 * _WIDEST, SLASH)],
            ]
            for label, roles in self.graph.staying
        ]
        title = [[Line(_STAYING.get(self.language), bold=True)]]
        return table([title, *rows])
