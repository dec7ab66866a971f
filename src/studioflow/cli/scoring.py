"""`score`: one score sheet from a file of facts."""

from __future__ import annotations

from pathlib import Path

from studioflow.cli.installed import discovered
from studioflow.cli.output import Output
from studioflow.cli.parts import POLICY, argument, changes, changes_option, command, option
from studioflow.errors import InputError
from studioflow.text import Text

__all__ = ["score"]


@command(
    Text("给一个工作室评分", "Score one studio"),
    "studioflow score examples/studio.toml --policy yongjia-2023",
    "studioflow score examples/studio.toml --policy yongjia-2023 --set criteria/5.2.2/norm=12",
    next_step=Text(
        "studioflow facts {policy} 列出全部事实",
        "`studioflow facts {policy}` lists every fact",
    ),
)
@argument(
    "facts",
    about=Text(
        "事实文件（TOML 或 JSON），用 studioflow facts POLICY --template 得到空表",
        "a TOML or JSON file of facts; `studioflow facts POLICY --template` makes an empty one",
    ),
)
@option(
    "--policy",
    required=True,
    metavar="POLICY",
    about=POLICY,
)
@changes_option
def score(output: Output, facts: str, policy: str, settings: tuple[str, ...]) -> None:
    """Print the sheet."""
    from studioflow.host import load_policy
    from studioflow.policy import read_facts

    scored_by = load_policy(policy, changes=changes(settings), host=discovered(output))
    path = Path(facts)
    file = read_facts(path)
    try:
        sheet = scored_by.score(file)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None
    if output.as_json:
        output.json(sheet.to_dict(output.language))
        return
    from studioflow.cli.views.sheet import sheet_view

    title = file.studio or path.name
    sheet_view(sheet, scored_by, output, title=title)
