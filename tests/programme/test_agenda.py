"""The agenda and the bulletin of a whole programme."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from studioflow.errors import InputError
from studioflow.people import Actor
from studioflow.programme import Programme
from studioflow.register import MemoryRegister
from tests.lifecycle.reporting import APPLICATION, BUREAU, SCHOOL, reporting


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        """Begin with the call."""
        self.day = date(2024, 3, 4)

    def __call__(self) -> datetime:
        """Return noon of the day."""
        return datetime(self.day.year, self.day.month, self.day.day, 12, tzinfo=UTC)


def opened(clock: Clock) -> Programme:
    """Return a programme with one studio that operates, and one that was sent back."""
    programme = Programme.open(reporting(), clock=clock)
    for _ in range(2):
        programme.declare(APPLICATION, by=SCHOOL)
    clock.day = date(2024, 3, 6)
    due = date(2024, 3, 20)
    programme.act("send_back", "s-02", by=BUREAU, gaps=["签章"], due=due)
    clock.day = date(2024, 4, 19)
    programme.approve("s-01", by=BUREAU)
    programme.act("object_to", "s-01", by=BUREAU)
    programme.act("settle", "s-01", by=BUREAU)
    clock.day = date(2024, 4, 29)
    programme.operate("s-01", by=BUREAU)
    programme.act("report", "s-01", by=SCHOOL, remark="年报")
    return programme


class TestAgenda:
    """What there is to do in a batch."""

    def test_of_the_batch(self) -> None:
        """Every studio's items stand together, the overdue first."""
        found = opened(Clock()).agenda(on=date(2024, 5, 1))
        assert [
            ("overdue", "s-02", "declare"),
            ("possible", "s-01", "pause"),
            ("possible", "s-01", "report"),
        ] == [(item.kind, item.studio, item.action) for item in found.items]

    def test_who_may_still_declare(self) -> None:
        """While the call is open, the batch's agenda has it, and the agenda of a studio has not."""
        programme = opened(Clock())
        items = programme.agenda(on=date(2024, 3, 4)).items
        assert [(None, "declare")] == [(i.studio, i.action) for i in items if i.kind == "due"]
        (before,) = programme.agenda(on=date(2024, 3, 3)).items
        assert (None, "declare") == (before.studio, before.action)
        assert () == programme.agenda("s-01", on=date(2024, 3, 3)).items
        alone = programme.agenda("s-01", on=date(2024, 3, 4)).items
        assert {"s-01"} == {item.studio for item in alone}

    def test_today(self) -> None:
        """Where no day is named it is today's."""
        clock = Clock()
        programme = opened(clock)
        assert date(2024, 4, 29) == programme.agenda().on

    def test_of_a_role(self) -> None:
        """A role's agenda has what is for it alone."""
        programme = opened(Clock())
        found = programme.agenda(role="bureau", on=date(2024, 3, 5))
        assert {"approve", "send_back"} == {item.action for item in found.items}

    def test_asking_writes_nothing(self) -> None:
        """Agenda and bulletin leave the register as it was."""
        programme = opened(Clock())
        before = [programme.register.events(name) for name in ("s-01", "s-02")]
        programme.agenda(on=date(2026, 3, 2))
        programme.bulletin(date(2024, 1, 1), date(2026, 3, 2))
        assert before == [programme.register.events(name) for name in ("s-01", "s-02")]

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"on": "2024-05-01"}, [("on", "wrong_type")]),
            ({"on": datetime(2024, 5, 1, tzinfo=UTC)}, [("on", "wrong_type")]),
            ({"until": 3}, [("until", "wrong_type")]),
            ({"on": date(2024, 5, 1), "until": date(2024, 4, 1)}, [("until", "period_order")]),
            ({"role": "buraeu"}, [("role", "unknown_name")]),
            ({"studio": "s-09"}, [("studio", "unknown_name")]),
        ],
    )
    def test_bad_questions(self, given: dict[str, object], expected: list[tuple[str, str]]) -> None:
        """What is no day, role or studio is bad input, with its place."""
        with pytest.raises(InputError) as refused:
            opened(Clock()).agenda(**given)  # type: ignore[arg-type] # it is wrong on purpose
        assert expected == [(problem.path, problem.code) for problem in refused.value.problems]

    def test_to_the_end_of_the_calendar(self) -> None:
        """The last day that there is can be asked about."""
        assert date.max == opened(Clock()).agenda("s-02", on=date.max).until

    def test_places(self) -> None:
        """What a programme knows besides, such as the places that are left, counts."""
        quota = {"places": 1, "taken_by": "approve"}
        condition = {
            "label": {"zh": "名额", "en": "a place is left"},
            "text": {"zh": "名额已满", "en": "no place is left"},
            "kind": "at_least",
            "value": "places_left",
            "bound": 1,
        }
        place = {"lifecycle/transitions/approve/conditions": {"place": condition}}
        policy = reporting().vary({"quota": quota, **place})
        clock = Clock()
        programme = Programme.open(policy, clock=clock, register=MemoryRegister())
        for _ in range(2):
            programme.declare(APPLICATION, by=SCHOOL)

        def may() -> set[str | None]:
            items = programme.agenda(on=clock.day).items
            return {item.studio for item in items if item.action == "approve"}

        assert {"s-01", "s-02"} == may()
        programme.approve("s-01", by=BUREAU)
        assert set() == may()


class TestBulletin:
    """How each studio stands at the end of a period."""

    def test_how_each_stands(self) -> None:
        """Each studio's state, the day since which it is in it, and what was done in the period."""
        found = opened(Clock()).bulletin(date(2024, 4, 1), date(2024, 4, 30))
        assert [
            ("s-01", "operating", date(2024, 4, 29)),
            ("s-02", "returned", date(2024, 3, 6)),
        ] == [(entry.studio, entry.state, entry.since) for entry in found.entries]
        assert {"operating": 1, "returned": 1} == found.states
        assert [
            ("approve", "approved"),
            ("object_to", None),
            ("settle", None),
            ("operate", "operating"),
            ("report", None),
        ] == [(each.action, each.state) for each in found.entries[0].taken]
        assert () == found.entries[1].taken

    def test_what_it_lacks(self) -> None:
        """Open facts, gates that are not met, what is pending, and what was missed."""
        programme = opened(Clock())
        first, second = programme.bulletin(date(2024, 3, 1), date(2024, 4, 30)).entries
        assert ["lessons"] == [lack.id for lack in first.facts]
        assert [("completion", date(2024, 3, 20))] == [(x.id, x.since) for x in second.duties]
        programme.act("report", "s-01", by=SCHOOL, remark="年报", facts={"lessons": 2})
        later, _ = programme.bulletin(date(2024, 3, 1), date(2025, 12, 31)).entries
        assert [] == [lack.id for lack in later.facts]
        assert ["enough"] == [lack.id for lack in later.gates]

    def test_what_is_pending(self) -> None:
        """What was opened by the end of the period and not settled is pending, since its day."""
        clock = Clock()
        programme = Programme.open(reporting(), clock=clock)
        programme.declare(APPLICATION, by=SCHOOL)
        for clock.day, action in (
            (date(2024, 3, 7), "approve"),
            (date(2024, 3, 8), "object_to"),
            (date(2024, 3, 12), "settle"),
        ):
            programme.act(action, "s-01", by=BUREAU)
        pending = [
            [(lack.id, lack.since) for lack in programme.bulletin(end, end).entries[0].pending]
            for end in (date(2024, 3, 11), date(2024, 3, 12))
        ]
        assert [[("objection", date(2024, 3, 8))], []] == pending

    def test_what_is_next(self) -> None:
        """The step towards the next milestone, whose it is, from when, and what is against it."""
        programme = opened(Clock())
        (first, second) = programme.bulletin(date(2025, 5, 1), date(2025, 5, 31)).entries
        (step,) = first.next
        assert ("evaluate", ["bureau"]) == (step.action, [*step.roles])
        assert (date(2026, 3, 1), date(2026, 4, 15)) == (step.start, step.end)
        assert [] == [reason.code for reason in step.reasons]
        assert ["declare"] == [step.action for step in second.next]
        (late, _) = programme.bulletin(date(2026, 5, 1), date(2026, 5, 31)).entries
        assert ["reported"] == [reason.code for reason in late.next[0].reasons]

    def test_before_it_was_declared(self) -> None:
        """A studio that came later is not in it, and one that came further stands where it was."""
        programme = opened(Clock())
        assert () == programme.bulletin(date(2024, 1, 1), date(2024, 3, 3)).entries
        found = programme.bulletin(date(2024, 3, 1), date(2024, 3, 5)).entries
        assert ["declared", "declared"] == [entry.state for entry in found]

    def test_explained(self) -> None:
        """It reads as a few lines for each studio, in either language."""
        found = opened(Clock()).bulletin(date(2024, 4, 1), date(2024, 4, 30))
        taken = [f"2024-04-19{label}" for label in ("审批", "提出异议", "处理异议")]
        taken += [f"2024-04-29{label}" for label in ("启动", "报告")]
        assert [
            "2024-04-01至2024-04-30：2个工作室",
            "运作1个、退回1个",
            "s-01 样例工作室：运作（自2024-04-29）",
            f"  本期办理：{'、'.join(taken)}",
            "  尚缺事实：公开课",
            "  下一步：考核，自2026-03-01起，2026-04-15前（含当日）；由教育局办理",
            "s-02 样例工作室：退回（自2024-03-06）",
            "  尚缺事实：公开课",
            "  尚缺应办事项（逾期）：补正",
            "  下一步：申报；由学校办理",
        ] == found.explain("zh").splitlines()
        assert "s-02 样例工作室: returned since 2024-03-06" in found.explain().splitlines()

    def test_as_json(self) -> None:
        """In JSON it has ids and labels, and days as ISO dates."""
        made = opened(Clock()).bulletin(date(2024, 4, 20), date(2024, 4, 30)).to_dict("zh")
        assert {"schema", "policy", "from", "to", "states", "studios"} == made.keys()
        studios = made["studios"]
        assert isinstance(studios, list)
        assert {
            "studio": "s-02",
            "name": "样例工作室",
            "state": "returned",
            "label": "退回",
            "since": "2024-03-06",
            "taken": [],
            "lacks": {
                "facts": [{"id": "lessons", "label": "公开课", "since": None}],
                "gates": [],
                "pending": [],
                "duties": [{"id": "completion", "label": "补正", "since": "2024-03-20"}],
            },
            "next": [
                {
                    "action": "declare",
                    "label": "申报",
                    "roles": {"school": "学校"},
                    "from": None,
                    "to": None,
                    "clause": None,
                    "reasons": [],
                }
            ],
        } == studios[1]

    def test_many_are_cut(self) -> None:
        """Of many things that are missing, the first few are named, and how many there are."""
        clock = Clock()
        clock.day = date(2023, 3, 22)
        programme = Programme.open("yongjia-2023", clock=clock)
        school = Actor("h-01", unit="样例学校", roles={"host_party"})
        programme.declare(APPLICATION, by=school)
        text = programme.bulletin(date(2023, 3, 1), date(2023, 3, 31)).explain("zh")
        assert "等35项" in text

    def test_an_end_before_its_start(self) -> None:
        """A period that ends before it starts is bad input."""
        with pytest.raises(InputError) as refused:
            opened(Clock()).bulletin(date(2024, 4, 30), date(2024, 4, 1))
        assert [("end", "period_order")] == [(p.path, p.code) for p in refused.value.problems]
