"""Running the program, in this process and in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen
from click.testing import CliRunner

from studioflow.cli.app import program
from studioflow.host import Host, hookimpl

ROOT = Path(__file__).parents[2]


@frozen
class Ran:
    """What a run of the program left."""

    status: int
    out: str
    err: str

    def json(self) -> Any:  # noqa: ANN401 - a JSON document
        """The one JSON document on stdout."""
        return json.loads(self.out)

    def errors(self) -> Any:  # noqa: ANN401 - a part of one
        """The errors of a `--json` run."""
        document = self.json()
        assert "studioflow.errors/1" == document["schema"]
        return document["errors"]

    def codes(self) -> list[str]:
        """The codes of the errors of a `--json` run."""
        return [error["code"] for error in self.errors()]


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the program in this process; English on 80 columns, unless said otherwise."""
    for name in ("LC_ALL", "LC_MESSAGES", "FORCE_COLOR", "UV_RUN_RECURSION_DEPTH"):
        monkeypatch.delenv(name, raising=False)

    def runs(
        *arguments: str, columns: int = 80, stdin: bytes | None = None, **environment: str
    ) -> Ran:
        settings = {"LANG": "en_US.UTF-8", "COLUMNS": str(columns), **environment}
        result = CliRunner().invoke(program, arguments, env=settings, input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return runs


@pytest.fixture
def process() -> Run:
    """Run the program in a process of its own."""

    def runs(*arguments: str, encoding: str = "utf-8", **environment: str) -> Ran:
        clean = {k: v for k, v in os.environ.items() if k not in {"LC_ALL", "LC_MESSAGES"}}
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "studioflow", *arguments],
            check=False,
            capture_output=True,
            cwd=ROOT,
            env={**clean, "LANG": "en_US.UTF-8", "PYTHONIOENCODING": encoding, **environment},
        )
        return Ran(done.returncode, *(s.decode(encoding) for s in (done.stdout, done.stderr)))

    return runs


class Plugin:
    """A plugin that brings what it is given."""

    def __init__(self, policies: Iterable[Any] = (), batches: Iterable[Path] = ()) -> None:
        self.policies = list(policies)
        self.batches = list(batches)

    @hookimpl
    def studioflow_policies(self) -> list[Any]:
        """Return the policies given."""
        return self.policies

    @hookimpl
    def studioflow_sample_batches(self) -> list[Path]:
        """Return the folders given."""
        return self.batches


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Pretend that these plugins, and no others, are installed."""

    def installed(
        *plugins: object, policies: Iterable[Any] = (), batches: Iterable[Path] = ()
    ) -> None:
        own = [Plugin(policies, batches)] if policies or batches else []
        host = Host([*plugins, *own])
        monkeypatch.setattr(Host, "discover", classmethod(lambda _: host))

    return installed
