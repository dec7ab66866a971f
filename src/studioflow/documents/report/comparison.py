"""The comparison of two policies as a report: what differs, whom it hits, and by how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from studioflow.documents.paper import (
    Block,
    Cell,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Picture,
    Table,
)
from studioflow.documents.report.charts import histogram
from studioflow.documents.report.compared import Compared
from studioflow.documents.report.words import heads, say
from studioflow.policy import Policy, differences
from studioflow.text import Language, Text, exact

__all__ = ["comparison_report"]

_TITLE = Text("政策比较：{policy}", "Two policies compared: {policy}")
_OTHER = Text("{before} 与 {after}", "{before} and {after}")
_DIFFERS = Text("政策的差别", "What differs between the policies")
_NOTHING = Text("两个政策没有差别。", "The two policies do not differ.")
_PATH = Text("位置", "Place")
_BEFORE = Text("原来", "Before")
_AFTER = Text("改后", "After")
_CLAUSE = Text("条款", "Clause")
_SUMMARY = Text("影响", "Whom it hits")
_HIT = Text(
    "{count}个工作室中，{hits}个受影响：{rising}个上升，{falling}个下降，{uncertain}个尚不能确定",
    "Of {count} studios {hits} are hit: {rising} rise, {falling} fall, of {uncertain} it is open",
)
_ELIGIBILITY = Text(
    "资格：{before}变为{after}，{count}个", "Eligibility: {before} to {after}, {count}"
)
_GRADES = Text("等级：{before}变为{after}，{count}个", "Grade: {before} to {after}, {count}")
_SPREAD = Text("总分分布的变化", "How the totals move")
_SPREAD_TOLD = Text(
    "总分分布：1为原来，2为改后，数据见下表",
    "Totals: 1 is before and 2 after; the numbers stand in the table below",
)
_FIVE = (
    Text("最低", "Least"),
    Text("下四分位", "Lower quartile"),
    Text("中位数", "Median"),
    Text("上四分位", "Upper quartile"),
    Text("最高", "Most"),
)
_WHICH = Text("政策", "Policy")
_ITEMS = Text("变动来自哪些评分项", "The items to blame")
_ITEM = Text("评分项", "Item")
_STUDIOS = Text("工作室数", "Studios")
_CHANGE = Text("变动", "Change")
_HITS = Text("受影响的工作室", "The studios that are hit")
_STUDIO = Text("工作室", "Studio")
_RANK = Text("名次", "Place")
_MORE = Text(
    "另有{count}个未列出，用 --list 给出更大的数。",
    "{count} more are not listed: give --list a larger number.",
)
_NONE = "—"
_WORDS: Mapping[str, Text] = {
    "eligible": Text("具备资格", "eligible"),
    "not_eligible": Text("不具备资格", "not eligible"),
    "undetermined": Text("待定", "not decided yet"),
}


def comparison_report(
    comparison: Compared, *, language: Language = "en", listed: int = 200
) -> Paper:
    """Return the report of a comparison.

    Args:
        comparison: as `studioflow.lab.comparing.compare` returns it.
        language: of every word.
        listed: how many of the studios that are hit are listed, those that change most first.

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
    """
    before, _ = comparison.policies
    told = say(_TITLE, language, policy=before.label)
    return Paper(
        title=told,
        blocks=tuple(_blocks(comparison, told, language, listed)),
        language=language,
        footer=before.id,
    )


def _blocks(comparison: Compared, title: str, language: Language, listed: int) -> Iterator[Block]:
    before, after = comparison.policies
    yield Paragraph(title, style="title")
    names = (f"{each.id} {each.version} {each.fingerprint[:19]}" for each in (before, after))
    yield Paragraph(say(_OTHER, language, before=next(names), after=next(names)), align="center")
    yield Heading(_DIFFERS.get(language), 1, "differences")
    yield _differences(before, after, language)
    yield Heading(_SUMMARY.get(language), 1, "summary")
    yield Listing(tuple(_summary(comparison, before, language)))
    yield from _spread(comparison, language)
    if comparison.items:
        yield Heading(_ITEMS.get(language), 1, "items")
        yield _items(comparison, before, language)
    if comparison.hits:
        yield Heading(_HITS.get(language), 1, "hits")
        yield from _hits(comparison, language, listed)


def _differences(before: Policy, after: Policy, language: Language) -> Block:
    found = differences(before, after)
    if not found:
        return Paragraph(_NOTHING.get(language))
    rows = [heads(language, _PATH, _BEFORE, _AFTER, _CLAUSE)]
    rows += [
        (
            Cell(each.path, head=True),
            Cell(_value(each.before)),
            Cell(_value(each.after)),
            Cell(each.clause or "", align="center"),
        )
        for each in found
    ]
    caption = _DIFFERS.get(language)
    return Table(rows=tuple(rows), widths=(60, 36, 36, 14), caption=caption, head_rows=1)


def _value(value: object) -> str:
    return _NONE if value is None else str(value)


def _summary(comparison: Compared, policy: Policy, language: Language) -> Iterator[str]:
    yield say(
        _HIT,
        language,
        count=comparison.studios,
        hits=len(comparison.hits),
        rising=len(comparison.rising),
        falling=len(comparison.falling),
        uncertain=len(comparison.uncertain),
    )
    for (was, now), count in comparison.eligibility.items():
        yield say(_ELIGIBILITY, language, before=_WORDS[was], after=_WORDS[now], count=count)
    for (old, new), count in comparison.grades.items():
        words = [_grade(policy, each, language) for each in (old, new)]
        yield say(_GRADES, language, before=words[0], after=words[1], count=count)


def _grade(policy: Policy, grade: str | None, language: Language) -> str:
    declared = policy.rubric.grades.get(grade or "")
    return (grade or _NONE) if declared is None else declared.label.get(language)


def _spread(comparison: Compared, language: Language) -> Iterator[Block]:
    was, now = comparison.totals
    if was is None or now is None:
        return
    yield Heading(_SPREAD.get(language), 1, "spread")
    moved = [hit for hit in comparison.hits if hit.before is not None and hit.after is not None]
    if moved:
        told = _SPREAD_TOLD.get(language)
        drawn = histogram(
            {
                "1": [hit.before for hit in moved if hit.before is not None],
                "2": [hit.after for hit in moved if hit.after is not None],
            },
            low=float(min(was[0], now[0])),
            high=float(max(was[-1], now[-1])),
        )
        yield Picture(svg=drawn, alt=told, caption=told)
    rows = [heads(language, _WHICH, *_FIVE)]
    for label, numbers in ((_BEFORE, was), (_AFTER, now)):
        cells = (Cell(exact(each), align="right") for each in numbers)
        rows.append((Cell(label.get(language), head=True), *cells))
    yield Table(
        rows=tuple(rows),
        widths=(20, 20, 24, 20, 24, 20),
        caption=_SPREAD.get(language),
        head_rows=1,
    )


def _items(comparison: Compared, policy: Policy, language: Language) -> Table:
    rows = [heads(language, _ITEM, _STUDIOS, _CHANGE)]
    for each in comparison.items:
        name = each.item.rpartition("/")[2]
        criterion = policy.rubric.criteria.get(name)
        label = "" if criterion is None else f" {criterion.label.get(language)}"
        rows.append(
            (
                Cell(f"{name}{label}", head=True),
                Cell(str(each.studios), align="right"),
                Cell(_signed(each.change), align="right"),
            )
        )
    return Table(rows=tuple(rows), widths=(80, 24, 24), caption=_ITEMS.get(language), head_rows=1)


def _hits(comparison: Compared, language: Language, listed: int) -> Iterator[Block]:
    first = (*comparison.rising, *comparison.falling)
    seen = {hit.studio for hit in first}
    others = [hit for hit in comparison.hits if hit.studio not in seen]
    ordered = sorted(first, key=lambda hit: -abs(hit.change or Fraction(0))) + others
    rows = [heads(language, _STUDIO, _BEFORE, _AFTER, _CHANGE, _RANK, _ITEMS)]
    for hit in ordered[:listed]:
        ranks = " → ".join(_NONE if each is None else str(each) for each in hit.rank)
        rows.append(
            (
                Cell(hit.studio, head=True),
                *(
                    Cell(_NONE if each is None else exact(each), align="right")
                    for each in (hit.before, hit.after)
                ),
                Cell(_NONE if hit.change is None else _signed(hit.change), align="right"),
                Cell(ranks, align="center"),
                Cell(", ".join(item.rpartition("/")[2] for item in hit.items)),
            )
        )
    yield Table(
        rows=tuple(rows),
        widths=(34, 16, 16, 16, 22, 40),
        caption=_HITS.get(language),
        head_rows=1,
    )
    if len(ordered) > listed:
        yield Paragraph(say(_MORE, language, count=len(ordered) - listed))


def _signed(number: Fraction) -> str:
    return exact(number) if number <= 0 else f"+{exact(number)}"
