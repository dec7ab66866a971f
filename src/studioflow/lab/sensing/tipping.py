"""Tipping points: the values of one parameter between which a cohort comes out otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from attrs import field, frozen

from studioflow.codec import wrong
from studioflow.errors import InputError
from studioflow.lab.sensing.parameters import Value, chosen
from studioflow.lab.sensing.scoring import ELIGIBLE, Refusal, Scorer, Standing, Standings
from studioflow.policy import Policy
from studioflow.text import message

__all__ = ["Tip", "Tipping", "Trial", "tipping"]

VALUES_NEEDED = message(
    "values_needed", zh="要试的各个值", en="values to try, since nothing says where to look"
)
_AROUND = 10
"""So many steps either way are tried where nothing is said."""


@frozen
class Trial:
    """The cohort with the parameter at one value.

    Attributes:
        scored: how many can be scored; None where nothing could be counted.
        eligible: how many are eligible for certain; None where nothing could be counted.
        grades: how many have each grade for certain.
        refusal: why nothing could be counted, then.
    """

    value: Value
    scored: int | None = None
    eligible: int | None = None
    grades: Mapping[str, int] = field(factory=dict)
    refusal: Refusal | None = field(default=None, repr=False)


@frozen
class Tip:
    """A tipping point: something comes out otherwise between two values that were tried.

    Attributes:
        quantity: `scored`, `eligible`, `grades/` and a grade, or `total`.
        between: the two values.
        before, after: how many studios can be scored, are eligible or have the grade, at either
            value; None of totals.
        studios: those that become it or cease to be it, or whose total changes. One that can not be
            scored at either value stands under `scored` alone.
    """

    quantity: str
    between: tuple[Value, Value]
    before: int | None
    after: int | None
    studios: tuple[str, ...]


@frozen
class Tipping:
    """The tipping points of one parameter.

    Attributes:
        value: in force; None where the policy says nothing there.
        trials: every value that was tried, in the order in which it was.
        tips: in the same order.
    """

    policy: Policy = field(repr=False)
    path: str
    value: Value | None
    trials: tuple[Trial, ...] = field(repr=False)
    tips: tuple[Tip, ...]

    def of(self, quantity: str) -> tuple[Tip, ...]:
        """Return the tipping points of one quantity."""
        return tuple(tip for tip in self.tips if tip.quantity == quantity)


def tipping(  # noqa: PLR0913 - one for each thing that may be said
    policy: Policy,
    frame: object,
    path: str,
    values: Iterable[Value] | None = None,
    *,
    key: str = "studio",
    progress: Callable[[int, int], object] | None = None,
) -> Tipping:
    """Score a cohort with one parameter at each of several values, and say where something tips.

    >>> import polars as pl
    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> studios = pl.DataFrame({"studio": ["A", "B"], "activities": [14, 30]})
    >>> found = tipping(policy, studios, "criteria/5.2.2/norm", range(8, 17))
    >>> [(tip.quantity, tip.between, tip.studios) for tip in found.tips][:2]
    [('total', (10, 11), ('A',)), ('total', (11, 12), ('A',))]

    Every value is scored, and nothing is taken to be monotone: what rises may fall again. Where a
    value could not be scored, its neighbours are compared.

    Args:
        policy: as it is.
        frame: a table with one row a studio, as `score_cohort` takes it.
        path: of the parameter; also of a key that the policy leaves out and could have.
        values: to try, in their order; when left out, ten steps either way, or every answer.
        key: the column that says which studio it is.
        progress: called with how many values are done, and of how many.

    Raises:
        InputError: for a path at which there is no parameter, without values to try, with every
            problem of the table, and where no value at all could be scored.
        MissingExtraError: where Polars is not installed.
    """
    value = _value(policy, path)
    tried = tuple(values) if values is not None else _around(policy, path)
    if not tried:
        raise wrong(VALUES_NEEDED, path)
    scorer = Scorer(policy, frame, key)
    trials: list[Trial] = []
    scored: list[tuple[Value, Standings]] = []
    for done, each in enumerate(tried, start=1):
        found = scorer.at(path, each)
        if isinstance(found, Refusal):
            trials.append(Trial(each, refusal=found))
        else:
            trials.append(_trial(policy, each, found))
            scored.append((each, found))
        if progress is not None:
            progress(done, len(tried))
    if not scored and trials[0].refusal is not None:
        raise InputError(trials[0].refusal.problems)
    tips = [tip for pair in pairwise(scored) for tip in _tips(policy, *pair)]
    return Tipping(policy, path, value, tuple(trials), tuple(tips))


def _value(policy: Policy, path: str) -> Value | None:
    """Return what the policy says there now."""
    try:
        return next((each.value for each in chosen(policy, [path]) if each.path == path), None)
    except InputError:
        return None


def _around(policy: Policy, path: str) -> tuple[Value, ...]:
    found = {each.path: each for each in chosen(policy, [path])}
    return found[path].around(_AROUND) if path in found else ()


def _trial(policy: Policy, value: Value, standings: Standings) -> Trial:
    counts = {name: _count(standings, holds) for name, holds in _tests(policy).items()}
    grades = {name: counts[f"grades/{name}"] for name in policy.rubric.grades}
    return Trial(value, counts["scored"], counts["eligible"], grades)


Test = Callable[[Standing], bool]


def _tests(policy: Policy) -> dict[str, Test]:
    """Return what is counted, by its name."""
    tests: dict[str, Test] = {
        "scored": lambda _: True,
        "eligible": lambda standing: standing.eligibility == ELIGIBLE,
    }
    return tests | {f"grades/{name}": _has(name) for name in policy.rubric.grades}


def _has(grade: str) -> Test:
    return lambda standing: standing.grade[0] == grade


def _count(standings: Standings, holds: Test) -> int:
    return sum(each is not None and holds(each) for each in standings.values())


def _tips(
    policy: Policy, one: tuple[Value, Standings], other: tuple[Value, Standings]
) -> Iterator[Tip]:
    (low, before), (high, after) = one, other
    turned = {name: (was, after[name]) for name, was in before.items() if was != after[name]}
    both = {
        name: (was, now)
        for name, (was, now) in turned.items()
        if was is not None and now is not None
    }
    for quantity, holds in _tests(policy).items():
        moved = [name for name, (was, now) in both.items() if holds(was) != holds(now)]
        if quantity == "scored":
            moved = [name for name in turned if name not in both]
        if moved:
            counts = _count(before, holds), _count(after, holds)
            yield Tip(quantity, (low, high), *counts, tuple(moved))
    moved = [name for name, (was, now) in both.items() if was.total != now.total]
    if moved:
        yield Tip("total", (low, high), None, None, tuple(moved))
