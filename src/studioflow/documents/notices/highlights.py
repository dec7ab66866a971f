"""The digest of highlights: what studios did that others could take up (model cases, 5a.3)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.documents.paper import Block, Cell, Heading, Paper, Paragraph, Table
from studioflow.documents.report.words import say
from studioflow.documents.values import shown
from studioflow.policy import RecordKind
from studioflow.programme import Programme
from studioflow.studio import Record
from studioflow.studio.read_only import plain_document
from studioflow.text import Language, Text, message

__all__ = ["highlights"]

DIGEST_OF_NOTHING = message(
    "digest_of", zh="kinds：摘编哪几类记录", en="kinds: of which kinds of record it is a digest"
)
_TITLE = Text("{policy}：典型与亮点摘编", "{policy}: model cases and highlights")
_NOTHING = Text("没有此类记录。", "There are no such records.")


def highlights(
    programme: Programme,
    kinds: Collection[str],
    *,
    personal: bool = False,
    language: Language = "en",
) -> Paper:
    """Return what studios recorded of some kinds, studio by studio.

    Args:
        programme: whose register is read.
        kinds: of record, such as `model_case`.
        personal: whether names and other personal fields stand in it.
        language: of every word.

    Raises:
        InputError: for a digest of nothing, and kinds that the policy does not have.
    """
    policy = programme.policy
    collector = Collector()
    with collector.under("kinds"):
        if not kinds:
            raise wrong(DIGEST_OF_NOTHING, "-")
    for name in kinds:
        with collector.under("kinds"):
            if name not in policy.record_kinds:
                raise wrong(UNKNOWN_NAME, name, known=policy.record_kinds)
    collector.finish()
    title = say(_TITLE, language, policy=policy.label)
    blocks: list[Block] = [Paragraph(title, style="title")]
    number = 0
    for studio in programme.studios():
        records = studio.of_kind(*kinds)
        if not records:
            continue
        number += 1
        blocks.append(Heading(f"{studio.name}（{studio.unit or ''}）", 1, f"highlights-{number}"))
        for record in records:
            kind = policy.record_kinds[record.kind]
            blocks.append(_told(record, kind, language, personal=personal))
    if not number:
        blocks.append(Paragraph(_NOTHING.get(language)))
    return Paper(title=title, blocks=tuple(blocks), language=language, footer=policy.id)


def _told(record: Record, kind: RecordKind, language: Language, *, personal: bool) -> Table:
    label = kind.label.get(language)
    rows = tuple(_rows(record, kind, language, personal=personal))
    return Table(rows=rows, widths=(1, 4), caption=label, shown_caption=True)


def _rows(
    record: Record, kind: RecordKind, language: Language, *, personal: bool
) -> Iterator[tuple[Cell, Cell]]:
    document = record.document() if personal else plain_document(record.data)
    for name, declared in kind.fields.items():
        value = document.get(name)
        if value is None or value in ("", []):
            continue
        yield (
            Cell(declared.label.get(language), head=True),
            Cell(shown(declared, value, language)),
        )
