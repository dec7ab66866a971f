"""Drives the loaders by atheris, which looks for bytes that reach new branches.

    python -m tests.fuzz.atheris_driver SECONDS [LOADER…]

Each target runs in a process of its own for so many seconds. The exit code is 1 where anything came
out of one that it does not declare; the bytes are kept in `build/fuzz/`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

__all__ = ["main", "targets"]

ROOT = Path(__file__).parents[2]
FOUND = ROOT / "build/fuzz"
SLOWEST_SECONDS = 20
MEGABYTES = 2048


def targets() -> tuple[str, ...]:
    """Return the names of all targets."""
    from tests.fuzz.loaders import LOADERS

    return tuple(LOADERS)


def main(arguments: Iterable[str]) -> int:
    """Run the targets named, or all of them; return the exit code."""
    seconds, *named = arguments
    failed = [name for name in named or targets() if _in_process(name, seconds)]
    print("found something in:", failed or "none", flush=True)  # noqa: T201 - a script's answer
    return int(bool(failed))


def _in_process(name: str, seconds: str) -> int:
    print(f"-- {name}", flush=True)  # noqa: T201 - a script's progress
    call = [sys.executable, "-m", "tests.fuzz.atheris_driver", "--one", seconds, name]
    return subprocess.run(call, check=False, cwd=ROOT).returncode  # noqa: S603 - our own script


def _one(seconds: str, name: str) -> None:
    """Run one target in this process; it does not return."""
    import atheris

    with atheris.instrument_imports(include=["studioflow"]):
        from tests.fuzz.loaders import LOADERS
    from tests.fuzz.places import folder

    loader = LOADERS[name]
    seeds = folder() / "seeds"
    seeds.mkdir()
    for number, seed in enumerate(loader.seeds):
        (seeds / str(number)).write_bytes(seed)
    FOUND.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOWEST_SECONDS}",
        f"-rss_limit_mb={MEGABYTES}",
        f"-artifact_prefix={FOUND}/",
        "-max_len=65536",
        "-print_final_stats=1",
        "-verbosity=0",
    ]

    def target(data: bytes) -> None:
        loader.check(data)

    atheris.Setup([name, *options, str(seeds)], target)
    atheris.Fuzz()


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        _one(*sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
