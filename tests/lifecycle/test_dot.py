"""The lifecycle in Graphviz's language: what is drawn, what is said, and in which direction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest

from studioflow.lifecycle import dot
from studioflow.lifecycle.pictures.order import order_of
from studioflow.policy import UNDECLARED
from studioflow.text import LANGUAGES, Language, visible
from tests.lifecycle.conftest import World
from tests.lifecycle.drawn import nasty, returned_and_plaqued

LABEL = re.compile(r"label=<(<TABLE.*</TABLE>)>")


def said(line: str) -> list[str]:
    """Return the lines of a label, as a reader sees them."""
    found = LABEL.search(line)
    if found is None:
        return []
    tree = ET.fromstring(found[1].replace("&#160;", ""))  # noqa: S314 - our own
    return ["".join(cell.itertext()) for cell in tree.iter("TD")]


def boxes(text: str) -> dict[str, list[str]]:
    """Return what each state's box says, by id."""
    return {
        line.split()[0]: said(line) for line in text.splitlines() if re.match(r"  s\d+ \[", line)
    }


def arrows(text: str) -> Iterator[tuple[str, list[str], str]]:
    """Yield from where to where each step leads that is seen, what it says, and how it looks."""
    for line in text.splitlines():
        found = re.match(r"  (\w+) -> (\w+) \[", line)
        if found and "style=invis" not in line:
            ends = found.groups()
            way = " ".join(reversed(ends) if "dir=back" in line else ends)
            yield way, said(line), LABEL.sub("", line)


def test_boxes(world: World) -> None:
    """A box has the state's name, what is done in it, and the steps that start from many states."""
    found = boxes(dot(world.policy, "zh"))

    assert ["已审批", "记录 · 更正 · 实地查看", "→ 撤回 · 撤销"] == found["s5"]
    assert ["已撤回", "← 撤回", "基层党组织"] == found["s3"]
    assert ["不予批准"] == found["s2"]
    assert len(world.policy.procedure.states) == len(found)


def test_arrows(world: World) -> None:
    """An arrow has the step's name and who may take it; one that starts from many is not drawn."""
    found = {way: words for way, words, _ in arrows(dot(world.policy, "zh"))}

    assert {
        "start s0": ["申报", "基层党组织"],
        "s1 s0": ["申报", "基层党组织"],
        "s0 s5": ["审批", "局机关党委"],
        "s0 s1": ["退回补正", "局机关党委"],
        "s0 s2": ["不予批准", "局机关党委"],
        "s5 s6": ["授牌", "县教育局"],
        "s6 s7": ["启动日常运作", "基层党组织 / 领衔人"],
        "s7 s8": ["考核评价", "局机关党委"],
        "s8 s9": ["表彰", "局机关党委"],
    } == found


def test_english(world: World) -> None:
    """In English the long name of a role is broken into lines."""
    found = {way: words for way, words, _ in arrows(dot(world.policy))}

    role = ["Party organisation of the", "lead's unit /", "lead of the studio"]
    assert ["start daily operation", *role] == found["s6 s7"]


def test_who_may_do_what_is_not_drawn(world: World) -> None:
    """Steps that leave a studio in its state are listed below, with who may take them."""
    text = dot(world.policy, "zh")
    legend = next(line for line in text.splitlines() if line.startswith("  graph [label="))

    cells = said(legend)
    assert "不改变状态的步骤" == cells[0]
    assert ["记录", "更正", "实地查看", "评分", "一次性奖励"] == cells[1::2]
    assert "县教育局 / 局机关党委 / 考核评价人员" == cells[6]


def test_what_stands_out(world: World) -> None:
    """The way from milestone to milestone is straight and strong; what nothing leaves is framed."""
    lines = dot(world.policy).splitlines()

    assert 7 == sum("group=way" in line for line in lines)
    assert ["s2", "s3", "s4", "s9"] == [
        line.split()[0] for line in lines if "peripheries=2" in line
    ]
    strong = [way for way, _, look in arrows("\n".join(lines)) if "weight=20" in look]
    assert ["start s0", "s0 s5", "s5 s6", "s6 s7", "s7 s8", "s8 s9"] == strong


def test_only_loops_lead_back(world: World) -> None:
    """Just what goes again to where a studio has been is drawn backwards."""
    back = [way for way, _, look in arrows(dot(world.policy)) if "dir=back" in look]

    assert ["s1 s0"] == back


def test_order(world: World) -> None:
    """Every state is farther than those before it on the way, and ways out are farther, too."""
    states = list(world.policy.procedure.states)
    order = order_of(world.policy, states)

    way = ["declared", "approved", "plaqued", "operating", "evaluated", "commended"]
    assert [UNDECLARED, *way] == sorted([UNDECLARED, *way], key=order.__getitem__)
    assert order["withdrawn"] > order["operating"]
    assert order["returned"] > order["declared"]


def test_what_is_off(world: World) -> None:
    """What is switched off is not drawn."""
    text = dot(world.policy.vary({"lifecycle/states/returned/on": False}), "zh")

    assert "退回补正" not in text


def test_the_path_of_a_studio(world: World) -> None:
    """The steps that it took have their days, and what it did in a state stands in its box."""
    text = dot(world.policy, "zh", returned_and_plaqued(world.policy))

    taken = {way: words for way, words, look in arrows(text) if "penwidth=2.2" in look}
    assert {
        "start s0": ["申报", "2023-03-22"],
        "s0 s1": ["退回补正", "2023-03-25"],
        "s1 s0": ["申报", "2023-03-29"],
        "s0 s5": ["审批", "2023-04-14"],
        "s5 s10": ["hold", "2023-05-02"],
        "s10 s5": ["政策修订", "2023-06-01"],
        "s5 s6": ["授牌", "2023-06-15"],
    } == taken
    found = boxes(text)
    assert ["已授牌", "现在", "记录（2次，至2023-06-17）", "实地查看（2023-06-18）"] == found["s6"]
    assert ["已撤回"] == found["s3"]
    assert ["on_hold"] == found["s10"]


def test_many_times(world: World) -> None:
    """Of a step that was taken again and again the last days are said, and how many were before."""
    studio = returned_and_plaqued(world.policy)
    again = list(studio.history[1:3]) * 3
    often = type(studio).from_events(studio.id, [studio.history[0], *again])
    found = {way: words for way, words, _ in arrows(dot(world.policy, "en", often))}

    assert ["declare", "2023-03-29, 2023-03-29,", "2023-03-29"] == found["s1 s0"]
    more = type(studio).from_events(studio.id, [studio.history[0], *again, *again])
    found = {way: words for way, words, _ in arrows(dot(world.policy, "en", more))}
    assert "3 times before" == found["s1 s0"][1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_fault_25_markup_in_labels(world: World, language: Language) -> None:
    """Nothing in a label is read as markup, and none of it is lost."""
    policy = nasty(world.policy)
    text = dot(policy, language)

    plain = dot(world.policy, language)
    assert len(plain.splitlines()) == len(text.splitlines())
    assert "<script" not in text
    words = " ".join(word for line in text.splitlines() for word in said(line))
    for transition in ("approve", "record", "withdraw"):
        label = policy.procedure.transitions[transition].label.get(language)
        assert visible(" ".join(label.split())).replace(" ", "") in words.replace(" ", "")
