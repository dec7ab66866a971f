"""Who may act on a studio, from which state and on which day: the questions before every other."""

from __future__ import annotations

from collections.abc import Iterator

from studioflow.errors import nearest
from studioflow.lifecycle.limits import limits
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.lifecycle.needs import lacking, wrong_claim, wrong_supplier
from studioflow.policy import UNDECLARED, Policy, Transition
from studioflow.text import Message, Text, message, visible
from studioflow.verdict import Reason, Verdict

__all__ = ["Entry"]

WRONG_STATE = message(
    "wrong_state",
    zh="现为“{state}”，此事只在“{sources}”时可办",
    en="the studio is {state}; this starts from {sources}",
)
NO_APPLICATION = message("no_application", zh="没有申报材料", en="there is no application")
ALREADY_DECLARED = message(
    "already_declared",
    zh="已有申报材料，不能另交一份",
    en="there is an application already, which another one can not replace",
)
OTHER_UNIT = message(
    "other_unit",
    zh="已由{unit}申报，不能改为其他单位的工作室",
    en="it was declared by {unit}, and does not become another unit's studio",
)
BEFORE_LAST = message(
    "before_last",
    zh="日期早于上一步（{action}，{day}）",
    en="the day lies before that of the last step ({action}, {day})",
)
NOT_COME_YET = message(
    "day_not_come",
    zh="{day}尚未到来（今天是{today}）",
    en="{day} has not come yet (today: {today})",
)
BACKDATED = message(
    "backdated",
    zh="补记：事在{day}，记于{today}",
    en="said to be of {day}, written down on {today}",
)
OTHERS_STUDIO = message(
    "others_studio",
    zh="{roles}只办理本人、本单位的工作室",
    en="{roles}: for a studio of one's own person or unit alone",
)
WRONG_ROLE = message("wrong_role", zh="须由{roles}办理", en="this is for {roles}")
_NO_SUCH_ROLE = Text("；政策中没有角色 {strange}", "; the policy has no role {strange}")
_APPLICATION = ("application",)
_UNDECLARED_LABEL = Text("未申报", "not declared")
_MOST_KEPT = 1000
"""Sets of roles whose answer is kept; a bureau has a few dozen."""


class Entry:
    """Asks of one step whether it starts from here, on this day, with these people and papers.

    Attributes:
        allowed: the verdict where nothing speaks against it.
    """

    def __init__(self, action: str, policy: Policy) -> None:
        """Prepare what hangs on the step alone."""
        self.policy = policy
        self.transition = policy.procedure.transitions[action]
        self.allowed = Verdict(self.transition.label)
        self._sources = frozenset(self.transition.sources)
        self._open_roles = frozenset(n for n in self.transition.by if not policy.roles[n].own)
        self._own_roles = frozenset(self.transition.by) - self._open_roles
        step = self.transition
        self._has_needs = bool(step.needs) or step.corrects
        self._has_limits = (
            step.once
            or step.declares
            or any(each is not None for each in (step.once_in, step.within, step.settles))
        )
        self._elsewhere: dict[str, Objection] = {}
        self._other_roles: dict[frozenset[str], Objection] = {}

    def objections(self, matter: Matter, *, fits: bool) -> list[Objection]:
        """Return what speaks against state, day and role, and what did not come with it.

        Args:
            matter: of the attempt.
            fits: whether the actor's role does.
        """
        attempt = matter.attempt
        studio = attempt.studio
        found: list[Objection] = []
        if studio.state not in self._sources:
            found.append(self._wrong_state(studio.state))
        if attempt.application is not None or studio.application is None:
            found += self._wrong_papers(matter)
        if self._has_limits or attempt.due is not None or attempt.lead is not None:
            found += limits(matter)
        today, history, on = attempt.today, studio.history, attempt.on
        if (today is not None and on != today) or (history and on < history[-1].on):
            found += self._wrong_day(matter)
        if not fits:
            found.append(self._wrong_role(matter))
        if attempt.takes_in:
            found += wrong_claim(matter)
            found += wrong_supplier(matter)
        if self._has_needs:
            found += lacking(matter)
        return found

    def role_fits(self, matter: Matter) -> bool:
        """Return whether the actor has a role that may take the step."""
        roles = matter.attempt.by.roles
        if not self._open_roles.isdisjoint(roles):
            return True
        held = not self._own_roles.isdisjoint(roles)
        return held and (not matter.application or matter.is_own(matter.attempt.by))

    def _wrong_state(self, state: str) -> Objection:
        """Object to the state, and say who can take the next step towards one that fits."""
        known = self._elsewhere.get(state)
        if known is None:
            transition = self.transition
            parameters = {
                "state": self._label(state),
                "sources": tuple(self._label(name) for name in transition.sources),
            }
            who = {
                role: self.policy.roles[role].label
                for step in _towards(self.policy, state, self._sources)
                for role in step.by
            }
            known = self._elsewhere[state] = Objection(
                Reason(
                    WRONG_STATE,
                    parameters,
                    transition.clause,
                    tuple(who.values()),
                    about=transition.sources,
                )
            )
        return known

    def _wrong_papers(self, matter: Matter) -> Iterator[Objection]:
        """Object where the application does not fit the step, or another one."""
        before, now = matter.attempt.studio.application, matter.attempt.application
        clause, declares = self.transition.clause, self.transition.declares
        if matter.attempt.studio.state in self._sources:
            if before is None and now is None:
                yield Objection(Reason(NO_APPLICATION, {}, clause, about=_APPLICATION))
            elif before and now and not declares:
                yield Objection(Reason(ALREADY_DECLARED, {}, clause, about=_APPLICATION))
        if before and now and declares and before.unit != now.unit:
            reason = Reason(OTHER_UNIT, {"unit": before.unit}, clause, about=_APPLICATION)
            yield Objection(reason)

    def _wrong_day(self, matter: Matter) -> Iterator[Objection]:
        """Object to a day that has not come, and warn of one before the last step, or long ago."""
        attempt, clause, studio = matter.attempt, self.transition.clause, matter.attempt.studio
        if studio.history and attempt.on < studio.history[-1].on:
            last = studio.history[-1]
            label = self.policy.procedure.label_of(last.action)
            parameters = {"action": label, "day": last.on}
            yield Objection(Reason(BEFORE_LAST, parameters, clause), warns=True)
        today = attempt.today or attempt.on
        days = {"day": attempt.on, "today": today}
        if attempt.on > today:
            yield Objection(Reason(NOT_COME_YET, days, clause, when=attempt.on))
        elif attempt.on < today:
            yield Objection(Reason(BACKDATED, days, clause), warns=True)

    def _wrong_role(self, matter: Matter) -> Objection:
        """Object to the actor's roles, and name those that nobody has."""
        held = matter.attempt.by.roles
        known = self._other_roles.get(held)
        if known is None:
            known = Objection(self._about_roles(matter, held))
            if len(self._other_roles) < _MOST_KEPT:
                self._other_roles[held] = known
        return known

    def _about_roles(self, matter: Matter, given: frozenset[str]) -> Reason:
        transition, roles = self.transition, self.policy.roles
        held = tuple(name for name in transition.by if name in given)
        if held:
            labels = {"roles": matter.roles(held)}
            return Reason(OTHERS_STUDIO, labels, transition.clause, about=held)
        said, parameters = WRONG_ROLE, {"roles": matter.roles(transition.by)}
        strange = sorted(given - roles.keys())
        if strange:
            text = Text(said.text.zh + _NO_SUCH_ROLE.zh, said.text.en + _NO_SUCH_ROLE.en)
            said = Message(said.code, text)
            parameters["strange"] = tuple(_strange(name, nearest(name, roles)) for name in strange)
        return Reason(said, parameters, transition.clause, about=transition.by)

    def _label(self, name: str) -> Text:
        state = self.policy.procedure.states.get(name)
        if state is None:
            return _UNDECLARED_LABEL if name == UNDECLARED else Text(name, name)
        return state.label


def _towards(policy: Policy, state: str, goals: frozenset[str]) -> list[Transition]:
    """Return the steps with which the shortest ways from a state to one of the goals begin."""
    moving = [step for step in policy.procedure.transitions.values() if step.moves]
    near, seen = set(goals), set(goals)
    while near:
        first = [step for step in moving if step.dest in near and state in step.sources]
        if first:
            return first
        near = {s for step in moving if step.dest in near for s in step.sources} - seen
        seen |= near
    return []


def _strange(name: str, near: str | None) -> Text:
    name = visible(name)
    if near is None:
        return Text(name, name)
    return Text(f"{name}（是否想写 {near}？）", f"{name} (did you mean {near}?)")
