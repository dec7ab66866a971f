"""What every register keeps to towards those who want to know what happens."""

from __future__ import annotations

import pytest

from studioflow.errors import InputError
from studioflow.register import Register
from studioflow.testing.registers.reached import Reached
from studioflow.testing.registers.samples import amendment, event, moved, opening


class TellingConformance(Reached):
    """Studios by pages, changes from a place on, and notices until they are settled."""

    @pytest.fixture
    def busy(self, register: Register) -> Register:
        """A register with five events of three studios."""
        register.open(opening())
        for studio, version in (("s-02", 0), ("s-01", 0), ("s-02", 1), ("s-03", 0), ("s-01", 1)):
            register.append(event(studio), expected=version, tell=["log"])
        return register

    # Studios

    def test_pages(self, busy: Register) -> None:
        """Studios come by pages, in the order of their first events."""
        assert ("s-02", "s-01") == busy.studios(limit=2)
        assert ("s-03",) == busy.studios(after="s-01", limit=2)
        assert ("s-01", "s-03") == busy.studios(after="s-02")
        assert () == busy.studios(after="s-03")

    def test_latest(self, busy: Register) -> None:
        """There are never more studios than the latest one's number."""
        before = busy.latest()
        busy.append(event("s-09"), expected=0)

        assert (True, True) == (before >= 3, busy.latest() > before)

    def test_nothing_happened(self, register: Register) -> None:
        """An empty register has no changes, no notices and no latest studio."""
        assert ((), (), 0) == (register.changes(), register.due_notices(["log"]), register.latest())

    # Changes

    def test_changes(self, busy: Register) -> None:
        """Every event is told in an order in which a studio's versions ascend, and bare."""
        told = [(each.event.studio, each.version) for each in busy.changes()]

        assert [("s-02", 1), ("s-01", 1), ("s-02", 2), ("s-03", 1), ("s-01", 2)] == told

    def test_changes_go_on(self, busy: Register) -> None:
        """Who goes on after a cursor is told of each event once, also of what came meanwhile."""
        told, cursor = [], ""
        while page := busy.changes(cursor, limit=2):
            told += [(each.event.studio, each.version) for each in page]
            cursor = page[-1].cursor
            if len(told) == 4:
                busy.append(event("s-03"), expected=1)

        assert ([("s-01", 2), ("s-03", 2)], 6) == (told[-2:], len(set(told)))

    def test_changes_without_personal_parts(self, register: Register) -> None:
        """What is personal is not told."""
        register.append(event(remark="领衔人甲"), expected=0)
        (change,) = register.changes()

        assert "领衔人甲" not in repr((change, change.event.remark))

    @pytest.mark.parametrize("cursor", ["x", "-1", "1.x", "١"])
    def test_no_cursor(self, register: Register, cursor: str) -> None:
        """What no register gave is no cursor."""
        with pytest.raises(InputError):
            register.changes(cursor)

    # Notices

    def test_notices(self, busy: Register) -> None:
        """Each event is due to a subscriber in its order, and settled it is due no more."""
        due = busy.due_notices(["log"])
        told = [(each.subscriber, each.event.studio, each.version) for each in due]
        for notice in due:
            busy.settle(notice)

        assert [("log", "s-02", 1), ("log", "s-01", 1), ("log", "s-02", 2)] == told[:3]
        assert (5, ()) == (len(due), busy.due_notices(["log"], again=True))

    def test_claimed(self, busy: Register) -> None:
        """What one has claimed another one does not get meanwhile."""
        first = busy.due_notices(["log"], limit=2)
        second = busy.due_notices(["log"])

        assert (2, 3) == (len(first), len(second))
        assert not {(n.event.studio, n.version) for n in first} & {
            (n.event.studio, n.version) for n in second
        }

    def test_failed(self, busy: Register) -> None:
        """What failed is due again for who asks for it, with the number of attempts."""
        (notice, *_) = busy.due_notices(["log"], limit=1)
        busy.settle(notice, "OSError")
        others = busy.due_notices(["log"])
        (again,) = busy.due_notices(["log"], again=True)

        assert 4 == len(others)
        assert (notice.event, notice.version, 1) == (again.event, again.version, again.attempts)

    def test_nobody_is_told(self, busy: Register) -> None:
        """Who was not to be told has nothing due; nor is there anything for nobody."""
        assert ((), ()) == (busy.due_notices(["other"]), busy.due_notices([]))

    def test_told_of_an_amendment(self, busy: Register) -> None:
        """Events of an amendment are due as others are."""
        for notice in busy.due_notices(["log"]):
            busy.settle(notice)
        busy.amend(amendment(), expected=None, events=[moved("s-01")], tell=["log", "other"])

        assert ["amend"] * 2 == [
            notice.event.action for notice in busy.due_notices(["log", "other"])
        ]

    def test_what_is_refused_is_not_told(self, register: Register) -> None:
        """An event that was refused is no change, and due to nobody."""
        with pytest.raises(Exception, match="expected 7"):
            register.append(event(), expected=7, tell=["log"])

        assert ((), ()) == (register.changes(), register.due_notices(["log"]))
