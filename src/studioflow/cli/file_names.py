"""What the files of a batch's studios are called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain, count

__all__ = ["file_names"]


def file_names(keys: Iterable[str]) -> dict[str, str]:
    """Return a name for the files of each studio, no two of which meet in one file.

    A key is one of the batch file and may be any text, such as a path out of here: one that is no
    plain name becomes `studio-` and its number in the batch.

    >>> file_names(["s01", "../x", "studio-2"])
    {'s01': 's01', '../x': 'studio-2-2', 'studio-2': 'studio-2'}
    """
    keys, names = list(keys), dict[str, str]()
    taken: set[str] = set()

    def take(key: str, name: str) -> bool:
        # Some file systems tell neither A from a, nor the two ways to write é.
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in taken:
            return False
        taken.add(folded)
        names[key] = name
        return True

    numbered = [
        (number, key)
        for number, key in enumerate(keys, start=1)
        if not (re.fullmatch(r"[\w-]{1,64}", key) and take(key, key))
    ]
    for number, key in numbered:
        tries = chain((f"studio-{number}",), (f"studio-{number}-{n}" for n in count(2)))
        next(name for name in tries if take(key, name))
    return {key: names[key] for key in keys}
