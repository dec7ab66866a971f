"""Which parameters move studios, and where one of them tips, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich.table import Table

from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, table
from studioflow.lab.sensing import (
    Effect,
    Moves,
    Refusal,
    Sensitivity,
    Step,
    Tip,
    Tipping,
    Trial,
    Value,
)
from studioflow.policy import Policy
from studioflow.text import Language, Text, exact, render

__all__ = ["sensitivity_told", "tipping_told"]

_SHOWN, _STUDIOS_SHOWN = 12, 6
_COUNT = Text(
    "{studios} 个工作室；{parameters} 个参数，{moving} 个有影响；{steps} 步，{refused} 步不成立",
    "studios: {studios}; parameters: {parameters}, moving: {moving}; steps: {steps}, "
    "refused: {refused}",
)
_HEADS = (
    Text("参数改为", "parameter, set to"),
    Text("工作室", "studios"),
    Text("无法评分", "unscored"),
    Text("总分", "total"),
    Text("合格", "eligible"),
    Text("等级", "grade"),
)
_MORE = Text(
    "另有 {n} 个有影响的参数；--all 列出全部", "and {n} more that move a studio; see --all"
)
_REFUSED = {
    "policy": Text("不成立的改动：{codes}", "steps that give no policy: {codes}"),
    "cohort": Text(
        "表格不合其事实的改动：{codes}", "steps whose facts are not the table's: {codes}"
    ),
}
_NO = {"policy": Text("不成立", "no policy"), "cohort": Text("表格不合", "not this table")}
_OPEN = Text(
    "没有定值，无从移动：{paths}；可用 --tip 和 --values",
    "left open, so that there is nothing to step from: {paths}; try --tip with --values",
)
_NOW = Text("{path}（现为 {value}）", "{path}, now {value}")
_NOTHING = Text("试过的值之间没有不同。", "Nothing comes out otherwise between the values tried.")
_TIP_HEADS = (
    Text("在两值之间", "between"),
    Text("数量", "quantity"),
    Text("前", "before"),
    Text("后", "after"),
    Text("工作室", "studios"),
)
_QUANTITIES = {
    "scored": Text("可以评分", "can be scored"),
    "eligible": Text("合格", "eligible"),
    "total": Text("总分不同", "another total"),
}
_AND = Text("{studios} 等 {n} 个", "{studios} and {n} more")


def sensitivity_told(found: Sensitivity, output: Output, *, everything: bool) -> None:
    """Print the parameters that move studios, the most first, and what could not be counted."""
    if output.as_json:
        output.json(_sensitivity_as_json(found, output.language))
        return
    said = {
        "studios": found.studios,
        "parameters": len(found.effects),
        "moving": len(found.moving),
        "steps": sum(len(effect.steps) for effect in found.effects),
        "refused": len(found.refused),
    }
    output.show(cell(render(_COUNT, said, output.language), "bold"))
    moving = found.moving
    shown = found.effects if everything else moving[:_SHOWN]
    if shown:
        output.show("", _effects(shown, output))
    if len(shown) < len(moving):
        said = {"n": len(moving) - len(shown)}
        output.show(cell(render(_MORE, said, output.language), "dim"))
    _refusals((step.refusal for _, step in found.refused), output)
    unset = [effect.parameter.path for effect in found.effects if not effect.steps]
    if unset:
        output.show(cell(render(_OPEN, {"paths": ", ".join(unset)}, output.language), "dim"))


def _effects(effects: Iterable[Effect], output: Output) -> Table:
    made = table(*map(output.say, _HEADS), right=range(1, len(_HEADS)))
    for effect in effects:
        path = effect.parameter.path
        for step in effect.steps:  # written as --set takes it
            made.add_row(*map(cell, (f"{path}={_written(step.value)}", *_counts(step, output))))
        if not effect.steps:
            made.add_row(cell(path), cell("–"))
    return made


def _counts(step: Step, output: Output) -> tuple[str, ...]:
    if step.moves is None:
        return (output.say(_NO[step.refusal.by]) if step.refusal else "–",)
    moves = step.moves
    turns = [f"+{moves.gained}" if moves.gained else "", f"-{moves.lost}" if moves.lost else ""]
    eligible = " ".join(filter(None, turns)) or "·"
    counts = [str(n) if n else "·" for n in (moves.studios, moves.unscored, moves.totals)]
    return (*counts, eligible, str(moves.grades) if moves.grades else "·")


def _refusals(refusals: Iterable[Refusal | None], output: Output) -> None:
    """Print how many steps give nothing to count, by why."""
    counts: dict[str, dict[str, int]] = {}
    for refusal in refusals:
        if refusal is not None:
            codes = counts.setdefault(refusal.by, {})
            code = refusal.problems[0].code
            codes[code] = codes.get(code, 0) + 1
    for by, codes in counts.items():
        listed = ", ".join(f"{code} {count}" for code, count in codes.items())
        output.show(cell(render(_REFUSED[by], {"codes": listed}, output.language), "dim"))


def tipping_told(found: Tipping, output: Output) -> None:
    """Print between which values what comes out otherwise, and for whom."""
    if output.as_json:
        output.json(_tipping_as_json(found, output.language))
        return
    now = {"path": found.path, "value": _written(found.value)}
    output.show(cell(render(_NOW, now, output.language), "bold"))
    if found.tips:
        rows = table(*map(output.say, _TIP_HEADS), right=[2, 3])
        for tip in found.tips:
            rows.add_row(*map(cell, _tip_row(tip, found.policy, output)))
        output.show("", rows)
    else:
        output.show(cell(output.say(_NOTHING)))
    _refusals((trial.refusal for trial in found.trials), output)


def _tip_row(tip: Tip, policy: Policy, output: Output) -> tuple[str, ...]:
    _, _, grade = tip.quantity.partition("/")
    label = policy.rubric.grades[grade].label if grade else _QUANTITIES[tip.quantity]
    ends = ["–" if end is None else str(end) for end in (tip.before, tip.after)]
    between = " → ".join(map(_written, tip.between))
    return between, output.say(label), *ends, _named(tip.studios, output)


def _named(studios: Sequence[str], output: Output) -> str:
    named = ", ".join(studios[:_STUDIOS_SHOWN])
    more = len(studios) - _STUDIOS_SHOWN
    return render(_AND, {"studios": named, "n": more}, output.language) if more > 0 else named


def _written(value: Value | None) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else exact(value)


def _plain(value: Value | None) -> int | str | None:
    return exact(value) if isinstance(value, Decimal) else value


def _policy_as_json(policy: Policy) -> dict[str, object]:
    return {
        "id": policy.id,
        "fingerprint": policy.fingerprint,
        "varied": [*policy.reference.varied],
    }


def _sensitivity_as_json(found: Sensitivity, language: Language) -> dict[str, object]:
    return {
        "schema": "studioflow.sensitivity/1",
        "policy": _policy_as_json(found.policy),
        "studios": found.studios,
        "parameters": [
            {
                "path": effect.parameter.path,
                "value": _plain(effect.parameter.value),
                "clause": effect.parameter.clause,
                "studios": effect.studios,
                "steps": [
                    {
                        "value": _plain(step.value),
                        "moves": None if step.moves is None else _moves_as_json(step.moves),
                        "refused": _refused_as_json(step.refusal, language),
                    }
                    for step in effect.steps
                ],
            }
            for effect in found.effects
        ],
    }


def _moves_as_json(moves: Moves) -> dict[str, int]:
    return {
        "studios": moves.studios,
        "unscored": moves.unscored,
        "totals": moves.totals,
        "gained": moves.gained,
        "lost": moves.lost,
        "grades": moves.grades,
    }


def _refused_as_json(refusal: Refusal | None, language: Language) -> dict[str, object] | None:
    if refusal is None:
        return None
    problems = [problem.to_dict(language) for problem in refusal.problems]
    return {"by": refusal.by, "problems": problems}


def _tipping_as_json(found: Tipping, language: Language) -> dict[str, object]:
    return {
        "schema": "studioflow.tipping/1",
        "policy": _policy_as_json(found.policy),
        "path": found.path,
        "value": _plain(found.value),
        "trials": [_trial_as_json(trial, language) for trial in found.trials],
        "tips": [
            {
                "quantity": tip.quantity,
                "between": [_plain(value) for value in tip.between],
                "before": tip.before,
                "after": tip.after,
                "studios": [*tip.studios],
            }
            for tip in found.tips
        ],
    }


def _trial_as_json(trial: Trial, language: Language) -> dict[str, object]:
    return {
        "value": _plain(trial.value),
        "scored": trial.scored,
        "eligible": trial.eligible,
        "grades": {**trial.grades},
        "refused": _refused_as_json(trial.refusal, language),
    }
