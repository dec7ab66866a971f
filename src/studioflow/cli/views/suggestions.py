"""What to try after a batch was told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studioflow.cli.results import Results
from studioflow.text import Text

__all__ = ["suggestions"]

_TRY_OUT = Text("留下评分表和事实文件", "keep the sheets and the facts")
_TRY_SCORE = Text("一份评分表，每分都有理由", "one sheet, every point with its reason")
_TRY_OPEN = Text("有事实不知道：得分是一个范围", "facts are missing: a range instead of a number")
_TRY_QUOTA = Text("名额多两个会怎样", "what two more places change")
_TRY_READING = Text("换一种读法", "another reading of the document")
_TRY_FACTS = Text("要评哪些事实", "the facts that are scored")


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
            yield f"studioflow score {facts}/{key}.toml --policy {policy.id}", why
    if policy.quota is not None:
        yield f"studioflow demo --set quota/places={policy.quota.places + 2}", _TRY_QUOTA
    for name, reading in policy.readings.items():
        other = next((v for v in reading.values if v != reading.value), None)
        if other is not None:
            yield f"studioflow demo --set readings/{name}={other}", _TRY_READING
            break
    yield f"studioflow facts {policy.id}", _TRY_FACTS
