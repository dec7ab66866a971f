"""The driver: takes a real programme along a path, finding who, when and with what papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import frozen

from studioflow.host import Host, load_policy
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.studio import Studio
from studioflow.testing.choices import Choices, choosing
from studioflow.testing.clock import FakeClock
from studioflow.testing.full_facts import full_facts
from studioflow.testing.path import Path
from studioflow.testing.run import Run
from studioflow.testing.stage import Taken
from studioflow.timeline import Happened, Window, resolve
from studioflow.verdict import Denied

__all__ = ["Drive", "Driver", "Taken"]

_MOST_RUNS = 200
_OTHERS = 8
_SOME_DAY = date(2024, 1, 2)


class Company:
    """The other studios of a batch, which go along until each has a sheet."""

    def __init__(self, runs: Iterable[Run]) -> None:
        """Take the studios, none of them declared yet."""
        self._runs = tuple(runs)

    def follow(self, action: str) -> None:
        """Take the step that the driven studio has taken, as far as they go.

        Raises:
            Denied: where one of them may not.
        """
        for run in self._runs:
            step = run.step(action)
            if run.studio.sheet is None and run.studio.state in step.sources:
                run.take(action)


@frozen
class Drive:
    """A studio that was taken along a path.

    Attributes:
        programme: the real one, with the studio in its register.
        clock: the programme's.
        studio: as it is at the end.
        steps: everything that was done, steps beside the path included, in order.
    """

    programme: Programme
    clock: FakeClock
    studio: Studio
    steps: tuple[Taken, ...]


class Driver:
    """Takes studios along paths, each in a new programme of its own.

    >>> from studioflow.testing import Driver
    >>> drive = Driver("yongjia-2023").drive(["declare", "approve"])
    >>> drive.studio.state, [step.action for step in drive.steps]
    ('approved', ['declare', 'approve'])
    """

    def __init__(self, policy: Policy | str, host: Host | None = None) -> None:
        """Prepare to drive.

        Args:
            policy: or the id of one that a plugin brings.
            host: whose plugins are asked; every installed one when it is left out.

        Raises:
            InputError: with every problem of the policy.
        """
        self.host = Host.discover() if host is None else host
        self.policy = policy if isinstance(policy, Policy) else load_policy(policy, host=self.host)
        self._full = full_facts(self.policy)

    @property
    def best(self) -> Mapping[str, object]:
        """Facts of a studio at its best, without a gap."""
        return self._full.best

    @property
    def full(self) -> tuple[Mapping[str, object], ...]:
        """Facts without a gap, for every result of a sheet that was found; the best first."""
        return self._full.all

    def drive(self, path: Path | Iterable[str]) -> Drive:
        """Take a studio along a path, and return it.

        For each step it asks what stands against it, and does something about that: another
        person, another day, what has to come with it, facts that a condition wants, steps beside
        the path that something hangs on. Where that leads nowhere it goes back and tries another
        way, a few hundred times.

        Args:
            path: or the names of its steps, beginning with a declaration.

        Raises:
            Denied: where it found no way: what stands against the step that it came to.
            InputError: for a step that the policy does not have.
        """
        actions = tuple(path.actions if isinstance(path, Path) else path)
        furthest, reason = -1, None
        for choices in choosing(_MOST_RUNS):
            clock = FakeClock(self.first_day(actions))
            programme = Programme.open(self.policy, host=self.host, clock=clock)
            run = Run(programme, clock, choices, self._full.all)
            done = 0
            try:
                company = self._company(programme, clock, choices)
                for action in actions:
                    run.take(action)
                    done += 1
                    company.follow(action)
            except Denied as denied:
                if done > furthest:
                    furthest, reason = done, denied
            else:
                return Drive(programme, clock, programme.studio(run.name), tuple(run.taken))
        assert reason is not None  # noqa: S101 - there is one run at least
        raise reason

    def _company(self, programme: Programme, clock: FakeClock, choices: Choices) -> Company:
        """Choose the rest of the batch: there are others only where grades go by places."""
        if not any(grade.places for grade in self.policy.rubric.grades.values()):
            return Company(())
        best, middling = self._full.best, self._full.middling
        worst = self._full.worst
        others = choices.pick(((), [middling] * _OTHERS, [*[best] * _OTHERS, worst]))
        return Company(
            Run(programme, clock, Choices(), (facts,), f"other-{number}")
            for number, facts in enumerate(others, 1)
        )

    def first_day(self, actions: Sequence[str]) -> date:
        """Return a day on which the first of some steps may be taken, as far as the calendar tells.

        Without steps it is the day on which the first window begins.
        """
        calendar, steps = self.policy.calendar, self.policy.procedure.transitions
        first = steps.get(actions[0]) if actions else None
        window = calendar.windows.get((first and first.window) or "")
        starts = [self._start(each) for each in ([window] if window else calendar.windows.values())]
        return min((day for day in starts if day is not None), default=_SOME_DAY)

    def _start(self, window: Window) -> date | None:
        calendar = self.policy.calendar
        if window.start is None:
            return None
        return resolve(window.start, calendar.moments, Happened(), calendar.working_days)
