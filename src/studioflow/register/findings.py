"""What the check of a register finds, and how it is told."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from studioflow.register.anchor import Anchor
from studioflow.text import Language, Message, Text, message, render, visible

__all__ = ["MOST_FINDINGS", "Finding", "Verification"]

_SCHEMA = "studioflow.verification/1"
MOST_FINDINGS = 1000
"""So many findings are told; one that stands at the beginning tells enough."""

MISSING_EVENT = message(
    "missing_event", zh="应为第 {expected} 个事件", en="this should be the event {expected}"
)
BROKEN_CHAIN = message(
    "broken_chain",
    zh="内容与散列不符：此处被改动",
    en="body and hash do not fit: it was changed here",
)
UNREADABLE = message("unreadable", zh="无法读取", en="it can not be read")
OTHER_COLUMNS = message(
    "other_columns",
    zh="所在的行与内容不符（{columns}）",
    en="its row does not say what its body says ({columns})",
)
TIME_RUNS_BACK = message(
    "time_runs_back", zh="记录时间早于前一事件", en="it is recorded before the event before it"
)
OTHER_HEAD = message(
    "other_head",
    zh="工作室的末尾（{head}）与其最后一个事件不符",
    en="the end that its studio names ({head}) is not its last event",
)
NO_STUDIO = message("no_studio", zh="工作室不在册", en="its studio is not listed")
OTHER_PERSONAL = message(
    "other_personal",
    zh="个人信息 {path} 与承诺不符",
    en="its personal part {path} is not the one that was committed to",
)
MISSING_PERSONAL = message(
    "missing_personal",
    zh="个人信息 {path} 不在，而日志中没有删除它的记录",
    en="its personal part {path} is gone, and no erasure in the journal names it",
)
OTHER_KEY = message("other_key", zh="命令键与事件不符", en="its key is not the event's")
OTHER_HOLDERS = message(
    "other_holders",
    zh="{slot} 的占有者与事件不符",
    en="those who hold {slot} are not those who took it",
)
OTHER_REGISTER = message(
    "anchor_of_another",
    zh="锚属于另一登记册（{register}）",
    en="the anchor is another register's ({register})",
)
CUT_OFF = message(
    "cut_off",
    zh="锚有 {expected} 项，现有 {actual} 项：末尾被截去",
    en="the anchor has {expected} entries, there are {actual}: the end was cut off",
)
REWRITTEN = message(
    "rewritten",
    zh="第 {expected} 项与锚不符：此前被改写",
    en="the entry {expected} is not the anchor's: it was written anew up to here",
)
_WHOLE = Text("完好", "whole")
_NOT_WHOLE = Text("不完好：{count} 处", "not whole: {count} places")
_COUNTED = Text(
    "{studios} 个工作室、{events} 个事件；已删除个人信息 {erased} 项；较新事件 {newer} 个",
    "{studios} studios, {events} events; {erased} personal parts erased; {newer} newer events",
)
_MORE = Text("……另有 {count} 处", "… and {count} more")
_HEAD = Text("锚 {head}", "anchor {head}")
_AGAINST = Text("与 {recorded} 的锚相符", "as the anchor of {recorded} has it, and goes on from it")


@frozen
class Finding:
    """One place at which a register is not what was written.

    Attributes:
        studio: its id; None for the journal and for what concerns no studio.
        version: of the event, or the number in the journal; None for what concerns no one of them.
    """

    message: Message
    studio: str | None = None
    version: int | None = None
    parameters: Mapping[str, object] = field(factory=dict)

    @property
    def code(self) -> str:
        """The stable code."""
        return self.message.code

    @property
    def place(self) -> str:
        """The position: `s-01/3` is the third event of the studio s-01."""
        name = "journal" if self.studio is None else visible(self.studio)
        return name if self.version is None else f"{name}/{self.version}"

    def explain(self, language: Language = "en") -> str:
        """Return the position and the sentence."""
        return f"{self.place}: {render(self.message.text, self.parameters, language)}"

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return code, studio, version and text."""
        return {
            "code": self.code,
            "studio": self.studio,
            "version": self.version,
            "text": self.explain(language),
        }


@frozen(kw_only=True)
class Verification:
    """What a check of a whole register found.

    Attributes:
        found: how many places there are; `findings` has the first thousand.
        erased: how many personal parts were erased, which is no finding.
        newer: how many events are of a newer release, and so were not read.
        anchor: of the register as it was checked.
        against: the earlier anchor that it was held against.
    """

    studios: int
    events: int
    erased: int
    newer: int
    findings: tuple[Finding, ...]
    found: int
    anchor: Anchor = field(repr=False)
    against: Anchor | None = field(default=None, repr=False)

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.found

    def __bool__(self) -> bool:
        return self.whole

    def explain(self, language: Language = "en") -> str:
        """Return the answer, a line for each finding, and the counts."""
        head = _WHOLE if self.whole else _NOT_WHOLE
        lines = [render(head, {"count": self.found}, language)]
        lines += [f"  ✗ {each.explain(language)}" for each in self.findings]
        if self.found > len(self.findings):
            more = {"count": self.found - len(self.findings)}
            lines.append(f"  {render(_MORE, more, language)}")
        counts = {"studios": self.studios, "events": self.events}
        counts |= {"erased": self.erased, "newer": self.newer}
        lines.append(f"  {render(_COUNTED, counts, language)}")
        lines.append(f"  {render(_HEAD, {'head': self.anchor.head}, language)}")
        if self.whole and self.against is not None:
            recorded = self.against.recorded.isoformat(timespec="seconds")
            lines.append(f"  {render(_AGAINST, {'recorded': recorded}, language)}")
        return "\n".join(lines)

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return all of it as `studioflow.verification/1`, ready for JSON."""
        return {
            "schema": _SCHEMA,
            "whole": self.whole,
            "studios": self.studios,
            "events": self.events,
            "erased": self.erased,
            "newer": self.newer,
            "found": self.found,
            "findings": [each.to_dict(language) for each in self.findings],
            "head": self.anchor.head,
            "against": None if self.against is None else self.against.head,
        }
