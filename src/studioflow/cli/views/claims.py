"""What was proved, refuted or found, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable

from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, table
from studioflow.lab.solving import Asked, Difference, Proof, Reached, Witness
from studioflow.policy import Policy
from studioflow.policy.template import fact_file_toml
from studioflow.rubric import FactFile
from studioflow.text import Language, Text, exact

__all__ = ["asked_told", "difference_told", "fact_file", "proofs_told", "reached_told"]

_OUTCOMES = {
    "proved": (Text("✓ 成立", "✓ proved"), "green"),
    "refuted": (Text("✗ 不成立", "✗ refuted"), "red"),
    "no_answer": (Text("– 超时", "– no answer in time"), "yellow"),
}
_ANSWERS = {
    "witness": Text("有这样的工作室：", "There is such a studio:"),
    "impossible": Text("不可能有这样的工作室。", "There can be no such studio."),
    "no_answer": Text("在给定时间内没有答案。", "No answer in the time that was given."),
    "already": Text("无需改变，已经达到。", "It is there without any change."),
}
_SAME = Text("两个政策对每个工作室的结果相同。", "Both policies give every studio the same.")
_DIFFER = Text("两个政策在这个工作室上不同：", "The two policies differ on this studio:")
_REFUSED = Text(
    "{policy} 不接受这个工作室的事实，另一个接受：",
    "{policy} does not take this studio's facts, and the other one does:",
)
_FACT, _LABEL, _VALUE = Text("事实", "fact"), Text("名称", "label"), Text("值", "value")
_NOW, _THEN, _COST = Text("现在", "now"), Text("改为", "then"), Text("代价", "cost")
_TOTAL = Text("总分 {total}", "total {total}")
_GRADE = Text("，等次 {grade}", ", grade {grade}")
_IN_ALL = Text("合计代价 {cost}；", "cost in all: {cost}; ")
_POSSIBLE = Text("仅靠尚未确定的事实也可能达到。", "Its open facts alone can get it there.")
_BEFORE_AFTER = Text("第 {n} 个", "studio {n}")


def fact_file(policy: Policy, found: Witness, language: Language) -> str:
    """Return a studio as a file of facts that `score` takes."""
    return fact_file_toml(
        policy, language, filled=FactFile(facts=dict(found.facts), marks=found.marks)
    )


def proofs_told(policy: Policy, proofs: Iterable[Proof], output: Output) -> set[str]:
    """Print what came of claims, each as soon as it is known; return the outcomes."""
    if output.as_json:
        found = list(proofs)
        claims = [_proof_as_json(proof, output.language) for proof in found]
        output.json({"schema": "studioflow.prove/1", "policy": policy.id, "claims": claims})
        return {proof.outcome for proof in found}
    outcomes: set[str] = set()
    for proof in proofs:
        outcomes.add(proof.outcome)
        said, style = _OUTCOMES[proof.outcome]
        label = proof.claim if proof.label is None else f"{output.say(proof.label)}"
        clause = f" ({proof.clause})" if proof.clause else ""
        output.show(cell(f"{output.say(said)}  {label}{clause}", style))
        if proof.way:
            output.show(cell(f"   {' → '.join(proof.way)}", "dim"))
        if proof.outcome == "refuted":
            _examples(policy, proof.examples, output)
    return outcomes


def _proof_as_json(proof: Proof, language: Language) -> dict[str, object]:
    return {
        "claim": proof.claim,
        "label": None if proof.label is None else proof.label.get(language),
        "clause": proof.clause,
        "outcome": proof.outcome,
        "examples": [_example_as_json(each) for each in proof.examples],
        "way": list(proof.way),
    }


def _example_as_json(found: Witness) -> dict[str, object]:
    total = found.sheet.total.to_dict()["points"]
    return {**found.to_dict(), "total": total, "grade": found.sheet.grade}


def _examples(policy: Policy, found: tuple[Witness, ...], output: Output) -> None:
    """Print one studio, or what differs between two of them."""
    if len(found) == 1:
        _studio(policy, found[0], output)
    if len(found) != 2:  # noqa: PLR2004 - two that are compared
        return
    one, other = found
    heads = [output.say(_BEFORE_AFTER).replace("{n}", str(n)) for n in (1, 2)]
    rows = table(output.say(_FACT), output.say(_LABEL), *heads)
    for name in one.facts:
        if one.facts[name] != other.facts.get(name):
            label = policy.facts[name].label.get(output.language)
            rows.add_row(
                *map(cell, (name, label, _shown(one.facts[name]))),
                cell(_shown(other.facts.get(name))),
            )
    for mine, theirs in zip(one.marks, other.marks, strict=False):
        if mine != theirs:
            values = [
                _shown(each.points if each.met is None else each.met) for each in (mine, theirs)
            ]
            rows.add_row(*map(cell, (mine.criterion, mine.by, *values)))
    totals = [_result(each, output) for each in found]
    rows.add_row(cell(""), cell(""), *map(cell, totals))
    output.show(rows)


def _result(found: Witness, output: Output) -> str:
    total = found.sheet.total.points
    said = output.say(_TOTAL).replace("{total}", "–" if total is None else exact(total))
    if found.sheet.grade is None:
        return said
    return said + output.say(_GRADE).replace("{grade}", found.sheet.grade)


def _studio(policy: Policy, found: Witness, output: Output) -> None:
    rows = table(output.say(_FACT), output.say(_LABEL), output.say(_VALUE), right=[2])
    for name, value in found.facts.items():
        label = policy.facts[name].label.get(output.language)
        rows.add_row(cell(name), cell(label), cell(_shown(value)))
    output.show(rows, cell(_result(found, output), "bold"))


def _shown(value: object) -> str:
    match value:
        case None:
            return "–"
        case bool():
            return str(value).lower()
        case str():
            return value
        case _:
            return exact(value)  # type: ignore[arg-type] # a number is all that is left


def asked_told(policy: Policy, found: Asked, output: Output) -> None:
    """Print what came of a question."""
    if output.as_json:
        example = None if found.witness is None else _example_as_json(found.witness)
        output.json(
            {
                "schema": "studioflow.ask/1",
                "policy": policy.id,
                "conditions": list(found.conditions),
                "answer": found.answer,
                "studio": example,
            }
        )
        return
    output.line(output.say(_ANSWERS[found.answer]))
    if found.witness is not None:
        _studio(policy, found.witness, output)


def difference_told(policy: Policy, found: Difference, output: Output) -> None:
    """Print whether two policies differ, and on which studio."""
    if output.as_json:
        output.json(
            {
                "schema": "studioflow.prove/1",
                "policy": policy.id,
                "claims": [
                    {
                        "claim": "same_as",
                        "outcome": found.outcome,
                        "examples": [_example_as_json(each) for each in found.examples],
                        "refused_by": found.refused_by and found.refused_by.fingerprint,
                    }
                ],
            }
        )
        return
    if not found.examples:
        said = _SAME if found.outcome == "proved" else _ANSWERS["no_answer"]
        output.line(output.say(said))
        return
    said = _DIFFER if found.refused_by is None else _REFUSED
    refused = found.refused_by
    name = "" if refused is None else " ".join((refused.id, *refused.varied))
    output.line(output.say(said).replace("{policy}", name))
    _studio(policy, found.examples[0], output)
    for other in found.examples[1:]:
        output.show(cell(_result(other, output), "bold"))


def reached_told(policy: Policy, found: Reached, output: Output) -> None:
    """Print how a studio gets somewhere."""
    if output.as_json:
        output.json(_reached_as_json(policy, found))
        return
    if found.answer != "reachable":
        output.line(output.say(_ANSWERS[found.answer]))
        return
    if found.possible:
        output.line(output.say(_POSSIBLE))
    heads = map(output.say, (_FACT, _LABEL, _NOW, _THEN, _COST))
    rows = table(*heads, right=[2, 3, 4])
    for change in found.changes:
        label = policy.facts[change.fact].label.get(output.language)
        values = (change.fact, label, _shown(change.before), _shown(change.after))
        rows.add_row(*map(cell, values), cell(_shown(change.cost)))
    output.show(rows)
    if found.witness is not None and found.cost is not None:
        cost = output.say(_IN_ALL).replace("{cost}", exact(found.cost))
        output.show(cell(cost + _result(found.witness, output), "bold"))


def _reached_as_json(policy: Policy, found: Reached) -> dict[str, object]:
    example = None if found.witness is None else _example_as_json(found.witness)
    return {
        "schema": "studioflow.reach/1",
        "policy": policy.id,
        "goal": found.goal,
        "answer": found.answer,
        "possible": found.possible,
        "cost": None if found.cost is None else exact(found.cost),
        "changes": [
            {
                "fact": change.fact,
                "before": None if change.before is None else _shown(change.before),
                "after": _shown(change.after),
                "cost": exact(change.cost),
            }
            for change in found.changes
        ],
        "studio": example,
    }
