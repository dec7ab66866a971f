"""What a plugin brings, and says that it brings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from studioflow.host import Host
from studioflow.host.hookspecs import HOOKS
from studioflow.host.reports import ID_CLAIMED
from studioflow.testing.conformance.checks import since
from studioflow.testing.conformance.subject import Checks, Subject
from studioflow.text import LANGUAGES

__all__ = ["PluginChecks"]


class PluginChecks(Checks):
    """Hooks, ids and words."""

    @since("2026.1")
    def test_hooks_answer(self, subject: Subject) -> None:
        """Every hook has a known name, does not raise, and answers what the library can use."""
        told = [each for each in subject.report.problems if each.code != ID_CLAIMED.code]
        assert [] == [f"{problem.file} {problem}" for problem in told]

    @since("2026.1")
    def test_ids_are_unique(self, subject: Subject) -> None:
        """Nothing that it brings has the id of something else that it, or its base, brings."""
        told = [each for each in subject.report.problems if each.code == ID_CLAIMED.code]
        assert [] == [f"{problem.path}: {problem.got}" for problem in told]

    @since("2026.1")
    def test_says_what_it_brings(self, subject: Subject) -> None:
        """`brings` names what it brings, no more and no less."""
        unknown = sorted(self.brings - {*HOOKS.values()})
        assert [] == unknown, f"`brings` takes {', '.join(HOOKS.values())}"
        assert sorted(self.brings) == sorted(subject.report.brings)

    @since("2026.1")
    def test_answers_the_same_again(self, subject: Subject) -> None:
        """Asked once more, it brings the same."""
        again = Host([subject.plugin, *subject.others])
        assert subject.report == again.plugins[0]
        assert subject.host.catalogue == again.catalogue

    @since("2026.1")
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_words_in_both_languages(self, subject: Subject, language: str) -> None:
        """Every text in its documents says something in both languages."""
        catalogue = subject.host.catalogue
        documents = [
            document
            for kind in (
                catalogue.policies,
                catalogue.rubrics,
                catalogue.site_checks,
                catalogue.case_files,
            )
            for document in kind.values()
            if document.origin == subject.report.origin
        ]
        silent = [
            f"{document.name}: {path}"
            for document in documents
            for path, text in _texts(document.tables)
            if not str(text.get(language, "")).strip()
        ]
        assert [] == silent


def _texts(
    table: Mapping[str, object], path: str = ""
) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield every text of a document with its place: a table with a key for a language."""
    for key, value in table.items():
        here = f"{path}/{key}".lstrip("/")
        if isinstance(value, Mapping):
            if value and value.keys() <= {*LANGUAGES}:
                yield here, value
            else:
                yield from _texts(value, here)
