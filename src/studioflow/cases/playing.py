"""Playing a case: its actions, one after the other, in a programme of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time

from attrs import frozen

from studioflow.cases.cast import actor, application
from studioflow.cases.documents import CaseAction
from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import Programme
from studioflow.register import SlotTaken
from studioflow.rubric import ScoreSheet
from studioflow.studio import Studio
from studioflow.text import Text, message
from studioflow.verdict import Denied, Reason, Verdict

__all__ = ["Attempt", "Played", "play", "steps_from"]

NONE_LEFT = message(
    "none_left", zh="登记册中已无：{slots}", en="none left in the register: {slots}"
)
_MORNING = time(9, tzinfo=UTC)
_NOT_HERE = frozenset({"wrong_state", "wrong_role", "others_studio"})


@frozen
class Attempt:
    """One action that was tried.

    Attributes:
        action: the action.
        state: of the studio before it.
        roles: in which it was tried.
        verdict: whether it was taken, and what was said.
    """

    action: CaseAction
    state: str
    roles: frozenset[str]
    verdict: Verdict


@frozen
class Played:
    """What came of actions, up to the first one that is denied.

    Attributes:
        programme: in which they were taken.
        attempts: every action that was tried, one at least.
    """

    programme: Programme
    attempts: tuple[Attempt, ...]

    @property
    def action(self) -> CaseAction:
        """The last action that was tried."""
        return self.attempts[-1].action

    @property
    def verdict(self) -> Verdict:
        """What was said of the last action."""
        return self.attempts[-1].verdict

    @property
    def studio(self) -> Studio:
        """The studio of the last action, as it then is."""
        return _studio(self.programme, self.action.studio)

    @property
    def denied(self) -> tuple[Reason, ...]:
        """Why the last action was denied, if it was."""
        return self.verdict.reasons

    def sheet(self) -> ScoreSheet:
        """Return the studio's sheet on the day of the last action."""
        return self.programme.score(self.action.studio, on=self.action.on)


def play(policy: Policy, host: Host, actions: Sequence[CaseAction]) -> Played:
    """Take actions, one or more, until one is denied.

    Args:
        policy: of the programme.
        host: whose plugins are asked.
        actions: whose days are the clock's, too; it never runs backwards.

    Raises:
        InputError: for what comes with an action and does not fit, with the action's place.
    """
    now = [actions[0].on]
    programme = Programme.open(policy, host=host, clock=lambda: datetime.combine(now[0], _MORNING))
    tried: list[Attempt] = []
    for place, each in enumerate(actions):
        now[0] = max(now[0], each.on)
        try:
            tried.append(_tried(programme, each))
        except InputError as error:
            at = ("actions", str(place))
            raise InputError(problem.under(*at) for problem in error.problems) from None
        if not tried[-1].verdict:
            break
    return Played(programme, tuple(tried))


def _tried(programme: Programme, each: CaseAction) -> Attempt:
    policy, given = programme.policy, dict(each.given)
    step = policy.procedure.transitions.get(each.action)
    before = _studio(programme, each.studio)
    if step is not None and step.declares and before.application is None:
        given.setdefault("application", application(each.studio))
    who = _who(policy, each.by, each.studio)
    if isinstance(given.get("overrides"), Mapping):
        given["overrides"] = {
            name: _by_somebody(policy, aside, each.studio)
            for name, aside in given["overrides"].items()
        }
    try:
        verdict = programme.take(each.action, each.studio, by=who, on=each.on, **given).verdict
    except Denied as denied:
        verdict = denied.verdict
    except SlotTaken as taken:  # the register's own limit, which no policy can switch off
        label = Text(each.action, each.action) if step is None else step.label
        reason = Reason(NONE_LEFT, {"slots": tuple(slot.name for slot in taken.slots)})
        verdict = Verdict(label, (reason,))
    return Attempt(each, before.state, who.roles, verdict)


def _studio(programme: Programme, name: str) -> Studio:
    known = name in programme.register.studios()
    return programme.studio(name) if known else Studio(id=name)


def _who(policy: Policy, by: str, studio: str) -> Actor:
    return Actor.parse(by) if ":" in by else actor(policy, by, studio)


def _by_somebody(policy: Policy, aside: object, studio: str) -> object:
    """Return what sets a condition aside, by who it says that does."""
    if isinstance(aside, Mapping) and isinstance(aside.get("by"), str):
        return {**aside, "by": _who(policy, aside["by"], studio)}
    return aside


def steps_from(played: Played) -> dict[str, tuple[str, ...]]:
    """Return every step that begins where the studio is, with the roles that may take it."""
    programme, studio = played.programme, played.action.studio
    found: dict[str, tuple[str, ...]] = {}
    for role in programme.policy.roles:
        who = actor(programme.policy, role, studio)
        for action, verdict in programme.available(studio, by=who).items():
            if not _NOT_HERE & {reason.code for reason in verdict.reasons}:
                found[action] = (*found.get(action, ()), role)
    return found
