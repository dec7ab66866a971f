"""What is to be done once a Session of SQLAlchemy has committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import define, field, frozen

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.orm import Session, SessionTransaction

__all__ = ["after_commit"]

_NAME = "studioflow.after_commit"


def after_commit(session: Session, call: Callable[[], object]) -> None:
    """Call something once the session's transaction is kept, and its connection given back.

    It is forgotten where that transaction, or the savepoint that it was asked for in, is rolled
    back; and where the session only takes part in a transaction of somebody else's.
    """
    waiting = session.info.get(_NAME)
    if waiting is None:
        waiting = session.info[_NAME] = _Waiting()
        waiting.listen(session)
    connection = session.connection()
    part = session.get_nested_transaction() or session.get_transaction()
    waiting.calls.append(_Call(call, connection, part))


@frozen
class _Call:
    """What to call, and the part of the session's transaction that it was asked for in."""

    call: Callable[[], object]
    connection: Connection
    part: SessionTransaction | None


@define
class _Waiting:
    """What a session is to call."""

    calls: list[_Call] = field(factory=list)
    due: list[_Call] = field(factory=list)

    def listen(self, session: Session) -> None:
        from sqlalchemy import event

        event.listen(session, "after_commit", self.committed)
        event.listen(session, "after_soft_rollback", self.rolled_back)
        event.listen(session, "after_transaction_end", self.ended)

    def committed(self, session: Session) -> None:
        # A savepoint that is released is told as committed, too. And whoever handed the session a
        # connection with a transaction of its own has still to commit that.
        if self.calls and not session.in_nested_transaction():
            self.due = [each for each in self.calls if not each.connection.in_transaction()]

    def rolled_back(self, session: Session, previous: SessionTransaction) -> None:  # noqa: ARG002 - as SQLAlchemy calls it
        self.calls = [each for each in self.calls if not _within(each.part, previous)]

    def ended(self, session: Session, transaction: SessionTransaction) -> None:  # noqa: ARG002 - as SQLAlchemy calls it
        if transaction.parent is None:
            due, self.due, self.calls = self.due, [], []
            for each in due:
                each.call()


def _within(transaction: SessionTransaction | None, outer: SessionTransaction) -> bool:
    while transaction is not None:
        if transaction is outer:
            return True
        transaction = transaction.parent
    return False
