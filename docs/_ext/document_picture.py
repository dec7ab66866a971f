"""The directive `document`: the first page of a document, made while the pages are built.

    ```{document} batch
    :alt: The first page of a report.
    :lang: zh
    ```

The argument names one of the documents below; they are made of the sample batch. `page` is another
page than the first. Without a Chinese font there is the sentence that says what to install.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, ClassVar

import polars as pl
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from studioflow import Host, Programme
from studioflow.documents.forms import empty_form, fill_form, forms_of
from studioflow.documents.notices import (
    award_record,
    bulletin_paper,
    highlights,
    indicator_export,
    public_list,
)
from studioflow.documents.paper import Paper
from studioflow.documents.paper.pdf import to_png
from studioflow.documents.report import batch_report, comparison_report
from studioflow.errors import MissingFontError
from studioflow.lab.comparing import compare
from studioflow.programme import read_batch, run_batch
from studioflow.text import LANGUAGES, Language

POLICY, STUDIO = "yongjia-2023", "s01"
LAST_DAY = datetime(2024, 12, 20, 12, tzinfo=UTC)


class DocumentPicture(SphinxDirective):
    """Shows a page of a document."""

    required_arguments = 1
    option_spec: ClassVar[Mapping[str, Any]] = {
        "alt": directives.unchanged_required,
        "lang": lambda given: directives.choice(given, LANGUAGES),
        "page": directives.positive_int,
        "width": directives.length_or_percentage_or_unitless,
    }

    def run(self) -> list[nodes.Node]:
        """Return the picture."""
        if "alt" not in self.options:
            raise self.error("a picture says in words what it shows: give it an :alt:")
        paper = _paper(self.arguments[0], self.options.get("lang", "zh"))
        try:
            pages = to_png(paper, pixels_per_inch=72)
        except MissingFontError as error:
            return [nodes.paragraph(text=error.explain())]
        page = pages[self.options.get("page", 1) - 1]
        uri = "data:image/png;base64," + base64.b64encode(page).decode()
        return [
            nodes.image(
                uri=uri,
                alt=self.options["alt"],
                width=self.options.get("width", "60%"),
                classes=["document"],
            )
        ]


@cache
def _programme() -> Programme:
    host = Host.discover()
    policy = host.policy(POLICY)
    (batch,) = (each for each in map(_read, host.sample_batches) if each.policy == POLICY)
    report = run_batch(policy, batch, host=host.working())
    return Programme.open(
        policy, register=report.register, host=host.working(), clock=lambda: LAST_DAY
    )


def _read(name: str) -> Any:  # noqa: ANN401 - a batch
    return read_batch(Host.discover().sample_batches[name].folder)


def _form(name: str, language: Language, *, filled: bool) -> Paper:
    programme = _programme()
    form = forms_of(programme.policy, programme.host)[name]
    if not filled:
        return empty_form(form, programme.policy, language)
    studio = programme.studio(STUDIO)
    return fill_form(form, programme.policy, studio, language=language)


def _comparison(language: Language) -> Paper:
    policy = _programme().policy
    cohort = pl.read_csv("examples/cohort.csv")
    found = compare(policy, policy.vary({"criteria/5.2.2/norm": 12}), cohort)
    return comparison_report(found, language=language)


_MADE: Mapping[str, Callable[[Language], Paper]] = {
    "attachment-1": lambda lang: _form("yongjia-attachment-1", lang, filled=True),
    "attachment-1-empty": lambda lang: _form("yongjia-attachment-1", lang, filled=False),
    "attachment-2": lambda lang: _form("yongjia-attachment-2", lang, filled=True),
    "attachment-3": lambda lang: _form("yongjia-attachment-3", lang, filled=True),
    "batch": lambda lang: batch_report(_programme(), language=lang),
    "compare": _comparison,
    "public-list": lambda lang: public_list(
        _programme(),
        states=["commended"],
        period=(date(2024, 12, 9), date(2024, 12, 13)),
        language=lang,
    ),
    "bulletin": lambda lang: bulletin_paper(
        _programme().bulletin(date(2023, 9, 1), date(2024, 6, 30)),
        _programme().policy,
        language=lang,
    ),
    "awards": lambda lang: award_record(_programme(), language=lang),
    "indicators": lambda lang: indicator_export(_programme(), language=lang),
    "highlights": lambda lang: highlights(_programme(), ["model_case", "feature"], language=lang),
}


@cache
def _paper(name: str, language: Language) -> Paper:
    if name not in _MADE:
        raise LookupError(f"no document is called {name}; there are {sorted(_MADE)}")
    return _MADE[name](language)


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    app.add_directive("document", DocumentPicture)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
