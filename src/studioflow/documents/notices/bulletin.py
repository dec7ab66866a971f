"""The bulletin: how a batch stands at the end of a period, as a page for offices."""

from __future__ import annotations

from studioflow.documents.paper import Block, Cell, Heading, Paper, Paragraph, Table
from studioflow.documents.report.words import heads, say
from studioflow.policy import Policy
from studioflow.programme import Bulletin, BulletinEntry
from studioflow.text import Language, Text

__all__ = ["bulletin_paper"]

_TITLE = Text("{policy}工作进展通报", "{policy}: bulletin")
_PERIOD = Text("{start}至{end}，{count}个工作室", "{start} to {end}: {count} studios")
_STATES = Text("所处阶段", "Where they are")
_STATE = Text("状态", "State")
_COUNT = Text("工作室数", "Studios")
_EACH = Text("各工作室", "Each studio")
_STUDIO = Text("工作室", "Studio")
_SINCE = Text("{state}，自{day}", "{state}, since {day}")
_TAKEN = Text("本期办理", "Done in the period")
_LACKS = Text("尚缺", "Still lacking")
_NEXT = Text("下一步", "Next")
_STEP = Text("{day}{label}", "{day} {label}")
_AND = Text("、", "; ")


def bulletin_paper(bulletin: Bulletin, policy: Policy, *, language: Language = "en") -> Paper:
    """Return a bulletin as a paper; it names studios and no people.

    Args:
        bulletin: as `Programme.bulletin` returns it.
        policy: in force, for its label.
        language: of every word.
    """
    title = say(_TITLE, language, policy=policy.label)
    told = say(
        _PERIOD, language, start=bulletin.start, end=bulletin.end, count=len(bulletin.entries)
    )
    labels = {entry.state: entry.label for entry in bulletin.entries}
    states = [
        (Cell(labels[name].get(language), head=True), Cell(str(count), align="right"))
        for name, count in bulletin.states.items()
    ]
    each = [_entry(entry, language) for entry in bulletin.entries]
    caption = _EACH.get(language)
    blocks: tuple[Block, ...] = (
        Paragraph(title, style="title"),
        Paragraph(told, align="center"),
        Heading(_STATES.get(language), 1, "states"),
        Table(
            rows=(heads(language, _STATE, _COUNT), *states),
            widths=(3, 1),
            caption=_STATES.get(language),
            head_rows=1,
        ),
        Heading(caption, 1, "studios"),
        Table(
            rows=(heads(language, _STUDIO, _STATE, _TAKEN, _LACKS, _NEXT), *each),
            widths=(30, 26, 36, 44, 44),
            caption=caption,
            head_rows=1,
        ),
    )
    return Paper(title=title, blocks=blocks, language=language, footer=bulletin.policy)


def _entry(entry: BulletinEntry, language: Language) -> tuple[Cell, ...]:
    taken = [say(_STEP, language, day=each.on, label=each.label) for each in entry.taken]
    lacks = [lack.label.get(language) for kind in entry.lacks.values() for lack in kind]
    return (
        Cell(f"{entry.studio} {entry.name}", head=True),
        Cell(say(_SINCE, language, state=entry.label, day=entry.since)),
        Cell(_AND.get(language).join(taken)),
        Cell(_AND.get(language).join(lacks)),
        Cell("\n".join(step.explain(language).strip() for step in entry.next)),
    )
