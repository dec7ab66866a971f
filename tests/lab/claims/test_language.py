"""Claims: what they mean, and what is said of a sentence that is none."""

from __future__ import annotations

import pytest

from studioflow import Policy, load_policy
from studioflow.errors import InputError
from studioflow.lab.claims import holds, read_claim, read_claims

FACTS = {"activities": 18, "members": 9, "funds_papers": "in_time", "lead_research": True}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy with marks to pass and to be outstanding by."""
    return load_policy("yongjia-2023").vary(
        {"readings/pass_mark": 60, "readings/outstanding_mark": 90}
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("activities = 18", True),
        ("activities ≥ 18 and activities ≤ 18", True),
        ("activities != 18", False),
        ("activities > 18 or members < 10", True),
        ("activities > 17 implies criteria/5.2.2 >= 17", True),
        ("activities > 18 implies criteria/5.2.2 = 0", True),
        ("not lead_research", False),
        ("2 * activities - members = 27", True),
        ("-activities < 0", True),
        ("(activities + members) * 2 >= 54", True),
        ("criteria/5.2.2 = 18", True),
        ("criteria/5.2.2 = 18.5", False),
        ("funds_papers = in_time", True),
        ("funds_papers != late", True),
        ("true and not false", True),
        ("activities = 18 and members = 9 or members = 3", True),
        ("total >= 0", None),
        ("gates/5.0.2", None),
        ("grade = passed", None),
    ],
)
def test_what_it_means(policy: Policy, text: str, expected: bool | None) -> None:  # noqa: FBT001 - a table
    """A claim holds on a sheet as its words say; what is open leaves it open."""
    claim = read_claim(text, policy)
    assert holds(claim, policy, FACTS, policy.score(FACTS)) is expected


@pytest.mark.parametrize(
    ("sign", "better"),
    [(">=", "outstanding passed"), (">", "outstanding"), ("<=", "passed not_passed none")],
)
def test_grades_are_in_order(policy: Policy, sign: str, better: str) -> None:
    """A grade is compared by its rank: the best is the highest."""
    claim = read_claim(f"grade {sign} passed", policy)
    assert set(better.split()) == claim.term.values  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "code", "nearest"),
    [
        ("totl >= 3", "unknown_name", "total"),
        ("sections/5.22 >= 3", "unknown_name", "sections/5.2"),
        ("funds_papers = in_tme", "unknown_name", "in_time"),
        ("grade = pased", "unknown_name", "passed"),
        ("(total >= 3", "claim_syntax", None),
        ("total >= 3)", "claim_syntax", None),
        ("total >=", "claim_syntax", None),
        ("total >= >= 3", "claim_syntax", None),
        ("total ? 3", "claim_syntax", None),
        ("", "claim_syntax", None),
        ("total", "claim_type", None),
        ("eligible >= 3", "claim_type", None),
        ("total and eligible", "claim_type", None),
        ("funds_papers > late", "claim_syntax", None),
        ("funds_papers = 3", "claim_syntax", None),
        ("activities >= 2023-02-30", "claim_syntax", None),
        ("not " * 60 + "eligible", "claim_syntax", None),
        ("(" * 60 + "eligible" + ")" * 60, "claim_syntax", None),
        ("total >= 1 and " * 200 + "eligible", "claim_syntax", None),
    ],
)
def test_what_is_no_claim(policy: Policy, text: str, code: str, nearest: str | None) -> None:
    """What is no claim is refused with the place or the nearest name, in both languages."""
    with pytest.raises(InputError) as caught:
        read_claim(text, policy)
    (problem,) = caught.value.problems
    assert (code, nearest) == (problem.code, problem.nearest)
    assert problem.expected("zh")
    assert problem.expected("en")


def test_all_problems_at_once(policy: Policy) -> None:
    """Of several claims every one that is none is told."""
    with pytest.raises(InputError) as caught:
        read_claims(["totl > 3", "total > 3", "total >"], policy)
    assert ["unknown_name", "claim_syntax"] == [each.code for each in caught.value.problems]


def test_days() -> None:
    """A day is compared with a day."""
    policy = load_policy("yongjia-2023")
    assert not [name for name, fact in policy.facts.items() if fact.type == "date"]
    with pytest.raises(InputError):
        read_claim("cycle_start >= 2024-01-01", policy)
