"""The programme: a batch of studios under a policy, from declaration to commendation."""

from studioflow.programme.batch import Batch, PlannedStep, read_batch
from studioflow.programme.run import BatchReport, Outcome, places_left, run_batch

__all__ = [
    "Batch",
    "BatchReport",
    "Outcome",
    "PlannedStep",
    "places_left",
    "read_batch",
    "run_batch",
]
