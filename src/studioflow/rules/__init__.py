"""Rules: facts, and the kinds of rule that policy files are written in."""

# The last four are imported for their kinds, too: importing a kind is what registers it.
from studioflow.rules.building import Names, teach_rules
from studioflow.rules.conditions import SiteItem, flag_condition
from studioflow.rules.counting import Count
from studioflow.rules.facts import Fact, FactType
from studioflow.rules.kinds import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    Condition,
    ConditionKind,
    Quantity,
    QuantityKind,
    Scoring,
    condition_kind,
    quantity_kind,
    scoring_kind,
)
from studioflow.rules.known import Known, SoFar, check_names, known
from studioflow.rules.marked import Marked
from studioflow.rules.panel import Panel, Pool
from studioflow.rules.quantities import SumOf
from studioflow.rules.scoring import Cases
from studioflow.rules.share import Share

__all__ = [
    "CONDITIONS",
    "QUANTITIES",
    "SCORINGS",
    "Cases",
    "Condition",
    "ConditionKind",
    "Count",
    "Fact",
    "FactType",
    "Known",
    "Marked",
    "Names",
    "Panel",
    "Pool",
    "Quantity",
    "QuantityKind",
    "Scoring",
    "Share",
    "SiteItem",
    "SoFar",
    "SumOf",
    "check_names",
    "condition_kind",
    "flag_condition",
    "known",
    "quantity_kind",
    "scoring_kind",
    "teach_rules",
]
