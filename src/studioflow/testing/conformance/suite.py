"""All the checks of a plugin, in one class: subclass it under a name with `Test`."""

from __future__ import annotations

from studioflow.testing.conformance.checks import marked
from studioflow.testing.conformance.lifecycles import LifecycleChecks
from studioflow.testing.conformance.plugins import PluginChecks
from studioflow.testing.conformance.policies import PolicyChecks
from studioflow.testing.conformance.scores import ScoreChecks

__all__ = ["PluginConformance"]


class PluginConformance(PluginChecks, PolicyChecks, ScoreChecks, LifecycleChecks):
    """The whole contract: subclass it under a name with `Test`, and override two fixtures.

    A check can not be overridden or deleted: a class that does is refused when it is defined.

    Attributes:
        brings: what the plugin brings, as short names of hooks; saying less than it brings fails,
            and so does saying more.
        scores_columns: whether every policy scores whole cohorts, too; False fails where it does.
        policy: the id of the policy that `sample` is a studio of, where there are several.
        expected_failures: checks that fail, each with the reason; one that passes is a failure.
        conforms_to: the edition of the checks that is held to; newer ones are run, and told as
            expected failures where they fail.
    """

    def __init_subclass__(cls) -> None:
        marked(cls, PluginConformance)
