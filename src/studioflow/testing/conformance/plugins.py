"""What a plugin brings, and says that it brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pytest

from studioflow.documents.forms import check_form, form_from
from studioflow.errors import InputError, Problem
from studioflow.host import Host
from studioflow.host.hookspecs import HOOKS
from studioflow.host.reports import ID_CLAIMED
from studioflow.policy import Document
from studioflow.testing.conformance.checks import hold, since
from studioflow.testing.conformance.subject import Checks, Subject
from studioflow.text import LANGUAGES

__all__ = ["PluginChecks"]

_DOCUMENTS = ("policies", "rubrics", "site_checks", "case_files")


class PluginChecks(Checks):
    """Hooks, ids and words."""

    @since("2026.1")
    def test_hooks_answer(self, subject: Subject) -> None:
        """Every hook has a known name, does not raise, and answers what the library can use."""
        told = [each for each in subject.report.problems if each.code != ID_CLAIMED.code]
        hold(
            (problem.explain() for problem in told),
            "Mend these hooks: each fails, or answers what the library can not use. The page on "
            "hooks says what each of them returns.",
        )

    @since("2026.1")
    def test_ids_are_unique(self, subject: Subject) -> None:
        """Nothing that it brings has the id of something else that it, or its base, brings."""
        told = [each for each in subject.report.problems if each.code == ID_CLAIMED.code]
        hold(
            (problem.explain() for problem in told),
            "Give one of the two another id: these are brought more than once, by this plugin or "
            "by one that it builds on.",
        )

    @since("2026.1")
    def test_says_what_it_brings(self, subject: Subject) -> None:
        """`brings` names what it brings, no more and no less."""
        there = subject.report.brings.keys()
        wrong = [f"{name}: there is no such hook" for name in self.brings - {*HOOKS.values()}]
        wrong += [f"{name}: said, but no hook brings any" for name in self.brings - there]
        wrong += [f"{name}: brought, but not said" for name in there - self.brings]
        said = ", ".join(f'"{name}"' for name in sorted(there))
        hold(
            sorted(wrong),
            "Mend the hooks, or write what the plugin does bring into the class: "
            f"`brings = frozenset({{{said}}})`.",
        )

    @since("2026.1")
    def test_answers_the_same_again(self, subject: Subject) -> None:
        """Asked once more, it brings the same."""
        again = Host([subject.plugin, *subject.others])
        hold(
            _changed(subject.host, again),
            "Have each hook answer the same whenever it is asked: no clock, no chance, no counter, "
            "no class that is made anew. Another answer came to these.",
        )

    @since("2026.1")
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_words_in_both_languages(self, subject: Subject, language: str) -> None:
        """Every text in its documents says something in both languages."""
        brought = [getattr(subject.host.catalogue, kind) for kind in _DOCUMENTS]
        documents = [
            document
            for kind in (*brought, subject.host.forms)
            for document in kind.values()
            if document.origin == subject.report.origin
        ]
        hold(
            (
                f"{document.name}: {path}"
                for document in documents
                for path, text in _texts(document.tables.items())
                if not str(text.get(language, "")).strip()
            ),
            f'Say these in "{language}", too: a text is {{ zh = "…", en = "…" }}.',
        )

    @since("2026.1")
    def test_forms_fit(self, subject: Subject) -> None:
        """Each form can be filled in and read back under the policy that it was written for."""
        hold(
            (
                f"{name}: {problem.explain()}"
                for name, document in subject.host.forms.items()
                if document.origin == subject.report.origin
                for problem in _misfits(document, subject.host)
            ),
            "Mend these places of the forms: the policy that `policy` names does not have what "
            "they say. The page on forms lists what there is.",
        )


def _misfits(document: Document, host: Host) -> tuple[Problem, ...]:
    """Return what is wrong with a form."""
    try:
        form = form_from(document.tables, document.name)
        check_form(form, host.policy(form.policy))
    except InputError as error:
        return error.problems
    return ()


def _changed(first: Host, again: Host) -> Iterator[str]:
    """Yield what a plugin, the first of two hosts, did not bring twice as the same."""
    if first.plugins[0].problems != again.plugins[0].problems:
        yield "what is wrong with it"
    brought = [host.plugins[0].brings for host in (first, again)]
    for kind in HOOKS.values():
        was, now = (each.get(kind, ()) for each in brought)
        yield from (f"{kind}: {name}" for name in sorted({*was} ^ {*now}))
    for kind in (*_DOCUMENTS, "kinds"):
        old, new = (getattr(host.catalogue, kind) for host in (first, again))
        changed = sorted(name for name in old.keys() & new.keys() if old[name] != new[name])
        yield from (f"{'rule_kinds' if kind == 'kinds' else kind}: {name}" for name in changed)


def _texts(
    items: Iterable[tuple[object, object]], path: str = ""
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every text of a document with its place: a table with a key for a language."""
    for key, value in items:
        here = f"{path}/{key}".lstrip("/")
        if isinstance(value, list):
            yield from _texts(enumerate(value), here)
        elif isinstance(value, Mapping):
            if value and value.keys() <= {*LANGUAGES}:
                yield here, value
            else:
                yield from _texts(value.items(), here)
