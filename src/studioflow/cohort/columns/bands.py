"""Marks that fit a fact and yet no band of their item: found by columns, explained by `score`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import narwhals.stable.v2 as nw
from attrs import evolve

from studioflow.codec import wrong
from studioflow.cohort.columns.checking import KEY
from studioflow.cohort.columns.complaints import Complaint, Frame, Places, problems_of
from studioflow.cohort.columns.given import given_values
from studioflow.errors import InputError, Problem
from studioflow.policy import Policy
from studioflow.text import message

__all__ = ["refused_problems"]

REFUSED_BY_ITEM = message(
    "refused_by_item",
    zh="{item} 能给分且表格列容得下的值",
    en="values that {item} has points for, and that a column can hold",
)


def refused_problems(policy: Policy, frame: Frame, refused: Mapping[str, str]) -> list[Problem]:
    """Return what is wrong with the rows that items refuse, each at the first such row.

    Args:
        policy: with the items.
        frame: a normalised frame, see `CheckedCohort`, with a truth for every item that may refuse.
        refused: the items, such as `criteria/5.1.1`, by the columns of those truths.
    """
    raw = {name: nw.col(name) for name in frame.collect_schema() if name in policy.facts}
    complaints = [
        Complaint(item, nw.col(column).fill_null(value=False), _say(policy, item))
        for column, item in refused.items()
    ]
    return problems_of(Places.of(frame, KEY), frame, complaints, raw)


def _say(policy: Policy, item: str) -> Callable[[Mapping[str, Any]], Problem]:
    """Return what says why an item refuses a row."""
    _, _, name = item.partition("/")
    # Where Python scores the whole sheet, that is what refuses, and not one item.
    judged = policy.rubric.validity(name) if name in policy.rubric.points else frozenset()
    own = {item, *(f"facts/{fact}" for fact in judged)}

    def say(row: Mapping[str, Any]) -> Problem:
        try:
            policy.score(given_values(policy.facts, row))
        except InputError as error:
            told = [problem for problem in error.problems if problem.path in own]
            problem = (told or error.problems)[0]
            return evolve(problem, path=problem.path.removeprefix("facts/"))
        return wrong(REFUSED_BY_ITEM, item, item=item).problems[0]

    return say
