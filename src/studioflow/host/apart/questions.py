"""What a worker can be asked: each question takes plain data, and answers with plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol, TypeVar

from studioflow.codec import UNKNOWN_NAME, from_plain, parse, to_json, to_plain, wrong
from studioflow.errors import InputError, said_by
from studioflow.host.host import Host
from studioflow.policy import Document, Policy
from studioflow.rubric import FactFile, ScoreSheet
from studioflow.rubric.sheet_document import DOCUMENTS
from studioflow.studio import Question
from studioflow.studio.read_only import frozen_document
from studioflow.verdict import Reason

__all__ = ["MAX_REASONS", "QUESTIONS", "Asked", "documents"]

MAX_REASONS = 1000
"""A guard's answer is cut off here: a generator may have no end."""
_MANY_POLICIES = 16

Given = Mapping[str, Any]


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_HasId)


class Asked:
    """A host that keeps the policies that it was asked for."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.policy: Callable[[str], Policy] = lru_cache(_MANY_POLICIES)(self._built)

    def _built(self, said: str) -> Policy:
        """Build a policy from JSON, which names it by its id or holds its tables."""
        given = from_plain(parse(said.encode(), json_document=True))
        if given["tables"] is None:
            return self.host.policy(given["id"], given["changes"])
        return self.host.build(Document(given["tables"], str(given["id"])), given["changes"])


def _plugins(asked: Asked, _: Given) -> Iterable[object]:
    return asked.host.plugins


def _score(asked: Asked, given: Given) -> ScoreSheet:
    policy = asked.policy(to_json(given["policy"]))
    return policy.score(DOCUMENTS.read(given["file"], FactFile))


def _measure(asked: Asked, given: Given) -> object:
    (measure,) = _named(asked.host.measures, given["id"])
    with _own_fault():
        return measure.measure(tuple(map(frozen_document, from_plain(given["documents"]))))


def _check(asked: Asked, given: Given) -> Iterable[object]:
    question = DOCUMENTS.read(given["question"], Question)
    reasons: list[object] = []
    guards = _named(asked.host.guards, given["id"])
    with _own_fault():
        for guard in guards:
            if guard.concerns(question.action):
                reasons += islice(guard.check(question), MAX_REASONS)
    strange = [type(reason) for reason in reasons if type(reason) is not Reason]
    if strange:
        raise TypeError(f"{strange[0]} among the reasons")
    return reasons


@contextmanager
def _own_fault() -> Iterator[None]:
    """Tell a plugin's own `InputError` from one about what it was asked."""
    try:
        yield
    except InputError as error:
        raise RuntimeError(said_by(error)) from error


def documents(values: Iterable[object]) -> object:
    """Return values of attrs classes as plain documents."""
    return [DOCUMENTS.write(value) for value in values]


def _named(items: Iterable[T], name: str) -> list[T]:
    """Return the items with an id.

    Raises:
        InputError: where there is none.
    """
    listed = list(items)
    found = [item for item in listed if item.id == name]
    if not found:
        raise wrong(UNKNOWN_NAME, name, known={item.id for item in listed})
    return found


QUESTIONS: Mapping[str, tuple[Callable[[Asked, Given], Any], Callable[[Any], object]]] = {
    "load": (_plugins, documents),
    "plugins": (_plugins, documents),
    "score": (_score, DOCUMENTS.write),
    "measure": (_measure, to_plain),
    "check": (_check, documents),
}
