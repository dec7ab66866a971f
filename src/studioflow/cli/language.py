"""Which language to speak: known before the line is parsed, so that errors speak it, too."""

from __future__ import annotations

import locale
import os
from collections.abc import Sequence

from studioflow.text import LANGUAGES, Language

__all__ = ["chosen", "wants_json"]

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def chosen(arguments: Sequence[str]) -> Language:
    """Return the language of the last `--lang` on the line, or the locale's."""
    found = _locale()
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        option, _, value = argument.partition("=")
        if option == "--lang":
            following = arguments[position + 1 : position + 2]
            value = value or "".join(following)
            found = next((language for language in LANGUAGES if language == value), found)
    return found


def wants_json(arguments: Sequence[str]) -> bool:
    """Return whether `--json` is among the options; what follows `--` is none.

    >>> wants_json(["score", "--json"]), wants_json(["score", "--", "--json"])
    (True, False)
    """
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


def _locale() -> Language:
    named = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    # Windows sets none of the variables, and calls the language by its English name.
    named = named or locale.getlocale()[0] or ""
    return "zh" if named.lower().startswith(("zh", "chinese")) else "en"
