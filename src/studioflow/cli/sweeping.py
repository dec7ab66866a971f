"""`sweep`: a grid of variations over a table."""

from __future__ import annotations

from pathlib import Path

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
from studioflow.errors import InputError
from studioflow.text import Text

__all__ = ["sweep"]

_TRYING = Text("逐个计算改动", "trying each variation")


@command(
    Text(
        "一次计算许多改动：网格中每一种组合下，一批工作室的结果",
        "Many variations at once: what a table of studios comes to under each of a grid",
    ),
    "studioflow sweep yongjia-2023 --grid examples/activities.grid.toml"
    " --cohort examples/cohort.csv",
    "studioflow sweep my-county.toml --grid grid.toml --cohort studios.parquet -o sweep.csv",
)
@policy_argument()
@option(
    "--grid",
    required=True,
    metavar="FILE",
    about=Text("网格文件（.toml）：各处的取值", "the grid (.toml): values by path"),
)
@cohort_option
@key_option
@option(
    "-o",
    "--out",
    metavar="FILE",
    about=Text(
        "把每种组合的结果写入 FILE（.csv、.parquet 或 .arrow），已有则替换",
        "write a row for each combination to FILE (.csv, .parquet or .arrow), replacing it",
    ),
)
@changes_option
def sweep(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    policy: str,
    grid: str,
    cohort: str,
    key: str,
    out: str | None,
    settings: tuple[str, ...],
) -> None:
    """Print, or write, what comes of each combination."""
    from studioflow.cli.views.sweep import sweep_told
    from studioflow.cohort.columns.reading import read
    from studioflow.cohort.columns.writing import check_target, write
    from studioflow.lab.sweeping import read_grid
    from studioflow.lab.sweeping import sweep as swept

    chosen, source = loaded(discovered(output), policy, settings), Path(cohort)
    target = None if out is None else Path(out)
    if target is not None:
        check_target(target, source=source)
    asked, frame = read_grid(Path(grid)), read(source, "polars")
    with Bar(output) as bar, foreign_code():

        def progress(done: int, of: int) -> None:
            if done == 1:
                bar.stage(output.say(_TRYING), of)
            bar.done(done)

        try:
            found = swept(chosen, asked, frame, key=key, progress=progress)
        except InputError as error:
            raise InputError(each.in_file(source.name) for each in error.problems) from None
    if target is not None:
        import narwhals.stable.v2 as nw

        write(nw.from_native(found.table().lazy()), target)
    sweep_told(found, output, target)
