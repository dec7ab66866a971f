"""The host: what the installed plugins brought, by id, and policies built from it."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from copy import copy
from pathlib import Path
from typing import Final, Protocol, TypeVar

from attrs import evolve

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem, nearest, shown
from studioflow.host.answers import Answers, SampleBatch, is_path
from studioflow.host.hookspecs import PROJECT
from studioflow.host.plugins import (
    DISABLE_VARIABLE,
    consulted,
    given,
    installed,
    switched_off,
    without_clashes,
)
from studioflow.host.reports import ID_CLAIMED, SHARED, PluginReport
from studioflow.policy import Catalogue, Document, Policy, build_policy
from studioflow.text import Text, message

__all__ = ["Host", "load_policy"]

NOT_BROUGHT = message(
    "not_brought", zh="插件带来的 id 之一：{known}", en="an id that a plugin brings: {known}"
)
NOTHING_BROUGHT = message(
    "nothing_brought",
    zh="插件带来的 id；没有插件带来任何一个",
    en="an id that a plugin brings, and none brings any",
)

_SWITCH_OFF = Text(
    f"用 {DISABLE_VARIABLE} 停用其中之一", f"switch one of them off with {DISABLE_VARIABLE}"
)
_BROKEN = Text(
    "插件 {broken} 有错误，见 studioflow plugins", "{broken} is broken, see studioflow plugins"
)
_SEE_POLICIES = Text(
    "studioflow policies 列出已安装的政策", "`studioflow policies` lists what is installed"
)
_INSTALL = Text(
    "请安装带来它的插件，或给出政策文件的路径（.toml、.json）",
    "install a plugin that brings it, or name the path of a policy file (.toml, .json)",
)

# Where a policy names what a plugin brings, and among what it is looked for.
_PARTS: Mapping[str, str] = {
    "site_check": "site_checks",
    "rubric": "rubrics",
    "case_file": "case_files",
    "extends": "policies",
}


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_HasId)


class Host:
    """Asks each plugin once, when it is made, and keeps what they brought.

    Attributes:
        plugins: what became of each, by name.
        catalogue: the documents and the kinds of rule that the working ones brought.
        measures: with their origin, in the order of their ids.
        record_classes: in the order of their ids; of one kind there may be several.
        guards, subscribers: in the order of their ids; of one id there may be several, since to
            drop them would allow what they forbid, or leave somebody untold.
        sample_batches: by id.
        forms: as documents, by id; `studioflow.documents.forms` reads them.
    """

    def __init__(self, plugins: Iterable[object] = ()) -> None:
        """Ask the plugins given, and no installed one.

        Args:
            plugins: modules or objects with hooks.
        """
        asked = [consulted(candidate) for candidate in without_clashes(given(plugins))]
        self._clashes: dict[str, dict[str, list[str]]] = {}
        self._ids: dict[str, tuple[str, ...]] = {}
        self.catalogue: Final = Catalogue(
            policies=self._settled("policies", [(r, a.policies) for r, a in asked]),
            rubrics=self._settled("rubrics", [(r, a.rubrics) for r, a in asked]),
            site_checks=self._settled("site_checks", [(r, a.site_checks) for r, a in asked]),
            case_files=self._settled("case_files", [(r, a.case_files) for r, a in asked]),
            kinds=self._settled("rule_kinds", [(r, a.rule_kinds) for r, a in asked]),
        )
        measures = self._settled("measures", [(r, a.measures) for r, a in asked])
        self.measures: Final = tuple(measures.values())
        # Not settled: a kind may have several classes, and a programme checks that they fit.
        self.record_classes: Final = _by_id(c for _, a in asked for c in a.record_classes)
        self._clashes["record_classes"] = {}
        self._settled("guards", [(r, a.guards) for r, a in asked])
        self.guards: Final = _by_id(guard for _, a in asked for guard in a.guards)
        self._settled("subscribers", [(r, a.subscribers) for r, a in asked])
        self.subscribers: Final = _by_id(one for _, a in asked for one in a.subscribers)
        self.sample_batches: Final[Mapping[str, SampleBatch]] = self._settled(
            "sample_batches", [(r, a.sample_batches) for r, a in asked]
        )
        self.forms: Final[Mapping[str, Document]] = self._settled(
            "forms", [(r, a.forms) for r, a in asked]
        )
        self.plugins: Final = tuple(self._told(report, answers) for report, answers in asked)

    @classmethod
    def discover(cls, disabled: Collection[str] = ()) -> Host:
        """Ask every installed plugin.

        Args:
            disabled: names of plugins, or of distributions, that are neither loaded nor asked;
                those that the variable `STUDIOFLOW_DISABLE_PLUGINS` lists are left out as well.

        Raises:
            InputError: where a name in `disabled` is that of no plugin. The variable is not
                checked: it may be set for several environments at once.
        """
        found = installed()
        known = {name for c in found for name in (c.report.name, c.report.distribution)}
        collector = Collector()
        for position, name in enumerate(disabled):
            with collector.under("disabled", position):
                if name not in known:
                    raise wrong(UNKNOWN_NAME, name, known=known)
        collector.finish()
        # No name is none: a plugin that was handed in has no distribution.
        listed = filter(None, map(str.strip, os.environ.get(DISABLE_VARIABLE, "").split(",")))
        return cls(switched_off(found, {*disabled, *listed}))

    def __repr__(self) -> str:
        return f"<Host {', '.join(report.origin for report in self.plugins) or 'without plugins'}>"

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with any plugin."""
        return tuple(problem for report in self.plugins for problem in report.problems)

    def working(self) -> Host:
        """Return the host without the plugins that have a problem, and with all that is in use.

        It is for a rehearsal. Where anything is decided for good, what a broken plugin would forbid
        has to be known: there the host itself is asked, and refused for its `problems`.
        """
        made = copy(self)
        vars(made)["plugins"] = tuple(each for each in self.plugins if not each.problems)
        return made

    def policies(self) -> Mapping[str, Document]:
        """Return the documents of the policies, by id."""
        return self.catalogue.policies

    def policy(self, id: str, changes: Mapping[str, object] | None = None) -> Policy:  # noqa: A002 - it is one
        """Build the policy with an id.

        Args:
            id: as the policy file says.
            changes: values by path, set before anything is built.

        Raises:
            InputError: where no plugin, or more than one, brings it, and for every problem in it.
        """
        if id not in self.catalogue.policies:
            near = nearest(id, self.catalogue.policies)
            raise InputError([self._missing("policies", shown(id), near)])
        return self.build(self.catalogue.policies[id], changes)

    def sample_batch(self, id: str) -> SampleBatch:  # noqa: A002 - it is one
        """Return the sample batch with an id.

        Raises:
            InputError: where no plugin, or more than one, brings it.
        """
        if id not in self.sample_batches:
            near = nearest(id, self.sample_batches)
            raise InputError([self._missing("sample_batches", shown(id), near)])
        return self.sample_batches[id]

    def build(self, document: Document, changes: Mapping[str, object] | None = None) -> Policy:
        """Build a policy from a document, with what the plugins brought for its parts.

        Raises:
            InputError: with every problem, each under the document that it stands in.
        """
        try:
            return build_policy(document, self.catalogue, changes)
        except InputError as error:
            raise InputError(map(self._explained, error.problems)) from None

    def _settled(
        self, kind: str, answers: Iterable[tuple[PluginReport, Iterable[T]]]
    ) -> dict[str, T]:
        """Return by id what one plugin alone brings, and remember who claims the rest."""
        claims: dict[str, list[tuple[str, T]]] = {}
        for report, items in answers:
            for item in items:
                claims.setdefault(item.id, []).append((report.origin, item))
        self._clashes[kind] = {
            name: [origin for origin, _ in claim]
            for name, claim in claims.items()
            if len(claim) > 1
        }
        alone = {n: claim[0][1] for n, claim in sorted(claims.items()) if len(claim) == 1}
        self._ids[kind] = tuple(alone)
        return alone

    def _told(self, report: PluginReport, answers: Answers) -> PluginReport:
        """Complete a report: what the plugin brings, and what another claims as well."""
        brought: dict[str, tuple[str, ...]] = {}
        problems = []
        for kind, clashes in self._clashes.items():
            ids = sorted({item.id for item in getattr(answers, kind)})
            brought[kind] = tuple(n for n in ids if kind in SHARED or n not in clashes)
            problems += [
                self._missing(kind, shown(name)).under(f"{PROJECT}_{kind}")
                for name in ids
                if name in clashes
            ]
        brings = {kind: ids for kind, ids in brought.items() if ids}
        return evolve(report, brings=brings).with_problems(problems)

    def _missing(self, kind: str, got: str, near: str | None = None) -> Problem:
        """Return what is wrong with asking for an id (as `shown`) that can not be had."""
        for name, origins in self._clashes[kind].items():
            if shown(name) == got:
                return Problem(
                    ID_CLAIMED, got=got, parameters={"plugins": origins}, hint=_SWITCH_OFF
                )
        known = self._ids[kind]
        broken = [report.origin for report in self.plugins if report.status == "broken"]
        see = _SEE_POLICIES if kind == "policies" else None
        return Problem(
            NOT_BROUGHT if known else NOTHING_BROUGHT,
            got=got,
            parameters={"known": known, "broken": broken},
            nearest=near,
            hint=_BROKEN if broken else see if known else _INSTALL,
        )

    def _explained(self, problem: Problem) -> Problem:
        """Say of what can not be had whether it is missing, or claimed, or broken."""
        *outer, key = problem.path.split("/")
        if problem.expects is UNKNOWN_NAME and key == "kind":
            return self._unknown_kind(problem)
        if problem.expects is not UNKNOWN_NAME or key not in _PARTS or {*outer} - {"extends"}:
            return problem
        missing = self._missing(_PARTS[key], problem.got, problem.nearest)
        return evolve(missing, path=problem.path, file=problem.file)

    def _unknown_kind(self, problem: Problem) -> Problem:
        """Say of an unknown kind of rule whether two plugins bring it, or one is broken."""
        missing = self._missing("rule_kinds", problem.got)
        if missing.expects is ID_CLAIMED:
            return evolve(missing, path=problem.path, file=problem.file)
        if missing.hint is not _BROKEN or problem.nearest is not None:
            return problem
        broken = {"broken": missing.parameters["broken"]}
        return evolve(problem, hint=_BROKEN, parameters={**problem.parameters, **broken})


def _by_id(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(items, key=lambda item: item.id))


def load_policy(
    source: str | Path,
    *,
    changes: Mapping[str, object] | None = None,
    host: Host | None = None,
) -> Policy:
    """Load a policy.

    Args:
        source: the id of a policy that a plugin brings, or the path of a policy file: a `Path`, or
            text that ends in `.toml` or `.json` or holds a separator.
        changes: values by path, set before anything is built.
        host: what plugins brought; every installed one is asked when it is left out.

    Raises:
        InputError: with every problem.
    """
    host = Host.discover() if host is None else host
    if isinstance(source, Path) or is_path(source):
        return host.build(Document.read(Path(source)), changes)
    return host.policy(source, changes)
