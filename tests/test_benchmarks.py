"""Benchmarks run, and say what their targets are."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def run(name: str, out: Path, *more: str) -> tuple[dict[str, Any], str]:
    """Return the document that a benchmark writes when it is run quickly, and what it prints."""
    command = [sys.executable, str(BENCHMARKS / f"{name}.py"), "--quick", "--json", str(out)]
    command += more
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return json.loads(out.read_text("utf-8")), ran.stdout


def test_imports(tmp_path: Path) -> None:
    """What importing costs is held against a limit, in the document and in print."""
    document, printed = run("imports", tmp_path / "imports.json")
    (target,) = document["targets"]

    assert "import studioflow beyond its dependencies (ms)" == target["what"]
    assert (15, target["value"] <= 15) == (target["limit"], target["met"])
    assert f"{target['what']}: {target['value']} of 15" in printed


@pytest.mark.skipif(
    find_spec("zen") is None,
    reason="zen-engine is not installed: uv run --group bench pytest tests/test_benchmarks.py",
)
def test_sheet(tmp_path: Path) -> None:
    """A sheet says what the rivals say, and is held against them in the document and in print."""
    document, printed = run("sheet", tmp_path / "sheet.json")

    assert ("studioflow.bench/1", "sheet") == (document["schema"], document["name"])
    assert {"a sheet", "by hand", "zen-engine"} < {row["what"] for row in document["rows"]}
    assert {("a sheet to by hand", 3), ("a sheet to zen-engine", 1)} < {
        (target["what"], target["limit"]) for target in document["targets"]
    }
    for target in document["targets"]:
        assert target["met"] == (target["value"] <= target["limit"])
        assert f"{target['what']}: {target['value']} of {target['limit']}" in printed


@pytest.mark.skipif(
    find_spec("docxtpl") is None,
    reason="docxtpl is not installed: uv run --group bench pytest tests/test_benchmarks.py",
)
def test_documents(tmp_path: Path) -> None:
    """Documents say what the rivals' say, and how they grow is held against a limit."""
    document, printed = run("documents", tmp_path / "documents.json")
    (target,) = document["targets"]

    assert ("studioflow.bench/1", "documents") == (document["schema"], document["name"])
    assert {"a form as Word", "docxtpl", "Jinja2"} < {row["what"] for row in document["rows"]}
    assert f"{target['what']}: {target['value']} of {target['limit']}" in printed


def test_sweep(tmp_path: Path) -> None:
    """A sweep says what the rivals say, and is held against them in the document and in print."""
    document, printed = run("sweep", tmp_path / "sweep.json")
    assert ("studioflow.bench/1", "sweep") == (document["schema"], document["name"])
    (target,) = document["targets"]
    assert ("a sweep to hand-factored Polars", 1.5) == (target["what"], target["limit"])
    assert "a lazy Polars query for each" in printed


@pytest.mark.skipif(
    any(find_spec(peer) is None for peer in ("numba", "openfisca_core", "zen")),
    reason="peers are not installed: uv run --group bench pytest tests/test_benchmarks.py",
)
def test_cohort(tmp_path: Path) -> None:
    """A cohort says what the rivals say, and is held against them in the document and in print."""
    document, printed = run("cohort", tmp_path / "cohort.json")

    assert ("studioflow.bench/1", "cohort") == (document["schema"], document["name"])
    assert {"studioflow on Polars", "hand-written Polars", "NumPy by hand", "DuckDB by hand"} < {
        row["what"] for row in document["rows"]
    }
    assert {
        ("studioflow on Polars to hand-written Polars", 1.2),
        ("studioflow on Polars, columns checked before to OpenFisca-core", 0.1),
    } <= {(target["what"], target["limit"]) for target in document["targets"]}
    for target in document["targets"]:
        assert target["met"] == (target["value"] <= target["limit"])
        assert f"{target['what']}: {target['value']} of {target['limit']}" in printed


@pytest.mark.skipif(
    any(find_spec(peer) is None for peer in ("automat", "statemachine")),
    reason="peers are not installed: uv run --group bench pytest tests/test_benchmarks.py",
)
def test_lifecycle(tmp_path: Path) -> None:
    """A step is held against other machines, and a studio that is let go is gone."""
    document, printed = run("lifecycle", tmp_path / "lifecycle.json")
    stock = "stock transitions, one machine"

    assert ("studioflow.bench/1", "lifecycle") == (document["schema"], document["name"])
    assert {
        (f"an allowed step to {stock}", 1),
        (f"a denial: state, role and day to {stock}", 2),
    } < {(target["what"], target["limit"]) for target in document["targets"]}
    for target in document["targets"]:
        assert target["met"] == (target["value"] <= target["limit"])
        assert f"{target['what']}: {target['value']} of {target['limit']}" in printed
    assert 0 == document["targets"][-1]["value"]


@pytest.mark.skipif(
    find_spec("eventsourcing") is None,
    reason="eventsourcing is not installed: uv run --group bench pytest tests/test_benchmarks.py",
)
def test_register(tmp_path: Path) -> None:
    """All registers keep the same chains, and ours is held against each, also as it grows."""
    document, printed = run("register", tmp_path / "register.json", "--curve", "10000")

    assert ("studioflow.bench/1", "register") == (document["schema"], document["name"])
    assert {
        ("an append, SQLite to sqlite3 by hand", 1.18),
        ("an append, PostgreSQL to psycopg by hand", 1.25),
        ("an append, SQLite to eventsourcing, SQLite", 0.5),
        ("replay, sample studios to replay, sample studios, by hand", 1.43),
        ("one more event, 10000 events to 0", 1.25),
    } < {(target["what"], target["limit"]) for target in document["targets"]}
    for target in document["targets"]:
        assert target["met"] == (target["value"] <= target["limit"])
        assert f"{target['what']}: {target['value']} of {target['limit']}" in printed
