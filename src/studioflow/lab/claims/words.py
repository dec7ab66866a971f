"""The names by which a claim speaks of what stands on a sheet."""

from __future__ import annotations

from studioflow.policy import Policy

__all__ = ["ELIGIBLE", "GRADE", "NO_GRADE", "grades_of", "in_gates"]

ELIGIBLE = "eligible"
GRADE = "grade"
NO_GRADE = "none"
"""The word for a studio that reaches no grade."""


def in_gates(name: str) -> str:
    """Return the name of a gate's outcome: a path, which no fact can be called."""
    return f"gates/{name}"


def grades_of(policy: Policy) -> tuple[str, ...]:
    """Return the grades that points and facts decide, best first, and the word for none.

    There are none where the least of them is left to a decision.
    """
    grades = policy.rubric.grades
    ranked = [name for name, grade in grades.items() if not grade.otherwise]
    if not ranked or not grades[ranked[-1]].computed:
        return ()
    computed = [name for name, grade in grades.items() if grade.computed or grade.otherwise]
    return (*computed, NO_GRADE)
