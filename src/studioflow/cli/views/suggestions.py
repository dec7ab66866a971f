"""What to try after a batch was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studioflow.cli.results import Results
from studioflow.rules import Count
from studioflow.text import Text

__all__ = ["suggestions"]

_TRY_OUT = Text("留下评分表和事实文件", "keep the sheets and the facts")
_TRY_SCORE = Text("一份评分表，每分都有理由", "one sheet, every point with its reason")
_TRY_OPEN = Text("有事实不知道：得分是一个范围", "facts are missing: a range instead of a number")
_TRY_QUOTA = Text("名额多两个会怎样", "what two more places change")
_TRY_NORM = Text("次数要求低四分之一会怎样", "what a norm changes that is a quarter lower")
_TRY_FACTS = Text("要评哪些事实", "the facts that are scored")

_SHORTEST = 4
"""The least norm of which a quarter is a whole one."""


def suggestions(results: Results, folder: str | None) -> Iterator[tuple[str, Text]]:
    """Yield commands with what each is for; they work right away, or after the first of them."""
    policy = results.report.policy
    if folder is None:
        yield "studioflow demo --out demo", _TRY_OUT
    facts = f"{folder or 'demo'}/facts"
    wanted: Iterable[tuple[bool, Text]] = ((True, _TRY_SCORE), (False, _TRY_OPEN))
    for evaluated, why in wanted:
        key = next((k for k, c in results.ranked if c.evaluated is evaluated), None)
        if key is not None:
            yield (
                f"studioflow score {facts}/{results.file_names[key]}.toml --policy {policy.id}",
                why,
            )
    if policy.quota is not None:
        yield f"studioflow demo --set quota/places={policy.quota.places + 2}", _TRY_QUOTA
    for name, criterion in policy.rubric.criteria.items():
        rule = criterion.rule
        if isinstance(rule, Count) and rule.norm >= _SHORTEST:
            norm = rule.norm * 3 // 4
            yield f"studioflow demo --set criteria/{name}/norm={norm}", _TRY_NORM
            break
    yield f"studioflow facts {policy.id}", _TRY_FACTS
