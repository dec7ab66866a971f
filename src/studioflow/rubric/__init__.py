"""The rubric and what it says of a studio: gates, points, sections, grades, the site check."""

from studioflow.rubric.marks import marked_facts
from studioflow.rubric.measured import LeftOut, Measured
from studioflow.rubric.rubric import Criterion, Gate, Grade, Rubric, Section
from studioflow.rubric.score import FactFile, score
from studioflow.rubric.sheet import (
    CriterionResult,
    GateResult,
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
    "FactFile",
    "Gate",
    "GateResult",
    "Grade",
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
    "SiteCheck",
    "SiteCheckItem",
    "SiteVerdict",
    "marked_facts",
    "score",
]
