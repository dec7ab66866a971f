"""Yongjia county's policy for Pioneer Party-member studios (教育先锋党员工作室).

The source is 永教党〔2023〕8号; the files cite its clauses.
"""

from pathlib import Path

from studioflow.host import hookimpl

__all__ = [
    "studioflow_case_files",
    "studioflow_forms",
    "studioflow_policies",
    "studioflow_rubrics",
    "studioflow_sample_batches",
    "studioflow_site_checks",
]

_HERE = Path(__file__).parent


@hookimpl
def studioflow_policies() -> list[Path]:
    """Return who does what, and when."""
    return [_HERE / "policy.toml"]


@hookimpl
def studioflow_rubrics() -> list[Path]:
    """Return the indicators of attachment 3."""
    return [_HERE / "rubric.toml"]


@hookimpl
def studioflow_site_checks() -> list[Path]:
    """Return the six haves."""
    return [_HERE / "site_check.toml"]


@hookimpl
def studioflow_case_files() -> list[Path]:
    """Return the records that belong into a studio's file, attachments 1 and 2 among them."""
    return [_HERE / "case_file.toml"]


@hookimpl
def studioflow_forms() -> list[Path]:
    """Return attachments 1, 2 and 3."""
    return sorted((_HERE / "forms").glob("*.toml"))


@hookimpl
def studioflow_sample_batches() -> list[Path]:
    """Return the batch that `studioflow demo` runs."""
    return [_HERE / "samples" / "2023"]
