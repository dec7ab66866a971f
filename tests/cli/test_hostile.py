"""What files say is shown and never obeyed: markup, terminal control, Mermaid (fault 25)."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Install = Callable[..., None]

SAMPLES = Path("plugins/studioflow-yongjia/src/studioflow_yongjia/samples/2023")
SCHEMA = 'schema = "studioflow.facts/1"\n'
MARKUP = "[red]x[/red] :smile: [link=file:///etc]y[/link]"
COUNTY = """\
schema = "studioflow.policy/1"
id = "county"
version = "[bold]1[/bold]"
label = {{ zh = "{0}", en = "{0}" }}
extends = "yongjia-2023"
[facts.activities]
label = {{ zh = "{0}", en = "{0}" }}
[lifecycle.states.declared]
label = {{ zh = "{1}", en = "{1}" }}
"""
MERMAID = '\\"]; click s0 href \\"javascript:alert(1)\\" %% <b>x</b>'


@pytest.fixture
def county(tmp_path: Path) -> str:
    """A policy whose labels are markup."""
    path = tmp_path / "county.toml"
    path.write_text(COUNTY.format(MARKUP, MERMAID), "utf-8")
    return str(path)


@pytest.fixture
def facts(tmp_path: Path) -> str:
    """Facts whose studio and remark are markup."""
    path = tmp_path / "[bold]studio.toml"
    path.write_text(
        f'schema = "studioflow.facts/1"\nstudio = "{MARKUP}"\n[facts]\nactivities = 18\n'
        '[[marks]]\ncriterion = "5.1.1"\nby = "[blue]p[/blue]"\nrole = "assessor"\n'
        f'points = 9\nremark = "{MARKUP}"\n',
        "utf-8",
    )
    return str(path)


def test_sheet(run: Run, county: str, facts: str) -> None:
    """Names, remarks and labels stand on the sheet to the letter."""
    out = run("score", facts, "--policy", county, columns=120).out
    assert 3 == out.count(MARKUP)
    assert "[blue]p[/blue]" in out
    assert "version [bold]1[/bold]" in out


def test_facts(run: Run, county: str) -> None:
    """So do labels in the table of facts."""
    assert "[red]x[/red] :smile:" in " ".join(run("facts", county, columns=120).out.split())


def test_diff(run: Run, county: str) -> None:
    """So do values that differ."""
    out = "".join(run("diff", "yongjia-2023", county, columns=120).out.split())
    assert "[bold]1[/bold]" in out


def test_policies(run: Run, install: Install) -> None:
    """So do labels in the list of policies."""
    tables = {"schema": "studioflow.policy/1", "id": "[i]c", "label": {"en": MARKUP}}
    install(policies=[tables])
    assert MARKUP in run("policies", columns=120).out


def test_template(run: Run, county: str, tmp_path: Path) -> None:
    """A label can not leave its comment in a template."""
    out = run("facts", county, "--template").out
    path = tmp_path / "made.toml"
    path.write_text(out, "utf-8")
    assert MARKUP in out
    assert 0 == run("score", str(path), "--policy", county).status


def test_mermaid(run: Run, county: str) -> None:
    """In a diagram what Mermaid or HTML would read is written as numbers."""
    line = next(x for x in run("diagram", county).out.splitlines() if x.endswith(" as s0"))
    label = line.strip().removeprefix('state "').removesuffix('" as s0')
    assert "#34;#93;#59; click s0 href #34;javascript#58;alert(1)#34;" in label
    assert set('"[];:<>%').isdisjoint(label.replace("#34;", "").replace(";", ""))


def test_story(run: Run, install: Install, tmp_path: Path) -> None:
    """Names of studios stand in the story to the letter, and no key becomes a path."""
    import studioflow_yongjia

    folder = tmp_path / "batch"
    shutil.copytree(SAMPLES, folder)
    for path in folder.rglob("*.toml"):
        text = path.read_text("utf-8").replace('"s13"', '"../../s13"')
        text = text.replace("\ns13 = {", '\n"../../s13" = {')
        # A key leads out of the batch's folder as little as out of the one that is written.
        named = '"../../s13"\nrecords = "declarations/'
        text = text.replace(named + "{studio}", named + "s13")
        text = text.replace('"样例工作室四"', f'"{MARKUP}"').replace('"yongjia-2023-sample"', '"a"')
        path.write_text(text, "utf-8")
    install(studioflow_yongjia, batches=[folder])
    ran = run("demo", "--out", str(tmp_path / "out"), columns=120)

    assert 0 == ran.status
    assert MARKUP in ran.out
    assert {"batch", "out"} == {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / "out/cases/studio-13.json").exists()


def test_control_in_file_names(run: Run, tmp_path: Path) -> None:
    """A file's name may hold what its content may not; it is spelt out."""
    path = tmp_path / "a\x1b[31m\u202eb.toml"
    path.write_text(SCHEMA + "[facts]\nq = 1\n")
    for ran in (
        run("score", str(path), "--policy", "yongjia-2023"),
        run("score", str(path) + "x\x1b[2J.toml", "--policy", "yongjia-2023"),
    ):
        assert 2 == ran.status
        assert {"\x1b", "\u202e"}.isdisjoint(ran.err)
    path.write_text(SCHEMA + "[facts]\nactivities = 18\n")
    out = run("score", str(path), "--policy", "yongjia-2023").out
    assert "a\\x1b[31m\\u202eb.toml" in out
    assert "\x1b" not in out


def test_control_on_the_line(run: Run) -> None:
    """The same for words on the command line."""
    ran = run("sc\x1b[31more")
    assert "\x1b" not in ran.err
    ran = run("demo", "--out", "README.md/x\x1b[2Jy")
    assert 2 == ran.status
    assert "\x1b" not in ran.err


def test_control_in_plugins(run: Run, install: Install) -> None:
    """And for what a plugin's exception says."""

    class Loud:
        """A plugin without hooks whose repr is an escape."""

        def __repr__(self) -> str:
            return "\x1b[31m[red]loud[/red]"

    install(Loud())
    ran = run("plugins")
    assert "\x1b" not in ran.out + ran.err
