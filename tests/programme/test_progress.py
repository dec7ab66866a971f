"""Progress: where each item stands, what is still possible, and what is missing next."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.policy import Policy
from studioflow.programme.progress import ItemProgress, Progress
from studioflow.rubric.sheet import Points
from studioflow.verdict import Denied
from tests.programme.reference import (
    ASSESSORS,
    LEAD,
    OFFICE,
    World,
    activity,
    inspection,
    mark,
    roster,
)


@pytest.fixture
def operating(world: World) -> World:
    """A programme with one operating studio, in September."""
    world.studio("operating")
    world.clock.on(date(2023, 9, 1))
    return world


def _item(progress: Progress, name: str) -> ItemProgress:
    (found,) = [item for item in progress.items if item.id == name]
    return found


def _said(item: ItemProgress) -> list[str]:
    return [reason.code for reason in item.missing]


def test_every_item_of_the_form(operating: World) -> None:
    """The gates stand first, then the criteria, in the order of the form."""
    progress = operating.programme.progress("s-01")
    rubric = operating.policy.rubric

    assert [*rubric.gates, *rubric.criteria] == [item.id for item in progress.items]
    assert ("s-01", date(2023, 9, 1)) == (progress.studio, progress.on)


def test_what_has_been_reached(operating: World) -> None:
    """A count stands at what it has reached, may still grow to the top, and says until when."""
    records = {"activity": [activity(n, date(2023, 5, n)) for n in range(1, 11)]}
    operating.programme.record("s-01", records, by=LEAD)
    item = _item(operating.programme.progress("s-01"), "5.2.2")

    assert item.now is not None
    assert (Fraction(10), (Fraction(10), Fraction(20))) == (item.now.points, item.possible)
    assert ["stands_at"] == _said(item)
    assert "2024-11-30" in item.missing[0].text("zh")


def test_a_record_that_could_be_completed(operating: World) -> None:
    """A record that does not count for want of something is named, with what it lacks."""
    incomplete = activity(2, date(2023, 5, 5), brief=[])
    records = {"activity": [activity(1, date(2023, 5, 4)), incomplete]}
    operating.programme.record("s-01", records, by=LEAD)
    item = _item(operating.programme.progress("s-01"), "5.2.2")

    assert ["stands_at", "record_repairable"] == _said(item)
    assert "activity-2" in item.missing[1].text("zh")
    assert "简讯" in item.missing[1].text("zh")


def test_whom_it_waits_for(operating: World) -> None:
    """A mark that nobody has given is waited for, and it is said from whom."""
    item = _item(operating.programme.progress("s-01"), "5.2.3")

    assert "waits_for" in _said(item)
    assert "名师办" in item.missing[0].text("zh")
    assert (Fraction(0), Fraction(5)) == item.possible


def test_a_mark_may_be_joined(operating: World) -> None:
    """While more people may mark an item, its points are not settled, and that is said."""
    operating.programme.mark("s-01", [mark("5.1.1", 9)], by=ASSESSORS[0])
    item = _item(operating.programme.progress("s-01"), "5.1.1")

    assert item.now is not None
    assert (Fraction(9), (Fraction(0), Fraction(10))) == (item.now.points, item.possible)
    assert ["may_be_joined"] == [reason.code for reason in item.missing]


def test_a_mark_that_records_can_make_unfit(operating: World) -> None:
    """A mark whose band hangs on shares that may still change is not the last word."""
    operating.programme.record("s-01", roster("trainee", 2), by=LEAD)
    lesson = {"on": date(2023, 8, 1), "level": "county", "what": "open_lesson"}
    lessons = [{**lesson, "person": {"id": f"trainee-{n}"}, "title": f"课{n}"} for n in (0, 1)]
    operating.programme.record("s-01", {"lesson": lessons}, by=LEAD)
    operating.programme.mark("s-01", [mark("5.3.2", 9)], by=ASSESSORS[0])
    item = _item(operating.programme.progress("s-01"), "5.3.2")

    assert item.now is not None
    assert (Fraction(9), (Fraction(0), Fraction(10))) == (item.now.points, item.possible)


def test_the_gates(operating: World) -> None:
    """A gate is met, not met, or not decided, and says what it waits for."""
    operating.programme.inspect("s-01", inspection(flag=False), by=ASSESSORS[0])
    progress = operating.programme.progress("s-01")
    met = {name: _item(progress, name).met for name in ("5.0.1", "5.0.2", "5.0.3")}

    assert {"5.0.1": False, "5.0.2": None, "5.0.3": False} == met
    assert "waits_for" in _said(_item(progress, "5.0.2"))
    assert all(item.now is None and item.possible is None for item in progress.items[:3])


def test_what_happened_in_a_window_that_is_over(reference: Policy) -> None:
    """After its window a count may still grow: what happened in it may be recorded later."""
    world = World(reference.vary({"readings/activities": "each_year_minimum"}))
    studio = world.studio("operating")
    world.clock.on(date(2024, 5, 6))
    world.programme.record(studio, {"activity": [activity(1, date(2023, 5, 4))]}, by=LEAD)
    before = _item(world.programme.progress(studio), "5.2.2")
    late = {"activity": [activity(n, date(2023, 6, n)) for n in range(2, 9)]}
    world.programme.record(studio, late, by=LEAD)
    after = _item(world.programme.progress(studio), "5.2.2")

    assert before.possible is not None
    assert after.now is not None
    low, high = before.possible
    assert low is not None
    assert high is not None
    assert after.now.points is not None
    assert low <= after.now.points <= high
    assert before.now != after.now


def test_what_comes_too_late_to_count(reference: Policy) -> None:
    """Where late records are left out, a count is final when the last of them would be late."""
    changes: dict[str, Any] = {"records/activity/due_days": 30}
    for name in ("activities", "activities_year_1", "activities_year_2"):
        changes[f"measures/{name}/late"] = "left_out"
    world = World(reference.vary(changes))
    studio = world.studio("operating")
    world.clock.on(date(2024, 11, 28))
    world.programme.record(studio, {"activity": [activity(1, date(2024, 11, 4))]}, by=LEAD)
    possible = [
        _item(world.programme.progress(studio, on=day), "5.2.2").possible
        for day in (date(2024, 12, 30), date(2024, 12, 31))
    ]

    one = Fraction(1)
    assert [(one, Fraction(20)), (one, one)] == possible


def test_after_the_evaluation(world: World) -> None:
    """An evaluated studio stands at its sheet; nothing is possible any more."""
    progress = world.programme.progress(world.studio("evaluated"))

    total = progress.sheet.total
    assert (total.points, total.points) == progress.possible.total.range
    assert [] == [item.id for item in progress.missing if item.now is not None]


def test_a_studio_that_has_nothing(world: World) -> None:
    """A studio that was just declared may still come to anything."""
    progress = world.programme.progress(world.studio("declared"))

    assert (Fraction(0), Fraction(100)) == progress.possible.total.range


@pytest.mark.parametrize("language", ["zh", "en"])
def test_told(operating: World, language: Any) -> None:  # noqa: ANN401 - a language
    """Every item has its line, and no parameter stays unfilled."""
    said = operating.programme.progress("s-01").explain(language)

    assert "{" not in said
    assert all(item.id in said for item in operating.programme.progress("s-01").items)


def test_ready_for_json(operating: World) -> None:
    """`to_dict` is JSON as it is; points are exact strings."""
    for points, assessor in zip((9, 8, 8), ASSESSORS, strict=True):
        operating.programme.mark("s-01", [mark("5.1.1", points, assessor)], by=assessor)
    document = operating.programme.progress("s-01").to_dict("zh")

    assert document == json.loads(json.dumps(document))
    items: Any = document["items"]
    assert "25/3" == next(item["points"] for item in items if item["id"] == "5.1.1")
    assert ("studioflow.progress/1", "s-01") == (document["schema"], document["studio"])


# Whatever is recorded later, the total lies within what was possible before.

_DAYS = st.dates(date(2023, 3, 20), date(2024, 11, 20))
_LEVEL = st.sampled_from(["school", "county", "city"])
_PERSON = st.sampled_from(["trainee-0", "trainee-1", "trainee-2", "lead-a"])


@st.composite
def _records(draw: st.DrawFn) -> dict[str, list[dict[str, object]]]:
    """Return some records that a studio may hand in, each for the first time."""
    number = draw(st.integers(0, 10**9))
    on, who = draw(_DAYS), {"id": draw(_PERSON)}
    left = {"left": draw(_DAYS)} if draw(st.booleans()) else {}
    made: dict[str, object] = {"on": on, "person": who, "title": f"题{number}"}
    kinds: dict[str, list[dict[str, object]]] = {
        "activity": [activity(number, on, **draw(st.sampled_from([{}, {"brief": []}])))],
        "lesson": [{**made, "level": draw(_LEVEL), "what": "lecture"}],
        "research": [{**made, "what": "project", "level": draw(_LEVEL)}],
        "trainee": [{"person": who, "joined": on, **left}],
        "media": [{"on": on, "outlet": "报", "title": f"题{number}", "level": draw(_LEVEL)}],
        "action": [{"on": on, "what": "mentoring", "content": f"题{number}"}],
        "spot_check": [{"on": on, "irregularities": draw(st.integers(0, 3))}],
        "public_benefit": [
            {"on": on, "what": "media", "task": f"题{number}", "completed": draw(st.booleans())}
        ],
        "fund_review": [
            {
                "on": on,
                "proper": draw(st.booleans()),
                "papers": draw(st.sampled_from(["in_time", "late", "never"])),
            }
        ],
    }
    kind = draw(st.sampled_from(sorted(kinds)))
    return {kind: kinds[kind]}


_MARKS = st.sampled_from(
    [
        ("5.1.1", 9),
        ("5.2.1", 6),
        ("5.2.4", 8),
        ("5.3.2", 9),
        ("5.3.2", 6),
        ("5.3.2", 0),
        ("5.3.3", 5),
        ("5.3.3", 0),
        ("5.4.1", 9),
        ("5.4.1", 12),
        ("5.2.3", 5),
        ("5.2.3", 2),
    ]
)


def _try(world: World, step: Any) -> None:  # noqa: ANN401 - records by kind, or a mark
    """Hand in what a step says; what is refused is not handed in."""
    programme = world.programme
    try:
        match step:
            case {"fund_review": _}:
                programme.record("s-01", step, by=OFFICE)
            case {"spot_check": _}:
                programme.record("s-01", step, by=ASSESSORS[0])
            case {}:
                programme.record("s-01", step, by=LEAD)
            case (str(criterion), int(points)):
                by = OFFICE if criterion in {"5.2.3", "5.3.3"} else ASSESSORS[0]
                programme.mark("s-01", [mark(criterion, points, by)], by=by)
    except (Denied, ValueError):
        pass


_LESSON: dict[str, object] = {"on": date(2023, 6, 1), "level": "county", "what": "open_lesson"}
# Three trainees with a lesson each, of whom one leaves next year; marks that all this allows.
_FURNISHED: list[Any] = [
    roster("trainee", 2),
    {
        "trainee": [
            {
                "person": {"id": "trainee-2"},
                "joined": date(2023, 3, 21),
                "left": date(2024, 2, 1),
            }
        ]
    },
    {"lesson": [{**_LESSON, "person": {"id": f"trainee-{n}"}, "title": f"课{n}"} for n in (0, 2)]},
    {"fund_review": [{"on": date(2023, 6, 2), "proper": True, "papers": "in_time"}]},
    *(("5.2.3", 5), ("5.3.2", 6), ("5.2.4", 8), ("5.4.1", 9)),
]


def _ends(points: Points) -> tuple[Fraction, Fraction]:
    assert points.range is not None
    low, high = points.range
    assert low is not None
    assert high is not None
    return low, high


@settings(deadline=None, max_examples=60)
@given(
    furnished=st.booleans(),
    first=st.lists(_records() | _MARKS, max_size=8),
    then=st.lists(_records(), min_size=1, max_size=6),
    wait=st.integers(0, 600),
)
def test_possible_means_possible(
    reference: Policy, *, furnished: bool, first: list[Any], then: list[Any], wait: int
) -> None:
    """However long it takes and whatever is recorded, each item stays in its earlier range."""
    world = World(reference)
    world.studio("operating")
    world.clock.on(date(2023, 6, 30))
    for step in [*_FURNISHED, *first] if furnished else first:
        _try(world, step)
    before = world.programme.progress("s-01")
    world.clock.on(date(2023, 6, 30) + timedelta(days=wait))
    for step in then:
        _try(world, step)
    after = world.programme.progress("s-01")

    for was, now in [
        (before.possible.total, after.sheet.total),
        (before.possible.total, after.possible.total),
        *zip(
            (result.points for result in before.possible.criteria),
            (result.points for result in after.sheet.criteria),
            strict=True,
        ),
    ]:
        low, high = _ends(was)
        assert low <= _ends(now)[0] <= _ends(now)[1] <= high
