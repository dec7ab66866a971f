"""That policies build whatever is answered, and come back as they were."""

from __future__ import annotations

import pickle

from studioflow.codec import parse, to_json
from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy, differences
from studioflow.testing.conformance.checks import hold, since
from studioflow.testing.conformance.subject import Checks, Subject
from studioflow.text import LANGUAGES, Language

__all__ = ["PolicyChecks"]


class PolicyChecks(Checks):
    """Policies as documents."""

    @since("2026.1")
    def test_builds_under_every_reading(self, subject: Subject) -> None:
        """Each policy builds under each answer of each of its readings, one at a time."""
        failed = [f"{name}: as it is: {error}" for name, error in subject.refused.items()]
        for name, policy in subject.policies.items():
            for reading, each in policy.readings.items():
                for answer in each.values:
                    try:
                        policy.vary({f"readings/{reading}": answer})
                    except InputError as error:
                        failed.append(f"{name}: readings/{reading} = {answer}: {error}")
        hold(failed, "Mend what these policies say under these answers: they do not build.")

    @since("2026.1")
    def test_facts_have_a_clause(self, subject: Subject) -> None:
        """Each fact says by which clause it is asked for, where the policy carries one out."""
        hold(
            (
                f"{name}: facts/{fact.name}"
                for name, policy in subject.policies.items()
                for fact in policy.facts.values()
                if policy.source is not None and not fact.clause
            ),
            'Say by which clause these facts are asked for, `clause = "…"`: the policy has a '
            "`source`, which they come from.",
        )

    @since("2026.1")
    def test_facts_have_a_label(self, subject: Subject) -> None:
        """Each fact says in both languages what it is, in words that no other fact has."""
        # That there are words at all the policy was held to when it was built.
        hold(
            (
                f"{name}: facts/{', facts/'.join(facts)}: {words}"
                for name, policy in subject.policies.items()
                for language in LANGUAGES
                for words, facts in _by_label(policy, language).items()
                if len(facts) > 1
            ),
            "Give each of these facts a label of its own: nobody can tell them apart on a form.",
        )

    @since("2026.1")
    def test_survives_pickle(self, subject: Subject) -> None:
        """A policy goes to another process and back as the same."""
        hold(
            (
                f"{name}: {lost}"
                for name, policy in subject.policies.items()
                if (lost := _lost_by_pickle(subject, policy))
            ),
            "Define rule kinds, and whatever their fields hold, at the top of a module, where "
            "pickle finds them, and have each hang on its fields alone: these policies can not go "
            "to another process and stay the same.",
        )

    @since("2026.1")
    def test_survives_being_written(self, subject: Subject) -> None:
        """A policy that is written as one document, and read again, is the same."""
        hold(
            (
                f"{name}: {lost}"
                for name, policy in subject.policies.items()
                if (lost := _lost_by_writing(subject, policy))
            ),
            "Mend the rule kinds of these policies, and have each hang on what its fields say "
            "alone: written as one JSON document, and read again, they are not the same.",
        )


def _by_label(policy: Policy, language: Language) -> dict[str, list[str]]:
    """Return the names of the facts by their label in a language."""
    found: dict[str, list[str]] = {}
    for name, fact in policy.facts.items():
        found.setdefault(fact.label.get(language).strip(), []).append(name)
    return found


def _lost_by_pickle(subject: Subject, policy: Policy) -> str | None:
    """Return why a policy can not be sent to another process, or what is another one then."""
    try:
        again = pickle.loads(pickle.dumps(policy))  # noqa: S301 - our own, of a moment ago
    except Exception as error:  # noqa: BLE001 - a plugin's object may raise anything there
        return f"{type(error).__name__}: {error}"
    return _differs(subject, policy, again)


def _lost_by_writing(subject: Subject, policy: Policy) -> str | None:
    """Return why a policy that was written can not be read, or what is another one then."""
    document = Document(parse(to_json(policy.tables).encode(), json_document=True), "written")
    try:
        again = build_policy(document, subject.host.catalogue)
    except InputError as error:
        return str(error)
    return _differs(subject, policy, again)


def _differs(subject: Subject, policy: Policy, again: Policy) -> str | None:
    """Return in what a policy differs that was to be the same; None if in nothing."""
    if policy.fingerprint != again.fingerprint:
        changed = ", ".join(each.path for each in differences(policy, again))
        return f"its document says something else at {changed}"
    for values in subject.full[policy.id]:
        if policy.score(values) != again.score(values):
            return f"it scores {values} otherwise"
    return None
