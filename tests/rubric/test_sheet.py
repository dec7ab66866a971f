"""The score sheet as JSON: `studioflow.score/1`, key by key."""

import json
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import inf

import pytest

from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import Points, ScoreSheet

Facts = dict[str, object]

POINTS = re.compile(r"-?\d+(\.\d+)?|-?\d+/\d+")


def test_keys(small: Policy, complete: Facts) -> None:
    """The document has the keys of the contract, at every level, in their order."""
    del complete["tidy"]
    mark = Mark(criterion="order", by="p-1", role="judge", met=True)
    plain = json.loads(json.dumps(small.score(complete, marks=[mark]).to_dict()))

    assert [
        "schema",
        "policy",
        "gates",
        "criteria",
        "sections",
        "total",
        "deductions",
        "marks",
        "grade",
        "grades",
        "eligible",
        "readings",
        "open",
        "measured",
    ] == list(plain)
    assert "studioflow.score/1" == plain["schema"]
    assert ["id", "version", "fingerprint", "varied"] == list(plain["policy"])
    assert [["id", "met", "reasons"]] == [list(gate) for gate in plain["gates"]]
    keys = ["id", "section", "points", "range", "max", "facts", "reasons"]
    assert [keys, keys, keys] == [list(result) for result in plain["criteria"]]
    keys = ["id", "points", "range", "max"]
    assert [keys, keys] == [list(part) for part in plain["sections"]]
    assert ["points", "range", "max"] == list(plain["total"])
    assert [] == plain["deductions"]
    assert ["code", "clause", "text"] == list(plain["criteria"][0]["reasons"][0])


def test_values(small: Policy, complete: Facts) -> None:
    """Points are strings; counts, flags and words are themselves."""
    plain = json.loads(json.dumps(small.score(complete).to_dict("zh")))

    assert {"id": "small", "version": "3", "varied": []}.items() <= plain["policy"].items()
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", plain["policy"]["fingerprint"])
    assert {
        "id": "talk",
        "section": "extra",
        "points": "7.5",
        "range": ["7.5", "7.5"],
        "max": "10",
        "facts": {"talk_mark": "8", "faults": 1},
        "reasons": [
            {"code": "mark_in_band", "clause": "3", "text": "评8分，A档（8–10分）"},
            {"code": "deducted", "clause": "3", "text": "8分，扣1次、每次0.5分，得7.5分"},
        ],
    } == plain["criteria"][1]
    assert {"hours": "1", "mood": "good"} == plain["criteria"][2]["facts"]
    assert {"points": "18", "range": ["18", "18"], "max": "18"} == plain["total"]
    assert [True, True, None, []] == [
        plain["eligible"],
        plain["gates"][0]["met"],
        plain["grade"],
        plain["open"],
    ]
    assert {
        "pass_mark": "none",
        "best_mark": "none",
        "withholding": "shown",
        "talk": "marked",
    } == plain["readings"]


def test_one_form_however_handed_in(small: Policy) -> None:
    """The same mark and the same number are written alike, whole or decimal or fraction."""
    forms = [
        small.score({"talk_mark": mark, "faults": 0, "hours": hours, "mood": "good"}).to_dict()
        for mark, hours in (
            (8, 1),
            (Decimal("8.0"), Decimal("1.00")),
            (Fraction(8), Fraction(1)),
        )
    ]

    assert [forms[0]["criteria"]] * 3 == [form["criteria"] for form in forms]


def test_marks(small: Policy) -> None:
    """A mark has points or whether it is met; what was not said is left out."""
    marks = [
        Mark(criterion="talk", by="p-1", role="office", points=Fraction(17, 2)),
        Mark(
            criterion="order",
            by="p-2",
            role="judge",
            unit="校",
            on=date(2024, 11, 12),
            met=False,
            remark="乱",
        ),
    ]

    assert [
        {"criterion": "talk", "by": "p-1", "role": "office", "points": "8.5"},
        {
            "criterion": "order",
            "by": "p-2",
            "role": "judge",
            "met": False,
            "unit": "校",
            "on": "2024-11-12",
            "remark": "乱",
        },
    ] == small.score({}, marks=marks).to_dict()["marks"]


def test_open(small: Policy) -> None:
    """While facts are missing points are null and the range bounds them; nothing is decided."""
    plain = small.score({}).to_dict()

    assert {"points": None, "range": ["0", "18"], "max": "18"} == plain["total"]
    assert [None, None] == [plain["eligible"], plain["grade"]]
    assert ["safe", "tidy", "visits", "hours", "mood", "talk_mark", "faults"] == plain["open"]


def test_withheld(small: Policy, complete: Facts) -> None:
    """Withheld points and ranges are null, the maxima stay, and no reason tells the points."""
    withholding = small.vary({"readings/withholding": "withheld"})
    plain = json.loads(json.dumps(withholding.score({**complete, "safe": False}).to_dict()))

    assert [("10", None, None), ("10", None, None), ("2", None, None)] == [
        (result["max"], result["points"], result["range"]) for result in plain["criteria"]
    ]
    assert [None, None, "18"] == [plain["total"][key] for key in ("points", "range", "max")]
    assert [None] * 4 == [part[key] for part in plain["sections"] for key in ("points", "range")]
    assert {"score_withheld"} == {
        reason["code"] for result in plain["criteria"] for reason in result["reasons"]
    }
    assert plain["eligible"] is False


@pytest.mark.parametrize("change", [{}, {"safe": None}])
def test_not_withheld(change: Facts, small: Policy, complete: Facts) -> None:
    """Points are shown while every gate is met, or none is known not to be."""
    withholding = small.vary({"readings/withholding": "withheld"})

    assert "18" == withholding.score({**complete, **change}).total.to_dict()["points"]


def test_open_ended(small: Policy, complete: Facts) -> None:
    """An item without a maximum makes those of section and total null, and the range open."""
    endless = small.vary(
        {
            "facts/visits/max": "none",
            "criteria/visits": {
                "section": "work",
                "label": {"zh": "走访", "en": "visits"},
                "max": "none",
                "kind": "each",
                "of": "visits",
                "points": 2,
            },
        }
    )
    known, unknown = endless.score(complete), endless.score({**complete, "visits": None})

    assert {"points": "32", "range": ["32", "32"], "max": None} == known.total.to_dict()
    assert {"points": None, "range": ["8", None], "max": None} == unknown.total.to_dict()
    assert [None, "8"] == [part.points.to_dict()["max"] for part in known.sections]


@pytest.mark.parametrize(
    ("points", "written"),
    [
        (Fraction(18), "18"),
        (Fraction(177, 2), "88.5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-1, 8), "-0.125"),
        (Fraction(0), "0"),
    ],
)
def test_points_as_strings(points: Fraction, written: str) -> None:
    """Points are exact decimals, or a/b where no decimal is exact."""
    plain = Points(points, (points, points), None).to_dict()

    assert {"points": written, "range": [written, written], "max": None} == plain
    assert POINTS.fullmatch(written)


def test_points_between() -> None:
    """Units become points; an end without a bound is None."""
    between = Points.between(1, inf, 3, known=False, maximum=None)

    assert Points(None, (Fraction(1, 3), None), None) == between


class TestGrades:
    """The grade, where the rubric has cut-offs."""

    def graded(self, small: Policy, **facts: object) -> ScoreSheet:
        """Score with a pass mark of 10 and 16 for the best; the total is that of the visits + 8."""
        policy = small.vary({"readings/pass_mark": 10, "readings/best_mark": 16})
        rest = {"safe": True, "tidy": True, "talk_mark": 10, "faults": 0, "mood": "bad"}
        return policy.score({**rest, **facts})

    @pytest.mark.parametrize(
        ("visits", "grade"), [(1, "poor"), (2, "good"), (7, "good"), (8, "best"), (10, "best")]
    )
    def test_cut_offs_are_included(self, visits: int, grade: str, small: Policy) -> None:
        """A grade begins with its cut-off."""
        assert grade == self.graded(small, visits=visits).grade

    def test_gate_not_met(self, small: Policy) -> None:
        """No points make up for a gate."""
        assert "poor" == self.graded(small, visits=10, safe=False).grade

    def test_open_gate(self, small: Policy) -> None:
        """While a gate is open there is no grade, unless it makes no difference."""
        assert self.graded(small, visits=10, safe=None).grade is None
        assert "poor" == self.graded(small, visits=0, safe=None).grade

    def test_open_total(self, small: Policy) -> None:
        """While the total is open there is no grade, unless every total gives the same."""
        assert self.graded(small).grade is None
        assert "best" == self.graded(small, visits=10, mood=None).grade

    def test_no_cut_offs(self, small: Policy, complete: Facts) -> None:
        """Without a pass mark the grade is a decision, and the sheet has none."""
        assert small.score(complete).grade is None
        assert small.vary({"readings/best_mark": 1}).score(complete).grade is None

    def test_pass_mark_alone(self, small: Policy, complete: Facts) -> None:
        """With a pass mark alone the best grade is left to a decision."""
        assert "good" == small.vary({"readings/pass_mark": 1}).score(complete).grade

    def test_no_grades(self, small: Policy, complete: Facts) -> None:
        """A rubric may have no grades at all."""
        assert small.vary({"grades": "none"}).score(complete).grade is None

    def test_withheld_score(self, small: Policy) -> None:
        """A withheld score still has the grade of a gate that is not met."""
        policy = small.vary({"readings/pass_mark": 10, "readings/withholding": "withheld"})

        assert "poor" == policy.score({"safe": False}).grade
