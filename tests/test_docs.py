"""No example in the documentation is skipped without anyone noticing."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# How many examples run in each document; one without any is left out. Changed by hand, so that
# an example nobody meant to lose is noticed.
EXAMPLES: dict[str, int] = {
    "README.md": 19,
    "README.zh-CN.md": 19,
    "docs/case-file.md": 38,
    "docs/embed.md": 20,
    "docs/events.md": 31,
    "docs/hooks.md": 52,
    "docs/lifecycle.md": 69,
    "docs/measures.md": 36,
    "docs/tutorial.md": 69,
}

DOCUMENTS = [*ROOT.glob("README*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("plugins/*/*.md")]
MODULES = [*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]


@pytest.fixture(scope="module")
def collected() -> Counter[str]:
    """How many examples pytest collects from each file."""
    # Asking pytest instead of Sybil proves that the files lie on `testpaths`, too.
    listing = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "--ignore=tests"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    names = [line for line in listing.stdout.splitlines() if "::line:" in line]
    return Counter(name.partition("::")[0] for name in names)


def test_number_of_examples(collected: Counter[str]) -> None:
    """As many examples run in each document as this file says."""
    assert EXAMPLES == {name: n for name, n in collected.items() if name.endswith(".md")}


def test_every_prompt_is_an_example(collected: Counter[str]) -> None:
    """What looks like an example runs: a `>>>` in a ```pycon or ```text fence would not."""
    prompts = Counter(
        path.relative_to(ROOT).as_posix()
        for path in [*DOCUMENTS, *MODULES]
        for line in path.read_text("utf-8").splitlines()
        if line.lstrip().startswith(">>>")
    )

    # Counters subtract to what is left over; a fence without a prompt adds to `collected` alone.
    assert Counter() == prompts - collected


def test_no_pycon_fences() -> None:
    """Documents use ```python fences, since Sybil skips ```pycon in silence."""
    assert [] == [path.name for path in DOCUMENTS if "pycon" in path.read_text("utf-8")]
