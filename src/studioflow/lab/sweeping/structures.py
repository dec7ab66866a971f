"""Terms that say the same, known by one number."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, cast

from attrs import fields

from studioflow.algebra import Note, Term

if TYPE_CHECKING:
    from attrs import AttrsInstance

__all__ = ["Structures"]


class Structures:
    """Numbers terms: those that say the same have the same number."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        # The terms are kept beside their numbers: an id is unique only while its object lives.
        self._known: dict[int, tuple[Term, int]] = {}

    def number(self, term: Term) -> int:
        """Return the number of a term."""
        known = self._known.get(id(term))
        if known is None:
            known = self._known[id(term)] = (term, self._numbered(term))
        return known[1]

    def _numbered(self, term: Term) -> int:
        every = fields(cast("type[AttrsInstance]", type(term)))
        said = tuple(self._part(getattr(term, field.name)) for field in every)
        return self._numbers.setdefault((type(term), *said), len(self._numbers))

    def _part(self, value: object) -> Hashable:
        match value:
            case Term():
                return self.number(value)
            case tuple():
                return tuple(self._part(each) for each in value)
            case Note() | None:
                return None
            case _:
                assert isinstance(value, Hashable)  # noqa: S101 - fields of terms are
                return value
