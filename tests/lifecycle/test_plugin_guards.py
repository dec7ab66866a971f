"""Plugins are asked one by one, about frozen values, and what one does wrong is its own."""

from __future__ import annotations

import copy
import sys
from asyncio import CancelledError
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import pytest
from attrs import frozen
from attrs.exceptions import FrozenInstanceError

from studioflow.lifecycle import Lifecycle
from studioflow.people import Actor
from studioflow.studio import Guard, Question
from studioflow.text import Message, Text
from studioflow.verdict import Denied, Reason
from tests.lifecycle.conftest import DAYS, World, codes, person

NO = Reason(Message("not_today", Text("今天不行", "not today")), clause="X.1")


def _quiet(_: Question) -> list[Reason]:
    return []


def _says_no(_: Question) -> list[Reason]:
    return [NO]


def _guarded(world: World, *checks: Callable[[Question], Any]) -> World:
    guards = [
        Guard(id=f"guard_{number}", check=check, origin=f"plugin-{number}")
        for number, check in enumerate(checks)
    ]
    return world.under(Lifecycle(world.policy, guards=guards))


def test_a_guard_says_no(world: World) -> None:
    """Its reason stands among the others, with where it came from."""
    guarded = _guarded(world, _quiet, _says_no)
    papers = world.papers("approve")
    papers["places_left"] = 0
    verdict = guarded.can("approve", world.studio("declared"), papers=papers)

    assert ["quota", "not_today"] == codes(verdict)
    assert ("plugin-1", "X.1") == (verdict.reasons[1].origin, verdict.reasons[1].clause)
    assert "[plugin-1] 今天不行" in verdict.explain("zh")


def test_a_guard_may_yield(world: World) -> None:
    """A generator is an answer like a list."""

    def yields(_: Question) -> Iterator[Reason]:
        yield NO
        yield NO

    verdict = _guarded(world, yields).can("approve", world.studio("declared"))
    assert ["not_today", "not_today"] == codes(verdict)


def test_a_guard_chooses_its_actions(world: World) -> None:
    """It is asked about the actions that it names, and about all where it names none."""
    seen: list[str] = []

    def notes(question: Question) -> list[Reason]:
        seen.append(question.action)
        return []

    guard = Guard(id="some", check=notes, actions=frozenset({"plaque", "commend"}))
    world.under(Lifecycle(world.policy, guards=[guard])).studio("commended")
    assert ["plaque", "commend"] == seen


def test_what_a_guard_is_asked(world: World) -> None:
    """It sees who acts on which studio, what is known, and what has happened."""
    seen: list[Question] = []

    def notes(question: Question) -> list[Reason]:
        seen.append(question)
        return []

    studio = world.studio("operating")
    _guarded(world, notes).act("evaluate", studio)
    (question,) = seen
    assert ("evaluate", "s-01", "operating") == (question.action, question.studio, question.state)
    assert ("样例学校", "lead-a", "county") == (question.unit, question.lead, question.level)
    assert person("bureau_committee") == question.actor
    assert {"lead-a", *(f"member-{n}" for n in range(7))} == question.people
    assert (7, 9) == (question.facts["members"], question.facts["goal_mark"])
    assert ("operate", DAYS["operate"]) == question.history[-1]
    assert 92 == question.total


def test_fault_12_wrong_role(world: World) -> None:
    """Where the role is wrong no plugin runs, every other reason is listed, and it is said."""
    asked: list[Question] = []

    def notes(question: Question) -> list[Reason]:
        asked.append(question)
        return [NO]

    guarded = _guarded(world, notes)
    papers = world.papers("approve")
    papers["places_left"] = 0
    own = Actor("lead-a", unit="样例学校", roles={"lead"})
    verdict = guarded.can("approve", world.studio("plaqued"), by=own, papers=papers)

    assert ["wrong_state", "wrong_role", "own_studio", "quota"] == codes(verdict)
    assert [] == asked
    assert not verdict.plugins_asked
    assert "未询问插件" in verdict.explain("zh")
    assert "plugins were not asked" in verdict.explain("en")


class _UnspeakableError(Exception):
    def __str__(self) -> str:
        raise ValueError


def _raises(_: Question) -> list[Reason]:
    raise RuntimeError("out of \x1b[31morder")


def _exits(_: Question) -> list[Reason]:
    sys.exit(3)


def _recurses(question: Question) -> list[Reason]:
    return _recurses(question)


def _unspeakable(_: Question) -> list[Reason]:
    raise _UnspeakableError


class _WorseError(BaseException):
    def __str__(self) -> str:
        raise GeneratorExit


class _Shout(str):
    __slots__ = ()

    def __format__(self, _: str) -> str:
        raise GeneratorExit


class _Nameless(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override] # on purpose
        raise GeneratorExit


class _ShoutedError(Exception, metaclass=_Nameless):
    def __str__(self) -> str:
        return _Shout("loud")


def _cancelled(_: Question) -> list[Reason]:
    raise CancelledError("elsewhere")


def _leaves(_: Question) -> list[Reason]:
    raise GeneratorExit


def _worse(_: Question) -> list[Reason]:
    raise _WorseError


def _shouts(_: Question) -> list[Reason]:
    raise _ShoutedError


def _raises_midway(_: Question) -> Iterator[Reason]:
    yield NO
    raise RuntimeError("midway")


@pytest.mark.parametrize(
    ("check", "said"),
    [
        (_raises, "RuntimeError: out of \\x1b[31morder"),
        (_exits, "SystemExit: 3"),
        (_recurses, "RecursionError"),
        (_unspeakable, "_UnspeakableError"),
        (_raises_midway, "RuntimeError: midway"),
        (_cancelled, "CancelledError: elsewhere"),
        (_leaves, "GeneratorExit"),
        (_worse, "_WorseError"),
        (_shouts, "_ShoutedError: loud"),
    ],
)
def test_fault_15_a_guard_raises(
    world: World, check: Callable[[Question], Iterable[Reason]], said: str
) -> None:
    """Its answer is an error with its name, the others' are kept, and nothing is finalised."""
    guarded = _guarded(world, _says_no, check, _says_no)
    studio = world.studio("declared")
    before = copy.deepcopy(studio)
    with pytest.raises(Denied) as caught:
        guarded.act("approve", studio)

    reasons = caught.value.reasons
    assert ["not_today", "plugin_failed", "not_today"] == [reason.code for reason in reasons]
    assert ("plugin-1", "guard_1") == (reasons[1].origin, reasons[1].parameters["guard"])
    assert said in reasons[1].text("en")
    assert before == studio


def test_fault_15_interrupts_go_through(world: World) -> None:
    """Ctrl-C is the user's and not an answer of the plugin."""

    def interrupted(_: Question) -> list[Reason]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _guarded(world, interrupted).can("approve", world.studio("declared"))


def test_fault_15_an_interrupt_while_an_error_is_told(world: World) -> None:
    """Ctrl-C goes through there as well."""

    class _InterruptedError(Exception):
        def __str__(self) -> str:
            raise KeyboardInterrupt

    def fails(_: Question) -> list[Reason]:
        raise _InterruptedError

    with pytest.raises(KeyboardInterrupt):
        _guarded(world, fails).can("approve", world.studio("declared"))


class _Word(StrEnum):
    A = "a"


@frozen
class _Almost:
    code: str = "x"


def _with(parameter: object) -> list[Reason]:
    return [Reason(Message("given", Text("{x}", "{x}")), {"x": parameter})]


async def _asynchronous() -> list[Reason]:
    return []


async def _asynchronous_reasons() -> AsyncIterator[Reason]:
    yield NO


def _endless() -> Iterator[Reason]:
    while True:
        yield NO


BAD_ANSWERS: list[tuple[str, Callable[[], object]]] = [
    ("None", lambda: None),
    ("NaN", lambda: float("nan")),
    ("infinity", lambda: float("inf")),
    ("21", lambda: 21),
    ("true", lambda: True),
    ("false", lambda: False),
    ("coroutine", _asynchronous),
    ("async generator", _asynchronous_reasons),
    ("string", lambda: "no"),
    ("bytes", lambda: b"no"),
    ("mapping", lambda: {"no": NO}),
    ("a lone reason", lambda: NO),
    ("wrong item", lambda: [3]),
    ("almost a reason", lambda: [_Almost()]),
    ("a class", lambda: [Reason]),
    ("NaN parameter", lambda: _with(float("nan"))),
    ("decimal NaN parameter", lambda: _with(Decimal("nan"))),
    ("float parameter", lambda: _with(0.5)),
    ("list parameter", lambda: _with([1])),
    ("NaN in a tuple", lambda: _with((1, (float("nan"),)))),
    ("object parameter", lambda: _with(object())),
    ("enum parameter", lambda: _with(_Word.A)),
    ("moment parameter", lambda: _with(datetime(2024, 1, 1))),  # noqa: DTZ001 - refused either way
    ("parameters are no mapping", lambda: [Reason(NO.message, [1])]),  # type: ignore[arg-type] # on purpose
    ("a message that is a word", lambda: [Reason("no")]),  # type: ignore[arg-type] # on purpose
    ("a text that is a number", lambda: [Reason(Message("x", Text(1, "x")))]),  # type: ignore[arg-type] # on purpose
    ("a clause that is a list", lambda: [Reason(NO.message, {}, [1])]),  # type: ignore[arg-type] # on purpose
    ("who that is a number", lambda: [Reason(NO.message, {}, None, 3)]),  # type: ignore[arg-type] # on purpose
    ("about that is a number", lambda: [Reason(NO.message, about=3)]),  # type: ignore[arg-type] # on purpose
    ("an id that is a number", lambda: [Reason(NO.message, about=(3,))]),  # type: ignore[arg-type] # on purpose
    ("endless", _endless),
]


@pytest.mark.parametrize(("answer"), [pytest.param(make, id=name) for name, make in BAD_ANSWERS])
def test_fault_16_a_guard_answers_wrongly(world: World, answer: Callable[[], object]) -> None:
    """Whatever is not reasons is refused with the guard's name, and the others' are kept."""
    guarded = _guarded(world, lambda _: answer(), _says_no)
    verdict = guarded.can("approve", world.studio("declared"))

    failed = [reason for reason in verdict.reasons if reason.code == "plugin_failed"]
    assert ["plugin-0"] == [reason.origin for reason in failed]
    assert "guard_0" in failed[0].text("zh")
    assert "plugin-1" == verdict.reasons[-1].origin
    assert "guard_0" in verdict.explain("en")


def test_fault_16_an_async_guard(world: World) -> None:
    """A check that is a coroutine function is refused, and its coroutine is not left behind."""

    async def check(_: Question) -> list[Reason]:
        return []

    verdict = _guarded(world, check).can("approve", world.studio("declared"))
    assert "answered coroutine" in verdict.reasons[0].text("en")


def test_plain_parameters_are_kept(world: World) -> None:
    """Words, exact numbers, days and texts arrive as they were given."""
    values = ("a", 1, True, None, Fraction(1, 3), Decimal("0.5"), date(2024, 1, 1), Text("甲", "A"))
    verdict = _guarded(world, lambda _: _with(values)).can("approve", world.studio("declared"))

    assert ["given"] == codes(verdict)
    assert values == verdict.reasons[0].parameters["x"]
    assert "a、1、是、未知、1/3、0.5、2024-01-01、甲" == verdict.reasons[0].text("zh")


def test_what_a_reason_is_about_is_kept(world: World) -> None:
    """Ids that a guard names arrive with its reason."""
    reason = Reason(NO.message, about=("members", "5.0.2"))
    verdict = _guarded(world, lambda _: [reason]).can("approve", world.studio("declared"))

    assert [("members", "5.0.2")] == [found.about for found in verdict.reasons]


def test_an_answer_is_copied(world: World) -> None:
    """What a guard changes in its answer afterwards does not reach the verdict."""
    parameters: dict[str, object] = {"x": 1}
    reason = Reason(Message("given", Text("{x}", "{x}")), parameters)
    verdict = _guarded(world, lambda _: [reason]).can("approve", world.studio("declared"))
    parameters["x"] = 2

    assert "1" == verdict.reasons[0].text()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda q: q.facts.__setitem__("members", 12), id="set a fact"),
        pytest.param(lambda q: q.facts.update(members=12), id="update facts"),
        pytest.param(lambda q: q.facts.clear(), id="clear facts"),
        pytest.param(lambda q: setattr(q, "total", 100), id="set the total"),
        pytest.param(lambda q: setattr(q, "facts", {}), id="replace facts"),
        pytest.param(lambda q: delattr(q, "history"), id="delete history"),
        pytest.param(lambda q: q.history.append(("commend", q.on)), id="append to history"),
        pytest.param(lambda q: q.people.discard("lead-a"), id="leave the people"),
        pytest.param(lambda q: setattr(q.actor, "unit", "else"), id="move the actor"),
        pytest.param(lambda q: q.actor.roles.add("lead"), id="add a role"),
    ],
)
def test_fault_17_a_guard_changes_its_inputs(
    world: World, change: Callable[[Question], object]
) -> None:
    """It can't: trying is the guard's named error, and studio and later guards see no change."""
    seen: list[Question] = []

    def tries(question: Question) -> list[Reason]:
        seen.append(copy.copy(question))
        change(question)
        return []

    def notes(question: Question) -> list[Reason]:
        seen.append(question)
        return []

    studio = world.studio("operating")
    before = copy.deepcopy(studio)
    verdict = _guarded(world, tries, notes).can("evaluate", studio)

    assert ["plugin_failed"] == codes(verdict)
    error = str(verdict.reasons[0].parameters["error"])
    assert error.startswith(("TypeError", "AttributeError", FrozenInstanceError.__name__))
    assert seen[0] == seen[1]
    assert before == studio


def test_fault_17_a_comparison_gets_no_hold_of_facts(world: World) -> None:
    """What facts are compared with is not handed a dict, and each guard has facts of its own."""
    met: list[object] = []
    seen: list[object] = []

    class _Evil:
        __hash__ = None  # type: ignore[assignment] # compared, and nothing else

        def __eq__(self, other: object) -> bool:
            met.append(other)
            return True

    def compares(question: Question) -> list[Reason]:
        seen.append(question.facts)
        return [] if question.facts == _Evil() else [NO]

    verdict = _guarded(world, compares, compares).can("evaluate", world.studio("operating"))
    assert [] == codes(verdict)
    assert [False, False] == [isinstance(other, dict) for other in met]
    assert seen[0] is not seen[1]
