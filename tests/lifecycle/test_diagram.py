"""The lifecycle as Mermaid text, in both languages, with markup in labels made harmless."""

from __future__ import annotations

import re

import pytest

from studioflow.lifecycle import mermaid
from studioflow.text import LANGUAGES, Language
from tests.lifecycle.conftest import World

NASTY = 'a "b" [c] {d} <script>alert(1)</script> #e; `f` %%g :::h --> x\n[*] --> s0 : i & j | k \\'


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_step(world: World, language: Language) -> None:
    """Every state stands there with its label, every step with its label and who may take it."""
    text = mermaid(world.policy, language)

    assert text.startswith("stateDiagram-v2\n")
    for state in world.policy.procedure.states.values():
        assert f'state "{state.label.get(language)}" as ' in text
    for step in world.policy.procedure.transitions.values():
        roles = " / ".join(world.policy.roles[role].label.get(language) for role in step.by)
        label = f"{step.label.get(language)} ({roles})".replace("'", "#39;")
        assert 1 == text.count(f" : {label}\n")
    assert 1 == text.count("[*] --> ")
    assert 1 == text.count(" --> [*]")


def test_the_whole_diagram(world: World) -> None:
    """The reference lifecycle, as it is drawn."""
    expected = """\
stateDiagram-v2
    state "已申报" as s0
    state "已审批" as s1
    state "已授牌" as s2
    state "日常运作" as s3
    state "已考核评价" as s4
    state "已表彰" as s5
    [*] --> s0 : 申报 (基层党组织)
    s0 --> s1 : 审批 (局机关党委)
    s1 --> s2 : 授牌 (县教育局)
    s2 --> s3 : 启动日常运作 (基层党组织 / 领衔人)
    s3 --> s4 : 考核评价 (局机关党委)
    s4 --> s5 : 表彰 (局机关党委)
    s5 --> [*]
"""
    assert expected == mermaid(world.policy, "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_fault_25_markup_in_labels(world: World, language: Language) -> None:
    """Quotes, brackets, tags, entities, comments, arrows and line breaks stay in their label."""
    label = {"zh": NASTY, "en": NASTY}
    nasty = world.policy.vary(
        {
            "lifecycle/states/declared/label": label,
            "lifecycle/transitions/approve/label": label,
            "roles/bureau_committee/label": label,
        }
    )
    text = mermaid(nasty, language)

    harmless = r'[^"<>\[\]{}`%\\&|]*'
    place = r"(\[\*\]|s\d)"
    plain = mermaid(world.policy, language)
    assert len(plain.splitlines()) == len(text.splitlines())
    for line in text.splitlines()[1:]:
        assert re.fullmatch(
            rf'    (state "{harmless}" as s\d|{place} --> {place}( : {harmless})?)', line
        )
    for mark in ('"', "<", ">", "[", "]", "#", "%", "&", "`", ";"):
        if mark in NASTY:
            assert f"#{ord(mark)};" in text


def test_fault_25_words_that_mermaid_keeps(world: World) -> None:
    """Mermaid takes any line with "direction LR" in it for a layout: the words are kept apart."""
    label = {"zh": "换 direction  lr", "en": "a new direction LR"}
    text = mermaid(world.policy.vary({"lifecycle/transitions/approve/label": label}))

    assert "a new direction#32;LR (bureau Party committee)" in text
