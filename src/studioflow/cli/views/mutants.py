"""What became of small mistakes, as text and as JSON."""

from __future__ import annotations

from collections import Counter

from studioflow.cli.output import Output
from studioflow.cli.views.table import cell
from studioflow.lab.mutating import MissingCase, MissingStep, Mutant, MutationReport
from studioflow.policy import Policy
from studioflow.text import Text

__all__ = ["mutants_told"]

_SURVIVED = Text("没有案例发现", "no case notices")
_MISSING = Text("缺少的案例", "the case that is missing")
_COUNT = Text(
    "发现 {killed}，未发现 {survived}，不成其为政策 {refused}，等价 {equivalent}；发现率 {score} %",
    "noticed: {killed}, unnoticed: {survived}, no policy: {refused}, equivalent: {equivalent}; "
    "score {score} %",
)


def mutants_told(policy: Policy, report: MutationReport, output: Output) -> None:
    """Print every mistake that no case notices, with the case that would."""
    fates = ("killed", "survived", "refused", "equivalent")
    counts = dict.fromkeys(fates, 0) | Counter(mutant.fate for mutant in report.mutants)
    if output.as_json:
        output.json(
            {
                "schema": "studioflow.mutate/1",
                "policy": policy.id,
                "score": float(report.score),
                **counts,
                "survivors": [_document(mutant) for mutant in report.survivors],
                "equivalent_mistakes": [
                    str(mutant.mutation) for mutant in report.mutants if mutant.fate == "equivalent"
                ],
            }
        )
        return
    for mutant in report.survivors:
        output.show(cell(f"{output.say(_SURVIVED)}: {mutant.mutation}", "yellow"))
        if mutant.missing is not None:
            output.show(cell(f"  {output.say(_MISSING)}:"))
            for line in mutant.missing.to_toml(mutant.mutation.path).splitlines():
                output.show(cell(f"    {line}"))
    told = output.say(_COUNT).replace("{score}", f"{float(report.score * 100):.1f}")
    for word, count in counts.items():
        told = told.replace(f"{{{word}}}", str(count))
    output.show(cell(told, "bold"))


def _document(mutant: Mutant) -> dict[str, object]:
    """Return a survivor as JSON has it."""
    mutation, missing = mutant.mutation, mutant.missing
    return {
        "path": mutation.path,
        "area": mutation.area,
        "before": mutation.before,
        "after": mutation.after,
        "set": mutation.setting,
        "missing_case": _missing(missing),
    }


def _missing(missing: MissingCase | MissingStep | None) -> dict[str, object] | None:
    match missing:
        case MissingCase(facts, before, after):
            return {"facts": facts, "expect": before, "mistaken": after}
        case MissingStep(state, action, by, expect):
            return {"state": state, "do": action, "by": by, "expect": expect}
        case _:
            return None
