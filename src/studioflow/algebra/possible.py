"""Whether a truth can hold at all, whatever its facts turn out to be inside their bounds.

Mostly that is certain. Where it is not, because numbers matter only together, because Python
computes one, or because looking further would take too long, whoever asks says what to take it for.
The steps of numbers are not looked at: between 3 and 4 there is something.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from studioflow.algebra.interpretation import Interpreter
from studioflow.algebra.pieces import Outcome, Pieces, TooManyError
from studioflow.algebra.ranges import Maybe, Ranges, Words, all_unknown
from studioflow.algebra.terms import Truth

__all__ = ["possible"]

_MOST_CASES = 500
"""So many answers to questions of true or false, and of one word or another, are tried."""
_MOST_PIECES = 2_000


def possible(truth: Truth, never: Collection[str] = (), *, unsure: bool = True) -> bool:
    """Return whether some values of its facts make a truth hold.

    >>> from studioflow.algebra import FactNumber
    >>> members = FactNumber("members", low=0, high=50)
    >>> possible(members >= 7), possible((members >= 7) & (members <= 5)), possible(members >= 51)
    (True, False, False)

    Args:
        truth: with the bounds of its numbers.
        never: facts that never become known, so that what hangs on them is never decided.
        unsure: what to say where that can not be told.
    """
    return _Search(truth, never, unsure=unsure).holds({})


class _Search:
    """Settles flags and words one after the other, and cuts what numbers are left into pieces."""

    def __init__(self, truth: Truth, never: Collection[str], *, unsure: bool) -> None:
        self._truth = truth
        self._never = frozenset(never)
        self._unsure = unsure
        self._unknown = all_unknown(truth)
        self._outcome = Interpreter(Ranges()).truth(truth)
        self._left = _MOST_CASES

    def holds(self, given: Mapping[str, bool | str]) -> bool:
        """Return whether it may hold where these flags and words are known."""
        self._left -= 1
        if self._left < 0:
            return self._unsure
        known = {name: _fixed(value) for name, value in given.items()}
        outcome = self._outcome({**self._unknown, **known}, [])
        if outcome.value is not None or outcome.empty:
            return outcome.value is True
        waits_for = sorted(outcome.open, key=lambda name: (name in self._never, name))
        for name in waits_for:
            if ways := self._ways(name):
                # What is never known is no way out: it would have to hold whatever that is.
                found = (self.holds({**given, name: way}) for way in ways)
                return all(found) if name in self._never else any(found)
        return not self._never.issuperset(waits_for) and self._holds_somewhere(given)

    def _ways(self, name: str) -> tuple[bool | str, ...]:
        match self._unknown[name]:
            case Maybe():
                return (True, False)
            case Words(words):
                return tuple(sorted(words))
            case _:
                return ()

    def _holds_somewhere(self, given: Mapping[str, bool | str]) -> bool:
        pieces = Pieces(self._truth, given)
        pieces.left = _MOST_PIECES
        try:
            outcomes = pieces.truth(self._truth, pieces.domain)
        except TooManyError:
            return self._unsure
        found = {outcome for _, outcome in outcomes}
        return Outcome.YES in found or (Outcome.EITHER in found and self._unsure)


def _fixed(value: bool | str) -> Maybe | Words:  # noqa: FBT001 - a fact's value
    return Maybe(value) if isinstance(value, bool) else Words(frozenset({value}))
