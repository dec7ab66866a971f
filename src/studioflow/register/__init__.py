"""The register: the log of what happened, and of what there is only so many of."""

from studioflow.register.errors import Conflict, KeyReused, SlotTaken, Superseded
from studioflow.register.memory import MemoryRegister
from studioflow.register.port import Amendment, Kept, Opening, Register, Slot

__all__ = [
    "Amendment",
    "Conflict",
    "Kept",
    "KeyReused",
    "MemoryRegister",
    "Opening",
    "Register",
    "Slot",
    "SlotTaken",
    "Superseded",
]
