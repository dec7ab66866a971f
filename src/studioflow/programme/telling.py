"""Telling subscribers what happened, whatever they make of it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

from attrs import frozen

from studioflow.errors import said_by
from studioflow.studio import Event, Subscriber

__all__ = ["Undelivered", "told"]

_logger = logging.getLogger(__name__)


@frozen
class Undelivered:
    """An event that a subscriber was not told of, since it failed."""

    subscriber: str
    event: Event
    error: str


def told(subscribers: Iterable[Subscriber], event: Event) -> Iterator[Undelivered]:
    """Tell each subscriber that it concerns of an event, and yield those that failed.

    They are told without the personal parts. What is written stays written, whatever they do.
    """
    bare, _ = event.separated()
    for subscriber in subscribers:
        if not subscriber.concerns(event.action):
            continue
        try:
            subscriber.notify(bare)
        except KeyboardInterrupt:  # the user's
            raise
        except BaseException as error:  # noqa: BLE001 - it is anybody's code
            name, kind = subscriber.origin or subscriber.id, type(error).__name__
            _logger.warning("%s was not told of %s %s: %s", name, bare.studio, bare.action, kind)
            yield Undelivered(subscriber.id, bare, said_by(error))
