"""Teacher studios (名师工作室) that are ranked by points inside a batch.

A policy put together from assessment rules that were published; the files cite its items, t1 to
t10, and its outcomes, o1 to o9. There is no rule in Python.
"""

from pathlib import Path

from studioflow.host import hookimpl

__all__ = [
    "studioflow_case_files",
    "studioflow_forms",
    "studioflow_policies",
    "studioflow_rubrics",
    "studioflow_sample_batches",
]

_HERE = Path(__file__).parent


@hookimpl
def studioflow_policies() -> list[Path]:
    """Return who does what, and when."""
    return [_HERE / "policy.toml"]


@hookimpl
def studioflow_rubrics() -> list[Path]:
    """Return the items that give points, and what the batch makes of them."""
    return [_HERE / "rubric.toml"]


@hookimpl
def studioflow_case_files() -> list[Path]:
    """Return the records that belong into a studio's file, and how they are counted."""
    return [_HERE / "case_file.toml"]


@hookimpl
def studioflow_forms() -> list[Path]:
    """Return the roster of members and the sheet of points."""
    return sorted((_HERE / "forms").glob("*.toml"))


@hookimpl
def studioflow_sample_batches() -> list[Path]:
    """Return a batch of twelve studios at the end of their cycle."""
    return [_HERE / "samples" / "2022"]
