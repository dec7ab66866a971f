"""What a form prints in one place: fixed words, and slots that are filled in and read back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from attrs import field, frozen

from studioflow.codec import WRONG_TYPE, Collector, checked_text, wrong
from studioflow.text import Language, Text, message

__all__ = ["Slot", "Wording", "read_wording"]

SLOT_SYNTAX = message(
    "form_slot_syntax",
    zh="成对的花括号，括号内是路径，可带“:空白时的文字”或“:否|是”",
    en="paired braces around a path, with `:text when empty` or `:off|on` behind it where wanted",
)
TICK_NEEDS = message(
    "form_tick_needs", zh="带“:否|是”的勾选格", en="a box to tick with `:off|on` behind it"
)

_A_WORDING = Text("文字，或含 zh、en 的表", "text, or a table with zh and en")
_SLOT = re.compile(r"\{([^{}]*)\}")
_PARTS = re.compile(r"([^=:]+)(?:=([^:]+))?(?::(.*))?", re.DOTALL)
_TICKS = frozenset("√✓✔☑■xX×✗1")
# What a keyboard in one mode gives for what a form prints in the other.
_WIDTHS: Mapping[str, str] = {
    **{pair[0]: f"[{re.escape(pair)}]" for pair in ("(（", ")）", ":：", ",，", ";；")},
    **{pair[1]: f"[{re.escape(pair)}]" for pair in ("(（", ")）", ":：", ",，", ";；")},
}


@frozen
class Slot:
    """A place in a wording that says something of a studio.

    Attributes:
        path: of what it says.
        value: of a choice: the slot is a box that is ticked for this value.
        empty: what stands there when nothing is known, or when a flag is off.
        on: what stands there when a flag is on; None for a slot that shows the value itself.
    """

    path: str
    value: str | None = None
    empty: str = ""
    on: str | None = None


@frozen
class Wording:
    """The words of one place of a form, in both languages.

    >>> told = Wording(Text("（{opinion/sealed:盖章|已盖章}）", "({opinion/sealed:seal|sealed})"))
    >>> told.filled("zh", lambda slot: slot.on or "")
    '（已盖章）'
    """

    text: Text
    _zh: tuple[str | Slot, ...] = field(init=False, eq=False, repr=False)
    _en: tuple[str | Slot, ...] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_zh", tuple(_split(self.text.zh)))
        object.__setattr__(self, "_en", tuple(_split(self.text.en)))

    def parts(self, language: Language) -> tuple[str | Slot, ...]:
        """Return the words and the slots, in order."""
        return self._zh if language == "zh" else self._en

    def slots(self, language: Language) -> tuple[Slot, ...]:
        """Return the slots, in order."""
        return tuple(part for part in self.parts(language) if isinstance(part, Slot))

    def filled(self, language: Language, show: Callable[[Slot], str]) -> str:
        """Return the text with each slot as `show` has it."""
        return "".join(
            part if isinstance(part, str) else show(part) for part in self.parts(language)
        )

    def taken(
        self, language: Language, text: str, fixed: Callable[[Slot], str | None]
    ) -> tuple[tuple[Slot, str], ...] | None:
        """Return what each slot holds in a text, or None for a text of another wording.

        White space, and the width of punctuation, make no difference.

        Args:
            language: of the wording.
            text: that was read.
            fixed: what a slot always says, such as a label; None where it can say many things.
        """
        parts = [
            part if isinstance(part, str) else (fixed(part) if fixed(part) is not None else part)
            for part in self.parts(language)
        ]
        found = re.fullmatch(_pattern(tuple(p for p in parts if p is not None)), text)
        slots = [part for part in parts if isinstance(part, Slot)]
        if found is None:
            return None
        return tuple(zip(slots, map(_bare, found.groups()), strict=True))


def _bare(text: str) -> str:
    return text.strip()


def _split(text: str) -> Iterator[str | Slot]:
    """Yield the words and slots of a text.

    Raises:
        InputError: for braces that are not paired, or hold no path.
    """
    end = 0
    for found in _SLOT.finditer(text):
        if before := text[end : found.start()]:
            yield _plain(before)
        yield _slot(found[1])
        end = found.end()
    if rest := text[end:]:
        yield _plain(rest)


def _plain(text: str) -> str:
    if "{" in text or "}" in text:
        raise wrong(SLOT_SYNTAX, text)
    return text


def _slot(text: str) -> Slot:
    parts = _PARTS.fullmatch(text)
    if parts is None or not parts[1].strip():
        raise wrong(SLOT_SYNTAX, text)
    path, value, rest = parts[1].strip(), parts[2], parts[3] or ""
    off, divided, on = rest.partition("|")
    if value is not None and not divided:
        raise wrong(TICK_NEEDS, text)
    return Slot(path, value, off, on if divided else None)


@cache
def _pattern(parts: tuple[str | Slot, ...]) -> re.Pattern[str]:
    made = [_words(part) if isinstance(part, str) else _group(part) for part in parts]
    return re.compile(r"\s*" + r"\s*".join(filter(None, made)) + r"\s*", re.DOTALL)


def _words(text: str) -> str:
    """Return a pattern for words, whatever white space stands between them."""
    return r"\s*".join(_WIDTHS.get(c, re.escape(c)) for c in text if not c.isspace())


def _group(slot: Slot) -> str:
    if slot.on is None:
        return "(.*)"
    words = sorted({_words(slot.on), _words(slot.empty)} - {""}, key=len, reverse=True)
    if slot.value is not None:
        words.append(f"[{re.escape(''.join(sorted(_TICKS)))}]")
    return f"((?:{'|'.join(words)})?)"


def is_on(slot: Slot, text: str) -> bool:
    """Return whether a slot of `off|on` was read as on."""
    said = "".join(text.split())
    on, off = ("".join(word.split()) for word in (slot.on or "", slot.empty))
    if said == off:
        return False
    return said == on or (slot.value is not None and said in _TICKS)


def is_empty(slot: Slot, text: str) -> bool:
    """Return whether a slot was read as not filled in."""
    said = "".join(text.split())
    return not said or said == "".join(slot.empty.split())


def read_wording(value: object) -> Wording:
    """Return the wording that a form file says: one text, or one for each language.

    Raises:
        InputError: with every problem.
    """
    if isinstance(value, str):
        return Wording(Text(checked_lines(value), checked_lines(value)))
    if not isinstance(value, Mapping) or set(value) != {"zh", "en"}:
        raise wrong(WRONG_TYPE, value, type=_A_WORDING)
    collector = Collector()
    said: dict[str, str] = {}
    for key, words in value.items():
        with collector.under(key):
            if not isinstance(words, str):
                raise wrong(WRONG_TYPE, words, type=_A_WORDING)
            said[key] = checked_lines(words)
            tuple(_split(said[key]))
    collector.finish()
    return Wording(Text(**said))


def checked_lines(text: str) -> str:
    """Return the text; each of its lines is held to what any text of a document is.

    Raises:
        InputError: as `checked_text` does.
    """
    return "\n".join(checked_text(line) for line in text.split("\n"))
