"""From plain values to JSON text, exactly: a decimal keeps every digit that it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from studioflow.codec.documents import MAX_DEPTH, TOO_DEEP
from studioflow.codec.problems import TYPE_NAMES, WRONG_TYPE
from studioflow.codec.scalars import checked_text, exact_number
from studioflow.errors import wrong
from studioflow.text import Text, message

__all__ = ["NOT_WRITABLE", "to_json"]

NOT_WRITABLE = message(
    "not_json", zh="JSON 能表示的值（{why}）", en="a value as JSON has it ({why})"
)

_PLAIN = Text("小数用 Decimal，不用 float", "Decimal, not float")


def to_json(value: object, *, depth: int = 0) -> str:
    r"""Write plain values as JSON; `parse` reads the same of a table whose text is in NFC.

    A day has its ISO form, and is text when it is read again.

    >>> to_json({"money": Decimal("12.30"), "on": date(2023, 5, 4)})
    '{"money":12.30,"on":"2023-05-04"}'

    Args:
        value: text, whole numbers, decimals, truths, None, days; lists and tables of them.
        depth: how deep it lies in another.

    Raises:
        InputError: for a value that `parse` would not read.
    """
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return _text(value)
        case int() | Decimal():
            exact_number(value)
            return str(value)
        case Mapping() | list() | tuple() if depth >= MAX_DEPTH:
            raise wrong(TOO_DEEP, limit=MAX_DEPTH)
        case Mapping():
            pairs = (f"{_text(key)}:{to_json(v, depth=depth + 1)}" for key, v in value.items())
            return f"{{{','.join(pairs)}}}"
        case list() | tuple():
            return f"[{','.join(to_json(item, depth=depth + 1) for item in value)}]"
        case _ if type(value) is date:
            return _text(value.isoformat())
    raise wrong(NOT_WRITABLE, value, why=_PLAIN)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise wrong(WRONG_TYPE, value, type=TYPE_NAMES[str])
    # As it is, and not in NFC: nothing is changed on the way out.
    checked_text(value)
    return json.dumps(value, ensure_ascii=False)
