"""The plugin keeps to what every plugin keeps to."""

from __future__ import annotations

from pathlib import Path

import pytest
import studioflow_yongjia

from studioflow.testing.conformance import PluginConformance


class TestConformance(PluginConformance):
    """The whole contract."""

    brings = frozenset(
        {"policies", "rubrics", "site_checks", "case_files", "sample_batches", "forms"}
    )

    @pytest.fixture
    def plugin(self) -> object:
        """The module that the entry point names."""
        return studioflow_yongjia

    @pytest.fixture
    def sample(self) -> Path:
        """A studio in the middle."""
        return Path(__file__).with_name("conformance_sample.toml")
