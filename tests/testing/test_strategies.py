"""The strategies give what a policy takes, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.host import Host, load_policy
from studioflow.policy import Policy
from studioflow.studio import Studio
from studioflow.testing.strategies import fact_files, facts, histories, records, variations

POLICIES = {name: load_policy(name) for name in ("yongjia-2023", "teacher-points")}
EMPTY = load_policy("tests/testing/bare.toml")
FOUND = settings(max_examples=300, phases=[Phase.generate], deadline=None)
SLOW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))

each_policy = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)


@each_policy
@given(data=st.data())
@SLOW
def test_facts(policy: Policy, data: st.DataObject) -> None:
    """Whatever is known and whatever is not, the facts are scored."""
    values = data.draw(facts(policy, known=["talks"] if "talks" in policy.facts else []))

    assert values.keys() <= policy.facts.keys()
    policy.score(values)


@each_policy
@given(data=st.data())
@SLOW
def test_facts_without_a_gap(policy: Policy, data: st.DataObject) -> None:
    """With all facts known nothing is open."""
    values = data.draw(facts(policy, known=policy.facts))

    assert policy.facts.keys() == values.keys()
    assert () == policy.score(values).open


@each_policy
def test_facts_vary(policy: Policy) -> None:
    """Among the facts are those that leave something open, and some that fail."""
    some = facts(policy)

    assert policy.score(find(some, lambda each: bool(policy.score(each).open), settings=FOUND)).open
    assert find(some, lambda each: _fails(policy, each), settings=FOUND)


def _fails(policy: Policy, values: dict[str, object]) -> bool:
    sheet = policy.score(values)
    low = any(criterion.points.points == 0 for criterion in sheet.criteria)
    return low and all(gate.met is not True for gate in sheet.gates)


def test_unknown_fact() -> None:
    """A fact that the policy does not have is refused by its name."""
    with pytest.raises(InputError) as caught:
        facts(POLICIES["yongjia-2023"], known=["activites"])

    (problem,) = caught.value.problems
    assert ("known/activites", "unknown_name") == (problem.path, problem.code)


@each_policy
@given(data=st.data())
@SLOW
def test_fact_files(policy: Policy, data: st.DataObject) -> None:
    """A file with marks scores as the plain facts that the marks stand for."""
    file = data.draw(fact_files(policy))
    marked = {policy.rubric.judged_facts[mark.criterion]: mark for mark in file.marks}
    plain = {name: m.points if m.met is None else m.met for name, m in marked.items()}

    assert not marked.keys() & file.facts.keys()
    assert policy.score({**file.facts, **plain}).total == policy.score(file).total


def test_fact_files_have_marks() -> None:
    """Marks in full are among them."""
    files = fact_files(POLICIES["yongjia-2023"])

    assert find(files, lambda file: len(file.marks) > 1, settings=FOUND).marks


@each_policy
@given(data=st.data())
@SLOW
def test_records(policy: Policy, data: st.DataObject) -> None:
    """A kind reads every record, and what it writes is the same record again."""
    name, table = data.draw(records(policy))
    kind = policy.record_kinds[name]

    loaded = kind.load(table)
    assert loaded == kind.load(kind.dump(loaded))


@each_policy
@given(data=st.data())
@settings(SLOW, max_examples=8)
def test_histories(policy: Policy, data: st.DataObject) -> None:
    """A history is lawful: its events, folded, are the studio."""
    drive = data.draw(histories(policy, Host(())))

    assert drive.studio == Studio.from_events(drive.studio.id, drive.studio.history)
    assert len(drive.steps) >= 1


@each_policy
@given(data=st.data())
@settings(SLOW, max_examples=8)
def test_variations(policy: Policy, data: st.DataObject) -> None:
    """Each variation builds, and is another policy."""
    changes = data.draw(variations(policy))

    assert policy.fingerprint != policy.vary(changes).fingerprint


def test_nothing_to_draw() -> None:
    """A policy without kinds of record, or without numbers, gives nothing to draw."""
    assert records(EMPTY).is_empty
    assert variations(EMPTY).is_empty
