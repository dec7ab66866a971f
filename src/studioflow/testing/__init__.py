"""Help for tests: paths through a lifecycle, a driver for them, random walks, a clock, scenarios.

Random walks need the extra `testing`; the rest needs nothing beside the core. Each name is imported
when it is asked for, since pytest imports this package wherever studioflow is installed.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studioflow.testing.clock import FakeClock
    from studioflow.testing.driver import Drive, Driver
    from studioflow.testing.machine import lifecycle_machine
    from studioflow.testing.path import Path, paths
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

_MODULES = {
    "clock": ("FakeClock",),
    "driver": ("Drive", "Driver"),
    "machine": ("lifecycle_machine",),
    "path": ("Path", "paths"),
    "scenario": ("Scenario", "given"),
    "stage": ("Taken",),
}
_PLACES = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
    globals()[name] = found
    return found
