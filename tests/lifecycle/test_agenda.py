"""The agenda of a studio: what is overdue, due, upcoming and possible, on any day."""

from __future__ import annotations

import sys
from datetime import date, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.errors import MissingExtraError
from studioflow.lifecycle import Agenda, Lifecycle
from studioflow.lifecycle.outlook import as_of, next_steps
from studioflow.studio import Studio
from tests.lifecycle.reporting import BUREAU, SCHOOL, acted, operating, reporting

LIFECYCLE = Lifecycle(reporting())


def agenda(studio: Studio, on: str, until: str | None = None) -> Agenda:
    """Return the agenda of a studio."""
    last = None if until is None else date.fromisoformat(until)
    return LIFECYCLE.agenda(studio, on=date.fromisoformat(on), until=last)


def told(found: Agenda) -> list[tuple[str, str | None, str | None, str | None]]:
    """Return kind, action and days of each item."""
    return [
        (
            item.kind,
            item.action,
            None if item.start is None else item.start.isoformat(),
            None if item.end is None else item.end.isoformat(),
        )
        for item in found.items
    ]


def read(file: bytes) -> list[icalendar.Event]:
    """Return the events of a calendar file."""
    found = icalendar.Calendar.from_ical(file).walk("VEVENT")
    return [event for event in found if isinstance(event, icalendar.Event)]


def returned() -> Studio:
    """Return a studio that was sent back, with a deadline."""
    declared = operating(LIFECYCLE, until="declare")
    return acted(
        LIFECYCLE, declared, "send_back", "2024-03-06", gaps=["签章"], due=date(2024, 3, 20)
    )


def _come_to(last: str) -> Studio:
    """Return a studio to which an action of the way, or beside it, happened last."""
    match last:
        case "object_to":
            return acted(LIFECYCLE, operating(LIFECYCLE, until="approve"), last, "2024-04-20")
        case "send_back":
            return returned()
        case "report":
            return acted(LIFECYCLE, operating(LIFECYCLE), last, "2024-04-30", remark="年报")
    return operating(LIFECYCLE, until=last)


class TestDuties:
    """What the policy asks for."""

    def test_due(self) -> None:
        """In its occurrence a duty is due, and its step is not said a second time."""
        expected = [
            ("due", "report", "2024-04-29", "2025-04-28"),
            ("possible", "pause", None, None),
        ]
        assert expected == told(agenda(operating(LIFECYCLE), "2024-06-01"))

    def test_overdue(self) -> None:
        """What was missed is overdue, and stands before what is due now."""
        found = agenda(operating(LIFECYCLE), "2025-05-01")
        assert [
            ("overdue", "report", "2024-04-29", "2025-04-28"),
            ("due", "report", "2025-04-29", "2026-04-28"),
        ] == told(found)[:2]

    def test_done(self) -> None:
        """What was done is gone, and the step is only possible until the next occurrence."""
        studio = acted(LIFECYCLE, operating(LIFECYCLE), "report", "2025-03-01", remark="年报")
        expected = [
            ("upcoming", "report", "2025-04-29", "2026-04-28"),
            ("possible", "pause", None, None),
            ("possible", "report", None, None),
        ]
        assert expected == told(agenda(studio, "2025-03-02"))

    def test_how_far_ahead(self) -> None:
        """What begins after the last day that is looked at is not told."""
        studio = acted(LIFECYCLE, operating(LIFECYCLE), "report", "2025-03-01", remark="年报")
        found = [
            agenda(studio, "2025-03-02", until).of_kind("upcoming").items
            for until in ("2025-04-28", "2025-04-29")
        ]
        assert [0, 1] == [len(items) for items in found]

    def test_deadline_of_a_duty(self) -> None:
        """A deadline on which a duty hangs is told once, as the duty."""
        found = agenda(returned(), "2024-03-10")
        assert [("due", "declare", "2024-03-06", "2024-03-20")] == told(found)
        assert ["completion"] == [item.duty for item in found.items]
        late = agenda(returned(), "2024-03-21")
        assert [("overdue", "declare", "2024-03-06", "2024-03-20")] == told(late)

    def test_deadline_alone(self) -> None:
        """A deadline that no duty knows is told by itself, for whoever can take the studio on."""
        bare = Lifecycle(LIFECYCLE.policy.vary({"lifecycle/duties/completion": "none"}))
        found = bare.agenda(returned(), on=date(2024, 3, 10))
        assert [
            ("due", None, "2024-03-06", "2024-03-20"),
            ("possible", "declare", None, None),
        ] == told(found)
        assert ["school"] == [*found.items[0].roles]
        assert "“退回补正”所定期限" == found.items[0].label.zh
        late = bare.agenda(returned(), on=date(2024, 3, 21))
        assert "overdue" == late.items[0].kind


class TestSteps:
    """What the lifecycle allows."""

    def test_before_the_window(self) -> None:
        """A step whose window has not begun is upcoming, on the day on which it begins."""
        studio = operating(LIFECYCLE, until="approve")
        expected = [
            ("upcoming", "operate", "2024-04-28", None),
            ("possible", "object_to", None, None),
        ]
        assert expected == told(agenda(studio, "2024-04-20"))

    def test_in_the_window(self) -> None:
        """A step that leads on is due by the end of its window, with what is against it."""
        found = agenda(operating(LIFECYCLE), "2026-03-02").of_kind("due")
        assert [("due", "evaluate", "2026-03-01", "2026-04-15")] == told(found)[:1]
        assert ["reported"] == [reason.code for reason in found.items[0].reasons]

    def test_after_the_window(self) -> None:
        """A step that leads on and whose window is over is overdue."""
        found = agenda(operating(LIFECYCLE), "2026-04-16").of_kind("overdue")
        assert ("overdue", "evaluate", "2026-03-01", "2026-04-15") in told(found)

    def test_what_is_in_the_way(self) -> None:
        """A step that something is against, and that has no last day, is not told."""
        studio = acted(LIFECYCLE, operating(LIFECYCLE, until="approve"), "object_to", "2024-04-20")
        expected = [("possible", "object_to", None, None), ("possible", "settle", None, None)]
        assert expected == told(agenda(studio, "2024-04-30"))

    @pytest.mark.parametrize(
        ("on", "expected"),
        [
            ("2024-02-01", [("upcoming", "declare", "2024-03-01", "2024-03-31")]),
            ("2024-03-31", [("due", "declare", "2024-03-01", "2024-03-31")]),
            ("2024-04-01", []),
        ],
    )
    def test_to_be_declared(
        self, on: str, expected: list[tuple[str, str | None, str | None, str | None]]
    ) -> None:
        """Who may still declare has the call on the agenda, and nothing once it is over."""
        found = agenda(Studio(id="new"), on)
        assert expected == told(found)
        assert all(item.studio is None for item in found.items)

    def test_at_the_end(self) -> None:
        """In a final state nothing is to be done."""
        studio = operating(LIFECYCLE)
        for day in ("2025-04-01", "2026-03-01"):
            studio = acted(LIFECYCLE, studio, "report", day, remark="年报")
        studio = acted(LIFECYCLE, studio, "evaluate", "2026-03-02")
        assert [] == told(agenda(studio, "2026-06-01"))
        assert "  nothing" in agenda(studio, "2026-06-01").explain()

    def test_asking_changes_nothing(self) -> None:
        """The same question has the same answer, and the studio stays as it was."""
        studio = operating(LIFECYCLE)
        before = studio.version
        assert agenda(studio, "2025-05-01") == agenda(studio, "2025-05-01")
        assert before == studio.version


class TestAgainstTheGate:
    """The agenda says what the gate says when real people ask it."""

    @settings(max_examples=40, deadline=None)
    @given(
        st.sampled_from(["declare", "approve", "object_to", "send_back", "operate", "report"]),
        st.dates(date(2024, 4, 30), date(2026, 6, 1)),
    )
    def test_nothing_possible_is_left_out(self, last: str, on: date) -> None:
        """All that its own people or the bureau may do is told, and nothing that none may."""
        studio = _come_to(last)
        found = LIFECYCLE.agenda(studio, on=on)
        asked = [LIFECYCLE.available(studio, by=by, on=on) for by in (SCHOOL, BUREAU)]
        may = {
            name
            for each in asked
            for name, verdict in each.items()
            if verdict or verdict.wants_input
        }
        now = [item for item in found.items if item.kind != "upcoming"]
        assert may <= {item.action for item in now}
        assert {item.action for item in now if item.kind == "possible"} <= may


class TestAgenda:
    """The agenda as a whole."""

    def test_of_a_day_that_is_over(self) -> None:
        """Of an earlier day it knows only what had happened by then."""
        studio = operating(LIFECYCLE)
        expected = told(agenda(operating(LIFECYCLE, until="approve"), "2024-04-20"))
        assert expected == told(agenda(studio, "2024-04-20"))
        assert "declared" == as_of(studio, date(2024, 4, 18)).state

    def test_ids_stay(self) -> None:
        """From the day on which it comes into sight, an item has one id, whatever becomes of it."""
        studio = operating(LIFECYCLE)
        first = date(2025, 2, 1)
        kinds: dict[str, list[str]] = {}
        for n in range(0, 480, 5):
            on = first + timedelta(days=n)
            found = LIFECYCLE.agenda(studio, on=on)
            ids = [item.id for item in found.items]
            assert len(set(ids)) == len(ids)
            for item in found.items:
                seen = kinds.setdefault(item.id, [])
                if item.kind not in seen:
                    seen.append(item.kind)
        assert {
            "reporting/s-01/duty/yearly/2024-04-29": ["due", "overdue"],
            "reporting/s-01/duty/yearly/2025-04-29": ["upcoming", "due", "overdue"],
            "reporting/s-01/step/evaluate/2026-03-01": ["upcoming", "due", "overdue"],
            "reporting/s-01/step/pause/2024-04-29": ["possible"],
        } == kinds

    def test_for_role(self) -> None:
        """A role's agenda has what is for it, and nothing else."""
        found = agenda(operating(LIFECYCLE), "2026-03-02")
        assert ["evaluate"] == [item.action for item in found.for_role("bureau").items]
        assert {"report", "pause"} == {item.action for item in found.for_role("school").items}

    def test_explained(self) -> None:
        """It reads as headings with an item in each line, in either language."""
        found = agenda(operating(LIFECYCLE), "2026-03-02")
        assert [
            "2026-03-02至2026-05-31",
            "逾期（1）",
            "  s-01：年度报告，2025-04-28前（含当日）；由学校办理（7）",
            "应办（2）",
            "  s-01：考核，2026-04-15前（含当日）；由教育局办理（9）",
            "    · 年度报告缺1次",
        ] == [line.partition("：年度报告逾期")[0] for line in found.explain("zh").splitlines()[:6]]
        assert "  s-01: evaluate, by 2026-04-15; for bureau (9)" in found.explain().splitlines()

    def test_as_json(self) -> None:
        """In JSON an item has ids and labels, days as ISO dates, and its reasons."""
        made = agenda(operating(LIFECYCLE), "2026-03-02").of_kind("due").to_dict()
        assert ["studioflow.agenda/1", "2026-03-02", "2026-05-31"] == [
            made[key] for key in ("schema", "on", "until")
        ]
        items = made["items"]
        assert isinstance(items, list)
        item = dict(items[0])
        assert ["reported"] == [reason["code"] for reason in item.pop("reasons")]
        assert {
            "id": "reporting/s-01/step/evaluate/2026-03-01",
            "kind": "due",
            "studio": "s-01",
            "action": "evaluate",
            "duty": None,
            "label": "evaluate",
            "roles": {"bureau": "bureau"},
            "from": "2026-03-01",
            "to": "2026-04-15",
            "clause": "9",
        } == item


class TestICalendar:
    """The agenda as a calendar file."""

    def test_read_again(self) -> None:
        """Each item with a day is an all-day event on it, with the item's id."""
        found = agenda(operating(LIFECYCLE), "2026-03-02")
        events = read(found.to_ical("zh"))
        assert [
            ("reporting/s-01/duty/yearly/2024-04-29@studioflow", date(2025, 4, 28)),
            ("reporting/s-01/step/evaluate/2026-03-01@studioflow", date(2026, 4, 15)),
            ("reporting/s-01/duty/yearly/2025-04-29@studioflow", date(2026, 4, 28)),
        ] == [(str(event["uid"]), event.start) for event in events]
        assert "【逾期】年度报告：s-01" == str(events[0]["summary"])
        assert {timedelta(days=1)} == {event.end - event.start for event in events}

    def test_what_is_to_come(self) -> None:
        """What is upcoming stands on its first day."""
        found = agenda(operating(LIFECYCLE), "2026-01-02").of_kind("upcoming")
        (event,) = read(found.to_ical())
        assert date(2026, 3, 1) == event.start

    def test_twice_the_same(self) -> None:
        """The same agenda makes the same file, to the byte."""
        studio = operating(LIFECYCLE)
        made = [agenda(studio, "2026-03-02").to_ical() for _ in range(2)]
        assert made[0] == made[1]

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the library is missing, the command is named that installs it."""
        monkeypatch.delitem(sys.modules, "studioflow.lifecycle.icalendar_file", raising=False)
        monkeypatch.setitem(sys.modules, "icalendar", None)
        with pytest.raises(MissingExtraError, match=r"studioflow\[calendar\]"):
            agenda(operating(LIFECYCLE), "2026-03-02").to_ical()


@pytest.mark.parametrize(
    ("step", "expected"),
    [("declare", ("approve",)), ("approve", ("operate",)), ("operate", ("evaluate",))],
)
def test_next_steps(step: str, expected: tuple[str, ...]) -> None:
    """The next step is the one with which the shortest way to the next milestone begins."""
    assert expected == next_steps(LIFECYCLE.policy, operating(LIFECYCLE, until=step))


def test_next_steps_aside() -> None:
    """Beside the way, the next step is the one that leads back to it."""
    assert ("declare",) == next_steps(LIFECYCLE.policy, returned())
    paused = acted(LIFECYCLE, operating(LIFECYCLE), "pause", "2025-04-01")
    assert ("resume",) == next_steps(LIFECYCLE.policy, paused)
