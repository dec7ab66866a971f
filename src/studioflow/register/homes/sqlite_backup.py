"""What tells a file that is a backup from one that only has its name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from studioflow.codec import wrong
from studioflow.errors import InputError
from studioflow.register.errors import Damaged
from studioflow.register.tables import PREFIX
from studioflow.text import message

__all__ = ["check_backup", "check_pages"]

NO_BACKUP = message(
    "no_backup", zh="由 backup 写成的登记册文件", en="the file of a register, as backup makes it"
)


def check_pages(path: Path) -> None:
    """Refuse a file whose pages are not as SQLite wrote them."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            answer = connection.execute("PRAGMA integrity_check(1)").fetchone()
        except (sqlite3.DatabaseError, UnicodeDecodeError):  # the latter in what it answers
            answer = None
    if answer != ("ok",):
        raise Damaged(path.name)


def check_backup(path: Path) -> None:
    """Refuse a file that would only become a register by being opened as one."""
    asked = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    with closing(sqlite3.connect(path)) as connection:
        try:
            found = connection.execute(asked, [f"{PREFIX}_meta"]).fetchone()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
                raise Damaged(path.name) from error
            found = None
        except UnicodeDecodeError as error:  # in the words of an error itself
            raise Damaged(path.name) from error
    if found is None:
        problems = wrong(NO_BACKUP, path.name).problems
        raise InputError(problem.under("path") for problem in problems)
