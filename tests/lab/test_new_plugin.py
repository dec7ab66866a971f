"""A new plugin is in order as it is written, and nothing that is there is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.lab.linting import lint
from studioflow.lab.new_plugin import NewPlugin, new_plugin

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))


@pytest.fixture
def made(tmp_path: Path) -> NewPlugin:
    """A new plugin."""
    return new_plugin("east-shore", tmp_path)


def installed(made: NewPlugin, site: Path) -> dict[str, str]:
    """Put the plugin on the path as an installer would, by what its pyproject.toml says."""
    project = tomllib.loads((made.folder / "pyproject.toml").read_text("utf-8"))["project"]
    info = site / "studioflow_east_shore-0.1.0.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    ((name, module),) = project["entry-points"]["studioflow"].items()
    (info / "entry_points.txt").write_text(f"[studioflow]\n{name} = {module}\n", "utf-8")
    path = os.pathsep.join([str(site), str(made.folder / "src")])
    return {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}


def test_passes_as_it_is_written(made: NewPlugin, tmp_path: Path) -> None:
    """Its own pytest, with its own settings, runs conformance and cases, and all pass."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q"],
        check=False,
        capture_output=True,
        cwd=made.folder,
        env=installed(made, tmp_path / "site"),
        encoding="utf-8",
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "26 passed" in done.stdout


def test_files(made: NewPlugin) -> None:
    """What it says it wrote is what is there, and nothing is left to fill in."""
    found = {
        path.relative_to(made.folder).as_posix()
        for path in made.folder.rglob("*")
        if path.is_file()
    }

    assert found == {*made.files}
    assert [] == [n for n in made.files if "@name@" in (made.folder / n).read_text("utf-8")]
    assert [] == [n for n in made.files if "@module@" in (made.folder / n).read_text("utf-8")]
    assert ["studioflow-east-shore"] == [path.name for path in made.folder.parent.iterdir()]


def test_lint_finds_nothing(made: NewPlugin) -> None:
    """The policy as written has neither mistakes nor gaps."""
    policy = load_policy(made.folder / "src/studioflow_east_shore/policy.toml")

    assert () == tuple(lint(policy))


@pytest.mark.parametrize(
    "name",
    [
        "",
        "East",
        "east_shore",
        "-east",
        "east-",
        "e--s",
        "1st",
        "a/b",
        "..",
        "东",
        "a" * 41,
        "a\n",
        "studioflow-a",
    ],
)
def test_bad_names(tmp_path: Path, name: str) -> None:
    """Another name is refused, and nothing is written."""
    with pytest.raises(InputError) as caught:
        new_plugin(name, tmp_path)

    (problem,) = caught.value.problems
    assert ("name", "new_plugin_name") == (problem.path, problem.code)
    assert [] == [*tmp_path.iterdir()]


def test_never_over_anything(made: NewPlugin) -> None:
    """A folder that is there stays as it is, an empty one and a dangling link among them."""
    policy = made.folder / "src/studioflow_east_shore/policy.toml"
    policy.write_text("mine", "utf-8")
    where = made.folder.parent
    (where / "studioflow-empty").mkdir()
    (where / "studioflow-link").symlink_to(where / "nowhere")

    for name in ("east-shore", "empty", "link"):
        with pytest.raises(InputError) as caught:
            new_plugin(name, where)
        assert ["new_plugin_exists"] == [problem.code for problem in caught.value.problems]
    assert "mine" == policy.read_text("utf-8")
    assert not [*(where / "studioflow-empty").iterdir()]


def test_all_at_once(tmp_path: Path) -> None:
    """A bad name and a folder that is not there are told together."""
    with pytest.raises(InputError) as caught:
        new_plugin("East", tmp_path / "nowhere")

    assert ["new_plugin_name", "new_plugin_no_folder"] == [p.code for p in caught.value.problems]


def test_needs_what_there_is(made: NewPlugin) -> None:
    """The extras that it asks for are extras that studioflow has."""
    groups = tomllib.loads((made.folder / "pyproject.toml").read_text("utf-8"))
    (asked,) = groups["dependency-groups"]["dev"]
    extras = asked.partition("[")[2].partition("]")[0].split(",")

    assert {*extras} <= PROJECT["project"]["optional-dependencies"].keys()
