"""The rubric: what it gives at most, and which marks it takes."""

from fractions import Fraction

import pytest

from studioflow.policy import Policy


def test_maxima(small: Policy) -> None:
    """A section gives what its criteria give, up to its cap; the rubric what its sections give."""
    assert {"work": 10, "extra": 8} == dict(small.rubric.maxima)
    assert 18 == small.rubric.maximum


def test_no_cap(small: Policy) -> None:
    """A section without a cap gives what its criteria give."""
    assert {"work": 10, "extra": 12} == dict(
        small.vary({"sections/extra/cap": "none"}).rubric.maxima
    )


def test_open_ended_under_a_cap(small: Policy) -> None:
    """A cap bounds a section that has an open-ended criterion."""
    open_ended = small.vary({"criteria/mood/max": "none"}).rubric

    assert Fraction(8) == open_ended.maxima["extra"]
    assert open_ended.maximum == 18


def test_denominator(small: Policy) -> None:
    """Half points in any criterion make the total one of half points."""
    whole = small.vary({"facts/talk_mark/step": 1, "criteria/talk/each": 1})

    assert [2, 1] == [policy.rubric.denominator for policy in (small, whole)]


def test_judged_facts(small: Policy) -> None:
    """Every item with a mark or confirmation is known by it, whatever the readings in force."""
    fixed = small.vary({"readings/talk": "fixed"})

    assert {"talk": "talk_mark", "order": "tidy"} == dict(small.rubric.judged_facts)
    assert small.rubric.judged_facts == fixed.rubric.judged_facts


def test_judged_through_a_condition(small: Policy) -> None:
    """A confirmation inside a named condition belongs to the gate that names the condition."""
    named = small.vary(
        {
            "conditions": {
                "neat": {"label": {"zh": "整洁", "en": "neat"}, "kind": "all", "of": ["tidy"]}
            },
            "gates/order/of": ["safe", "neat"],
        }
    )

    assert "tidy" == named.rubric.judged_facts["order"]


def test_first_item_owns_the_mark(small: Policy) -> None:
    """A mark that two items look at is given for the first."""
    looked_at = small.vary(
        {
            "criteria/mood/cases": [
                {"when": {"kind": "at_least", "value": "talk_mark", "bound": 8}, "points": 2}
            ]
        }
    )

    assert {"talk": "talk_mark", "order": "tidy"} == dict(looked_at.rubric.judged_facts)


@pytest.mark.parametrize("mapping", ["facts", "sections", "criteria", "gates", "grades", "plans"])
def test_read_only(mapping: str, small: Policy) -> None:
    """The mappings of a rubric can not be changed from outside."""
    with pytest.raises(TypeError):
        getattr(small.rubric, mapping)["x"] = None
