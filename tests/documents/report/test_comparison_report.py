"""The comparison of two policies as a report."""

from __future__ import annotations

import polars as pl
import pytest

from studioflow import Policy, load_policy
from studioflow.documents.paper import Heading, Paragraph
from studioflow.documents.report import comparison_report
from studioflow.lab.comparing import Comparison, compare
from studioflow.text import LANGUAGES, Language
from tests.documents.batches import CHINESE, tables, texts


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture(scope="module")
def comparison(policy: Policy) -> Comparison:
    """The example cohort, with eight activities a year become six."""
    cohort = pl.read_csv("examples/cohort.csv")
    return compare(policy, policy.vary({"criteria/5.2.2/norm": 12}), cohort)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_says(comparison: Comparison, language: Language) -> None:
    """What differs stands in it with its clause, and so do the hit studios with their changes."""
    paper = comparison_report(comparison, language=language)
    differences, *_, hits = tables(paper)

    assert ["criteria/5.2.2/norm", "16", "12", "5.2.2"] == [c.text for c in differences[1]]
    assert {hit.studio for hit in comparison.hits} == {row[0].text for row in hits[1:]}
    assert "+4" in {row[3].text for row in hits[1:]}


def test_english_alone(comparison: Comparison) -> None:
    """The English report has no Chinese."""
    assert [] == [t for t in texts(comparison_report(comparison)) if CHINESE.search(t)]


def test_more_than_are_listed(comparison: Comparison) -> None:
    """Those that change most are listed first, and how many are left out is said."""
    paper = comparison_report(comparison, listed=2)
    *_, hits = tables(paper)
    most = max(abs(hit.change) for hit in comparison.hits if hit.change is not None)

    assert 3 == len(hits)
    assert f"+{most}" == hits[1][3].text
    last = paper.blocks[-1]
    assert isinstance(last, Paragraph)
    assert last.text.startswith(f"{len(comparison.hits) - 2} more")


def test_the_same_policy(policy: Policy) -> None:
    """Two policies that are the same have a report, which says so."""
    cohort = pl.DataFrame({"studio": ["A"], "activities": [14]})
    paper = comparison_report(compare(policy, policy, cohort))

    assert "The two policies do not differ." in set(texts(paper))
    assert "hits" not in {b.anchor for b in paper.blocks if isinstance(b, Heading)}
