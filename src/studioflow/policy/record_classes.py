"""A class for each shape of record: made once, and forgotten when nobody uses it any more."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any, Protocol
from weakref import WeakValueDictionary

import attrs

__all__ = ["record_class"]


class _Field(Protocol):
    @property
    def required(self) -> bool: ...
    @property
    def personal(self) -> bool: ...
    @property
    def python_type(self) -> Any: ...  # noqa: ANN401 - see `RecordField`


_classes: WeakValueDictionary[tuple[object, ...], type] = WeakValueDictionary()
"""By all that a class is made of, so that two loads of one declaration have the same class."""
_lock = Lock()


def record_class(name: str, fields: Mapping[str, _Field]) -> type:
    """Return the frozen attrs class of a record; it keeps its personal fields out of `repr`.

    Args:
        name: of the kind of record.
        fields: by name; names are checked already, since attrs puts them into code.
    """
    shape = tuple((key, f.python_type, f.required, f.personal) for key, f in fields.items())
    with _lock:
        found = _classes.get((name, shape))
        if found is None:
            found = _classes[name, shape] = attrs.make_class(
                "".join(part.capitalize() for part in name.split("_")),
                {key: _attribute(f) for key, f in fields.items()},
                frozen=True,
                kw_only=True,
                slots=True,
            )
    return found


def _attribute(declared: _Field) -> Any:  # noqa: ANN401 - as attrs has it
    kind = declared.python_type
    shown = _masked if declared.personal else True
    if declared.required:
        return attrs.field(type=kind, repr=shown)
    return attrs.field(type=kind | None, default=None, repr=shown)


def _masked(_: object) -> str:
    return "***"
