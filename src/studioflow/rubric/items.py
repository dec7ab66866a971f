"""What a rubric is made of: sections, criteria, deductions, gates, grades, and how they add up."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from attrs import field, frozen

from studioflow.rubric.places import Places
from studioflow.rules import Condition, Scoring
from studioflow.rules.limits import check_limits, check_step
from studioflow.text import Text

__all__ = ["Criterion", "Deduction", "Gate", "Grade", "Section", "Settings"]

_ALL = Fraction(100)


@frozen(eq=False, kw_only=True)
class Section:
    """A part of the sheet, with criteria in it, or other sections.

    Attributes:
        part_of: the id of the section that it stands in; None where it counts in the total.
        weight: how many per cent of its points count there.
        cap: the most points that it can give, before the weight.
        kinds: of studios that it is for, as words of the fact that the settings name; all of them
            where that is empty.
        rescale: whether what is in it and does not apply is left out of its maximum, too.
    """

    label: Text
    part_of: str | None = field(default=None, metadata={"key": "section"})
    weight: Fraction = _ALL
    cap: Fraction | None = None
    kinds: tuple[str, ...] = field(default=(), metadata={"key": "for"})
    rescale: bool = False
    clause: str | None = None

    def __attrs_post_init__(self) -> None:
        check_limits(weight=self.weight, cap=self.cap)


@frozen(eq=False, kw_only=True)
class Criterion:
    """One item that gives points.

    Attributes:
        section: the id of its section.
        max: the most points, as printed; None for an open-ended sum.
        applies: where this does not hold, the rule is not asked.
        not_applicable: what the item gives then: nothing, or all its points.
        basis: what the assessors look at (考核依据).
        indicator: the indicator that it stands under.
        heading: the points its own heading names, where they differ from `max`.
    """

    section: str
    label: Text
    max: Fraction | None
    rule: Scoring = field(metadata={"rest": True})
    applies: Condition | None = None
    not_applicable: Literal["left_out", "full"] = "left_out"
    basis: Text | None = None
    indicator: Text | None = None
    heading: Fraction | None = None
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class Deduction:
    """Points taken off the total; `max` is the most, None where there is no bound."""

    label: Text
    rule: Scoring = field(metadata={"rest": True})
    max: Fraction | None = None
    basis: Text | None = None
    indicator: Text | None = None
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class Gate:
    """What has to hold whatever the points are; `project` is the heading that it stands under.

    Attributes:
        at_best: the best grade that is left while it does not hold; None where nothing is left.
    """

    label: Text
    condition: Condition = field(metadata={"rest": True})
    at_best: str | None = None
    project: Text | None = None
    basis: Text | None = None
    indicator: Text | None = None
    clause: str | None = None


@frozen(eq=False, kw_only=True)
class Grade:
    """A grade; best first in the rubric.

    Attributes:
        at_least: the points in all that it takes, included; None where none are asked for, or a
            decision takes their place.
        needs: what has to hold besides.
        otherwise: the grade of those who reach no other.
        places: how many of a batch it is for.
    """

    label: Text
    at_least: Fraction | None = None
    needs: tuple[Condition, ...] = ()
    otherwise: bool = False
    places: Places | None = None
    clause: str | None = None

    @property
    def computed(self) -> bool:
        """Whether points and facts say who has it; if not, somebody decides."""
        return self.at_least is not None or bool(self.needs)


@frozen(eq=False, kw_only=True)
class Settings:
    """How the parts of a sheet become its total.

    Attributes:
        on_gate_failure: whether points are shown or withheld while a gate is not met.
        sheet_by: the choice by whose word sections are for some studios alone.
        rescale: whether what does not apply is left out of the total's maximum, too.
        floor: under which deductions do not bring the total; None for no floor.
        rounded: the step that the total is rounded to, a half up; None where it is left exact.
    """

    on_gate_failure: Literal["show", "withhold"] = "show"
    sheet_by: str | None = None
    rescale: bool = False
    floor: Fraction | None = Fraction(0)
    rounded: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        check_step(rounded=self.rounded)
