"""How the values of one fact lie between its bounds, around where a policy decides by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt
from attrs import frozen

__all__ = ["Floats", "Spread", "spread"]

Floats = npt.NDArray[np.float64]
Direction = Literal["more", "less", "neutral"]

_TYPICAL = 1.5
"""What is common of something that has no bound and that no rule compares with anything."""
_FAR = 20
"""A range of more steps than these, with no threshold in it, is not filled evenly."""
_LAST = 1 - 1e-12


@frozen(eq=False)
class Spread:
    """Values by the share of studios that have less.

    Attributes:
        shares, values: in between values lie evenly.
        below, above: how far values go on beyond the first and the last one, on the average; 0
            where they do not.
    """

    shares: Floats
    values: Floats
    below: float = 0.0
    above: float = 0.0

    def at(self, places: Floats) -> Floats:
        """Return the values of studios by the share of studios that have less."""
        found = np.interp(places, self.shares, self.values)
        first, last = self.shares[0], self.shares[-1]
        if self.above:
            there = places > last
            left = (np.minimum(places[there], _LAST) - last) / (1 - last)
            found[there] -= self.above * np.log1p(-left)
        if self.below:
            there = places < first
            left = 1 - np.maximum(places[there], 1 - _LAST) / first
            found[there] += self.below * np.log1p(-left)
        return found


def spread(  # noqa: PLR0913 - each says one thing of the fact
    low: float | None,
    high: float | None,
    thresholds: Sequence[float],
    *,
    better: Direction,
    gated: bool,
    unit: float,
) -> Spread:
    """Return how values lie.

    Args:
        low: the first value; None where there is no bound.
        high: where the last value ends; None where there is no bound.
        thresholds: where something is decided; only those inside count.
        better: whether more of it is better.
        gated: whether a gate hangs on it: then most studios have what it asks for.
        unit: how much one of it is.
    """
    inside = sorted({t for t in thresholds if _above(t, low) and _above(high, t)})
    if not inside:
        return _undecided(low, high, better, unit)
    base = inside[0] if low is None else low
    reach = max(_TYPICAL * unit, (inside[-1] - base) / 4)
    shares = _shares(len(inside) + 1, better, gated=gated)
    cuts = list(np.cumsum([0.0, *shares]))
    cuts[-1] = 1.0
    ends: list[float | None] = [low, *inside, high]
    # A bound that is far away says nothing of what is common.
    if high is not None and high - inside[-1] > 8 * reach:
        ends[-1] = None
    kept = [(cut, end) for cut, end in zip(cuts, ends, strict=True) if end is not None]
    return Spread(
        np.array([cut for cut, _ in kept]),
        np.array([end for _, end in kept]),
        below=reach if low is None else 0.0,
        above=reach if ends[-1] is None else 0.0,
    )


def _above(value: float | None, other: float | None) -> bool:
    return value is None or other is None or value > other


def _shares(parts: int, better: Direction, *, gated: bool) -> list[float]:
    """Return the share of studios in each part between thresholds."""
    strength = 6.0 if gated else 2.0
    if better == "neutral":
        weights = [strength if 0 < place < parts - 1 else 1.0 for place in range(parts)]
    else:
        weights = [1 + (strength - 1) * place / (parts - 1) for place in range(parts)]
    if better == "less":
        weights.reverse()
    return [weight / sum(weights) for weight in weights]


def _undecided(low: float | None, high: float | None, better: Direction, unit: float) -> Spread:
    """Return how values lie where no rule says what is much."""
    start, middle = np.array([0.0]), np.array([0.5])
    match low, high:
        case None, None:
            return Spread(middle, np.zeros(1), below=_TYPICAL * unit, above=_TYPICAL * unit)
        case None, float(end):
            return Spread(np.array([1.0]), np.array([end]), below=_TYPICAL * unit)
        case float(begin), None:
            return Spread(start, np.array([begin]), above=_TYPICAL * unit)
        case float(begin), float(end) if better == "less":
            reach = min(_TYPICAL * unit, (end - begin) / 4)
            return Spread(start, np.array([begin]), above=reach)
        case float(begin), float(end) if end - begin > _FAR * unit:
            return Spread(start, np.array([begin]), above=(end - begin) / _FAR)
        case float(begin), float(end):
            return Spread(np.array([0.0, 1.0]), np.array([begin, end]))
    raise TypeError(low, high)
