"""`compare`: whom a variation hits."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import (
    changes_option,
    cohort_option,
    command,
    key_option,
    policy_argument,
)
from studioflow.cli.problems import NOTHING_TO_COMPARE, SEE_READINGS
from studioflow.errors import InputError, Problem
from studioflow.text import Text

if TYPE_CHECKING:
    from studioflow.lab.comparing import Comparison

__all__ = ["compare", "compared"]


@command(
    Text(
        "改动会影响谁：用两个政策给同一批工作室评分，逐个比较",
        "Whom a variation hits: a cohort scored by two policies, studio by studio",
    ),
    "studioflow compare yongjia-2023 --set criteria/5.2.2/norm=12 --cohort examples/cohort.csv",
    "studioflow compare yongjia-2023 my-county.toml --cohort studios.parquet --key 编号",
)
@policy_argument()
@policy_argument("other", required=False)
@cohort_option
@key_option
@changes_option
def compare(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    policy: str,
    other: str | None,
    cohort: str,
    key: str,
    settings: tuple[str, ...],
) -> None:
    """Print who is hit."""
    from studioflow.cli.views.comparison import comparison_told

    comparison_told(compared(output, (policy, other), settings, cohort, key), output)


def compared(
    output: Output,
    policies: tuple[str, str | None],
    settings: tuple[str, ...],
    cohort: str,
    key: str,
) -> Comparison:
    """Return the comparison of a policy with another, or with its variation.

    Raises:
        InputError: where there is nothing to compare, and with every problem of the cohort.
    """
    from studioflow.cohort.columns.reading import read
    from studioflow.lab.comparing import compare as compared_over

    policy, other = policies
    if other is None and not settings:
        about = {"policy": policy}
        raise InputError(
            [Problem(NOTHING_TO_COMPARE, got="-", parameters=about, hint=SEE_READINGS)]
        )
    host, path = discovered(output), Path(cohort)
    before, after = loaded(host, policy), loaded(host, other or policy, settings)
    frame = read(path, "polars")
    try:
        with foreign_code():
            return compared_over(before, after, frame, key=key)
    except InputError as error:
        raise InputError(each.in_file(path.name) for each in error.problems) from None
