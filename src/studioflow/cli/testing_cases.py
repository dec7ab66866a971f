"""`test`: the cases of a policy."""

from __future__ import annotations

from pathlib import Path

import click

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import changes_option, command, option, policy_argument
from studioflow.text import Text

__all__ = ["test"]

_NO = 1
_COUNT = Text("{passed} 个通过，{failed} 个未通过", "passed: {passed}, failed: {failed}")


@command(
    Text(
        "用案例检验政策：每个案例给出事实和应有的结果",
        "Test a policy by cases: facts of a studio, and what is to come of them",
    ),
    "studioflow test my-county.toml --cases tests",
    "studioflow test yongjia-2023 --cases yongjia.cases.toml --set criteria/5.2.2/norm=12",
)
@policy_argument()
@option(
    "--cases",
    required=True,
    metavar="PATH",
    about=Text(
        "案例文件，或其中有 *.cases.toml 的文件夹",
        "a file of cases, or a folder with *.cases.toml",
    ),
)
@changes_option
def test(output: Output, policy: str, cases: str, settings: tuple[str, ...]) -> None:
    """Print which cases came out otherwise."""
    from studioflow.cases import read_cases, run_cases
    from studioflow.cli.views.table import cell

    chosen = loaded(discovered(output), policy, settings)
    results = run_cases(chosen, read_cases(Path(cases)))
    failed = [result for result in results if not result.passed]
    if output.as_json:
        output.json(
            {
                "schema": "studioflow.test/1",
                "policy": chosen.id,
                "passed": len(results) - len(failed),
                "failed": len(failed),
                "cases": [
                    {
                        "id": result.case.id,
                        "file": result.case.file,
                        "passed": result.passed,
                        "mismatches": [
                            {
                                "path": each.path,
                                "expected": each.expected.get(output.language),
                                "got": each.got.get(output.language),
                                "text": each.explain(output.language),
                            }
                            for each in result.mismatches
                        ],
                    }
                    for result in results
                ],
            }
        )
    else:
        for result in failed:
            name = f"✗ {result.case.file}: {result.case.text or result.case.id}"
            output.show(cell(name, "red"))
            for each in result.mismatches:
                output.show(cell(f"  {each.explain(output.language)}"))
        said = output.say(_COUNT).replace("{passed}", str(len(results) - len(failed)))
        output.show(cell(said.replace("{failed}", str(len(failed))), "bold"))
    if failed:
        raise click.exceptions.Exit(_NO)
