"""The example of a file of cases."""

from pathlib import Path

from studioflow import load_policy
from studioflow.cases import read_cases, run_cases

ROOT = Path(__file__).parents[2]


def test_it_is_the_one_of_the_page() -> None:
    """The page about cases shows the example, and every case of it passes."""
    path = ROOT / "examples/activities.cases.toml"
    page = (ROOT / "docs/cases.md").read_text("utf-8")
    assert f"```toml\n{path.read_text('utf-8')}```" in page
    results = run_cases(load_policy("yongjia-2023"), read_cases(path))
    assert [True] * 3 == [result.passed for result in results]
