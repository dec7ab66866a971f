"""An event as a plain document, in versions: older ones are brought up, newer ones still read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

import attrs
from attrs import frozen

from studioflow.codec import UNKNOWN_KEY, UNKNOWN_NAME, WRONG_TYPE, wrong
from studioflow.rubric.sheet_document import DOCUMENTS, NEWER_DOCUMENTS
from studioflow.studio.event import Event
from studioflow.text import Text

__all__ = ["EVENT_CODEC", "EVENT_VERSION", "EventCodec", "Upcast"]

EVENT_VERSION = 1
"""Of the documents that this release writes."""

Upcast = Callable[[dict[str, Any]], dict[str, Any]]
_TABLE = Text("表", "a table")
_KNOWN = frozenset(each.name for each in attrs.fields(Event))


@frozen
class EventCodec:
    """Writes events of one version, and reads those of every version.

    Attributes:
        version: that is written.
        upcasts: what makes a document of the next version of one of the version by which it
            stands.
    """

    version: int = EVENT_VERSION
    upcasts: Mapping[int, Upcast] = attrs.field(factory=dict)

    def encode(self, event: Event) -> dict[str, Any]:
        """Return an event, from which what is personal was separated, as a plain document."""
        made: dict[str, Any] = DOCUMENTS.write(event)
        made.pop("recorded", None)
        return made

    def decode(self, document: Mapping[str, object], version: int | None = None) -> Event:
        """Return the event that a document says.

        Args:
            document: as it was encoded.
            version: that it is of; this one's when left out. Of a newer one, what this release
                does not know is left aside.

        Raises:
            InputError: with everything in it that no event has.
        """
        if not isinstance(document, Mapping):
            raise wrong(WRONG_TYPE, type(document), type=_TABLE)
        version = self.version if version is None else version
        if type(version) is not int or version < 1:
            raise wrong(UNKNOWN_NAME, str(version), known=[str(self.version)])
        if "recorded" in document:  # it is kept beside
            raise wrong(UNKNOWN_KEY, "recorded", known=_KNOWN - {"recorded"})
        found = deepcopy(dict(document)) if version < self.version else dict(document)
        for step in range(version, self.version):
            if step not in self.upcasts:
                known = [*self.upcasts, self.version]
                raise wrong(UNKNOWN_NAME, version, known=sorted(map(str, known)))
            found = self.upcasts[step](found)
        documents = NEWER_DOCUMENTS if version > self.version else DOCUMENTS
        return documents.read(found, Event)


EVENT_CODEC = EventCodec()
"""That this release writes by."""
