"""Every home of a register: how a test reaches an empty one, and how an embedder commits to it."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any, cast

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from studioflow.register import Register, connect

__all__ = ["Begin", "each_by_itself", "in_connection", "in_django", "in_session", "in_sqlite3"]

Begin = Callable[[], AbstractContextManager[Any]]
"""Enters an embedder's transaction, which is kept unless something is raised; gives what to use."""

_PROPERTIES = ("register_id", "read_only")
_numbers = count(1)


def new_prefix() -> str:
    """Return a prefix for tables that no other test has."""
    return f"t{next(_numbers)}"


def in_sqlite3(path: str) -> Begin:
    """Enter transactions of the standard library's."""

    @contextmanager
    def begin() -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(path, timeout=60)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    return begin


def in_connection(engine: Engine) -> Begin:
    """Enter transactions of SQLAlchemy's core."""
    return engine.begin


def in_session(engine: Engine) -> Begin:
    """Enter transactions of SQLAlchemy's sessions."""

    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(engine) as session, session.begin():
            yield session

    return begin


def in_django(alias: str) -> Begin:
    """Enter transactions of Django's."""
    from django.db import connections, transaction

    @contextmanager
    def begin() -> Iterator[object]:
        try:
            with transaction.atomic(using=alias):
                yield connections[alias]
        finally:
            if threading.current_thread() is not threading.main_thread():
                connections.close_all()  # each thread has its own

    return begin


def each_by_itself(begin: Begin, prefix: str) -> Register:
    """Return a register of which each call is a whole transaction of an embedder's."""

    class Each:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a register has
            def call(*arguments: object, **named: object) -> object:
                with begin() as target:
                    register = connect(target, prefix=prefix)
                    if name in _PROPERTIES:
                        return getattr(register, name)
                    answer = getattr(register, name)(*arguments, **named)
                    return [*answer] if isinstance(answer, Iterator) else answer

            return call() if name in _PROPERTIES else call

    return cast("Register", Each())
