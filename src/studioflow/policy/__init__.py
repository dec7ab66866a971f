"""The policy: its file format, procedure, readings, variation and difference."""

from studioflow.policy.difference import Difference, differences
from studioflow.policy.document import Catalogue, Document
from studioflow.policy.load import build_policy, read_facts
from studioflow.policy.policy import Policy
from studioflow.policy.procedure import (
    UNDECLARED,
    Calendar,
    Procedure,
    Quota,
    Role,
    State,
    Transition,
    TransitionCondition,
    procedure_facts,
)
from studioflow.policy.readings import Reading
from studioflow.policy.variation import parse_setting, parse_settings, written_setting

__all__ = [
    "UNDECLARED",
    "Calendar",
    "Catalogue",
    "Difference",
    "Document",
    "Policy",
    "Procedure",
    "Quota",
    "Reading",
    "Role",
    "State",
    "Transition",
    "TransitionCondition",
    "build_policy",
    "differences",
    "parse_setting",
    "parse_settings",
    "procedure_facts",
    "read_facts",
    "written_setting",
]
