"""Makes the register of the first release that every later one has to open.

It was run once: `uv run python -m tests.register.golden`. A release that writes otherwise adds
files of its own to tests/register/data, and leaves these as they are.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from unittest.mock import patch

from studioflow.register import SqliteRegister, erase, export_lines
from studioflow.testing.registers.samples import CLERK, HOUR, NINE
from tests.register.kept import written

__all__ = ["DATA", "make"]

DATA = Path(__file__).with_name("data")
REGISTER = "0" * 31 + "1"


def make(folder: Path) -> None:
    """Write `register-1.jsonl` and `register-1.sql`, each time the same."""
    salts = count()
    register_id = SimpleNamespace(hex=REGISTER)
    with (
        TemporaryDirectory() as temporary,
        patch("secrets.token_bytes", lambda size: sha256(b"%d" % next(salts)).digest()[:size]),
        patch("uuid.uuid4", lambda: register_id),
    ):
        path = Path(temporary, "a.db")
        register = SqliteRegister(path)
        written(register)
        erase(register, person="t-02", by=CLERK, reason="依申请", now=NINE + HOUR)
        export_lines(register, folder / "register-1.jsonl")
        register.close()
        with closing(sqlite3.connect(path)) as connection:
            dump = "\n".join(connection.iterdump())
    (folder / "register-1.sql").write_text(dump + "\n", encoding="utf-8")


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    make(DATA)
