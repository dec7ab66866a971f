"""Whether an attempt lies in its window: two conditions over days.

`STARTED` says that `window_from` is not after the day that is claimed, `NOT_OVER` that `window_to`
is not before the day on which it is written down: what is late does not become timely by a claim.
An end that hangs on what has not happened is an unknown fact, and so is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from studioflow.algebra import FactNumber, Interpreter, Ranges
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.policy import UNDECLARED
from studioflow.rules import Fact, known
from studioflow.text import Text, message
from studioflow.timeline import After, Moment, OnEvent, resolve
from studioflow.verdict import Reason

__all__ = ["NOT_OVER", "STARTED", "WINDOW", "outside_window"]

WINDOW = "window"
"""The id by which a window is set aside."""

TOO_EARLY = message("too_early", zh="{window}自{day}开始", en="{window} begins on {day}")
TOO_LATE = message("too_late", zh="{window}已于{day}结束", en="{window} ended on {day}")
WINDOW_NOT_SET = message(
    "window_not_set",
    zh="{window}的时间还不能确定，要看“{event}”在哪一天",
    en="when {window} is, hangs on the day of another step ({event}), which has not happened",
)

STARTED = FactNumber("window_from") <= FactNumber("claimed")
NOT_OVER = FactNumber("window_to") >= FactNumber("written")

_interpreter = Interpreter(Ranges())
_SIDES = (
    (_interpreter.truth(STARTED), "window_from", TOO_EARLY),
    (_interpreter.truth(NOT_OVER), "window_to", TOO_LATE),
)
_FACTS = {
    name: Fact(name=name, type="date", label=Text(zh, en), low=None)
    for name, zh, en in (
        ("claimed", "办理之日", "the day claimed"),
        ("written", "记录之日", "the day of writing"),
        ("window_from", "开始之日", "the first day"),
        ("window_to", "结束之日", "the last day"),
    )
}


def outside_window(matter: Matter) -> Iterable[Objection]:
    """Object where the step is claimed or written down outside its window; its ends are inside."""
    transition, calendar = matter.transition, matter.policy.calendar
    state = matter.attempt.studio.state
    named = "none" if state == UNDECLARED else state
    if transition.window is None or (transition.window_for and named not in transition.window_for):
        return
    window = calendar.windows[transition.window]
    happened = matter.attempt.studio.days()
    ends = {"window_from": window.start, "window_to": window.end}
    days: dict[str, date | None] = {
        name: None if moment is None else resolve(moment, calendar.moments, happened)
        for name, moment in ends.items()
    }
    claimed = matter.attempt.on
    written = max(claimed, matter.attempt.today or claimed)
    facts = known(_FACTS, {"claimed": claimed, "written": written, **days}).ranges
    found: dict[str, Reason] = {}
    for truth, name, text in _SIDES:
        moment = ends[name]
        outcome = truth(facts, []).value
        if moment is None or outcome is True:
            continue
        about: dict[str, object] = {"window": window.label}
        about |= {"day": days[name]} if outcome is False else {"event": _awaited(matter, moment)}
        said = text if outcome is False else WINDOW_NOT_SET
        # Where both ends hang on the same step, it is said once.
        found[said.code] = Reason(said, about, window.clause, about=(transition.window,))
    for reason in found.values():
        yield Objection(
            reason,
            key=WINDOW,
            label=window.label,
            warns=transition.window_severity == "warn",
            override=transition.window_override,
        )


def _awaited(matter: Matter, moment: Moment) -> Text | str:
    """Return the label of the step whose day a moment waits for."""
    while isinstance(moment, After):
        moment = matter.policy.calendar.moments[moment.after]
    event = moment.event if isinstance(moment, OnEvent) else ""
    step = matter.policy.procedure.transitions.get(event)
    return event if step is None else step.label
