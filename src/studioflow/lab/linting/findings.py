"""What lint finds: one mistake or gap, with its place and its clause."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from studioflow.text import Language, Message, render

__all__ = ["Finding", "Severity"]

Severity = Literal["error", "warning", "note"]
"""An error is never meant; a warning may be; a note says what the source leaves open."""


@frozen
class Finding:
    """One mistake or gap of a policy.

    Attributes:
        message: what it is.
        path: of the place in the policy file.
        severity: how bad it is.
        clause: that the place rests on.
        parameters: what the sentence mentions.
        under: the answer of a reading under which it is found, such as `mark_step=half_points`;
            None where it is found as the policy stands.
    """

    message: Message
    path: str
    severity: Severity
    clause: str | None = None
    parameters: Mapping[str, object] = field(factory=dict)
    under: str | None = None

    @property
    def code(self) -> str:
        """The stable code of the message."""
        return self.message.code

    def text(self, language: Language = "en") -> str:
        """Return the sentence."""
        return render(self.message.text, self.parameters, language)

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the finding as JSON has it."""
        return {
            "code": self.code,
            "severity": self.severity,
            "path": self.path,
            "clause": self.clause,
            "under": self.under,
            "text": self.text(language),
        }
