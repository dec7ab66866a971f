"""Run a local recognition programme as code.

What an embedder meets first is here; the rest is in the rooms, each with an `__all__` of its own.

>>> from studioflow import load_policy
>>> sheet = load_policy("yongjia-2023").score({"activities": 18})
>>> sheet.criterion("5.2.2").points.points
Fraction(18, 1)
"""

from studioflow.errors import InputError, MissingExtraError, PluginError, StudioflowError
from studioflow.host import Host, hookimpl, load_policy
from studioflow.lifecycle import Lifecycle
from studioflow.people import Actor, Mark, Person
from studioflow.policy import Policy, read_facts
from studioflow.rubric import FactFile, InspectedItem, Inspection, ScoreSheet
from studioflow.studio import Application, Event, Guard, Override, Question, Studio
from studioflow.text import Text, message
from studioflow.verdict import Denied, Reason, Verdict

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Application",
    "Denied",
    "Event",
    "FactFile",
    "Guard",
    "Host",
    "InputError",
    "InspectedItem",
    "Inspection",
    "Lifecycle",
    "Mark",
    "MissingExtraError",
    "Override",
    "Person",
    "PluginError",
    "Policy",
    "Question",
    "Reason",
    "ScoreSheet",
    "Studio",
    "StudioflowError",
    "Text",
    "Verdict",
    "__version__",
    "hookimpl",
    "load_policy",
    "message",
    "read_facts",
]
