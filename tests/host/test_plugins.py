"""Each plugin is loaded and asked by itself."""

from collections.abc import Callable, Generator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import studioflow_yongjia

from studioflow.codec import WRONG_TYPE, wrong
from studioflow.errors import InputError
from studioflow.host import DISABLE_VARIABLE, Host, PluginProtocol, PluginReport, hookimpl
from studioflow.text import LANGUAGES

Hook = Callable[..., object]
Install = Callable[..., Path]
Tables = Callable[..., dict[str, Any]]

RUBRIC = """
    from studioflow.host import hookimpl

    @hookimpl
    def studioflow_rubrics():
        tables = {"schema": "studioflow.rubric/1", "id": "other-rubric", "version": "1"}
        return [{**tables, "label": {"zh": "甲", "en": "a"}}]
"""


class UnsoundError(InputError):
    """An error that is not what it seems."""

    problems = ()

    def __init__(self, _: object) -> None:
        """Keep nothing."""


def raises(error: Exception) -> object:
    """Raise an exception where only an expression may stand."""
    raise error


def report(host: Host, distribution: str) -> PluginReport:
    """Return what became of a distribution's plugin."""
    (found,) = [report for report in host.plugins if report.distribution == distribution]
    return found


def assert_others_work(host: Host) -> None:
    """The reference plugin, installed next to the one under test, is as good as alone."""
    assert "ok" == report(host, "studioflow-yongjia").status
    assert "yongjia-2023" == host.policy("yongjia-2023").id


@pytest.mark.parametrize(
    ("source", "got"),
    [
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("def", "SyntaxError"),
        ("1 / 0", "ZeroDivisionError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("class Stop(BaseException): ...\nraise Stop('now')", "Stop: now"),
        ("class Mute(Exception):\n    __str__ = None\nraise Mute", "Mute"),
        ("raise ValueError('a\\x1b[31m\\nb')", "ValueError: a [31m b"),
    ],
)
def test_fault_15_import_raises(install: Install, source: str, got: str) -> None:
    """A plugin that can not be imported is named with its version, and the others stay."""
    install("studioflow-other", source)

    host = Host.discover()
    broken = report(host, "studioflow-other")

    assert ("other", "1.2", "broken", {}) == (
        broken.name,
        broken.version,
        broken.status,
        broken.brings,
    )
    (problem,) = broken.problems
    assert "plugin_not_loaded" == problem.code
    assert problem.got.startswith(got)
    for language in LANGUAGES:
        assert "other (studioflow-other 1.2)" in problem.explain(language)
    assert_others_work(host)


def test_fault_15_place(install: Install) -> None:
    """The problem says in which line a plugin raised."""
    site = install("studioflow-other", "\n\nraise ValueError\n")

    (problem,) = report(Host.discover(), "studioflow-other").problems

    assert problem.got.endswith(f"({site / 'studioflow_other.py'}:3)")


def test_fault_15_hook_raises(install: Install) -> None:
    """A plugin whose hook raises brings nothing, and the others stay."""
    install(
        "studioflow-other",
        RUBRIC + "\n    @hookimpl\n    def studioflow_guards():\n        raise OSError('gone')\n",
    )

    host = Host.discover()

    (problem,) = report(host, "studioflow-other").problems
    assert ("hook_raised", "studioflow_guards") == (problem.code, problem.path)
    assert problem.got.startswith("OSError: gone")
    assert "other-rubric" not in host.catalogue.rubrics
    assert_others_work(host)


def test_interrupt_goes_through(install: Install) -> None:
    """A user's Ctrl-C while plugins load is not taken for a plugin's fault."""
    install("studioflow-other", "raise KeyboardInterrupt")

    with pytest.raises(KeyboardInterrupt):
        Host.discover()


@pytest.mark.parametrize("entry_points", ["[studioflow]\nother\n", "[studioflow]\nother = 1 !\n"])
def test_damaged_metadata(install: Install, entry_points: str) -> None:
    """A distribution whose entry points can not be read is named, and the others stay."""
    install("studioflow-other", "", entry_points=entry_points)

    host = Host.discover()

    assert "broken" == report(host, "studioflow-other").status
    assert_others_work(host)


def test_metadata_that_is_not_text(install: Install) -> None:
    """A distribution whose entry points are not UTF-8 is named, and the others stay."""
    site = install("studioflow-other", "")
    (file,) = site.glob("*.dist-info/entry_points.txt")
    file.write_bytes(b"[x]\ny = \xff")

    host = Host.discover()

    (problem,) = report(host, "studioflow-other").problems
    assert "plugin_metadata" == problem.code
    assert_others_work(host)


def test_remains_of_an_uninstall(install: Install) -> None:
    """A folder that an uninstall left behind, without metadata, is no plugin."""
    site = install("studioflow-other", RUBRIC)
    (file,) = site.glob("*.dist-info/METADATA")
    file.unlink()

    host = Host.discover()

    assert ["teacher_points", "yongjia"] == [found.name for found in host.plugins]


def test_hidden_copy(install: Install) -> None:
    """Of a distribution that lies on the path twice the first counts, as for an import."""
    install("studioflow-other", RUBRIC, version="1.0")
    install("studioflow-other", RUBRIC, version="2.0")

    assert ("2.0", "ok") == (
        report(Host.discover(), "studioflow-other").version,
        report(Host.discover(), "studioflow-other").status,
    )


def test_what_is_found(install: Install) -> None:
    """An installed plugin is reported with its distribution, its version and what it brings."""
    install("studioflow-other", RUBRIC)

    host = Host.discover()

    expected = PluginReport(
        "other", "studioflow-other", "1.2", brings={"rubrics": ("other-rubric",)}
    )
    assert expected == report(host, "studioflow-other")
    assert ["other", "teacher_points", "yongjia"] == [found.name for found in host.plugins]
    assert "other (studioflow-other 1.2)" == host.catalogue.rubrics["other-rubric"].origin
    assert_others_work(host)


# --- two of one name ------------------------------------------------------------------------


def test_fault_20_one_name(install: Install) -> None:
    """Two plugins of one name are both left out, each with an error that names both."""
    install("studioflow-first", RUBRIC)
    install("studioflow-second", "raise AssertionError('it is not even loaded')")

    host = Host.discover()

    for distribution in ("studioflow-first", "studioflow-second"):
        (problem,) = report(host, distribution).problems
        assert "plugin_name_claimed" == problem.code
        for language in LANGUAGES:
            assert "other (studioflow-first 1.2)" in problem.explain(language)
            assert "other (studioflow-second 1.2)" in problem.explain(language)
    assert "other-rubric" not in host.catalogue.rubrics
    assert_others_work(host)


def test_fault_20_settled(install: Install) -> None:
    """Switching off one of two plugins of one name, by its distribution, settles the matter."""
    install("studioflow-first", RUBRIC)
    install("studioflow-second", RUBRIC)

    host = Host.discover(disabled=("studioflow-second",))

    assert ("ok", "disabled") == (
        report(host, "studioflow-first").status,
        report(host, "studioflow-second").status,
    )
    assert "other-rubric" in host.catalogue.rubrics


# --- switched off ---------------------------------------------------------------------------


def test_disabled(install: Install) -> None:
    """A plugin that is switched off is reported, but not even imported."""
    install("studioflow-other", "raise AssertionError")

    host = Host.discover(disabled=("other",))

    assert ("disabled", ()) == (
        report(host, "studioflow-other").status,
        report(host, "studioflow-other").problems,
    )
    assert_others_work(host)


def test_disabled_by_the_environment(install: Install, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable lists plugins to switch off; it may name some that are not installed."""
    install("studioflow-other", RUBRIC)
    monkeypatch.setenv(DISABLE_VARIABLE, "elsewhere, teacher_points, yongjia")

    host = Host.discover()

    assert ["ok", "disabled", "disabled"] == [found.status for found in host.plugins]
    assert {} == host.policies()


def test_environment_is_for_discovery(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plugins that are handed in are not switched off by the variable."""
    monkeypatch.setenv(DISABLE_VARIABLE, "studioflow_yongjia")

    (found,) = Host([studioflow_yongjia]).plugins

    assert "ok" == found.status


def test_disabled_misspelt() -> None:
    """A name to switch off that is no plugin's is refused: it would go on unnoticed."""
    with pytest.raises(InputError) as caught:
        Host.discover(disabled=("yongia",))

    (problem,) = caught.value.problems
    assert ("disabled/0", "yongjia") == (problem.path, problem.nearest)


# --- hooks of the wrong form ----------------------------------------------------------------


def problem_of(plugin: object) -> tuple[str, str, str, str | None]:
    """Return code, path, what was got and the nearest match of a plugin's only problem."""
    (problem,) = Host([plugin]).problems
    return problem.code, problem.path, problem.got, problem.nearest


def test_misspelt_hook() -> None:
    """A hook that does not exist is an error of its plugin, with the nearest match."""

    class Plugin:
        @hookimpl
        def studioflow_polices(self) -> list[Path]:
            return []

    got = "studioflow_polices"
    assert ("unknown_name", got, repr(got), "studioflow_policies") == problem_of(Plugin())


def test_misspelt_specname() -> None:
    """The name of a hook is checked where it is given to the marker, too."""

    class Plugin:
        @hookimpl(specname="studioflow_guard")
        def guards(self) -> list[Path]:
            return []

    assert ("unknown_name", "guards", "'studioflow_guard'", "studioflow_guards") == problem_of(
        Plugin()
    )


def test_hook_of_another_version() -> None:
    """A hook that is marked as optional may be unknown."""

    class Plugin:
        @hookimpl(optionalhook=True)
        def studioflow_forms(self) -> list[Path]:
            return []

    assert () == Host([Plugin()]).problems


def test_unmarked_hook() -> None:
    """A function that is named like a hook, but not marked, is not passed over in silence."""
    plugin = ModuleType("other")
    plugin.studioflow_policies = problem_of  # type: ignore[attr-defined] # made up here

    name = "studioflow_policies"
    assert ("hook_not_marked", name, repr(name), None) == problem_of(plugin)


def test_inherited_specification() -> None:
    """A plugin may inherit from the protocol without having every hook."""

    class Plugin(PluginProtocol):
        @hookimpl
        def studioflow_policies(self) -> list[Path]:
            return []

    assert () == Host([Plugin()]).problems  # type: ignore[abstract] # as it is meant


def test_wrong_arguments() -> None:
    """A hook that wants arguments is refused with their names; such with defaults are fine."""

    class Plugin:
        @hookimpl
        def studioflow_policies(self, studio: Path, actor: Path, extra: int = 1) -> list[Path]:
            return [studio, actor] * extra

    assert ("hook_arguments", "studioflow_policies", "'studio, actor'", None) == problem_of(
        Plugin()
    )


def test_class_in_place_of_an_object() -> None:
    """A class whose hooks want `self` is refused, since nobody makes an object of it."""

    class Plugin:
        @hookimpl
        def studioflow_policies(self) -> list[Path]:
            return []

    assert "'self'" == problem_of(Plugin)[2]


def test_fault_16_async_hooks() -> None:
    """A hook that is an async def, or an async generator, is refused before it is called."""

    class Plugin:
        @hookimpl
        async def studioflow_policies(self) -> list[Path]:
            return []

    class Yielding:
        @hookimpl
        async def studioflow_policies(self) -> object:
            yield Path()

    assert "hook_form" == problem_of(Plugin())[0]
    assert "hook_form" == problem_of(Yielding())[0]


@pytest.mark.parametrize("mark", [hookimpl(wrapper=True), hookimpl(hookwrapper=True)])
def test_wrapper(mark: Callable[[Hook], Hook]) -> None:
    """A wrapper around others' hooks is refused: no plugin has a say in another's answers."""

    class Plugin:
        @mark
        def studioflow_policies(self) -> Generator[None, object, object]:
            return (yield)

    assert "hook_form" == problem_of(Plugin())[0]


@pytest.mark.parametrize("plugin", [None, 3, object(), ModuleType("empty")])
def test_no_hooks(plugin: object) -> None:
    """What has no hook at all was named by mistake."""
    assert "plugin_no_hooks" == problem_of(plugin)[0]


def test_all_problems_at_once() -> None:
    """Every hook of the wrong form is reported, not the first alone."""

    class Plugin:
        @hookimpl
        def studioflow_polices(self) -> list[Path]:
            return []

        @hookimpl
        def studioflow_guards(self, studio: object) -> list[object]:
            return [studio]

    paths = [problem.path for problem in Host([Plugin()]).problems]
    assert ["studioflow_guards", "studioflow_polices"] == paths


@pytest.mark.parametrize(
    "answer",
    [
        lambda: raises(InputError([])),
        lambda: (raises(InputError([])) for _ in range(1)),
        lambda: raises(UnsoundError([])),
        lambda: raises(InputError(["no problem"])),  # type: ignore[list-item] # that is the point
    ],
)
def test_input_error_that_says_nothing(answer: Hook) -> None:
    """An `InputError` without sound problems breaks a plugin like any other exception."""
    host = Host([SimpleNamespace(studioflow_guards=hookimpl(answer))])

    assert [("broken", ["hook_raised"])] == [
        (report.status, [problem.code for problem in report.problems]) for report in host.plugins
    ]


def test_import_with_an_input_error(install: Install) -> None:
    """The same for one that is raised when the plugin is imported."""
    install("studioflow-other", "from studioflow import InputError\nraise InputError([])")

    found = report(Host.discover(), "studioflow-other")

    assert ("broken", ["plugin_not_loaded"]) == (found.status, [p.code for p in found.problems])


def test_input_error_of_a_plugin() -> None:
    """An `InputError` that says what is wrong is told in its own words."""

    def answer() -> list[object]:
        raise wrong(WRONG_TYPE, "x", type="a number")

    (problem,) = Host([SimpleNamespace(studioflow_guards=hookimpl(answer))]).problems

    assert ("wrong_type", "studioflow_guards") == (problem.code, problem.path)


# --- handed in ------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ValueError, SystemExit, InputError])
def test_name_that_raises(error: type[BaseException]) -> None:
    """A plugin whose name raises has that of its type, and takes nobody down."""

    class Plugin:
        @property
        def __name__(self) -> str:
            raise error([])

        @hookimpl
        def studioflow_guards(self) -> list[object]:
            return []

    host = Host([Plugin(), studioflow_yongjia])

    assert ["Plugin", "studioflow_yongjia"] == [report.name for report in host.plugins]
    assert "yongjia-2023" == host.policy("yongjia-2023").id


def test_name_of_the_type_that_raises() -> None:
    """Even the type's name may raise."""

    class Meta(type):
        @property
        def __name__(cls) -> str:  # type: ignore[override] # a name that can't be read
            raise OSError

    class Plugin(metaclass=Meta):
        pass

    assert ["plugin"] == [report.name for report in Host([Plugin()]).plugins]


def test_handed_in_alone() -> None:
    """A host that was given its plugins knows no installed one."""
    host = Host()

    assert ((), (), {}, {}) == (host.plugins, host.guards, host.policies(), host.sample_batches)


def test_names_of_what_is_handed_in(rubric: Tables) -> None:
    """Plugins that are handed in are named after their module or class; equal ones numbered."""

    class Plugin:
        def __init__(self, name: str) -> None:
            self.name = name

        @hookimpl
        def studioflow_rubrics(self) -> list[dict[str, Any]]:
            return [rubric(self.name)]

    host = Host([studioflow_yongjia, Plugin("b"), Plugin("a")])

    assert ["Plugin", "Plugin-2", "studioflow_yongjia"] == [r.origin for r in host.plugins]
    assert ["a", "b", "yongjia-rubric"] == list(host.catalogue.rubrics)


def test_order_never_changes_results(rubric: Tables, site_check: Tables) -> None:
    """The order in which plugins are handed in changes nothing."""
    first, second = ModuleType("first"), ModuleType("second")
    hooks = {"studioflow_rubrics": rubric, "studioflow_site_checks": site_check}
    for plugin, (name, tables) in zip([first, second], hooks.items(), strict=True):
        made = tables()
        setattr(plugin, name, hookimpl(lambda made=made: [made]))

    one, other = Host([first, second]), Host([second, first])

    assert one.plugins == other.plugins
    assert one.catalogue == other.catalogue
