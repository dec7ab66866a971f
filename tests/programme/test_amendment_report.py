"""What an amendment would do is told before it is done."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.programme.amended import (
    NO_RETURN,
    STRICTER,
    everything_kept,
    ran,
    returned,
)
from tests.programme.reference import (
    COMMITTEE,
    World,
    codes,
)


@pytest.fixture
def running(world: World) -> World:
    """A programme with an evaluated, an operating and a declared studio, two years later."""
    return ran(world)


def test_looking_changes_nothing(running: World) -> None:
    """A report may be asked for at any time: nothing is written by it."""
    before = everything_kept(running.register)
    running.programme.amendment(running.policy.vary(NO_RETURN))

    assert before == everything_kept(running.register)
    assert running.policy is running.programme.policy


def test_what_differs(running: World) -> None:
    """The report has every value that differs, with the clause that it belongs to."""
    report = running.programme.amendment(running.policy.vary(STRICTER))

    assert [("criteria/5.2.2/norm", 16, 30, "5.2.2"), ("version", "1", "2", None)] == [
        (each.path, each.before, each.after, each.clause) for each in report.differences
    ]


def test_what_changes_on_a_sheet(running: World) -> None:
    """An evaluated studio's sheet is told item by item, as it is and as it would be."""
    report = running.programme.amendment(running.policy.vary(STRICTER))
    (sheet,) = (each.sheet for each in report.studios if each.before == "evaluated")

    assert [("criteria/5.2.2", "18", "4"), ("total", "92", "78")] == [
        (change.item, change.before, change.after) for change in sheet
    ]


def test_what_is_possible_and_no_more(world: World) -> None:
    """Of each studio it says which steps it gains, and which it loses and why."""
    world.studio("declared")
    world.clock.on(date(2023, 4, 3))
    step = {
        "label": {"zh": "公示", "en": "publish"},
        "from": "declared",
        "to": "same",
        "by": ["bureau_committee"],
    }
    policy = world.policy.vary(
        {**NO_RETURN, "quota/places": 0, "lifecycle/transitions/publish": step}
    )
    (told,) = world.programme.amendment(policy).studios

    assert ("publish",) == told.newly
    assert {"approve": ["quota"], "return_for_completion": ["amended_step_gone"]} == {
        name: codes(reasons) for name, reasons in told.no_more.items()
    }


def test_who_could_not_go_on(world: World) -> None:
    """A studio in a state that is gone is told of, with the others that could go on."""
    returned(world)
    world.studio("declared", 2)
    report = world.programme.amendment(world.policy.vary(NO_RETURN))

    assert ["s-01"] == [each.studio for each in report.stuck]
    assert [("returned", None), ("declared", "declared")] == [
        (each.before, each.after) for each in report.studios
    ]
    assert ["amended_state_gone"] == codes(report.reasons)
    assert ("s-01", "returned") == report.reasons[0].about


def test_report_in_words(world: World) -> None:
    """The report says itself in both languages, and as JSON."""
    returned(world)
    report = world.programme.amendment(world.policy.vary({**NO_RETURN, "criteria/5.2.2/norm": 30}))

    assert "criteria/5.2.2/norm: 16 → 30 (5.2.2)" in report.explain("en")
    assert "criteria/5.2.2/norm：16 → 30（5.2.2）" in report.explain("zh")
    assert "s-01: returned for completion → nowhere to go" in report.explain("en")
    assert "✗ s-01现为“退回补正”" in report.explain("zh")
    told: Any = json.loads(json.dumps(report.to_dict("zh"), ensure_ascii=False))
    assert ("studioflow.amendment/1", False) == (told["schema"], told["possible"])
    assert ["amended_state_gone"] == [each["code"] for each in told["studios"][0]["reasons"]]


def test_same_version(running: World) -> None:
    """A policy that differs and calls itself by the same version is warned of, and may be."""
    edited = running.policy.vary({"criteria/5.2.2/norm": 30})
    report = running.programme.amend(edited, by=COMMITTEE)

    assert ["amended_same_version"] == codes(report.warnings)
    assert "! the version is 1, as before" in report.explain("en")
