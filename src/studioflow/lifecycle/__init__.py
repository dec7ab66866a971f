"""The lifecycle: the state machine, the gate that explains itself, pictures."""

from studioflow.lifecycle.agenda import Agenda, AgendaItem
from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.lifecycle import HandedIn, Lifecycle, Step
from studioflow.lifecycle.pictures import dot, mermaid, svg

__all__ = [
    "Agenda",
    "AgendaItem",
    "Attempt",
    "HandedIn",
    "Lifecycle",
    "Step",
    "dot",
    "mermaid",
    "svg",
]
