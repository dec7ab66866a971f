"""From documents to a policy, and from a file to the facts of one studio."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from studioflow.codec import Collector, read, strict_converter, wrong
from studioflow.errors import InputError
from studioflow.policy.content import build_content
from studioflow.policy.document import (
    FACTS_SCHEMA,
    PART_SCHEMAS,
    POLICY_SCHEMA,
    WRONG_SCHEMA,
    Catalogue,
    Document,
    assemble,
)
from studioflow.policy.policy import Policy
from studioflow.policy.variation import apply_changes
from studioflow.rubric import FactFile
from studioflow.text import Text

__all__ = ["build_policy", "read_facts"]


_NO_SCHEMA = Text('事实文件以 schema = "{schema}" 开头', 'begin with schema = "{schema}"')
_A_POLICY = Text(
    "这是政策文件（或其一部分），不是事实文件",
    "this is a policy file, or a part of one, and no fact file",
)
_A_BATCH = Text("这是批次文件，不是事实文件", "this is a batch file and no fact file")
_OTHER_FILES = {
    **dict.fromkeys((POLICY_SCHEMA, *PART_SCHEMAS), _A_POLICY),
    "studioflow.batch/1": _A_BATCH,
}


def build_policy(
    document: Document,
    catalogue: Catalogue | None = None,
    changes: Mapping[str, object] | None = None,
) -> Policy:
    """Build the policy that a document says, with the parts that it names.

    Args:
        document: of the policy.
        catalogue: what it may extend and take its parts from, and the kinds of rule that plugins
            bring.
        changes: values by path, set before anything is built.

    Raises:
        InputError: with every problem, each with the document that it stands in.
    """
    changes = changes or {}
    catalogue = catalogue or Catalogue()
    assembled = assemble(document, catalogue)
    collector = Collector()
    tables = apply_changes(assembled.tables, changes, collector)
    try:
        if collector.problems:
            with collector.under():  # what the other changes break is told, too
                build_content(tables, catalogue.kinds)
        collector.finish()
        return Policy.of(
            tables,
            document=document,
            changes=changes,
            origins=assembled.origins(),
            kinds=catalogue.kinds,
        )
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
    tables = read(path)
    try:
        _check_schema(tables)
        return converter.structure(tables, FactFile)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None


def _check_schema(tables: Mapping[str, object]) -> None:
    """Check that it is a fact file at all: if not, nothing else about it is worth saying."""
    schema = tables.get("schema", "")
    if schema == FACTS_SCHEMA:
        return
    other = _OTHER_FILES.get(schema) if isinstance(schema, str) else None
    known = () if other else (FACTS_SCHEMA,)
    hint = _NO_SCHEMA if "schema" not in tables else other
    collector = Collector()
    with collector.under("schema"):
        raise wrong(WRONG_SCHEMA, schema, known=known, hint=hint, schema=FACTS_SCHEMA)
    collector.finish()
