"""That policies build whatever is answered, and come back as they were."""

from __future__ import annotations

import pickle

from studioflow.codec import parse, to_json
from studioflow.errors import InputError
from studioflow.policy import Document, build_policy
from studioflow.testing.conformance.checks import since
from studioflow.testing.conformance.subject import Checks, Subject

__all__ = ["PolicyChecks"]


class PolicyChecks(Checks):
    """Policies as documents."""

    @since("2026.1")
    def test_builds_under_every_reading(self, subject: Subject) -> None:
        """Each policy builds under each answer of each of its readings, one at a time."""
        failed = []
        for name, policy in subject.policies.items():
            for reading, each in policy.readings.items():
                for answer in each.values:
                    try:
                        policy.vary({f"readings/{reading}": answer})
                    except InputError as error:
                        failed.append(f"{name}: {reading} = {answer}: {error}")
        assert [] == failed

    @since("2026.1")
    def test_facts_have_a_clause(self, subject: Subject) -> None:
        """Each fact says by which clause it is asked for, where the policy carries one out."""
        silent = [
            f"{name}: {fact.name}"
            for name, policy in subject.policies.items()
            for fact in policy.facts.values()
            if policy.source is not None and not fact.clause
        ]
        assert [] == silent

    @since("2026.1")
    def test_facts_have_a_label(self, subject: Subject) -> None:
        """Each fact says in both languages what it is."""
        silent = [
            f"{name}: {fact.name}"
            for name, policy in subject.policies.items()
            for fact in policy.facts.values()
            if not (fact.label.zh.strip() and fact.label.en.strip())
        ]
        assert [] == silent

    @since("2026.1")
    def test_survives_pickle(self, subject: Subject) -> None:
        """A policy goes to another process and back as the same."""
        for name, policy in subject.policies.items():
            again = pickle.loads(pickle.dumps(policy))  # noqa: S301 - our own, of a moment ago
            assert policy.fingerprint == again.fingerprint
            for values in subject.full[name]:
                assert policy.score(values) == again.score(values)

    @since("2026.1")
    def test_survives_being_written(self, subject: Subject) -> None:
        """A policy that is written as one document, and read again, is the same."""
        for name, policy in subject.policies.items():
            text = to_json(policy.tables)
            document = Document(parse(text.encode(), json_document=True), f"{name}.json")
            again = build_policy(document, subject.host.catalogue)
            assert policy.fingerprint == again.fingerprint
