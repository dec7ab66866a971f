"""A cluster of Spark on this machine: a master and two workers, each a process of its own."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

WORKERS = 2
PATIENCE = 180
"""Seconds that a process may take to start, on a machine that has other things to do."""

HERE = "127.0.0.1"
BRIEF = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For Java: what runs for a minute need not be compiled as for a day."""

# Ends what it started when nobody holds its input any more, be it that the tests were killed.
WATCH = '"$@" & read -r _; kill "$!"; wait "$!"'
TOLD = pytest.StashKey[Path]()


def missing() -> str | None:
    """Return what the tests need and is not here."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: uv run --group spark pytest -m spark tests/spark"
    if shutil.which("java") is None:
        return "Spark needs Java 17, on Debian: apt-get install openjdk-17-jre-headless"
    return None


class Cluster:
    """Processes of Spark and their logs, in a folder.

    Attributes:
        settings: of a program that runs on it.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        self._logs: list[Path] = []
        self.settings = {
            "spark.master": self._start(),
            # Each worker has room for an executor of two programs.
            "spark.cores.max": str(WORKERS),
            "spark.executor.cores": "1",
            "spark.executor.memory": "512m",
            # Functions travel by name: what they are in has to be there, a plugin or these tests.
            "spark.executorEnv.PYTHONPATH": str(Path(__file__).parents[2]),
            "spark.driver.bindAddress": HERE,
            "spark.driver.host": HERE,
            "spark.sql.shuffle.partitions": str(WORKERS),
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
            "spark.driver.extraJavaOptions": BRIEF,
            "spark.executor.extraJavaOptions": BRIEF,
            "spark.task.maxFailures": "1",
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
        }

    def programs(self) -> set[str]:
        """Return the ids of the programs that its workers have computed for."""
        return {folder.name for folder in self._folder.glob("worker-*/app-*")}

    def _start(self) -> str:
        """Start a master and its workers, and return the master's address."""
        master = self._run(
            "master.Master", "--host", HERE, "--port", "0", wait=r"Starting Spark master at (\S+)"
        )
        address = master()
        started = [
            self._run(
                *("worker.Worker", "--host", HERE, "--cores", "2", "--memory", "1g"),
                *("--work-dir", str(self._folder / f"worker-{number}"), address),
                wait="Successfully registered with master",
            )
            for number in range(WORKERS)
        ]
        for each in started:
            each()
        return address

    def _run(self, process: str, *arguments: str, wait: str) -> Callable[[], str]:
        import pyspark

        home = Path(pyspark.__file__).parent
        log = self._folder / f"{len(self._logs)}-{process}.log"
        self._logs.append(log)
        # The wheel has no scripts that start a cluster, but what they would start.
        command = [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{process}"]
        self._stack.enter_context(
            running(
                [*command, *arguments, "--webui-port", "0"],
                {"SPARK_HOME": str(home), "SPARK_DAEMON_JAVA_OPTS": BRIEF},
                log,
            )
        )
        return lambda: found_in(log, wait)


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """Run a process that ends with the block, or with the tests if they end before."""
    with (
        log.open("wb") as out,
        subprocess.Popen(  # noqa: S603 - our own
            ["/bin/bash", "-c", WATCH, "bash", *command],
            env={**os.environ, "SPARK_LOCAL_IP": HERE, **environment},
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
        ),
    ):
        yield  # Leaving closes its input, and waits for it.


def found_in(log: Path, pattern: str) -> str:
    """Wait for a line in a log and return what it says."""
    patient_until = time.monotonic() + PATIENCE
    while time.monotonic() < patient_until:
        if found := re.search(pattern, log.read_text("utf-8", "replace")):
            return found[found.re.groups]
        time.sleep(0.1)
    raise TimeoutError(f"no {pattern!r} in {PATIENCE} s:\n{tail(log)}")


def tail(log: Path) -> str:
    """Return the end of a log."""
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-20:])


@pytest.fixture(scope="session")
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    """Give a cluster; skip without Spark or Java, but fail for it in CI."""
    if why := missing():
        if "CI" in os.environ:
            pytest.fail(why)
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("spark")
    request.config.stash[TOLD] = folder
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        # What the driver hands on to its executors.
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYSPARK_DRIVER_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", HERE)
        patch.setenv("SPARK_LOCAL_DIRS", str(folder / "local"))
        yield Cluster(folder, stack)


@pytest.fixture(scope="session")
def session(cluster: Cluster) -> Iterator[Any]:
    """Give a session on the cluster."""
    from pyspark.sql import SparkSession

    found = SparkSession.builder.config(map=cluster.settings).getOrCreate()
    try:
        yield found
    finally:
        found.stop()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes said of a test that failed."""
    report = yield
    folder = item.config.stash.get(TOLD, None)
    if report.failed and folder is not None:
        for log in sorted([*folder.glob("*.log"), *folder.glob("worker-*/*/*/stderr")]):
            report.sections.append((str(log.relative_to(folder)), tail(log)))
    return report
