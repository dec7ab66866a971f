"""Allowed or not, and every reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from studioflow.errors import StudioflowError
from studioflow.text import Language, Message, Text, message, render

__all__ = ["Denied", "Reason", "Verdict"]

ALLOWED = message("allowed", zh="可以：{action}", en="allowed: {action}")
DENIED = message("denied", zh="不可以：{action}", en="denied: {action}")
PLUGINS_NOT_ASKED = message(
    "plugins_not_asked",
    zh="未询问插件：须先具备角色",
    en="plugins were not asked: the role comes first",
)
_WANTED = frozenset({"needed", "not_decided", "no_application"})
_REASON = Text("{text}（{clause}）", "{text} ({clause})")
_WHO = Text("{text}；可由{who}改变", "{text}; {who} can change it")
_WHEN = Text("{text}；自{when}起可办", "{text}; possible from {when} on")


@frozen(slots=False)  # a sheet has dozens of them, and slots are slower to fill
class Reason:
    """One reason: a message, its parameters, the clause it rests on, who could change it.

    Attributes:
        who: labels of the roles that could change it, where the policy says so.
        origin: the plugin that gave the reason; None for the policy and the library.
        about: ids of what the reason is about, for a program: facts, gates, roles, states, or what
            has to be handed in. The sentence has labels in their place.
        when: the first day on which it stands no more in the way, where that is known.
    """

    message: Message
    parameters: Mapping[str, object] = field(factory=dict)
    clause: str | None = None
    who: tuple[Text, ...] = ()
    origin: str | None = None
    about: tuple[str, ...] = ()
    when: date | None = None

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "parameters": dict(self.parameters)}  # they may be a view

    @property
    def code(self) -> str:
        """The stable code of the message."""
        return self.message.code

    def text(self, language: Language = "en") -> str:
        """Return the sentence alone."""
        return render(self.message.text, self.parameters, language)

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with its clause, who could change it, and from when it is over."""
        text = self.text(language)
        if self.clause:
            text = render(_REASON, {"text": text, "clause": self.clause}, language)
        if self.who:
            text = render(_WHO, {"text": text, "who": self.who}, language)
        if self.when and self.when not in self.parameters.values():  # it is not said already
            text = render(_WHEN, {"text": text, "when": self.when}, language)
        return f"[{self.origin}] {text}" if self.origin else text

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return code, clause and text, and who, from, origin and about where there are any."""
        made: dict[str, object] = {
            "code": self.code,
            "clause": self.clause,
            "text": self.text(language),
        }
        if self.who:
            made["who"] = [label.get(language) for label in self.who]
        if self.when:
            made["from"] = self.when.isoformat()
        if self.origin:
            made["origin"] = self.origin
        if self.about:
            made["about"] = list(self.about)
        return made


@frozen(slots=False)  # slots are slower to fill
class Verdict:
    """The answer to "may this happen?": yes without reasons against it, or no with all of them.

    Attributes:
        action: the label of what was asked.
        reasons: everything that stands against it.
        warnings: what the policy wants said without refusing.
        plugins_asked: False where the role was wrong, so that no plugin's code ran.
    """

    action: Text
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    plugins_asked: bool = True

    @property
    def allowed(self) -> bool:
        """Whether nothing stands against it."""
        return not self.reasons

    @property
    def wants_input(self) -> bool:
        """Whether all that stands against it is what has to come with it: a form to fill in."""
        return bool(self.reasons) and all(reason.code in _WANTED for reason in self.reasons)

    def __bool__(self) -> bool:
        return self.allowed

    def explain(self, language: Language = "en") -> str:
        """Return a line for the answer and one for each reason and warning."""
        head = ALLOWED if self.allowed else DENIED
        lines = [render(head.text, {"action": self.action}, language)]
        lines += [f"  ✗ {reason.explain(language)}" for reason in self.reasons]
        lines += [f"  ! {warning.explain(language)}" for warning in self.warnings]
        if not self.plugins_asked:
            lines.append(f"  · {PLUGINS_NOT_ASKED.text.get(language)}")
        return "\n".join(lines)


class Denied(StudioflowError):  # noqa: N818 - the name is a contract, and reads well in `except`
    """An action was refused.

    Attributes:
        verdict: the whole answer.
        reasons: every reason, the first one first.
    """

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        super().__init__(verdict)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Every reason against the action."""
        return self.verdict.reasons

    def __str__(self) -> str:
        return self.verdict.explain()

    def explain(self, language: Language = "en") -> str:
        """Return the answer with every reason."""
        return self.verdict.explain(language)
