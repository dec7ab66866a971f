"""What a type checker says of the lifecycle; every ignored error is one that has to be there."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import assert_type

from studioflow.lifecycle import HandedIn, Lifecycle, Step, mermaid
from studioflow.people import Actor
from studioflow.policy import Policy
from studioflow.programme import BatchReport, run_batch
from studioflow.rubric import FactFile, ScoreSheet
from studioflow.studio import Event, Guard, Override, Question, Studio
from studioflow.verdict import Reason, Verdict


def asking_and_acting(policy: Policy, studio: Studio, by: Actor, on: date) -> None:
    """What comes with an action is typed, and a misspelt name is found."""
    lifecycle = Lifecycle(policy)
    assert_type(lifecycle.can("approve", studio, by=by, on=on, places_left=3), Verdict)
    assert_type(lifecycle.available(studio, by=by, on=on), dict[str, Verdict])
    step = lifecycle.act(
        "evaluate",
        studio,
        by=by,
        on=on,
        facts=FactFile(),
        overrides={"window": Override(reason="")},
    )
    assert_type(step, Step)
    assert_type(step.studio, Studio)
    assert_type(step.event, Event)
    assert_type(step.studio.sheet, ScoreSheet | None)
    assert_type(mermaid(policy, "zh"), str)

    handed_in: HandedIn = {"facts": {"members": 7}, "decision": "passed"}
    lifecycle.act("evaluate", studio, by=by, on=on, **handed_in)

    plain = {"name": "Studio One", "unit": "School One", "lead": {"id": "t-01"}}
    lifecycle.can("declare", studio, by=by, on=on, application=plain)
    lifecycle.can("declare", studio, by=by, on=on, application="Studio One")  # type: ignore[arg-type] # a word
    lifecycle.can("approve", studio, by=by, on="2023-04-14")  # type: ignore[arg-type] # a word is no day
    assert_type([reason.about for reason in step.verdict.warnings], list[tuple[str, ...]])

    lifecycle.can("approve", studio, on=on)  # type: ignore[call-arg] # nobody acts
    lifecycle.can("approve", studio, by="p-07", on=on)  # type: ignore[arg-type] # a word is no actor
    lifecycle.act("approve", studio, by=by, on=on, place_left=3)  # type: ignore[call-arg] # misspelt
    lifecycle.act("approve", studio, by=by, on=on, places_left="3")  # type: ignore[arg-type] # a word
    lifecycle.act("approve", studio, by=by, on=on, overrides={"quota": "ok"})  # type: ignore[dict-item] # no reason
    mermaid(policy, "fr")  # type: ignore[arg-type] # a language that there is not


def values_stay_as_they_are(studio: Studio, event: Event, question: Question) -> None:
    """Nothing that is held can be set."""
    studio.state = "commended"  # type: ignore[misc] # frozen
    studio.facts["members"] = 12  # type: ignore[index] # read-only
    event.facts["members"] = 12  # type: ignore[index] # read-only
    question.facts["members"] = 12  # type: ignore[index] # read-only
    assert_type(studio.history, tuple[Event, ...])
    assert_type(question.total, Fraction | None)


def lists(_: Question) -> list[Reason]:
    """Answer with a list."""
    return []


def yields(_: Question) -> Iterator[Reason]:
    """Answer by yielding."""
    yield from ()


async def waits(_: Question) -> list[Reason]:
    """Answer too late."""
    return []


Guard(id="lists", check=lists)
Guard(id="yields", check=yields)
Guard(id="waits", check=waits)  # type: ignore[arg-type] # a coroutine is no answer
Guard(id="nothing", check=lambda _: None)  # type: ignore[arg-type, return-value] # None is no answer


def batches(policy: Policy, report: BatchReport) -> None:
    """A batch ends in a report."""
    assert_type(run_batch(policy, report.batch), BatchReport)
    assert_type(report.places_left, int | None)
