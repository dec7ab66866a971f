"""The conformance kit: how it keeps from being weakened, and keeps other plugins out."""

from __future__ import annotations

from pathlib import Path

import pytest

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl, load_policy
from studioflow.testing.conformance import PluginConformance, checks, only_plugins


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

    assert 22 == len(names)
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
