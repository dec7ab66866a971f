"""Asking plugins: each by itself, about frozen values, and whatever one does wrong is its own."""

from __future__ import annotations

from collections.abc import Coroutine, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice

from studioflow.errors import said_by
from studioflow.lifecycle.matter import Matter, Objection
from studioflow.studio import Guard, Question
from studioflow.studio.read_only import ReadOnly
from studioflow.text import Message, Text, message, visible
from studioflow.verdict import Reason

__all__ = ["asked"]

PLUGIN_FAILED = message(
    "plugin_failed", zh="插件检查“{guard}”出错：{error}", en="the guard {guard} failed: {error}"
)

_MOST_REASONS = 100
"""An answer that never ends is cut off here; a guard that never answers can't be."""
_MOST_CHARACTERS = 200
_PLAIN = frozenset({str, bool, int, Fraction, date, Text})


def asked(guards: Iterable[Guard], matter: Matter) -> Iterable[Objection]:
    """Object with what the guards that the step concerns have to say."""
    for guard in guards:
        if guard.concerns(matter.attempt.action):
            # A question of its own: what one guard does to it, the next one does not see.
            for reason in _answer(guard, _question(matter)):
                yield Objection(reason)


def _question(matter: Matter) -> Question:
    attempt, application = matter.attempt, matter.application
    studio = attempt.studio
    return Question(
        action=attempt.action,
        actor=attempt.by,
        on=attempt.on,
        studio=studio.id,
        state=studio.state,
        unit=application.unit if application else None,
        lead=application.lead.id if application else None,
        people=matter.people,
        level=application.level if application else None,
        # A copy. Not behind a proxy, which hands the dict in it to whatever it is compared with.
        facts=ReadOnly(matter.facts.values),
        history=tuple((event.action, event.on) for event in studio.history),
        total=matter.sheet.total.points if matter.sheet else None,
    )


def _answer(guard: Guard, question: Question) -> list[Reason]:
    """Ask one guard; whatever it does wrong is its own, named reason against the step."""
    try:
        answer = guard.check(question)
        if isinstance(answer, Coroutine):
            answer.close()
        if isinstance(answer, str | bytes | Mapping | Coroutine) or not isinstance(
            answer, Iterable
        ):
            return [_failed(guard, f"answered {type(answer).__name__}, not reasons")]
        items: list[object] = list(islice(answer, _MOST_REASONS + 1))
        reasons = [_checked(guard, item) for item in items[:_MOST_REASONS]]
    except KeyboardInterrupt:  # the user's, and not an answer
        raise
    # A plugin may raise anything: neither `sys.exit` nor a cancellation is a way out of an answer.
    except BaseException as error:  # noqa: BLE001 - see above
        return [_failed(guard, said_by(error))]
    if len(items) > _MOST_REASONS:
        reasons.append(_failed(guard, f"answered more than {_MOST_REASONS} reasons"))
    return reasons


def _checked(guard: Guard, item: object) -> Reason:
    """Return a copy of a reason that says where it came from, if all its parts are plain."""
    if not isinstance(item, Reason):
        return _failed(guard, f"answered {type(item).__name__} among its reasons")
    parameters, who, about = dict(item.parameters), tuple(item.who), tuple(item.about)
    said = Message(item.message.code, Text(item.message.text.zh, item.message.text.en))
    words = (said.code, said.text.zh, said.text.en, *parameters, *about)
    if not all(type(word) is str for word in words):
        return _failed(guard, f"{said.code!r}: a message that is not plain text")
    if not all(_plain(value) for value in parameters.values()):
        return _failed(guard, f"{said.code}: parameters that are not plain values")
    if not (_plain(item.clause) and _plain(who)):
        return _failed(guard, f"{said.code}: clause or who that is not plain text")
    return Reason(said, parameters, item.clause, who, guard.origin or guard.id, about)


def _plain(value: object) -> bool:
    """Return whether a value is exact, can not change, and is rendered without plugin code."""
    if type(value) is tuple:
        return all(_plain(item) for item in value)
    if type(value) is Decimal:
        return value.is_finite()
    # The very type: a subclass may bring code of its own.
    return value is None or type(value) in _PLAIN


def _failed(guard: Guard, error: str) -> Reason:
    parameters = {"guard": guard.id, "error": visible(error[:_MOST_CHARACTERS])}
    return Reason(PLUGIN_FAILED, parameters, origin=guard.origin or guard.id)
