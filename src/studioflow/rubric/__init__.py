"""The rubric and what it says of a studio: gates, points, sections, grades, the site check."""

from studioflow.rubric.items import Criterion, Deduction, Gate, Grade, Section, Settings
from studioflow.rubric.marks import marked_facts
from studioflow.rubric.measured import LeftOut, Measured
from studioflow.rubric.rubric import Rubric
from studioflow.rubric.score import FactFile, score
from studioflow.rubric.sheet import (
    CriterionResult,
    DeductionResult,
    GateResult,
    GradeResult,
    Points,
    PolicyReference,
    ScoreSheet,
    SectionResult,
)
from studioflow.rubric.site_check import (
    InspectedItem,
    Inspection,
    SiteCheck,
    SiteCheckItem,
    SiteVerdict,
)

__all__ = [
    "Criterion",
    "CriterionResult",
    "Deduction",
    "DeductionResult",
    "FactFile",
    "Gate",
    "GateResult",
    "Grade",
    "GradeResult",
    "InspectedItem",
    "Inspection",
    "LeftOut",
    "Measured",
    "Points",
    "PolicyReference",
    "Rubric",
    "ScoreSheet",
    "Section",
    "SectionResult",
    "Settings",
    "SiteCheck",
    "SiteCheckItem",
    "SiteVerdict",
    "marked_facts",
    "score",
]
