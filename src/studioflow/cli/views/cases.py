"""What came of cases, and what they have seen of a policy, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from studioflow.cases import CaseResult, Coverage, Target
from studioflow.cli.output import Output
from studioflow.cli.views.table import cell
from studioflow.errors import MissingExtraError
from studioflow.policy import Policy
from studioflow.text import Text

__all__ = ["cases_told"]

_COUNT = Text("{passed} 个通过，{failed} 个未通过", "passed: {passed}, failed: {failed}")
_SEEN = Text(
    "案例看到了 {able} 项中的 {seen} 项（{share} %）；另有 {impossible} 项不可能出现",
    "seen: {seen} of {able} ({share} %); impossible: {impossible}",
)
_FACTS = Text("；例如 {facts}", "; such as {facts}")
_IMPOSSIBLE = Text("不可能出现", "impossible")


def cases_told(
    policy: Policy,
    results: Sequence[CaseResult],
    seen: Coverage,
    output: Output,
    *,
    everything: bool,
) -> None:
    """Print which cases came out otherwise, and what they have seen."""
    failed = [result for result in results if not result.passed]
    counts = {"passed": len(results) - len(failed), "failed": len(failed)}
    if output.as_json:
        output.json(
            {
                "schema": "studioflow.test/1",
                "policy": policy.id,
                **counts,
                "cases": [_case(result, output) for result in results],
                "coverage": {
                    **_counted(seen),
                    "share": float(seen.share),
                    "missing": [_target(policy, each, output) for each in seen.missing],
                    "impossible": [_place(each, output) for each in seen.impossible],
                },
            }
        )
        return
    for result in failed:
        name = f"✗ {result.case.file}: {result.case.text or result.case.id}"
        output.show(cell(name, "red"))
        for each in result.mismatches:
            output.show(cell(f"  {each.explain(output.language)}"))
    if everything:
        for target in seen.missing:
            output.show(cell(_line(policy, target, output)))
        for target in seen.impossible:
            where = f"{target.place}: {target.text.get(output.language)}"
            output.show(cell(f"{where} ({output.say(_IMPOSSIBLE)})", "dim"))
    output.show(cell(_filled(output.say(_COUNT), counts), "bold"))
    share = f"{float(seen.share * 100):.1f}"
    output.show(cell(_filled(output.say(_SEEN), {**_counted(seen), "share": share}), "bold"))


def _counted(seen: Coverage) -> dict[str, int]:
    able = len(seen.targets) - len(seen.impossible)
    return {
        "seen": able - len(seen.missing),
        "able": able,
        "impossible": len(seen.impossible),
    }


def _case(result: CaseResult, output: Output) -> dict[str, object]:
    return {
        "id": result.case.id,
        "file": result.case.file,
        "passed": result.passed,
        "mismatches": [
            {
                "path": each.path,
                "expected": each.expected.get(output.language),
                "got": each.got.get(output.language),
                "text": each.explain(output.language),
            }
            for each in result.mismatches
        ],
    }


def _place(target: Target, output: Output) -> dict[str, object]:
    return {"place": target.place, "kind": target.kind, "text": target.text.get(output.language)}


def _target(policy: Policy, target: Target, output: Output) -> dict[str, object]:
    return {**_place(target, output), "facts": _facts(policy, target)}


def _line(policy: Policy, target: Target, output: Output) -> str:
    said = f"{target.place}: {target.text.get(output.language)}"
    facts = _facts(policy, target)
    if not facts:
        return said
    shown = ", ".join(f"{name} = {value}" for name, value in facts.items())
    return said + output.say(_FACTS).replace("{facts}", shown)


def _facts(policy: Policy, target: Target) -> Mapping[str, object] | None:
    """Return facts that would show what no case has; None without a solver, or where none is."""
    if target.when is None:
        return None
    try:
        from studioflow.lab.solving import plain_facts, showing
    except MissingExtraError:
        return None
    found = showing(policy, target.when)
    return None if found is None else plain_facts(found)


def _filled(text: str, values: Mapping[str, object]) -> str:
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text
