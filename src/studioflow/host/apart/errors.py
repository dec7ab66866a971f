"""What becomes of a question that an untrusted plugin did not answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from studioflow.errors import StudioflowError
from studioflow.text import Language, Message, message, render, visible

__all__ = ["ApartError", "Why"]

Why = Literal[
    "seconds", "cpu_seconds", "megabytes", "answer_bytes", "died", "garbled", "not_plain", "raised"
]
"""The limit that was reached, by its name, or what else went wrong."""

_SAID: Mapping[Why, Message] = {
    "seconds": message(
        "apart_seconds",
        zh="插件 {plugin} 回答 {question} 超过 {detail} 秒，已终止",
        en="the plugin {plugin} was stopped: {question} took more than {detail} seconds",
    ),
    "cpu_seconds": message(
        "apart_cpu_seconds",
        zh="插件 {plugin} 回答 {question} 占用处理器超过 {detail} 秒，已终止",
        en="the plugin {plugin} was stopped: {question} took more than {detail} seconds of CPU",
    ),
    "megabytes": message(
        "apart_megabytes",
        zh="插件 {plugin} 回答 {question} 所需内存超过 {detail} MB，已终止",
        en="the plugin {plugin} was stopped: {question} took more than {detail} MB of memory",
    ),
    "answer_bytes": message(
        "apart_answer_bytes",
        zh="插件 {plugin} 对 {question} 的回答超过 {detail} 字节，已终止",
        en="the plugin {plugin} was stopped: its answer to {question} has more than {detail} bytes",
    ),
    "died": message(
        "apart_died",
        zh="插件 {plugin} 的进程在回答 {question} 时结束（{detail}）",
        en="the process of the plugin {plugin} ended at {question} ({detail})",
    ),
    "garbled": message(
        "apart_garbled",
        zh="插件 {plugin} 对 {question} 的回答无法读取，已终止：{detail}",
        en="the plugin {plugin} was stopped: its answer to {question} can not be read: {detail}",
    ),
    "not_plain": message(
        "apart_not_plain",
        zh="插件 {plugin} 对 {question} 的回答不是普通数据：{detail}",
        en="the answer of the plugin {plugin} to {question} is no plain data: {detail}",
    ),
    "raised": message(
        "apart_raised",
        zh="插件 {plugin} 回答 {question} 时出错：{detail}",
        en="the plugin {plugin} failed at {question}: {detail}",
    ),
}


class ApartError(StudioflowError):
    """A plugin in a process of its own did not answer, or not as it has to.

    Attributes:
        plugin: its name.
        question: what it was asked, such as `score shore-2025`.
        why: the limit that was reached (`seconds`, `cpu_seconds`, `megabytes`, `answer_bytes`), or
            what else happened: it `died`, `raised`, or its answer is `garbled` or `not_plain`.
        detail: how high the limit is, or what is known beside it.

    >>> print(ApartError("shore", "score shore-2025", "seconds", "5.0"))
    the plugin shore was stopped: score shore-2025 took more than 5.0 seconds
    """

    def __init__(self, plugin: str, question: str, why: Why, detail: str) -> None:
        self.plugin = plugin
        self.question = question
        self.why: Why = why
        self.detail = detail
        super().__init__(plugin, question, why, detail)

    @property
    def code(self) -> str:
        """The stable code of the message."""
        return _SAID[self.why].code

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence."""
        names = {name: visible(getattr(self, name)) for name in ("plugin", "question", "detail")}
        return render(_SAID[self.why].text, names, language)
