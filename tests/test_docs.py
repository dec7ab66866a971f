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
    "docs/report.md": 20,
    "docs/notices.md": 25,
    "docs/import-table.md": 21,
    "docs/forms.md": 19,
    "docs/documents.md": 5,
    "README.md": 19,
    "README.zh-CN.md": 19,
    "docs/agenda.md": 24,
    "docs/amendments.md": 30,
    "docs/asking-why.md": 46,
    "docs/ballots.md": 26,
    "docs/case-file.md": 38,
    "docs/cases.md": 18,
    "docs/claims.md": 25,
    "docs/cohort.md": 34,
    "docs/compare.md": 14,
    "docs/conformance.md": 15,
    "docs/embed.md": 20,
    "docs/events.md": 31,
    "docs/extend-lifecycle.md": 111,
    "docs/hooks.md": 70,
    "docs/keep-it-safe.md": 20,
    "docs/schemas.md": 5,
    "docs/kinds/conditions/all.md": 14,
    "docs/kinds/conditions/any.md": 13,
    "docs/kinds/conditions/at_least.md": 12,
    "docs/kinds/conditions/at_most.md": 12,
    "docs/kinds/conditions/in_range.md": 10,
    "docs/kinds/conditions/is.md": 13,
    "docs/kinds/conditions/k_of_n.md": 17,
    "docs/kinds/conditions/not.md": 12,
    "docs/kinds/conditions/share.md": 20,
    "docs/kinds/conditions/site_check.md": 14,
    "docs/kinds/index.md": 21,
    "docs/kinds/quantities/points.md": 15,
    "docs/kinds/quantities/share.md": 16,
    "docs/kinds/quantities/shortfall.md": 12,
    "docs/kinds/quantities/sum.md": 15,
    "docs/kinds/scoring/bonus.md": 12,
    "docs/kinds/scoring/cases.md": 16,
    "docs/kinds/scoring/count.md": 26,
    "docs/kinds/scoring/deduct.md": 23,
    "docs/kinds/scoring/each.md": 28,
    "docs/kinds/scoring/marked.md": 34,
    "docs/kinds/scoring/percent.md": 13,
    "docs/kinds/scoring/points.md": 10,
    "docs/kinds/scoring/sum.md": 11,
    "docs/kinds/sheet/applies.md": 17,
    "docs/kinds/sheet/by.md": 24,
    "docs/kinds/sheet/deductions.md": 16,
    "docs/kinds/sheet/grades.md": 17,
    "docs/kinds/sheet/panels.md": 24,
    "docs/kinds/sheet/sections.md": 20,
    "docs/kinds/sheet/tallies.md": 14,
    "docs/lifecycle.md": 40,
    "docs/lint.md": 6,
    "docs/measures.md": 42,
    "docs/mutate.md": 13,
    "docs/new-county.md": 18,
    "docs/outcomes.md": 32,
    "docs/pictures.md": 17,
    "docs/sensitivity.md": 22,
    "docs/spark.md": 10,
    "docs/sweep.md": 11,
    "docs/teacher-points.md": 69,
    "docs/testing.md": 31,
    "docs/tutorial.md": 69,
    "docs/untrusted.md": 4,
    "docs/yongjia-2023.md": 155,
}

DOCUMENTS = [*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("plugins/*/*.md")]
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
