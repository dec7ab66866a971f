"""Scoring a file with the marks in force, of which some may not fit the facts any more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from attrs import evolve

from studioflow.errors import InputError, Problem
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import FactFile, Measured, ScoreSheet
from studioflow.studio import PluginMeasure, Studio, case_facts, handed_in_plainly

__all__ = ["Scoring", "facts_on_file", "file_scoring", "has_panel", "marks_in_force"]

_AT_MARK = re.compile(r"marks/(\d+)(?:/|$)")


def has_panel(policy: Policy, mark: Mark) -> bool:
    """Return whether several people may mark what the mark is for."""
    return policy.facts[policy.rubric.judged_facts[mark.criterion]].panel is not None


def marks_in_force(policy: Policy, marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return of an item that one person marks the latest mark, of others each person's latest."""
    latest: dict[tuple[str, str], Mark] = {}
    for mark in marks:
        latest[mark.criterion, mark.by if has_panel(policy, mark) else ""] = mark
    return tuple(latest.values())


def facts_on_file(studio: Studio, measured: Mapping[str, Measured]) -> dict[str, object]:
    """Return what is known of a studio without its marks: what is measured goes by the records."""
    plain = {name: value for name, value in studio.facts.items() if name not in measured}
    counted = {name: each.value for name, each in measured.items() if each.value is not None}
    return plain | counted


def file_scoring(
    policy: Policy,
    studio: Studio,
    on: date,
    measures: Mapping[str, PluginMeasure],
    instead: Mapping[str, object],
) -> tuple[Scoring, Mapping[str, Measured]]:
    """Return the scoring of a studio's file as it stands on a day, with what was measured.

    What `instead` says of a fact takes the place of what the file says, marks included.
    """
    measured = case_facts(policy, studio, on, measures)
    judged = policy.rubric.judged_facts
    marks = tuple(mark for mark in studio.marks if judged[mark.criterion] not in instead)
    file = FactFile(facts={**facts_on_file(studio, measured), **instead})
    scored = Scoring(policy, file, (), marks_in_force(policy, marks))
    scored.check()
    return scored, {**measured, **handed_in_plainly(policy, studio)}


class Scoring:
    """Values and sheet of a studio's file.

    A mark that was fine when it was given can lie outside its band once the facts have changed. It
    is left out and named in `stale`, for the verdict to say; a new one that does not fit is bad
    input.
    """

    def __init__(
        self, policy: Policy, file: FactFile, new: tuple[Mark, ...], on_file: tuple[Mark, ...]
    ) -> None:
        self.policy = policy
        self.file = file
        self.new = new
        self.on_file = on_file
        self.stale: tuple[tuple[Mark, Problem], ...] = ()
        self.values: Mapping[str, object] = file.facts
        self._sheet: ScoreSheet | None = None

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks that count, the new ones first."""
        return (*self.new, *self.on_file)

    def check(self) -> None:
        """Find the values, and leave out each mark on file that does not fit.

        Raises:
            InputError: with everything that is wrong with a new mark.
        """
        if not self.marks:
            return
        try:
            self._score()
        except InputError as error:
            unfit = self._unfit(error.problems)
            if not unfit:
                raise InputError(map(self._placed, error.problems)) from None
            self.stale += tuple((self.on_file[n], problem) for n, problem in unfit.items())
            self.on_file = tuple(m for n, m in enumerate(self.on_file) if n not in unfit)
            self.check()

    def sheet(self) -> ScoreSheet:
        """Return the sheet, made when it is first asked for."""
        if self._sheet is None:
            self._score()
        assert self._sheet is not None  # noqa: S101 - `_score` made it
        return self._sheet

    def _score(self) -> None:
        # A judged fact that was handed in plainly gives way to marks.
        marked = {self.policy.rubric.judged_facts.get(mark.criterion) for mark in self.marks}
        plain = {name: value for name, value in self.file.facts.items() if name not in marked}
        self.values = self.policy.values(evolve(self.file, facts=plain, marks=self.marks))
        self._sheet = self.policy.score_values(self.values, self.marks)

    def _placed(self, problem: Problem) -> Problem:
        """Return a problem that the new marks bring about at what was handed in."""
        at = _AT_MARK.match(problem.path)
        on_file = at is not None and int(at[1]) >= len(self.new) > 0
        return evolve(problem, path="marks") if on_file else problem

    def _unfit(self, problems: tuple[Problem, ...]) -> dict[int, Problem]:
        """Return the marks on file that are to blame, if nothing else is."""
        found: dict[int, Problem] = {}
        for problem in problems:
            at = _AT_MARK.match(problem.path)
            position = int(at[1]) - len(self.new) if at else -1
            # One too many, or one that disagrees, is the new one's fault.
            if position < 0 or (self.new and not problem.path.endswith("/points")):
                return {}
            found.setdefault(position, problem)
        return found
