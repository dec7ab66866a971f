"""Run a local recognition programme as code.

What an embedder meets first is here; the rest is in the rooms, each with an `__all__` of its own.

>>> from studioflow import load_policy
>>> sheet = load_policy("yongjia-2023").score({"activities": 18})
>>> sheet.criterion("5.2.2").points.points
Fraction(18, 1)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studioflow.cohort import (
        Outcomes,
        check_cohort,
        generate_cohort,
        outcomes,
        read_cohort,
        score_cohort,
        write_cohort,
    )
    from studioflow.errors import InputError, MissingExtraError, StudioflowError
    from studioflow.host import Host, hookimpl, load_policy
    from studioflow.lifecycle import Agenda, Lifecycle
    from studioflow.people import Actor, Mark, Opinion, Person
    from studioflow.policy import OneRule, Policy, RecordKind, read_facts, record_schema
    from studioflow.programme import AmendmentReport, Bulletin, Programme, schemas
    from studioflow.register import Conflict, MemoryRegister, Register, SqliteRegister
    from studioflow.rubric import FactFile, InspectedItem, Inspection, Measured, ScoreSheet
    from studioflow.rules import PythonScoring, RuleKind
    from studioflow.studio import (
        Application,
        Event,
        Guard,
        Override,
        PluginMeasure,
        Question,
        Record,
        Studio,
        Subscriber,
    )
    from studioflow.text import Text, message
    from studioflow.verdict import Denied, Reason, Verdict

__version__ = "0.1.0"

__all__ = [
    "Actor",
    "Agenda",
    "AmendmentReport",
    "Application",
    "Bulletin",
    "Conflict",
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
    "Measured",
    "MemoryRegister",
    "MissingExtraError",
    "OneRule",
    "Opinion",
    "Outcomes",
    "Override",
    "Person",
    "PluginMeasure",
    "Policy",
    "Programme",
    "PythonScoring",
    "Question",
    "Reason",
    "Record",
    "RecordKind",
    "Register",
    "RuleKind",
    "ScoreSheet",
    "SqliteRegister",
    "Studio",
    "StudioflowError",
    "Subscriber",
    "Text",
    "Verdict",
    "__version__",
    "check_cohort",
    "generate_cohort",
    "hookimpl",
    "load_policy",
    "message",
    "outcomes",
    "read_cohort",
    "read_facts",
    "record_schema",
    "schemas",
    "score_cohort",
    "write_cohort",
]

# A name is imported when it is first asked for: whoever only wants the version, the help of the
# command line or one small room does not pay for building all classes.
_HOMES = {
    "cohort": (
        "Outcomes",
        "check_cohort",
        "generate_cohort",
        "outcomes",
        "read_cohort",
        "score_cohort",
        "write_cohort",
    ),
    "errors": ("InputError", "MissingExtraError", "StudioflowError"),
    "host": ("Host", "hookimpl", "load_policy"),
    "lifecycle": ("Agenda", "Lifecycle"),
    "people": ("Actor", "Mark", "Opinion", "Person"),
    "policy": ("OneRule", "Policy", "RecordKind", "read_facts", "record_schema"),
    "programme": ("AmendmentReport", "Bulletin", "Programme", "schemas"),
    "register": ("Conflict", "MemoryRegister", "Register", "SqliteRegister"),
    "rubric": ("FactFile", "InspectedItem", "Inspection", "Measured", "ScoreSheet"),
    "rules": ("PythonScoring", "RuleKind"),
    "studio": (
        "Application",
        "Event",
        "Guard",
        "Override",
        "PluginMeasure",
        "Question",
        "Record",
        "Studio",
        "Subscriber",
    ),
    "text": ("Text", "message"),
    "verdict": ("Denied", "Reason", "Verdict"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    home = _HOME_OF.get(name)
    if home is None:
        error = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(error)
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME_OF})
