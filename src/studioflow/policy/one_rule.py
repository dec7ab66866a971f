"""One rule by itself: to try it, to show it, to look at its shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import isinf
from pathlib import Path
from typing import Any, Literal

from attrs import evolve, field, frozen

from studioflow.algebra import Breakpoints, Choose, Constant, Number, Truth, bounds, breakpoints
from studioflow.codec import UNKNOWN_KEY, Collector, parse, read, wrong
from studioflow.errors import InputError, Problem
from studioflow.policy.document import Catalogue, Document, Tables
from studioflow.policy.load import build_policy
from studioflow.policy.policy import Policy
from studioflow.policy.readings import PolicyConverter
from studioflow.rubric import Criterion, CriterionResult, GateResult
from studioflow.rules import Fact, Quantity, Scoring, known, teach_rules
from studioflow.text import Language, message

__all__ = ["OneRule"]

Sort = Literal["rule", "condition", "quantity"]
"""The table that the rule stands in: a scoring rule, a condition, a quantity."""

ONE_RULE = message(
    "one_rule",
    zh="恰好一个表：rule、condition 或 quantity",
    en="exactly one of the tables rule, condition and quantity",
)

_SORTS: tuple[Sort, ...] = ("rule", "condition", "quantity")
_BESIDE = ("words", "facts", "conditions", "readings", "site_check")
_LABEL = {"zh": "规则", "en": "the rule"}
_NAME = "rule"
_PLACES = {"rule": ("criteria", _NAME), "condition": ("gates", _NAME)}


@frozen(eq=False, kw_only=True)
class _Value(Scoring):
    """A quantity as points; 0 where it is not defined."""

    quantity: Quantity

    def points(self) -> Number:
        """See `Scoring`."""
        return Choose(self.quantity.defined, self.quantity.number, Constant(Fraction(0)))


@frozen(eq=False, kw_only=True)
class OneRule:
    """A rule with the facts that it looks at, built as a policy builds it.

    >>> rule = OneRule.read('''
    ... [facts.essays]
    ... type = "count"
    ... label = { zh = "论文", en = "essays" }
    ... unit = { zh = "篇", en = "essays" }
    ...
    ... [rule]
    ... kind = "count"
    ... count = "essays"
    ... norm = 4
    ... points = 8
    ... below = { each = 2, to = 0 }
    ... ''')
    >>> rule.points({"essays": 3})
    Fraction(6, 1)
    >>> rule.explain({"essays": 3}, "zh")
    '3篇，比4篇少1篇，扣2分'

    Attributes:
        sort: whether it is a scoring rule, a condition or a quantity.
        tables: as they were read.
    """

    sort: Sort
    tables: Mapping[str, Any] = field(repr=False)
    _policy: Policy = field(repr=False)

    @classmethod
    def read(cls, source: str | Path, *, catalogue: Catalogue | None = None) -> OneRule:
        """Read one rule with its facts.

        Args:
            source: TOML text, or the path of a TOML or JSON file. One of the tables `rule` (a
                scoring rule), `condition` and `quantity` holds the rule; `facts`, `words`,
                `conditions`, `readings` and `site_check` are those of a policy file.
            catalogue: what plugins bring, where the rule is of a kind of theirs.

        Raises:
            InputError: with every problem, at the path that it has in the text.
        """
        tables = read(source) if isinstance(source, Path) else parse(source.encode())
        sort = _sort(tables)
        try:
            policy = _built(tables, sort, catalogue)
        except InputError as error:
            raise InputError(_placed(error.problems)) from None
        return cls(sort=sort, tables=tables, policy=policy)

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts by name."""
        return self._policy.facts

    def points(self, facts: Mapping[str, object]) -> Fraction | None:
        """Return the points that a scoring rule gives; None while a fact is missing.

        Raises:
            InputError: with every fact that does not fit.
        """
        self._expect("rule")
        return self._result(facts).points.points

    def value(self, facts: Mapping[str, object]) -> Fraction | None:
        """Return what a quantity comes to; None while a fact is missing, 0 where it has no value.

        Raises:
            InputError: with every fact that does not fit.
        """
        self._expect("quantity")
        return self._result(facts).points.points

    def holds(self, facts: Mapping[str, object]) -> bool | None:
        """Return whether a condition holds; None while a fact is missing that decides it.

        Raises:
            InputError: with every fact that does not fit.
        """
        self._expect("condition")
        return self._gate(facts).met

    def range(self, facts: Mapping[str, object]) -> tuple[Fraction | None, Fraction | None]:
        """Return the least and the most that is still possible; None where there is no bound.

        Raises:
            InputError: with every fact that does not fit.
        """
        self._expect("rule", "quantity")
        return self._result(facts).points.range or (None, None)

    def explain(self, facts: Mapping[str, object], language: Language = "en") -> str:
        """Return the reasons, a line for each; what is not known yet is named.

        Raises:
            InputError: with every fact that does not fit.
        """
        result = self._gate(facts) if self.sort == "condition" else self._result(facts)
        return "\n".join(reason.explain(language) for reason in result.reasons)

    @property
    def bounds(self) -> tuple[Fraction | None, Fraction | None]:
        """The least and the most that it can give at all; None where there is no bound."""
        self._expect("rule", "quantity")
        term = self._policy.rubric.points[_NAME]
        low, high, _ = bounds(term)
        least, most = (
            None if isinf(end) else Fraction(end) / term.denominator for end in (low, high)
        )
        return least, most

    @property
    def breakpoints(self) -> Breakpoints:
        """The values of its facts at which its shape changes."""
        return breakpoints(self._term())

    def breakpoints_where(self, facts: Mapping[str, object]) -> Breakpoints:
        """Return the values of the other facts at which its shape changes, where some are known.

        Raises:
            InputError: with every fact that does not fit.
        """
        declared = self._policy.facts
        collector = Collector()
        with collector.under("facts"):
            units = known(declared, facts).units
        collector.finish()
        given = {
            name: value if isinstance(value, bool | str) else _number(value, declared[name])
            for name, value in units.items()
        }
        return breakpoints(self._term(), given)

    def _term(self) -> Number | Truth:
        rubric = self._policy.rubric
        if self.sort == "condition":
            return rubric.gates[_NAME].condition.bare
        return rubric.points[_NAME]

    def _result(self, facts: Mapping[str, object]) -> CriterionResult:
        return self._policy.score(facts).criterion(_NAME)

    def _gate(self, facts: Mapping[str, object]) -> GateResult:
        return self._policy.score(facts).gate(_NAME)

    def _expect(self, *sorts: Sort) -> None:
        if self.sort not in sorts:
            raise TypeError(f"this is a {self.sort}, not a {' or '.join(sorts)}")


def _number(units: int, fact: Fact) -> Fraction:
    return Fraction(units, fact.denominator)


def _sort(tables: Tables) -> Sort:
    """Return the table that holds the rule, when it is the only one and no other is unknown."""
    collector = Collector()
    for key in tables:
        with collector.under(key):
            if key not in (*_SORTS, *_BESIDE):
                raise wrong(UNKNOWN_KEY, key, known=(*_SORTS, *_BESIDE))
    found = [sort for sort in _SORTS if sort in tables]
    with collector.under():
        if len(found) != 1:
            raise wrong(ONE_RULE, sorted(tables))
    collector.finish()
    return found[0]


def _built(tables: Tables, sort: Sort, catalogue: Catalogue | None) -> Policy:
    document = Document(_policy_tables(tables, sort), name="")
    policy = build_policy(document, catalogue)
    if sort != "quantity":
        return policy
    converter = PolicyConverter(policy.readings)
    teach_rules(converter, policy.names)
    collector = Collector()
    with collector.under("quantity"):
        quantity = converter.structure(tables["quantity"], Quantity)
    collector.finish()
    criterion = Criterion(
        section=_NAME, label=quantity.label, max=None, rule=_Value(quantity=quantity)
    )
    return evolve(policy, rubric=evolve(policy.rubric, criteria={_NAME: criterion}))


def _policy_tables(tables: Tables, sort: Sort) -> Tables:
    """Return the tables of a policy around the rule; the roles that facts name are declared."""
    beside = {key: table for key, table in tables.items() if key in _BESIDE}
    own = tables[sort]
    made = {
        "schema": "studioflow.policy/1",
        "id": _NAME,
        "version": "1",
        "label": _LABEL,
        "roles": {role: {"label": {"zh": role, "en": role}} for role in _roles(beside)},
        "sections": {_NAME: {"label": _LABEL}},
        **beside,
    }
    if sort == "rule":
        entry = {"section": _NAME, "label": _LABEL, "max": "none"}
        made["criteria"] = {_NAME: {**entry, **own} if isinstance(own, Mapping) else own}
    if sort == "condition":
        made["gates"] = {_NAME: {"label": _LABEL, **own} if isinstance(own, Mapping) else own}
    return made


def _roles(tables: Tables) -> Iterator[str]:
    facts = tables.get("facts")
    for fact in facts.values() if isinstance(facts, Mapping) else ():
        named = fact.get("from") if isinstance(fact, Mapping) else None
        for role in named if isinstance(named, list) else ():
            if isinstance(role, str):
                yield role


def _placed(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """Yield the problems at the paths of the text, without the name of a document."""
    for problem in problems:
        path = problem.path
        for sort, place in _PLACES.items():
            inside = "/".join(place)
            if path == inside or path.startswith(f"{inside}/"):
                path = sort + path.removeprefix(inside)
        yield evolve(problem, path=path, file=None)
