"""Coverage: what cases have seen of a policy, what they have not, and what nobody can see."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from studioflow import Policy, load_policy
from studioflow.cases import Coverage, Target, cover, read_cases

HEAD = 'schema = "studioflow.cases/1"\n'
PLUGINS = Path(__file__).parents[2] / "plugins"


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


def covered(policy: Policy, folder: Path, text: str) -> Coverage:
    """Return what cases see."""
    path = folder / "a.cases.toml"
    path.write_text(HEAD + text, "utf-8")
    return cover(policy, read_cases(path))


def seen(coverage: Coverage, place: str) -> dict[str, tuple[str, ...]]:
    """Return what was seen at a place, by its words, with the cases."""
    return {
        each.text.en: each.cases
        for each in coverage.targets
        if each.place == place and each.status == "seen"
    }


def test_both_sides_of_a_threshold(policy: Policy, tmp_path: Path) -> None:
    """A case sees the side of each comparison on which it lies, and the reason given there."""
    text = (
        "[cases.{0}]\nfacts = {{ activities = {1} }}\nexpect = {{ points = {{ '5.2.2' = 9 }} }}\n"
    )
    coverage = covered(policy, tmp_path, text.format("few", 15) + text.format("many", 30))
    found = seen(coverage, "criteria/5.2.2")
    assert {"few"} == {
        case for words, cases in found.items() if "count_below" in words for case in cases
    }
    assert {"many"} == {
        case for words, cases in found.items() if "count_above" in words for case in cases
    }
    bounds = [
        each for each in coverage.targets if each.place == "criteria/5.2.2" and each.kind == "bound"
    ]
    assert {"seen", "missing", "impossible"} >= {each.status for each in bounds}
    assert 2 <= sum(each.status == "seen" for each in bounds)


def test_a_refusal_is_seen(policy: Policy, tmp_path: Path) -> None:
    """A mark that is refused sees the refusal, and no total."""
    coverage = covered(
        policy, tmp_path, "[cases.a]\nfacts = { goal_mark = 4 }\nexpect = { refused = ['x'] }\n"
    )
    (refused,) = (each for each in coverage.targets if each.kind == "refusal" and each.cases)
    assert ("criteria/5.1.1", ("a",)) == (refused.place, refused.cases)
    assert {} == seen(coverage, "total")


def test_an_open_fact_sees_nothing(policy: Policy, tmp_path: Path) -> None:
    """What hangs on a fact that is missing was not seen."""
    coverage = covered(policy, tmp_path, "[cases.a]\nexpect = { total = [0, 100] }\n")
    assert Fraction(0) == coverage.share


def test_another_policy_counts_for_nothing(policy: Policy, tmp_path: Path) -> None:
    """A case that varies the policy is about another one."""
    text = "[cases.a]\nset = { 'criteria/5.2.2/norm' = 12 }\nfacts = { activities = 15 }\n"
    coverage = covered(policy, tmp_path, text + "expect = { total = 1 }\n")
    assert Fraction(0) == coverage.share


def test_steps_and_denials(policy: Policy, tmp_path: Path) -> None:
    """An action sees from where and by whom it is taken, or why it is denied."""
    text = """
[cases.late]
actions = [{ do = "declare", by = "host_party", on = 2023-06-20 }]
expect = { denied = ["too_late"] }
[cases.in_time]
actions = [{ do = "declare", by = "host_party", on = 2023-03-20 }]
expect = { state = "declared" }
"""
    found = seen(covered(policy, tmp_path, text), "transitions/declare")
    assert {
        "taken from undeclared": ("in_time",),
        "taken by host_party": ("in_time",),
        "denied: too_late": ("late",),
    } == found


def test_a_studio_that_was_never_declared(policy: Policy, tmp_path: Path) -> None:
    """A sheet that is asked of a studio which was not declared is none, and nothing breaks."""
    text = """
[cases.a]
actions = [{ do = "declare", by = "host_party", on = 2023-06-20 }]
expect = { denied = ["too_late"], total = [0, 100] }
"""
    assert {} == seen(covered(policy, tmp_path, text), "transitions/declare")


def test_what_nobody_can_see(policy: Policy) -> None:
    """What no facts can show is impossible, also where only whole marks make it so."""
    impossible = {(each.place, each.kind) for each in cover(policy, []).impossible}
    assert ("criteria/5.1.1", "refusal") in impossible
    assert ("criteria/5.2.2", "condition") in impossible
    halves = policy.vary({"readings/mark_step": "half_points"})
    kinds = [e for e in cover(halves, []).impossible if e.place == "criteria/5.1.1"]
    assert len(kinds) < sum(p == "criteria/5.1.1" for p, _ in _places(policy))


def _places(policy: Policy) -> list[tuple[str, str]]:
    return [(each.place, each.kind) for each in cover(policy, []).impossible]


@pytest.mark.parametrize(
    ("name", "folder"),
    [("yongjia-2023", "studioflow-yongjia"), ("teacher-points", "studioflow-teacher-points")],
)
def test_the_plugins_see_everything(name: str, folder: str) -> None:
    """The cases of both plugins see all that their policies can say."""
    coverage = cover(load_policy(name), read_cases(PLUGINS / folder / "tests"))
    assert () == tuple(f"{each.place}: {each.text.en}" for each in coverage.missing)
    assert Fraction(1) == coverage.share


def test_nothing_to_see() -> None:
    """Of nothing everything was seen; what is missing lowers the share."""
    assert Fraction(1) == Coverage(()).share
    one = Target("a", "gate", load_policy("yongjia-2023").label)
    assert Fraction(0) == Coverage((one,)).share
