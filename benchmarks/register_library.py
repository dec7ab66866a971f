"""This library's register, as it is held against the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from register_commands import SUBSCRIBER

from studioflow import Actor, Programme
from studioflow.register import connect
from studioflow.studio import Event, Studio

__all__ = ["Commands", "Library"]

_BEGIN = datetime(2023, 3, 22, 1, 30, tzinfo=UTC)


class Library:
    """A register; `folds` reads and folds the studio before each event, as a command does."""

    def __init__(self, target: object, *, prefix: str = "bench", folds: bool = False) -> None:
        self._register = connect(target, prefix=prefix)
        self._folds = folds

    def keep(self, event: Event, expected: int) -> None:
        """Keep one more event.

        Raises:
            ValueError: where the studio has another version.
        """
        if self._folds and expected:
            studio = Studio.from_events(event.studio, self._register.events(event.studio))
            if studio.version != expected:
                raise ValueError(studio.version)
        self._register.append(event, expected=expected, tell=(SUBSCRIBER,))

    def close(self) -> None:
        """Close the file."""
        self._register.close()


class Commands:
    """A programme over a register: each command is decided about, then kept."""

    def __init__(self, path: Path) -> None:
        self._clock = _BEGIN
        self._programme = Programme.open("yongjia-2023", register=path, clock=self._now)
        self._number = 0
        self._studio: Studio | None = None

    def _now(self) -> datetime:
        self._clock += timedelta(microseconds=1)
        return self._clock

    def act(self) -> None:
        """Declare a studio, or withdraw the one that was declared before."""
        unit = f"样例学校{self._number // 2}"
        self._number += 1
        key, school = f"command-{self._number}", Actor("h-01", unit=unit, roles={"host_party"})
        if self._studio is not None:
            self._programme.act("withdraw", self._studio, by=school, key=key, remark="样例")
            self._studio = None
            return
        application = {
            "name": f"样例工作室{self._number}",
            "unit": unit,
            "lead": {"id": f"lead-{self._number}", "name": "领衔人甲"},
        }
        complete = {"application_complete": True}
        self._studio = self._programme.act(
            "declare", by=school, key=key, application=application, facts=complete
        )

    def close(self) -> None:
        """Close the file."""
        self._programme.register.close()
