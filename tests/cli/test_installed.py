"""`policies` and `plugins`."""

from collections.abc import Callable
from importlib.metadata import version
from typing import Any

Run = Callable[..., Any]
Install = Callable[..., None]

POLICY = "yongjia-2023"
DISTRIBUTION = "studioflow-yongjia"


class Broken:
    """A plugin without any hook."""


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


class TestPlugins:
    """What became of each plugin."""

    def test_table(self, run: Run) -> None:
        """A plugin stands with distribution, status and what it brings."""
        out = run("plugins").out
        assert "✓ ok" in out
        assert "policies: yongjia-2023" in out

    def test_broken(self, run: Run, install: Install) -> None:
        """One that is broken stands there with its error, and other commands mention it."""
        install(Broken())
        plugins, policies = run("plugins"), run("policies")

        assert 0 == plugins.status
        assert "✗ broken" in plugins.out
        assert "plugin_no_hooks" in plugins.out
        assert "the plugin Broken is broken and left out" in policies.err

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
