"""What reasons tell of a plugin: that it failed, or that it has no words for something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from studioflow.rubric import ScoreSheet
from studioflow.text import LANGUAGES
from studioflow.verdict import Reason

__all__ = ["SAY_IT", "failures", "sheet_reasons", "unsaid"]

SAY_IT = (
    "Give the messages of these reasons a sentence in zh and in en, and each reason a value for "
    "every {placeholder} of them."
)
_FAILED = frozenset({"measure_failed", "plugin_failed", "rule_kind_failed"})


def sheet_reasons(sheet: ScoreSheet) -> Iterator[Reason]:
    """Yield every reason on a sheet, and why what was measured is not known."""
    for results in (sheet.criteria, sheet.deductions, sheet.gates, sheet.grades):
        for result in results:
            yield from result.reasons
    for measured in sheet.measured.values():
        if measured.remark is not None:
            yield measured.remark


def failures(reasons: Iterable[Reason]) -> Iterator[str]:
    """Yield what failed: each reason that the library gives in place of a plugin's answer."""
    for reason in reasons:
        if reason.code in _FAILED:
            yield reason.explain("en")


def unsaid(reasons: Iterable[Reason]) -> Iterator[str]:
    """Yield the code and the language of each reason that is no whole sentence in it."""
    for reason in reasons:
        for language in LANGUAGES:
            said = reason.text(language)
            if not said.strip() or "{" in said:
                yield f"{reason.code} in {language}: {said!r}"
