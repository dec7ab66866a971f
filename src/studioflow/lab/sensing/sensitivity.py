"""Sensitivity: every parameter moved by one step, alone, and how many studios that moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import field, frozen

from studioflow.lab.sensing.parameters import Parameter, Value, chosen
from studioflow.lab.sensing.scoring import ELIGIBLE, Refusal, Scorer, Standings
from studioflow.policy import Policy

__all__ = ["Effect", "Moves", "Sensitivity", "Step", "sensitivity"]


@frozen
class Moves:
    """How many studios move.

    Attributes:
        studios: for how many anything of the following changes.
        unscored: how many can not be scored any more, such as with a mark that is then in no band.
            They are not looked at further.
        totals: how many have another total, for certain or by what is possible.
        gained: how many are eligible and were not.
        lost: how many were eligible and are not.
        grades: how many have another grade, for certain or by what is possible.
    """

    studios: int
    unscored: int
    totals: int
    gained: int
    lost: int
    grades: int


@frozen
class Step:
    """A parameter at another value, everything else being as it is.

    Attributes:
        moves: what that does; None where there is nothing to count.
        refusal: why, then.
    """

    value: Value
    moves: Moves | None
    refusal: Refusal | None = field(default=None, repr=False)

    @property
    def studios(self) -> int:
        """How many studios move, 0 where nothing could be counted."""
        return self.moves.studios if self.moves else 0


@frozen
class Effect:
    """What a parameter does.

    Attributes:
        steps: one down and one up, or every other answer; none of a number that is left open.
    """

    parameter: Parameter
    steps: tuple[Step, ...]

    @property
    def studios(self) -> int:
        """How many studios move by the step that moves most."""
        return max((step.studios for step in self.steps), default=0)


@frozen
class Sensitivity:
    """How sensitive a policy is over a cohort.

    Attributes:
        studios: how many there are.
        effects: of every parameter, the one that moves most studios first.
    """

    policy: Policy = field(repr=False)
    studios: int
    effects: tuple[Effect, ...] = field(repr=False)

    @property
    def moving(self) -> tuple[Effect, ...]:
        """Those that move a studio."""
        return tuple(effect for effect in self.effects if effect.studios)

    @property
    def refused(self) -> tuple[tuple[Parameter, Step], ...]:
        """The steps that could not be counted."""
        return tuple(
            (effect.parameter, step)
            for effect in self.effects
            for step in effect.steps
            if step.refusal
        )


def sensitivity(
    policy: Policy,
    frame: object,
    *,
    key: str = "studio",
    parameters: Iterable[str | Parameter] | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Sensitivity:
    """Move every parameter by one step, each alone, and count the studios that move.

    >>> import polars as pl
    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> studios = pl.DataFrame({"studio": ["A", "B"], "activities": [14, 30]})
    >>> found = sensitivity(policy, studios, parameters=["criteria/5.2.2/norm"])
    >>> [(step.value, step.studios) for step in found.effects[0].steps]
    [(15, 1), (17, 1)]

    Args:
        policy: as it is.
        frame: a table with one row a studio, as `score_cohort` takes it.
        key: the column that says which studio it is.
        parameters: paths, each for what is at it or below it; what `parameters` returns when left
            out. A `Parameter` of one's own has a step of one's own.
        progress: called with how many steps are done, and of how many.

    Raises:
        InputError: for a path at which there is no parameter, and with every problem of the table.
        MissingExtraError: where Polars is not installed.
    """
    asked = chosen(policy, parameters)
    scorer = Scorer(policy, frame, key)
    of = sum(len(parameter.others) for parameter in asked)
    done = 0
    effects: list[Effect] = []
    for parameter in asked:
        steps: list[Step] = []
        for value in parameter.others:
            steps.append(_step(scorer, parameter.path, value))
            done += 1
            if progress is not None:
                progress(done, of)
        effects.append(Effect(parameter, tuple(steps)))
    effects.sort(key=lambda each: (-each.studios, -sum(step.studios for step in each.steps)))
    return Sensitivity(policy, len(scorer.before), tuple(effects))


def _step(scorer: Scorer, path: str, value: Value) -> Step:
    after = scorer.at(path, value)
    if isinstance(after, Refusal):
        return Step(value, None, after)
    return Step(value, _moves(scorer.before, after))


def _moves(before: Standings, after: Standings) -> Moves:
    turned = [(was, after[name]) for name, was in before.items() if was != after[name]]
    both = [(was, now) for was, now in turned if was is not None and now is not None]
    eligible = [(was.eligibility == ELIGIBLE, now.eligibility == ELIGIBLE) for was, now in both]
    return Moves(
        studios=len(turned),
        unscored=len(turned) - len(both),
        totals=sum(was.total != now.total for was, now in both),
        gained=eligible.count((False, True)),
        lost=eligible.count((True, False)),
        grades=sum(was.grade != now.grade for was, now in both),
    )
