"""Cases: studios with what a policy is to make of them, in files that a clerk can write."""

from studioflow.cases.asked import runner_for
from studioflow.cases.coverage import Coverage, Target, cover
from studioflow.cases.documents import CaseAction, PolicyCase, read_cases
from studioflow.cases.expected import Expected
from studioflow.cases.mismatches import Mismatch
from studioflow.cases.playing import Attempt, Played
from studioflow.cases.running import CaseResult, Runner, check_cases, run_cases

__all__ = [
    "Attempt",
    "CaseAction",
    "CaseResult",
    "Coverage",
    "Expected",
    "Mismatch",
    "Played",
    "PolicyCase",
    "Runner",
    "Target",
    "check_cases",
    "cover",
    "read_cases",
    "run_cases",
    "runner_for",
]
