"""A scored cohort in a few numbers, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen
from rich.table import Table
from rich.text import Text as Cell

from studioflow.cli.layout import flow, visible, wrap
from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, table
from studioflow.cohort.columns.placing import Placing
from studioflow.cohort.columns.summary import Summary
from studioflow.policy import Policy
from studioflow.text import Language, Text, exact

__all__ = ["Told", "cohort_as_json", "cohort_view"]

_STUDIOS = Text("工作室 {n} 个", "studios: {n}")
_HEADS = (Text("结果", "outcome"), Text("工作室", "studios"), Text("比例", "share"))
_ELIGIBILITY = {
    "eligible": (Text("具备资格", "eligible"), "green"),
    "not_eligible": (Text("不具备资格", "not eligible"), "red"),
    "undetermined": (Text("还不能确定", "not decided yet"), "yellow"),
}
_GRADE = Text("等级：{grade}", "grade: {grade}")
_PLACED = Text("按名额：{grade}", "by places: {grade}")
_UNGRADED = Text("没有等级或还不能确定", "none, or not certain yet")
_TOTALS = Text(
    "总分 {least} 至 {most}，中位数 {median}", "total {least} to {most}, median {median}"
)
_NO_TOTAL = Text("总分都不知道", "no total is known")
_NOT_KNOWN = Text("；总分不知道的有 {n} 个", "; totals not known: {n}")
_MISSING = Text("不知道的事实，各有多少工作室：", "facts not known, and of how many studios: ")
_SLOW = Text("逐个评分，因而较慢：", "scored one by one, so slow: ")
_UNFINISHED = Text(
    "还有 {n} 个工作室没有评完，名额不能最后确定",
    "places can not be settled yet: {n} studios are not finished",
)
_TIE = Text(
    "同分待决定：{grade}，{n} 个工作室，名额 {places} 个",
    "a tie to decide: {grade}, {n} studios for places: {places}",
)
_LAST = Text(
    "同分待决定：谁排在最后，{n} 个工作室，名额 {places} 个（{grade}）",
    "a tie to decide: who is last, {n} studios for places: {places} ({grade})",
)
_OUT = Text("已写入 {path}", "written to {path}")
_VARIED = Text("改动 ", "varied ")


@frozen
class Told:
    """What there is to tell of a cohort.

    Attributes:
        source: the file that it was read from.
        missing: of how many studios each fact is not known.
        slow: the results that Python computed, studio by studio.
        placing: what counting the places came to; None where no places are limited.
        out: the file that it was written to.
    """

    policy: Policy
    source: Path
    summary: Summary
    missing: Mapping[str, int]
    slow: Sequence[str]
    placing: Placing | None
    out: Path | None


def cohort_view(told: Told, output: Output) -> None:
    """Print the numbers."""
    output.show(_head(told, output), "", _outcomes(told, output), "", *_below(told, output))


def _head(told: Told, output: Output) -> Cell:
    """Say which cohort it is, and by which policy to the letter."""
    reference = told.policy.reference
    studios = output.say(_STUDIOS).replace("{n}", str(told.summary.studios))
    made = Cell.assemble((visible(told.source.name), "bold"), f"  {studios}\n")
    made.append(f"{output.say(told.policy.label)}\n")
    made.append(f"{reference.id} {reference.version} · {reference.fingerprint[:19]}…", "dim")
    for change in reference.varied:
        made.append(f"\n{output.say(_VARIED)}", "dim").append(visible(change), "yellow")
    return made


def _outcomes(told: Told, output: Output) -> Table:
    """Return how many studios came out in each way."""
    rows = table(*map(output.say, _HEADS), right=(1, 2))

    def row(label: str, studios: int, style: str = "") -> None:
        share = studios / told.summary.studios if told.summary.studios else 0
        rows.add_row(cell(label, style), cell(str(studios)), cell(f"{share:.1%}", "dim"))

    for name, studios in told.summary.eligibility.items():
        label, style = _ELIGIBILITY[name]
        row(output.say(label), studios, style)
    summary, grades = told.summary, told.policy.rubric.grades

    def graded(words: Text, given: Mapping[str, int], without: int) -> None:
        # Where nobody has a grade, as without a cut-off, that is one line.
        labels = {name: grades[name].label for name in given} if any(given.values()) else {}
        for label, studios in [(labels[n], given[n]) for n in labels] + [(_UNGRADED, without)]:
            style = "yellow" if label is _UNGRADED else ""
            row(output.say(words).replace("{grade}", output.say(label)), studios, style)

    if grades:
        graded(_GRADE, summary.grades, summary.ungraded)
    if told.placing is not None:
        graded(_PLACED, summary.placed, summary.unplaced)
    return rows


def _placing(told: Told, output: Output) -> Iterator[str]:
    """Yield what still has to happen before the places are settled."""
    placing = told.placing
    if placing is None:
        return
    if placing.unfinished:
        yield output.say(_UNFINISHED).replace("{n}", str(placing.unfinished))
    for tie in placing.ties:
        grade = told.policy.rubric.grades.get(tie.grade)
        label = output.say(grade.label) if grade is not None else tie.grade
        said = output.say(_LAST if tie.last else _TIE).replace("{n}", str(tie.studios))
        yield said.replace("{places}", str(tie.places)).replace("{grade}", label)
    for reason in placing.unmet:
        yield reason.explain(output.language)


def _below(told: Told, output: Output) -> Iterator[Cell]:
    """Yield what the numbers rest on, and where they went."""
    yield _lines(_totals(told.summary, output), output)
    for said in _placing(told, output):
        yield _lines(said, output, "yellow")
    missing = [f"{name} {studios}" for name, studios in told.missing.items()]
    if missing:
        yield _flow(output.say(_MISSING), missing, output, "yellow")
    if told.slow:
        yield _flow(output.say(_SLOW), list(told.slow), output, "yellow")
    if told.out is not None:
        yield _lines(output.say(_OUT).replace("{path}", str(told.out)), output)


def _totals(summary: Summary, output: Output) -> str:
    totals = summary.totals
    if totals.least is None or totals.median is None or totals.most is None:
        return output.say(_NO_TOTAL)
    said = output.say(_TOTALS)
    for name, value in (("least", totals.least), ("median", totals.median), ("most", totals.most)):
        said = said.replace(f"{{{name}}}", exact(value))
    if totals.not_known:
        said += output.say(_NOT_KNOWN).replace("{n}", str(totals.not_known))
    return said


def _lines(text: str, output: Output, style: str = "") -> Cell:
    return Cell("\n".join(wrap(visible(text), output.columns())), style)


def _flow(lead: str, items: list[str], output: Output, style: str) -> Cell:
    shown = [visible(item) for item in items]
    shown[:1] = [lead + item for item in shown[:1]]
    return Cell("\n".join(flow(shown, " · ", output.columns())), style)


def cohort_as_json(told: Told, language: Language) -> dict[str, object]:
    """Return the numbers as `studioflow.cohort/1`; points are exact, so they are strings."""
    reference, summary = told.policy.reference, told.summary
    totals = summary.totals
    ends = {"least": totals.least, "median": totals.median, "most": totals.most}
    return {
        "schema": "studioflow.cohort/1",
        "policy": {
            "id": reference.id,
            "version": reference.version,
            "fingerprint": reference.fingerprint,
            "varied": list(reference.varied),
        },
        "studios": summary.studios,
        "eligibility": dict(summary.eligibility),
        "grades": dict(summary.grades),
        "ungraded": summary.ungraded,
        "total": {
            **{name: None if value is None else exact(value) for name, value in ends.items()},
            "not_known": totals.not_known,
        },
        "places": None if told.placing is None else _placing_as_json(told, told.placing, language),
        "missing": dict(told.missing),
        "slow": list(told.slow),
        "out": None if told.out is None else str(told.out),
    }


def _placing_as_json(told: Told, placing: Placing, language: Language) -> dict[str, object]:
    return {
        "grades": dict(told.summary.placed),
        "ungraded": told.summary.unplaced,
        "unfinished": placing.unfinished,
        "waiting": placing.waiting,
        "ties": [
            {
                "grade": tie.grade,
                "studios": tie.studios,
                "places": tie.places,
                "least": tie.least,
                "last": tie.last,
            }
            for tie in placing.ties
        ],
        "unmet": [reason.to_dict(language) for reason in placing.unmet],
    }
