"""The checks as such: since when each is there, and which a class expects to fail, and why."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

import pytest

__all__ = ["EDITION", "EDITIONS", "hold", "marked", "since"]

F = TypeVar("F", bound=Callable[..., object])

EDITIONS: tuple[str, ...] = ("2026.1",)
"""The editions of the checks, the oldest first; each check says since which it is there."""
EDITION = EDITIONS[-1]
"""The newest one, which a class conforms to that says nothing else."""

_SINCE = "__studioflow_since__"


def since(edition: str) -> Callable[[F], F]:
    """Say since which edition a check is there."""

    def said(check: F) -> F:
        setattr(check, _SINCE, edition)
        return check

    return said


def hold(found: Iterable[str], to_do: str) -> None:
    """Fail where a check found anything: with what to do about it, then each on a line."""
    lines = [f"  - {each}" for each in found]
    if lines:
        # Where the check itself stands is of no use to whoever has to mend a plugin.
        pytest.fail("\n".join([to_do, *lines]), pytrace=False)


def marked(cls: type, base: type) -> None:
    """Look over a class of somebody's checks, and mark those that may fail.

    Args:
        cls: with `expected_failures` and `conforms_to`.
        base: whose checks they are.

    Raises:
        TypeError: where a check was overridden, where a failure is expected of something that is
            no check, or without a reason, and for an edition that there is not.
    """
    checks = {n: each for n, each in inspect.getmembers(base, inspect.isfunction) if _is_check(n)}
    changed = sorted(n for n, each in checks.items() if _own(getattr(cls, n, None)) is not each)
    if changed:
        raise TypeError(
            f"{cls.__name__} overrides {', '.join(changed)}: a check that has to fail is named in "
            "`expected_failures`, with the reason"
        )
    expected: Mapping[str, str] = getattr(cls, "expected_failures", {})
    for name, reason in expected.items():
        if name not in checks:
            raise TypeError(f"{cls.__name__}: {name} in `expected_failures` is no check")
        if not reason.strip():
            raise TypeError(f"{cls.__name__}: {name} in `expected_failures` says no reason")
    edition: str = getattr(cls, "conforms_to", EDITION)
    if edition not in EDITIONS:
        raise TypeError(
            f"{cls.__name__}: conforms_to = {edition!r} is no edition; there are "
            + ", ".join(EDITIONS)
        )
    newer = EDITIONS[EDITIONS.index(edition) + 1 :]
    for name, check in checks.items():
        if name in expected:
            _replace(cls, check, pytest.mark.xfail(reason=expected[name], strict=True))
        elif (new := getattr(check, _SINCE)) in newer:
            reason = f"a check since {new}; the class conforms to {edition}"
            _replace(cls, check, pytest.mark.xfail(reason=reason, strict=False))


def _replace(cls: type, check: Callable[..., object], mark: pytest.MarkDecorator) -> None:
    """Let the class have a check of its own that does the same, since a mark stays where it is."""

    @wraps(check)
    def as_marked(*arguments: Any, **named: Any) -> object:  # noqa: ANN401 - handed on
        return check(*arguments, **named)

    # Of its own, too: `wraps` hands on the very list that the marks of the check stand in.
    as_marked.__dict__["pytestmark"] = [*getattr(check, "pytestmark", [])]
    setattr(cls, check.__name__, mark(as_marked))


def _is_check(name: str) -> bool:
    return name.startswith("test_")


def _own(found: object) -> object:
    """Return the check behind one that was marked here."""
    return inspect.unwrap(found) if inspect.isfunction(found) else found
