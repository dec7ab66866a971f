"""The variations of a grid, built: of each part of the policy every different one, once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from studioflow.errors import InputError, Problem
from studioflow.lab.sweeping.grid import Grid
from studioflow.lab.sweeping.parts import axes_of
from studioflow.policy import Policy, written_setting

__all__ = ["Variations", "hashable"]


class Variations:
    """A grid of variations of one policy, to be swept over one cohort or several.

    Attributes:
        policy: that is varied.
        grid: of its variations.
        axes: that each part hangs on; None where all of them may hang on all.
    """

    def __init__(self, policy: Policy, grid: Grid) -> None:
        """Build what the parts hang on.

        Raises:
            InputError: with the problems of every combination that gives no policy. Of axes that
                meet in no part each is looked at by itself.
        """
        self.policy, self.grid, self.axes = policy, grid, axes_of(policy, grid)
        self._policies: dict[tuple[tuple[str, Hashable], ...], Policy] = {(): policy}
        problems: list[Problem] = []
        alone = {(axis,) for axis in grid.axes}
        for axes in sorted({*alone, *(self.axes or {}).values()} - {()}):
            for changes in Grid({axis: grid.axes[axis] for axis in axes}):
                try:
                    self.of(changes)
                except InputError as error:
                    told = ", ".join(written_setting(*each) for each in changes.items())
                    problems += (each.in_file(told) for each in error.problems)
        if problems:
            raise InputError(problems)

    def of(self, changes: Mapping[str, Any]) -> Policy:
        """Return the policy of some changes.

        Raises:
            InputError: where they give none.
        """
        key = tuple((path, hashable(value)) for path, value in changes.items())
        if key not in self._policies:
            self._policies[key] = self.policy.vary(changes)
        return self._policies[key]


def hashable(value: object) -> Hashable:
    """Return what stands for the value of an axis in a key."""
    return value if isinstance(value, bool | int | float | str) else repr(value)
