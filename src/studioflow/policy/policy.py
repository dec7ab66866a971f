"""The policy: everything a county decides, loaded and checked."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any

from attrs import asdict, field, frozen

from studioflow.codec import Collector, wrong
from studioflow.people import Mark
from studioflow.policy.content import Content, build_content
from studioflow.policy.document import Document, Tables, fingerprint, plain
from studioflow.policy.variation import apply_changes, written_setting
from studioflow.rubric import (
    FactFile,
    Inspection,
    PolicyReference,
    ScoreSheet,
    score,
)
from studioflow.rubric.complete import Complete
from studioflow.rubric.marks import gather_marks
from studioflow.rules import Fact, RuleKind, known
from studioflow.text import message

__all__ = ["Policy"]

GIVEN_TWICE = message(
    "given_twice",
    zh="只给一次：在 facts 中，或在 marks、inspection 中",
    en="it once: among the facts, or as a mark or an inspected item",
)


@frozen(eq=False, kw_only=True)
class Policy(Content):
    """A policy, made by `load_policy`, `build_policy` or `Policy.of`.

    It does not change: its attributes can not be set, its mappings are read-only, and `tables` is a
    copy. Only what Python leaves open to anybody (underscored names, `object.__setattr__`) is not
    guarded. It is pickled as its document, with those kinds of rule from plugins that it uses.

    Attributes:
        document: that it was built from, before anything was laid under it or set.
        changes: what was varied, by path.
    """

    document: Document = field(repr=False)
    changes: Mapping[str, Any]
    _tables: Tables = field(repr=False)
    _origins: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(
        cls,
        tables: Tables,
        *,
        document: Document,
        changes: Mapping[str, object] | None = None,
        origins: Mapping[str, str] | None = None,
        kinds: Mapping[str, RuleKind] | None = None,
    ) -> Policy:
        """Build a policy from tables that were assembled and varied already.

        Args:
            tables: the whole document.
            document: that the policy was asked for by.
            changes: what was varied, by path.
            origins: which document each id of each table comes from, where that is known.
            kinds: of rules that plugins bring, by id.

        Raises:
            InputError: with every problem.
        """
        own = copy.deepcopy(tables)
        return cls(
            **asdict(build_content(own, kinds), recurse=False),
            document=document,
            changes=MappingProxyType({path: plain(v) for path, v in (changes or {}).items()}),
            tables=own,
            origins=dict(origins or {}),
        )

    def __repr__(self) -> str:
        return f"<Policy {self.id} {self.version}{' varied' if self.changes else ''}>"

    def __reduce__(self) -> tuple[Callable[..., Policy], tuple[object, ...]]:
        used = {word: self.kinds[word] for word in _kinds_in(self._tables) if word in self.kinds}
        return _unpickled, (self._tables, self.document, dict(self.changes), self._origins, used)

    @property
    def tables(self) -> Tables:
        """A copy of the resolved document: everything that the policy says, and nothing else.

        `build_policy(Document(policy.tables, name), Catalogue(kinds=policy.kinds))` builds the same
        policy again.
        """
        return copy.deepcopy(self._tables)

    @property
    def kinds(self) -> Mapping[str, RuleKind]:
        """The kinds of rule from plugins that there were when it was built, by id."""
        return self.names.kinds

    @property
    def facts(self) -> Mapping[str, Fact]:
        """The facts that it scores, by name."""
        return self.rubric.facts

    @cached_property
    def fingerprint(self) -> str:
        """`sha256:…` of the whole resolved document."""
        return fingerprint(self._tables)

    @cached_property
    def reference(self) -> PolicyReference:
        """What sheets and events name as their policy."""
        changes = tuple(written_setting(path, value) for path, value in self.changes.items())
        return PolicyReference(self.id, self.version, self.fingerprint, changes)

    @cached_property
    def readings_in_force(self) -> Mapping[str, str]:
        """The answer in force for every reading."""
        return MappingProxyType({name: reading.in_force for name, reading in self.readings.items()})

    @cached_property
    def _complete(self) -> Complete:
        return Complete(self.rubric)

    def vary(self, changes: Mapping[str, object]) -> Policy:
        """Return the policy with a value set at each path, remembering what was changed.

        Raises:
            InputError: for a path that does not exist, or a policy that is no longer right.
        """
        collector = Collector()
        tables = apply_changes(self._tables, changes, collector)
        if collector.problems:
            with collector.under():  # what the other changes break is told, too
                build_content(tables, self.kinds)
        collector.finish()
        return Policy.of(
            tables,
            document=self.document,
            changes={**self.changes, **changes},
            origins=self._origins,
            kinds=self.kinds,
        )

    def origin(self, path: str) -> str | None:
        """Return the name of the document that a rule comes from, by its path.

        The host names a plugin's documents with the plugin and its version. Where several documents
        had a say, it is the last one; None where it is not known.
        """
        return self._origins.get("/".join(path.split("/")[:2]))

    def score(
        self,
        facts: Mapping[str, object] | FactFile,
        *,
        marks: Iterable[Mark] = (),
        inspection: Inspection | None = None,
    ) -> ScoreSheet:
        """Score one studio.

        Args:
            facts: by name, or a fact file with its marks and inspection; what is missing, or None,
                is not known yet.
            marks: judgements in full, in place of plain facts.
            inspection: of the site, in place of plain facts.

        Raises:
            InputError: with every problem of what was handed in.
        """
        if isinstance(facts, FactFile):
            marks = (*facts.marks, *marks)
            inspection = facts.inspection if inspection is None else inspection
            facts = facts.facts
        marks = tuple(marks)
        if not marks and inspection is None:
            return self.score_values(facts)
        handed_in = FactFile(facts=facts, marks=marks, inspection=inspection)
        collector = Collector()
        values = self._values(handed_in, collector)
        with collector.under():
            sheet = self.score_values(values, handed_in.marks)
        collector.finish()
        return sheet

    def score_values(self, values: Mapping[str, object], marks: Iterable[Mark] = ()) -> ScoreSheet:
        """Score facts that `values` made of what was handed in; `marks` are named on the sheet.

        Raises:
            InputError: with every fact that does not fit.
        """
        given, policy, readings = tuple(marks), self.reference, self.readings_in_force
        sheet = self._complete.sheet(values, given, policy=policy, readings=readings)
        if sheet is not None:
            return sheet
        return score(self.rubric, values, given, policy=policy, readings=readings)

    def values(self, handed_in: FactFile) -> dict[str, object]:
        """Return plain facts: those given, and those that marks and an inspection stand for.

        Several marks of one item are a `Pool`, which `known` and `score_values` take as the value
        of its fact.

        Raises:
            InputError: with every mark and item that does not fit, or that is given twice.
        """
        collector = Collector()
        values = self._values(handed_in, collector)
        if collector.problems:
            # Scoring would look at the plain facts, but it is not reached.
            with collector.under("facts"):
                known(self.facts, {n: v for n, v in handed_in.facts.items() if v is not None})
        collector.finish()
        return values

    def _values(self, handed_in: FactFile, collector: Collector) -> dict[str, object]:
        """Return the plain facts that fit, and collect what is wrong with the others."""
        given = {name: value for name, value in handed_in.facts.items() if value is not None}
        found = gather_marks(self.rubric, handed_in.marks, collector)
        if handed_in.inspection is not None:
            with collector.under():
                found |= self.site_check.values(handed_in.inspection)
        for name, value in given.items():
            with collector.under("facts", name):
                if name in found:
                    raise wrong(GIVEN_TWICE, value)
        return given | found


def _unpickled(
    tables: Tables,
    document: Document,
    changes: Mapping[str, object],
    origins: Mapping[str, str],
    kinds: Mapping[str, RuleKind],
) -> Policy:
    return Policy.of(tables, document=document, changes=changes, origins=origins, kinds=kinds)


def _kinds_in(value: object) -> Iterator[str]:
    """Yield the kind that each table names, under any answer of any reading."""
    if isinstance(value, Mapping):
        if isinstance(value.get("kind"), str):
            yield value["kind"]
        for item in value.values():
            yield from _kinds_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from _kinds_in(item)
