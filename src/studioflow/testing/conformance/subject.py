"""What is checked: the plugin with its policies and a full studio, prepared once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import pytest

from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.policy import Policy, read_facts
from studioflow.rubric import FactFile
from studioflow.testing.conformance.checks import EDITION, hold
from studioflow.testing.full_facts import full_facts
from studioflow.testing.only import only_plugins

__all__ = ["Checks", "Subject"]


class Subject:
    """A plugin, what came of it, and studios to try it with."""

    def __init__(self, plugin: object, others: tuple[object, ...]) -> None:
        """Ask the plugin, and those that it builds on."""
        self.plugin, self.others = plugin, others
        self.host = Host([plugin, *others])
        self.report = self.host.plugins[0]

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """The policies that the plugin brings, and that build, by id."""
        return {n: policy for n, policy in self._built.items() if isinstance(policy, Policy)}

    @cached_property
    def refused(self) -> Mapping[str, InputError]:
        """Why policies that the plugin brings do not build, by their ids."""
        return {n: error for n, error in self._built.items() if isinstance(error, InputError)}

    @cached_property
    def _built(self) -> Mapping[str, Policy | InputError]:
        return {name: self._build(name) for name in self.report.brings.get("policies", ())}

    def _build(self, name: str) -> Policy | InputError:
        try:
            return self.host.policy(name)
        except InputError as error:
            return error

    @cached_property
    def full(self) -> Mapping[str, tuple[dict[str, object], ...]]:
        """Facts without a gap, for every result that was found, by the id of the policy."""
        return {name: full_facts(policy).all for name, policy in self.policies.items()}


class Checks:
    """What the checks share; see `PluginConformance` for the attributes."""

    brings: ClassVar[frozenset[str]] = frozenset({"policies"})
    scores_columns: ClassVar[bool] = True
    policy: ClassVar[str] = ""
    expected_failures: ClassVar[Mapping[str, str]] = {}
    conforms_to: ClassVar[str] = EDITION

    _subject: ClassVar[Subject | None] = None

    @pytest.fixture
    def plugin(self) -> object:
        """Override this: the module, or the object, that the entry point names."""
        raise NotImplementedError("override the fixture `plugin`: return the plugin's module")

    @pytest.fixture
    def sample(self) -> Path | Mapping[str, object] | FactFile | None:
        """Override this: a full studio, as facts, as a fact file or its path.

        None where the plugin brings no policy.
        """
        raise NotImplementedError("override the fixture `sample`: return facts of a full studio")

    @pytest.fixture
    def builds_on(self) -> tuple[object, ...]:
        """Override this where the plugin needs others: those plugins."""
        return ()

    @pytest.fixture(autouse=True)
    def _only(self, plugin: object, builds_on: tuple[object, ...]) -> Iterator[None]:
        """Keep every other plugin out, whatever is installed."""
        with only_plugins(plugin, *builds_on):
            yield

    @pytest.fixture
    def subject(self, plugin: object, builds_on: tuple[object, ...]) -> Subject:
        """What is checked; it is prepared once for all checks of a class."""
        cls = type(self)
        kept = cls.__dict__.get("_subject")
        if kept is None or (kept.plugin, kept.others) != (plugin, builds_on):
            kept = cls._subject = Subject(plugin, builds_on)
        return kept

    @pytest.fixture
    def studios(self, subject: Subject, sample: object) -> Mapping[str, tuple[FactFile, ...]]:
        """Full studios by the id of their policy, the sample among them."""
        found = {
            name: tuple(FactFile(facts=values) for values in sets)
            for name, sets in subject.full.items()
        }
        if sample is None:
            missing = (f"policies: {name}" for name in found)
            hold(missing, "Return a full studio from `sample`: the plugin brings a policy.")
            return found
        brought = subject.report.brings.get("policies", ())
        name = self.policy or next(iter(brought), "")
        if not brought or name in subject.refused:  # other checks say so
            return found
        if name not in found:
            hold([name], f"Set `policy` to one of: {', '.join(found)}. This is none.")
        if isinstance(sample, Path):
            given = read_facts(sample)
        else:
            if not isinstance(sample, Mapping | FactFile):
                raise TypeError(f"`sample` is a path, facts or a fact file, and no {sample!r}")
            given = sample if isinstance(sample, FactFile) else FactFile(facts=sample)
        try:
            subject.policies[name].score(given)
        except InputError as error:
            hold([str(error)], f"Mend `sample`: the policy {name} does not take it.")
        return {**found, name: (given, *found[name])}
