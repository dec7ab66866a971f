"""From documents to a policy, and from a file to the facts of one studio."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studioflow.codec import read, strict_converter
from studioflow.errors import InputError
from studioflow.policy.document import Catalogue, Document, assemble
from studioflow.policy.policy import Policy
from studioflow.policy.variation import varied
from studioflow.rubric import FactFile

__all__ = ["build_policy", "read_facts"]


def build_policy(
    document: Document,
    catalogue: Catalogue | None = None,
    changes: Mapping[str, object] | None = None,
) -> Policy:
    """Build the policy that a document says, with the parts that it names.

    Args:
        document: of the policy.
        catalogue: what it may extend and take its parts from.
        changes: values by path, set before anything is built.

    Raises:
        InputError: with every problem, each with the document that it stands in.
    """
    changes = changes or {}
    assembled = assemble(document, catalogue or Catalogue())
    tables = varied(assembled.tables, changes)
    try:
        return Policy.of(tables, document=document, changes=changes, origins=assembled.origins())
    except InputError as error:
        raise InputError(
            problem if _is_about(problem.path, changes) else assembled.blamed(problem)
            for problem in error.problems
        ) from None


def _is_about(path: str, changes: Mapping[str, object]) -> bool:
    """Return whether a problem lies where something was changed, so that no file is to blame."""
    return any(f"{path}/".startswith(f"{changed}/") for changed in changes)


def read_facts(path: Path) -> FactFile:
    """Read a fact file: facts, marks and an inspection, as TOML or JSON.

    Raises:
        InputError: with every problem of its form; whether the facts fit is for `Policy.score`.
    """
    converter = strict_converter()
    converter.register_structure_hook_func(lambda cls: cls is Any, lambda value, _: value)
    try:
        return converter.structure(read(path), FactFile)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None
