"""A plugin with a rule kind of each sort, and a small policy that uses them."""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest
from attrs import field, frozen

from studioflow.algebra import Number, Truth
from studioflow.errors import InputError
from studioflow.host import Host, hookimpl
from studioflow.policy import Document, Policy
from studioflow.rules import Condition, Fact, PythonScoring, Quantity, RuleKind, Scoring, Values
from studioflow.text import Text

__all__ = [
    "BOTH",
    "LEVELLED",
    "Double",
    "Levelled",
    "Some",
    "Tables",
    "Twice",
    "built",
    "kinds",
    "label",
    "plugin",
    "problems",
    "tables",
]

Tables = dict[str, Any]


@frozen(eq=False, kw_only=True)
class Twice(Scoring):
    """Two for each, in the algebra."""

    of: Quantity

    def points(self) -> Number:
        """See `Scoring`."""
        return self.of.number * 2


@frozen(eq=False, kw_only=True)
class Levelled(PythonScoring):
    """So much for each, by level, in Python; it stumbles over seven."""

    of: Quantity
    level: Fact
    public: Condition | None = None
    high: Fraction = field(default=Fraction(10), metadata={"key": "most"})

    def compute(self, values: Values) -> Fraction:
        """See `PythonScoring`."""
        talks = values.number("of")
        if talks == 7:
            raise RuntimeError("seven")
        return talks * (2 if values.word("level") == "county" else 1)


@frozen(eq=False)
class Double:
    """Twice a quantity."""

    of: Quantity

    def number(self) -> Number:
        """See `QuantityKind`."""
        return self.of.number * 2

    def wording(self) -> Text:
        """See `QuantityKind`."""
        return self.of.label


@frozen(eq=False)
class Some:
    """More than nothing."""

    of: Quantity

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        return self.of.number > 0

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return self.of.label


KINDS: Mapping[str, Any] = {"twice": Twice, "levelled": Levelled, "double": Double, "some": Some}


def plugin(name: str = "shore", /, **answers: Iterable[object]) -> object:
    """Return a plugin with hooks, by short name."""

    def answer(items: Iterable[object]) -> Callable[[], Iterable[object]]:
        return hookimpl(lambda: items)

    return SimpleNamespace(
        __name__=name, **{f"studioflow_{hook}": answer(items) for hook, items in answers.items()}
    )


def kinds(name: str = "shore", /, **more: type) -> object:
    """Return a plugin with rule kinds."""
    return plugin(
        name, rule_kinds=[RuleKind(id=kind, cls=cls) for kind, cls in {**KINDS, **more}.items()]
    )


def label(words: str) -> dict[str, str]:
    """Return words that are the same in both languages."""
    return {"zh": words, "en": words}


def tables(**criteria: Tables) -> Tables:
    """Return the tables of a policy with criteria of one section."""
    count = {"type": "count", "label": label("talks"), "unit": label("times"), "max": 9}
    words = {word: label(word) for word in ("county", "town")}
    return {
        "schema": "studioflow.policy/1",
        "id": "shore",
        "version": "1",
        "label": label("shore"),
        "facts": {
            "talks": count,
            "others": count,
            "public": {"type": "flag", "label": label("public")},
            "level": {"type": "choice", "label": label("level"), "values": words},
        },
        "sections": {"1": {"label": label("work")}},
        "criteria": {
            name: {"section": "1", "label": label(name), "max": 20, "clause": f"§ {name}", **rule}
            for name, rule in criteria.items()
        },
    }


LEVELLED = {"kind": "levelled", "of": "talks", "level": "level"}
BOTH = tables(a={"kind": "twice", "of": "talks"}, b=LEVELLED)


def built(source: Tables, *plugins: object) -> Policy:
    """Build a policy with what plugins bring."""
    return Host(plugins or [kinds()]).build(Document(source, "shore.toml"))


def problems(source: Tables, *plugins: object) -> list[tuple[str, str]]:
    """Return code and path of every problem of a policy that has to be refused."""
    with pytest.raises(InputError) as error:
        built(source, *plugins)
    return [(problem.code, problem.path) for problem in error.value.problems]
