"""Two ways that something may come out, of which each counts in some rows: the ends of both."""

from __future__ import annotations

from studioflow.algebra import ends
from studioflow.algebra.ends import End
from studioflow.algebra.flags import Flag, both, not_

__all__ = ["higher_of", "lower_of"]


def lower_of(one: Flag, then: End, other: Flag, otherwise: End) -> End:
    """Return the lower of two ways, of those that count; where none does, it does not matter."""
    if then.same(otherwise):
        return then
    if then.endless is False and otherwise.endless is False:
        # Where one never lies above the other, one question settles it.
        if then.most <= otherwise.least:
            return _rather(one, then, other, otherwise)
        if otherwise.most <= then.least:
            return _rather(other, otherwise, one, then)
    beyond = ends.number(max(then.most, otherwise.most))
    ways = [ends.choose(one, then, beyond), ends.choose(other, otherwise, beyond)]
    return ends.smallest(ways, endless_is_low=True)


def higher_of(one: Flag, then: End, other: Flag, otherwise: End) -> End:
    """Return the higher of two ways; see `lower_of`."""
    if then.same(otherwise):
        return then
    if then.endless is False and otherwise.endless is False:
        if then.least >= otherwise.most:
            return _rather(one, then, other, otherwise)
        if otherwise.least >= then.most:
            return _rather(other, otherwise, one, then)
    beyond = ends.number(min(then.least, otherwise.least))
    ways = [ends.choose(one, then, beyond), ends.choose(other, otherwise, beyond)]
    return ends.largest(ways, endless_is_low=False)


def _rather(first: Flag, chosen: End, second: Flag, rest: End) -> End:
    """Return the first of two ways where it counts, and else the second, which then does."""
    instead = ends.choose(both(not_(first), second), rest, chosen)
    return chosen if instead.same(chosen) else ends.choose(first, chosen, rest)
