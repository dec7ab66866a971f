"""Several marks of one item: each checked alone, then made one, and said how."""

import json
import pickle
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import CriterionResult, Points, marked_facts
from studioflow.rules import Pool

Panels = Callable[..., Policy]


@pytest.fixture
def panels(small: Policy) -> Panels:
    """Return the small policy with panels of up to five for its mark and its confirmation."""

    def panels(way: str = "mean", confirmed: str = "all", least: int = 1) -> Policy:
        panel = {"least": least, "most": 5}
        return small.vary(
            {
                "facts/talk_mark/panel": {"way": way, **panel},
                "facts/tidy/panel": {"way": confirmed, **panel},
            }
        )

    return panels


def marks(*points: object) -> list[Mark]:
    """Return marks of the talk by different people, whose ids are p-0, p-1 and so on."""
    return [
        Mark(criterion="talk", by=f"p-{place}", role="office", points=Fraction(str(mark)))
        for place, mark in enumerate(points)
    ]


def confirmed(*words: str) -> list[Mark]:
    """Return confirmations of the order by different people, from yes and no."""
    return [
        Mark(criterion="order", by=f"p-{place}", role="judge", met=word == "yes")
        for place, word in enumerate(words)
    ]


def talk(policy: Policy, *points: object, **facts: object) -> CriterionResult:
    """Return the result of the talk, with no faults where nothing else is said."""
    return policy.score({"faults": 0, **facts}, marks=marks(*points)).criterion("talk")


def refusals(policy: Policy, given: list[Mark], **facts: object) -> list[tuple[str, str]]:
    """Return path and code of every problem of marks that have to be refused."""
    with pytest.raises(InputError) as error:
        policy.score(facts, marks=given)
    return [(problem.path, problem.code) for problem in error.value.problems]


class TestPoints:
    """What an item gives for several marks."""

    def test_mean_between_bands(self, panels: Panels) -> None:
        """The mean of 7 and 8 is 7.5, lies in no band, and stands; its facts are exact."""
        result = talk(panels(), 7, 8)

        assert Fraction(15, 2) == result.points.points
        assert {"talk_mark": Fraction(15, 2), "faults": 0} == result.facts
        assert ["mean_of_marks"] == [reason.code for reason in result.reasons]

    def test_said_in_both_languages(self, panels: Panels) -> None:
        """The first reason says which marks became one, and how, with the item's clause."""
        reason, *_ = talk(panels(), 7, 8, 8).reasons

        assert "mean of 3 marks (7, 8, 8): 23/3" == reason.text("en")
        assert "3个评分（7、8、8）的平均分：23/3" == reason.text("zh")
        assert "3" == reason.clause

    def test_inside_a_band(self, panels: Panels) -> None:
        """What marks become may lie in a band, which is a reason then."""
        result = talk(panels(), 8, 9, 9)

        assert ["mean_of_marks", "mark_in_band"] == [reason.code for reason in result.reasons]
        assert "mark 26/3, band A (8 to 10)" == result.reasons[1].text("en")

    def test_half_points_off_the_step(self, panels: Panels) -> None:
        """Two marks in half points may become one in quarters."""
        assert Fraction(33, 4) == talk(panels(), 8, "8.5").points.points

    def test_deductions_from_what_they_became(self, panels: Panels) -> None:
        """What is taken off is taken off the mean, and the sentence says so."""
        result = talk(panels(), 7, 8, faults=3)

        assert 6 == result.points.points
        assert "7.5 less 3 times 0.5 is 6" == result.reasons[1].text("en")

    def test_median(self, panels: Panels) -> None:
        """One far mark does not move the median."""
        assert 9 == talk(panels("median"), 0, 9, 10).points.points

    def test_agreed(self, panels: Panels) -> None:
        """Marks that have to agree and do are that mark."""
        assert 9 == talk(panels("agreed"), 9, 9).points.points

    def test_one_mark(self, panels: Panels) -> None:
        """One mark of a panel is a mark as ever, and nothing is said of a mean."""
        alone = talk(panels(), 9)

        assert 9 == alone.points.points
        assert ["mark_in_band"] == [reason.code for reason in alone.reasons]

    def test_plain_value(self, panels: Panels) -> None:
        """A plain fact is one mark, with step and bands."""
        assert 9 == panels().score({"faults": 0, "talk_mark": 9}).criterion("talk").points.points
        assert [("facts/talk_mark", "mark_outside_bands")] == refusals(
            panels(), [], talk_mark=Decimal("7.5")
        )

    def test_total_and_grade(self, panels: Panels) -> None:
        """Thirds stay exact to the total: 23/3 is less than 7.67."""
        policy = panels().vary(
            {"readings/pass_mark": Decimal("7.67"), "sections/extra/cap": "none"}
        )
        sheet = policy.score(
            {"visits": 0, "hours": 0, "mood": "bad", "faults": 0, "safe": True, "tidy": True},
            marks=marks(7, 8, 8),
        )

        assert Fraction(23, 3) == sheet.total.points
        assert "poor" == sheet.grade

    def test_open_facts_leave_a_range(self, panels: Panels) -> None:
        """Where another fact is not known the points are bounded by the mean."""
        sheet = panels().score({}, marks=marks(7, 8, 8))
        result = sheet.criterion("talk")

        assert Points(None, (Fraction(0), Fraction(23, 3)), Fraction(10)) == result.points
        assert ("faults",) == result.open
        assert ["mean_of_marks", "open_facts"] == [reason.code for reason in result.reasons]

    def test_as_json(self, panels: Panels) -> None:
        """A sheet names every mark, and writes what they became exactly."""
        sheet = panels().score({"faults": 0}, marks=marks(7, 8, 8)).to_dict("zh")
        plain = json.loads(json.dumps(sheet))
        (item,) = [each for each in plain["criteria"] if each["id"] == "talk"]

        assert ("23/3", ["23/3", "23/3"]) == (item["points"], item["range"])
        assert {"talk_mark": "23/3", "faults": 0} == item["facts"]
        assert ["7", "8", "8"] == [mark["points"] for mark in plain["marks"]]
        assert ["p-0", "p-1", "p-2"] == [mark["by"] for mark in plain["marks"]]

    def test_withheld(self, panels: Panels) -> None:
        """Where points are withheld, what the marks became is not said either."""
        policy = panels().vary({"readings/withholding": "withheld"})
        sheet = policy.score({"safe": False, "faults": 0}, marks=marks(7, 8))

        assert ["score_withheld"] == [r.code for r in sheet.criterion("talk").reasons]


class TestRefused:
    """Marks that do not fit, each at its place."""

    def test_outside_the_bands(self, panels: Panels) -> None:
        """Every mark that fits no band is named, though the mean would."""
        assert [
            ("marks/0/points", "mark_outside_bands"),
            ("marks/2/points", "mark_outside_bands"),
            ("marks/3/points", "mark_outside_bands"),
        ] == refusals(panels(), marks("7.5", 8, 3, "7.5"))

    def test_what_was_expected(self, panels: Panels) -> None:
        """The refusal shows the mark, not what it became with others, and the bands."""
        with pytest.raises(InputError) as error:
            panels().score({}, marks=marks(3, 9))
        (problem,) = error.value.problems

        assert ("3", "a mark in 8–10, 5–7, 0") == (problem.got, problem.expected("en"))

    def test_pool_among_the_facts(self, panels: Panels) -> None:
        """Marks that were gathered before and are not handed in are placed at their fact."""
        assert [("facts/talk_mark", "mark_outside_bands")] == refusals(
            panels(), [], talk_mark=Pool([Fraction(3), Fraction(9)])
        )
        assert [("facts/talk_mark", "mark_outside_bands")] == refusals(
            panels(), [], talk_mark=Pool([Fraction(3)])
        )

    def test_pool_out_of_bounds(self, panels: Panels) -> None:
        """A mark of a pool that is no value of its fact is told once, with all else."""
        facts = {"talk_mark": Pool([Fraction(11), Fraction(8)]), "faults": 101}

        assert [
            ("facts/talk_mark/marks/0", "out_of_bounds"),
            ("facts/faults", "out_of_bounds"),
        ] == refusals(panels(), [], **facts)

    def test_bounds_step_and_role(self, panels: Panels) -> None:
        """Bounds, step and role are those of each mark, all named at once."""
        judge = Mark(criterion="talk", by="p-2", role="judge", points=Fraction(8))

        assert [
            ("marks/0/points", "out_of_bounds"),
            ("marks/1/points", "off_step"),
            ("marks/2/role", "wrong_marker"),
        ] == refusals(panels(), [*marks(11, "8.25"), judge])

    @pytest.mark.parametrize("role", ["office", "judge"])
    def test_same_person(self, role: str, panels: Panels) -> None:
        """Nobody marks an item twice, in this role or another."""
        again = Mark(criterion="talk", by="p-0", role=role, points=Fraction(9))
        expected = [("marks/2/by", "same_marker")]
        if role == "judge":
            expected.append(("marks/2/role", "wrong_marker"))

        assert expected == refusals(panels(), [*marks(8, 9), again])

    def test_same_person_on_another_item(self, panels: Panels) -> None:
        """One person may mark each item."""
        given = [*marks(8), *confirmed("yes")]
        sheet = panels().score({"faults": 0, "safe": True}, marks=given)

        assert 8 == sheet.criterion("talk").points.points
        assert sheet.gate("order").met is True

    def test_too_many(self, panels: Panels) -> None:
        """More marks than the panel has people are refused, each of them."""
        assert [
            ("marks/5/criterion", "too_many_marks"),
            ("marks/6/criterion", "too_many_marks"),
        ] == refusals(panels(), marks(*[8] * 7))

    def test_without_a_panel(self, small: Policy) -> None:
        """An item without a panel takes one mark, whoever gives the second."""
        assert [("marks/1/criterion", "marked_twice")] == refusals(small, marks(8, 8))

    def test_not_agreed(self, panels: Panels) -> None:
        """Of marks that have to agree and do not every one is named, with what there is."""
        policy = panels("agreed", "agreed")
        given = [*marks(8, 8, 9), *confirmed("yes", "no")]
        with pytest.raises(InputError) as error:
            policy.score({}, marks=given)

        assert [
            *[(f"marks/{place}/points", "8, 8, 9") for place in (0, 1, 2)],
            *[(f"marks/{place}/met", "true, false") for place in (3, 4)],
        ] == [(problem.path, problem.got) for problem in error.value.problems]
        assert {"marks_disagree"} == {problem.code for problem in error.value.problems}


class TestTooFew:
    """A panel that wants more marks than there are."""

    def test_open(self, panels: Panels) -> None:
        """With too few marks the item is open, and says how many there are."""
        result = talk(panels(least=3), 7, 8)

        assert Points(None, (Fraction(0), Fraction(10)), Fraction(10)) == result.points
        assert ("talk_mark",) == result.open
        assert {"faults": 0} == result.facts
        assert "marks so far: 2 (7, 8); at least 3 are needed" == result.reasons[0].text("en")
        assert "已有2个评分（7、8），至少需3个" == result.reasons[0].text("zh")

    def test_one(self, panels: Panels) -> None:
        """One mark alone waits, too."""
        policy = panels(least=2)

        assert {"talk_mark": Pool([Fraction(8)])} == marked_facts(policy.rubric, marks(8))
        assert ("talk_mark",) == talk(policy, 8).open

    def test_enough(self, panels: Panels) -> None:
        """The least number of marks is enough."""
        assert Fraction(23, 3) == talk(panels(least=3), 7, 8, 8).points.points

    def test_refused_all_the_same(self, panels: Panels) -> None:
        """A mark outside its band is refused while others are waited for."""
        assert [("marks/0/points", "mark_outside_bands")] == refusals(panels(least=3), marks(3, 8))


class TestConfirmations:
    """Several people say whether a gate is met."""

    @pytest.mark.parametrize(
        ("way", "said", "met"),
        [
            ("all", "yes yes", "met"),
            ("all", "yes no", "not met"),
            ("majority", "yes yes no", "met"),
            ("majority", "yes no", "not met"),
            ("agreed", "no no", "not met"),
        ],
    )
    def test_gate(self, way: str, said: str, met: str, panels: Panels) -> None:
        """A gate is met or not by what the confirmations become, which is the first reason."""
        given = confirmed(*said.split())
        gate = panels(confirmed=way).score({"safe": True}, marks=given).gate("order")

        assert (met == "met") is gate.met
        assert len(given) == gate.reasons[0].parameters["count"]

    def test_too_few(self, panels: Panels) -> None:
        """With too few confirmations the gate is open."""
        given = confirmed("yes")
        gate = panels(least=2).score({"safe": True}, marks=given).gate("order")

        assert (None, ("tidy",)) == (gate.met, gate.open)
        assert "confirmations_awaited" == gate.reasons[0].code


class TestHandedThrough:
    """Pooled marks between gathering and scoring."""

    def test_values(self, panels: Panels) -> None:
        """Several marks are a pool, one is its value, and both score as they did as marks."""
        policy = panels()
        given = [*marks(7, 8, 8), *confirmed("yes")]
        values: Mapping[str, object] = {"faults": 0, **marked_facts(policy.rubric, given)}

        assert Pool([Fraction(7), Fraction(8), Fraction(8)]) == values["talk_mark"]
        assert values["tidy"] is True
        assert policy.score({"faults": 0}, marks=given) == policy.score_values(values, given)

    def test_pickled(self, panels: Panels) -> None:
        """A pool survives pickling, like everything that is a value."""
        pool = Pool([Fraction(7), Fraction(8)])
        assert pool == pickle.loads(pickle.dumps(pool))  # noqa: S301 - made above
        assert 7.5 == talk(pickle.loads(pickle.dumps(panels())), 7, 8).points.points  # noqa: S301

    def test_given_plainly_beside(self, panels: Panels) -> None:
        """A fact is given plainly or as marks, one or several."""
        assert [("facts/talk_mark", "given_twice")] == refusals(panels(), marks(8, 9), talk_mark=8)


class TestTwoMarksInOneItem:
    """An item that looks at its own mark and at another item's, each with bands."""

    @pytest.fixture
    def both(self, panels: Panels) -> Policy:
        """Return a policy whose item `both` adds up the talk's mark and one of its own."""
        policy = panels()
        bands = {"A": {"from": 8, "to": 10}, "B": {"from": 5, "to": 7}}
        label = {"zh": "合计", "en": "both"}
        return policy.vary(
            {
                "facts/own_mark": policy.tables["facts"]["talk_mark"],
                "criteria/both": {
                    "section": "work",
                    "label": label,
                    "max": 20,
                    "kind": "sum",
                    "of": [
                        {"kind": "marked", "mark": "talk_mark", "bands": bands},
                        {"kind": "marked", "mark": "own_mark", "bands": bands},
                    ],
                },
            }
        )

    def own(self, *points: int) -> list[Mark]:
        """Return marks of the item."""
        return [
            Mark(criterion="both", by=f"p-{place}", role="office", points=Fraction(mark))
            for place, mark in enumerate(points)
        ]

    @pytest.mark.parametrize(
        ("talk_", "own", "expected"),
        [((7, 8), (5, 8), 14), ((7, 8), (9,), Fraction(33, 2)), ((9,), (7, 8), Fraction(33, 2))],
    )
    def test_points(
        self, talk_: tuple[int, ...], own: tuple[int, ...], expected: Fraction, both: Policy
    ) -> None:
        """Each of the two is exempt where it stands for several, and adds up exactly."""
        item = both.score({}, marks=[*marks(*talk_), *self.own(*own)]).criterion("both")

        assert expected == item.points.points
        # How the talk's marks became one is said at the talk.
        told = [reason.parameters["marks"] for reason in item.reasons if "of_marks" in reason.code]
        assert ([own] if len(own) > 1 else []) == told

    @pytest.mark.parametrize(
        ("talk_", "own", "place"),
        [
            ((7, 8), (3, 8), "marks/2/points"),
            ((7, 8), (3,), "marks/2/points"),
            ((3, 8), (7, 8), "marks/0/points"),
            ((3,), (7, 8), "marks/0/points"),
        ],
    )
    def test_refused(
        self, talk_: tuple[int, ...], own: tuple[int, ...], place: str, both: Policy
    ) -> None:
        """The mark that fits nowhere is named, not the others that are computed with it."""
        found = refusals(both, [*marks(*talk_), *self.own(*own)])
        assert {(place, "mark_outside_bands")} == set(found)
