"""A lifecycle that was asked many things before answers as one that was never asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from attrs import field, fields, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.lifecycle import HandedIn, Lifecycle
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.studio import Event, Studio
from studioflow.verdict import Denied, Verdict
from tests.lifecycle.conftest import ASIDE, DAYS, EVALUATION, ROLE, STATES, World, person
from tests.lifecycle.county import actor
from tests.lifecycle.little import Bureau, little

Answer = tuple[object, ...]


@frozen
class Question:
    """One question: what, about which studio, by whom, on which day, with what."""

    action: str
    studio: Studio = field(repr=lambda studio: studio.state)  # the whole of it is too long
    by: Actor
    on: date
    given: HandedIn = field(repr=lambda given: str([*given]))


def _told(verdict: Verdict) -> Answer:
    reasons = [(r.code, r.to_dict("zh"), r.explain(), r.when) for r in verdict.reasons]
    warnings = [(r.code, r.to_dict("zh"), r.explain(), r.when) for r in verdict.warnings]
    return (verdict.action, reasons, warnings, verdict.plugins_asked)


def _refused(error: InputError) -> Answer:
    return ("wrong input", [(p.code, p.path, str(p)) for p in error.problems])


def _can(lifecycle: Lifecycle, asked: Question) -> Answer:
    try:
        verdict = lifecycle.can(asked.action, asked.studio, by=asked.by, on=asked.on, **asked.given)
    except InputError as error:
        return _refused(error)
    return _told(verdict)


def _act(lifecycle: Lifecycle, asked: Question) -> Answer:
    try:
        step = lifecycle.act(asked.action, asked.studio, by=asked.by, on=asked.on, **asked.given)
    except InputError as error:
        return _refused(error)
    except Denied as denied:
        return _told(denied.verdict)
    event = [(each.name, getattr(step.event, each.name)) for each in fields(Event)]
    return (_told(step.verdict), event, step.studio)


@cache
def _reference() -> tuple[Policy, Lifecycle]:
    policy = load_policy("yongjia-2023")
    return policy, Lifecycle(policy)


@cache
def _small() -> tuple[Policy, Lifecycle]:
    policy = little()
    return policy, Lifecycle(policy)


@cache
def _reference_studios() -> tuple[Studio, ...]:
    policy, _ = _reference()
    world = World(policy=policy, lifecycle=Lifecycle(policy))
    studios = [world.studio(state) for state in (*STATES, *ASIDE)]
    operating = world.studio("operating")
    more = [world.act(name, operating).studio for name in ("record", "mark", "inspect", "correct")]
    return (*studios, *more)


@cache
def _small_studios() -> tuple[Studio, ...]:
    policy, _ = _small()
    bare = (Studio(id="s-01"), Bureau(policy).declared(unit="样例学校"))
    return bare + tuple(Bureau(policy).upto(name) for name in ("approve", "operate", "evaluate"))


def _reference_question(draw: st.DrawFn) -> Question:
    """Return a question of the reference policy: often the right one, or nearly."""
    policy, _ = _reference()
    world = World(policy=policy, lifecycle=_reference()[1])
    action = draw(st.sampled_from(tuple(policy.procedure.transitions)))
    role = draw(st.sampled_from((ROLE[action], ROLE[action], *policy.roles, "nobody_knows")))
    by = person(
        role, draw(st.sampled_from(("", "lead-a"))), draw(st.sampled_from(("", "样例学校")))
    )
    on = DAYS[action] + timedelta(days=draw(st.sampled_from((0, 0, -400, -1, 1, 40, 400))))
    given: HandedIn = {}
    if draw(st.booleans()):
        given = {**world.papers(action)}
    elif draw(st.booleans()):
        names = draw(st.lists(st.sampled_from(tuple(EVALUATION)), max_size=4))
        given["facts"] = {name: EVALUATION[name] for name in names}
    _beside(draw, given, on)
    return Question(action, draw(st.sampled_from(_reference_studios())), by, on, given)


def _small_question(draw: st.DrawFn) -> Question:
    """Return a question of the small policy."""
    policy, _ = _small()
    action = draw(st.sampled_from(tuple(policy.procedure.transitions)))
    step = policy.procedure.transitions[action]
    by = actor(draw(st.sampled_from((*step.by, *policy.roles))))
    on = date(2024, 3, 4) + timedelta(days=draw(st.sampled_from((0, 0, -1, 1, 400))))
    given: HandedIn = {}
    if draw(st.booleans()):
        given["facts"] = {"lessons": draw(st.integers(0, 12))}
    _beside(draw, given, on)
    return Question(action, draw(st.sampled_from(_small_studios())), by, on, given)


def _beside(draw: st.DrawFn, given: HandedIn, on: date) -> None:
    places = draw(st.sampled_from((None, None, -1, 0, 1, 3)))
    if places is not None:
        given["places_left"] = places
    if draw(st.booleans()):
        given["today"] = on + timedelta(days=draw(st.sampled_from((-1, 0, 1, 90))))


def _questions(one: Callable[[st.DrawFn], Question]) -> st.SearchStrategy[list[Question]]:
    return st.lists(st.composite(one)(), min_size=1, max_size=8)


_quickly = settings(deadline=None, max_examples=25)
_of_reference = _questions(_reference_question)
_of_small = _questions(_small_question)


def _as_fresh(policy: Policy, used: Lifecycle, questions: list[Question]) -> None:
    for asked in [*questions, *reversed(questions)]:
        assert _can(Lifecycle(policy), asked) == _can(used, asked)
        assert _act(Lifecycle(policy), asked) == _act(used, asked)


def _action_by_action(used: Lifecycle, asked: Question) -> None:
    given: HandedIn = {**asked.given}
    each: dict[str, Answer] = {}
    wrong = False
    for action in used.actions:
        each[action] = _can(used, Question(action, asked.studio, asked.by, asked.on, given))
        wrong = wrong or "wrong input" == each[action][0]
    try:
        found = used.available(asked.studio, by=asked.by, on=asked.on, **given)
    except InputError:
        assert wrong
        return
    assert each == {action: _told(verdict) for action, verdict in found.items()}


def _slowly(used: Lifecycle, asked: Question) -> None:
    slow: HandedIn = {"remark": "", "overrides": {}, "records": {}, "strike": (), **asked.given}
    if "facts" not in asked.given:
        slow["facts"] = {}
    bare: HandedIn = {**asked.given}
    if "remark" not in asked.given:
        bare["remark"] = ""
    with_all = Question(asked.action, asked.studio, asked.by, asked.on, slow)
    with_none = Question(asked.action, asked.studio, asked.by, asked.on, bare)

    assert _can(used, asked) == _can(used, with_none)
    assert _can(used, asked) == _can(used, with_all)
    assert _act(used, with_none) == _act(used, with_all)


@_quickly
@given(questions=_of_reference)
def test_used_as_fresh(questions: list[Question]) -> None:
    """Under the reference policy, what was asked before changes no answer and no event."""
    _as_fresh(*_reference(), questions)


@_quickly
@given(questions=_of_small)
def test_used_as_fresh_in_the_small(questions: list[Question]) -> None:
    """Under a small policy, what was asked before changes no answer and no event."""
    _as_fresh(*_small(), questions)


@_quickly
@given(questions=_of_reference, of_small=_of_small)
def test_available_is_can(questions: list[Question], of_small: list[Question]) -> None:
    """What is available is what may be done, action by action."""
    for asked in questions:
        _action_by_action(_reference()[1], asked)
    for asked in of_small:
        _action_by_action(_small()[1], asked)


@_quickly
@given(questions=_of_reference, of_small=_of_small)
def test_nothing_handed_in_slowly(questions: list[Question], of_small: list[Question]) -> None:
    """Whoever hands in empty facts, records and words hears what the others hear."""
    for asked in questions:
        _slowly(_reference()[1], asked)
    for asked in of_small:
        _slowly(_small()[1], asked)
