"""Whom a variation hits: each studio's change is that of its two sheets."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from studioflow import Policy, generate_cohort, load_policy
from studioflow.errors import InputError
from studioflow.lab.comparing import compare

SIX_A_YEAR = {"criteria/5.2.2/norm": 12}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy with a pass mark."""
    return load_policy("yongjia-2023").vary({"readings/pass_mark": 60})


@pytest.mark.parametrize("missing", [0, 0.1])
@pytest.mark.parametrize(
    "changes",
    [SIX_A_YEAR, {"readings/pass_mark": 70}, {"readings/gate_failure": "no_score"}],
)
def test_it_is_what_the_sheets_say(policy: Policy, changes: dict[str, Any], missing: float) -> None:
    """Total, eligibility, grade and items of every studio change as its two sheets do."""
    other = policy.vary(changes)
    cohort = generate_cohort(policy, 120, seed=3, missing=missing)
    found = compare(policy, other, cohort)
    hits = {hit.studio: hit for hit in found.hits}
    assert 120 == found.studios
    changed = 0
    for row in cohort.iter_rows(named=True):
        facts = {name: value for name, value in row.items() if name != "studio"}
        one, two = policy.score(facts), other.score(facts)
        items = tuple(
            f"criteria/{a.id}"
            for a, b in zip(one.criteria, two.criteria, strict=True)
            if a.points.range != b.points.range
        )
        said = [(each.total.points, each.eligible, each.grade) for each in (one, two)]
        if not items and said[0] == said[1]:
            assert row["studio"] not in hits
            continue
        changed += 1
        hit = hits[row["studio"]]
        assert items == hit.items
        assert (one.total.points, two.total.points) == (hit.before, hit.after)
        assert (one.grade, two.grade) == hit.grade
    assert changed == len(hits) > 0


def test_the_items_to_blame(policy: Policy) -> None:
    """One item is changed, so it alone is to blame, by as much as the totals move."""
    found = compare(policy, policy.vary(SIX_A_YEAR), generate_cohort(policy, 200, seed=5))
    (item,) = found.items
    assert "criteria/5.2.2" == item.item
    assert (item.studios, item.change) == (
        len(found.hits),
        sum(hit.change or 0 for hit in found.hits),
    )
    assert not found.falling
    changes = [hit.change for hit in found.rising]
    assert changes == sorted(changes, key=lambda change: -(change or 0))
    assert all(change is not None and change > 0 for change in changes)


def test_who_passes(policy: Policy) -> None:
    """Who passes no more is counted by the grades that they go from and to."""
    stricter = policy.vary({"readings/pass_mark": 70})
    found = compare(policy, stricter, generate_cohort(policy, 300, seed=5))
    assert {("passed", "not_passed")} == set(found.grades)
    assert sum(found.grades.values()) == len(found.hits)
    assert () == found.items
    assert {} == found.eligibility


def test_what_is_not_known(policy: Policy) -> None:
    """A studio whose total is open has no change yet, and says in which item it may have one."""
    studios = pl.DataFrame({"studio": ["a"], "activities": [14]})
    found = compare(policy, policy.vary(SIX_A_YEAR), studios)
    (hit,) = found.uncertain
    assert (None, ("criteria/5.2.2",)) == (hit.change, hit.items)
    assert (None, None) == found.totals


def test_the_spread_of_totals(policy: Policy) -> None:
    """Least, quartiles and most are those of the known totals."""
    cohort = generate_cohort(policy, 101, seed=9)
    found = compare(policy, policy, cohort)
    assert () == found.hits
    totals = sorted(
        Fraction(policy.score({k: v for k, v in row.items() if k != "studio"}).total.points or 0)
        for row in cohort.iter_rows(named=True)
    )
    assert found.totals[0] == (totals[0], totals[25], totals[50], totals[75], totals[100])


def test_a_table_that_is_wrong(policy: Policy) -> None:
    """What is wrong with the table is told as when it is scored."""
    with pytest.raises(InputError):
        compare(policy, policy, pl.DataFrame({"studio": ["a"], "activitis": [14]}))
