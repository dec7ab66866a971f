"""The calendar of a policy file: moments, spans, working days and duties, right and wrong."""

from __future__ import annotations

import sys
from datetime import date

import pytest

from studioflow import timeline
from studioflow.errors import InputError, MissingExtraError
from studioflow.timeline import After, Due, OnEvent, Span, WorkingDays
from tests.lifecycle.reporting import reporting

DAY = date(2024, 4, 22)


def test_moments() -> None:
    """A moment is a day, hangs on one event or several, is a deadline set, or follows another."""
    policy = reporting().vary(
        {
            "calendar/moments/deadline": {"due": "send_back"},
            "calendar/moments/approved": date(2024, 3, 1),
        }
    )
    assert {
        "approved": date(2024, 3, 1),
        "published": After("approved", working_days=5),
        "begun": OnEvent(("operate", "resume")),
        "ends": After("begun", years=2, days=-1),
        "deadline": Due("send_back"),
    } == policy.calendar.moments


def test_working_days() -> None:
    """Working days name a country, days off and days worked; all are Monday to Friday without."""
    expected = WorkingDays("CN", frozenset({date(2024, 4, 22)}))
    assert expected == reporting().calendar.working_days
    plain = reporting().vary({"calendar/working_days": "none"})
    assert WorkingDays() == plain.calendar.working_days


def test_duties() -> None:
    """A duty has its days as moments and its lengths as spans."""
    yearly = reporting().procedure.duties["yearly"]
    assert (OnEvent("operate"), Span(years=1)) == (yearly.start, yearly.every)
    assert Due("send_back") == reporting().procedure.duties["completion"].until


@pytest.mark.parametrize(
    ("path", "value", "where", "code", "nearest"),
    [
        ("moments/begun", {"event": ["operate", "resum"]}, "", "unknown_name", "resume"),
        ("moments/begun", {"due": "sendback"}, "", "unknown_name", "send_back"),
        ("moments/begun", {"event": 3}, "/event", "wrong_type", None),
        ("moments/begun", {"due": "send_back", "days": 3}, "/days", "unknown_key", None),
        ("moments/ends", {"after": "begun", "working_days": 10**6}, "", "working_days_limit", None),
        ("working_days", {"country": "China"}, "", "unknown_country", None),
        ("working_days", {"holidays": ["soon"]}, "/holidays/0", "wrong_type", None),
        ("working_days", {"holidays": [DAY], "workdays": [DAY]}, "", "worked_and_off", None),
    ],
)
def test_wrong(
    path: str, value: dict[str, object], where: str, code: str, nearest: str | None
) -> None:
    """What is wrong with a calendar is told with its place and the nearest name."""
    with pytest.raises(InputError) as refused:
        reporting().vary({f"calendar/{path}": value})
    (problem,) = refused.value.problems
    expected = (f"calendar/{path}{where}", code, nearest)
    assert expected == (problem.path, problem.code, problem.nearest)


def test_wrong_span() -> None:
    """A span that runs backwards is bad input."""
    with pytest.raises(InputError) as refused:
        reporting().vary({"lifecycle/duties/yearly/every": {"years": -1}})
    (problem,) = refused.value.problems
    assert ("lifecycle/duties/yearly/every", "span_below_0") == (problem.path, problem.code)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A policy that names a country says how to install what knows its holidays."""
    timeline._countries.cache_clear()
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(MissingExtraError, match=r"studioflow\[calendar\]"):
        reporting().vary({"calendar/working_days/country": "DE"})
