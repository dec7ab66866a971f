"""The studio: events, the case file folded from them, and what guards are asked."""

from studioflow.studio.guard import Guard, Question
from studioflow.studio.studio import Application, Event, Override, Studio

__all__ = ["Application", "Event", "Guard", "Override", "Question", "Studio"]
