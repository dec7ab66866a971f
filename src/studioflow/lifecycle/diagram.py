"""The lifecycle as a picture: Mermaid text that any Mermaid viewer draws."""

from __future__ import annotations

import re

from studioflow.policy import UNDECLARED, Policy
from studioflow.text import Language

__all__ = ["mermaid"]

_DIRECTION = re.compile(r"(direction) +(TB|BT|RL|LR)", re.IGNORECASE)


def mermaid(policy: Policy, language: Language = "en") -> str:
    """Return the lifecycle of a policy as a Mermaid state diagram, with who may take each step."""
    procedure = policy.procedure
    # Ids of our own: a state's name may be a word that Mermaid keeps for itself.
    ids = {name: f"s{number}" for number, name in enumerate(procedure.states)}
    lines = ["stateDiagram-v2"]
    for name, state in procedure.states.items():
        lines.append(f'    state "{escaped(state.label.get(language))}" as {ids[name]}')
    left = set()
    for transition in procedure.transitions.values():
        roles = " / ".join(policy.roles[role].label.get(language) for role in transition.by)
        label = f"{transition.label.get(language)} ({roles})"
        for source in transition.sources:
            left.update([source] if transition.moves else [])
            # What leaves a studio where it is would hide the picture behind its loops.
            if transition.moves:
                start = "[*]" if source == UNDECLARED else ids[source]
                lines.append(f"    {start} --> {ids[transition.dest]} : {escaped(label)}")
    lines += [f"    {ids[name]} --> [*]" for name in procedure.states if name not in left]
    return "\n".join(lines) + "\n"


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
