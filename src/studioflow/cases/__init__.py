"""Cases: studios with what a policy is to make of them, in files that a clerk can write."""

from studioflow.cases.documents import CaseAction, PolicyCase, read_cases
from studioflow.cases.expected import Expected
from studioflow.cases.mismatches import Mismatch
from studioflow.cases.playing import Played
from studioflow.cases.running import CaseResult, Runner, check_cases, run_cases

__all__ = [
    "CaseAction",
    "CaseResult",
    "Expected",
    "Mismatch",
    "Played",
    "PolicyCase",
    "Runner",
    "check_cases",
    "read_cases",
    "run_cases",
]
