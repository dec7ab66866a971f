"""Sensitivity: which parameter of a policy moves how many studios, and where something tips.

It needs the extra `cohort`.
"""

from studioflow.lab.sensing.parameters import Parameter, Value, parameters
from studioflow.lab.sensing.scoring import Refusal
from studioflow.lab.sensing.sensitivity import Effect, Moves, Sensitivity, Step, sensitivity
from studioflow.lab.sensing.tipping import Tip, Tipping, Trial, tipping

__all__ = [
    "Effect",
    "Moves",
    "Parameter",
    "Refusal",
    "Sensitivity",
    "Step",
    "Tip",
    "Tipping",
    "Trial",
    "Value",
    "parameters",
    "sensitivity",
    "tipping",
]
