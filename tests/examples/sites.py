"""The three example sites behind one face: a request goes in, its answer and its mail come out."""

from __future__ import annotations

import base64
import json
import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from itsdangerous import TimestampSigner

__all__ = ["SITES", "Post"]

ROOT = Path(__file__).parents[2]
_SECRET = "of-the-tests-alone"  # noqa: S105 - it guards nothing

Answer = tuple[int, Any, list[str]]
"""The status, the body, and the mail that was sent."""
Post = Callable[[str, str, Mapping[str, object], Mapping[str, str]], Answer]
"""Posts a body to a path, in a session, with headers."""


def _example(name: str) -> Any:  # noqa: ANN401 - a module
    # Examples lie on nobody's path; SQLAlchemy looks its classes up in their module.
    spec = spec_from_file_location(f"example_{name}", ROOT / "examples" / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@contextmanager
def _mail() -> Iterator[list[str]]:
    told: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("mail")
    logger.addHandler(handler)
    try:
        yield told
    finally:
        logger.removeHandler(handler)


@contextmanager
def _flask(database: Path) -> Iterator[Post]:
    app = _example("flask_app").create_app(str(database))

    def post(
        path: str, body: str, session: Mapping[str, object], headers: Mapping[str, str]
    ) -> Answer:
        with _mail() as mail, app.test_client() as client:
            with client.session_transaction() as cookie:
                cookie.update(session)
            answer = client.post(path, data=body, headers=dict(headers))
            return answer.status_code, answer.get_json(silent=True), mail

    yield post


@contextmanager
def _fastapi(database: Path) -> Iterator[Post]:
    with warnings.catch_warnings():
        # Starlette would have its client on another package; the one that there is does.
        warnings.filterwarnings("ignore", "Using `httpx`")
        from fastapi.testclient import TestClient

    os.environ["SECRET_KEY"] = _SECRET
    try:
        app = _example("fastapi_app").create_app(
            f"sqlite:///{database}", f"sqlite+aiosqlite:///{database}"
        )
    finally:
        del os.environ["SECRET_KEY"]

    # One loop for all requests, since a connection in the pool is its loop's.
    with TestClient(app, raise_server_exceptions=False) as client:

        def post(
            path: str, body: str, session: Mapping[str, object], headers: Mapping[str, str]
        ) -> Answer:
            cookie = base64.b64encode(json.dumps(dict(session)).encode())
            signed = TimestampSigner(_SECRET).sign(cookie).decode()
            with _mail() as mail:
                answer = client.post(
                    path, content=body, headers={**headers, "Cookie": f"session={signed}"}
                )
                known = answer.headers["content-type"] == "application/json"
                return answer.status_code, answer.json() if known else None, mail

        yield post


@contextmanager
def _django(database: Path) -> Iterator[Post]:
    command = [sys.executable, "-X", "utf8", "-W", "error", "-m", "tests.examples.django_site"]
    with subprocess.Popen(  # noqa: S603 - our own test
        command,
        cwd=ROOT,
        env={**os.environ, "DATABASE": str(database)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        assert process.stdin
        assert process.stdout
        sent, answered = process.stdin, process.stdout

        def post(
            path: str, body: str, session: Mapping[str, object], headers: Mapping[str, str]
        ) -> Answer:
            asked = {"path": path, "body": body, "session": session, "headers": headers}
            print(json.dumps(asked), file=sent, flush=True)
            status, told, mail = json.loads(answered.readline())
            return status, told, mail

        with closing(sent):
            yield post


SITES: dict[str, Callable[[Path], AbstractContextManager[Post]]] = {
    "flask": _flask,
    "fastapi": _fastapi,
    "django": _django,
}
