"""The studio: events, the case file folded from them, measures, and what guards are asked."""

from studioflow.studio.application import (
    Application,
    mask_applications,
    read_application,
    read_person,
)
from studioflow.studio.event import Ban, Event, Override, Record
from studioflow.studio.event_document import EVENT_CODEC, EVENT_VERSION, EventCodec
from studioflow.studio.guard import Guard, Question
from studioflow.studio.guard_actions import check_guards
from studioflow.studio.measure_window import window_days
from studioflow.studio.measures import case_facts, handed_in_plainly, measure, person_id
from studioflow.studio.personal_parts import owner_of
from studioflow.studio.plugin_measures import PluginMeasure, check_brought
from studioflow.studio.rosters import seats
from studioflow.studio.studio import Studio
from studioflow.studio.subscriber import Subscriber

__all__ = [
    "EVENT_CODEC",
    "EVENT_VERSION",
    "Application",
    "Ban",
    "Event",
    "EventCodec",
    "Guard",
    "Override",
    "PluginMeasure",
    "Question",
    "Record",
    "Studio",
    "Subscriber",
    "case_facts",
    "check_brought",
    "check_guards",
    "handed_in_plainly",
    "mask_applications",
    "measure",
    "owner_of",
    "person_id",
    "read_application",
    "read_person",
    "seats",
    "window_days",
]
