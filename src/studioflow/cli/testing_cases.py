"""`test` and `mutate`: the cases of a policy, and whether they would notice a mistake."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import changes_option, command, option, policy_argument
from studioflow.cli.progress import Bar
from studioflow.text import Text

__all__ = ["mutate", "test"]

_NO = 1
_TRYING = Text("逐个放入错误", "trying each mistake")
cases_option = option(
    "--cases",
    required=True,
    metavar="PATH",
    about=Text(
        "案例文件，或其中有 *.cases.toml 的文件夹",
        "a file of cases, or a folder with *.cases.toml",
    ),
)


@command(
    Text(
        "用案例检验政策，并说明案例看到了政策的哪些内容",
        "Test a policy by cases, and tell what of the policy they have seen",
    ),
    "studioflow test my-county.toml --cases tests",
    "studioflow test yongjia-2023 --cases yongjia.cases.toml --set criteria/5.2.2/norm=12",
)
@policy_argument()
@cases_option
@option(
    "--missing",
    is_flag=True,
    about=Text(
        "列出没有案例看到的内容，并各给出一例事实",
        "list what no case has seen, each with facts that would show it",
    ),
)
@option(
    "--floor",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    about=Text("覆盖率低于此百分比即为不通过", "fail where the cases have seen less than this"),
)
@changes_option
def test(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    policy: str,
    cases: str,
    missing: bool,  # noqa: FBT001 - click's own way
    floor: float | None,
    settings: tuple[str, ...],
) -> None:
    """Print which cases came out otherwise, and what they have seen."""
    from studioflow.cases import cover, read_cases, run_cases
    from studioflow.cli.views.cases import cases_told

    host = discovered(output)
    chosen, read = loaded(host, policy, settings), read_cases(Path(cases))
    results = run_cases(chosen, read, host=host)
    seen = cover(chosen, read, host=host)
    cases_told(chosen, results, seen, output, everything=missing)
    low = floor is not None and seen.share * 100 < Fraction(floor)
    if low or not all(result.passed for result in results):
        raise click.exceptions.Exit(_NO)


@command(
    Text(
        "在政策中逐一放入小错误，看案例是否发现",
        "Put small mistakes into a policy one by one, and see whether its cases notice",
    ),
    "studioflow mutate my-county.toml --cases tests",
    "studioflow mutate yongjia-2023 --cases yongjia.cases.toml --only criteria/5.2.2",
)
@policy_argument()
@cases_option
@option(
    "--only",
    metavar="PATH",
    about=Text("只在此路径之下", "only at a path of the policy, and below it"),
)
@changes_option
def mutate(
    output: Output, policy: str, cases: str, only: str | None, settings: tuple[str, ...]
) -> None:
    """Print which mistakes no case notices."""
    from studioflow.cases import read_cases
    from studioflow.cli.views.mutants import mutants_told
    from studioflow.lab.mutating import Mutation
    from studioflow.lab.mutating import mutate as mutated

    def wanted(mutation: Mutation) -> bool:
        return only is None or mutation.path == only or mutation.path.startswith(f"{only}/")

    host = discovered(output)
    chosen, read = loaded(host, policy, settings), read_cases(Path(cases))
    with Bar(output) as bar:

        def progress(done: int, of: int) -> None:
            if done == 1:
                bar.stage(output.say(_TRYING), of)
            bar.done(done)

        report = mutated(chosen, read, host=host, only=wanted, progress=progress)
    mutants_told(chosen, report, output)
    if report.survivors:
        raise click.exceptions.Exit(_NO)
