"""How the points of a batch are spread: as charts, and as the numbers that are in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from statistics import median

from studioflow.documents.paper import Block, Cell, Heading, Picture, Table
from studioflow.documents.report.charts import histogram, strips
from studioflow.documents.report.words import heads, say
from studioflow.policy import Policy
from studioflow.rubric import ScoreSheet
from studioflow.text import Language, Text, exact

__all__ = ["distributions", "five_numbers"]

_HEADING = Text("得分分布", "How the points are spread")
_TOTALS = Text(
    "总分分布：{count}个工作室，最低{low}，中位数{middle}，最高{high}",
    "Totals: {count} studios, least {low}, median {middle}, most {high}",
)
_ITEMS = Text(
    "各项得分占满分的百分比：箱体为中间一半，粗线为中位数，数据见下表",
    "Each item as a share of its maximum: the box is the middle half, the thick line the median;"
    " the numbers stand in the table below",
)
_ITEM = Text("评分项", "Item")
_MOST = Text("满分", "Of")
_COUNT = Text("工作室数", "Studios")
_FIVE = (
    Text("最低", "Least"),
    Text("下四分位", "Lower quartile"),
    Text("中位数", "Median"),
    Text("上四分位", "Upper quartile"),
    Text("最高", "Most"),
)
_TOTAL = Text("总分", "Total")
_ENOUGH = 100
"""The axis of totals begins at 0 and goes to here where the rubric has no maximum."""


def five_numbers(points: Sequence[Fraction]) -> tuple[Fraction, ...]:
    """Return least, lower quartile, median, upper quartile and most.

    >>> [int(each) for each in five_numbers([Fraction(n) for n in (1, 2, 3, 4, 5)])]
    [1, 2, 3, 4, 5]
    """
    ordered = sorted(points)
    half = (len(ordered) + 1) // 2
    return (
        ordered[0],
        median(ordered[:half]),
        median(ordered),
        median(ordered[-half:]),
        ordered[-1],
    )


def distributions(
    policy: Policy, sheets: Sequence[ScoreSheet], language: Language
) -> Iterator[Block]:
    """Yield the charts and the table, where there are finished sheets."""
    totals = [sheet.total.points for sheet in sheets if sheet.total.points is not None]
    if not totals:
        return
    yield Heading(_HEADING.get(language), 1, "distributions")
    low, _, middle, _, high = five_numbers(totals)
    told = say(
        _TOTALS, language, count=len(totals), low=exact(low), middle=exact(middle), high=exact(high)
    )
    most = sheets[0].total.max
    axis = float(max([high, Fraction(_ENOUGH) if most is None else most]))
    yield Picture(
        svg=histogram({"": totals}, low=float(min(low, Fraction(0))), high=axis),
        alt=told,
        caption=told,
    )
    rows: dict[str, tuple[list[Fraction], Fraction | None]] = {}
    for sheet in sheets:
        for item in sheet.criteria:
            points, _ = rows.setdefault(item.id, ([], item.points.max))
            if item.points.points is not None:
                points.append(item.points.points)
    described = _ITEMS.get(language)
    yield Picture(svg=strips(rows), alt=described, caption=described)
    yield _table(policy, {"": (totals, most), **rows}, language)


def _table(
    policy: Policy,
    rows: dict[str, tuple[list[Fraction], Fraction | None]],
    language: Language,
) -> Table:
    made = [heads(language, _ITEM, _MOST, _COUNT, *_FIVE)]
    for name, (points, most) in rows.items():
        criterion = policy.rubric.criteria.get(name)
        label = "" if criterion is None else criterion.label.get(language)
        numbers = [exact(each) for each in five_numbers(points)] if points else [""] * len(_FIVE)
        made.append(
            (
                Cell(f"{name} {label}" if name else _TOTAL.get(language), head=True),
                Cell("" if most is None else exact(most), align="right"),
                Cell(str(len(points)), align="right"),
                *(Cell(each, align="right") for each in numbers),
            )
        )
    return Table(
        rows=tuple(made),
        widths=(50, 12, 16, 14, 16, 14, 16, 14),
        caption=_HEADING.get(language),
        head_rows=1,
    )
