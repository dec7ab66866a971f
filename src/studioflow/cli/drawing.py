"""`diagram` and `stub`: a policy's lifecycle as a picture, and its actions as types."""

from __future__ import annotations

from pathlib import Path

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import Word, changes_option, command, option, policy_argument
from studioflow.cli.problems import NOT_WRITABLE
from studioflow.codec import Collector, wrong
from studioflow.text import Text

__all__ = ["diagram", "stub"]

_out_option = option(
    "-o",
    "--out",
    metavar="FILE",
    about=Text("写入 FILE，已有则替换", "write to FILE, replacing it"),
)


@command(
    Text(
        "画出流程：Mermaid、SVG，或 Graphviz 的 DOT",
        "Draw the lifecycle, as Mermaid text, an SVG picture, or in Graphviz's language",
    ),
    "studioflow diagram yongjia-2023 > lifecycle.mmd",
    "studioflow diagram yongjia-2023 --format svg -o lifecycle.svg",
)
@policy_argument()
@option(
    "--format",
    "format_",
    type=Word("mermaid", "svg", "dot"),
    default="mermaid",
    metavar="mermaid|svg|dot",
    about=Text(
        "图的格式（默认 mermaid）；svg 需要 Graphviz",
        "format of the picture, mermaid when left out; svg needs Graphviz",
    ),
)
@_out_option
@changes_option
def diagram(
    output: Output, policy: str, format_: str, out: str | None, settings: tuple[str, ...]
) -> None:
    """Print the lifecycle, or write it to a file."""
    from studioflow.lifecycle import dot, mermaid, svg

    drawn = loaded(discovered(output), policy, settings)
    draw = {"mermaid": mermaid, "svg": svg, "dot": dot}[format_]
    text = draw(drawn, output.language)
    _deliver(output, text, out, {"schema": "studioflow.diagram/1", "format": format_})


@command(
    Text(
        "写出政策的操作类型（.pyi），编辑器据此知道每个操作需要什么",
        "Write a policy's actions as types (.pyi), by which an editor knows what each needs",
    ),
    "studioflow stub teacher-points -o teacher_points_actions.pyi",
)
@policy_argument()
@option(
    "--name",
    metavar="NAME",
    about=Text("类名；不给则取自政策的 id", "of the class; made from the policy's id if left out"),
)
@_out_option
@changes_option
def stub(
    output: Output, policy: str, name: str | None, out: str | None, settings: tuple[str, ...]
) -> None:
    """Print the types, or write them to a file."""
    from studioflow.programme.stub import stub as stub_of

    text = stub_of(loaded(discovered(output), policy, settings), name)
    _deliver(output, text, out, {"schema": "studioflow.stub/1"})


def _deliver(output: Output, text: str, out: str | None, head: dict[str, object]) -> None:
    """Write a document to a file if one is named, else to stdout."""
    if out is not None:
        collector = Collector()
        with collector.under("--out"):
            try:
                Path(out).write_bytes(text.encode())
            except OSError as error:
                raise wrong(NOT_WRITABLE, f"{out}: {error.strerror}") from error
        collector.finish()
    if output.as_json:
        output.json({**head, "text": text})
    elif out is None:
        output.document(text)
