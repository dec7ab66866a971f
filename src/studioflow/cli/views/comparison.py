"""Whom a variation hits, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, table
from studioflow.lab.comparing import Comparison, Hit
from studioflow.text import Text, exact

__all__ = ["comparison_told"]

_SHOWN = 10
_COUNT = Text(
    "{studios} 个工作室：{hit} 个受影响，{rising} 个上升，{falling} 个下降，{uncertain} 个未定",
    "studios: {studios}; hit: {hit}, rising: {rising}, falling: {falling}, "
    "not certain yet: {uncertain}",
)
_ITEM, _STUDIOS, _CHANGE = Text("项目", "item"), Text("工作室", "studios"), Text("合计", "change")
_STUDIO, _BEFORE, _AFTER = Text("工作室", "studio"), Text("原", "before"), Text("后", "after")
_RANK = Text("名次", "rank")
_TOTALS = Text("总分", "totals")
_SPREAD = (
    Text("最低", "least"),
    Text("四分之一", "quarter"),
    Text("中位", "median"),
    Text("四分之三", "three quarters"),
    Text("最高", "most"),
)
_MORE = Text("另有 {n} 个", "and {n} more")


def comparison_told(found: Comparison, output: Output) -> None:
    """Print the items to blame, who goes from what to what, and who is hit the most."""
    if output.as_json:
        output.json(_as_json(found))
        return
    counts = {
        "studios": found.studios,
        "hit": len(found.hits),
        "rising": len(found.rising),
        "falling": len(found.falling),
        "uncertain": len(found.uncertain),
    }
    said = output.say(_COUNT)
    for name, count in counts.items():
        said = said.replace(f"{{{name}}}", str(count))
    output.show(cell(said, "bold"))
    _turns(found.eligibility, output)
    _turns(found.grades, output)
    if found.items:
        items = table(*map(output.say, (_ITEM, _STUDIOS, _CHANGE)), right=[1, 2])
        for item in found.items:
            items.add_row(cell(item.item), cell(str(item.studios)), cell(_signed(item.change)))
        output.show("", items)
    _totals(found, output)
    hit = sorted(found.hits, key=lambda each: -abs(each.change or Fraction(0)))
    if hit:
        heads = (_STUDIO, _BEFORE, _AFTER, _CHANGE, _RANK)
        rows = table(*map(output.say, heads), right=[1, 2, 3, 4])
        for each in hit[:_SHOWN]:
            rows.add_row(*map(cell, _row(each)))
        output.show("", rows)
    if len(hit) > _SHOWN:
        output.show(cell(output.say(_MORE).replace("{n}", str(len(hit) - _SHOWN)), "dim"))


def _row(hit: Hit) -> tuple[str, ...]:
    ranks = " → ".join("–" if rank is None else str(rank) for rank in hit.rank)
    change = "–" if hit.change is None else _signed(hit.change)
    return hit.studio, _points(hit.before), _points(hit.after), change, ranks


def _turns(turns: Mapping[Any, int], output: Output) -> None:
    for (one, two), count in sorted(turns.items(), key=lambda each: -each[1]):
        output.show(cell(f"{one or '–'} → {two or '–'}: {count}"))


def _totals(found: Comparison, output: Output) -> None:
    before, after = found.totals
    if before is None or after is None:
        return
    rows = table(output.say(_TOTALS), *map(output.say, _SPREAD), right=range(1, 6))
    for head, spread in ((_BEFORE, before), (_AFTER, after)):
        rows.add_row(cell(output.say(head)), *map(cell, map(_points, spread)))
    output.show("", rows)


def _points(value: Fraction | None) -> str:
    return "–" if value is None else exact(value)


def _signed(change: Fraction) -> str:
    return f"{'+' if change > 0 else ''}{exact(change)}"


def _as_json(found: Comparison) -> dict[str, object]:
    def points(value: Fraction | None) -> str | None:
        return None if value is None else exact(value)

    def spread(values: tuple[Fraction, ...] | None) -> list[str | None] | None:
        return None if values is None else [points(value) for value in values]

    return {
        "schema": "studioflow.compare/1",
        "policies": [
            {"id": each.id, "fingerprint": each.fingerprint, "varied": [*each.reference.varied]}
            for each in found.policies
        ],
        "studios": found.studios,
        "rising": len(found.rising),
        "falling": len(found.falling),
        "uncertain": len(found.uncertain),
        "eligibility": [[*turn, count] for turn, count in found.eligibility.items()],
        "grades": [[*turn, count] for turn, count in found.grades.items()],
        "items": [
            {"item": each.item, "studios": each.studios, "change": points(each.change)}
            for each in found.items
        ],
        "totals": [spread(each) for each in found.totals],
        "hits": [
            {
                "studio": hit.studio,
                "total": [points(hit.before), points(hit.after)],
                "change": points(hit.change),
                "eligibility": [*hit.eligibility],
                "grade": [*hit.grade],
                "rank": [*hit.rank],
                "items": [*hit.items],
            }
            for hit in found.hits
        ],
    }
