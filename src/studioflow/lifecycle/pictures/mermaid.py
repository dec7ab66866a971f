"""The lifecycle as Mermaid text, which any Mermaid viewer draws."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studioflow.lifecycle.pictures.graph import START, Graph, graph_of
from studioflow.policy import Policy
from studioflow.studio import Studio
from studioflow.text import Language, listed

__all__ = ["escaped", "mermaid"]

_DIRECTION = re.compile(r"(direction) +(TB|BT|RL|LR)", re.IGNORECASE)
_LOOKS = {
    "milestone": "fill:#d9e6f2,stroke:#2f5d8a,stroke-width:2px,color:#1f2933",
    "visited": "fill:#fbeee4,stroke:#b3541e,stroke-width:2px,color:#1f2933",
    "present": "fill:#f3c9a5,stroke:#b3541e,stroke-width:4px,color:#1f2933",
}


def mermaid(policy: Policy, language: Language = "en", studio: Studio | None = None) -> str:
    """Return the lifecycle of a policy as a Mermaid state diagram, with who may take each step.

    Steps that leave a studio in its state would hide the picture behind their loops: they are not
    drawn.

    Args:
        policy: whose lifecycle it is; what is switched off is not drawn.
        language: of the labels.
        studio: whose path is drawn into it, with the days; none when left out.
    """
    return "\n".join(_lines(graph_of(policy, language, studio), language)) + "\n"


def _lines(graph: Graph, language: Language) -> Iterator[str]:
    yield "stateDiagram-v2"
    for box in graph.boxes:
        yield f'    state "{escaped(box.label)}" as {box.id}'
    for step in graph.steps:
        for arrow in step.arrows:
            who = f" ({' / '.join(step.roles)})" if step.roles else ""
            days = listed([day.isoformat() for day in arrow.days], language)
            label = escaped(f"{step.label}{who} {days}".rstrip())
            source = "[*]" if arrow.source == START else arrow.source
            yield f"    {source} --> {arrow.dest} : {label}"
    for box in graph.boxes:
        if box.last:
            yield f"    {box.id} --> [*]"
    classes: dict[str, list[str]] = {look: [] for look in _LOOKS}
    for box in graph.boxes:
        if box.present:
            classes["present"].append(box.id)
        elif box.visited:
            classes["visited"].append(box.id)
        elif box.kind == "milestone" and not graph.has_path:
            classes["milestone"].append(box.id)
    for look, ids in classes.items():
        if ids:
            yield f"    classDef {look} {_LOOKS[look]}"
            yield f"    class {','.join(ids)} {look}"


def escaped(label: str) -> str:
    """Return a label with everything that Mermaid or HTML reads as markup written as a number."""
    written = "".join(
        character
        if character.isalnum() or character in " ()/-、，。·（）"
        else f"#{ord(character)};"
        for character in label.replace("\n", " ")
    )
    # Mermaid takes a whole line for a direction wherever these two words stand in it.
    return _DIRECTION.sub(r"\1#32;\2", written)
