"""What every plugin keeps to, as tests for whoever writes one.

Subclass `PluginConformance` under a name with `Test`, hand over the plugin and a full studio, say
what the plugin brings, and pytest runs all of it:

    class TestMine(PluginConformance):
        brings = frozenset({"policies", "guards"})

        @pytest.fixture
        def plugin(self):
            return studioflow_mine

        @pytest.fixture
        def sample(self):
            return Path(__file__).with_name("full_studio.toml")

It needs the extras `testing` and `cohort`.
"""

from studioflow.errors import MissingExtraError

try:
    import hypothesis  # noqa: F401 - only whether it is there
    import pytest  # noqa: F401 - only whether it is there
except ImportError as error:
    raise MissingExtraError("testing") from error

from studioflow.testing.conformance.checks import EDITION, EDITIONS
from studioflow.testing.conformance.suite import PluginConformance
from studioflow.testing.only import only_plugins

__all__ = ["EDITION", "EDITIONS", "PluginConformance", "only_plugins"]
