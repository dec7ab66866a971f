"""`new-plugin`: a new county's plugin."""

from __future__ import annotations

from pathlib import Path

from studioflow.cli.output import Output
from studioflow.cli.parts import argument, command, option
from studioflow.text import Text

__all__ = ["new_plugin"]

_WRITTEN = Text("已写入 {folder}：", "written to {folder}:")
_NEXT = Text(
    "下一步：cd {folder}，uv run pytest，然后填写 {policy}",
    "next: cd {folder}, uv run pytest, then fill in {policy}",
)


@command(
    Text(
        "写出一个新县的插件：政策文件、案例、检验和 CI，写出时即可通过检验",
        "Write a new county's plugin: policy file, cases, tests and CI, passing as it is written",
    ),
    "studioflow new-plugin east-shore",
    "studioflow new-plugin east-shore --dir plugins",
)
@argument(
    "name",
    about=Text("插件名称，也是政策的 id", "name of the plugin, which is also the id of its policy"),
)
@option(
    "--dir",
    "dir_",
    default=".",
    metavar="DIR",
    about=Text(
        "在 DIR 中建文件夹 studioflow-NAME（默认当前文件夹）",
        "make the folder studioflow-NAME in DIR, the present one when left out",
    ),
)
def new_plugin(output: Output, name: str, dir_: str) -> None:
    """Write the files, and list them."""
    from studioflow.lab.new_plugin import new_plugin as written_to

    made = written_to(name, Path(dir_))
    if output.as_json:
        output.json(
            {
                "schema": "studioflow.new-plugin/1",
                "name": made.name,
                "folder": str(made.folder),
                "files": [*made.files],
            }
        )
        return
    (policy,) = (file for file in made.files if file.endswith("/policy.toml"))
    told = {"folder": str(made.folder), "policy": policy}
    lines = [output.say(_WRITTEN), *(f"  {file}" for file in made.files), output.say(_NEXT)]
    for line in lines:
        text = line
        for key, value in told.items():
            text = text.replace(f"{{{key}}}", value)
        output.line(text)
