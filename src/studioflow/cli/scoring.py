"""`score`: one score sheet from a file of facts."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import evolve

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import POLICY, argument, changes_option, command, option
from studioflow.cli.problems import NOTHING_TO_READ, SEE_FACTS
from studioflow.codec import UNKNOWN_NAME, wrong
from studioflow.errors import InputError, Problem
from studioflow.policy import Policy
from studioflow.rubric import FactFile
from studioflow.text import Text

__all__ = ["score"]

_STDIN = "-"


@command(
    Text("给一个工作室评分", "Score one studio"),
    "studioflow score examples/studio.toml --policy yongjia-2023",
    "studioflow score examples/studio.toml --policy yongjia-2023 --set criteria/5.2.2/norm=12",
)
@argument(
    "facts",
    about=Text(
        "事实文件（TOML 或 JSON），- 为标准输入；空表用 studioflow facts POLICY --template 得到",
        "a TOML or JSON file of facts, or - for standard input; "
        "`studioflow facts POLICY --template` makes an empty one",
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
    from studioflow.policy import read_facts

    scored_by = loaded(discovered(output), policy, settings)
    path = Path(facts)
    file, name = _from_stdin() if facts == _STDIN else (read_facts(path), path.name)
    try:
        sheet = scored_by.score(file)
    except InputError as error:
        raise InputError(
            _with_next_step(problem, scored_by, policy).in_file(name) for problem in error.problems
        ) from None
    if output.as_json:
        output.json(sheet.to_dict(output.language))
        return
    from studioflow.cli.views.sheet import sheet_view

    sheet_view(sheet, scored_by, output, title=file.studio or name)


def _with_next_step(problem: Problem, policy: Policy, named: str) -> Problem:
    """Say of a name that is no fact where the facts are listed."""
    table, _, name = problem.path.partition("/")
    if problem.code != UNKNOWN_NAME.code or table != "facts" or name in policy.facts:
        return problem
    return evolve(problem, hint=SEE_FACTS, parameters={**problem.parameters, "policy": named})


def _from_stdin() -> tuple[FactFile, str]:
    """Read the facts that another program hands over: TOML, or JSON if it starts with a brace.

    They become a file for a moment, so that there is one way to read facts and no other.
    """
    from studioflow.codec import MAX_BYTES
    from studioflow.policy import read_facts

    if sys.stdin is None:
        raise wrong(NOTHING_TO_READ, _STDIN)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    is_json = data.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")
    with TemporaryDirectory(prefix="studioflow-") as folder:
        path = Path(folder, "stdin.json" if is_json else "stdin.toml")
        path.write_bytes(data)
        return read_facts(path), path.name
