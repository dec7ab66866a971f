"""What a lifecycle hangs on in the rest of its policy."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from studioflow.policy.procedure import Amending, Calendar, Quota, Role
from studioflow.rubric import Rubric
from studioflow.rules import Fact

__all__ = ["Surroundings"]


@frozen(eq=False, kw_only=True)
class Surroundings:
    """The parts of a policy that its lifecycle names.

    Attributes:
        facts: that the procedure brings, by name.
    """

    roles: Mapping[str, Role]
    calendar: Calendar
    quota: Quota | None
    rubric: Rubric
    amending: Amending
    facts: Mapping[str, Fact]
