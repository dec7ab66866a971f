"""Benchmarks run, and say what their targets are."""

import json
import subprocess
import sys
from pathlib import Path

IMPORTS = Path(__file__).parents[1] / "benchmarks/imports.py"


def test_imports(tmp_path: Path) -> None:
    """What importing costs is held against a limit, in the document and in print."""
    out = tmp_path / "imports.json"
    command = [sys.executable, str(IMPORTS), "--quick", "--json", str(out)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    (target,) = json.loads(out.read_text("utf-8"))["targets"]

    assert "import studioflow beyond its dependencies (ms)" == target["what"]
    assert (15, target["value"] <= 15) == (target["limit"], target["met"])
    assert f"{target['what']}: {target['value']} of 15" in ran.stdout
