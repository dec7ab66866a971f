"""Plugins whose code is not trusted: asked in a process of their own, within limits."""

from studioflow.host.apart.apart import Apart
from studioflow.host.apart.errors import ApartError
from studioflow.host.apart.limits import Limits

__all__ = ["Apart", "ApartError", "Limits"]
