"""What is said of a panel: how marks became one, what is awaited, what it does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from studioflow.text import LANGUAGES, Message, Text, exact, message, render
from studioflow.verdict import Reason

if TYPE_CHECKING:
    from fractions import Fraction

    from studioflow.rules.panel import Panel
    from studioflow.rules.pooling import Judgement, Pool

__all__ = ["said", "wording"]

MARKS_AWAITED = message(
    "marks_awaited",
    zh="已有{count}个评分（{marks}），至少需{least}个",
    en="marks so far: {count} ({marks}); at least {least} are needed",
)
CONFIRMATIONS_AWAITED = message(
    "confirmations_awaited",
    zh="已有{count}人确认（{marks}），至少需{least}人",
    en="confirmations so far: {count} ({marks}); at least {least} are needed",
)
GROUPS_AWAITED = message(
    "groups_awaited",
    zh="已有{count}个评分（{marks}），{groups}组中尚有{missing}组未评分",
    en="marks so far: {count} ({marks}); of {groups} groups {missing} have not marked yet",
)
ONE_MARK_OF_GROUP = message("one_mark_of_group", zh="1个评分：{value}", en="1 mark: {value}")
GROUP_SHARE = message("group_share", zh="{said}，占{percent}%", en="{said}, for {percent} %")
WEIGHTED = message(
    "weighted_marks",
    zh="{count}个评分分组加权（{parts}）：{value}",
    en="{count} marks, weighted by group ({parts}): {value}",
)
BESIDE_VOID = message(
    "beside_void_marks", zh="{said}；另有{void}个无效", en="{said}; void beside them: {void}"
)
_SAID: Mapping[tuple[str, bool], Message] = {
    ("mean", False): message(
        "mean_of_marks",
        zh="{count}个评分（{marks}）的平均分：{value}",
        en="mean of {count} marks ({marks}): {value}",
    ),
    ("trimmed_mean", False): message(
        "trimmed_mean_of_marks",
        zh="{count}个评分（{marks}）去掉最高分和最低分后的平均分：{value}",
        en="mean of {count} marks ({marks}) without the highest and the lowest: {value}",
    ),
    ("median", False): message(
        "median_of_marks",
        zh="{count}个评分（{marks}）的中位数：{value}",
        en="median of {count} marks ({marks}): {value}",
    ),
    ("agreed", False): message(
        "agreed_mark", zh="{count}人评分一致：{value}", en="{count} marks agree: {value}"
    ),
    ("all", True): message(
        "confirmed_by_all",
        zh="{count}人确认（{marks}），须全部达到：{value}",
        en="{count} confirmations ({marks}), met if all say so: {value}",
    ),
    ("majority", True): message(
        "confirmed_by_most",
        zh="{count}人确认（{marks}），过半数为达到：{value}",
        en="{count} confirmations ({marks}), met if more than half say so: {value}",
    ),
    ("agreed", True): message(
        "agreed_confirmation",
        zh="{count}人确认一致：{value}",
        en="{count} confirmations agree: {value}",
    ),
}
_WORDS: Mapping[str, Text] = {
    "mean": Text("取平均分", "their mean counts"),
    "trimmed_mean": Text(
        "取平均分（超过{above}个时去掉最高分和最低分）",
        "their mean counts, of more than {above} without the highest and the lowest",
    ),
    "median": Text("取中位数", "their median counts"),
    "agreed": Text("各人须一致", "they have to agree"),
    "all": Text("须全部达到", "all have to say so"),
    "majority": Text("过半数为达到", "more than half have to say so"),
}
_CAST = Text("，个数含无效评分", ", void marks are counted among how many there are")
_GROUPS = Text("，分组加权（{weights}）", ", weighted by group ({weights})")


def said(panel: Panel, pool: Pool, value: Judgement | None) -> tuple[Message, dict[str, object]]:
    """Return the sentence for what marks became, or for what is awaited, and what it mentions.

    Args:
        panel: that made one of them.
        pool: the marks.
        value: what they became; None while the panel waits.
    """
    sentence, mentions = _valid(panel, pool, value)
    if not pool.void:
        return sentence, mentions
    void = {"said": Reason(sentence, mentions), "void": len(pool.void)}
    return BESIDE_VOID, {**mentions, **void}


def _valid(panel: Panel, pool: Pool, value: Judgement | None) -> tuple[Message, dict[str, object]]:
    mentions: dict[str, object] = {"count": len(pool.marks), "marks": pool.marks}
    confirmed = isinstance(pool.marks[0], bool)
    if value is not None:
        mentions["value"] = value
        if panel.groups:
            parts = tuple(_part(panel, pool.of(role), role) for role in panel.groups)
            return WEIGHTED, {**mentions, "parts": parts}
        return _SAID[panel.applied(pool), confirmed], mentions
    if missing := panel.missing(pool):
        awaited = {"groups": len(panel.groups), "missing": len(missing), "roles": missing}
        return GROUPS_AWAITED, {**mentions, **awaited}
    awaits = CONFIRMATIONS_AWAITED if confirmed else MARKS_AWAITED
    return awaits, {**mentions, "least": panel.least}


def _part(panel: Panel, pool: Pool, role: str) -> Reason:
    value = panel.within(pool)
    mentions = {"count": len(pool.marks), "marks": pool.marks, "value": value}
    sentence = ONE_MARK_OF_GROUP if len(pool.marks) == 1 else _SAID[panel.applied(pool), False]
    percent: Fraction = panel.groups[role]
    return Reason(
        GROUP_SHARE, {"said": Reason(sentence, mentions), "percent": percent, "role": role}
    )


def wording(panel: Panel, type_: str) -> Text:
    """Return the words for a panel in the description of a fact of the type."""
    how = _WORDS[panel.way]
    many = f"{panel.least}–{panel.most}" if panel.least < panel.most else str(panel.most)
    what = Text("评分", "marks") if type_ == "mark" else Text("确认", "confirmations")
    zh, en = f"由{many}人{what.zh}，{how.zh}", f"{many} {what.en}, {how.en}"
    weights = [f"{exact(weight)}%" for weight in panel.groups.values()]
    if weights:
        zh, en = zh + _GROUPS.zh, en + _GROUPS.en
    if panel.counts == "cast":
        zh, en = zh + _CAST.zh, en + _CAST.en
    fill = {"above": panel.above, "weights": weights}
    return Text(*(render(Text(zh, en), fill, language) for language in LANGUAGES))
