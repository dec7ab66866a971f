"""The lifecycle as Mermaid text, in both languages, with markup in labels made harmless."""

from __future__ import annotations

import re

import pytest

from studioflow.lifecycle import mermaid
from studioflow.text import LANGUAGES, Language
from tests.lifecycle.conftest import World
from tests.lifecycle.drawn import NASTY, nasty, returned_and_plaqued


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_step(world: World, language: Language) -> None:
    """Every state stands there with its label, every step that moves a studio with who may take it.

    One that leaves it in its state is not drawn.
    """
    text = mermaid(world.policy, language)

    assert text.startswith("stateDiagram-v2\n")
    for state in world.policy.procedure.states.values():
        assert f'state "{state.label.get(language)}" as ' in text
    for step in world.policy.procedure.transitions.values():
        roles = " / ".join(world.policy.roles[role].label.get(language) for role in step.by)
        label = f"{step.label.get(language)} ({roles})".replace("'", "#39;")
        arrows = len(step.sources) if step.moves else 0
        assert arrows == text.count(f" : {label}\n")
    assert 1 == text.count("[*] --> ")
    # Nothing leaves what was refused, withdrawn, revoked or commended.
    assert 4 == text.count(" --> [*]")


def test_the_whole_diagram(world: World) -> None:
    """The reference lifecycle, as it is drawn."""
    expected = """\
stateDiagram-v2
    state "已申报" as s0
    state "退回补正" as s1
    state "不予批准" as s2
    state "已撤回" as s3
    state "已撤销" as s4
    state "已审批" as s5
    state "已授牌" as s6
    state "日常运作" as s7
    state "已考核评价" as s8
    state "已表彰" as s9
    [*] --> s0 : 申报 (基层党组织)
    s1 --> s0 : 申报 (基层党组织)
    s0 --> s5 : 审批 (局机关党委)
    s0 --> s1 : 退回补正 (局机关党委)
    s0 --> s2 : 不予批准 (局机关党委)
    s0 --> s3 : 撤回 (基层党组织)
    s1 --> s3 : 撤回 (基层党组织)
    s5 --> s3 : 撤回 (基层党组织)
    s6 --> s3 : 撤回 (基层党组织)
    s7 --> s3 : 撤回 (基层党组织)
    s5 --> s4 : 撤销 (局机关党委)
    s6 --> s4 : 撤销 (局机关党委)
    s7 --> s4 : 撤销 (局机关党委)
    s5 --> s6 : 授牌 (县教育局)
    s6 --> s7 : 启动日常运作 (基层党组织 / 领衔人)
    s7 --> s8 : 考核评价 (局机关党委)
    s8 --> s9 : 表彰 (局机关党委)
    s2 --> [*]
    s3 --> [*]
    s4 --> [*]
    s9 --> [*]
    classDef milestone fill:#d9e6f2,stroke:#2f5d8a,stroke-width:2px,color:#1f2933
    class s0,s5,s6,s7,s8,s9 milestone
"""
    assert expected == mermaid(world.policy, "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_fault_25_markup_in_labels(world: World, language: Language) -> None:
    """Quotes, brackets, tags, entities, comments, arrows and line breaks stay in their label."""
    text = mermaid(nasty(world.policy), language)

    harmless = r'[^"<>\[\]{}`%\\&|]*'
    place = r"(\[\*\]|s\d)"
    plain = mermaid(world.policy, language)
    assert len(plain.splitlines()) == len(text.splitlines())
    for line in text.splitlines()[1:-2]:
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


def test_what_is_off(world: World) -> None:
    """A state that is switched off is not drawn, and neither is a step to it or from it."""
    text = mermaid(world.policy.vary({"lifecycle/states/returned/on": False}), "zh")

    assert "退回补正" not in text
    assert 1 == text.count(" : 申报 ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_path_of_a_studio(world: World, language: Language) -> None:
    """The steps that it took have their days, and the state that it is in stands out.

    A state and steps that only an earlier version of the policy had are drawn as well.
    """
    text = mermaid(world.policy, language, returned_and_plaqued(world.policy))

    lines = text.splitlines()
    assert {
        ("[*] --> s0", "2023-03-22"),
        ("s1 --> s0", "2023-03-29"),
        ("s0 --> s5", "2023-04-14"),
        ("s0 --> s1", "2023-03-25"),
        ("s5 --> s6", "2023-06-15"),
        ("s5 --> s10", "2023-05-02"),
        ("s10 --> s5", "2023-06-01"),
    } == {
        (line.split(" : ")[0].strip(), line.rsplit(" ", 1)[1])
        for line in lines
        if re.search(r" 2023-\d\d-\d\d$", line)
    }
    assert '    state "on#95;hold" as s10' in lines
    assert {"zh": "政策修订", "en": "policy amended"}[language] in text
    assert "    class s0,s1,s5,s10 visited" in lines
    assert "    class s6 present" in lines
    assert "milestone" not in text
