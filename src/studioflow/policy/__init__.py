"""The policy: its file format, procedure, readings, variation and difference."""

from studioflow.policy.ballots import BallotForm
from studioflow.policy.difference import Difference, differences
from studioflow.policy.document import Catalogue, Document
from studioflow.policy.load import build_policy, read_facts
from studioflow.policy.measures import LEAD, Measure
from studioflow.policy.one_rule import OneRule
from studioflow.policy.policy import Policy
from studioflow.policy.procedure import (
    AMEND,
    MILESTONES,
    SAME,
    UNDECLARED,
    Amending,
    Bans,
    Calendar,
    Duty,
    Need,
    Pending,
    Procedure,
    Quota,
    Role,
    State,
    Transition,
    TransitionCondition,
)
from studioflow.policy.procedure_facts import procedure_facts
from studioflow.policy.readings import Reading
from studioflow.policy.record_fields import RecordField
from studioflow.policy.record_schema import record_schema
from studioflow.policy.records import RecordKind
from studioflow.policy.typed_records import (
    RecordClass,
    check_record_class,
    check_record_classes,
    kind_of,
)
from studioflow.policy.variation import in_toml, parse_setting, parse_settings, written_setting

__all__ = [
    "AMEND",
    "LEAD",
    "MILESTONES",
    "SAME",
    "UNDECLARED",
    "Amending",
    "BallotForm",
    "Bans",
    "Calendar",
    "Catalogue",
    "Difference",
    "Document",
    "Duty",
    "Measure",
    "Need",
    "OneRule",
    "Pending",
    "Policy",
    "Procedure",
    "Quota",
    "Reading",
    "RecordClass",
    "RecordField",
    "RecordKind",
    "Role",
    "State",
    "Transition",
    "TransitionCondition",
    "build_policy",
    "check_record_class",
    "check_record_classes",
    "differences",
    "in_toml",
    "kind_of",
    "parse_setting",
    "parse_settings",
    "procedure_facts",
    "read_facts",
    "record_schema",
    "written_setting",
]
