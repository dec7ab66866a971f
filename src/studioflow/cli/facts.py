"""`facts`: what a policy scores, as a table, as a schema, or as a file to fill in."""

from __future__ import annotations

from studioflow.cli.installed import discovered
from studioflow.cli.output import Output
from studioflow.cli.parts import changes, changes_option, command, option, policy_argument
from studioflow.cli.problems import ONE_FORM
from studioflow.codec import wrong
from studioflow.text import Text

__all__ = ["facts"]


@command(
    Text("列出策略要评的事实", "List the facts that a policy scores"),
    "studioflow facts yongjia-2023",
    "studioflow facts yongjia-2023 --template > studio.toml",
    next_step=Text("studioflow policies 列出策略", "`studioflow policies` lists the policies"),
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
@changes_option
def facts(
    output: Output,
    policy: str,
    schema: bool,  # noqa: FBT001 - click hands flags over by position's name
    template: bool,  # noqa: FBT001
    settings: tuple[str, ...],
) -> None:
    """Print the facts."""
    from studioflow.host import load_policy
    from studioflow.policy.fact_schema import fact_file_schema
    from studioflow.policy.template import fact_file_toml

    if template and (schema or output.as_json):
        raise wrong(ONE_FORM, "--template --schema" if schema else "--template --json")
    asked = load_policy(policy, changes=changes(settings), host=discovered(output))
    if template:
        output.document(fact_file_toml(asked, output.language))
    elif schema:
        output.json(fact_file_schema(asked, output.language))
    else:
        from studioflow.cli.views.facts import facts_as_json, facts_view

        if output.as_json:
            output.json(facts_as_json(asked, output.language))
        else:
            facts_view(asked, output)
