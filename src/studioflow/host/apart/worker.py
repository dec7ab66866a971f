"""The process of an untrusted plugin: it sets its own limits, loads the plugin, and answers."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
from collections.abc import Callable, Mapping
from contextlib import suppress
from math import ceil
from typing import Any

from studioflow.codec import UNKNOWN_NAME, Collector, parse, to_json
from studioflow.errors import InputError, said_by, wrong
from studioflow.host.apart.errors import Why
from studioflow.host.apart.questions import QUESTIONS, Asked, documents
from studioflow.host.host import Host
from studioflow.host.plugins import installed

__all__ = ["main"]

# As `said_by` words it, wherever in an answer: whoever calls foreign code catches what that raises.
_OUT_OF_MEMORY = re.compile(r'"\w*MemoryError: ')
_SLACK = 1
"""Seconds that the parent has to end the worker, before the worker ends itself."""


def main(settings: Mapping[str, Any]) -> None:
    """Answer line by line until the parent is gone.

    Args:
        settings: the names of the `plugins`, the number of the file that is the `channel`, and the
            limits.
    """
    channel = socket.socket(fileno=settings["channel"])
    _limit(resource.RLIMIT_AS, settings["megabytes"] * 1024 * 1024)
    _limit(resource.RLIMIT_CORE, 0)
    asked: Asked | None = None
    lines = channel.makefile("rb")
    # A process that the plugin forks has no say in the answers, and does not keep them open.
    os.register_at_fork(after_in_child=lines.close)
    os.register_at_fork(after_in_child=channel.close)
    for line in lines:
        question = parse(line, json_document=True)
        if asked is None:
            _limit_time(settings["load_seconds"], settings["load_seconds"])
        else:
            _limit_time(settings["seconds"], settings["cpu_seconds"])
        answer: dict[str, object] = {"number": question["number"]}
        try:
            if asked is None:
                asked = Asked(_host(settings["plugins"]))
            ask, write = QUESTIONS[question["ask"]]
            said = ask(asked, question["given"])
            answer |= _written("answer", write, said)
        except InputError as error:
            answer |= _written("problems", documents, error.problems)
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises is its answer
            answer |= _failed("raised", said_by(error))
        channel.sendall(_line(answer))
        signal.setitimer(signal.ITIMER_REAL, 0)
    # Threads of the plugin would keep the process, and its children outlive it.
    os.killpg(0, signal.SIGKILL)


def _limit(kind: int, most: int) -> None:
    """Set a limit for good, where the platform has it."""
    with suppress(ValueError, OSError):  # macOS knows the limit of memory, and does not take it
        resource.setrlimit(kind, (most, most))


def _limit_time(seconds: float, cpu_seconds: float) -> None:
    """Have the system end this process, should the parent not be there to do it."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _SLACK)
    most = ceil(sum(os.times()[:2]) + cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _host(names: list[str]) -> Host:
    """Return what the plugins bring.

    Raises:
        InputError: for a name that is that of no plugin, and for every problem of a plugin.
    """
    found = installed()
    collector = Collector()
    with collector.under("plugins"):
        for name in names:
            if name not in {each.report.name for each in found}:
                raise wrong(UNKNOWN_NAME, name, known={each.report.name for each in found})
    collector.finish()
    host = Host(each for each in found if each.report.name in names)
    if host.problems:
        raise InputError(host.problems)
    return host


def _failed(why: Why, detail: str) -> Mapping[str, object]:
    return {"failed": why, "detail": detail}


def _written(name: str, write: Callable[[Any], object], said: object) -> Mapping[str, object]:
    """Return an answer as plain data, or that it is none."""
    try:
        plain = {name: write(said)}
        to_json(plain, depth=1)
    except InputError as error:
        return _failed("not_plain", said_by(error))
    return plain


def _line(answer: Mapping[str, object]) -> bytes:
    line = to_json(answer)
    if _OUT_OF_MEMORY.search(line):
        line = to_json({"number": answer["number"], **_failed("megabytes", "")})
    return line.encode() + b"\n"
