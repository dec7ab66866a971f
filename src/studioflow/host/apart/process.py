"""A worker as its parent sees it: started, asked a line, stopped with all that it has started."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

from studioflow.errors import StudioflowError
from studioflow.host.apart.errors import Why

__all__ = ["UnansweredError", "Worker"]

# The path is the parent's own: what it can import, the worker can, wherever that is installed.
_START = (
    "import json, sys; settings = json.loads(sys.argv[1]); sys.path[:] = settings['path'];"
    "from studioflow.host.apart.worker import main; main(settings)"
)
_KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TZ")
"""Of the environment no more is handed on than what Python may need to start, and the time zone."""
_CHUNK = 65536


class UnansweredError(StudioflowError):
    """There is no answer, and why not."""

    def __init__(self, why: Why, detail: str = "") -> None:
        self.why: Why = why
        self.detail = detail
        super().__init__(why, detail)


class Worker:
    """A process that answers each line with a line; it is stopped once it does not.

    Args:
        path: folders with code to import, after those of this process.
        settings: for the worker's `main`.
    """

    def __init__(self, path: Sequence[str], settings: Mapping[str, object]) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            told = {**settings, "path": [*sys.path, *path], "channel": theirs.fileno()}
            self._process: subprocess.Popen[bytes] = subprocess.Popen(  # noqa: S603 - our own code
                [sys.executable, "-I", "-c", _START, json.dumps(told)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={"LC_ALL": "C.UTF-8", **{n: os.environ[n] for n in _KEPT if n in os.environ}},
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )

    def is_waiting(self) -> bool:
        """Return whether it is there and has said nothing unasked."""
        self._socket.settimeout(0)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def ask(self, line: bytes, *, seconds: float, answer_bytes: int) -> bytes:
        """Return the line that answers another.

        Raises:
            UnansweredError: where there is none in time, it is too long, or the process has ended.
        """
        try:
            return self._answer(line, time.monotonic() + seconds, answer_bytes)
        except TimeoutError as error:
            raise UnansweredError("seconds") from error
        except OSError as error:
            raise self._ended() from error

    def _answer(self, line: bytes, deadline: float, answer_bytes: int) -> bytes:
        answer = bytearray()
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(line)
        while not answer.endswith(b"\n"):
            self._socket.settimeout(_left(deadline))
            chunk = self._socket.recv(_CHUNK)
            if not chunk:
                raise self._ended()
            answer += chunk
            if len(answer) > answer_bytes:
                raise UnansweredError("answer_bytes")
        return bytes(answer)

    def stop(self) -> int:
        """End it and whatever it has started, and return how it ended."""
        # Nobody has asked before whether it has ended: until then its number stays its own.
        if self._process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):  # macOS: all that is left has ended
                os.killpg(self._process.pid, signal.SIGKILL)
            self._socket.close()
            self._process.wait()
        return self._process.returncode

    def _ended(self) -> UnansweredError:
        how = self.stop()
        # The worker has set both for itself, so that it also ends where its parent is gone.
        limits: Mapping[int, Why] = {-signal.SIGXCPU: "cpu_seconds", -signal.SIGALRM: "seconds"}
        said = signal.Signals(-how).name if how < 0 else f"exit code {how}"
        return UnansweredError(limits.get(how, "died"), said)


def _left(deadline: float) -> float:
    """Return how long it is until then; a socket that is given no time at all does not wait."""
    return max(deadline - time.monotonic(), 0.001)
