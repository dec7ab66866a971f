"""Several marks of one item that count by the role of the marker."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import Points, marked_facts
from studioflow.rules import Pool

Weighed = Callable[..., Policy]


@pytest.fixture
def weighed(small: Policy) -> Weighed:
    """Return the small policy where the office counts 40 % and the judges 60 % of the talk."""

    def weighed(**panel: object) -> Policy:
        groups = {"office": 40, "judge": 60}
        return small.vary(
            {
                "facts/talk_mark/from": ["office", "judge"],
                "facts/talk_mark/panel": {"way": "mean", "most": 9, "groups": groups, **panel},
            }
        )

    return weighed


def marks(text: str) -> list[Mark]:
    """Return marks of the talk by different people, from `office-7 judge-8`."""
    given = [each.partition("-") for each in text.split()]
    return [
        Mark(criterion="talk", by=f"p-{place}", role=role, points=Fraction(points))
        for place, (role, _, points) in enumerate(given)
    ]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("office-7 office-8 judge-9", Fraction(42, 5)),  # 7.5 × 0.4 + 9 × 0.6
        ("judge-9 office-8 office-7", Fraction(42, 5)),
        ("office-0 judge-10 judge-10", Fraction(6)),
        ("office-7 judge-8", Fraction(38, 5)),
    ],
)
def test_points(given: str, expected: Fraction, weighed: Weighed) -> None:
    """The talk gives the weighted mean, also between two bands."""
    sheet = weighed().score({"faults": 0}, marks=marks(given))
    assert expected == sheet.criterion("talk").points.points


def test_said(weighed: Weighed) -> None:
    """The first reason says what each group's marks became, and for how much they count."""
    result = weighed().score({"faults": 0}, marks=marks("office-7 judge-9")).criterion("talk")
    reason, *_ = result.reasons

    assert "2个评分分组加权（1个评分：7，占40%、1个评分：9，占60%）：8.2" == reason.text("zh")
    assert "3" == reason.clause


@pytest.mark.parametrize("given", ["office-7", "office-7 office-8 office-8"])
def test_one_group_alone(given: str, weighed: Weighed) -> None:
    """While a group has no mark the item is open, and its reason says so."""
    result = weighed().score({"faults": 0}, marks=marks(given)).criterion("talk")

    assert Points(None, (Fraction(0), Fraction(10)), Fraction(10)) == result.points
    assert ("talk_mark",) == result.open
    assert "groups_awaited" == result.reasons[0].code


def test_ranges_hold_what_comes(weighed: Weighed) -> None:
    """Whatever the other group marks, the points lie in the range that was told."""
    policy = weighed()
    before = policy.score({"faults": 0}, marks=marks("office-5")).criterion("talk").points.range
    assert before is not None
    low, high = before
    for point in (0, 5, 7, 10):
        given = marks(f"office-5 judge-{point}")
        after = policy.score({"faults": 0}, marks=given).criterion("talk").points.points

        assert after is not None
        assert low is not None
        assert high is not None
        assert low <= after <= high


def test_each_mark_is_checked(weighed: Weighed) -> None:
    """Bands and roles are those of each mark, also while a group is awaited."""
    with pytest.raises(InputError) as error:
        weighed().score({"faults": 0}, marks=marks("office-3 office-8"))
    assert [("marks/0/points", "mark_outside_bands")] == [
        (problem.path, problem.code) for problem in error.value.problems
    ]


def test_agreed_within_a_group(weighed: Weighed) -> None:
    """Marks of one group that have to agree and do not are each named."""
    policy = weighed(way="agreed")
    with pytest.raises(InputError) as error:
        policy.score({}, marks=marks("office-8 office-9 judge-8"))

    assert [(f"marks/{place}/points", "marks_disagree") for place in range(3)] == [
        (problem.path, problem.code) for problem in error.value.problems
    ]


def test_roles_are_kept_where_they_count(small: Policy, weighed: Weighed) -> None:
    """Marks are pooled with their roles where the panel weighs them, and without elsewhere."""
    given = marks("office-7 judge-9")
    assert {"talk_mark": Pool([Fraction(7), Fraction(9)], ["office", "judge"])} == marked_facts(
        weighed().rubric, given
    )
    plain = small.vary({"facts/talk_mark/panel": {"way": "trimmed_mean", "most": 9}})
    assert {"talk_mark": Pool([Fraction(7), Fraction(9)])} == marked_facts(
        plain.rubric, marks("office-7 office-9")
    )


def test_trimmed(small: Policy) -> None:
    """The highest and the lowest of more than three marks do not count."""
    panel = {"way": "trimmed_mean", "most": 9, "trim_above": 3}
    policy = small.vary({"facts/talk_mark/panel": panel})
    found = [
        policy.score({"faults": 0}, marks=marks(given)).criterion("talk")
        for given in ("office-0 office-8 office-10", "office-0 office-8 office-9 office-10")
    ]

    assert [6, Fraction(17, 2)] == [result.points.points for result in found]
    assert ["mean_of_marks", "trimmed_mean_of_marks"] == [r.reasons[0].code for r in found]
