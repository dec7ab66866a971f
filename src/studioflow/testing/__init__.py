"""Help for tests: paths through a lifecycle, a driver for them, random walks, a clock, scenarios.

Random walks need the extra `testing`; the rest needs nothing beside the core.
"""

from studioflow.testing.clock import FakeClock
from studioflow.testing.driver import Drive, Driver
from studioflow.testing.machine import lifecycle_machine
from studioflow.testing.paths import Path, paths
from studioflow.testing.scenario import Scenario, given
from studioflow.testing.stage import Taken

__all__ = [
    "Drive",
    "Driver",
    "FakeClock",
    "Path",
    "Scenario",
    "Taken",
    "given",
    "lifecycle_machine",
    "paths",
]
