"""The distribution and the package agree."""

from importlib.metadata import version

import studioflow


def test_version() -> None:
    """The package states the version it was installed as."""
    assert version("studioflow") == studioflow.__version__
