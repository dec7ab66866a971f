"""Kinds of rule that plugins bring: each stands in policy files beside those of the library."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, TypeAlias, TypeVar, cast

from attrs import astuple, frozen
from cattrs import Converter

from studioflow.algebra import (
    Choose,
    Constant,
    Number,
    Opaque,
    Term,
    Truth,
    bounds,
    mentioned,
    opaque,
    walk,
)
from studioflow.codec import UNKNOWN_NAME, wrong
from studioflow.errors import InputError, Problem, said_by
from studioflow.rules.kinds import (
    ALWAYS,
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    ConditionKind,
    PartialKind,
    QuantityKind,
    Scoring,
    UnitKind,
)
from studioflow.rules.opaque import Function, PythonScoring, computed_points
from studioflow.text import Text, message

__all__ = ["BUILT_IN", "RuleKind", "Standing", "brought", "joined_by", "standings"]

R = TypeVar("R")
T = TypeVar("T")
Standing: TypeAlias = Literal["scoring", "quantity", "condition"]
"""Where a kind can stand: it gives points, it is a number, it is true or false."""
Affordable: TypeAlias = Callable[[Term], object]

RULE_KIND_BROKEN = message(
    "rule_kind_broken",
    zh="能够建立的规则（规则种类“{kind}”，插件 {plugin}）",
    en="a rule that can be built (the kind {kind} of the plugin {plugin})",
)
RULE_KIND_OPAQUE = message(
    "rule_kind_opaque",
    zh="由代数表达的规则；Python 计算的分数只来自 PythonScoring，且只用于计分",
    en="a rule stated in the algebra; what Python computes is a PythonScoring, and gives points",
)


@frozen(kw_only=True)
class RuleKind:
    """A kind of rule that a plugin brings.

    Attributes:
        id: by which policy files name it, as `kind`.
        cls: an attrs class whose fields are the keys of its table: a `Scoring` with `points()`, a
            `PythonScoring` with `compute()`, or a class with `number()`, or `truth()`, and
            `wording()`.
        origin: the plugin; the host fills it in.
    """

    id: str
    cls: type[Scoring | QuantityKind | ConditionKind]
    origin: str | None = None

    @property
    def plugin(self) -> str:
        """Who brought it, as it is named where it fails."""
        return self.origin or self.cls.__module__


BUILT_IN: Mapping[Standing, Mapping[str, type]] = {
    "scoring": SCORINGS,
    "quantity": QUANTITIES,
    "condition": CONDITIONS,
}
"""The kinds of the library itself."""


def standings(cls: type) -> tuple[Standing, ...]:
    """Return where the rules of a class can stand, which ought to be one place.

    >>> standings(Scoring), standings(int)
    (('scoring',), ())
    """
    if issubclass(cls, Scoring):
        return ("scoring",)
    methods: Mapping[str, Standing] = {"number": "quantity", "truth": "condition"}
    return tuple(
        standing
        for name, standing in methods.items()
        if inspect.isroutine(inspect.getattr_static(cls, name, None))
    )


def joined_by(
    registry: Mapping[str, type[R]], kinds: Mapping[str, RuleKind]
) -> Mapping[str, type[R]]:
    """Return a registry of the library's kinds joined by what plugins brought for the same place.

    In place of a class stands the `RuleKind`, which the converter builds by `brought`.
    """
    here = tuple(standing for standing, own in BUILT_IN.items() if own is registry)
    more = {name: kind for name, kind in kinds.items() if standings(kind.cls) == here}
    return {**cast("Mapping[str, type[R]]", more), **registry} if more else registry


def brought(
    kind: RuleKind,
    table: object,
    converter: Converter,
    known: Collection[str],
    affordable: Affordable,
) -> Scoring | QuantityKind | ConditionKind:
    """Build a rule of a kind that a plugin brought.

    Everything that the class says is asked for once, here: afterwards nothing of it is called but
    `compute`.

    Args:
        kind: of the rule.
        table: what the policy file says, without `kind`.
        converter: that builds it.
        known: the names that its terms may mention.
        affordable: refuses a term that is too large.

    Raises:
        InputError: with what is wrong with the table; and, naming plugin and kind, with whatever
            the class raises or states wrongly.
    """
    with _blamed(kind):
        built: object = converter.structure(table, kind.cls)
    with _blamed(kind, whole=True):
        stated = _stated(built, kind)
    terms = [part for part in astuple(stated, recurse=False) if isinstance(part, Term)]
    for term in terms:
        with _blamed(kind):
            affordable(term)
        with _blamed(kind, whole=True):
            # Only the sheet knows what to do where there is no answer, and it does for points.
            _check_sound(term, known, computed=isinstance(stated, Scoring))
    return stated


def _stated(built: object, kind: RuleKind) -> _Points | _Quantity | _Condition:
    """Return what a rule states, asked for once."""
    if isinstance(built, Scoring):
        if isinstance(built, PythonScoring):
            points = computed_points(built, kind.id, kind.plugin)
        else:
            points = _checked(built.points(), Number)
        return _Points(points, _checked(built.floor(), Number))
    defined = built.defined() if isinstance(built, PartialKind) else ALWAYS
    if standings(kind.cls) == ("quantity",):
        of = cast("QuantityKind", built)
        unit = built.unit() if isinstance(built, UnitKind) else None
        return _Quantity(
            _checked(of.number(), Number),
            _checked(of.wording(), Text),
            None if unit is None else _checked(unit, Text),
            _checked(defined, Truth),
        )
    holds = cast("ConditionKind", built)
    return _Condition(
        _checked(holds.truth(), Truth), _checked(holds.wording(), Text), _checked(defined, Truth)
    )


@frozen(eq=False)
class _Points(Scoring):
    stated: Number
    least: Number

    def points(self) -> Number:
        return self.stated

    def floor(self) -> Number:
        return self.least


@frozen(eq=False)
class _Quantity:
    stated: Number
    words: Text
    of: Text | None
    is_defined: Truth

    def number(self) -> Number:
        return self.stated

    def unit(self) -> Text | None:
        return self.of

    def defined(self) -> Truth:
        return self.is_defined

    def wording(self) -> Text:
        return self.words


@frozen(eq=False)
class _Condition:
    stated: Truth
    words: Text
    is_defined: Truth

    def truth(self) -> Truth:
        return self.stated

    def defined(self) -> Truth:
        return self.is_defined

    def wording(self) -> Text:
        return self.words


def _check_sound(term: Term, known: Collection[str], *, computed: bool) -> None:
    """Check that every interpretation can read a term; `computed` where Python may be part of it.

    Raises:
        Exception: of any kind where one can not.
    """
    if opaque(term) and not computed:
        raise wrong(RULE_KIND_OPAQUE, type(term).__name__)
    for part in walk(term, notes=True):
        if isinstance(part, Opaque) and not isinstance(part.function, Function):
            raise wrong(RULE_KIND_OPAQUE, part.function)
    for name in sorted(mentioned(term) - frozenset(known)):
        raise wrong(UNKNOWN_NAME, name, known=known)
    if isinstance(term, Truth):
        term = Choose(term, Constant(1), Constant(0))
    bounds(cast("Number", term))


def _checked(value: object, cls: type[T]) -> T:
    """Return a value, whose class may say otherwise than its annotation."""
    if not isinstance(value, cls):
        raise TypeError(f"{value!r} is no {cls.__name__}")
    return value


@contextmanager
def _blamed(kind: RuleKind, *, whole: bool = False) -> Iterator[None]:
    """Turn what a class raises into a problem that names its plugin.

    A class may refuse what its table says with an `InputError` of its own, and so does whatever
    stands inside it: that is told as it is, unless the class is to blame as a `whole`.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if _tells(error) and not whole:
            raise
        said = str(error) if _tells(error) else said_by(error)
        named = {"kind": kind.id, "plugin": kind.plugin}
        raise InputError([Problem(RULE_KIND_BROKEN, got=said, parameters=named)]) from error


def _tells(error: BaseException) -> bool:
    """Return whether an exception says itself what is wrong; a plugin may raise one without."""
    problems = error.problems if type(error) is InputError else ()
    return bool(problems) and all(type(problem) is Problem for problem in problems)
