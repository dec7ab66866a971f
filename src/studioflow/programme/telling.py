"""Telling subscribers what happened, whatever they make of it."""

from __future__ import annotations

import logging

from attrs import frozen

from studioflow.errors import said_by
from studioflow.studio import Event, Subscriber

__all__ = ["Undelivered", "tell"]

_logger = logging.getLogger(__name__)


@frozen
class Undelivered:
    """An event that a subscriber was not told of, since it failed."""

    subscriber: str
    event: Event
    error: str


def tell(subscriber: Subscriber, event: Event) -> Undelivered | None:
    """Tell a subscriber of an event, and return what came of it where that failed.

    What is written stays written, whatever they do.
    """
    try:
        subscriber.notify(event)
    except KeyboardInterrupt:  # the user's
        raise
    except BaseException as error:  # noqa: BLE001 - it is anybody's code
        name, kind = subscriber.origin or subscriber.id, type(error).__name__
        _logger.warning("%s was not told of %s %s: %s", name, event.studio, event.action, kind)
        return Undelivered(subscriber.id, event, said_by(error))
    return None
