"""A ban follows the people and the unit to every other studio, up to its last day."""

from __future__ import annotations

from datetime import date

import pytest

from studioflow.verdict import Reason
from tests.lifecycle.county import actor
from tests.lifecycle.little import Bureau, applies, little, step

REVOKED = '\n[lifecycle.states.revoked]\nlabel = { zh = "已撤销", en = "revoked" }\nfinal = true\n'
DAY = date(2024, 3, 4)
LAST = date(2027, 3, 3)
FREE = date(2027, 3, 4)
REPLACE = step("change_lead", 'needs = ["lead"]', source="declared")


def _bureau(more: str) -> Bureau:
    """Return a bureau whose school may declare for any unit."""
    return Bureau(little(more, lambda text: text.replace("own = true\n", "", 1)))


def _revoke(name: str, of: str, years: int) -> str:
    bans = f'to = "revoked"\nbans = {{ of = [{of}], years = {years} }}'
    return step(name, bans, source="declared")


def _revoked(of: str = '"lead", "unit"') -> Bureau:
    """Return a bureau that has taken the title from the studio of number 1."""
    bureau = _bureau(REVOKED + _revoke("revoke", of, 3) + REPLACE)
    bureau.programme.act("revoke", bureau.declared(1), by=actor("office"))
    return bureau


def _application(lead: str, unit: str) -> dict[str, object]:
    return applies(2, lead={"id": lead, "name": "领衔人"}, unit=unit)


def _against(bureau: Bureau, application: dict[str, object]) -> list[tuple[str, date | None]]:
    reasons: tuple[Reason, ...] = bureau.programme.can(
        "declare", None, by=actor("school"), application=application
    ).reasons
    return [(reason.code, reason.when) for reason in reasons]


WHO = [("lead-1", "unit 7"), ("lead-7", "unit 1"), ("lead-1", "unit 1")]


@pytest.mark.parametrize(("lead", "unit"), WHO)
@pytest.mark.parametrize("day", [DAY, date(2026, 2, 1), LAST])
def test_up_to_the_last_day(lead: str, unit: str, day: date) -> None:
    """The lead and the unit, together or apart, do not declare while the ban lasts."""
    bureau = _revoked()
    bureau.day = day
    assert [("banned", FREE)] == _against(bureau, _application(lead, unit))


@pytest.mark.parametrize(("lead", "unit"), WHO)
def test_the_day_after(lead: str, unit: str) -> None:
    """On the day that the reason told, the same people declare."""
    bureau = _revoked()
    bureau.day = FREE
    studio = bureau.programme.declare(_application(lead, unit), by=actor("school"))
    assert ("declared", FREE) == (studio.state, studio.history[-1].on)


def test_others_are_free() -> None:
    """Whoever was neither its lead nor its unit declares on the same day."""
    assert [] == _against(_revoked(), _application("lead-7", "unit 7"))


@pytest.mark.parametrize(
    ("of", "lead", "unit"),
    [
        ('"lead"', [("banned", FREE)], []),
        ('"unit"', [], [("banned", FREE)]),
    ],
)
def test_only_who_is_named(
    of: str, lead: list[tuple[str, date | None]], unit: list[tuple[str, date | None]]
) -> None:
    """A ban of the lead leaves the unit free, and a ban of the unit its lead."""
    bureau = _revoked(of)
    found = [
        _against(bureau, _application("lead-1", "unit 7")),
        _against(bureau, _application("lead-7", "unit 1")),
    ]
    assert [lead, unit] == found


def test_a_unit_is_no_person() -> None:
    """A lead with the name of a banned unit is not banned, nor a unit with that of a lead."""
    assert [] == _against(_revoked(), _application("unit 1", "lead-1"))


def test_the_longest_ban_counts() -> None:
    """Of two bans on a lead, the one that lasts longer tells the day, whichever came first."""
    more = REVOKED + _revoke("revoke", '"lead"', 3) + _revoke("dismiss", '"lead"', 1)
    bureau = _bureau(more)
    one, two = (bureau.declared(n, lead={"id": "lead-1", "name": "领衔人"}) for n in (1, 2))
    bureau.programme.act("revoke", one, by=actor("office"))
    bureau.programme.act("dismiss", two, by=actor("office"))
    assert [("banned", FREE)] == _against(bureau, _application("lead-1", "unit 7"))


def test_a_ban_is_read_from_the_register() -> None:
    """A programme that is opened later over the same register knows of it."""
    bureau = _revoked()
    verdict = bureau.opened().can(
        "declare", None, by=actor("school"), application=_application("lead-1", "unit 7")
    )
    assert ["banned"] == [reason.code for reason in verdict.reasons]


@pytest.mark.parametrize(
    ("lead", "day", "codes"),
    [
        ("lead-1", DAY, [("banned", FREE)]),
        ("lead-1", LAST, [("banned", FREE)]),
        ("lead-1", FREE, []),
        ("lead-7", DAY, []),
    ],
)
def test_change_of_lead(lead: str, day: date, codes: list[tuple[str, date | None]]) -> None:
    """Nobody who is banned becomes the lead of a studio that there is, until the ban is over."""
    bureau = _revoked()
    studio = bureau.declared(2)
    bureau.day = day
    reasons = bureau.programme.can(
        "change_lead", studio, by=actor("office"), lead={"id": lead, "name": "新领衔人"}
    ).reasons
    assert codes == [(reason.code, reason.when) for reason in reasons]


def test_the_lead_at_the_time() -> None:
    """Whoever leads the studio when it is revoked is banned, and not who led it before."""
    bureau = _bureau(REVOKED + _revoke("revoke", '"lead"', 3) + REPLACE)
    studio = bureau.declared(1)
    new = {"id": "lead-7", "name": "新领衔人"}
    bureau.programme.act("change_lead", studio, by=actor("office"), lead=new)
    bureau.programme.act("revoke", studio.id, by=actor("office"))
    found = [_against(bureau, _application(lead, "unit 9")) for lead in ("lead-1", "lead-7")]
    assert [[], [("banned", FREE)]] == found
