"""`facts`: what a policy scores, as a table, as a schema, or as a file to fill in."""

from __future__ import annotations

import json
from pathlib import Path

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import changes_option, command, option, policy_argument
from studioflow.cli.problems import FILE_EXISTS, NOT_WRITABLE, ONE_FORM, OUT_OF_WHAT
from studioflow.codec import wrong
from studioflow.text import Text

__all__ = ["facts", "write_document"]


@command(
    Text("列出政策要评的事实", "List the facts that a policy scores"),
    "studioflow facts yongjia-2023",
    "studioflow facts yongjia-2023 --template --out studio.toml",
)
@policy_argument()
@option(
    "--schema",
    is_flag=True,
    about=Text("输出事实文件的 JSON Schema", "print the JSON Schema of a fact file"),
)
@option(
    "--template",
    is_flag=True,
    about=Text("输出待填写的 TOML 事实文件", "print a TOML file to fill in"),
)
@option(
    "--out",
    metavar="FILE",
    about=Text(
        "把 --template 或 --schema 写入新文件 FILE（UTF-8；PowerShell 的 > 写的不是）",
        "write --template or --schema to FILE, a new one, in UTF-8 (PowerShell's > does not)",
    ),
)
@changes_option
def facts(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    policy: str,
    schema: bool,  # noqa: FBT001 - click hands flags over by position's name
    template: bool,  # noqa: FBT001
    out: str | None,
    settings: tuple[str, ...],
) -> None:
    """Print the facts."""
    from studioflow.policy.fact_schema import fact_file_schema
    from studioflow.policy.template import fact_file_toml

    if template and (schema or output.as_json):
        raise wrong(ONE_FORM, "--template --schema" if schema else "--template --json")
    if out is not None and not (template or schema):
        raise wrong(OUT_OF_WHAT, "--out")
    asked = loaded(discovered(output), policy, settings)
    if out is not None:
        made = fact_file_schema(asked, output.language) if schema else {}
        as_schema = json.dumps(made, ensure_ascii=False, indent=2) + "\n"
        write_document(Path(out), as_schema if schema else fact_file_toml(asked, output.language))
        if output.as_json:
            output.json(made)
    elif template:
        output.document(fact_file_toml(asked, output.language))
    elif schema:
        output.json(fact_file_schema(asked, output.language))
    else:
        from studioflow.cli.views.facts import facts_as_json, facts_view

        if output.as_json:
            output.json(facts_as_json(asked, output.language))
        else:
            facts_view(asked, output)


def write_document(path: Path, text: str) -> None:
    """Write a new file: what somebody filled in is never replaced."""
    try:
        with path.open("xb") as file:
            file.write(text.encode())
    except FileExistsError as error:
        raise wrong(FILE_EXISTS, str(path)) from error
    except OSError as error:
        raise wrong(NOT_WRITABLE, f"{path}: {error.strerror}") from error
