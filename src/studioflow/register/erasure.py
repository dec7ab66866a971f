"""Erasing what is personal: which parts are somebody's, and that they are gone for good."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from attrs import frozen

from studioflow.codec import WRONG_TYPE, wrong
from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.register.port import Erasure, Register
from studioflow.studio import owner_of
from studioflow.text import Language, Text, message, render

__all__ = ["Erased", "erase"]

WHAT_TO_ERASE = message(
    "what_to_erase",
    zh="工作室、人员 id 或路径中至少一项",
    en="at least one of a studio, the id of a person, and paths",
)
NEEDS_REASON = message("needs_reason", zh="删除的理由", en="the reason why it is erased")
_ACTOR = Text("Actor", "an Actor")
_TOLD = Text(
    "已删除 {count} 项个人信息（{studios} 个工作室）",
    "{count} personal parts of {studios} studios were erased",
)
_UNCLEAR = Text(
    "同一工作室中另有 {count} 项个人信息不知属于何人：{paths}",
    "{count} personal parts of the same studios are nobody's that is known: {paths}",
)
_NAMED = 10


@frozen(kw_only=True)
class Erased:
    """What was erased, and what somebody may still have to look at.

    Attributes:
        erasure: as the journal has it.
        count: how many parts there were.
        unclear: parts of the same studios of which it is not known whose they are, such as remarks:
            `studio/version:path`.
    """

    erasure: Erasure
    count: int
    unclear: tuple[str, ...] = ()

    def explain(self, language: Language = "en") -> str:
        """Return what was erased, and what is to be looked at."""
        told = {"count": self.count, "studios": len(self.erasure.paths)}
        lines = [render(_TOLD, told, language)]
        if self.unclear:
            paths = [*self.unclear[:_NAMED], *(["…"] if len(self.unclear) > _NAMED else [])]
            unclear = {"count": len(self.unclear), "paths": paths}
            lines.append(render(_UNCLEAR, unclear, language))
        return "\n".join(lines)

    def to_dict(self) -> dict[str, object]:
        """Return all of it as `studioflow.erasure/1`, ready for JSON."""
        return {
            "schema": "studioflow.erasure/1",
            "count": self.count,
            "paths": {
                studio: {str(version): list(paths) for version, paths in versions.items()}
                for studio, versions in self.erasure.paths.items()
            },
            "unclear": list(self.unclear),
        }


def erase(  # noqa: PLR0913 - each says another part of what is erased, by whom and why
    register: Register,
    *,
    studio: str | None = None,
    person: str | None = None,
    paths: Collection[str] | None = None,
    by: Actor,
    reason: str,
    now: datetime | None = None,
) -> Erased:
    """Erase personal parts of events, with the salts of their commitments.

    The chain stays whole, and studios fold to what they were without them. The ids of people stay:
    they are what the bureau knows them by. What is kept elsewhere, as in backups, is not erased.

    Args:
        register: of any home.
        studio: whose parts are erased; those of every studio where it is left out.
        person: by id, whose parts are erased; everybody's where it is left out.
        paths: of the parts, as `studioflow.studio.Event.separated` has them, or with their event as
            `unclear` has them, `s-01/3:remark`; all where left out. A lone text is one path.
        by: who erases; that stays in the journal.
        reason: why, in words, without anything personal: it stays there, too.
        now: the present moment; the system's when it is left out.

    Raises:
        InputError: where nothing says what to erase, or nobody says why.
        TooNew: where a newer release has written to the register: more of it may be personal.
    """
    if studio is None and person is None and not paths:
        raise wrong(WHAT_TO_ERASE)
    if not isinstance(by, Actor):
        raise InputError(p.under("by") for p in wrong(WRONG_TYPE, type(by), type=_ACTOR).problems)
    if not reason.strip():
        raise InputError(p.under("reason") for p in wrong(NEEDS_REASON).problems)
    wanted = {paths} if isinstance(paths, str) else paths
    chosen: dict[str, dict[int, tuple[str, ...]]] = {}
    unclear: list[str] = []
    for name in register.studios() if studio is None else (studio,):
        mine: dict[int, tuple[str, ...]] = {}
        others: list[str] = []
        for version, path, owner in _parts(register, name):
            place = f"{name}/{version}:{path}"
            if wanted is not None and path not in wanted and place not in wanted:
                continue
            if person is None or owner == person:
                mine[version] = (*mine.get(version, ()), path)
            elif owner is None:
                others.append(place)
        if mine:
            chosen[name] = mine
            unclear += others
    erasure = Erasure(paths=chosen, by=by, reason=reason, recorded=now or datetime.now(UTC))
    count = register.forget(erasure)
    return Erased(erasure=erasure, count=count, unclear=tuple(unclear))


def _parts(register: Register, studio: str) -> Iterator[tuple[int, str, str | None]]:
    """Yield version, path and owner of each personal part of a studio that is still there."""
    for version, event in enumerate(register.events(studio), 1):
        _, parts = event.separated()
        for path in parts:
            yield version, path, owner_of(event, path)
