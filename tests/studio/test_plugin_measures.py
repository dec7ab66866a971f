"""Measures that plugins bring: what they see, and that whatever one does wrong is its own."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from studioflow.errors import InputError
from studioflow.rubric import Measured
from studioflow.studio import PluginMeasure, Record, case_facts, check_brought

if TYPE_CHECKING:
    from tests.studio.conftest import Talks

JUNE = date(2023, 6, 1)
Documents = tuple[Mapping[str, object], ...]


def talk(name: str, **data: object) -> Record:
    """Return a talk with the name of its speaker apart."""
    return Record(
        kind="talk",
        id=name,
        data={"on": "2023-06-01", "speaker": {"id": "t-1"}, **data},
        personal={"speaker/name": "学员甲1"},
    )


def entry(name: str) -> Record:
    """Return an entry of the roster."""
    data = {"person": {"id": name}, "joined": "2023-01-01"}
    return Record(kind="trainee", id=f"r-{name}", data=data)


def asked(
    talks: type[Talks], call: Callable[[Documents], object], fact: str = "talks", **more: object
) -> Measured:
    """Measure a fact by a plugin's function, of two talks of which one is public."""
    declared = talks(**{fact: {"kind": "plugin", "of": "talk", "use": "own", **more}})
    declared.plugins["own"] = PluginMeasure(id="own", measure=call, origin="other-county")
    return declared.measured(fact, talk("a", public=True), talk("b"))


def test_what_it_is_asked(talks: type[Talks]) -> None:
    """It gets the documents of the records that count, without names, and can change nothing."""
    seen: list[Documents] = []

    def own(documents: Documents) -> int:
        seen.append(documents)
        with pytest.raises(TypeError):
            documents[0]["on"] = "2024-01-01"  # type: ignore[index]
        return len(documents)

    found = asked(talks, own, where="public")

    assert (1, ("a",), None) == (found.value, found.counted, found.remark)
    expected = {"on": "2023-06-01", "speaker": {"id": "t-1"}, "public": True}
    assert [({**expected},)] == [tuple(dict(document) for document in each) for each in seen]
    assert "学员甲1" not in repr(seen)


@pytest.mark.parametrize(
    ("fact", "value"),
    [("talks", 3), ("held", False), ("level", "county"), ("money", Decimal("0.10"))],
)
def test_an_answer(fact: str, value: object, talks: type[Talks]) -> None:
    """A value of the fact is taken as it is."""
    found = asked(talks, lambda _: value, fact)

    assert (value, None) == (found.value, found.remark)


def test_not_known(talks: type[Talks]) -> None:
    """None leaves the fact open, and is no mistake."""
    found = asked(talks, lambda _: None)

    assert (None, None, ("a", "b")) == (found.value, found.remark, found.counted)


class UnsayableError(Exception):
    """An exception that can not even say itself."""

    def __str__(self) -> str:
        raise RuntimeError


def failing(error: BaseException) -> Callable[[Documents], object]:
    """Return a measure that raises."""

    def own(_: Documents) -> object:
        raise error

    return own


@pytest.mark.parametrize(
    ("fact", "call", "said"),
    [
        ("talks", failing(ValueError("no title")), "ValueError: no title"),
        ("talks", failing(KeyError("on")), "KeyError: 'on'"),
        ("talks", failing(SystemExit(3)), "SystemExit: 3"),
        ("talks", failing(asyncio.CancelledError()), "CancelledError:"),
        ("talks", failing(UnsayableError()), "UnsayableError"),
        ("talks", failing(ValueError("x\u202ey" + "z" * 9000)), "ValueError: x"),
        ("talks", lambda _: float("nan"), "wrong_type"),
        ("talks", lambda _: 3.0, "wrong_type"),
        ("talks", lambda _: True, "wrong_type"),
        ("talks", lambda _: "3", "wrong_type"),
        ("talks", lambda _: -1, "out_of_bounds"),
        ("money", lambda _: Decimal("NaN"), "not_finite"),
        ("money", lambda _: Fraction(1, 3), "off_step"),
        ("held", lambda _: 1, "wrong_type"),
        ("level", lambda _: "city", "unknown_name"),
        ("trainees", lambda _: 21, "out_of_bounds"),
    ],
)
def test_what_it_does_wrong(
    fact: str, call: Callable[[Documents], object], said: str, talks: type[Talks]
) -> None:
    """What a measure raises, or answers that does not fit, is named; the fact is open."""
    found = asked(talks, call, fact)

    assert found.value is None
    assert found.remark is not None
    assert ("measure_failed", "other-county") == (found.remark.code, found.remark.origin)
    text = found.remark.text()
    assert text.startswith("the measure own failed: ")
    assert said in text
    assert "\u202e" not in text
    assert len(text) < 300  # however long the exception is


def test_a_coroutine(talks: type[Talks]) -> None:
    """A coroutine is no value, and is closed, so that nobody is warned of it."""

    async def own(_: Documents) -> int:
        return 3

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = asked(talks, own)
        gc.collect()

    assert found.value is None
    assert "measure_failed" == (found.remark.code if found.remark else None)


def test_the_user_may_interrupt(talks: type[Talks]) -> None:
    """Ctrl-C is the user's, and no answer."""
    with pytest.raises(KeyboardInterrupt):
        asked(talks, failing(KeyboardInterrupt()))


@pytest.mark.parametrize(("answer", "expected"), [(2, 2), (3, None)])
def test_more_than_there_are(answer: int, expected: int | None, talks: type[Talks]) -> None:
    """A part that is more than its whole is the plugin's mistake, and blocks nothing."""
    declared = talks(
        trainees={"kind": "count", "of": "trainee"},
        trainees_who_talked={"kind": "plugin", "of": "talk", "use": "own"},
    )
    plugins = {"own": PluginMeasure(id="own", measure=lambda _: answer)}
    studio = declared.studio(talk("a"), entry("t-1"), entry("t-2"))
    found = case_facts(declared.policy, studio, JUNE, plugins)

    assert {"trainees": 2, "trainees_who_talked": expected} == {
        name: each.value for name, each in found.items()
    }
    remark = found["trainees_who_talked"].remark
    assert (expected is None) == (remark is not None and remark.code == "measure_failed")
    assert remark is None or "more_than_whole" in remark.text()


def test_two_that_contradict_each_other(talks: type[Talks]) -> None:
    """Of two plugins' measures that do not fit together, one is left, and one is named."""
    declared = talks(
        trainees={"kind": "plugin", "of": "talk", "use": "two"},
        trainees_who_talked={"kind": "plugin", "of": "talk", "use": "three"},
    )
    plugins = {
        "two": PluginMeasure(id="two", measure=lambda _: 2),
        "three": PluginMeasure(id="three", measure=lambda _: 3),
    }
    found = case_facts(declared.policy, declared.studio(talk("a")), JUNE, plugins)

    assert {"trainees": 2, "trainees_who_talked": None} == {n: m.value for n, m in found.items()}


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        # What was handed in before there were records does not speak any more.
        ({"trainees_who_talked": 9}, None),
        # Facts that contradict each other without the plugin are not its fault.
        ({"trainees_who_talked": 9, "guests": "many"}, 3),
    ],
)
def test_beside_plain_facts(
    plain: dict[str, object], expected: int | None, talks: type[Talks]
) -> None:
    """A plugin's value is held against the facts that count, if these are right themselves."""
    declared = talks(
        trainees={"kind": "count", "of": "trainee"},
        trainees_who_talked={"kind": "plugin", "of": "talk", "use": "own"},
    )
    plugins = {"own": PluginMeasure(id="own", measure=lambda _: 3)}
    studio = evolve(declared.studio(talk("a"), entry("t-1")), facts=plain)
    found = case_facts(declared.policy, studio, JUNE, plugins)

    assert expected == found["trainees_who_talked"].value


def test_nobody_brings_it(talks: type[Talks]) -> None:
    """Each measure that is asked for and not there is named, at its place."""
    declared = talks(
        talks={"kind": "plugin", "of": "talk", "use": "own"},
        held={"kind": "plugin", "of": "talk", "use": "other"},
        guests={"kind": "sum", "of": "talk", "field": "guests"},
    )

    check_brought(declared.policy, {"own", "other"})
    with pytest.raises(InputError) as error:
        check_brought(declared.policy, {"own"})
    assert [("measures/held/use", "measure_not_brought")] == [
        (problem.path, problem.code) for problem in error.value.problems
    ]
