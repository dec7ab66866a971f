"""Rules: facts, and the kinds of rule that policy files are written in."""

# Some are imported for their kinds alone: importing a kind is what registers it.
from studioflow.rules.brought import RuleKind
from studioflow.rules.building import Names, teach_rules
from studioflow.rules.conditions import flag_condition
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
from studioflow.rules.opaque import PythonScoring, Values
from studioflow.rules.panel import Panel, Pool
from studioflow.rules.percent import Percent
from studioflow.rules.plain_facts import PlainFacts
from studioflow.rules.prices import Each
from studioflow.rules.quantities import SumOf
from studioflow.rules.results import PointsOf, Result
from studioflow.rules.scoring import Cases
from studioflow.rules.share import Share, ShareOf
from studioflow.rules.site_items import SiteItem
from studioflow.rules.tallies import DeclaredFact, Tally, cell_names, tally_of

__all__ = [
    "CONDITIONS",
    "QUANTITIES",
    "SCORINGS",
    "Cases",
    "Condition",
    "ConditionKind",
    "Count",
    "DeclaredFact",
    "Each",
    "Fact",
    "FactType",
    "Known",
    "Marked",
    "Names",
    "Panel",
    "Percent",
    "PlainFacts",
    "PointsOf",
    "Pool",
    "PythonScoring",
    "Quantity",
    "QuantityKind",
    "Result",
    "RuleKind",
    "Scoring",
    "Share",
    "ShareOf",
    "SiteItem",
    "SoFar",
    "SumOf",
    "Tally",
    "Values",
    "cell_names",
    "check_names",
    "condition_kind",
    "flag_condition",
    "known",
    "quantity_kind",
    "scoring_kind",
    "tally_of",
    "teach_rules",
]
