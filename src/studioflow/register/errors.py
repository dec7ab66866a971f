"""What stands against keeping an event. Ids only: nothing here is personal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from studioflow.errors import StudioflowError, shown
from studioflow.register.port import Slot
from studioflow.text import Language, Message, Text, listed, message, render, visible

__all__ = [
    "Conflict",
    "Damaged",
    "KeyReused",
    "SlotTaken",
    "StorageFailed",
    "Superseded",
    "TooNew",
]

WhyStorageFailed = Literal["disk_full", "traces_left", "unreachable", "unwritable"]

CONFLICT = message(
    "conflict",
    zh="{studio}：应有 {expected} 个事件，实有 {actual} 个；请重新读取后再决定",
    en="{studio}: expected {expected} events, found {actual}; read it again and decide again",
)
CONTENDED = message(
    "contended",
    zh="{studio}：此刻另有人在写入；请重新读取后再决定",
    en="{studio}: somebody else is writing just now; read it again and decide again",
)
DAMAGED = message(
    "damaged",
    zh="登记册已损坏（{place}），不再写入：请运行 studioflow programme verify，并从备份恢复",
    en="the register is damaged ({place}) and takes nothing more: run"
    " `studioflow programme verify`, and restore a backup",
)
TOO_NEW = message(
    "too_new",
    zh="登记册由更新的版本写成（{found}，本版本为 {known}），只可读取：请升级 studioflow",
    en="a newer release has written to the register ({found}; this one knows {known}), so it is"
    " only read: upgrade studioflow",
)
STORAGE_FAILED: Mapping[WhyStorageFailed, Message] = {
    "disk_full": message(
        "disk_full",
        zh="磁盘已满，什么也没有写入（{detail}）：腾出空间后重试",
        en="the disk is full, and nothing was written ({detail}): make room and try again",
    ),
    "traces_left": message(
        "traces_left",
        zh="已删除，但有人正在读取，{detail} 中仍有痕迹：待其结束后再删除一次",
        en="it is erased, but somebody is reading, so that traces stay in {detail}: erase once"
        " more when they are done",
    ),
    "unreachable": message(
        "unreachable",
        zh="无法连接登记册（{detail}）：请检查地址和服务器，然后重试",
        en="the register can not be reached ({detail}): check its address and its server, and try"
        " again",
    ),
    "unwritable": message(
        "unwritable",
        zh="登记册不可写入，什么也没有写入（{detail}）：请检查权限和磁盘",
        en="the register can not be written, and nothing was ({detail}): check rights and disk",
    ),
}
SLOT_TAKEN = message("slot_taken", zh="名额已满：{slots}", en="none left: {slots}")
KEY_REUSED = message(
    "key_reused", zh="{actor} 的命令键 {key} 已用过", en="{actor} has used the key {key} already"
)
SUPERSEDED = message(
    "superseded",
    zh="按政策 {decided} 决定，而现行政策为 {in_force}；请重新决定",
    en="decided by the policy {decided}, but {in_force} is in force; decide again",
)
_NONE = Text("无", "none")
_SLOT = Text("{name}（限 {limit}）", "{name} (limit {limit})")


class Conflict(StudioflowError):  # noqa: N818 - the name is a contract
    """A studio has moved on since it was read; read it and decide again.

    Where the embedder's transaction was broken off by it, as PostgreSQL does with one of two that
    wait for each other, the whole transaction is to be tried again.

    Attributes:
        studio: its id.
        expected: the number of events that it was thought to have.
        actual: what it has; None where somebody else is writing just now.

    >>> print(Conflict("s-01", 3, 4))
    s-01: expected 3 events, found 4; read it again and decide again
    """

    def __init__(self, studio: str, expected: int, actual: int | None) -> None:
        self.studio = studio
        self.expected = expected
        self.actual = actual
        super().__init__(studio, expected, actual)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence."""
        parameters = {
            "studio": visible(self.studio),
            "expected": self.expected,
            "actual": self.actual,
        }
        said = CONTENDED if self.actual is None else CONFLICT
        return render(said.text, parameters, language)


class SlotTaken(StudioflowError):  # noqa: N818 - the name is a contract
    """There is none left of what was to be taken.

    Attributes:
        slots: every one whose limit is reached, in the order in which they were asked for.

    >>> SlotTaken([Slot("place", 30)]).explain("zh")
    '名额已满：place（限 30）'
    """

    def __init__(self, slots: Iterable[Slot]) -> None:
        self.slots: tuple[Slot, ...] = tuple(slots)
        super().__init__(self.slots)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with every slot."""
        slots = [
            render(_SLOT, {"name": visible(slot.name), "limit": slot.limit}, language)
            for slot in self.slots
        ]
        return render(SLOT_TAKEN.text, {"slots": listed(slots, language)}, language)


class KeyReused(StudioflowError):  # noqa: N818 - the name is a contract
    """An idempotency key stands for an event already, of this payload or another.

    Attributes:
        actor: whose key it is, by id.
        key: as the actor sent it.

    >>> print(KeyReused("p-07", "k-1"))
    p-07 has used the key 'k-1' already
    """

    def __init__(self, actor: str, key: str) -> None:
        self.actor = actor
        self.key = key
        super().__init__(actor, key)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence."""
        parameters = {"actor": visible(self.actor), "key": shown(self.key)}
        return render(KEY_REUSED.text, parameters, language)


class Superseded(StudioflowError):  # noqa: N818 - the name is a contract
    """The policy was amended since this was decided.

    Attributes:
        decided: the fingerprint of the policy that it was decided by.
        in_force: that of the policy in force; None where there is none.

    >>> print(Superseded("sha256:0", "sha256:1"))
    decided by the policy sha256:0, but sha256:1 is in force; decide again
    """

    def __init__(self, decided: str, in_force: str | None) -> None:
        self.decided = decided
        self.in_force = in_force
        super().__init__(decided, in_force)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence."""
        in_force = _NONE if self.in_force is None else visible(self.in_force)
        parameters = {"decided": visible(self.decided), "in_force": in_force}
        return render(SUPERSEDED.text, parameters, language)


class Damaged(StudioflowError):  # noqa: N818 - as the others
    """What is stored is not what was written.

    Attributes:
        place: the studio with its version, the file, or what else was found damaged.

    >>> print(Damaged("s-01/3"))
    the register is damaged (s-01/3) and takes nothing more: run `studioflow programme verify`, ...
    """

    def __init__(self, place: str) -> None:
        self.place = place
        super().__init__(place)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with what to do."""
        return render(DAMAGED.text, {"place": visible(self.place)}, language)


class StorageFailed(StudioflowError):  # noqa: N818 - as the others
    """What keeps the register could not be reached or written; nothing was, but for `traces_left`.

    Where a connection is lost in the very moment of its commit nobody can tell: the same command
    with its key may be sent again. In an embedder's transaction on SQLite a full disk takes back
    all of that transaction.

    Attributes:
        why: a word for it.
        detail: what the database said of it.

    >>> StorageFailed("disk_full", "database or disk is full").explain("zh")
    '磁盘已满，什么也没有写入（database or disk is full）：腾出空间后重试'
    """

    def __init__(self, why: WhyStorageFailed, detail: str = "") -> None:
        self.why = why
        self.detail = detail
        super().__init__(why, detail)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with what to do."""
        said = STORAGE_FAILED[self.why]
        return render(said.text, {"detail": visible(self.detail or self.why)}, language)


class TooNew(StudioflowError):  # noqa: N818 - as the others
    """A newer release has written to the register: this one reads it, and writes nothing.

    Attributes:
        found: the version that is stored; `known` is the latest that this release knows.

    >>> print(TooNew(2, 1))
    a newer release has written to the register (2; this one knows 1), so it is only read: ...
    """

    def __init__(self, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(found, known)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with what to do."""
        return render(TOO_NEW.text, {"found": self.found, "known": self.known}, language)
