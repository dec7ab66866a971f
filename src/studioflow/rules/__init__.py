"""Rules: facts, and the kinds of rule that policy files are written in."""

from studioflow.rules.building import Names, teach_rules
from studioflow.rules.conditions import SiteItem, flag_condition
from studioflow.rules.facts import Fact, FactType, Known, check_names, known
from studioflow.rules.kinds import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    ConditionKind,
    Quantity,
    QuantityKind,
    Scoring,
)
from studioflow.rules.quantities import SumOf
from studioflow.rules.scoring import Marked

__all__ = [
    "CONDITIONS",
    "QUANTITIES",
    "SCORINGS",
    "Condition",
    "ConditionKind",
    "Fact",
    "FactType",
    "Known",
    "Marked",
    "Names",
    "Quantity",
    "QuantityKind",
    "Scoring",
    "SiteItem",
    "SumOf",
    "check_names",
    "flag_condition",
    "known",
    "teach_rules",
]
