"""What a type checker, and so an editor, knows of a programme's actions and questions."""

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import assert_type

from studioflow import (
    Actor,
    Application,
    Inspection,
    Mark,
    MemoryRegister,
    Outcomes,
    Programme,
    Register,
    ScoreSheet,
    Studio,
    Verdict,
    load_policy,
)
from studioflow.cohort import Rank
from studioflow.programme import Progress

clerk = Actor("p-01", unit="bureau", roles={"bureau_committee"})
register: Register = MemoryRegister()
programme = Programme.open(
    load_policy("yongjia-2023"), register=register, clock=lambda: datetime.now(UTC)
)
application = {"name": "n", "unit": "u", "lead": {"id": "l"}}

studio = programme.declare(
    application, by=clerk, records={"member": [{"joined": date(2023, 3, 20)}]}
)
assert_type(studio, Studio)
assert_type(programme.declare(application, "s-02", by=clerk, on=date(2023, 3, 22)), Studio)
assert_type(programme.approve(studio, by=clerk, overrides={"quota": {"reason": "…"}}), Studio)
assert_type(programme.approve("s-01", by=clerk, key="k-1", remark="…"), Studio)
assert_type(programme.return_for_completion(studio, ["a gap"], by=clerk), Studio)
assert_type(programme.refuse(studio, by=clerk, remark="…"), Studio)
assert_type(programme.withdraw(studio, by=clerk, remark="…"), Studio)
assert_type(programme.revoke(studio, by=clerk, remark="…"), Studio)
assert_type(programme.inspect(studio, Inspection(items={}), by=clerk), Studio)
assert_type(programme.plaque(studio, by=clerk, inspection=Inspection(items={})), Studio)
assert_type(programme.operate(studio, by=clerk), Studio)
assert_type(programme.record(studio, {"activity": [{"theme": "t"}]}, by=clerk), Studio)
assert_type(programme.correct(studio, strike=["activity-1"], by=clerk, remark="…"), Studio)
mark = Mark(criterion="5.1.1", by="p-11", role="assessor", points=Fraction(9))
assert_type(programme.mark(studio, [mark], by=clerk), Studio)
assert_type(programme.evaluate(studio, by=clerk, decision="passed", facts={}), Studio)
assert_type(programme.commend(studio, by=clerk, decision="outstanding"), Studio)
assert_type(programme.reward(studio, by=clerk), Studio)
assert_type(programme.act("anything", studio, by=clerk, gaps=["a"]), Studio)

assert_type(programme.can("approve", studio, by=clerk), Verdict)
assert_type(programme.can("declare", by=clerk, application=application), Verdict)
assert_type(programme.available(studio, by=clerk), dict[str, Verdict])
assert_type(programme.studio("s-01"), Studio)
assert_type(programme.studios(), tuple[Studio, ...])
assert_type(programme.score(studio), ScoreSheet)
assert_type(programme.progress(studio, on=date(2024, 1, 1)), Progress)
assert_type(programme.ranking(), tuple[Rank, ...])
assert_type(programme.outcomes(decided={"outstanding": ["s-01"]}), Outcomes)
assert_type(programme.places_left(), int | None)
assert_type(studio.application, Application | None)

# What an action does not take is an error, and so is a word in place of an actor.
programme.approve(studio, by=clerk, decision="passed")  # type: ignore[call-arg] # has no grade
programme.approve(studio, by="p-01")  # type: ignore[arg-type] # an id is no actor
programme.approve(studio, by=clerk, on="2023-04-14")  # type: ignore[arg-type] # text is no day
programme.aprove(studio, by=clerk)  # type: ignore[attr-defined] # misspelt
programme.mark(studio, mark, by=clerk)  # type: ignore[arg-type] # a lone mark is no list
