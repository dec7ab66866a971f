"""Cases in which somebody acts: what is done, denied, warned of, and what is bad input."""

from __future__ import annotations

from pathlib import Path

import pytest

from studioflow import Policy, load_policy
from studioflow.cases import PolicyCase, check_cases, read_cases, run_cases
from studioflow.errors import InputError

HEAD = 'schema = "studioflow.cases/1"\n'
DECLARED = """
[cases.declared]
actions = [{ do = "declare", by = "host_party", on = 2023-03-20 }]
expect = { state = "declared" }
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


def cases(folder: Path, text: str) -> tuple[PolicyCase, ...]:
    """Write cases below the head of a file, and read them."""
    path = folder / "a.cases.toml"
    path.write_text(HEAD + text, "utf-8")
    return read_cases(path)


def said(policy: Policy, folder: Path, expect: str, actions: str = "") -> str:
    """Return what is said of a case that goes on from a declared studio."""
    own = f"actions = [{actions}]\n" if actions else ""
    text = f'{DECLARED}\n[cases.b]\nlike = "declared"\n{own}expect = {{ {expect} }}\n'
    return run_cases(policy, cases(folder, text))[-1].explain("en")


APPROVE = (
    '{ do = "approve", by = "bureau_committee", on = 2023-04-10, '
    "facts = { application_complete = false } }"
)


@pytest.mark.parametrize(
    ("actions", "expect", "mismatch"),
    [
        ("", 'state = "declared"', ""),
        ("", 'state = "approved"', "state: expected approved, got declared"),
        (APPROVE, 'state = "approved"', ""),
        (APPROVE, 'denied = ["quota"]', "actions/1/approve: expected quota, got taken"),
        (APPROVE, "warned = []", "warned: expected none, got papers"),
        (APPROVE, 'warned = ["papers"]', ""),
        (APPROVE, 'warned = ["quota"]', "warned: expected quota, got papers"),
        (APPROVE, "rewarded = 10000", "rewarded: expected 10000, got none"),
        (APPROVE, 'decision = "none"', ""),
        (APPROVE, 'decision = "passed"', "decision: expected passed, got none"),
        (APPROVE, "steps = {}", "steps/plaque: expected none, got county_bureau"),
        (APPROVE, "total = [0, 100]", ""),
        (APPROVE, "facts = { activities = 0 }", "facts/activities: expected 0, got None"),
        (f"{APPROVE}, {APPROVE}", 'denied = ["wrong_state"]', ""),
        (
            '{ do = "approve", by = "assessor" }',
            'state = "declared"',
            "actions/1/approve: expected taken, got wrong_role",
        ),
        (
            f'{{ do = "approve", by = "assessor" }}, {APPROVE}',
            'state = "approved"',
            "actions/1/approve: expected taken, got wrong_role",
        ),
        ('{ do = "record", by = "lead", records = { x = [] } }', 'refused = ["unknown_name"]', ""),
        (
            '{ do = "record", by = "lead", records = { x = [] } }',
            'state = "declared"',
            "facts: expected taken, got [unknown_name] actions/1/records/x",
        ),
    ],
)
def test_expectations(
    policy: Policy, tmp_path: Path, actions: str, expect: str, mismatch: str
) -> None:
    """Each thing that can be expected of actions passes, or is told with what came out."""
    told = said(policy, tmp_path, expect, actions)
    assert mismatch in told
    assert bool(mismatch) is bool(told)


def test_several_studios(policy: Policy, tmp_path: Path) -> None:
    """One action may be that of several studios; the last one named is looked at."""
    text = """
[cases.two]
actions = [
    { do = "declare", by = "host_party", on = 2023-03-20, studio = ["a", "b"] },
    { do = "withdraw", by = "host_party", remark = "r", studio = "b" },
]
expect = { state = "withdrawn" }
"""
    (case,) = cases(tmp_path, text)
    assert ["a", "b", "b"] == [action.studio for action in case.actions]
    assert run_cases(policy, [case])[0].passed


@pytest.mark.parametrize(
    ("table", "code", "path"),
    [
        ("actions = [{ do = 'declare', by = 'lead' }]", "first_day", "cases/a/actions/0"),
        (
            "actions = [{ do = 'declare', by = 'lead', on = 2023-03-20, fact = {} }]",
            "unknown_key",
            "cases/a/actions/0/fact",
        ),
        (
            "facts = { members = 7 }\nactions = [{ do = 'declare', by = 'lead', on = 2023-03-20 }]",
            "handed_in_with_actions",
            "cases/a",
        ),
        ("facts = { members = 7 }", "of_actions", "cases/a/expect/state"),
    ],
)
def test_a_file_that_is_wrong(tmp_path: Path, table: str, code: str, path: str) -> None:
    """What is wrong with actions is told with its place."""
    with pytest.raises(InputError) as caught:
        cases(tmp_path, f"[cases.a]\n{table}\nexpect = {{ state = 'declared' }}\n")
    assert (code, path) in [(each.code, each.path) for each in caught.value.problems]


def test_what_the_policy_does_not_have(policy: Policy, tmp_path: Path) -> None:
    """Steps, roles and states that there are not are told at once."""
    text = """
[cases.a]
actions = [{ do = "aprove", by = "comittee", on = 2023-03-20 }]
expect = { state = "aproved", decision = "best", steps = { aprove = [] }, facts = { x = 1 } }
"""
    with pytest.raises(InputError) as caught:
        check_cases(policy, cases(tmp_path, text))
    assert 6 == len(caught.value.problems)
