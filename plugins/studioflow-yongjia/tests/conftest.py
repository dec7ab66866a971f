"""The reference policy, built from its files without a host."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import studioflow_yongjia

from studioflow.policy import Catalogue, Document, Policy, build_policy

FILES = Path(studioflow_yongjia.__file__).parent


@pytest.fixture(scope="session")
def reference() -> Policy:
    """The reference policy as it is shipped."""
    policy, *parts = (
        Document.read(FILES / f"{name}.toml")
        for name in ("policy", "rubric", "site_check", "case_file")
    )
    catalogue = Catalogue({policy.id: policy}, *({part.id: part} for part in parts))
    return build_policy(policy, catalogue)


@pytest.fixture(scope="session")
def under(reference: Policy) -> Callable[[tuple[tuple[str, object], ...]], Policy]:
    """The reference policy under readings other than the defaults, built once for each choice."""

    @cache
    def under(readings: tuple[tuple[str, object], ...]) -> Policy:
        return reference.vary({f"readings/{name}": value for name, value in readings})

    return under
