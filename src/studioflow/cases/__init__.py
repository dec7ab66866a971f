"""Cases: studios with what a policy is to make of them, in files that a clerk can write."""

from studioflow.cases.documents import Expected, PolicyCase, read_cases
from studioflow.cases.running import CaseResult, Mismatch, Runner, check_cases, run_cases

__all__ = [
    "CaseResult",
    "Expected",
    "Mismatch",
    "PolicyCase",
    "Runner",
    "check_cases",
    "read_cases",
    "run_cases",
]
