"""The points of complete facts, worked out once more with fractions; see `oracle`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from tests.vocabulary.oracle import Judging, Table, all_defined, exact, toward

__all__ = ["Rules", "UnfitError"]


class UnfitError(Exception):
    """A mark has a value that the rules do not allow."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        super().__init__(mark)


class Rules(Judging):
    """The scoring rules of one policy, for complete facts."""

    def points(self, rule: Any) -> Fraction:  # noqa: ANN401 - whatever stands in a table
        """Work out the points of a rule.

        Raises:
            UnfitError: for a mark that the rule does not allow.
        """
        rule = self.said(rule)
        if not isinstance(rule, Mapping):
            return Fraction(rule)
        match rule["kind"]:
            case "marked":
                return self._marked(rule)[0]
            case "count":
                return self._count(rule)
            case "cases":
                return self.points(self._case(rule))
            case "deduct":
                return self._deduct(rule)
            case "bonus":
                items = [self.said(item) for item in self.get(rule, "items").values()]
                paid = (
                    self.number_of(item, "points") for item in items if self.holds(item["when"])
                )
                return _at_most(sum(paid, Fraction(0)), exact(self.get(rule, "cap")))
            case "sum":
                total = sum((self.points(part) for part in self.each(rule, "of")), Fraction(0))
                total = _at_most(total, exact(self.get(rule, "cap")))
                least = exact(self.get(rule, "floor"))
                return total if least is None else max(least, total)
            case "points":
                return self.number_of(rule, "points")
            case "each":
                return self._each(rule)
            case "percent":
                return self._percent(rule, self.points)
            case kind:
                raise NotImplementedError(kind)

    def foot(self, rule: Any) -> Fraction:  # noqa: ANN401 - whatever stands in a table
        """Return the foot of the band that applies, for `floor = "band"`; 0 without bands."""
        rule = self.said(rule)
        match rule["kind"] if isinstance(rule, Mapping) else "points":
            case "marked":
                return self._marked(rule)[1]
            case "cases":
                return self.foot(self._case(rule))
            case "percent":
                return self._percent(rule, self.foot)
            case "deduct":
                return self.foot(rule["start"])
            case "sum":
                return sum((self.foot(part) for part in self.each(rule, "of")), Fraction(0))
            case _:
                return Fraction(0)

    def _case(self, rule: Table) -> Any:  # noqa: ANN401 - whatever stands in a table
        for case in self.each(rule, "cases"):
            if self.holds(case["when"]):
                return case["points"]
        return rule["otherwise"]

    def _percent(self, rule: Table, of: Callable[[Any], Fraction]) -> Fraction:
        percent = self.quantity(rule["percent"])
        if not percent.defined:
            return Fraction(0)
        part = of(rule["of"]) * percent.value / 100
        step = exact(self.get(rule, "rounded"))
        return part if step is None else toward(part, step)

    def _deduct(self, rule: Table) -> Fraction:
        several = self.get(rule, "faults")
        if isinstance(several, list):
            sorts = [self.said(fault) for fault in several]
            faults = [self.quantity(fault["of"]) for fault in sorts]
            prices = [self.number_of(fault, "each") for fault in sorts]
        else:
            faults, prices = [self.quantity(several)], [self.number_of(rule, "each")]
        counts = [max(Fraction(0), fault.value) for fault in faults]
        if not all_defined(faults):
            return Fraction(0)
        start = self.points(rule["start"])
        least = self.get(rule, "floor")
        least = self.foot(rule["start"]) if least == "band" else Fraction(least)
        if start < least:
            return start
        lost = (count * price for count, price in zip(counts, prices, strict=True))
        return max(least, start - sum(lost, Fraction(0)))

    def _count(self, rule: Table) -> Fraction:
        norm, points = self.number_of(rule, "norm"), self.number_of(rule, "points")
        yearly = self.get(rule, "yearly", "none")
        below = self.get(rule, "below")
        if yearly == "none":
            years = [self.quantity(rule["count"])]
            per_year, cost = norm, self.number_of(below, "each")
        else:
            years = [self.quantity(year) for year in self.each(yearly, "counts")]
            per_year, cost = self.number_of(yearly, "norm"), self.number_of(yearly, "each")
        if not all_defined(years):
            return Fraction(0)
        count = sum((year.value for year in years), Fraction(0))
        short = sum((max(Fraction(0), per_year - year.value) for year in years), Fraction(0))
        extra = self._above(self.get(rule, "above"), count - norm, points)
        return max(self.number_of(below, "to"), points + extra - short * cost)

    def _above(self, above: Table | None, over: Fraction, points: Fraction) -> Fraction:
        if above is None:
            return Fraction(0)
        room = self.number_of(above, "to") - points
        if "mark" not in above:
            return min(room, max(Fraction(0), over) * self.number_of(above, "each"))
        mark = Fraction(self.facts[above["mark"]])
        if not 0 <= mark <= (room if over > 0 else 0):
            raise UnfitError(above["mark"])
        return mark

    def _marked(self, rule: Table) -> tuple[Fraction, Fraction]:
        """Work out the points and the foot of the band; 0 where none applies."""
        mark = Fraction(self.facts[rule["mark"]])
        if "bands" not in rule:
            return _at_most(mark, exact(self.get(rule, "cap"))), Fraction(0)
        bands = [self.said(band) for band in self.get(rule, "bands").values()]
        lows = [self.number_of(band, "from") for band in bands]
        tops = [self.number_of(band, "to") for band in bands]
        step = Fraction(self.tables["facts"][rule["mark"]]["step"])
        if self.get(rule, "gap", "reject") == "lower_band":
            tops[1:] = [upper - step for upper in lows[:-1]]
        low, allowed = Fraction(0), (Fraction(0), Fraction(0))
        if self.get(rule, "below", "zero") == "open_band":
            allowed = (Fraction(0), max(Fraction(0), min(lows) - step))
        when = [self.condition(band["when"]) for band in bands if "when" in band]
        if not all_defined(when):
            allowed = (Fraction(0), Fraction(0))
        else:
            for band, bottom, top in zip(bands, lows, tops, strict=True):
                if (
                    self.holds(band["when"])
                    if "when" in band
                    else mark >= bottom and ("needs" not in band or self.holds(band["needs"]))
                ):
                    low, allowed = bottom, (bottom, top)
                    break
        if not allowed[0] <= mark <= allowed[1]:
            raise UnfitError(rule["mark"])
        return _at_most(mark, exact(self.get(rule, "cap"))), low

    def _each(self, rule: Table) -> Fraction:
        of, cap = self.get(rule, "of"), exact(self.get(rule, "cap"))
        if not isinstance(of, str) or "by" not in self.tables["facts"].get(of, {}):
            number = self.quantity(of)
            points = number.value * self.number_of(rule, "points")
            return _at_most(points, cap) if number.defined else Fraction(0)
        rows: dict[str, Fraction] = {}
        dimensions = self.tables["facts"][of]["by"]
        alike = self.get(rule, "counts_as", {})
        for cell in _cells(list(dimensions.values())):
            # The cell's own count, at the price of the words that its words count as.
            price: Any = self.get(rule, "points")
            other = [
                self.said(alike.get(dimension, {})).get(word, word)
                for dimension, word in zip(dimensions, cell, strict=True)
            ]
            other = [self.said(word) for word in other]
            for word in other:
                price = self.said(price[word]) if isinstance(price, Mapping) else price
            count = Fraction(self.facts["_".join((of, *cell))])
            rows[other[0]] = rows.get(other[0], Fraction(0)) + count * Fraction(price)
        caps = self.get(rule, "caps", {})
        capped = (_at_most(row, exact(self.said(caps.get(word)))) for word, row in rows.items())
        return _at_most(sum(capped, Fraction(0)), cap)


def _cells(dimensions: list[Iterable[str]]) -> list[tuple[str, ...]]:
    cells: list[tuple[str, ...]] = [()]
    for words in dimensions:
        cells = [(*cell, word) for cell in cells for word in words]
    return cells


def _at_most(points: Fraction, cap: Fraction | None) -> Fraction:
    return points if cap is None else min(points, cap)
