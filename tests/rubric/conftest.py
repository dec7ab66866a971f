"""A small policy, whose rubric is what is tested here."""

from pathlib import Path

import pytest

from studioflow.policy import Document, Policy, build_policy


@pytest.fixture(scope="session")
def small() -> Policy:
    """The policy of `small.toml`."""
    return build_policy(Document.read(Path(__file__).with_name("small.toml")))


@pytest.fixture
def complete() -> dict[str, object]:
    """Every fact of it, marks included: 10 points of work, 8 of 9.5 extra ones count."""
    return {
        "safe": True,
        "tidy": True,
        "visits": 12,
        "hours": 1,
        "mood": "good",
        "talk_mark": 8,
        "faults": 1,
    }
