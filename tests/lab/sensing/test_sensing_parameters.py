"""Which parameters a policy has, and by what each of them is moved."""

from __future__ import annotations

from decimal import Decimal

import pytest

from studioflow import Policy, load_policy
from studioflow.errors import InputError
from studioflow.lab.sensing import Parameter, parameters
from studioflow.lab.sensing.parameters import chosen


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


def test_every_reading_and_every_number(policy: Policy) -> None:
    """Every reading is one, and every number of the scoring tables but headings."""
    found = {each.path: each for each in parameters(policy)}
    assert {f"readings/{name}" for name in policy.readings} <= set(found)
    tables = {path.split("/")[0] for path in found}
    assert {"readings", "conditions", "sections", "criteria", "gates"} == tables
    assert "criteria/5.4.1/heading" not in found
    assert ("5.2.2", 16) == (
        found["criteria/5.2.2/norm"].clause,
        found["criteria/5.2.2/norm"].value,
    )
    assert 10 == found["criteria/5.3.1/cases/0/points"].value


def test_each_can_be_set(policy: Policy) -> None:
    """Setting a parameter to the value in force is the same policy again."""
    for each in parameters(policy)[:: len(parameters(policy)) // 12]:
        value = "none" if each.value is None else each.value
        assert policy.fingerprint == policy.vary({each.path: value}).fingerprint


def test_other_answers(policy: Policy) -> None:
    """A reading has every answer but the one in force; a number nobody named has none."""
    found = {each.path: each for each in parameters(policy)}
    faults = found["readings/website_faults"]
    assert "deduct_from_mark" == faults.value
    assert ("floor_at_band", "ten_minus") == faults.others
    assert (None, ()) == (found["readings/pass_mark"].value, found["readings/pass_mark"].others)
    named = {each.path: each for each in parameters(policy.vary({"readings/pass_mark": 60}))}
    assert (59, 61) == named["readings/pass_mark"].others


def test_steps(policy: Policy) -> None:
    """A number moves by the step of the fact beside it, or by the fraction that it ends in."""
    half = policy.vary({"facts/goal_mark/step/whole_points": Decimal("0.5")})
    found = {each.path: each for each in parameters(half)}
    assert Decimal("0.5") == found["criteria/5.1.1/bands/A/from"].step
    assert 1 == found["criteria/5.2.1/bands/A/from"].step
    assert (0, 1) == found["criteria/5.2.4/each"].others
    assert (15, 17) == found["criteria/5.2.2/norm"].others


def test_a_large_step(policy: Policy) -> None:
    """What is measured in thousands moves by a thousand, and the points for it do not."""
    money = {
        "type": "number",
        "label": {"zh": "经费", "en": "money"},
        "unit": {"zh": "元", "en": "yuan"},
        "step": 1000,
    }
    rule = {
        "section": "5.1",
        "label": {"zh": "经费", "en": "money"},
        "max": 3,
        "kind": "cases",
        "otherwise": 0,
        "cases": [{"when": {"kind": "at_least", "value": "money", "bound": 50000}, "points": 3}],
    }
    found = {
        each.path: each
        for each in parameters(policy.vary({"facts/money": money, "criteria/money": rule}))
    }
    assert (49000, 51000) == found["criteria/money/cases/0/when/bound"].others
    assert (2, 4) == found["criteria/money/cases/0/points"].others


def test_chosen(policy: Policy) -> None:
    """A path stands for what is below it, in any table; one's own parameter for itself."""
    own = Parameter("criteria/5.2.2/norm", 16, 4)
    found = chosen(policy, ["criteria/5.1.1/bands/A", "facts/members/max", own])
    assert [
        "criteria/5.1.1/bands/A/from",
        "criteria/5.1.1/bands/A/to",
        "facts/members/max",
        "criteria/5.2.2/norm",
    ] == [each.path for each in found]
    assert (12, 20) == found[-1].others


def test_unknown(policy: Policy) -> None:
    """A path at which there is none is refused with the nearest one."""
    with pytest.raises(InputError) as caught:
        chosen(policy, ["criteria/5.2.2/nrom", "criteria/5.2"])
    assert ["unknown_name", "unknown_name"] == [each.code for each in caught.value.problems]
    assert "criteria/5.2.2/norm" == caught.value.problems[0].nearest
