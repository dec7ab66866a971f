"""Whether an attempt lies in its window: two conditions over days.

`STARTED` says that `window_from` is not after the day that is claimed, `NOT_OVER` that `window_to`
is not before the day on which it is written down: what is late does not become timely by a claim.
An end that hangs on what has not happened is an unknown fact, and so is the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from studioflow.algebra import FactNumber, Interpreter, Ranges
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.lifecycle.overrides import with_way_out
from studioflow.policy import UNDECLARED, Policy, Transition
from studioflow.rules import Fact, known
from studioflow.studio import Studio
from studioflow.text import Text, message
from studioflow.timeline import Happened, Moment, Window, awaited, resolve
from studioflow.verdict import Reason

__all__ = ["NOT_OVER", "STARTED", "WINDOW", "Opening"]

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


class Opening:
    """Asks of one step whether it lies in its window; the window's ends are inside."""

    def __init__(self, policy: Policy, transition: Transition) -> None:
        """Prepare what does not hang on a studio."""
        self.policy = policy
        self.transition = transition
        window = policy.calendar.windows.get(transition.window or "")
        self._window = window or Window(label=transition.label)
        self._ends = {"window_from": self._window.start, "window_to": self._window.end}
        self._fixed = all(end is None or type(end) is date for end in self._ends.values())
        self._days = {name: end if type(end) is date else None for name, end in self._ends.items()}
        self._states = frozenset(
            UNDECLARED if name == "none" else name for name in transition.window_for
        )

    def objections(self, matter: Matter) -> Iterable[Objection]:
        """Object where the step is claimed or written down outside its window."""
        attempt = matter.attempt
        if self._states and attempt.studio.state not in self._states:
            return ()
        days = self._days if self._fixed else self._resolved(attempt.studio)
        claimed = attempt.on
        written = max(claimed, attempt.today or claimed)
        start, end = days["window_from"], days["window_to"]
        early = self._ends["window_from"] is not None and (start is None or claimed < start)
        late = self._ends["window_to"] is not None and (end is None or written > end)
        return self._outside(claimed, written, days) if early or late else ()

    def _resolved(self, studio: Studio) -> dict[str, date | None]:
        happened = Happened(studio.days(), studio.dues())
        calendar = self.policy.calendar
        return {
            name: None
            if moment is None
            else resolve(moment, calendar.moments, happened, calendar.working_days)
            for name, moment in self._ends.items()
        }

    def _outside(
        self, claimed: date, written: date, days: Mapping[str, date | None]
    ) -> Iterator[Objection]:
        facts = known(_FACTS, {"claimed": claimed, "written": written, **days}).ranges
        found: dict[str, Reason] = {}
        for truth, name, text in _SIDES:
            moment = self._ends[name]
            outcome = truth(facts, []).value
            if moment is None or outcome is True:
                continue
            about: dict[str, object] = {"window": self._window.label}
            about |= {"day": days[name]} if outcome is False else {"event": self._awaited(moment)}
            said = text if outcome is False else WINDOW_NOT_SET
            when = days[name] if said is TOO_EARLY else None
            named = (str(self.transition.window),)
            # Where both ends hang on the same step, it is said once.
            found[said.code] = Reason(said, about, self._window.clause, about=named, when=when)
        way_out = tuple(self.policy.roles[n].label for n in self.transition.window_override)
        for reason in found.values():
            yield Objection(
                reason,
                refusal=with_way_out(reason, way_out),
                key=WINDOW,
                label=self._window.label,
                warns=self.transition.window_severity == "warn",
                override=self.transition.window_override,
            )

    def _awaited(self, moment: Moment) -> list[Text | str]:
        """Return the labels of the steps on whose day a moment waits."""
        steps = self.policy.procedure.transitions
        events = awaited(moment, self.policy.calendar.moments)
        return [steps[name].label if name in steps else name for name in events]
