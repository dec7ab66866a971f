"""`sensitivity`: which parameter moves how many studios, and where something tips."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import (
    changes_option,
    cohort_option,
    command,
    key_option,
    option,
    policy_argument,
)
from studioflow.cli.progress import Bar
from studioflow.codec import exact_number, wrong
from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.text import Text, exact, message

if TYPE_CHECKING:
    from studioflow.lab.sensing import Value

__all__ = ["sensitivity"]

_MOST_VALUES = 1000
_TIP, _VALUES = "--tip", "--values"

VALUES_SYNTAX = message(
    "values_syntax",
    zh="FROM:TO 或 FROM:TO:STEP，至多 {limit} 个值",
    en="FROM:TO or FROM:TO:STEP, with at most {limit} values",
)
VALUES_OF_WHAT = message("values_of_what", zh="与 --tip 同用", en="it with --tip")

_MOVING = Text("逐个改动参数", "moving each parameter")
_TRYING = Text("逐个试值", "trying each value")


def _range(
    _context: click.Context, _parameter: click.Parameter, text: str | None
) -> tuple[Fraction, Fraction, Fraction] | None:
    """Read FROM:TO or FROM:TO:STEP."""
    if text is None:
        return None
    refused = InputError(
        each.in_file(_VALUES) for each in wrong(VALUES_SYNTAX, text, limit=_MOST_VALUES).problems
    )
    low, _, rest = text.partition(":")
    high, _, step = rest.partition(":")
    try:
        start, end, by = _number(low), _number(high), _number(step or "1")
    except (ArithmeticError, InputError):
        raise refused from None
    if by <= 0 or start > end or (end - start) / by >= _MOST_VALUES:
        raise refused
    return start, end, by


def _number(text: str) -> Fraction:
    return exact_number(Decimal(text))


def _values(low: Fraction, high: Fraction, step: Fraction) -> list[Value]:
    count = int((high - low) / step) + 1
    found = [low + place * step for place in range(count)]
    return [int(each) if each.denominator == 1 else Decimal(exact(each)) for each in found]


@command(
    Text(
        "哪个参数影响多少工作室：每个数值上下各移一步，每种理解各换一次；或一个参数的临界值",
        "Which parameter moves how many studios, each moved by one step; or where one of them tips",
    ),
    "studioflow sensitivity yongjia-2023 --cohort examples/cohort.csv",
    "studioflow sensitivity yongjia-2023 --cohort examples/cohort.csv --tip gates/5.0.1/at_least",
    "studioflow sensitivity yongjia-2023 --cohort examples/cohort.csv --tip readings/pass_mark"
    " --values 50:100",
)
@policy_argument()
@cohort_option
@key_option
@option(
    _TIP,
    metavar="PATH",
    about=Text(
        "只看这一个参数：在哪些值之间有工作室的结果不同",
        "this parameter alone: between which of its values studios come out otherwise",
    ),
)
@option(
    _VALUES,
    metavar="FROM:TO[:STEP]",
    callback=_range,
    about=Text(
        "与 --tip 同用：要试的值；不给则上下各十步",
        "with --tip: the values to try; ten steps either way when left out",
    ),
)
@option(
    "--all",
    "everything",
    is_flag=True,
    about=Text("列出每个参数，也包括不影响任何工作室的", "show every parameter, also idle ones"),
)
@changes_option
def sensitivity(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    policy: str,
    cohort: str,
    key: str,
    tip: str | None,
    values: tuple[Fraction, Fraction, Fraction] | None,
    everything: bool,  # noqa: FBT001 - click calls it so
    settings: tuple[str, ...],
) -> None:
    """Print what moves studios, or the tipping points of one parameter."""
    from studioflow.cli.views.sensitivity import sensitivity_told, tipping_told
    from studioflow.lab.sensing import sensitivity as sensed
    from studioflow.lab.sensing import tipping

    if tip is None and values is not None:
        raise InputError(each.in_file(_VALUES) for each in wrong(VALUES_OF_WHAT, "-").problems)
    chosen = loaded(discovered(output), policy, settings)
    frame = _table(Path(cohort), chosen, key)
    with Bar(output) as bar, foreign_code():

        def progress(done: int, of: int) -> None:
            if done == 1:
                bar.stage(output.say(_MOVING if tip is None else _TRYING), of)
            bar.done(done)

        if tip is None:
            found = sensed(chosen, frame, key=key, progress=progress)
        else:
            tried = None if values is None else _values(*values)
            try:
                tipped = tipping(chosen, frame, tip, tried, key=key, progress=progress)
            except InputError as error:
                raise InputError(each.in_file(_TIP) for each in error.problems) from None
    if tip is None:
        sensitivity_told(found, output, everything=everything)
    else:
        tipping_told(tipped, output)


def _table(path: Path, policy: Policy, key: str) -> Any:  # noqa: ANN401 - a frame of Polars
    """Read a table, and score it once, so that what is wrong with it is told with its name."""
    from studioflow.cohort import score_cohort
    from studioflow.cohort.columns.reading import read

    frame = read(path, "polars").collect()
    try:
        with foreign_code():
            score_cohort(policy, frame, key=key, results="total")
    except InputError as error:
        raise InputError(each.in_file(path.name) for each in error.problems) from None
    return frame
