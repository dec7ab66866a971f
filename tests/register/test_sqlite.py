"""The register in an SQLite file keeps to what only a file can promise."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest

from studioflow.errors import InputError
from studioflow.register import Damaged, Register, SqliteRegister, StorageFailed, connect, erase
from studioflow.register.homes import sqlite as home
from studioflow.testing.registers import RegisterConformance
from tests.register.conftest import CLERK, event


class TestSqliteRegister(RegisterConformance):
    """The whole contract; every thread opens the file for itself."""

    @pytest.fixture
    def connect(self, tmp_path: Path) -> Callable[[], Register]:
        """How to reach one empty register."""
        return lambda: SqliteRegister(tmp_path / "register.db")


def test_a_file_that_is_in_use(tmp_path: Path) -> None:
    """A file that somebody writes to just now is opened once they are done."""
    path = tmp_path / "own.db"
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("CREATE TABLE own (id INTEGER)")
    connection.execute("INSERT INTO own VALUES (1)")
    later = Timer(0.3, connection.commit)
    later.start()
    register = SqliteRegister(path)
    later.join()
    connection.close()

    assert () == register.studios()


@pytest.mark.parametrize(
    ("pragma", "path"),
    [("synchronous = NORMAL", "synchronous"), ("journal_mode = OFF", "journal_mode")],
)
def test_settings_that_lose(tmp_path: Path, pragma: str, path: str) -> None:
    """A borrowed connection that may lose what it was told is refused, with what to set."""
    with closing(sqlite3.connect(tmp_path / "own.db")) as connection:
        connection.execute(f"PRAGMA {pragma}").fetchall()
        with pytest.raises(InputError) as caught:
            connect(connection)

        (problem,) = caught.value.problems
        assert ("connection_setting", path) == (problem.code, problem.path)
        assert "PRAGMA" in problem.advice("en")


def test_what_is_borrowed_is_not_committed(tmp_path: Path) -> None:
    """What is written on a borrowed connection is there for others once its owner commits."""
    path = tmp_path / "own.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL").fetchall()
        register = connect(connection)
        connection.commit()
        register.append(event(), expected=0)

        assert () == SqliteRegister(path).studios()
        connection.commit()
        assert ("s-01",) == SqliteRegister(path).studios()


def test_traces_of_what_was_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who reads meanwhile keeps traces of what is erased; erasing once more does away with them."""
    monkeypatch.setattr(home, "_WAIT_SECONDS", 0.1)
    path = tmp_path / "register.db"
    register = SqliteRegister(path)
    register.append(event(remark="领衔人甲因病"), expected=0)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN").execute("SELECT * FROM studioflow_personal").fetchall()
        with pytest.raises(StorageFailed) as caught:
            erase(register, studio="s-01", by=CLERK, reason="本人要求")

        assert "traces_left" == caught.value.why
    again = erase(register, studio="s-01", by=CLERK, reason="本人要求")

    assert 0 == again.count
    assert not [f for f in tmp_path.iterdir() if "领衔人甲".encode() in f.read_bytes()]


@pytest.mark.parametrize("change", ["type = 'x'", "name = upper(name)"])
def test_fault_6_a_damaged_list_of_tables(tmp_path: Path, change: str) -> None:
    """A file whose list of tables is damaged is told as damaged, and not made anew."""
    path = tmp_path / "register.db"
    SqliteRegister(path).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA writable_schema = ON")
        table = "studioflow_meta"
        connection.execute(f"UPDATE sqlite_master SET {change} WHERE name = ?", [table])  # noqa: S608 - our own

    with pytest.raises(Damaged):
        SqliteRegister(path)


def test_locks_are_kept(tmp_path: Path) -> None:
    """Whoever reads all of a register keeps the locks that keep others from closing it for good."""
    path = tmp_path / "register.db"
    SqliteRegister(path).close()
    own = SqliteRegister(path)
    list(own.lines())
    # A process of its own: a forked one believes that it has our locks.
    code = (
        "import sys; from studioflow.register import SqliteRegister;"
        "from tests.register.conftest import event;"
        "own = SqliteRegister(sys.argv[1]); own.append(event('s-01'), expected=0); own.close()"
    )
    subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", code, str(path)], check=True, cwd=Path(__file__).parents[2]
    )
    own.append(event("s-02"), expected=0)

    assert ("s-01", "s-02") == SqliteRegister(path).studios()
