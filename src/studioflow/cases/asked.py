"""Which plugins a file of cases asks: those that it names, and no other that is installed."""

from __future__ import annotations

from pathlib import Path

from attrs import evolve

from studioflow.cases.documents import PolicyCase
from studioflow.cases.running import Runner
from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.host import Host, load_policy
from studioflow.text import Text

__all__ = ["runner_for"]

_NAME_IT = Text(
    '案例文件用 plugins = ["…"] 指明所用的插件（名称见 studioflow plugins）',
    'name the plugin in the file of cases: plugins = ["…"]; `studioflow plugins` lists them',
)


def runner_for(case: PolicyCase, folder: Path) -> Runner:
    """Return what runs the cases of a file, under the policy that the file names.

    Args:
        case: any one of them.
        folder: of the file, from which the path of a policy is seen.

    Raises:
        InputError: where the file names no policy, or a plugin that is not installed, and for every
            problem of the policy.
    """
    if case.policy is None:
        raise wrong(MISSING_KEY, "-", key="policy")
    source: str | Path = case.policy
    if case.policy.endswith((".toml", ".json")) or "/" in case.policy:
        source = folder / case.policy
    host = _host(case)
    try:
        return Runner(load_policy(source, host=host), host)
    except InputError as error:
        if case.plugins is not None:
            raise
        raise InputError(_with_way_out(problem) for problem in error.problems) from None


def _with_way_out(problem: Problem) -> Problem:
    """Say of what a plugin brings that a file of cases names its plugins."""
    brought = problem.code in {"not_brought", "nothing_brought"}
    return evolve(problem, hint=_NAME_IT) if brought else problem


def _host(case: PolicyCase) -> Host:
    """Ask the plugins that the file names; where it names none, the one that has its policy."""
    every = Host.discover()
    known = {report.name for report in every.plugins}
    collector = Collector()
    for place, name in enumerate(case.plugins or ()):
        with collector.under("plugins", place):
            if name not in known:
                raise wrong(UNKNOWN_NAME, name, known=known)
    collector.finish()
    asked = case.plugins
    if asked is None:
        asked = tuple(r.name for r in every.plugins if case.policy in r.brings.get("policies", ()))
    return Host.discover(known.difference(asked))
