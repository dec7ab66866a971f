"""`policies` and `plugins`."""

from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import studioflow_yongjia

from studioflow.cli.layout import width
from studioflow.host import Host, hookimpl, load_policy
from studioflow.policy import RecordClass
from studioflow.rules import RuleKind, SumOf
from studioflow.studio import Guard, PluginMeasure, Question, Subscriber
from studioflow.verdict import Reason

Run = Callable[..., Any]
Install = Callable[..., None]

POLICY = "yongjia-2023"
DISTRIBUTION = "studioflow-yongjia"
HEADS = {"Parts", "Roles", "Items /3", "Gates", "Readings"}


class Broken:
    """A plugin without any hook."""


class Bringing:
    """A plugin that brings the policies that it is given."""

    def __init__(self, policies: list[dict[str, str]]) -> None:
        self.policies = policies

    @hookimpl
    def studioflow_policies(self) -> list[dict[str, str]]:
        """Return the policies given."""
        return self.policies


class Guarded:
    """A plugin that prints when it is asked, and whose guard does."""

    @hookimpl
    def studioflow_guards(self) -> list[Guard]:
        """Return a guard."""
        print("asked for guards")  # noqa: T201 - that is the point
        return [Guard(id="calm", check=self.check)]

    def check(self, question: Question) -> list[Reason]:
        """Let everything pass."""
        print("asked about", question.action)  # noqa: T201 - that is the point
        return []


class InPython:
    """A plugin that brings what no file can say."""

    @hookimpl
    def studioflow_rule_kinds(self) -> list[RuleKind]:
        """Return a kind, any of the library's classes under a name of its own."""
        return [RuleKind(id="shore_sum", cls=SumOf)]

    @hookimpl
    def studioflow_measures(self) -> list[PluginMeasure]:
        """Return a measure."""
        return [PluginMeasure(id="months", measure=len)]

    @hookimpl
    def studioflow_record_classes(self) -> list[RecordClass]:
        """Return a class for a record, any class of attrs."""
        return [RecordClass(kind="talk", cls=Guard, policy="county")]

    @hookimpl
    def studioflow_subscribers(self) -> list[Subscriber]:
        """Return a subscriber."""
        return [Subscriber(id="news", notify=print)]


class Claimant(Bringing):
    """One of the two plugins that bring the same."""


class Rival(Bringing):
    """The other one."""


class TestPolicies:
    """What is installed."""

    def test_table(self, run: Run) -> None:
        """A policy stands with version, label, distribution and its version."""
        rows = [line.split() for line in run("policies", "--lang", "zh").out.splitlines()]
        expected = [POLICY, "1", "教育先锋党员工作室", DISTRIBUTION, version(DISTRIBUTION)]
        assert expected in rows

    def test_json(self, run: Run) -> None:
        """The same for programs."""
        document = run("policies", "--json").json()
        expected = {
            "id": POLICY,
            "version": "1",
            "label": {"zh": "教育先锋党员工作室", "en": "Pioneer Party-member studios"},
            "plugin": "yongjia",
            "distribution": DISTRIBUTION,
            "distribution_version": version(DISTRIBUTION),
        }
        assert "studioflow.policies/1" == document["schema"]
        assert expected in document["policies"]

    def test_none(self, run: Run, install: Install) -> None:
        """Without any it says so, and what to do."""
        install()
        ran = run("policies")
        assert 0 == ran.status
        assert "No policy is installed." in ran.out
        assert "studioflow plugins" in ran.out

    def test_none_to_use(self, run: Run, install: Install) -> None:
        """A command that needs one says what to do."""
        install()
        ran = run("facts", POLICY)
        assert 2 == ran.status
        assert "install a plugin that brings it" in " ".join(ran.err.split())

    def test_unfinished(self, run: Run, install: Install) -> None:
        """A listing builds nothing, so that a policy with mistakes is listed as well."""
        install(policies=[{"schema": "studioflow.policy/1", "id": "county", "label": 3}])
        ran = run("policies")
        assert (0, "") == (ran.status, ran.err)
        assert "county" in ran.out


class TestPolicy:
    """One policy: what it is made of."""

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_everything(self, run: Run, language: str) -> None:
        """Roles, items, gates, readings and each answer are there."""
        ran = run("policies", POLICY, "--lang", language)
        policy = load_policy(POLICY)
        names = {*policy.roles, *policy.rubric.criteria, *policy.rubric.gates, *policy.readings}
        answers = {answer for reading in policy.readings.values() for answer in reading.values}

        assert (0, "") == (ran.status, ran.err)
        assert set() == (names | answers) - set(ran.out.split())
        assert max(map(width, ran.out.splitlines())) <= 80

    def test_lines(self, run: Run) -> None:
        """The answer in force has a star, an item its points, a part its document."""
        lines = [line.strip() for line in run("policies", POLICY).out.splitlines()]
        for line in (
            "bonus_cap  5.4.2",
            "Titled five points, three items of two.",
            "* cap_5  at most five",
            "uncapped  no cap",
            "5.2.2 /20 research activities",
            "5.0.1  leading in thought",
        ):
            assert line in lines
        origin = f"yongjia ({DISTRIBUTION} {version(DISTRIBUTION)}): rubric.toml"
        assert ["Items", *origin.split()] in [line.split() for line in lines]

    def test_small(self, run: Run, tmp_path: Path) -> None:
        """A policy without roles, gates and readings has no empty headings."""
        path = tmp_path / "tiny.toml"
        path.write_text(
            'schema = "studioflow.policy/1"\nid = "tiny"\nversion = "1"\n'
            'label = { zh = "甲", en = "tiny" }\n[sections.1]\nlabel = { zh = "乙", en = "a" }\n'
            '[criteria."1.1"]\nsection = "1"\nlabel = { zh = "丙", en = "b" }\n'
            'max = 3\nkind = "points"\npoints = 3\n',
            "utf-8",
        )
        out = run("policies", str(path)).out
        assert "Items /3" in out
        assert ["Parts", "Items /3"] == [x for x in out.splitlines() if x in HEADS]

    def test_json(self, run: Run) -> None:
        """The same for programs."""
        document = run("policies", POLICY, "--json").json()
        reading = next(r for r in document["readings"] if r["id"] == "bonus_cap")
        origin = f"yongjia ({DISTRIBUTION} {version(DISTRIBUTION)}): rubric.toml"

        assert ("studioflow.policy-view/1", POLICY) == (document["schema"], document["id"])
        assert {
            "id": "bonus_cap",
            "clause": "5.4.2",
            "in_force": "cap_5",
            "text": "Titled five points, three items of two.",
            "type": "choice",
            "answers": {"cap_5": "at most five", "uncapped": "no cap"},
            "origin": origin,
        } == reading
        assert "20" == next(c["max"] for c in document["criteria"] if c["id"] == "5.2.2")
        assert "100" == document["max"]

    def test_unknown(self, run: Run) -> None:
        """An id that nobody brings says where the ids are listed."""
        ran = run("policies", "yongjia-2032")
        assert 2 == ran.status
        assert "`studioflow policies` lists" in " ".join(ran.err.split())


class TestPlugins:
    """What became of each plugin."""

    def test_table(self, run: Run) -> None:
        """A plugin stands with distribution, status and what it brings."""
        out = run("plugins").out
        assert "✓ ok" in out
        assert "policies: yongjia-2023" in out

    @pytest.mark.parametrize(
        ("language", "listed"),
        [
            (
                "zh",
                ["规则种类: shore_sum", "计数方法: months", "记录类: county/talk", "订阅者: news"],
            ),
            (
                "en",
                [
                    *("rule kinds: shore_sum", "measures: months"),
                    *("record classes: county/talk", "subscribers: news"),
                ],
            ),
        ],
    )
    def test_brought_in_python(
        self, run: Run, install: Install, language: str, listed: list[str]
    ) -> None:
        """What a plugin brings in Python stands there by kind, in the language asked for."""
        install(InPython())
        lines = run("plugins", "--lang", language).out.splitlines()

        assert listed == [
            line[-len(words) :] for line, words in zip(lines[2:], listed, strict=True)
        ]

    def test_broken(self, run: Run, install: Install) -> None:
        """One that is broken stands there with its error, and other commands mention it."""
        install(Broken())
        plugins, policies = run("plugins"), run("policies")

        assert 0 == plugins.status
        assert "✗ broken" in plugins.out
        assert "plugin_no_hooks" in plugins.out
        assert "the plugin Broken is broken" in " ".join(policies.err.split())
        assert "none of its guards is asked" in " ".join(policies.err.split())

    def test_demo(self, run: Run, install: Install) -> None:
        """The demo says that guards of a broken plugin were not asked, and asks the others."""
        install(Broken(), studioflow_yongjia, Guarded())
        ran = run("demo")
        assert 0 == ran.status
        assert "none of its guards is asked" in " ".join(ran.err.split())
        assert "asked about" in ran.err

    def test_partly(self, run: Run, install: Install) -> None:
        """One whose id another claims as well is told as partly used, with what stays."""
        county = {"schema": "studioflow.policy/1", "id": "county"}
        install(Claimant([county, {**county, "id": "own"}]), Rival([county]))
        plugins, policies = run("plugins", columns=120), run("policies")
        rows = [line.split() for line in plugins.out.splitlines()]
        told = " ".join(policies.err.split())

        assert ["Claimant", "!", "partly", "used", "policies:", "own"] in rows
        assert ["Rival", "!", "not", "used"] in rows
        assert "The rest of what Claimant brings is used" in plugins.out
        assert "a part of what the plugin Claimant brings is not used" in told
        assert "note: what the plugin Rival brings is not used" in told
        assert "broken" not in plugins.out + told
        assert "own" in policies.out

    def test_shared_guard(self, run: Run, install: Install) -> None:
        """Plugins whose guards share an id are told as such, and as used."""
        install(Guarded(), Guarded())
        plugins, policies = run("plugins", columns=120), run("policies")
        rows = [line.split() for line in plugins.out.splitlines()]

        assert ["Guarded", "!", "id", "shared", "guards:", "calm"] in rows
        assert ["Guarded-2", "!", "id", "shared", "guards:", "calm"] in rows
        assert "a guard or subscriber of the plugin Guarded-2 has" in " ".join(policies.err.split())

    def test_printing(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What a plugin prints when it is asked, or its guard, is no part of the document."""
        plugins = [Guarded(), studioflow_yongjia]
        monkeypatch.setattr(Host, "discover", classmethod(lambda _: Host(plugins)))
        for line in (("plugins",), ("policies",), ("demo",)):
            ran = run(*line, "--json")
            assert (0, f"studioflow.{line[0]}/1") == (ran.status, ran.json()["schema"])
            assert "asked for guards" in ran.err
        assert "asked about" in run("demo", "--json").err
        assert "" == capsys.readouterr().out

    def test_disabled(self, run: Run) -> None:
        """A name in the variable that is that of no plugin is told, with the nearest."""
        ran = run("plugins", STUDIOFLOW_DISABLE_PLUGINS="yongija, ")
        right = run("plugins", STUDIOFLOW_DISABLE_PLUGINS="yongjia,studioflow-yongjia")

        assert 0 == ran.status
        assert 1 == ran.err.count("note:")
        assert "'yongija' in STUDIOFLOW_DISABLE_PLUGINS" in ran.err
        assert "did you mean yongjia?" in " ".join(ran.err.split())
        assert ("", True) == (right.err, "disabled" in right.out)

    def test_json(self, run: Run, install: Install) -> None:
        """The same for programs; nothing but the document is on stdout."""
        install(Broken())
        plugin = run("plugins", "--json").json()["plugins"][0]

        keys = {"name", "distribution", "version", "status", "brings", "problems"}
        assert keys == plugin.keys()
        assert "broken" == plugin["status"]
        assert {"code", "path", "got", "expected", "hint", "text"} <= plugin["problems"][0].keys()
        assert "studioflow.policies/1" == run("policies", "--json").json()["schema"]

    def test_none(self, run: Run, install: Install) -> None:
        """Without any it says so."""
        install()
        assert "没有已安装的插件。\n" == run("plugins", "--lang", "zh").out


def test_grades_of_a_policy(run: Run) -> None:
    """A policy is shown with its grades, what each needs, how many it is for, and deductions."""
    shown = run("policies", "teacher-points", columns=120).out
    assert "outstanding: no more than one yearly report is missing, ≤ 20 %" in shown
    assert "t9  late reports" in shown
    document = run("policies", "teacher-points", "--json").json()
    assert [("outstanding", True), ("passed", False)] == [
        (grade["id"], grade["places"]) for grade in document["grades"][:2]
    ]


def test_a_gate_that_caps(run: Run, tmp_path: Path) -> None:
    """A sheet does not say that every gate is met where one that is not only caps the grade."""
    facts = tmp_path / "facts.toml"
    known = "kind = 'school'\nlessons = 20\nvisits = 20\nlate = 0\nboarding = true\naward = false"
    facts.write_text(
        f'schema = "studioflow.facts/1"\n[facts]\n{known}\naccident = true\nenrolled = true\n',
        "utf-8",
    )
    policy = Path(__file__).parents[1] / "rubric/totals.toml"
    said = run("score", str(facts), "--policy", str(policy)).out
    assert "eligible; a gate that is not met caps the grade" in said
    assert "every gate is met" not in said
