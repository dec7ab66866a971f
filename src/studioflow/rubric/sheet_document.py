"""A score sheet as a plain document from which the very same sheet is read again.

It stands for itself: the sentences of its reasons are in it, so that no plugin and no policy is
needed to read it. `ScoreSheet.to_dict` is for those who only look at one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from studioflow.codec import MAX_DEPTH, NOT_WRITABLE, TOO_DEEP, ClassDocuments, wrong
from studioflow.rubric.sheet import ScoreSheet
from studioflow.text import Text
from studioflow.verdict import Reason

__all__ = ["DOCUMENTS", "NEWER_DOCUMENTS", "read_sheet", "sheet_document"]

_REASON = "$reason"
_WHY = Text("值、文字或理由", "a value, a text or a reason")


def sheet_document(sheet: ScoreSheet) -> dict[str, Any]:
    """Return a sheet as a plain document."""
    made: dict[str, Any] = DOCUMENTS.write(sheet)
    return made


def read_sheet(document: Mapping[str, object]) -> ScoreSheet:
    """Return the sheet that a document says.

    Raises:
        InputError: with everything in it that no sheet has.
    """
    return DOCUMENTS.read(document, ScoreSheet)


def _write(value: object) -> object:
    if isinstance(value, Reason):
        return {_REASON: DOCUMENTS.write(value)}
    raise wrong(NOT_WRITABLE, type(value), why=_WHY)


def _read(said: object, *_: object) -> Reason:
    _check_depth(said)
    return DOCUMENTS.read(said, Reason)


def _read_newer(said: object, *_: object) -> Reason:
    _check_depth(said)
    return NEWER_DOCUMENTS.read(said, Reason)


def _check_depth(said: object) -> None:
    """Refuse what is nested deeper than Python follows it: each reason begins to count anew."""
    layer = [said]
    for _ in range(2 * MAX_DEPTH):
        layer = [
            inner
            for item in layer
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not layer:
            return
    raise wrong(TOO_DEEP, limit=2 * MAX_DEPTH)


DOCUMENTS = ClassDocuments(_write, {_REASON: _read})
"""Writes and reads all that a sheet is made of."""
NEWER_DOCUMENTS = ClassDocuments(_write, {_REASON: _read_newer}, lenient=True)
"""Reads what a newer release has written: what is not known here is left aside."""
