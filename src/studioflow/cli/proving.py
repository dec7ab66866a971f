"""`prove`, `ask` and `reach`: what can happen at all under a policy."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import click

from studioflow.cli.facts import write_document
from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.parts import (
    POLICY,
    argument,
    changes_option,
    command,
    option,
    policy_argument,
)
from studioflow.codec import Collector, wrong
from studioflow.policy import Policy
from studioflow.text import Text, message

__all__ = ["ask", "prove", "reach"]

_NO, _NO_ANSWER = 1, 3

GOAL_MISSING = message(
    "goal_missing", zh="--grade 或 --total 之一", en="one of --grade and --total"
)
COST_SYNTAX = message("cost_syntax", zh="FACT=NUMBER", en="FACT=NUMBER")
SECONDS_ABOVE_0 = message("seconds_above_0", zh="大于0的秒数", en="a number of seconds above 0")

_CLAIM = Text(
    "一句话，如 “eligible and total >= 90”；写法见 docs/claims.md",
    "a sentence such as “eligible and total >= 90”; docs/claims.md says how they are written",
)


def _checked_seconds(_: click.Context, __: click.Parameter, value: float) -> float:
    if not value > 0:
        raise wrong(SECONDS_ABOVE_0, value)
    return value


seconds_option = option(
    "--seconds",
    type=float,
    default=20.0,
    metavar="N",
    callback=_checked_seconds,
    about=Text(
        "每个问题最多多少秒（默认 20）", "how long each question may take; 20 when left out"
    ),
)
_out_option = option(
    "-o",
    "--out",
    metavar="FILE",
    about=Text("把找到的工作室写成事实文件", "write the studio that is found as a file of facts"),
)


@command(
    Text(
        "证明关于政策的说法，或举出反例；不给说法时证明一组标准说法",
        "Prove claims about a policy, or refute them by a studio; standard ones when left out",
    ),
    "studioflow prove yongjia-2023",
    "studioflow prove yongjia-2023 'total <= 100' 'states/commended needs transitions/plaque'",
    "studioflow prove yongjia-2023 --same-as my-county.toml",
)
@policy_argument()
@click.argument("claims", nargs=-1, metavar="CLAIM")
@option(
    "--same-as",
    metavar="POLICY",
    about=Text(
        "证明两个政策给每个工作室相同的结果",
        "prove that another policy gives every studio the same",
    ),
)
@seconds_option
@changes_option
def prove(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    policy: str,
    claims: tuple[str, ...],
    same_as: str | None,
    seconds: float,
    settings: tuple[str, ...],
) -> None:
    """Print what came of each claim."""
    from studioflow.cli.views.claims import difference_told, proofs_told
    from studioflow.lab.solving import differ, proofs

    host = discovered(output)
    chosen = loaded(host, policy, settings)
    if same_as is not None:
        found = differ(chosen, loaded(host, same_as), seconds=seconds)
        difference_told(chosen, found, output)
        outcomes: set[str] = {found.outcome}
    else:
        outcomes = proofs_told(chosen, proofs(chosen, *claims, seconds=seconds), output)
    if "refuted" in outcomes:
        raise click.exceptions.Exit(_NO)
    if "no_answer" in outcomes:
        raise click.exceptions.Exit(_NO_ANSWER)


@command(
    Text(
        "找一个满足各条件的工作室，或说明不可能有",
        "Find a studio of which all conditions hold, or say that there can be none",
    ),
    "studioflow ask yongjia-2023 eligible 'total >= 90' 'activities < 16'",
    "studioflow ask yongjia-2023 'total >= 90' -o found.toml",
)
@policy_argument()
@click.argument("conditions", nargs=-1, required=True, metavar="CONDITION")
@_out_option
@seconds_option
@changes_option
def ask(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    policy: str,
    conditions: tuple[str, ...],
    out: str | None,
    seconds: float,
    settings: tuple[str, ...],
) -> None:
    """Print what was found."""
    from studioflow.cli.views.claims import asked_told, fact_file
    from studioflow.lab.solving import ask as asked

    chosen = loaded(discovered(output), policy, settings)
    found = asked(chosen, *conditions, seconds=seconds)
    if out is not None and found.witness is not None:
        write_document(Path(out), fact_file(chosen, found.witness, output.language))
    asked_told(chosen, found, output)
    if found.answer != "witness":
        raise click.exceptions.Exit(_NO if found.answer == "impossible" else _NO_ANSWER)


@command(
    Text(
        "一个工作室怎样以最小的代价达到某个等次或总分",
        "The cheapest changes that get a studio to a grade or a total",
    ),
    "studioflow reach examples/studio.toml --policy yongjia-2023 --total 95",
    "studioflow reach examples/studio.toml --policy yongjia-2023 --total 95 --fix trainees",
)
@argument(
    "facts",
    about=Text("事实文件（TOML 或 JSON）", "a TOML or JSON file of facts"),
)
@option("--policy", required=True, metavar="POLICY", about=POLICY)
@option("--grade", metavar="GRADE", about=Text("要达到的等次", "the grade to get to"))
@option("--total", metavar="POINTS", about=Text("要达到的总分", "the total to get to"))
@option(
    "--cost",
    "costs",
    multiple=True,
    metavar="FACT=NUMBER",
    about=Text(
        "改变一步的代价，可重复；不给为 1", "of one step of a fact, repeatable; 1 when left out"
    ),
)
@option(
    "--fix",
    "fixed",
    multiple=True,
    metavar="FACT",
    about=Text("不变的事实，可重复", "a fact that does not change, repeatable"),
)
@_out_option
@seconds_option
@changes_option
def reach(  # noqa: PLR0913, PLR0917 - one for each option
    output: Output,
    facts: str,
    policy: str,
    grade: str | None,
    total: str | None,
    costs: tuple[str, ...],
    fixed: tuple[str, ...],
    out: str | None,
    seconds: float,
    settings: tuple[str, ...],
) -> None:
    """Print the changes."""
    from studioflow.cli.views.claims import fact_file, reached_told
    from studioflow.lab.solving import reach as reached
    from studioflow.policy import read_facts

    chosen = loaded(discovered(output), policy, settings)
    goal = _goal(chosen, grade, total)
    found = reached(
        chosen, read_facts(Path(facts)), goal, costs=_costs(costs), fixed=fixed, seconds=seconds
    )
    if out is not None and found.witness is not None:
        write_document(Path(out), fact_file(chosen, found.witness, output.language))
    reached_told(chosen, found, output)
    if found.answer in {"impossible", "no_answer"}:
        raise click.exceptions.Exit(_NO if found.answer == "impossible" else _NO_ANSWER)


def _goal(policy: Policy, grade: str | None, total: str | None) -> str:
    if (grade is None) == (total is None):
        raise wrong(GOAL_MISSING, "-" if grade is None else f"--grade {grade} --total {total}")
    if total is not None:
        return f"total >= {total}"
    least = policy.rubric.grades.get(str(grade))
    return f"grade {'=' if least is not None and least.otherwise else '>='} {grade}"


def _costs(texts: tuple[str, ...]) -> dict[str, Fraction]:
    collector, costs = Collector(), dict[str, Fraction]()
    for text in texts:
        name, _, cost = text.partition("=")
        with collector.under("--cost"):
            try:
                costs[name.strip()] = Fraction(cost.strip())
            except (ValueError, ZeroDivisionError):
                raise wrong(COST_SYNTAX, text) from None
    collector.finish()
    return costs
