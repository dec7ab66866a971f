"""What is known of a column of a cohort once it was parsed, and how that is said in expressions."""

from __future__ import annotations

import narwhals.stable.v2 as nw
from attrs import frozen

__all__ = ["NOTHING", "Parsed", "filled", "kinds", "matches"]

NOTHING = nw.lit(None, dtype=nw.String)
"""No code, no word."""


@frozen(kw_only=True)
class Parsed:
    """What a column says of its fact.

    Attributes:
        given: whether a row has a value; false where the cell is empty.
        bad: whether it has one that does not fit; None where no value can be wrong.
        kind: the code of what is wrong, null where nothing is.
        codes: those that `kind` can be.
        value: the value in the normalised frame, right where it is given and not bad.
        stage: a column that the others read, by its name: engines compute it once if told so.
    """

    given: nw.Expr
    bad: nw.Expr | None
    kind: nw.Expr
    codes: tuple[str, ...]
    value: nw.Expr
    stage: nw.Expr | None = None

    @property
    def fitting(self) -> nw.Expr:
        """The value, null where it does not fit."""
        return self.value if self.bad is None else nw.when(~self.bad).then(self.value)


def kinds(*conditions: tuple[str, nw.Expr]) -> tuple[nw.Expr, tuple[str, ...]]:
    """Return the code of the first condition that holds, and all of the codes."""
    kind = NOTHING
    for code, condition in reversed(conditions):
        kind = nw.when(condition).then(nw.lit(code)).otherwise(kind)
    return kind, tuple(dict.fromkeys(code for code, _ in conditions))


def filled(text: nw.Expr) -> nw.Expr:
    """Return where there is text."""
    return (text != "").fill_null(value=False)


def matches(text: nw.Expr, form: str) -> nw.Expr:
    """Return where text is wholly of a form, a regular expression."""
    # Spelt out, since `$` lets a line break follow in some engines.
    return text.str.contains(rf"\A(?:{form})\z")
