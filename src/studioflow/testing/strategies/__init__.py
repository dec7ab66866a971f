"""Strategies of hypothesis: what studios under a policy may look like, and policies like it.

Each takes a policy, and gives nothing that the policy would refuse. They need the extra `testing`.
"""

from studioflow.errors import MissingExtraError

try:
    import hypothesis  # noqa: F401 - only whether it is there
except ImportError as error:
    raise MissingExtraError("testing") from error

from studioflow.testing.strategies.facts import fact_files, facts
from studioflow.testing.strategies.histories import histories
from studioflow.testing.strategies.records import records
from studioflow.testing.strategies.variations import variations

__all__ = ["fact_files", "facts", "histories", "records", "variations"]
