"""A small policy with one of everything, to be built, damaged and varied."""

import copy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from studioflow.codec import read
from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy

FILE = Path(__file__).with_name("small.toml")


@pytest.fixture(scope="session")
def small() -> Policy:
    """The policy of `small.toml`."""
    return build_policy(Document.read(FILE))


@pytest.fixture
def tables() -> dict[str, Any]:
    """The tables of `small.toml`, to do with as a test likes."""
    return read(FILE)


@pytest.fixture(scope="session")
def built() -> Callable[..., Policy]:
    """Build the small policy with values put at paths, whether or not they fit; None removes."""
    original = read(FILE)

    def built(changes: Mapping[str, object]) -> Policy:
        tables = copy.deepcopy(original)
        for path, value in changes.items():
            *way, key = path.split("/")
            here = tables
            for step in way:
                here = here.setdefault(step, {})
            here[key] = value
            if value is None:
                del here[key]
        return build_policy(Document(tables, "small.toml"))

    return built


@pytest.fixture(scope="session")
def refused(built: Callable[..., Policy]) -> Callable[..., list[tuple[str, str, str | None]]]:
    """Return path, code and nearest match of every problem that changes bring."""

    def refused(changes: Mapping[str, object]) -> list[tuple[str, str, str | None]]:
        with pytest.raises(InputError) as error:
            built(changes)
        assert {"small.toml"} == {problem.file for problem in error.value.problems}
        return [(p.path, p.code, p.nearest) for p in error.value.problems]

    return refused
