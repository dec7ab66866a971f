"""The facts of a policy as a table."""

from __future__ import annotations

from studioflow.cli.layout import width
from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, lines, table
from studioflow.policy import Policy
from studioflow.policy.template import bounds_words
from studioflow.rules import Fact
from studioflow.text import Language, Text, exact

__all__ = ["facts_as_json", "facts_view"]

_HEADS = (
    Text("条款", "clause"),
    Text("事实", "fact"),
    Text("取值", "value"),
    Text("含义，由谁提供", "meaning, and from whom"),
)
_TYPES = {
    "flag": Text("是/否", "yes/no"),
    "confirmation": Text("确认 是/否", "confirmed yes/no"),
}
_MARK = Text("评分 {bounds}", "mark {bounds}")
_STEP = Text("，{step} 一档", ", steps of {step}")
_AT_MOST = Text("不超过 {whole}", "at most {whole}")
_BETTER = {"more": " ↑", "less": " ↓", "neutral": ""}
_LEGEND = Text(
    "↑ 越多越好，↓ 越少越好。评分和确认写在事实文件的 [[marks]] 中，criterion 是它的项目编号。",
    "↑ more is better, ↓ less is. A mark or confirmation stands under [[marks]] of the fact "
    "file, with the item's id as its criterion.",
)


def facts_view(policy: Policy, output: Output) -> None:
    """Print the facts, with the roles spelt out once below."""
    rows = table(*map(output.say, _HEADS))
    facts = policy.facts.values()
    roles = list(dict.fromkeys(role for fact in facts for role in fact.supplied_by))
    values = max((width(_value(fact, output.language)) + 2 for fact in facts), default=0)
    names = max((width(name) for name in policy.facts), default=0)
    clauses = max((width(fact.clause or "") for fact in facts), default=0)
    rest = output.columns() - names - max(clauses, 6) - 6
    values = min(values, rest // 2)
    for name, fact in policy.facts.items():
        value = [(_value(fact, output.language) + _BETTER[fact.better], "")]
        if fact.at_most:
            value.append((output.say(_AT_MOST).replace("{whole}", fact.at_most), "dim"))
        meaning = [(output.say(fact.label), "")]
        if fact.supplied_by:
            meaning.append((", ".join(fact.supplied_by), "dim"))
        rows.add_row(
            cell(fact.clause or "", "dim"),
            cell(name, "bold"),
            lines(value, values),
            lines(meaning, rest - values),
        )
    labels = [f"{role}: {output.say(policy.roles[role].label)}" for role in roles]
    legend = [(output.say(_LEGEND), "dim"), (" · ".join(labels), "dim")]
    output.show(rows, "", lines(legend, output.columns()))


def _value(fact: Fact, language: Language) -> str:
    if fact.type == "choice":
        return " | ".join(fact.values)
    if fact.type in _TYPES:
        return _TYPES[fact.type].get(language)
    said = bounds_words(fact, language)
    if fact.type == "mark":
        said = _MARK.get(language).replace("{bounds}", said)
    if fact.step is not None and fact.step != 1:
        said += _STEP.get(language).replace("{step}", exact(fact.step))
    return said


def facts_as_json(policy: Policy, language: Language) -> dict[str, object]:
    """Return the facts as `studioflow.facts-list/1`; bounds are exact, so they are strings."""
    items = {fact: item for item, fact in policy.rubric.judged_facts.items()}
    return {
        "schema": "studioflow.facts-list/1",
        "policy": {
            "id": policy.id,
            "version": policy.version,
            "fingerprint": policy.fingerprint,
            "varied": list(policy.reference.varied),
        },
        "facts": [
            {
                "name": name,
                "type": fact.type,
                "label": fact.label.get(language),
                "unit": fact.unit.get(language) if fact.unit else None,
                "min": None if fact.low is None or not fact.numeric else exact(fact.low),
                "max": None if fact.high is None else exact(fact.high),
                "step": None if fact.step is None else exact(fact.step),
                "better": fact.better,
                "from": list(fact.supplied_by),
                "at_most": fact.at_most,
                "values": {word: label.get(language) for word, label in fact.values.items()},
                "marked_as": items.get(name),
                "clause": fact.clause,
            }
            for name, fact in policy.facts.items()
        ],
    }
