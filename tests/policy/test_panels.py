"""Panels in policy files: by a reading, varied, compared, and in what is written of facts."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.people import Mark
from studioflow.policy import Difference, Document, Policy, build_policy, differences, read_facts
from studioflow.policy.fact_schema import fact_file_schema
from studioflow.policy.template import fact_file_toml
from studioflow.rubric import FactFile
from studioflow.rules import Pool

SAID = {"zh": "没有说", "en": "not said"}
WAYS = {"mean": SAID, "middle": SAID}


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture
def pooled(small: Policy) -> Policy:
    """The small policy with a panel for its mark."""
    return small.vary({"facts/talk_mark/panel": {"way": "mean", "most": 3}})


def with_reading(small: Policy, panel: dict[str, Any]) -> Policy:
    """Build the small policy with a reading `several` and a panel that hangs on it."""
    tables = small.tables
    tables["readings"]["several"] = {"value": "mean", "text": SAID, "values": WAYS}
    tables["facts"]["talk_mark"]["panel"] = panel
    return build_policy(Document(tables, "test"))


@pytest.mark.parametrize(
    "panel",
    [
        {"way": {"reading": "several", "mean": "mean", "middle": "median"}, "most": 3},
        {
            "reading": "several",
            "mean": {"way": "mean", "most": 3},
            "middle": {"way": "median", "most": 3},
        },
    ],
)
def test_reading(panel: dict[str, Any], small: Policy) -> None:
    """The way, or the whole panel, may hang on a reading."""
    policy = with_reading(small, panel)
    ways = []
    for each in (policy, policy.vary({"readings/several": "middle"})):
        found = each.facts["talk_mark"].panel
        assert found is not None
        ways.append(found.way)

    assert ["mean", "median"] == ways


def test_every_branch_is_checked(small: Policy) -> None:
    """A way that does not exist is found in an answer that is not in force."""
    panel = {"way": {"reading": "several", "mean": "mean", "middle": "center"}, "most": 3}
    with pytest.raises(InputError) as error:
        with_reading(small, panel)

    assert [("facts/talk_mark/panel/way/middle", "unknown_name")] == [
        (problem.path, problem.code) for problem in error.value.problems
    ]


def test_difference(small: Policy, pooled: Policy) -> None:
    """Two policies that pool marks in different ways differ there and nowhere else."""
    median = pooled.vary({"facts/talk_mark/panel/way": "median"})

    assert (Difference("facts/talk_mark/panel/way", "mean", "median", None),) == differences(
        pooled, median
    )
    assert {"facts/talk_mark/panel/way", "facts/talk_mark/panel/most"} == {
        found.path for found in differences(small, pooled)
    }


def test_finer_points_stay_exact(small: Policy, pooled: Policy) -> None:
    """A panel of up to three divides half points into sixths, and the total with them."""
    assert (2, 12) == (small.rubric.denominator, pooled.rubric.denominator)


def marked(item: str, by: str, role: str, points: int) -> Mark:
    """Make a mark."""
    return Mark(criterion=item, by=by, role=role, points=Fraction(points))


def test_fact_file(policy: Policy, tmp_path: Path) -> None:
    """Several people's marks are written in the order they came in, and read again alike."""
    given = FactFile(
        schema="studioflow.facts/1",
        marks=(
            marked("5.1.1", "p-1", "assessor", 7),
            marked("5.2.1", "p-1", "assessor", 9),
            marked("5.1.1", "p-2", "assessor", 8),
        ),
    )
    path = tmp_path / "facts.toml"
    path.write_text(text := fact_file_toml(policy, filled=given), "utf-8")

    assert given == read_facts(path)
    assert 1 == text.count("5.1.1 mark for the training goal")
    assert policy.score(given) == policy.score(read_facts(path))


def test_pool_among_plain_facts(policy: Policy) -> None:
    """Several marks can not be written as one plain fact: they have to be given in full."""
    filled = FactFile(facts={"goal_mark": Pool([Fraction(7), Fraction(15, 2)])})
    with pytest.raises(InputError) as error:
        fact_file_toml(policy, filled=filled)

    assert [("facts/goal_mark", "marks_in_full", "7, 7.5")] == [
        (problem.path, problem.code, problem.got) for problem in error.value.problems
    ]


def test_described(policy: Policy) -> None:
    """What is said of a mark says how many people may give one, and what becomes of them."""
    schema = fact_file_schema(policy, "zh")
    facts = schema["properties"]["facts"]["properties"]
    marks = {
        mark["properties"]["criterion"]["const"]: mark["description"]
        for mark in schema["properties"]["marks"]["items"]["oneOf"]
    }

    assert facts["goal_mark"]["description"].endswith("由1–9人评分，取平均分")
    assert facts["team_confirmed"]["description"].endswith("由1–9人确认，须全部达到")
    assert facts["goal_mark"]["description"] == marks["5.1.1"]
    assert "# 5.1.1 mark for the training goal" in fact_file_toml(policy)
    assert "1–9 marks, their mean counts" in fact_file_toml(policy)


def test_values_keep_what_several_said(policy: Policy) -> None:
    """Values hand several marks through to the sheet, beside plain facts."""
    given = FactFile(
        facts={"trainees": 20},
        marks=(marked("5.1.1", "p-1", "assessor", 7), marked("5.1.1", "p-2", "assessor", 8)),
    )
    values = policy.values(given)

    assert {"trainees": 20, "goal_mark": Pool([Fraction(7), Fraction(8)])} == values
    assert policy.score(given) == policy.score_values({**values}, given.marks)
