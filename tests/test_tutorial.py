"""The tutorial and the script of it are the same, and the examples run."""

from __future__ import annotations

import ast
import subprocess
import sys
from doctest import DocTestParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TUTORIAL = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
SCRIPT = (ROOT / "examples" / "tutorial.py").read_text("utf-8")


def _divided(source: str) -> tuple[set[str], list[str]]:
    """Return the names that are imported, and the other statements in one form."""
    imported: set[str] = set()
    others: list[str] = []
    for statement in ast.parse(source).body:
        match statement:
            case ast.ImportFrom(module, names):
                imported |= {f"{module}.{name.name}" for name in names}
            case ast.Import(names):
                imported |= {name.name for name in names}
            case _:
                others.append(ast.unparse(statement))
    return imported, others


def _as_in_a_script(statement: str) -> str:
    """Return a statement with a `print` around it, where Python's prompt would show its value."""
    (parsed,) = ast.parse(statement).body
    if not isinstance(parsed, ast.Expr) or statement.startswith("print("):
        return statement
    # A tuple is shown as the values that `print` takes.
    shown = parsed.value.elts if isinstance(parsed.value, ast.Tuple) else [parsed.value]
    return f"print({', '.join(ast.unparse(value) for value in shown)})"


def test_the_script_is_the_tutorial() -> None:
    """`examples/tutorial.py` has the tutorial's statements in their order, imports on top."""
    examples = "".join(example.source for example in DocTestParser().get_examples(TUTORIAL))
    imported, statements = _divided(examples)
    script_imported, (docstring, *script_statements) = _divided(SCRIPT)

    assert imported == script_imported
    assert [*map(_as_in_a_script, statements)] == script_statements
    assert "docs/tutorial.md" in docstring


@pytest.mark.parametrize(
    ("script", "last"),
    [
        ("tutorial.py", "[('criteria/5.2.2/norm', 16, 12, '5.2.2')]"),
        ("embed.py", "200 {'id': 's-01', 'state': 'approved', 'version': 2}"),
    ],
)
def test_an_example_runs(script: str, last: str) -> None:
    """Each script runs in a clone, to its last line."""
    ran = subprocess.run(  # noqa: S603 - our own scripts
        [sys.executable, "-X", "utf8", f"examples/{script}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )

    assert last == ran.stdout.splitlines()[-1]
