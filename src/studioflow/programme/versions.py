"""The versions of a programme's policy: which one is in force, and by which each studio goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import frozen

from studioflow.codec import wrong
from studioflow.host import Host
from studioflow.lifecycle import Lifecycle
from studioflow.policy import Document, Policy
from studioflow.policy.typed_records import RecordClass, check_record_classes
from studioflow.policy.variation import parse_settings
from studioflow.register import Register
from studioflow.rubric import PolicyReference
from studioflow.studio import Studio
from studioflow.text import message

__all__ = ["Version", "Versions", "in_force", "rebuilt"]

UNKNOWN_VERSION = message(
    "unknown_version",
    zh="登记册开立时或修订所用的政策",
    en="a policy that the register was opened or amended with",
)


@frozen(eq=False)
class Version:
    """One version of the policy, with what decides by it.

    Attributes:
        classes: of records, that plugins bring for it.
    """

    policy: Policy
    lifecycle: Lifecycle
    classes: tuple[RecordClass, ...]

    @classmethod
    def of(cls, policy: Policy, host: Host) -> Version:
        """Build what decides by a policy.

        Raises:
            InputError: where what plugins bring does not fit the policy.
        """
        lifecycle = Lifecycle(policy, guards=host.guards, measures=host.measures)
        return cls(policy, lifecycle, tuple(check_record_classes(policy, host.record_classes)))


class Versions:
    """Every version that a register knows; each is built when it is first needed, and once."""

    def __init__(self, policy: Policy, register: Register, host: Host) -> None:
        """Begin with the policy in force, built already."""
        self._register = register
        self._host = host
        self._built: dict[str, Version] = {}
        self.in_force = self.add(policy)

    def over(self, register: Register) -> Versions:
        """Return the same versions of the same register, as another connection reaches it."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        made._register = register
        return made

    def add(self, policy: Policy) -> Version:
        """Return the version of a policy, whether or not the register knows it yet.

        Raises:
            InputError: where what plugins bring does not fit the policy.
        """
        if policy.fingerprint not in self._built:
            self._built[policy.fingerprint] = Version.of(policy, self._host)
        return self._built[policy.fingerprint]

    def of(self, studio: Studio) -> Version:
        """Return the version by which a studio goes: that of its last event, or the one in force.

        Raises:
            InputError: for a version that the register does not know, or that can not be built
                with the plugins that there are.
        """
        if not studio.history:
            return self.in_force
        return self.named(studio.history[-1].policy.fingerprint)

    def named(self, fingerprint: str) -> Version:
        """Return the version with a fingerprint. Raises as `of` does."""
        found = self._built.get(fingerprint)
        if found is not None:
            return found
        self.refresh()  # somebody else may have amended it
        for policy, tables in _kept(self._register):
            if policy.fingerprint == fingerprint:
                return self.add(rebuilt(policy, tables, self._host))
        raise wrong(UNKNOWN_VERSION, fingerprint)

    def refresh(self) -> None:
        """Look up which version is in force now."""
        *_, (policy, tables) = _kept(self._register)
        known = self._built.get(policy.fingerprint)
        self.in_force = known or self.add(rebuilt(policy, tables, self._host))


def in_force(register: Register) -> tuple[PolicyReference, Mapping[str, object]] | None:
    """Return the policy in force with its tables; None where the register was not opened."""
    kept = list(_kept(register))
    return kept[-1] if kept else None


def _kept(register: Register) -> Iterator[tuple[PolicyReference, Mapping[str, object]]]:
    """Yield every policy that a register was opened or amended with, in order."""
    opening = register.opening()
    if opening is not None:
        yield opening.policy, opening.tables
    for amendment in register.amendments():
        yield amendment.policy, amendment.tables


def rebuilt(policy: PolicyReference, tables: Mapping[str, object], host: Host) -> Policy:
    """Return the policy that a register has, built with the plugins that there are.

    Raises:
        InputError: where they do not bring what it needs.
    """
    own = dict(tables)
    return Policy.of(
        own,
        document=Document(own, name=policy.id),
        changes=parse_settings(policy.varied),
        kinds=host.catalogue.kinds,
    )
