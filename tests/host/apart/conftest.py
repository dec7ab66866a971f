"""Untrusted plugins, installed where only a worker looks for them."""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from textwrap import dedent

import pytest

from studioflow.host.apart import Apart, Limits

TRAPS = """
    import os, signal, stat, sys, time
    from fractions import Fraction

    import attrs

    from studioflow import PythonScoring, Reason, RuleKind, message
    from studioflow.codec import WRONG_TYPE, wrong
    from studioflow.host import hookimpl
    from studioflow.rules import Quantity
    from studioflow.studio import Guard, PluginMeasure

    LATE = message("trap_late", zh="过晚：{on}", en="too late: {on}")

    def loops(documents):
        while True:
            pass

    def sleeps(documents):
        for each in documents:
            open(each["file"], "w").close()
        time.sleep(600)

    def hoards(documents):
        return len(bytearray(1 << 30))

    def grows(documents):
        held = []
        while True:
            held.append(bytearray(1 << 20))

    def forks(documents):
        child = os.fork()
        if not child:
            time.sleep(600)
        return child

    def forks_and_exits(documents):
        with open(documents[0]["file"], "w") as file:
            file.write(str(forks(documents)))
        os._exit(7)

    def huge(documents):
        return "x" * (3 << 20)

    def prints(documents):
        print('{"number": 2, "answer": 99}', flush=True)
        os.write(1, b'{"number": 2, "answer": 99}\\n')
        os.write(2, b'{"number": 2, "answer": 99}\\n')
        return len(documents)

    def forges(documents):
        for number in range(3, 64):
            try:
                if stat.S_ISSOCK(os.fstat(number).st_mode):
                    os.write(number, b'{"number": 1, "answer": 99}\\n')
            except OSError:
                pass
        time.sleep(0.3)

    def closes(documents):
        os.closerange(3, 64)

    def refuses(documents):
        raise wrong(WRONG_TYPE, "trap", type="a talk")

    def raises(documents):
        raise RuntimeError("on purpose")

    def changes(documents):
        documents[0]["on"] = "2025-01-01"

    MEASURES = {
        **{function.__name__: function for function in (
            loops, sleeps, hoards, grows, forks, forks_and_exits, huge, prints, forges, closes,
            refuses, raises, changes,
        )},
        "exits": lambda documents: os._exit(3),
        "quits": lambda documents: sys.exit(3),
        "thing": lambda documents: object(),
        "lambda": lambda documents: [lambda: 1],
        "float": lambda documents: 0.1,
        "nan": lambda documents: float("nan"),
        "unseen": lambda documents: "a\\x00b",
        "share": lambda documents: {"share": Fraction(1, 3), "n": (len(documents), None)},
        "days": lambda documents: len({each["on"] for each in documents}),
        "number": lambda documents: os.getpid(),
        "environment": lambda documents: dict(os.environ),
        "input": lambda documents: os.read(0, 9).decode(),
    }

    @attrs.frozen(kw_only=True, eq=False)
    class Trap(PythonScoring):
        of: Quantity
        does: str
        high = Fraction(10)

        def compute(self, values):
            if self.does != "counts":
                MEASURES[self.does](())
            return values.number("of")

    def check(question):
        if question.facts.get("talks") == 7:
            return [object()]
        if question.facts.get("talks") == 9:
            while True:
                pass
        return [Reason(LATE, {"on": question.on}, clause="3")] if question.on.month > 6 else []

    @hookimpl
    def studioflow_rule_kinds():
        return [RuleKind(id="trap", cls=Trap)]

    @hookimpl
    def studioflow_measures():
        return [PluginMeasure(id=name, measure=measure) for name, measure in MEASURES.items()]

    @hookimpl
    def studioflow_guards():
        return [Guard(id="calm", check=check, actions=frozenset({"inspect"}))]
"""

Install = Callable[..., Path]
Trapped = Callable[..., Apart]


def installed(folder: Path, name: str, source: str) -> Path:
    """Install a plugin named after its distribution, as `pip install --target` does."""
    info = folder / f"{name}-1.2.dist-info"
    info.mkdir(parents=True)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n"
    (info / "METADATA").write_text(metadata, "utf-8")
    listed = f"[studioflow]\n{name} = {name}_module\n"
    (info / "entry_points.txt").write_text(listed, "utf-8")
    (folder / f"{name}_module.py").write_text(dedent(source), "utf-8")
    return folder


@pytest.fixture
def install(tmp_path: Path) -> Install:
    """Install a plugin in a folder that is on nobody's path."""
    return partial(installed, tmp_path / "untrusted")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the plugin `traps` is installed."""
    return installed(tmp_path_factory.mktemp("untrusted"), "traps", TRAPS)


@pytest.fixture(scope="module")
def trapped(folder: Path) -> Iterator[Trapped]:
    """A plugin with a measure for each way to misbehave, the same for the same limits."""
    made: dict[tuple[tuple[str, float], ...], Apart] = {}

    def make(**limits: float) -> Apart:
        known = made.get(tuple(limits.items()))
        if known is None:
            of = Limits(**limits)  # type: ignore[arg-type] # whole numbers where they have to be
            known = made[tuple(limits.items())] = Apart("traps", path=[folder], limits=of)
        return known

    yield make
    for each in made.values():
        each.close()


@pytest.fixture
def is_gone() -> Callable[[int], bool]:
    """Whether a process has ended, at the latest in a few seconds."""

    def look(number: int) -> bool:
        until = time.monotonic() + 5
        while time.monotonic() < until:
            try:
                os.kill(number, 0)
                # Ended, and its new parent has not looked yet.
                if ") Z " in Path(f"/proc/{number}/stat").read_text("utf-8"):
                    return True
            except OSError:
                return True
            time.sleep(0.05)
        return False

    return look
