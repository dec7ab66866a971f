"""The conformance kit: what it takes for a fault, and how it keeps from being weakened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl, load_policy
from studioflow.testing.conformance import PluginConformance, checks, only_plugins

pytest_plugins = ["pytester"]

GOOD = '''
    """A plugin's own test."""
    from fractions import Fraction

    import attrs
    import pytest

    from studioflow import PythonScoring, RuleKind
    from studioflow.host import hookimpl
    from studioflow.rules import Quantity
    from studioflow.testing.conformance import PluginConformance

    LABEL = {"zh": "讲座", "en": "talks"}
    READING = {"value": "a", "text": LABEL, "values": {"a": LABEL, "b": LABEL}}
    RULE = {"section": "1", "label": LABEL, "max": 8, "kind": "shore", "of": "talks", "most": 8}
    TABLES = {
        "schema": "studioflow.policy/1",
        "id": "shore",
        "version": "1",
        "label": LABEL,
        "source": "a paper",
        "readings": {"open_question": READING},
        "facts": {
            "talks": {"type": "count", "label": LABEL, "unit": LABEL, "max": 8, "clause": "1"}
        },
        "sections": {"1": {"label": LABEL}},
        "criteria": {"1.1": RULE},
    }


    def answer(values):
        return values.number("talks")


    @attrs.frozen(kw_only=True, eq=False)
    class Shore(PythonScoring):
        of: Quantity
        high: Fraction = attrs.field(metadata={"key": "most"})

        def compute(self, values):
            return answer({"talks": values.number("of")} | Numbers(values))


    class Numbers(dict):
        def __init__(self, values):
            super().__init__({"talks": values.number("of")})

        def __or__(self, other):
            return self

        def __ror__(self, other):
            return self

        def number(self, name):
            return self[name]


    class Shores:
        @hookimpl
        def studioflow_policies(self):
            return [TABLES]

        @hookimpl
        def studioflow_rule_kinds(self):
            return [RuleKind(id="shore", cls=Shore)]


    SHORES = Shores()


    class TestShore(PluginConformance):
        brings = frozenset({"policies", "rule_kinds"})

        @pytest.fixture
        def plugin(self):
            return SHORES

        @pytest.fixture
        def sample(self):
            return {"talks": 3}
'''
Tried = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def tried(pytester: pytest.Pytester) -> Tried:
    """Run the good plugin through the kit, with pieces of it replaced: passed, failed, output."""

    def run(*changes: tuple[str, str]) -> tuple[int, list[str], str]:
        source = dedent(GOOD)
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        pytester.makepyfile(test_shore=source)
        result = pytester.runpytest_subprocess("-rfEx", "-p", "no:cacheprovider")
        found = result.outlines
        failed = [line.split("::")[-1].split()[0] for line in found if line.startswith("FAILED")]
        return result.parseoutcomes().get("passed", 0), failed, "\n".join(found)

    return run


def test_good_plugin(tried: Tried) -> None:
    """A plugin in order passes every check."""
    passed, failed, output = tried()

    assert [] == failed, output
    assert 22 == passed


FAULTS = {
    "test_hooks_answer": ("return [TABLES]", "raise ValueError('no such thing')"),
    "test_ids_are_unique": ("return [TABLES]", "return [TABLES, TABLES]"),
    "test_says_what_it_brings": ('"policies", "rule_kinds"', '"policies", "guards"'),
    "test_builds_under_every_reading": (
        '"max": 8, "kind"',
        '"max": {"reading": "open_question", "a": 8, "b": 2}, "kind"',
    ),
    "test_facts_have_a_clause": (', "clause": "1"', ""),
    "test_sample_is_full": ('{"talks": 3}', "{}"),
    "test_nothing_fails": ('return values.number("talks")', "return None"),
    "test_scores_are_the_same_again": (
        'return values.number("talks")',
        "import random; return random.randint(0, 8)",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("check", FAULTS)
def test_fault_is_found(tried: Tried, check: str) -> None:
    """Each fault fails the check that looks for it."""
    _, failed, output = tried(FAULTS[check])

    assert check in failed, output


def test_expected_failure(tried: Tried) -> None:
    """A failure may be expected with a reason, which is shown."""
    flags = '"rule_kinds"})\n'
    expected = flags + '    expected_failures = {"test_facts_have_a_clause": "no paper yet"}\n'
    _, failed, output = tried((flags, expected), FAULTS["test_facts_have_a_clause"])

    assert [] == failed, output
    assert "no paper yet" in output


def test_expected_failure_that_passes(tried: Tried) -> None:
    """A check that is expected to fail, and passes, fails."""
    flags = '"rule_kinds"})\n'
    expected = flags + '    expected_failures = {"test_facts_have_a_clause": "no paper yet"}\n'
    _, failed, output = tried((flags, expected))

    assert ["test_facts_have_a_clause"] == failed, output


def test_overriding() -> None:
    """A check can not be overridden: neither in the class nor by a class beside it."""
    with pytest.raises(TypeError, match="overrides test_survives_pickle"):

        class TestOwn(PluginConformance):
            test_survives_pickle = None  # type: ignore[assignment] # what is not to be done

    class Beside:
        def test_ranges_hold(self) -> None:
            """Nothing."""

    with pytest.raises(TypeError, match="overrides test_ranges_hold"):
        type("TestBoth", (Beside, PluginConformance), {})


@pytest.mark.parametrize(
    ("attribute", "value", "said"),
    [
        ("expected_failures", {"test_x": "why"}, "test_x in `expected_failures` is no check"),
        ("expected_failures", {"test_ranges_hold": " "}, "says no reason"),
        ("conforms_to", "1999", "'1999' is no edition; there are 2026.1"),
    ],
)
def test_wrong_attributes(attribute: str, value: object, said: str) -> None:
    """What names no check, no reason or no edition is refused when the class is defined."""
    with pytest.raises(TypeError, match=said):
        type("TestOwn", (PluginConformance,), {attribute: value})


def test_newer_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a class that conforms to an earlier edition a newer check may fail, and says so."""
    monkeypatch.setattr(checks, "EDITIONS", ("2025.1", "2026.1"))
    made = type("TestOwn", (PluginConformance,), {"conforms_to": "2025.1"})

    (mark,) = made.__dict__["test_survives_pickle"].pytestmark
    assert "a check since 2026.1; the class conforms to 2025.1" == mark.kwargs["reason"]
    assert not mark.kwargs["strict"]
    assert not hasattr(PluginConformance.test_survives_pickle, "pytestmark")


def test_every_check_says_since_when() -> None:
    """Each check is of an edition, so that a newer one is announced."""
    names = [name for name in dir(PluginConformance) if name.startswith("test_")]
    editions = {getattr(getattr(PluginConformance, name), checks._SINCE) for name in names}

    assert 21 == len(names)
    assert editions <= {*checks.EDITIONS}


class Beach:
    """A plugin with a policy of its own."""

    @hookimpl
    def studioflow_policies(self) -> list[Path]:
        """Return the barest policy."""
        return [Path(__file__).with_name("bare.toml")]


def test_only_plugins() -> None:
    """Inside, no installed plugin is seen but those asked for; outside, all are again."""
    before = Host.discover().plugins
    with only_plugins(Beach(), "yongjia") as host:
        assert ["Beach", "yongjia"] == [report.name for report in host.plugins]
        assert "bare" == load_policy("bare").id
        with pytest.raises(InputError), only_plugins():
            load_policy("yongjia-2023")
        assert "yongjia-2023" == load_policy("yongjia-2023").id

    assert before == Host.discover().plugins


def test_only_plugins_that_there_are() -> None:
    """A name of no installed plugin is refused, with the nearest one."""
    with pytest.raises(InputError) as caught, only_plugins("yongija"):
        pass

    (problem,) = caught.value.problems
    assert ("plugins/0", "yongjia") == (problem.path, problem.nearest)
