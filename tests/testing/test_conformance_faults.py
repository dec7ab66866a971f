"""A fault for each check of the conformance kit: the check finds it, and says what to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest

from studioflow.cohort.columns import generate_cohort, score_cohort
from studioflow.host import Host
from studioflow.studio import PluginMeasure, Subscriber
from studioflow.testing.conformance import PluginConformance
from tests.testing.shore import (
    BATCH,
    CASE,
    COUNT,
    EACH,
    KEPT,
    LABEL,
    OTHER,
    POLICY,
    RECORDED,
    RULE,
    SAMPLE,
    Beneath,
    Grasping,
    Numbered,
    OfOneText,
    OfOneThread,
    Restless,
    Shore,
    TooMany,
    Unfilled,
    Wordy,
    counting,
    failing,
    guarded,
    hidden,
    never,
    policy,
    uncounted,
    unheard,
)

pytest_plugins = ["pytester"]


@attrs.frozen(kw_only=True)
class Fault:
    """A broken plugin, or a class of checks that does not fit it.

    Attributes:
        check: that finds it.
        found: what stands in the failure, beside what to do.
        also: other checks that can not but find it, too.
        flags: attributes of the class of checks.
        batch: whether the plugin brings a sample batch; text is what its last step says besides.
    """

    check: str
    found: str
    plugin: Shore = attrs.field(factory=Shore)
    sample: object = attrs.field(factory=lambda: {"talks": 3})
    also: frozenset[str] = frozenset()
    flags: Mapping[str, object] = attrs.field(factory=dict)
    batch: bool | str = False


NO_TABLES: Mapping[str, object] = {"scores_columns": False}
CHECKS = {name for name in dir(PluginConformance) if name.startswith("test_")}
FAULTS = {
    "a document that is none": Fault(
        check="test_hooks_answer",
        found="[not_a_document]",
        plugin=Shore(policies=[7]),
    ),
    "an id twice": Fault(
        check="test_ids_are_unique",
        found="studioflow_policies: [id_claimed] got 'shore'",
        plugin=Shore(policies=[POLICY, POLICY]),
    ),
    "saying more": Fault(
        check="test_says_what_it_brings",
        found="guards: said, but no hook brings any",
        flags={"brings": frozenset({"policies", "rule_kinds", "guards"})},
    ),
    "saying less": Fault(
        check="test_says_what_it_brings",
        found='brings = frozenset({"policies", "rule_kinds"})',
        flags={"brings": frozenset({"policies"})},
    ),
    "another version each time": Fault(
        check="test_answers_the_same_again", found="policies: shore", plugin=Restless()
    ),
    "words in one language": Fault(
        check="test_words_in_both_languages",
        found="grades/good/label",
        plugin=Shore(
            rubrics=[
                {
                    "schema": "studioflow.rubric/1",
                    "id": "shore-rubric",
                    "version": "1",
                    "label": LABEL,
                    "grades": {"good": {"label": {"zh": "好"}}},
                }
            ]
        ),
    ),
    "words in one language, in a list": Fault(
        check="test_words_in_both_languages",
        found="words/0",
        plugin=Shore(
            rubrics=[
                {
                    "schema": "studioflow.rubric/1",
                    "id": "shore-rubric",
                    "version": "1",
                    "label": LABEL,
                    "words": [{"en": "talks"}],
                }
            ]
        ),
    ),
    "a form of what there is not": Fault(
        check="test_forms_fit",
        found="blocks/0/text",
        plugin=Shore(
            forms=[
                {
                    "schema": "studioflow.form/1",
                    "id": "shore-form",
                    "policy": "shore",
                    "label": LABEL,
                    "blocks": [{"text": "{criteria/1.2/points}"}],
                }
            ]
        ),
        flags={"brings": frozenset({"policies", "rule_kinds", "forms"})},
    ),
    "a policy that does not build": Fault(
        check="test_builds_under_every_reading",
        found="shore: as it is: ",
        plugin=policy(criteria={"1.1": {**RULE, "max": 2}}),
    ),
    "an answer that does not build": Fault(
        check="test_builds_under_every_reading",
        found="readings/open_question = b: ",
        plugin=policy(
            criteria={"1.1": {**RULE, "max": {"reading": "open_question", "a": 8, "b": 2}}}
        ),
    ),
    "no clause": Fault(
        check="test_facts_have_a_clause",
        found="shore: facts/talks",
        plugin=policy(facts={"talks": {k: v for k, v in COUNT.items() if k != "clause"}}),
    ),
    "one label twice": Fault(
        check="test_facts_have_a_label",
        found="shore: facts/talks, facts/more: talks",
        plugin=policy(facts={"talks": COUNT, "more": {**COUNT, "label": {**OTHER, "en": "talks"}}}),
    ),
    "a class that pickle does not find": Fault(
        check="test_survives_pickle", found="hidden.<locals>.Hidden", plugin=Shore(rule=hidden())
    ),
    "a text that has to be the very object": Fault(
        check="test_survives_being_written",
        found="shore: it scores {'talks': 8} otherwise",
        plugin=Shore(
            policies=[{**POLICY, "criteria": {"1.1": {**RULE, "way": EACH}}}], rule=OfOneText
        ),
        also=frozenset({"test_survives_pickle"}),
    ),
    "a sample with a gap": Fault(check="test_sample_is_full", found="shore: talks", sample={}),
    "more than the most": Fault(
        check="test_scores_are_exact",
        found="16, where 8 are the most",
        plugin=Shore(rule=TooMany),
        flags=NO_TABLES,
    ),
    "no answer": Fault(
        check="test_nothing_fails",
        found="the rule shore of the plugin Shore failed",
        plugin=Shore(rule=Wordy),
    ),
    "a reason with a gap": Fault(
        check="test_reasons_in_both_languages",
        found="shore_said in en: 'number {number}'",
        plugin=Shore(rule=Unfilled),
    ),
    "a rule that counts": Fault(
        check="test_scores_are_the_same_again",
        found="shore: {'talks': 3}",
        plugin=Shore(rule=Numbered),
        also=frozenset({"test_survives_pickle", "test_survives_being_written"}),
    ),
    "a rule that writes": Fault(
        check="test_facts_stay_as_they_are",
        found="'lessons': None",
        plugin=Shore(
            policies=[{**POLICY, "facts": {"talks": COUNT, "lessons": {**COUNT, "label": OTHER}}}],
            rule=Grasping,
        ),
        sample=SAMPLE,
    ),
    "points beyond their range": Fault(
        check="test_ranges_hold",
        found="1.1: 1 to 1 was said of {}",
        plugin=Shore(rule=Beneath),
        flags=NO_TABLES,
    ),
    "a rule of one thread": Fault(
        check="test_columns_agree", found="by itself", plugin=Shore(rule=OfOneThread)
    ),
    "tables that are scored": Fault(check="test_columns_agree", found="shore", flags=NO_TABLES),
    "a guard that never lets pass": Fault(
        check="test_every_state_is_reached",
        found="shore: over by declare → close",
        plugin=guarded(never),
    ),
    "a guard that fails": Fault(
        check="test_sample_batches_run",
        found="the guard calm failed",
        plugin=guarded(failing),
        batch=True,
    ),
    "a measure that fails": Fault(
        check="test_sample_batches_run",
        found="the measure months failed: OSError: no paper",
        plugin=Shore(policies=[RECORDED], measures=[PluginMeasure(id="months", measure=uncounted)]),
        batch='records = "case.toml"',
    ),
    "a subscriber that fails": Fault(
        check="test_sample_batches_run",
        found="the subscriber news, told of close",
        plugin=Shore(policies=[KEPT], subscribers=[Subscriber(id="news", notify=unheard)]),
        batch=True,
    ),
    "a guard that counts": Fault(
        check="test_sample_batches_replay",
        found="shore-sample: steps/1: close of one",
        plugin=guarded(counting),
        batch=True,
    ),
}
GOOD = {
    "without a lifecycle": Fault(check="", found=""),
    "with a lifecycle": Fault(check="", found="", plugin=Shore(policies=[KEPT]), batch=True),
}


@attrs.frozen
class Run:
    """What became of the checks: those that failed, and those that were expected to, with texts."""

    failed: Mapping[str, str]
    expected: Mapping[str, str]


Tried = Callable[[Fault], Run]


@pytest.fixture(scope="module")
def _imported() -> None:
    """Import what tables need: numpy can not be imported anew in each run."""
    shore = Host([Shore()]).policy("shore")
    score_cohort(shore, generate_cohort(shore, 1))


@pytest.fixture
def tried(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _imported: None
) -> Tried:
    """Run a plugin through the kit, as its author would."""

    def run(fault: Fault) -> Run:
        made = fault.plugin
        if fault.batch:
            text = BATCH + (fault.batch if isinstance(fault.batch, str) else "")
            (tmp_path / "batch.toml").write_text(text, encoding="utf-8")
            (tmp_path / "case.toml").write_text(CASE, encoding="utf-8")
            made = attrs.evolve(made, batches=[tmp_path])
        (report,) = Host([made]).plugins

        class TestShore(PluginConformance):
            brings = frozenset(report.brings)

            @pytest.fixture
            def plugin(self) -> object:
                return made

            @pytest.fixture
            def sample(self) -> object:
                return fault.sample

        flagged = type("TestShore", (TestShore,), dict(fault.flags))
        monkeypatch.setitem(sys.modules, "shore", SimpleNamespace(TestShore=flagged))
        pytester.makepyfile("from shore import TestShore")
        result = pytester.inline_run("-p", "no:cacheprovider")
        passed, skipped, failed = result.listoutcomes()
        assert CHECKS == {_name(each) for each in (*passed, *skipped, *failed)}
        return Run(
            failed={_name(each): each.longreprtext for each in failed},
            expected={_name(each): str(getattr(each, "wasxfail", "")) for each in skipped},
        )

    return run


def _name(report: pytest.TestReport | pytest.CollectReport) -> str:
    return report.nodeid.rpartition("::")[2].partition("[")[0]


@pytest.mark.parametrize("fault", GOOD.values(), ids=GOOD)
def test_nothing_is_found(tried: Tried, fault: Fault) -> None:
    """The plugin that the faults are planted in has none of them."""
    assert Run({}, {}) == tried(fault)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_fault_is_found(tried: Tried, fault: Fault) -> None:
    """The check that looks for it finds a fault, no other does, and its text says what to do."""
    failed = tried(fault).failed

    assert {fault.check, *fault.also} == {*failed}, "\n".join(failed.values())
    to_do, *found = failed[fault.check].split("\n  - ")
    assert to_do.endswith(".")
    assert fault.found in "\n".join([to_do, *found])


def test_every_check_has_a_fault() -> None:
    """There is a planted fault for each check of the kit."""
    assert CHECKS == {fault.check for fault in FAULTS.values()}


def test_expected_failure(tried: Tried) -> None:
    """A failure may be expected with a reason, which is shown."""
    flags = {"expected_failures": {"test_facts_have_a_clause": "no paper yet"}}
    run = tried(attrs.evolve(FAULTS["no clause"], flags=flags))

    assert Run({}, {"test_facts_have_a_clause": "no paper yet"}) == run


def test_expected_failure_that_passes(tried: Tried) -> None:
    """A check that is expected to fail, and passes, fails."""
    flags = {"expected_failures": {"test_facts_have_a_clause": "no paper yet"}}
    run = tried(Fault(check="", found="", flags=flags))

    assert {"test_facts_have_a_clause"} == {*run.failed}
    assert "no paper yet" in run.failed["test_facts_have_a_clause"]


@pytest.mark.parametrize(
    ("flags", "sample", "said"),
    [
        ({}, {"talk": 3}, "Mend `sample`: the policy shore does not take it."),
        ({}, None, "Return a full studio from `sample`"),
        ({}, 3, "`sample` is a path, facts or a fact file, and no 3"),
        ({"policy": "shores"}, {"talks": 3}, "Set `policy` to one of: shore."),
    ],
)
def test_unfit_class(tried: Tried, flags: Mapping[str, object], sample: object, said: str) -> None:
    """A class that hands over what does not fit the plugin is told so, and what to change."""
    failed = tried(Fault(check="", found="", sample=sample, flags=flags)).failed

    assert "test_sample_is_full" in failed
    assert said in failed["test_sample_is_full"]
