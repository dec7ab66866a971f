"""Where a fact comes from: the records that were counted, and those that were left out and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from studioflow.text import Language, Text, exact, message, render
from studioflow.verdict import Reason

__all__ = ["LeftOut", "Measured"]

COUNTED_ALL = message(
    "measured_all", zh="{records}{held}条，全部计入", en="{records}: {held} held, all counted"
)
COUNTED_SOME = message(
    "measured_some",
    zh="{records}{held}条，计入{counted}条",
    en="{records}: {held} held, {counted} counted",
)
_LEFT_OUT = Text("{record}：{reasons}", "{record}: {reasons}")
_LATE = Text("；迟交而仍计入：{records}", "; late, and counted: {records}")
_GIVES = Text("，得{value}", ", which gives {value}")
_SEPARATOR = Text("；", "; ")
_BECAUSE = Text("，因为", ", because ")


@frozen
class LeftOut:
    """A record that does not count, by its id, with every reason."""

    record: str
    reasons: tuple[Reason, ...]


@frozen(kw_only=True)
class Measured:
    """A fact that was measured from records.

    Attributes:
        fact: its name; `records` are the labels of what was counted.
        value: None where it is not known, and `remark` says why.
        counted: ids of the records that it comes from.
        left_out: the others, each with every reason.
        late: those of `counted` that came late.

    >>> talks = (Text("讲座", "talks"),)
    >>> label = Text("讲座次数", "talks held")
    >>> Measured(fact="talks", label=label, records=talks, value=2, counted=("a", "b")).explain()
    'talks: 2 held, all counted'
    """

    fact: str
    label: Text
    records: tuple[Text, ...]
    value: object
    counted: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    late: tuple[str, ...] = ()
    remark: Reason | None = None
    clause: str | None = None

    @property
    def held(self) -> int:
        """How many records there are, counted or not."""
        return len(self.counted) + len(self.left_out)

    def explain(self, language: Language = "en") -> str:
        """Return how many are held and counted, and why the others are not."""
        said = COUNTED_SOME if self.left_out else COUNTED_ALL
        parameters = {"records": self.records, "held": self.held, "counted": len(self.counted)}
        head = render(said.text, parameters, language)
        told = [
            render(
                _LEFT_OUT,
                {
                    "record": each.record,
                    "reasons": _SEPARATOR.get(language).join(
                        r.text(language) for r in each.reasons
                    ),
                },
                language,
            )
            for each in self.left_out
            if each.reasons != (self.remark,)  # told once, at the end
        ]
        if self.remark is not None:
            # A plugin's is named; the clause is the measure's own.
            named = self.remark.origin is not None
            told.append(self.remark.explain(language) if named else self.remark.text(language))
        if self.value is not None and self.value != len(self.counted):
            head += render(_GIVES, {"value": _plain(self.value)}, language)
        if told:
            head += _BECAUSE.get(language) + _SEPARATOR.get(language).join(told)
        return head + (render(_LATE, {"records": self.late}, language) if self.late else "")

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return value, records counted and left out, and the sentence."""
        return {
            "value": _plain(self.value),
            "counted": list(self.counted),
            "left_out": [
                {
                    "record": each.record,
                    "reasons": [reason.to_dict(language) for reason in each.reasons],
                }
                for each in self.left_out
            ],
            "late": list(self.late),
            "text": self.explain(language),
        }


def _plain(value: object) -> object:
    match value:
        case bool() | int() | str() | None:
            return value
        case Fraction() | Decimal():
            return exact(Fraction(value))
        case date():
            return value.isoformat()
        case _:
            return str(value)
