"""The whole plugin on the page about hooks is one: built from the page's own text."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest

from studioflow.host import DISABLE_VARIABLE, Host, load_policy

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/hooks.md").read_text("utf-8")
WHOLE = TEXT.partition("## A whole plugin")[2].partition("\n## ")[0]
# A path at the start of a paragraph, and the fence that follows it.
FILES: dict[str, str] = dict(
    re.findall(r"^`([\w./]+)`(?:(?!```).)*```\w+\n(.*?)^```$", WHOLE, re.MULTILINE | re.DOTALL)
)
NAME = "studioflow_shore"
NOT_ON_THE_PAGE = {"studioflow-teacher-points"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The plugin as the page has it."""
    monkeypatch.delenv(DISABLE_VARIABLE, raising=False)
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def installed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same, on the path as an editable install leaves it."""
    project = tomllib.loads(FILES["pyproject.toml"])["project"]
    info = folder / f"src/{NAME}-{project['version']}.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    entries = project["entry-points"]["studioflow"].items()
    listed = "\n".join(f"{name} = {module}" for name, module in entries)
    (info / "entry_points.txt").write_text(f"[studioflow]\n{listed}\n", "utf-8")
    monkeypatch.syspath_prepend(folder / "src")
    monkeypatch.setitem(sys.modules, NAME, None)
    monkeypatch.delitem(sys.modules, NAME)
    return folder


def test_files() -> None:
    """The page has every file that its folder shows, and no other."""
    assert {
        "pyproject.toml",
        f"src/{NAME}/__init__.py",
        f"src/{NAME}/policy.toml",
        f"src/{NAME}/tiny.toml",
    } == FILES.keys()
    assert [] == [name for name in FILES if Path(name).name not in WHOLE.partition("```\n")[0]]


@pytest.mark.usefixtures("installed")
def test_policies() -> None:
    """Both policies load: the one with a change, and the one from scratch."""
    host = Host.discover()
    found = {report.name: report for report in host.plugins}

    assert ("ok", ("shore-2025", "shore-tiny")) == (
        found["shore"].status,
        found["shore"].brings["policies"],
    )
    assert 12 == host.policy("shore-2025").tables["criteria"]["5.2.2"]["norm"]
    assert 9 == host.policy("shore-tiny").score({"talks": 5}).total.points


def test_without_installing(folder: Path) -> None:
    """A policy file is loaded by its path, too."""
    assert "shore-2025" == load_policy(folder / f"src/{NAME}/policy.toml").id


@pytest.mark.usefixtures("installed")
def test_listing(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`studioflow plugins` prints what the page shows."""
    from studioflow.cli import main

    # The page installs the reference policy alone; the workspace has another one.
    there = [found for found in metadata.distributions() if found.name not in NOT_ON_THE_PAGE]
    monkeypatch.setattr(metadata, "distributions", lambda: there)
    for name, value in {"COLUMNS": "80", "LC_ALL": "en_US.UTF-8"}.items():
        monkeypatch.setenv(name, value)

    assert 0 == main(["plugins"])
    assert capsys.readouterr().out in WHOLE


@pytest.mark.slow
def test_wheel(folder: Path, tmp_path: Path) -> None:
    """The wheel has the policy files in it."""
    subprocess.run(  # noqa: S603 - our own plugin
        ["uv", "build", "--wheel", "--out-dir", str(tmp_path / "dist"), str(folder)],  # noqa: S607 - uv is on the path of whoever runs the tests
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    names = set(ZipFile(wheel).namelist())
    assert {f"{NAME}/__init__.py", f"{NAME}/policy.toml", f"{NAME}/tiny.toml"} <= names
