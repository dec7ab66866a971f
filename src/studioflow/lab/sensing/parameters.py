"""The parameters of a policy: its numbers, and the answers of its readings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from attrs import evolve, field, frozen

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.policy import Policy, Reading
from studioflow.text import exact

__all__ = ["Parameter", "Value", "chosen", "parameters"]

Value = int | Decimal | str
"""A number as a policy file has it, or the answer of a reading."""

_SCORED = ("conditions", "sections", "criteria", "deductions", "gates", "grades", "scoring")
_DESCRIBES = frozenset({"heading"})
"""Numbers that the form prints and nothing is scored by."""
_ENTRY = 2
"""An entry, such as `criteria/5.2.2`, is two keys deep."""


@frozen
class Parameter:
    """One thing that a policy could say otherwise.

    Attributes:
        path: as `Policy.vary` takes it.
        value: in force; None for a number that is left open, such as a pass mark nobody named.
        step: what a number is moved by; None for a reading with answers to choose from.
        answers: the other ones of a reading.
        clause: of the nearest table around it that cites one.
    """

    path: str
    value: Value | None
    step: int | Decimal | None = None
    answers: tuple[str, ...] = ()
    clause: str | None = None

    def around(self, steps: int) -> tuple[Value, ...]:
        """Return the values so many steps down and up, the one in force among them.

        >>> Parameter("criteria/5.2.2/norm", 16, 1).around(2)
        (14, 15, 16, 17, 18)

        Of a reading it is every answer; of a number that is left open there is none.
        """
        if self.answers and self.value is not None:
            return (self.value, *self.answers)
        if self.value is None or self.step is None:
            return ()
        value, step = Fraction(self.value), Fraction(self.step)
        return tuple(_plain(value + way * step) for way in range(-steps, steps + 1))

    @property
    def others(self) -> tuple[Value, ...]:
        """One step down and one step up; of a reading, every other answer."""
        return tuple(value for value in self.around(1) if value != self.value)


def parameters(policy: Policy) -> tuple[Parameter, ...]:
    """Return every number that studios are scored by, and every reading, in the policy's order.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> [each for each in parameters(policy) if each.path == "criteria/5.2.4/each"]
    [Parameter(path='criteria/5.2.4/each', value=Decimal('0.5'), step=Decimal('0.5'), answers=(), clause='5.2.4')]

    A number is moved by the step of the fact beside it, if it is a multiple of that; else by 1, or
    by the fraction that it ends in. Bounds of facts are not among them, nor what is for the
    calendar, the records and the lifecycle: a table of facts does not show what hangs on those.
    """  # noqa: E501 - an example on one line
    found = [_of_reading(name, reading) for name, reading in policy.readings.items()]
    tables = policy.tables
    found += _numbers({name: tables[name] for name in _SCORED if name in tables}, policy)
    return tuple(found)


def chosen(policy: Policy, paths: Iterable[str | Parameter] | None) -> tuple[Parameter, ...]:
    """Return the parameters asked for, all where nothing is said.

    A path stands for what is at it or below it, and may be of any table.

    Raises:
        InputError: for every path at which there is no number and no reading.
    """
    known = {each.path: each for each in parameters(policy)}
    if paths is None:
        return tuple(known.values())
    known |= {each.path: each for each in _numbers(policy.tables, policy)}
    collector = Collector()
    found: dict[str, Parameter] = {}
    for path in paths:
        with collector.under():
            if isinstance(path, Parameter):
                found[path.path] = path
                continue
            here = [each for name, each in known.items() if f"{name}/".startswith(f"{path}/")]
            if not here:
                raise wrong(UNKNOWN_NAME, path, known=known)
            found |= {each.path: each for each in here}
    collector.finish()
    return tuple(found.values())


def _of_reading(name: str, reading: Reading) -> Parameter:
    path = f"readings/{name}"
    if reading.type == "choice":
        answers = tuple(answer for answer in reading.values if answer != reading.value)
        return Parameter(path, reading.in_force, answers=answers, clause=reading.clause)
    if reading.value is None:
        return Parameter(path, None, 1, clause=reading.clause)
    number = Fraction(reading.value)
    return Parameter(path, _plain(number), _step(number, []), clause=reading.clause)


@frozen
class _Place:
    """Where in a document one is, and what the tables around say."""

    policy: Policy
    keys: tuple[str, ...] = ()
    clause: str | None = None
    steps: tuple[Fraction, ...] = field(default=())

    def within(self, key: str, value: object) -> _Place:
        """Return the place of what stands under a key."""
        inside = evolve(self, keys=(*self.keys, key))
        if not isinstance(value, Mapping):
            return inside
        clause = value.get("clause")
        inside = evolve(inside, clause=clause if isinstance(clause, str) else self.clause)
        # The facts of an entry are nobody else's; what stands deeper may have nearer ones.
        around = self.steps if len(inside.keys) > _ENTRY else ()
        return evolve(inside, steps=_steps_in(value, self.policy) or around)


def _numbers(tables: Mapping[str, Any], policy: Policy) -> Iterator[Parameter]:
    for name, table in tables.items():
        if name != "readings":
            yield from _below(table, _Place(policy).within(name, table))


def _below(value: object, here: _Place) -> Iterator[Parameter]:
    match value:
        case bool():
            pass
        case int() | Decimal() if here.keys[-1] not in _DESCRIBES:
            step = _step(Fraction(value), here.steps)
            yield Parameter("/".join(here.keys), value, step, clause=here.clause)
        case Mapping():
            for key, item in value.items():
                yield from _below(item, here.within(key, item))
        case list():
            for place, item in enumerate(value):
                yield from _below(item, here.within(str(place), item))
        case _:
            pass


def _steps_in(table: Mapping[str, object], policy: Policy) -> tuple[Fraction, ...]:
    """Return the steps of the facts that a table names."""
    named = [name for value in table.values() for name in _words(value)]
    facts = [policy.facts[name] for name in named if name in policy.facts]
    return tuple(fact.step for fact in facts if fact.step is not None)


def _words(value: object) -> Iterator[str]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item


def _step(value: Fraction, near: Sequence[Fraction]) -> int | Decimal:
    fitting = [step for step in near if value % step == 0]
    return _plain(min(fitting, default=Fraction(1, value.denominator)))


def _plain(number: Fraction) -> int | Decimal:
    """Return a number as a policy file has it."""
    return int(number) if number.denominator == 1 else Decimal(exact(number))
