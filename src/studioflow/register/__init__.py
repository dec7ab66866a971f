"""The register: the log of what happened, and of what there is only so many of."""

from studioflow.register.errors import Conflict, KeyReused, SlotTaken
from studioflow.register.memory import MemoryRegister
from studioflow.register.port import Kept, Opening, Register, Slot

__all__ = [
    "Conflict",
    "Kept",
    "KeyReused",
    "MemoryRegister",
    "Opening",
    "Register",
    "Slot",
    "SlotTaken",
]
