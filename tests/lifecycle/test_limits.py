"""How often, how soon, with what and after what a step may be taken."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.lifecycle import HandedIn, Lifecycle
from studioflow.people import Actor, Person
from studioflow.studio import Application, Studio
from studioflow.verdict import Denied, Reason
from tests.lifecycle.county import actor
from tests.lifecycle.little import Bureau, little, step

OFFICE = actor("office")
DAY = date(2024, 3, 4)


def _operating(more: str) -> tuple[Lifecycle, Studio]:
    """Return a lifecycle with more steps, and a studio that operates."""
    bureau = Bureau(little(more))
    return Lifecycle(bureau.policy), bureau.upto("operate")


def _reasons(
    lifecycle: Lifecycle, action: str, studio: Studio, on: date = DAY, **given: object
) -> tuple[Reason, ...]:
    handed_in: HandedIn = given  # type: ignore[assignment] # as named
    return lifecycle.can(action, studio, by=OFFICE, on=on, **handed_in).reasons


class TestOnceIn:
    """Once in a calendar year, in a cycle, or at all."""

    def test_year(self) -> None:
        """On the last day of the year it says from when; on the first of the next it may be."""
        lifecycle, studio = _operating(step("report", 'once_in = "year"'))
        done = lifecycle.act("report", studio, by=OFFICE, on=DAY).studio
        (reason,) = _reasons(lifecycle, "report", done, date(2024, 12, 31))

        assert ("done_this_year", date(2025, 1, 1)) == (reason.code, reason.when)
        assert "每年只办一次，2024-03-04已办" in reason.text("zh").replace("年3月4日", "-03-04")
        assert "once in a year" in reason.text("en")
        assert () == _reasons(lifecycle, "report", done, date(2025, 1, 1))

    def test_the_last_year(self) -> None:
        """In the last year that there is, it is refused without a day to come."""
        lifecycle, studio = _operating(step("report", 'once_in = "year"'))
        done = lifecycle.act("report", studio, by=OFFICE, on=date.max).studio
        (reason,) = _reasons(lifecycle, "report", done, date.max)

        assert ("done_this_year", None) == (reason.code, reason.when)

    def test_cycle(self) -> None:
        """Another year does not help, the next cycle does, even on the same day."""
        renew = step("renew", "next_cycle = true")
        lifecycle, studio = _operating(step("visit", 'once_in = "cycle"') + renew)
        done = lifecycle.act("visit", studio, by=OFFICE, on=DAY).studio
        (reason,) = _reasons(lifecycle, "visit", done, date(2030, 1, 1))

        assert "done_this_cycle" == reason.code
        assert ("本周期只办一次" in reason.text("zh"), "once in a cycle" in reason.text("en")) == (
            True,
            True,
        )
        again = lifecycle.act("renew", done, by=OFFICE, on=DAY).studio
        assert () == _reasons(lifecycle, "visit", again)

    def test_once_stays_once(self) -> None:
        """What is done once at all is not done again in the next year."""
        lifecycle, studio = _operating(step("visit", 'once = true\nonce_in = "year"'))
        done = lifecycle.act("visit", studio, by=OFFICE, on=DAY).studio
        (reason,) = _reasons(lifecycle, "visit", done, date(2025, 6, 1))

        assert "already_done" == reason.code


class TestWithin:
    """Written down no later than so long after the day that is claimed."""

    @pytest.mark.parametrize(
        ("today", "late"), [(date(2024, 3, 8), False), (date(2024, 3, 11), True)]
    )
    @pytest.mark.parametrize("severity", ["warn", "refuse"])
    def test_working_days(self, today: date, severity: str, *, late: bool) -> None:
        """From a Monday, four working days end on Friday; the Monday after is late."""
        more = f'within = {{ working_days = 4 }}\nwithin_severity = "{severity}"'
        lifecycle, studio = _operating(step("tell", more))
        verdict = lifecycle.can("tell", studio, by=OFFICE, on=DAY, today=today)

        assert (not late or severity == "warn") == verdict.allowed
        said = [r for r in (*verdict.reasons, *verdict.warnings) if r.code == "reported_late"]
        assert [late] == [bool(said)]
        for reason in said:
            assert "应在" in reason.text("zh")
            assert "written down by" in reason.text("en")

    def test_at_the_end_of_time(self) -> None:
        """A day near the last one is asked about without an overflow."""
        lifecycle, studio = _operating(step("tell", "within = { days = 30 }"))
        assert lifecycle.can("tell", studio, by=OFFICE, on=date.max).allowed


def test_settles_what_was_opened() -> None:
    """Nothing is settled that was not opened, and each thing once."""
    pending = '\n[lifecycle.pending.finding]\nlabel = { zh = "问题", en = "finding" }\n'
    more = step("find", 'opens = "finding"') + step("clear", 'settles = "finding"')
    lifecycle, studio = _operating(pending + more)
    (reason,) = _reasons(lifecycle, "clear", studio)
    assert "nothing_pending" == reason.code
    assert "没有待处理的问题" in reason.text("zh")
    assert "nothing is pending to be settled: finding" in reason.text("en")

    for action in ("find", "find", "clear"):
        studio = lifecycle.act(action, studio, by=OFFICE, on=DAY).studio
    assert {"finding": 1} == studio.pending()
    studio = lifecycle.act("clear", studio, by=OFFICE, on=DAY).studio
    with pytest.raises(Denied):
        lifecycle.act("clear", studio, by=OFFICE, on=DAY)


class TestDue:
    """A deadline that a step sets."""

    more = step("demand", 'needs = ["due"]') + step("note", "")

    def test_before_the_day(self) -> None:
        """It may be the day itself, and does not lie before it."""
        lifecycle, studio = _operating(self.more)
        (reason,) = _reasons(lifecycle, "demand", studio, due=date(2024, 3, 3))
        assert ("due_before", ("due",)) == (reason.code, reason.about)
        assert ("早于" in reason.text("zh"), "lies before" in reason.text("en")) == (True, True)

        done = lifecycle.act("demand", studio, by=OFFICE, on=DAY, due=DAY).studio
        assert {"demand": DAY} == done.dues()

    def test_needed(self) -> None:
        """Where it is needed and left out, that is said."""
        lifecycle, studio = _operating(self.more)
        assert [("needed", ("due",))] == [
            (r.code, r.about) for r in _reasons(lifecycle, "demand", studio)
        ]

    @pytest.mark.parametrize(
        "given",
        [{"due": DAY}, {"opinion": False}, {"lead": Person("x")}, {"amount": 0}],
    )
    def test_where_it_means_nothing(self, given: HandedIn) -> None:
        """What another step would need is bad input here."""
        lifecycle, studio = _operating(self.more)
        with pytest.raises(InputError) as caught:
            lifecycle.can("note", studio, by=OFFICE, on=DAY, **given)
        assert [("not_taken", [*given])] == [(p.code, [p.path]) for p in caught.value.problems]


class TestAmount:
    """Money that goes back."""

    more = (
        step("fine", 'needs = ["amount"]\nrecovers = "amount"')
        + step("grant", "reward = 5000")
        + step("take_back", 'recovers = "rewards"')
    )

    @pytest.mark.parametrize(
        "amount",
        [
            True,
            1.5,
            float("nan"),
            Decimal("NaN"),
            Decimal("sNaN"),
            Decimal("Infinity"),
            Decimal("1E+999999999"),
            Decimal("1E-999999999"),
            -1,
            Fraction(-1, 3),
            10**13,
            "5",
            [5],
        ],
        ids=repr,
    )
    def test_hostile(self, amount: object) -> None:
        """What is no exact amount of at least 0 yuan, and of human size, is bad input."""
        lifecycle, studio = _operating(self.more)
        with pytest.raises(InputError) as caught:
            _reasons(lifecycle, "fine", studio, amount=amount)
        assert ["amount_in_yuan"] == [p.code for p in caught.value.problems]

    @pytest.mark.parametrize("amount", [5, Decimal("0.30"), Fraction(1, 3)])
    def test_exact(self, amount: Fraction) -> None:
        """Cents and thirds stay as they are."""
        lifecycle, studio = _operating(self.more)
        event = lifecycle.act("fine", studio, by=OFFICE, on=DAY, amount=amount).event
        assert Fraction(amount) == event.recovered

    def test_nothing(self) -> None:
        """An amount of 0 was handed in, and nothing goes back."""
        lifecycle, studio = _operating(self.more)
        assert None is lifecycle.act("fine", studio, by=OFFICE, on=DAY, amount=0).event.recovered

    def test_rewards(self) -> None:
        """All that was granted goes back, once."""
        lifecycle, studio = _operating(self.more)
        recovered = []
        for action in ("grant", "grant", "take_back", "grant", "take_back", "take_back"):
            done = lifecycle.act(action, studio, by=OFFICE, on=DAY)
            studio = done.studio
            recovered.append(done.event.recovered)
        assert [None, None, 10000, None, 5000, None] == recovered


class TestLead:
    """A new lead takes the place of the old one."""

    def test_takes_the_place(self) -> None:
        """The application has the new one; whoever led it before stays one of its people."""
        judged = step("judge", "independent = true")
        lifecycle, studio = _operating(step("change_lead", 'needs = ["lead"]') + judged)
        new = {"id": "lead-b", "name": "领衔人乙"}
        done = lifecycle.act("change_lead", studio, by=OFFICE, on=DAY, lead=new)
        assert done.studio.application is not None
        assert Person("lead-b", "领衔人乙") == done.studio.application.lead

        for name in ("lead-1", "lead-b"):
            by = Actor(name, unit="elsewhere", roles={"office"})
            verdict = lifecycle.can("judge", done.studio, by=by, on=DAY)
            assert not verdict.allowed
        assert lifecycle.can("judge", done.studio, by=OFFICE, on=DAY).allowed

    def test_name_is_personal(self) -> None:
        """The name is separated from the event, joined again, and not in its `repr`."""
        lifecycle, studio = _operating(step("change_lead", 'needs = ["lead"]'))
        lead = Person("lead-b", "领衔人乙")
        event = lifecycle.act("change_lead", studio, by=OFFICE, on=DAY, lead=lead).event
        bare, personal = event.separated()

        assert {"lead/name": "领衔人乙"} == personal
        assert ("领衔人乙" in repr(bare), "领衔人乙" in repr(event)) == (False, False)
        assert event == bare.joined(personal)
        assert bare == bare.joined({})


class TestSelfAssessment:
    """What its own people say of it."""

    more = step("assess", 'self_assessment = true\nneeds = ["facts"]', by="school")

    def test_enters_nothing_else(self) -> None:
        """It makes a sheet beside the file, and neither facts nor sheet of the studio."""
        lifecycle, studio = _operating(self.more)
        school = actor("school")
        done = lifecycle.act("assess", studio, by=school, on=DAY, facts={"lessons": 10})
        sheet = done.event.self_assessment
        assert sheet is not None
        assert Fraction(100) == sheet.total.points
        held = done.studio
        assert (sheet, {}, None, None) == (
            held.self_assessment,
            dict(held.facts),
            held.sheet,
            held.scored_on,
        )
        assert ({}, None) == (dict(done.event.facts), done.event.sheet)
        score = lifecycle.score(held, on=DAY)
        assert ("lessons",) == score.open

    def test_needs_facts(self) -> None:
        """Records that come with it are no facts."""
        kind = (
            '\n[records.note]\nlabel = { zh = "说明", en = "note" }\nfrom = ["school"]\n'
            'fields.text = { type = "text", label = { zh = "文", en = "text" } }\n'
        )
        lifecycle, studio = _operating(self.more + kind)
        school, records = actor("school"), {"note": [{"text": "好"}]}
        verdict = lifecycle.can("assess", studio, by=school, on=DAY, records=records)
        assert ["needed"] == [reason.code for reason in verdict.reasons]


def test_next_cycle_starts_anew() -> None:
    """Facts, sheet, decision and self-assessment start anew; records and history stay."""
    again = step("renew", 'to = "operating"\nnext_cycle = true', source="evaluated")
    assess = step("assess", "self_assessment = true", by="school")
    bureau = Bureau(little(again + assess))
    before = bureau.upto("operate")
    given: dict[str, object] = {"lessons": 9}
    before = bureau.programme.act("assess", before, by=actor("school"), facts=given)
    before = bureau.programme.evaluate(before, by=actor("committee"), facts=given)
    after = bureau.programme.act("renew", before, by=OFFICE)

    assert (2, 2, {"renew": 1}) == (after.cycle, after.history[-1].cycle, after.times())
    assert ({}, (), None, None, None, None, None) == (
        dict(after.facts),
        after.marks,
        after.sheet,
        after.scored_on,
        after.scored_by,
        after.decision,
        after.self_assessment,
    )
    assert (before.records, before.history) == (after.records, after.history[:-1])
    assert after == Studio.from_events(after.id, after.history)


def test_rescores_up_to_its_own_day() -> None:
    """A second check counts up to its own day, and makes a sheet though nothing came in."""
    more = step("check", "rescores = true", source="evaluated", by="committee")
    bureau = Bureau(little(more))
    studio = bureau.upto("evaluate")
    bureau.day = date(2024, 9, 1)
    done = bureau.programme.take("check", studio, by=actor("committee"))

    assert (date(2024, 9, 1), "evaluate") == (done.studio.scored_on, done.studio.scored_by)
    assert done.event.sheet is not None
    assert done.studio.sheet is done.event.sheet


class TestOff:
    """What is switched off is not there."""

    def test_condition(self) -> None:
        """A condition that is off is not asked."""
        off = (
            "\n[lifecycle.transitions.approve.conditions.never]\n"
            'label = { zh = "否", en = "no" }\ntext = { zh = "否", en = "no" }\nkind = "at_most"\n'
            'value = "cycle_number"\nbound = 0\n'
        )
        assert [] == [*little(off + "on = false\n").procedure.transitions["approve"].conditions]

    def test_transition(self) -> None:
        """A step that is off is no action, and how often it was taken is still a fact."""
        policy = little(step("note", "on = false"))
        assert "note" not in Lifecycle(policy).actions
        assert {"note"} == policy.procedure.off
        assert "times_note" in policy.procedure_facts

    def test_state(self) -> None:
        """A state that is off takes with it what leads to it, and drops out of every source."""
        state = '\n[lifecycle.states.held]\nlabel = { zh = "停", en = "held" }\non = false\n'
        more = step("hold", 'to = "held"') + step("free", 'to = "operating"', source="held")
        policy = little(state + more)
        assert {"held", "hold", "free"} == policy.procedure.off
        assert "held" not in policy.procedure.states


class TestFaults:
    """The faults of the list, under a policy with these keys."""

    def test_fault_9_clocks(self) -> None:
        """A clock that runs backwards neither frees a year nor makes a day come."""
        lifecycle, studio = _operating(step("report", 'once_in = "year"'))
        recorded = datetime(2024, 3, 4, 9, tzinfo=UTC)
        done = lifecycle.act("report", studio, by=OFFICE, on=DAY, today=DAY, recorded=recorded)
        earlier = date(2024, 1, 2)
        codes = [r.code for r in _reasons(lifecycle, "report", done.studio, earlier, today=earlier)]
        assert ["done_this_year"] == codes
        assert ["day_not_come"] == [
            r.code for r in _reasons(lifecycle, "report", studio, DAY, today=earlier)
        ]

    def test_fault_10_evidence(self) -> None:
        """A report of a day to come is refused, and one that is told too late as well."""
        more = 'within = { days = 5 }\nwithin_severity = "refuse"\nneeds = ["records"]'
        kind = (
            '\n[records.visit]\nlabel = { zh = "走访", en = "visit" }\n'
            'from = ["office"]\ndate = "on"\n'
            'fields.on = { type = "date", required = true, label = { zh = "日", en = "day" } }\n'
        )
        lifecycle, studio = _operating(step("tell", more) + kind)
        for on, code in ((date(2024, 3, 5), "future_record"), (DAY, None)):
            given = {"visit": [{"on": on}]}
            codes = [r.code for r in _reasons(lifecycle, "tell", studio, records=given)]
            assert ([] if code is None else [code]) == codes
        late = _reasons(
            lifecycle, "tell", studio, today=date(2024, 3, 10), records={"visit": [{"on": DAY}]}
        )
        assert ["reported_late"] == [r.code for r in late]

    def test_fault_34_a_callback_raises(self) -> None:
        """A callback that raises after the state changed leaves the studio as it was."""
        renew = step(
            "renew",
            'to = "plaqued"\nnext_cycle = true\nreward = 5\nbans = { of = ["lead"], years = 1 }',
        )
        lifecycle, studio = _operating(renew)

        def fails(_: object) -> None:
            raise RuntimeError

        before = dict(studio.__dict__)
        lifecycle.machine.on_enter_plaqued(fails)
        with pytest.raises(RuntimeError):
            lifecycle.act("renew", studio, by=OFFICE, on=DAY)
        assert before == studio.__dict__
        assert ("operating", 1) == (studio.state, studio.cycle)


def test_banned_until_is_inclusive() -> None:
    """The last day is one of the ban, and the day after it is told."""
    lifecycle = Lifecycle(little())
    application = Application(name="坊", unit="样例学校", lead=Person("l"))
    until = date(2024, 3, 4)

    def reasons(on: date, until: date) -> tuple[Reason, ...]:
        return lifecycle.can(
            "declare",
            Studio(id="s"),
            by=actor("school"),
            on=on,
            application=application,
            banned_until=until,
        ).reasons

    (reason,) = reasons(until, until)
    assert ("banned", date(2024, 3, 5)) == (reason.code, reason.when)
    assert ("不得申报" in reason.text("zh"), "may not declare" in reason.text("en")) == (True, True)
    assert () == reasons(date(2024, 3, 5), until)
    (reason,) = reasons(until, date.max)
    assert None is reason.when
