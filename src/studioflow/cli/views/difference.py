"""What differs between two policies, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from studioflow.cli.layout import width
from studioflow.cli.output import Output
from studioflow.cli.views.table import cell, lines, table
from studioflow.policy import Difference, Policy
from studioflow.text import Text, exact

__all__ = ["differences_as_json", "differences_view"]

_HEADS = (Text("路径", "path"), Text("条款", "clause"))
_NONE = Text("没有不同。", "Nothing differs.")
_COUNT = Text("{n} 处不同", "{n} differences")
_ONE = Text("1 处不同", "1 difference")
_ABSENT = "—"


def differences_view(
    before: Policy, after: Policy, found: Iterable[Difference], output: Output
) -> None:
    """Print the differences."""
    found = tuple(found)
    if not found:
        output.line(output.say(_NONE))
        return
    path, clause = map(output.say, _HEADS)
    names = [before.id, after.id]
    if after.changes:
        names[1] += " --set …"
    rows = table(path, *names, clause)
    longest = max(width(difference.path) for difference in found)
    columns = min(longest, output.columns() // 2)
    half = (output.columns() - columns - 14) // 2
    for difference in found:
        rows.add_row(
            lines([(difference.path, "")], columns),
            lines([(_shown(difference.before), "red")], half),
            lines([(_shown(difference.after), "green")], half),
            cell(difference.clause or "", "dim"),
        )
    output.show(rows)
    count = output.say(_ONE if len(found) == 1 else _COUNT).replace("{n}", str(len(found)))
    output.show(cell(count, "dim"))


def _shown(value: object) -> str:
    """Write a value as a policy file has it."""
    plain = _plain(value)
    match plain:
        case None:
            return _ABSENT
        case bool():
            return str(plain).lower()
        case Mapping():
            return "{ " + ", ".join(f"{k} = {_shown(v)}" for k, v in plain.items()) + " }"
        case list():
            return f"[{', '.join(_shown(item) for item in plain)}]"
        case _:
            return str(plain)


def differences_as_json(
    before: Policy, after: Policy, found: Iterable[Difference]
) -> dict[str, object]:
    """Return the differences as `studioflow.diff/1`; what one policy lacks is null."""
    return {
        "schema": "studioflow.diff/1",
        "before": {"id": before.id, "version": before.version, "fingerprint": before.fingerprint},
        "after": {
            "id": after.id,
            "version": after.version,
            "fingerprint": after.fingerprint,
            "varied": list(after.reference.varied),
        },
        "differences": [
            {
                "path": difference.path,
                "before": _plain(difference.before),
                "after": _plain(difference.after),
                "clause": difference.clause,
            }
            for difference in found
        ],
    }


def _plain(value: object) -> object:
    """Return a value as JSON has it; decimals and dates become words."""
    match value:
        case None | bool() | int() | str():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case _:
            return exact(value)  # type: ignore[arg-type] # a decimal
