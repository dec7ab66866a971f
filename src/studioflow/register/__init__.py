"""The register: the log of what happened, and of what there is only so many of."""

from studioflow.register.anchor import Anchor, anchor_of, read_anchor
from studioflow.register.backup import backup, restore
from studioflow.register.connect import SqliteRegister, connect
from studioflow.register.erasure import Erased, erase
from studioflow.register.errors import (
    Conflict,
    Damaged,
    KeyReused,
    SlotTaken,
    StorageFailed,
    Superseded,
    TooNew,
)
from studioflow.register.memory import MemoryRegister
from studioflow.register.port import (
    Amendment,
    Change,
    Erasure,
    Kept,
    Line,
    Notice,
    Opening,
    Register,
    Slot,
)
from studioflow.register.transfer import export_lines, import_lines
from studioflow.register.verification import Finding, Verification, verify

__all__ = [
    "Amendment",
    "Anchor",
    "Change",
    "Conflict",
    "Damaged",
    "Erased",
    "Erasure",
    "Finding",
    "Kept",
    "KeyReused",
    "Line",
    "MemoryRegister",
    "Notice",
    "Opening",
    "Register",
    "Slot",
    "SlotTaken",
    "SqliteRegister",
    "StorageFailed",
    "Superseded",
    "TooNew",
    "Verification",
    "anchor_of",
    "backup",
    "connect",
    "erase",
    "export_lines",
    "import_lines",
    "read_anchor",
    "restore",
    "verify",
]
