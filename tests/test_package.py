"""The distribution and the package agree."""

from importlib.metadata import version

import pytest

import studioflow


def test_version() -> None:
    """The package states the version it was installed as."""
    assert version("studioflow") == studioflow.__version__


def test_every_public_name() -> None:
    """Every name of `__all__` is there when it is asked for, is listed, and has no other."""
    assert {*studioflow.__all__} <= {*dir(studioflow)}
    assert [] == [name for name in studioflow.__all__ if getattr(studioflow, name, None) is None]
    assert {*studioflow.__all__} - {"__version__"} == {*studioflow._HOME_OF}


def test_unknown_name() -> None:
    """A name that is not there is an AttributeError, as from any module."""
    with pytest.raises(AttributeError, match="no attribute 'Programm'"):
        studioflow.Programm  # noqa: B018 - looking it up is the test
