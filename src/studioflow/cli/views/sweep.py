"""What came of a grid of variations, as text and as JSON."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, table
from studioflow.codec import to_plain
from studioflow.lab.sweeping import Outcome, Sweep
from studioflow.policy import in_toml
from studioflow.text import Text

__all__ = ["sweep_told"]

_SHOWN = 40
_COUNT = Text("{studios} 个工作室，{n} 种组合", "studios: {studios}; combinations: {n}")
_WRITTEN = Text("已写入 {path}", "written to {path}")
_MORE = Text("另有 {n} 种组合：用 -o 写入文件", "and {n} more combinations: -o writes them all")
_HEADS = (
    Text("平均", "mean"),
    Text("最低", "least"),
    Text("最高", "most"),
    Text("合格", "eligible"),
    Text("上升", "rising"),
    Text("下降", "falling"),
    Text("未定", "open"),
    Text("无法评分", "unscored"),
)
_RARE = _HEADS[-2:]
"""What most sweeps have none of: room for the others."""


def sweep_told(found: Sweep, output: Output, target: Path | None) -> None:
    """Print a row for each combination, or where they were written."""
    if output.as_json:
        output.json(
            {
                "schema": "studioflow.sweep/1",
                "policy": found.policy.id,
                "studios": found.studios,
                "base": _as_json(found.base),
                "outcomes": [_as_json(each) for each in found.outcomes],
            }
        )
        return
    said = output.say(_COUNT).replace("{studios}", str(found.studios))
    output.show(cell(said.replace("{n}", str(len(found.outcomes))), "bold"))
    if target is not None:
        output.line(output.say(_WRITTEN).replace("{path}", target.name))
        return
    axes, grades = [*found.grid.axes], [*found.base.grades]
    short = _short(axes)
    for axis, name in zip(axes, short, strict=True):
        if axis != name:
            output.show(cell(f"{name} = {axis}", "dim"))
    heads = [*short, *map(output.say, _HEADS), *grades]
    rows = [_row(outcome, axes, grades, found.studios) for outcome in found.outcomes[:_SHOWN]]
    rare = {heads.index(output.say(head)) for head in _RARE}
    kept = [n for n in range(len(heads)) if n not in rare or any(row[n] != "0" for row in rows)]
    shown = table(*(heads[n] for n in kept), right=range(len(axes), len(kept)))
    for row in rows:
        shown.add_row(*(cell(row[n]) for n in kept))
    output.show("", shown)
    if len(found.outcomes) > _SHOWN:
        more = str(len(found.outcomes) - _SHOWN)
        output.line(output.say(_MORE).replace("{n}", more))


def _short(axes: list[str]) -> list[str]:
    """Return the last step of each path, as far as these tell them apart."""
    last = [axis.rpartition("/")[2] for axis in axes]
    return last if len({*last}) == len(last) else axes


def _row(outcome: Outcome, axes: list[str], grades: list[str], studios: int) -> list[str]:
    values = [in_toml(outcome.changes[axis]).strip('"') for axis in axes]
    points = [_points(each) for each in (outcome.mean, outcome.least, outcome.most)]
    open_ = studios - outcome.known - outcome.unscored
    counts = (outcome.eligible, outcome.rising, outcome.falling, open_, outcome.unscored)
    return [*values, *points, *map(str, counts), *(str(outcome.grades[name]) for name in grades)]


def _points(value: Fraction | None) -> str:
    return "–" if value is None else f"{float(value):.2f}".rstrip("0").rstrip(".")


def _as_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON has it; a mean to nine places, everything else exactly."""
    points = {
        name: None if value is None else round(float(value), 9)
        for name, value in (
            ("mean", outcome.mean),
            ("least", outcome.least),
            ("most", outcome.most),
        )
    }
    return {
        "changes": to_plain(dict(outcome.changes)),
        "unscored": outcome.unscored,
        "known": outcome.known,
        **points,
        "eligible": outcome.eligible,
        "not_eligible": outcome.not_eligible,
        "rising": outcome.rising,
        "falling": outcome.falling,
        "grades": dict(outcome.grades),
    }
