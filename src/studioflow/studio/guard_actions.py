"""Whether the guards of plugins ask about actions that there are."""

from __future__ import annotations

from collections.abc import Iterable

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import nearest
from studioflow.policy import Procedure
from studioflow.studio.guard import Guard

__all__ = ["check_guards"]


def check_guards(guards: Iterable[Guard], procedure: Procedure) -> None:
    """Check that no action that a guard wants to be asked about is a slip for one of a lifecycle.

    What the policy has and switches off is no mistake of the guard. Nor is a name that is like none
    of them: it may be another policy's, which the plugin serves as well.

    Raises:
        InputError: with every action that is nearly one of the lifecycle's, under
            `guards/<guard>/actions`.
    """
    collector = Collector()
    known = procedure.transitions.keys() | procedure.off
    for guard in guards:
        for action in sorted(guard.actions - known):
            with collector.under("guards", guard.id, "actions"):
                if nearest(action, known) is None:
                    continue
                raise wrong(UNKNOWN_NAME, action, known=known)
    collector.finish()
