"""Where somebody who reads changes has come to."""

from __future__ import annotations

import re

from attrs import frozen

from studioflow.codec import wrong
from studioflow.text import message

__all__ = ["Place"]

CURSOR = message(
    "cursor", zh="本登记册给出的位置", en="a place that this register gave, or nothing"
)

_FORM = re.compile(r"(?:([0-9]{1,18})(?:\.([0-9]{1,18})\.([0-9]{1,18}))?)?")


@frozen
class Place:
    """A place in a register, as a cursor says it.

    Attributes:
        position: of the last event that was read.
        since: on PostgreSQL, the first transaction of the batch that is being read.
        until: the one before which the batch ends; 0 where none was begun.

    >>> str(Place.parse("17")), str(Place.parse("17.0.733"))
    ('17', '17.0.733')
    """

    position: int = 0
    since: int = 0
    until: int = 0

    @classmethod
    def parse(cls, text: str) -> Place:
        """Return the place that a cursor says.

        Raises:
            InputError: for any other text.
        """
        found = _FORM.fullmatch(text)
        if found is None:
            raise wrong(CURSOR, text)
        return cls(*(int(part or 0) for part in found.groups()))

    def __str__(self) -> str:
        batch = f".{self.since}.{self.until}" if self.until else ""
        return f"{self.position}{batch}"
