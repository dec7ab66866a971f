"""The whole sheet of complete facts, worked out once more with fractions; see `oracle`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from tests.vocabulary.oracle import Facts, Table, exact, toward
from tests.vocabulary.oracle_points import Rules, UnfitError

__all__ = ["Found", "work_out"]

Entries = Mapping[str, Table]
NOTHING = Fraction(0)


class Found(NamedTuple):
    """Everything that a sheet says of complete facts.

    Attributes:
        unfit: the marks that are not allowed; there are no points then.
        elsewhere: those that would not be, if the sheet were that of another kind of studio.
        points: of everything on the sheet, by path.
        gates, grades: whether each is met; of grades those that points and facts decide.
    """

    unfit: frozenset[str]
    elsewhere: frozenset[str]
    points: Mapping[str, Fraction]
    gates: Mapping[str, bool]
    grades: Mapping[str, bool]
    eligible: bool
    grade: str | None


def work_out(tables: Table, facts: Facts) -> Found:
    """Work out a sheet."""
    return _Sheet(tables, facts).found()


class _Sheet:
    def __init__(self, tables: Table, facts: Facts) -> None:
        self.tables = tables
        self.facts = facts
        self.rules = Rules(tables, facts, {})
        self.sections: Entries = tables["sections"]
        self.criteria: Entries = tables["criteria"]
        self.scoring: Table = tables.get("scoring", {})
        self.points: dict[str, Fraction] = {}
        self.unfit: set[str] = set()
        self.elsewhere: set[str] = set()

    def found(self) -> Found:
        deductions: Entries = self.tables.get("deductions", {})
        for kind, items in (("criteria", self.criteria), ("deductions", deductions)):
            for name, item in items.items():
                path = f"{kind}/{name}"
                shown = self._shown(path)
                try:
                    worth = self._item(item)
                    self.points[path] = worth if shown else NOTHING
                except UnfitError as error:
                    self.points[path] = NOTHING
                    (self.unfit if shown else self.elsewhere).add(error.mark)
        gates = {name: self.rules.holds(gate) for name, gate in self._entries("gates")}
        eligible = all(
            gates[name] for name, gate in self._entries("gates") if "at_best" not in gate
        )
        refused = frozenset(self.unfit), frozenset(self.elsewhere)
        if self.unfit:
            return Found(*refused, {}, gates, {}, eligible, None)
        for name in self.sections:
            self.points[f"sections/{name}"] = self._section(name)
        self.points["total"] = self._total([self.points[f"deductions/{n}"] for n in deductions])
        grades = self._grades(gates)
        on_sheet = {path: value for path, value in self.points.items() if self._shown(path)}
        return Found(*refused, on_sheet, gates, grades, eligible, self._grade(grades))

    def _entries(self, key: str) -> Iterator[tuple[str, Any]]:
        yield from self.tables.get(key, {}).items()

    # --- items and sections -----------------------------------------------------------------

    def _applies(self, item: Table) -> bool:
        return "applies" not in item or self.rules.holds(item["applies"])

    def _item(self, item: Table) -> Fraction:
        if self._applies(item):
            return self.rules.points(item)
        full = item.get("not_applicable") == "full"
        return Fraction(item["max"]) if full else NOTHING

    def _inside(self, name: str) -> tuple[list[str], list[str]]:
        """Return the criteria and the sections that stand in a section."""
        criteria = [n for n, item in self.criteria.items() if item["section"] == name]
        return criteria, [n for n, part in self.sections.items() if part.get("section") == name]

    def _section(self, name: str) -> Fraction:
        section = self.sections[name]
        criteria, parts = self._inside(name)
        points = sum((self.points[f"criteria/{n}"] for n in criteria), NOTHING)
        points += sum((self._weighed(part, self._section(part)) for part in parts), NOTHING)
        if section.get("rescale"):
            points = _scaled(points, self._available(name), self._full(name))
        return self._capped(name, points)

    def _weighed(self, name: str, points: Fraction) -> Fraction:
        return points * Fraction(self.sections[name].get("weight", 100)) / 100

    def _capped(self, name: str, points: Fraction) -> Fraction:
        cap = exact(self.sections[name].get("cap"))
        return points if cap is None else min(points, cap)

    def _full(self, name: str) -> Fraction:
        """Return the most points in a section when everything applies, before its cap."""
        criteria, parts = self._inside(name)
        most = sum((exact(self.criteria[n]["max"]) or NOTHING for n in criteria), NOTHING)
        return most + sum((self._part_full(part) for part in parts), NOTHING)

    def _part_full(self, name: str) -> Fraction:
        return self._weighed(name, self._capped(name, self._full(name)))

    def _available(self, name: str) -> Fraction:
        """Return the most points of what applies in a section, before its cap."""
        criteria, parts = self._inside(name)
        most = NOTHING
        for n in criteria:
            item = self.criteria[n]
            if self._applies(item) or item.get("not_applicable") == "full":
                most += exact(item["max"]) or NOTHING
        return most + sum((self._part_available(part) for part in parts), NOTHING)

    def _part_available(self, name: str) -> Fraction:
        available = self._available(name)
        if self.sections[name].get("rescale") and available > 0:
            available = self._full(name)  # what applies counts for the whole
        return self._weighed(name, self._capped(name, available))

    # --- the total --------------------------------------------------------------------------

    def _counts(self, name: str) -> bool:
        """Tell whether a section, which is part of no other, is for this kind of studio."""
        kinds = self.sections[name].get("for", [])
        return not kinds or self.facts[self.scoring["sheet_by"]] in kinds

    def _shown(self, path: str) -> bool:
        kind, _, name = path.partition("/")
        if kind == "criteria":
            name = self.criteria[name]["section"]
        if kind not in {"criteria", "sections"}:
            return True
        while "section" in self.sections[name]:
            name = self.sections[name]["section"]
        return self._counts(name)

    def _total(self, taken: list[Fraction]) -> Fraction:
        top = [n for n, s in self.sections.items() if "section" not in s and self._counts(n)]
        total = sum((self._weighed(n, self.points[f"sections/{n}"]) for n in top), NOTHING)
        if self.scoring.get("rescale"):
            available = sum((self._part_available(n) for n in top), NOTHING)
            total = _scaled(total, available, sum((self._part_full(n) for n in top), NOTHING))
        if taken:
            least = exact(self.scoring.get("floor", 0))
            less = total - sum(taken, NOTHING)
            # Nothing is taken off below the floor, and nothing is lifted to it.
            total = less if least is None else max(less, min(total, least))
        step = exact(self.scoring.get("rounded"))
        return total if step is None else toward(total, step)

    # --- grades -----------------------------------------------------------------------------

    def _grades(self, gates: Mapping[str, bool]) -> dict[str, bool]:
        order = [name for name, _ in self._entries("grades")]
        after = Rules(self.tables, self.facts, self.points)
        grades = {}
        for place, (name, grade) in enumerate(self._entries("grades")):
            cut = exact(grade.get("at_least"))
            if cut is None and not grade.get("needs"):
                continue
            barred = any(
                not gates[gate]
                and ("at_best" not in table or place < order.index(table["at_best"]))
                for gate, table in self._entries("gates")
            )
            reached = cut is None or self.points["total"] >= cut
            needs = all(after.holds(need) for need in grade.get("needs", []))
            grades[name] = reached and needs and not barred
        return grades

    def _grade(self, grades: Mapping[str, bool]) -> str | None:
        ranked = [name for name, grade in self._entries("grades") if not grade.get("otherwise")]
        if not ranked or ranked[-1] not in grades:
            return None  # somebody decides
        reached = [name for name, met in grades.items() if met]
        rest = [name for name, grade in self._entries("grades") if grade.get("otherwise")]
        return [*reached, *rest, None][0]


def _scaled(points: Fraction, available: Fraction, full: Fraction) -> Fraction:
    return points * full / available if available > 0 else NOTHING
