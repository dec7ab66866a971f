"""The pytest plugin, run by pytest itself in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CASES = """
schema = "studioflow.cases/1"
policy = "yongjia-2023"

[cases.norm]
facts = { activities = 16 }
expect.points = { "5.2.2" = 16 }

[cases.above]
text = "Two activities above the norm"
facts = { activities = 18 }
expect.points = { "5.2.2" = 17 }
"""


def ran(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder."""
    return subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(folder), *options],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
    )


def test_each_case_is_a_test(tmp_path: Path) -> None:
    """Each case is a test; a failure says what was expected, what came, and why."""
    (tmp_path / "a.cases.toml").write_text(CASES, "utf-8")
    done = ran(tmp_path)
    assert "1 failed, 1 passed" in done.stdout
    assert "Two activities above the norm\n" in done.stdout
    assert "points/5.2.2: expected 17, got 18, because" in done.stdout
    assert "Traceback" not in done.stdout


def test_a_file_that_is_wrong(tmp_path: Path) -> None:
    """A file that is wrong is an error of the collection, with its problems."""
    (tmp_path / "a.cases.toml").write_text(CASES.replace("5.2.2", "5.2.9"), "utf-8")
    done = ran(tmp_path)
    assert 2 == done.returncode
    assert "unknown_name" in done.stdout


def test_a_policy_beside_it(tmp_path: Path) -> None:
    """The policy may be a file beside the cases."""
    (tmp_path / "p.toml").write_text(
        'schema = "studioflow.policy/1"\nid = "p"\nversion = "1"\nextends = "yongjia-2023"\n'
        'label = { zh = "甲", en = "p" }\n[criteria."5.2.2"]\nnorm = 12\n',
        "utf-8",
    )
    named = CASES.replace('"yongjia-2023"', '"./p.toml"\nplugins = ["yongjia"]')
    (tmp_path / "a.cases.toml").write_text(named, "utf-8")
    done = ran(tmp_path)
    assert "points/5.2.2: expected 16, got 20" in done.stdout


def test_no_plugin_leaks(tmp_path: Path) -> None:
    """What is installed is not there unless the file names it, and the failure says how."""
    (tmp_path / "p.toml").write_text(
        'schema = "studioflow.policy/1"\nid = "p"\nversion = "1"\nextends = "yongjia-2023"\n',
        "utf-8",
    )
    (tmp_path / "a.cases.toml").write_text(CASES.replace("yongjia-2023", "./p.toml"), "utf-8")
    done = ran(tmp_path)
    assert 'name the plugin in the file of cases: plugins = ["…"]' in done.stdout
    named = CASES.replace('"yongjia-2023"', '"yongjia-2023"\nplugins = ["yongja"]')
    (tmp_path / "a.cases.toml").write_text(named, "utf-8")
    assert "did you mean yongjia?" in ran(tmp_path).stdout


def test_it_costs_little() -> None:
    """Where there is no such file, nothing of studioflow but the plugin itself is imported."""
    code = (
        "import sys, studioflow.testing.pytest_cases as _;"
        "print(sorted(m for m in sys.modules if m.startswith('studioflow')))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    wanted = ["studioflow", "studioflow.testing", "studioflow.testing.pytest_cases"]
    assert f"{wanted}\n" == done.stdout


def test_coverage(tmp_path: Path) -> None:
    """What the cases have seen is told at the end, and below the floor the run fails."""
    (tmp_path / "a.cases.toml").write_text(CASES, "utf-8")
    done = ran(tmp_path, "--policy-coverage", str(tmp_path))
    assert "policy coverage of yongjia-2023: " in done.stdout
    assert "missing: gates/5.0.2: met" in done.stdout
    passing = ran(
        tmp_path, "--policy-coverage", str(tmp_path), "--policy-floor", "0.1", "-k", "norm"
    )
    assert 0 == passing.returncode
    failing = ran(
        tmp_path, "--policy-coverage", str(tmp_path), "--policy-floor", "99", "-k", "norm"
    )
    assert 1 == failing.returncode
