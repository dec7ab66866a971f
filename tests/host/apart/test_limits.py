"""What an untrusted plugin can not do: hang, hoard, flood or kill the program that asks it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest

from studioflow.errors import InputError
from studioflow.host.apart import Apart, ApartError, Limits
from studioflow.text import LANGUAGES

IsGone = Callable[[int], bool]
Trapped = Callable[..., Apart]
Install = Callable[..., Path]


def refused(apart: Apart, measure: str, *documents: dict[str, object]) -> tuple[str, str]:
    """Return why a measure has no answer, and what is known beside it."""
    with pytest.raises(ApartError) as error:
        apart.measure(measure, documents)
    assert ("traps", f"measure {measure}") == (error.value.plugin, error.value.question)
    assert all(error.value.explain(language) for language in LANGUAGES)
    return error.value.why, error.value.detail


def number_of(apart: Apart) -> int:
    """Return the number of the worker's process."""
    number = apart.measure("number", [])
    assert isinstance(number, int)
    return number


@pytest.mark.parametrize("measure", ["loops", "sleeps"])
def test_fault_18_a_plugin_hangs(trapped: Trapped, is_gone: IsGone, measure: str) -> None:
    """One that hangs is stopped in time and named, and the next question is answered."""
    apart = trapped(seconds=0.5)
    first = number_of(apart)
    started = time.monotonic()

    assert ("seconds", "0.5") == refused(apart, measure)
    assert time.monotonic() - started < 5
    assert is_gone(first)
    assert 1 == apart.measure("days", [{"on": "2025-03-04"}])
    assert first != number_of(apart)


def test_cpu(trapped: Trapped) -> None:
    """Computing is limited by itself, so that waiting may take longer."""
    assert ("cpu_seconds", "0.5") == refused(trapped(seconds=30, cpu_seconds=0.5), "loops")


@pytest.mark.parametrize("measure", ["hoards", "grows"])
def test_memory(trapped: Trapped, is_gone: IsGone, measure: str) -> None:
    """One that wants more memory than it may have is stopped and named."""
    apart = trapped(megabytes=400)
    first = number_of(apart)

    assert ("megabytes", "400") == refused(apart, measure)
    assert is_gone(first)
    assert 0 == apart.measure("days", [])


def test_answer(trapped: Trapped) -> None:
    """An answer is not read on once it is too long."""
    apart = trapped(answer_bytes=10_000)

    assert ("answer_bytes", "10000") == refused(apart, "huge")
    assert 0 == apart.measure("days", [])


def test_children(trapped: Trapped, is_gone: IsGone) -> None:
    """What a plugin has started ends with its process."""
    with trapped() as apart:
        first, child = number_of(apart), apart.measure("forks", [])
        assert isinstance(child, int)
        os.kill(child, 0)  # it is there

    assert is_gone(child)
    assert is_gone(first)


def test_children_of_a_dead_worker(trapped: Trapped, is_gone: IsGone, tmp_path: Path) -> None:
    """They end as well where the process has ended before them, and do not hide that it has."""
    apart, file = trapped(), tmp_path / "child"
    started = time.monotonic()

    assert ("died", "exit code 7") == refused(apart, "forks_and_exits", {"file": str(file)})
    assert time.monotonic() - started < 4  # and not only when the time was over
    assert is_gone(int(file.read_text("utf-8")))


def test_exit(trapped: Trapped) -> None:
    """Neither way to leave Python ends more than the worker."""
    apart = trapped()

    assert ("died", "exit code 3") == refused(apart, "exits")
    assert ("raised", "SystemExit: 3") == refused(apart, "quits")
    assert 0 == apart.measure("days", [])


def test_killed_between_questions(trapped: Trapped, is_gone: IsGone) -> None:
    """A worker that is gone before it is asked is replaced, and nobody is blamed."""
    apart = trapped()
    first = number_of(apart)
    os.kill(first, signal.SIGKILL)
    assert is_gone(first)

    assert first != number_of(apart)


@pytest.mark.parametrize("measure", ["forges", "closes"])
def test_channel(trapped: Trapped, measure: str) -> None:
    """One that meddles with the answers is stopped, and so does not answer for later questions."""
    apart = trapped()
    assert 0 == apart.measure("days", [])

    assert refused(apart, measure)[0] in {"garbled", "died"}
    assert 1 == apart.measure("days", [{"on": "2025-03-04"}])


def test_output(trapped: Trapped, capfd: pytest.CaptureFixture[str]) -> None:
    """What a plugin prints is neither an answer nor seen."""
    apart = trapped()
    apart.close()  # it starts while somebody listens

    assert 2 == apart.measure("prints", [{}, {}])
    assert ("", "") == tuple(capfd.readouterr())


def test_input(trapped: Trapped) -> None:
    """There is nothing for a plugin to read where this program has something."""
    readable, writable = os.pipe()
    os.write(writable, b"secret")
    before = os.dup(0)
    os.dup2(readable, 0)
    try:
        apart = trapped()
        apart.close()
        assert "" == apart.measure("input", [])
    finally:
        os.dup2(before, 0)
        for number in (readable, writable, before):
            os.close(number)


def test_waiting(trapped: Trapped) -> None:
    """Time counts while a question is open, and not between two."""
    apart = trapped(seconds=0.4)
    first = number_of(apart)
    time.sleep(1.5)

    assert first == number_of(apart)


def test_environment(trapped: Trapped, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little of the environment is handed on, where secrets tend to lie."""
    monkeypatch.setenv("DATABASE_PASSWORD", "x")
    monkeypatch.setenv("PYTHONSTARTUP", "x")
    apart = trapped()
    apart.close()
    handed_on = apart.measure("environment", [])

    assert isinstance(handed_on, dict)
    assert {"PATH", "LC_ALL"} <= handed_on.keys()
    assert not {"DATABASE_PASSWORD", "PYTHONSTARTUP", "HOME"} & handed_on.keys()


def test_not_plain(trapped: Trapped) -> None:
    """An answer that is no plain, exact data is refused."""
    apart = trapped()
    for measure in ("thing", "lambda", "float", "nan", "unseen"):
        assert "not_plain" == refused(apart, measure)[0]


def test_raising(trapped: Trapped) -> None:
    """What a plugin raises is its own, even where it looks like ours; the worker goes on."""
    apart = trapped()
    first = number_of(apart)

    assert ("raised", "RuntimeError: on purpose") == refused(apart, "raises")
    assert ("raised", "RuntimeError: [wrong_type] got 'trap', expected a talk") == refused(
        apart, "refuses"
    )
    why, detail = refused(apart, "changes", {"on": "2025-03-04"})
    assert ("raised", True) == (why, detail.startswith("TypeError: "))
    assert first == number_of(apart)


def test_hanging_import(install: Install) -> None:
    """A module that hangs when it is imported is stopped, too."""
    folder = install("asleep", "import time\ntime.sleep(600)\n")
    with (
        Apart("asleep", path=[folder], limits=Limits(load_seconds=1.5)) as apart,
        pytest.raises(ApartError) as error,
    ):
        apart.policies()

    assert ("asleep", "load", "seconds", "1.5") == (
        error.value.plugin,
        error.value.question,
        error.value.why,
        error.value.detail,
    )


def test_broken_plugin(install: Install) -> None:
    """A plugin that does not load says why, as a host does."""
    folder = install("broken", "import no_such_module\n")
    with Apart("broken", path=[folder]) as apart, pytest.raises(InputError) as error:
        apart.policies()

    assert [("plugin_not_loaded", "broken (broken 1.2)")] == [
        (problem.code, problem.file) for problem in error.value.problems
    ]


def test_oddly_broken_plugin(install: Install) -> None:
    """A plugin's own error that can not be told as data still leaves no worker half loaded."""
    source = """
        from studioflow.codec import WRONG_TYPE, wrong
        raise wrong(WRONG_TYPE, "x", type=0.5)
    """
    folder = install("odd", source)
    with Apart("odd", path=[folder]) as apart:
        for _ in range(2):
            with pytest.raises(ApartError) as error:
                apart.policies()
            assert ("load", "not_plain") == (error.value.question, error.value.why)


def test_interrupt(trapped: Trapped, is_gone: IsGone) -> None:
    """After Ctrl-C the answer that nobody waited for is not taken for the next one's."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    apart = trapped(seconds=20)
    first = number_of(apart)
    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            apart.measure("sleeps", [])
    finally:
        signal.signal(signal.SIGALRM, before)

    assert is_gone(first)
    assert 0 == apart.measure("days", [])


PARENT = """
import sys
from studioflow.host.apart import Apart, Limits
apart = Apart("traps", path=[sys.argv[1]], limits=Limits(seconds=1))
print(apart.measure("number", []), apart.measure("forks", []), flush=True)
if sys.argv[2] == "asking":
    apart.measure("sleeps", [{"file": sys.argv[3]}])
sys.stdin.read()
"""


@pytest.mark.parametrize("state", ["asking", "idle"])
def test_killed_parent(folder: Path, is_gone: IsGone, tmp_path: Path, state: str) -> None:
    """A worker does not outlive the program that has started it, whatever that died of."""
    file = tmp_path / "asked"
    with subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", PARENT, str(folder), state, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as parent:
        assert parent.stdout is not None
        number, child = map(int, parent.stdout.readline().split())
        while state == "asking" and not file.exists():
            time.sleep(0.01)
        parent.kill()

    assert is_gone(number)
    if state == "idle":
        assert is_gone(child)
    else:  # the system has ended the worker alone: see the page
        os.kill(child, signal.SIGKILL)


def test_threads(trapped: Trapped) -> None:
    """Each thread gets the answer to its own question."""
    apart = trapped()
    found: dict[int, object] = {}

    def ask(size: int) -> None:
        found[size] = apart.measure("days", [{"on": str(day)} for day in range(size)])

    threads = [threading.Thread(target=ask, args=(size,)) for size in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {size: size for size in range(8)} == found
