"""The lifecycle: the state machine, the gate that explains itself, the picture."""

from studioflow.lifecycle.attempt import Attempt
from studioflow.lifecycle.diagram import mermaid
from studioflow.lifecycle.lifecycle import HandedIn, Lifecycle, Step

__all__ = ["Attempt", "HandedIn", "Lifecycle", "Step", "mermaid"]
