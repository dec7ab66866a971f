"""Sweep: a whole grid of variations of a policy over one cohort, each thing computed once.

It needs the extra `cohort`.
"""

from studioflow.lab.sweeping.grid import Grid, read_grid
from studioflow.lab.sweeping.outcome import Outcome
from studioflow.lab.sweeping.sweep import Sweep, sweep
from studioflow.lab.sweeping.variations import Variations

__all__ = ["Grid", "Outcome", "Sweep", "Variations", "read_grid", "sweep"]
