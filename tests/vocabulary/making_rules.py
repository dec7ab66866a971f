"""Scoring rules at random, every kind that there is, as a policy file has them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from tests.vocabulary.making_conditions import ConditionMaker, Rule, Table
from tests.vocabulary.making_facts import HALF, domain, labelled

__all__ = ["RuleMaker"]


class RuleMaker(ConditionMaker):
    """Makes scoring rules, too; a kind that is registered needs a method here: `scoring_…`."""

    def scoring(self, depth: int = 2) -> Table:
        """Return a scoring rule."""
        shapes = ["count", "each", "each", "bonus", "points"]
        shapes += ["marked"] * 3 if self.may_judge("mark") else []
        shapes += ["cases", "deduct", "sum", "percent", "percent"] if depth else []
        return self.kind("scoring", self.pick(shapes), depth - 1)

    def points(self, depth: int) -> Rule:
        """Return what gives points: a number, or a rule."""
        if depth < 0 or self.chance(30):
            return self.amount(-2, 10)
        return self.scoring(depth)

    def scoring_marked(self, _depth: int) -> Table:
        """Make the keys of the kind."""
        name = str(self.judged("mark"))
        grid = domain(self.facts[name])
        decided = self.chance(50)
        if self.chance(15):  # any mark stands
            return {"mark": name, **({"cap": self.limit(1, 8)} if self.chance(50) else {})}
        made: Table = {"mark": name, "bands": self.by(lambda: self._bands(grid, decided=decided))}
        if self.chance(50):
            made["below"] = self.by(lambda: self.pick(["open_band", "zero"]))
        if self.chance(50):
            made["gap"] = self.by(lambda: self.pick(["lower_band", "reject"]))
        if self.chance(30):
            made["cap"] = self.limit(1, 8)
        return made

    def _bands(self, grid: list[Fraction], *, decided: bool) -> Table:
        places = sorted({self.draw_place(grid) for _ in range(6)}, reverse=True)
        bands: Table = {}
        while places and len(bands) < 3:
            top = places.pop(0)
            low = places.pop(0) if places and self.chance(70) else top
            band: Table = {"from": grid[low], "to": grid[top]}
            if decided:
                band["when"] = self.by(lambda: self.condition(1))
            elif self.chance(30):
                band["needs"] = self.condition(1)
            bands["ABC"[len(bands)]] = band
        return bands

    def scoring_count(self, _depth: int) -> Table:
        """Make the keys of the kind."""
        points = self.amount(0, 8)
        made: Table = {
            "count": self.fact("count") if self.once else self.quantity(1),
            "norm": self.number(0, 4),
            "points": points,
            "below": self.by(lambda: self._below(points)),
        }
        if self.chance(60):
            marked = self.may_judge("mark") and not self.once and self.chance(40)
            mark = self.judged("mark") if marked else None
            made["above"] = self.by(lambda: self._above(points, mark))
        if self.chance(25):
            made["yearly"] = self.by(self._yearly)
            if self.once:  # which takes the place of the count
                made["count"] = 0
        return made

    def _below(self, points: int | Decimal) -> Table:
        return {"each": self.number(0, 3), "to": self.by(lambda: points - self.amount(0, 10))}

    def _above(self, points: int | Decimal, mark: str | None) -> Table:
        # A mark of half points fits whole and half ones alike.
        to = points + self.pick(range(6))
        return {"to": to, "mark": mark} if mark else {"to": to, "each": self.number(0, 3)}

    def _yearly(self) -> Table:
        one = (lambda: self.fact("count")) if self.once else (lambda: self.quantity(0))
        return {
            "counts": self.some(one, 1, 3),
            "norm": self.number(0, 3),
            "each": self.number(0, 2),
        }

    def scoring_cases(self, depth: int) -> Table:
        """Make the keys of the kind."""

        def case() -> Table:
            when = self.by(lambda: self.condition(1))
            return {"when": when, "points": self.by(lambda: self.points(depth))}

        return {"cases": self.some(case), "otherwise": self.by(lambda: self.points(depth))}

    def scoring_deduct(self, depth: int) -> Table:
        """Make the keys of the kind."""
        start = self.points(depth)
        floors: list[Rule] = [self.number(-2, 6)]
        if not self.once and isinstance(start, dict):
            floors += ["band"] * 2
        made = {"start": start, "floor": self.pick(floors)}
        if self.chance(60):
            return {**made, "each": self.number(0, 3), "faults": self.by(lambda: self.quantity(1))}

        def fault() -> Table:
            return {"of": self.by(lambda: self.quantity(0)), "each": self.number(0, 3)}

        return {**made, "faults": self.by(lambda: self.some(fault, 1, 2))}

    def scoring_bonus(self, _depth: int) -> Table:
        """Make the keys of the kind."""
        items: Table = {}
        for name in ("media", "lesson", "prize")[: self.pick([1, 2, 3, 0])]:
            items[name] = {"when": self.condition(1), "points": self.number(0, 4)}
            if self.chance(30):
                items[name]["label"] = labelled(name)
        return {"items": items} | ({"cap": self.limit(0, 6)} if self.chance(50) else {})

    def scoring_sum(self, depth: int) -> Table:
        """Make the keys of the kind."""
        made: Table = {"of": self.some(lambda: self.by(lambda: self.points(depth)))}
        if self.chance(40):
            made["floor"] = self.limit(-3, 3)
        if self.chance(40):
            made["cap"] = self.limit(3, 12)
        return made

    def scoring_points(self, _depth: int) -> Table:
        """Make the keys of the kind."""
        return {"points": self.number(-2, 10)}

    def scoring_each(self, _depth: int) -> Table:
        """Make the keys of the kind."""
        cap = {"cap": self.limit(1, 10)} if self.chance(50) else {}
        if self.chance(40):
            return {"of": self.quantity(1), "points": self.number(0, 4), **cap}
        tally = self.tally()
        by: dict[str, Table] = self.facts[tally]["by"]
        counts_as: Table = {}
        if self.chance(40):
            dimension = self.pick([*by])
            word, other = [*by[dimension]][:2]
            counts_as = {dimension: {word: other}}
        left = {dim: [w for w in by[dim] if w not in counts_as.get(dim, {})] for dim in by}
        made = {"of": tally, "points": self.by(lambda: self._prices([*left.values()])), **cap}
        if counts_as:
            made["counts_as"] = counts_as
        if self.chance(40):
            first = next(iter(left.values()))
            made["caps"] = {self.pick(first): self.number(0, 5)}
        return made

    def _prices(self, dimensions: list[list[str]]) -> Rule:
        if not dimensions or self.chance(20):
            return self.number(0, 4)
        words, *deeper = dimensions
        return {word: self._prices(deeper) for word in words}

    def scoring_percent(self, depth: int) -> Table:
        """Make the keys of the kind."""
        percents = [self.quantity(1), self.amount(0, 100)]
        made = {"of": self.by(lambda: self.points(depth)), "percent": self.pick(percents)}
        return (
            made | {"rounded": self.by(lambda: self.pick([1, HALF]))} if self.chance(40) else made
        )
