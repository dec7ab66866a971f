"""Subscribers: whom a programme tells what happened."""

from __future__ import annotations

from collections.abc import Callable

from attrs import frozen

from studioflow.studio.event import Event

__all__ = ["Subscriber"]


@frozen(kw_only=True)
class Subscriber:
    """Somebody who is told of each event once it is written down, without its personal parts.

    Attributes:
        id: names the subscriber in reports.
        notify: is called with the event; what it returns is not looked at, and what it raises is
            reported and changes nothing.
        actions: the transitions that it is told of; empty for all.
        origin: the plugin; the host fills it in.
    """

    id: str
    notify: Callable[[Event], object]
    actions: frozenset[str] = frozenset()
    origin: str | None = None

    def concerns(self, action: str) -> bool:
        """Return whether the subscriber wants to be told of the action."""
        return not self.actions or action in self.actions
