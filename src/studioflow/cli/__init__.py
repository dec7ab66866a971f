"""The command line: each command calls one public function and shows what it returned."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.util import find_spec

__all__ = ["main"]

_NEEDED = ("click", "rich")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        arguments: without the program's name; those of the process when left out.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    # Looked for, not imported: rich takes as long to import as everything else together, and is
    # only needed once a table is printed.
    if not all(find_spec(name) for name in _NEEDED):
        return _without_extra(given)
    from studioflow.cli.app import run

    return run(given)


def _without_extra(arguments: Sequence[str]) -> int:
    from studioflow.cli.language import chosen, wants_json
    from studioflow.cli.output import Output
    from studioflow.errors import MISSING_EXTRA, MissingExtraError, Problem

    output = Output(chosen(arguments), as_json=wants_json(arguments))
    missing = MissingExtraError("cli").explain(output.language)
    if output.as_json:
        absent = ", ".join(name for name in _NEEDED if not find_spec(name))
        problem = Problem(MISSING_EXTRA, got=absent, parameters={"extra": "cli"})
        entry = {**problem.to_dict(output.language), "text": missing}
        output.json({"schema": "studioflow.errors/1", "errors": [entry]})
    else:
        output.note(missing)
    return 2
