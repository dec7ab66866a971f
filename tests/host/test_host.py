"""What plugins brought, by id, and policies built from it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import studioflow_yongjia

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl, load_policy
from studioflow.studio import Guard, Question
from studioflow.text import LANGUAGES
from studioflow.verdict import Reason

Install = Callable[..., Path]
Tables = Callable[..., dict[str, Any]]
YONGJIA = Path(studioflow_yongjia.__file__).parent


def plugin(name: str, **answers: list[Any]) -> object:
    """Return a plugin with hooks, by short name."""

    def answer(items: list[Any]) -> Callable[[], list[Any]]:
        return hookimpl(lambda: items)

    return SimpleNamespace(
        __name__=name, **{f"studioflow_{hook}": answer(items) for hook, items in answers.items()}
    )


def no_reasons(_: Question) -> Iterable[Reason]:
    """Let everything pass."""
    return ()


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """A folder with a sample batch."""
    (tmp_path / "batch.toml").write_text('schema = "studioflow.batch/1"\nid = "x"', "utf-8")
    return tmp_path


def test_mixed_policy(policy: Tables, rubric: Tables, site_check: Tables) -> None:
    """A policy takes its rubric from one plugin and its site check from another."""
    parts = {"rubric": "other-rubric", "site_check": "yongjia-six-haves"}
    other = plugin(
        "other",
        policies=[policy("mixed", **parts)],
        rubrics=[rubric()],
        site_checks=[site_check()],
    )

    mixed = Host([other, studioflow_yongjia]).policy("mixed")

    assert {"1.1"} == set(mixed.rubric.criteria)
    assert "flag" in mixed.site_check.items


def test_case_file(policy: Tables, case_file: Tables) -> None:
    """A policy takes another plugin's record kinds in place of those of the one that it extends."""
    own = policy("own", extends="yongjia-2023", case_file="other-file")
    other = plugin("other", policies=[own], case_files=[case_file()])

    host = Host([other, studioflow_yongjia])

    assert ["talk"] == list(host.policy("own").record_kinds)
    assert "activity" in host.policy("yongjia-2023").record_kinds


def test_unknown_case_file(policy: Tables, case_file: Tables) -> None:
    """A case file that no plugin brings is refused under the key that names it."""
    own = policy("own", extends="yongjia-2023", case_file="other-fiel")
    other = plugin("other", policies=[own], case_files=[case_file()])

    with pytest.raises(InputError) as caught:
        Host([other, studioflow_yongjia]).policy("own")

    (problem,) = caught.value.problems
    assert ("not_brought", "case_file", "other-file") == (
        problem.code,
        problem.path,
        problem.nearest,
    )


def test_extended_policy(policy: Tables) -> None:
    """A policy of one plugin extends that of another."""
    stricter = policy("stricter", extends="yongjia-2023") | {"criteria": {"5.2.2": {"norm": 18}}}

    host = Host([studioflow_yongjia, plugin("other", policies=[stricter])])

    sheet = host.policy("stricter").score({"activities": 18})
    assert 16 == sheet.criterion("5.2.2").points.points


def test_changes() -> None:
    """A policy is varied while it is loaded."""
    host = Host([studioflow_yongjia])

    varied = host.policy("yongjia-2023", {"criteria/5.2.2/norm": 12})

    assert {"criteria/5.2.2/norm": 12} == varied.changes
    assert host.policy("yongjia-2023").fingerprint != varied.fingerprint


def test_two_hosts_agree() -> None:
    """The same plugin gives the same policy, installed or handed in."""
    installed, given = Host.discover(), Host([studioflow_yongjia])

    name = "yongjia-2023"
    assert installed.policy(name).fingerprint == given.policy(name).fingerprint


# --- asking for what is not there -----------------------------------------------------------


def test_unknown_id() -> None:
    """An id that no plugin brings is refused with the nearest match."""
    with pytest.raises(InputError) as caught:
        Host([studioflow_yongjia]).policy("yongjia-2032")

    (problem,) = caught.value.problems
    assert ("not_brought", "yongjia-2023") == (problem.code, problem.nearest)


def test_no_policy_at_all() -> None:
    """Where no plugin brings a policy, the next step is to install one."""
    with pytest.raises(InputError) as caught:
        Host().policy("yongjia-2023")

    (problem,) = caught.value.problems
    assert "nothing_brought" == problem.code
    assert "安装" in problem.advice("zh")
    assert "install a plugin" in problem.advice("en")


def test_broken_plugin_is_mentioned() -> None:
    """Who asks for an id that is not there hears of plugins that are broken."""
    broken: list[Any] = [None]
    host = Host([plugin("other", policies=broken), studioflow_yongjia])

    with pytest.raises(InputError) as caught:
        host.policy("other")

    for language in LANGUAGES:
        assert "other" in caught.value.problems[0].advice(language)


def test_unknown_part(policy: Tables) -> None:
    """A rubric that no plugin brings is refused under the key that names it."""
    host = Host([plugin("other", policies=[policy(rubric="none-such")])])

    with pytest.raises(InputError) as caught:
        host.policy("other")

    (problem,) = caught.value.problems
    assert ("nothing_brought", "rubric") == (problem.code, problem.path)
    assert "{" not in problem.explain()


def test_unknown_sample_batch() -> None:
    """A sample batch that no plugin brings is refused with the nearest match."""
    with pytest.raises(InputError) as caught:
        Host([studioflow_yongjia]).sample_batch("yongjia-2024-sample")

    assert "yongjia-2023-sample" == caught.value.problems[0].nearest


def test_fault_16_21_of_20(policy: Tables, rubric: Tables) -> None:
    """A rule that gives more than the maximum is refused, named with its document and plugin."""
    other = plugin(
        "other",
        policies=[policy(rubric="other-rubric")],
        rubrics=[rubric(points=21)],
    )

    with pytest.raises(InputError) as caught:
        Host([other]).policy("other")

    (problem,) = caught.value.problems
    assert ("max_exceeded", "criteria/1.1") == (problem.code, problem.path)
    assert "other: other-rubric" == problem.file


# --- one id, two plugins --------------------------------------------------------------------


def assert_names_both(error: InputError) -> None:
    """The error names both plugins that claim one id, in both languages."""
    (problem,) = error.problems
    assert "id_claimed" == problem.code
    for language in LANGUAGES:
        assert "first" in problem.explain(language)
        assert "second" in problem.explain(language)


def test_fault_20_one_id(
    rubric: Tables, site_check: Tables, case_file: Tables, policy: Tables, batch: Path
) -> None:
    """An id that two plugins claim is a problem of both; nothing but their guards is there."""
    items: dict[str, Any] = {
        "policies": [policy("x")],
        "rubrics": [rubric("x")],
        "site_checks": [site_check("x")],
        "case_files": [case_file("x")],
        "guards": [Guard(id="x", check=no_reasons)],
        "sample_batches": [batch],
    }

    host = Host([plugin("first", **items), plugin("second", **items), studioflow_yongjia])

    expected = [f"studioflow_{hook}" for hook in items]
    for report in host.plugins[:2]:
        assert expected == [problem.path for problem in report.problems]
        for problem in report.problems:
            assert_names_both(InputError([problem]))
        assert ("broken", {"guards": ("x",)}) == (report.status, report.brings)
        assert "partly" == report.condition
    assert ("yongjia-2023",) == tuple(host.policies())
    assert [("x", "first"), ("x", "second")] == [(g.id, g.origin) for g in host.guards]
    assert "ok" == host.plugins[2].status
    assert "yongjia-2023" == host.policy("yongjia-2023").id


def test_fault_20_one_guard() -> None:
    """Guards that share an id are all there in order, and both plugins are told so."""
    first = plugin("first", guards=[Guard(id="x", check=no_reasons)])
    both = [Guard(id="x", check=no_reasons), Guard(id="a", check=no_reasons)]

    host = Host([plugin("second", guards=both), first])

    expected = [("a", "second"), ("x", "first"), ("x", "second")]
    assert expected == [(guard.id, guard.origin) for guard in host.guards]
    assert ["id_claimed", "id_claimed"] == [problem.code for problem in host.problems]
    assert ["shared", "shared"] == [report.condition for report in host.plugins]
    assert [{"guards": ("x",)}, {"guards": ("a", "x")}] == [r.brings for r in host.plugins]


def test_fault_20_only_the_id(rubric: Tables) -> None:
    """Of two plugins that claim one id, everything else stays."""
    first = plugin("first", rubrics=[rubric("x"), rubric("a")])
    second = plugin("second", rubrics=[rubric("x"), rubric("b")])

    host = Host([first, second])

    assert ["a", "b"] == list(host.catalogue.rubrics)
    assert {"rubrics": ("a",)} == host.plugins[0].brings


def test_fault_20_one_plugin_twice(rubric: Tables) -> None:
    """A plugin that claims one id twice is told once, and the id is not there."""
    host = Host([plugin("first", rubrics=[rubric("x"), rubric("x")])])

    assert ["id_claimed"] == [problem.code for problem in host.problems]
    assert {} == host.catalogue.rubrics


def test_fault_20_asking_for_a_policy(policy: Tables) -> None:
    """Asking for a policy that two plugins claim names both."""
    host = Host([plugin(name, policies=[policy("x")]) for name in ("first", "second")])

    with pytest.raises(InputError) as caught:
        host.policy("x")

    assert_names_both(caught.value)


def test_fault_20_asking_for_a_sample_batch(batch: Path) -> None:
    """Asking for a sample batch that two plugins claim names both."""
    host = Host([plugin(name, sample_batches=[batch]) for name in ("first", "second")])

    with pytest.raises(InputError) as caught:
        host.sample_batch("x")

    assert_names_both(caught.value)


@pytest.mark.parametrize("base", ["middle", "middle.toml"])
def test_fault_20_asking_for_a_part(
    policy: Tables, rubric: Tables, tmp_path: Path, base: str
) -> None:
    """A policy whose base has a part that two plugins claim is refused with both names."""
    middle = 'schema = "studioflow.policy/1"\nid = "middle"\nversion = "1"\nrubric = "x"\n'
    (tmp_path / "middle.toml").write_text(middle, "utf-8")
    top = f'schema = "studioflow.policy/1"\nid = "top"\nextends = "{base}"\n'
    (tmp_path / "top.toml").write_text(top, "utf-8")
    plugins = [plugin(name, rubrics=[rubric("x")]) for name in ("first", "second")]
    host = Host([*plugins, plugin("third", policies=[policy("middle", rubric="x")])])

    with pytest.raises(InputError) as caught:
        load_policy(tmp_path / "top.toml", host=host)

    assert_names_both(caught.value)


# --- load_policy ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source", ["yongjia-2023", YONGJIA / "policy.toml", str(YONGJIA / "policy.toml")]
)
def test_load_policy(source: str | Path) -> None:
    """A policy is loaded by its id, or from a file, whose parts come from the plugins."""
    loaded = load_policy(source, changes={"quota/places": 12})

    assert ("yongjia-2023", {"quota/places": 12}) == (loaded.id, loaded.changes)


def test_load_policy_from_the_working_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """A word that ends in .toml is a file."""
    monkeypatch.chdir(YONGJIA)

    assert "yongjia-2023" == load_policy("policy.toml").id


@pytest.mark.parametrize("source", ["gone.toml", "gone.json", "./gone", Path("gone")])
def test_load_policy_without_a_file(source: str | Path) -> None:
    """A file that is not there is refused as such, not as an unknown id."""
    with pytest.raises(InputError) as caught:
        load_policy(source, host=Host())

    assert ["not_readable"] == [problem.code for problem in caught.value.problems]


def test_load_policy_by_an_unknown_id() -> None:
    """An id is looked for among the installed plugins, and the nearest one is named."""
    with pytest.raises(InputError) as caught:
        load_policy("yongjia-2032")

    assert "yongjia-2023" == caught.value.problems[0].nearest


def test_load_policy_with_a_host() -> None:
    """A host that is handed in is the only one that is asked."""
    with pytest.raises(InputError):
        load_policy("yongjia-2023", host=Host())


# --- a process of its own -------------------------------------------------------------------


def run(code: str, *path: Path) -> str:
    """Run code in a fresh interpreter that also looks into the folders."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, path))}
    done = subprocess.run(  # noqa: S603 - the tests' own code
        [sys.executable, "-W", "error", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    return done.stdout.strip()


def test_really_installed(install: Install) -> None:
    """A plugin in another distribution is found by a process that knows nothing of it."""
    source = """
        from pathlib import Path
        from studioflow.host import hookimpl

        @hookimpl
        def studioflow_site_checks():
            return [Path(__file__).with_name("site.toml")]
    """
    site = install("studioflow-tiny", source, plugin="tiny", version="0.3")
    tables = (YONGJIA / "site_check.toml").read_text("utf-8")
    (site / "site.toml").write_text(tables.replace("yongjia-six-haves", "tiny-site"), "utf-8")
    code = """if True:
        from studioflow.host import load_policy, Host
        print(load_policy("yongjia-2023", changes={"readings/quota": "planned"}).id)
        print([(p.origin, p.status) for p in Host.discover().plugins if p.name != "teacher_points"])
        print(sorted(Host.discover().catalogue.site_checks))
    """

    assert [
        "yongjia-2023",
        "[('tiny (studioflow-tiny 0.3)', 'ok'), ('yongjia (studioflow-yongjia 0.1.0)', 'ok')]",
        "['tiny-site', 'yongjia-six-haves']",
    ] == run(code, site).splitlines()


def test_import_costs_little() -> None:
    """Importing the host, and asking every plugin, loads nothing heavy."""
    heavy = {"asyncio", "sqlite3", "sqlalchemy", "click", "rich", "curses", "polars", "ssl"}
    code = """if True:
        import sys
        from studioflow.host import Host
        Host.discover()
        print(*{name.partition(".")[0] for name in sys.modules})
    """

    assert set() == heavy & set(run(code).split())


def test_what_works(policy: Tables) -> None:
    """Without its broken plugins a host has no problem, and everything else that it had."""
    guard = Guard(id="calm", check=no_reasons)
    host = Host([object(), plugin("fine", policies=[policy("county")], guards=[guard])])
    working = host.working()

    assert host.problems
    assert () == working.problems
    assert ["fine"] == [report.name for report in working.plugins]
    assert (host.guards, host.catalogue, ["calm"]) == (
        working.guards,
        working.catalogue,
        [each.id for each in working.guards],
    )
    assert 2 == len(host.plugins)


def test_guards_that_share_an_id_work() -> None:
    """Two guards of one id are a problem of both plugins, and both are still asked."""
    plugins = [plugin(name, guards=[Guard(id="g", check=no_reasons)]) for name in ("a", "b")]
    working = Host(plugins).working()

    assert ((), 2) == (working.problems, len(working.guards))
