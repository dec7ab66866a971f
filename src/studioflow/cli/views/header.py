"""The head of a story: which programme, how big, and which way its studios go."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text as Cell

from studioflow.cli.layout import visible
from studioflow.cli.output import Output
from studioflow.cli.results import Results
from studioflow.cli.views.telling import Teller
from studioflow.policy import Procedure
from studioflow.text import Text, exact

__all__ = ["head", "main_way"]

_SIZE = Text(
    "{studios} 个工作室，{places}；必备 {gates} 项，评分 {items} 项共 {points} 分",
    "{studios} studios, {places}; {gates} gates, {items} items with {points} points in all",
)
_LEGEND = Text(
    "✓ 可以；✗ 不可以，列出全部理由和条款；→ ✓ 后来再办时可以",
    "✓ allowed; ✗ denied, with every reason and its clause; → ✓ allowed at a later attempt",
)
_PLACES = Text("{n} 个名额", "{n} places")
_NO_QUOTA = Text("名额不限", "no limit of places")
_NO_MAXIMUM = Text("不限", "no limit of")
_VARIED = Text("改动 ", "varied ")
_BESIDE = Text("此外：", "beside it: ")
_LOOK_ALIKES = Text("名称容易混淆：", "names that are hard to tell apart: ")


def main_way(procedure: Procedure) -> tuple[str, ...]:
    """Return the states on the shortest way from a declaration to the last state that is listed.

    It is empty where no way leads there.
    """
    steps = [step for step in procedure.transitions.values() if step.moves]
    ways: list[tuple[str, ...]] = [(step.dest,) for step in steps if step.declares]
    goal = [*procedure.states][-1] if procedure.states else None
    seen: set[str] = set()
    for way in ways:  # which grows: the shortest come first
        if way[-1] == goal:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [(*way, step.dest) for step in steps if way[-1] in step.sources]
    return ()


def head(results: Results, output: Output) -> Iterator[Cell]:
    """Yield what the programme is, before the first step of it."""
    teller = Teller(results, output)
    policy, batch, say = teller.policy, teller.report.batch, teller.say
    made = Cell.assemble((say(policy.label), "bold"), f"  {say(batch.label)}\n")
    source = [visible(policy.source)] if policy.source else []
    made.append(" · ".join([*source, f"{policy.id} {policy.version}"]), "dim")
    yield made
    for change in policy.reference.varied:
        yield Cell.assemble((say(_VARIED), "dim"), (visible(change), "yellow"))
    rubric, quota = policy.rubric, policy.quota
    sizes = {
        "studios": str(len(batch.studios)),
        "places": teller.said(_PLACES, n=str(quota.places)) if quota else say(_NO_QUOTA),
        "gates": str(len(rubric.gates)),
        "items": str(len(rubric.criteria)),
        "points": say(_NO_MAXIMUM) if rubric.maximum is None else exact(rubric.maximum),
    }
    yield teller.lines(teller.said(_SIZE, **sizes))
    labels = {name: say(state.label) for name, state in policy.procedure.states.items()}
    way = main_way(policy.procedure)
    beside = [label for name, label in labels.items() if name not in way]
    if way:
        yield teller.flow([labels[name] for name in way], " → ", "dim")
        beside[:1] = [say(_BESIDE) + label for label in beside[:1]]
    if beside:
        yield teller.flow(beside, " · ", "dim")
    yield teller.lines(say(_LEGEND), "dim")
    for pair in batch.look_alikes:
        yield teller.lines(say(_LOOK_ALIKES) + " / ".join(pair), "yellow")
