"""What lint found, as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from studioflow.cli.output import Output
from studioflow.cli.views.table import cell
from studioflow.lab.linting import Finding, Severity
from studioflow.policy import Policy
from studioflow.text import Text

__all__ = ["findings_told"]

_SEVERITIES: Mapping[Severity, tuple[Text, str]] = {
    "error": (Text("错误", "error"), "red"),
    "warning": (Text("警告", "warning"), "yellow"),
    "note": (Text("提示", "note"), "dim"),
}
_NOTHING = Text("没有发现问题。", "Nothing was found.")
_COUNT = Text(
    "{error} 个错误，{warning} 个警告，{note} 个提示",
    "errors: {error}, warnings: {warning}, notes: {note}",
)
_UNDER = Text("；在 {under} 时", "; under {under}")
_CLAUSE = Text("（{clause}）", " ({clause})")


def findings_told(policy: Policy, found: Sequence[Finding], output: Output) -> None:
    """Print every finding, the worst first."""
    counts = dict.fromkeys(_SEVERITIES, 0) | Counter(finding.severity for finding in found)
    if output.as_json:
        output.json(
            {
                "schema": "studioflow.lint/1",
                "policy": policy.id,
                "counts": counts,
                "findings": [finding.to_dict(output.language) for finding in found],
            }
        )
        return
    if not found:
        output.line(output.say(_NOTHING))
        return
    for finding in found:
        severity, style = _SEVERITIES[finding.severity]
        clause = output.say(_CLAUSE).replace("{clause}", finding.clause) if finding.clause else ""
        under = output.say(_UNDER).replace("{under}", finding.under) if finding.under else ""
        said = f"{finding.text(output.language)}{clause}{under}"
        output.show(cell(f"{output.say(severity)}  {finding.path} [{finding.code}]", style))
        output.show(cell(f"  {said}"))
    told = output.say(_COUNT)
    for word, count in counts.items():
        told = told.replace(f"{{{word}}}", str(count))
    output.show(cell(told, "bold"))
