"""The plugins that a test asks for, and none of those that happen to be installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.host import Host, host
from studioflow.host.plugins import Candidate, given, installed

__all__ = ["only_plugins"]


@contextmanager
def only_plugins(*plugins: object) -> Iterator[Host]:
    """Let everything inside see some plugins, and no other that is installed.

    `Host.discover`, and whatever asks it (`load_policy`, `Programme.open`), finds just these. It
    holds for the whole process, so it is for tests alone.

    Args:
        plugins: modules or objects with hooks, or the names of installed ones.

    Raises:
        InputError: for a name that is that of no installed plugin.

    >>> from studioflow.host import Host
    >>> with only_plugins("teacher_points"):
    ...     [report.name for report in Host.discover().plugins]
    ['teacher_points']
    """
    found = _chosen(plugins)
    # `discover` asks this name of its module: what it does with the answer stays as it is.
    with patch.object(host, "installed", lambda: list(found)):
        yield Host(found)


def _chosen(plugins: tuple[object, ...]) -> list[Candidate]:
    known = {each.report.name: each for each in installed()}
    collector = Collector()
    for position, each in enumerate(plugins):
        with collector.under("plugins", position):
            if isinstance(each, str) and each not in known:
                raise wrong(UNKNOWN_NAME, each, known=known)
    collector.finish()
    return given(known[each] if isinstance(each, str) else each for each in plugins)
