"""Histories: studios that went a lawful way, of any length."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from studioflow.host import Host
from studioflow.policy import Policy
from studioflow.testing.driver import Drive, Driver
from studioflow.testing.path import paths

__all__ = ["histories"]


def histories(policy: Policy, host: Host | None = None) -> SearchStrategy[Drive]:
    """Return a strategy for studios that took lawful steps, each in a programme of its own.

    They are the beginnings of the ways that `paths` finds; the shortest is a declaration. `.steps`
    is what was done, `.studio.history` the events, `.programme` is there to go on with.

    Args:
        policy: whose lifecycle it is.
        host: whose plugins are asked; every installed one when it is left out.
    """
    driver = Driver(policy, host)
    ways = sorted(
        {
            way.actions[:length]
            for way in paths(policy)
            for length in range(1, len(way.actions) + 1)
        },
        key=lambda actions: (len(actions), actions),
    )
    return st.sampled_from(ways).map(driver.drive)
