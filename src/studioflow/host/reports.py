"""What became of a plugin, as listings and problems tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from attrs import evolve, field, frozen

from studioflow.errors import Problem
from studioflow.host.hookspecs import PROJECT
from studioflow.text import message

__all__ = ["ID_CLAIMED", "SHARED", "PluginReport"]

ID_CLAIMED = message(
    "id_claimed",
    zh="只由一个插件带来的 id；现有 {plugins}",
    en="an id that one plugin alone brings; claimed by {plugins}",
)

SHARED = frozenset({"guards", "subscribers"})
"""What stays where two have the same id: to drop a guard would allow what it forbids, and to drop
a subscriber would leave somebody untold."""


@frozen
class PluginReport:
    """What became of one plugin.

    Attributes:
        name: of its entry point, or of the object that was handed in.
        distribution, version: what it was installed from; empty where it was handed in.
        status: "broken" where it has a problem.
        brings: the ids that are there because of it, by short name of the hook.
    """

    name: str
    distribution: str = ""
    version: str = ""
    status: Literal["ok", "broken", "disabled"] = "ok"
    problems: tuple[Problem, ...] = ()
    brings: Mapping[str, tuple[str, ...]] = field(factory=dict)

    @property
    def origin(self) -> str:
        """`name (distribution version)`, as sheets, reasons and problems cite it."""
        source = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({source})" if source else self.name

    @property
    def condition(self) -> Literal["ok", "broken", "disabled", "partly", "claimed", "shared"]:
        """The status, or what is left of a plugin that is only broken by claiming another's id.

        "partly": the rest of what it brings is used; "claimed": there is no rest; "shared": all of
        it is used, since only guards or subscribers have the same id.
        """
        claims = {problem.code for problem in self.problems} == {ID_CLAIMED.code}
        if self.status != "broken" or not claims:
            return self.status
        if {problem.path for problem in self.problems} <= {f"{PROJECT}_{kind}" for kind in SHARED}:
            return "shared"
        return "partly" if self.brings else "claimed"

    def with_problems(self, problems: Iterable[Problem]) -> PluginReport:
        """Return the report with problems added, each under the plugin's origin."""
        added = tuple(
            evolve(problem, file=f"{self.origin}: {problem.file}" if problem.file else self.origin)
            for problem in problems
        )
        status = "broken" if added else self.status
        return evolve(self, status=status, problems=self.problems + added)
