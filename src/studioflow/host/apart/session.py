"""One question after the other, each to a worker that is there or is started for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TypeAlias, TypeVar

from attrs import asdict, evolve

from studioflow.codec import MAX_BYTES, TOO_LARGE, WRONG_TYPE, parse, to_json, wrong
from studioflow.codec.problems import TYPE_NAMES
from studioflow.errors import InputError, Problem, said_by, shown
from studioflow.host.apart.errors import ApartError, Why
from studioflow.host.apart.limits import Limits
from studioflow.host.apart.process import UnansweredError, Worker
from studioflow.rubric.sheet_document import DOCUMENTS

__all__ = ["Session", "several"]

T = TypeVar("T")
Reader: TypeAlias = Callable[[object], T]
_GOES_ON: frozenset[Why] = frozenset({"raised", "not_plain"})
"""After these a worker can be asked the next question."""
_SAYS_ITSELF: frozenset[Why] = _GOES_ON | {"megabytes"}


class Session:
    """Asks a worker, which is stopped where a limit is reached, and started for the next question.

    Args:
        plugins: names of plugins; the first one is blamed.
        path: more folders that they may be installed in.
    """

    def __init__(self, plugins: Sequence[str], path: Sequence[str], limits: Limits) -> None:
        self._plugins = plugins
        self._path = path
        self._limits = limits
        self._worker: Worker | None = None
        self._number = 0
        self._lock = Lock()

    def ask(self, name: str, given: Mapping[str, object], *, about: str, read: Reader[T]) -> T:
        """Return a worker's answer.

        Args:
            name: of the question.
            given: what is asked, as plain data.
            about: what it is asked about, to be named where there is no answer.
            read: reads the answer, and refuses what is none.

        Raises:
            InputError: where the plugin does not load, or what is asked is wrong.
            ApartError: where the plugin does not answer, or not as it has to.
        """
        with self._lock:
            if self._worker is not None and not self._worker.is_waiting():
                self._stop()
            if self._worker is None:
                self._start()
            return self._answer(name, given, about, read, self._limits)

    def close(self) -> None:
        """End the worker and whatever it has started."""
        with self._lock:
            self._stop()

    def _start(self) -> None:
        settings = {"plugins": [*self._plugins], **asdict(self._limits)}
        self._worker = Worker(self._path, settings)
        time = self._limits.load_seconds
        try:
            limits = evolve(self._limits, seconds=time, cpu_seconds=time)
            self._answer("load", {}, "", _anything, limits)
        except BaseException:
            self._stop()
            raise

    def _stop(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def _answer(
        self, name: str, given: Mapping[str, object], about: str, read: Reader[T], limits: Limits
    ) -> T:
        assert self._worker is not None  # noqa: S101 - it was started
        self._number += 1
        line = to_json({"number": self._number, "ask": name, "given": given}).encode()
        if len(line) > MAX_BYTES:
            raise wrong(TOO_LARGE, f"{len(line)}", limit=MAX_BYTES)
        most = limits.answer_bytes
        try:
            answer = self._worker.ask(line + b"\n", seconds=limits.seconds, answer_bytes=most)
            read_answer = _understood(answer, self._number, most, read)
        except UnansweredError as error:
            if error.why not in _GOES_ON:
                self._stop()
            detail = str(asdict(limits).get(error.why, error.detail))
            question = f"{name} {about}".strip()
            raise ApartError(self._plugins[0], question, error.why, detail) from error
        except BaseException:  # the user's Ctrl-C: nobody waits for what is answered now
            self._stop()
            raise
        if isinstance(read_answer, InputError):
            raise read_answer
        return read_answer


def several(kind: type[T]) -> Reader[list[T]]:
    """Return what reads a list of values of an attrs class."""

    def read(said: object) -> list[T]:
        if not isinstance(said, list):
            raise wrong(WRONG_TYPE, said, type=TYPE_NAMES[tuple])
        return [DOCUMENTS.read(each, kind) for each in said]

    return read


def _understood(answer: bytes, number: int, most: int, read: Reader[T]) -> T | InputError:
    """Return what a line says: an answer, or what is wrong with the question or the plugin.

    Raises:
        UnansweredError: where it says that there is no answer, or nothing that can be understood.
    """
    try:
        match parse(answer, json_document=True, max_bytes=most):
            case {"number": n, "answer": said} if n == number:
                return read(said)
            case {"number": n, "problems": [_, *_] as said} if n == number:
                return InputError(several(Problem)(said))
            case {"number": n, "failed": why, "detail": str(detail)} if n == number:
                for each in _SAYS_ITSELF:
                    if each == why:
                        raise UnansweredError(each, detail)
    except InputError as error:
        raise UnansweredError("garbled", said_by(error)) from error
    raise UnansweredError("garbled", shown(answer))


def _anything(said: object) -> object:
    return said
