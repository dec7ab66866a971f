"""What stands against keeping an event. Ids only: nothing here is personal."""

from __future__ import annotations

from collections.abc import Iterable

from studioflow.errors import StudioflowError, shown
from studioflow.register.port import Slot
from studioflow.text import Language, Text, listed, message, render, visible

__all__ = ["Conflict", "KeyReused", "SlotTaken", "Superseded"]

CONFLICT = message(
    "conflict",
    zh="{studio}：应有 {expected} 个事件，实有 {actual} 个；请重新读取后再决定",
    en="{studio}: expected {expected} events, found {actual}; read it again and decide again",
)
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
    """A studio has moved on since it was read.

    Attributes:
        studio: its id.
        expected: the number of events that it was thought to have; `actual` is what it has.

    >>> print(Conflict("s-01", 3, 4))
    s-01: expected 3 events, found 4; read it again and decide again
    """

    def __init__(self, studio: str, expected: int, actual: int) -> None:
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
        return render(CONFLICT.text, parameters, language)


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
