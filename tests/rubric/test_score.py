"""Scoring: what a sheet says of facts that are known, missing or wrong."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import FactFile, InspectedItem, Inspection, Points, marked_facts

Facts = dict[str, object]


def problems(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    """Return path and code of every problem."""
    return [(problem.path, problem.code) for problem in error.value.problems]


def test_sections_and_total(small: Policy, complete: Facts) -> None:
    """Criteria add up in their section, up to its cap, and sections in the total."""
    sheet = small.score(complete)

    assert [10, 7.5, 2] == [result.points.points for result in sheet.criteria]
    assert [10, 8] == [part.points.points for part in sheet.sections]
    assert 18 == sheet.total.points


def test_half_points(small: Policy, complete: Facts) -> None:
    """Half a point stays exact all the way to the total."""
    sheet = small.score({**complete, "mood": "bad"})

    assert Fraction(35, 2) == sheet.total.points


def test_missing_fact_is_unknown(small: Policy, complete: Facts) -> None:
    """A fact that is missing, or None, leaves its item open and bounds what is possible."""
    sheet = small.score({**complete, "visits": None})

    assert Points(None, (Fraction(0), Fraction(10)), Fraction(10)) == sheet.criteria[0].points
    assert (Fraction(8), Fraction(18)) == sheet.total.range
    assert sheet.total.points is None
    assert ("visits",) == sheet.open
    assert ["open_facts"] == [reason.code for reason in sheet.criteria[0].reasons]
    assert "not known yet: visits" == sheet.criteria[0].reasons[-1].text("en")
    assert "尚缺：走访" == sheet.criteria[0].reasons[-1].text("zh")


def test_open_fact_that_changes_nothing(small: Policy, complete: Facts) -> None:
    """A section at its cap is known, though one of its items is not."""
    sheet = small.score({**complete, "talk_mark": 10, "mood": None})

    assert sheet.criterion("mood").points.points is None
    assert 8 == sheet.sections[1].points.points
    assert 18 == sheet.total.points


def test_gate_and_eligible(small: Policy, complete: Facts) -> None:
    """A gate is met, not met or open, and so is the studio's eligibility."""
    outcomes = [
        small.score({**complete, **change})
        for change in ({}, {"tidy": False}, {"tidy": None}, {"tidy": None, "safe": False})
    ]

    assert [True, False, None, False] == [sheet.gate("order").met for sheet in outcomes]
    assert [True, False, None, False] == [sheet.eligible for sheet in outcomes]


def test_no_gates(small: Policy, complete: Facts) -> None:
    """Where there is no gate every studio is eligible."""
    sheet = small.vary({"gates": "none"}).score(complete)

    assert () == sheet.gates
    assert sheet.eligible is True


def test_unknown_ids(small: Policy) -> None:
    """Asking a sheet for an item that it does not have is a KeyError."""
    sheet = small.score({})

    with pytest.raises(KeyError):
        sheet.criterion("order")
    with pytest.raises(KeyError):
        sheet.gate("talk")


def test_all_wrong_facts_at_once(small: Policy) -> None:
    """Every fact that is unknown, of the wrong type, out of bounds or off its step is named."""
    with pytest.raises(InputError) as error:
        small.score({"visit": 3, "safe": 1, "visits": 51, "hours": Decimal("0.3"), "faults": 1.0})

    assert [
        ("facts/visit", "unknown_name"),
        ("facts/safe", "wrong_type"),
        ("facts/visits", "out_of_bounds"),
        ("facts/hours", "off_step"),
        ("facts/faults", "wrong_type"),
    ] == problems(error)
    assert "visits" == error.value.problems[0].nearest


def test_mark_outside_its_band(small: Policy) -> None:
    """A mark that fits no band is refused with the bands, at the fact that brought it."""
    with pytest.raises(InputError) as error:
        small.score({"talk_mark": Decimal("7.5")})

    (problem,) = error.value.problems
    assert ("facts/talk_mark", "mark_outside_bands") == (problem.path, problem.code)
    assert "7.5" == problem.got
    assert "a mark in 8–10, 5–7, 0" == problem.expected("en")


def test_mark_outside_its_band_is_placed_at_the_mark(small: Policy) -> None:
    """Where the mark was handed in as a mark, the problem is placed there."""
    marks = [
        Mark(criterion="order", by="p-1", role="judge", met=True),
        Mark(criterion="talk", by="p-1", role="office", points=Fraction(3)),
    ]
    with pytest.raises(InputError) as error:
        small.score({}, marks=marks)

    assert [("marks/1/points", "mark_outside_bands")] == problems(error)


def test_section_and_criterion_of_one_name(small: Policy, complete: Facts) -> None:
    """A section may have the name of a criterion in another one."""
    same = small.vary(
        {
            "sections": {
                "talk": {"label": {"zh": "工作", "en": "work"}},
                "extra": {"label": {"zh": "加分", "en": "extra"}},
            },
            "criteria/visits/section": "talk",
        }
    )

    assert [10, Fraction(19, 2)] == [p.points.points for p in same.score(complete).sections]


class TestMarks:
    """Marks in full: who judged what, and in which role."""

    def mark(self, **changes: object) -> Mark:
        """Make a mark that fits, but for the changes."""
        fitting: dict[str, object] = {
            "criterion": "talk",
            "by": "p-1",
            "role": "office",
            "points": Fraction(9),
        }
        return Mark(**{**fitting, **changes})  # type: ignore[arg-type] # what a test says

    def test_stand_for_facts(self, small: Policy) -> None:
        """A mark stands for its item's fact, a confirmation for its gate's."""
        order = Mark(criterion="order", by="p-2", role="judge", met=False)

        assert {"talk_mark": 9, "tidy": False} == marked_facts(small.rubric, [self.mark(), order])

    def test_wrong_role(self, small: Policy) -> None:
        """A mark by somebody in another role is refused, with the roles that may give it."""
        with pytest.raises(InputError) as error:
            small.score({}, marks=[self.mark(role="judge")])

        assert [("marks/0/role", "wrong_marker")] == problems(error)
        assert "a mark by: office" == error.value.problems[0].expected("en")

    def test_twice(self, small: Policy) -> None:
        """The second mark of one item is refused."""
        with pytest.raises(InputError) as error:
            small.score({}, marks=[self.mark(), self.mark(by="p-9")])

        assert [("marks/1/criterion", "marked_twice")] == problems(error)

    def test_unknown_criterion(self, small: Policy) -> None:
        """A mark for no item is refused, with the nearest one."""
        with pytest.raises(InputError) as error:
            small.score({}, marks=[self.mark(criterion="tlak")])

        assert [("marks/0/criterion", "not_marked")] == problems(error)
        assert "talk" == error.value.problems[0].nearest

    def test_item_without_mark(self, small: Policy) -> None:
        """A mark for an item that facts alone decide is refused."""
        with pytest.raises(InputError) as error:
            small.score({}, marks=[self.mark(criterion="visits")])

        assert [("marks/0/criterion", "not_marked")] == problems(error)

    @pytest.mark.parametrize(
        ("changes", "path", "code"),
        [
            ({"points": Fraction(11)}, "marks/0/points", "out_of_bounds"),
            ({"points": Fraction(33, 4)}, "marks/0/points", "off_step"),
            ({"points": None, "met": True}, "marks/0/met", "wrong_type"),
            ({"criterion": "order", "role": "judge"}, "marks/0/points", "wrong_type"),
        ],
    )
    def test_value(
        self, changes: Mapping[str, object], path: str, code: str, small: Policy
    ) -> None:
        """A mark keeps to its bounds and step, and a confirmation is no mark."""
        with pytest.raises(InputError) as error:
            small.score({}, marks=[self.mark(**changes)])

        assert [(path, code)] == problems(error)

    def test_all_at_once(self, small: Policy) -> None:
        """Role and points of one mark, another mark and a fact given twice are named together."""
        wrong = self.mark(role="judge", points=Fraction(11))
        with pytest.raises(InputError) as error:
            small.score({"door": True}, marks=[wrong, self.mark(criterion="x")])

        assert [
            ("marks/0/role", "wrong_marker"),
            ("marks/0/points", "out_of_bounds"),
            ("marks/1/criterion", "not_marked"),
            ("facts/door", "unknown_name"),
        ] == problems(error)

    def test_outside_its_band_beside_other_problems(self, small: Policy) -> None:
        """A mark outside its band is named together with wrong facts, items and other marks."""
        marks = [self.mark(points=Fraction(3)), self.mark(criterion="x")]
        with pytest.raises(InputError) as error:
            small.score(
                {"visits": -1, "faults": 0, "visit": 1},
                marks=marks,
                inspection=Inspection(items={"roof": InspectedItem(present=True)}),
            )

        assert {
            ("marks/0/points", "mark_outside_bands"),
            ("marks/1/criterion", "not_marked"),
            ("inspection/items/roof", "unknown_name"),
            ("facts/visits", "out_of_bounds"),
            ("facts/visit", "unknown_name"),
        } == set(problems(error))

    def test_given_twice(self, small: Policy) -> None:
        """A fact is given once: plainly, or as a mark."""
        with pytest.raises(InputError) as error:
            small.score({"talk_mark": 9, "safe": True}, marks=[self.mark()])

        assert [("facts/talk_mark", "given_twice")] == problems(error)

    def test_none_beside_a_mark(self, small: Policy) -> None:
        """A fact that is None beside its mark was not given twice."""
        sheet = small.score({"talk_mark": None, "faults": 0}, marks=[self.mark()])

        assert 9 == sheet.criterion("talk").points.points

    def test_marks_of_file_and_call(self, small: Policy) -> None:
        """Marks of a fact file and of the call are one list, in that order."""
        order = Mark(criterion="order", by="p-2", role="judge", met=True)
        sheet = small.score(FactFile(marks=(self.mark(),)), marks=[order])

        assert ("talk", "order") == tuple(mark.criterion for mark in sheet.marks)

    def test_mark_that_a_reading_makes_idle(self, small: Policy) -> None:
        """A mark of an item that takes none under the reading in force is kept, not counted."""
        fixed = small.vary({"readings/talk": "fixed"})
        sheet = fixed.score(
            {"faults": 1}, marks=[self.mark(points=Fraction(5), on=date(2024, 1, 2))]
        )

        assert Fraction(19, 2) == sheet.criterion("talk").points.points
        assert ("talk",) == tuple(mark.criterion for mark in sheet.marks)
        assert {"faults": 1} == sheet.criterion("talk").facts
