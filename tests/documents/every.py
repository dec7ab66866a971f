"""Every document that there is, by name, made of the reference policy's sample batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial

import polars as pl

from studioflow.documents.forms import empty_form, fill_form, forms_of
from studioflow.documents.notices import (
    award_record,
    bulletin_paper,
    highlights,
    indicator_export,
    public_list,
)
from studioflow.documents.paper import (
    Heading,
    Listing,
    PageBreak,
    Paper,
    Paragraph,
    Picture,
    Table,
)
from studioflow.documents.report import batch_report, comparison_report
from studioflow.lab.comparing import compare
from studioflow.text import Language
from tests.documents.batches import host, programme, report

POLICY = "yongjia-2023"


def _form(name: str, language: Language, *, filled: bool) -> Paper:
    policy = host().policy(POLICY)
    form = forms_of(policy, host())[f"yongjia-{name}"]
    if not filled:
        return empty_form(form, policy, language)
    studio = report("yongjia-2023-sample").studios["s01"]
    return fill_form(form, policy, studio, language=language)


def _comparison(language: Language) -> Paper:
    policy = host().policy(POLICY)
    varied = policy.vary({"criteria/5.2.2/norm": 12})
    return comparison_report(
        compare(policy, varied, pl.read_csv("examples/cohort.csv")), language=language
    )


def _bulletin(language: Language) -> Paper:
    found = programme()
    told = found.bulletin(date(2023, 9, 1), date(2024, 6, 30))
    return bulletin_paper(told, found.policy, language=language)


EVERY: Mapping[str, Callable[[Language], Paper]] = {
    **{f"attachment-{n}": partial(_form, f"attachment-{n}", filled=True) for n in (1, 2, 3)},
    **{f"attachment-{n}-empty": partial(_form, f"attachment-{n}", filled=False) for n in (1, 2, 3)},
    "batch": lambda lang: batch_report(programme(), language=lang, on=date(2024, 12, 20)),
    "compare": _comparison,
    "public-list": lambda lang: public_list(programme(), states=["commended"], language=lang),
    "bulletin": _bulletin,
    "awards": lambda lang: award_record(programme(), language=lang),
    "indicators": lambda lang: indicator_export(programme(), language=lang),
    "highlights": lambda lang: highlights(programme(), ["model_case", "feature"], language=lang),
}


def outline(paper: Paper) -> Iterator[str]:
    """Yield the structure of a paper, a line for each block and each row of a form's table."""
    for block in paper.blocks:
        match block:
            case Heading():
                yield f"{'#' * block.level} {block.text}"
            case Paragraph():
                yield f"paragraph {block.style} {block.align}"
            case Listing():
                yield f"list of {len(block.items)}"
            case Picture():
                yield "picture"
            case PageBreak():
                yield "page"
            case Table():
                yield f"table of {len(block.widths)} columns, head {block.head_rows}"
                for row in block.rows:
                    yield "  " + " | ".join(
                        f"{'*' if cell.head else ''}{cell.across}x{cell.down}" for cell in row
                    )
