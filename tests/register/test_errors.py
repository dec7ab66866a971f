"""What stands against keeping an event is said in both languages, and carries data."""

from __future__ import annotations

import pickle

import pytest

from studioflow.errors import StudioflowError
from studioflow.register import Conflict, KeyReused, Slot, SlotTaken, Superseded

ERRORS = [
    Conflict("s-01", 3, 4),
    SlotTaken([Slot("place", 30), Slot("reward:s-01", 1)]),
    KeyReused("p-07", "k-1"),
    Superseded("sha256:0", "sha256:1"),
]
NAMES = ["conflict", "slot_taken", "key_reused", "superseded"]


@pytest.mark.parametrize(
    ("error", "zh", "en"),
    [
        (
            ERRORS[0],
            "s-01：应有 3 个事件，实有 4 个；请重新读取后再决定",
            "s-01: expected 3 events, found 4; read it again and decide again",
        ),
        (
            ERRORS[1],
            "名额已满：place（限 30）、reward:s-01（限 1）",
            "none left: place (limit 30), reward:s-01 (limit 1)",
        ),
        (ERRORS[2], "p-07 的命令键 'k-1' 已用过", "p-07 has used the key 'k-1' already"),
        (
            ERRORS[3],
            "按政策 sha256:0 决定，而现行政策为 sha256:1；请重新决定",
            "decided by the policy sha256:0, but sha256:1 is in force; decide again",
        ),
    ],
    ids=NAMES,
)
def test_explained(error: Conflict | SlotTaken | KeyReused | Superseded, zh: str, en: str) -> None:
    """Each error says its sentence in Chinese and in English, which is also its text."""
    assert (zh, en, en) == (error.explain("zh"), error.explain("en"), str(error))


@pytest.mark.parametrize("error", ERRORS, ids=NAMES)
def test_pickled(error: StudioflowError) -> None:
    """An error passes from process to process with its data."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (type(error), error.args, str(error)) == (type(again), again.args, str(again))


@pytest.mark.parametrize(
    "error",
    [
        Conflict("s\u202e1", 0, 1),
        SlotTaken([Slot("place\u202e1", 1)]),
        KeyReused("p\u202e7", "k"),
        KeyReused("p", "k\u202e1"),
        Superseded("sha256:\u202e", None),
        Superseded("sha256:0", "sha256:\u202e"),
    ],
    ids=["studio", "slot", "actor", "key", "decided", "in_force"],
)
def test_hostile_ids(error: StudioflowError) -> None:
    """What can not be seen in an id is escaped where it is said."""
    assert r"\u202e" in str(error)


def test_long_key() -> None:
    """A key of any size makes a short sentence, and stays whole as data."""
    error = KeyReused("p-07", "k" * 1000)

    assert ("k" * 1000, True) == (error.key, len(str(error)) < 150)


def test_nothing_in_force() -> None:
    """Where no policy is in force, that is said in words."""
    assert "现行政策为 无" in Superseded("sha256:0", None).explain("zh")
