"""Run master-teacher studios under a county's policy."""

__version__ = "0.1.0"

__all__ = ["__version__"]
