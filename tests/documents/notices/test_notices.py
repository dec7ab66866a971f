"""Public lists, bulletins, award records, indicators and highlights."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest

from studioflow.documents.notices import (
    Indicator,
    award_record,
    bulletin_paper,
    highlights,
    indicator_export,
    indicators,
    public_list,
)
from studioflow.documents.notices.indicators import indicators_csv
from studioflow.documents.paper import Paper
from studioflow.errors import InputError
from studioflow.studio import Studio
from studioflow.text import LANGUAGES, Language, Text
from tests.documents.batches import (
    CHINESE,
    SAMPLES,
    in_data,
    names,
    nobody,
    programme,
    report,
    tables,
    texts,
)

Make = Callable[[str, Language], Paper]


def _bulletin(sample: str, language: Language) -> Paper:
    found = programme(sample)
    period = (date(2023, 1, 1), date(2026, 1, 1))
    return bulletin_paper(found.bulletin(*period), found.policy, language=language)


def _listed(sample: str, language: Language) -> Paper:
    found = programme(sample)
    return public_list(found, states=[*found.policy.procedure.states], language=language)


def _digest(sample: str, language: Language) -> Paper:
    found = programme(sample)
    return highlights(found, [*found.policy.record_kinds], language=language)


MADE: dict[str, Make] = {
    "awards": lambda sample, language: award_record(programme(sample), language=language),
    "bulletin": _bulletin,
    "highlights": _digest,
    "indicators": lambda sample, language: indicator_export(programme(sample), language=language),
    "public_list": _listed,
}


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_named(name: str, sample: str, language: Language) -> None:
    """No name of a person stands in any of them, unless it is asked for."""
    said = "\n".join(texts(MADE[name](sample, language)))

    assert [] == [each for each in names(report(sample)) if each in said]


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("name", MADE)
def test_english_alone(name: str, sample: str) -> None:
    """In English there is no Chinese but what studios wrote themselves."""
    own = in_data(report(sample))
    said = texts(MADE[name](sample, "en"))

    assert [] == [text for text in said if any(run not in own for run in CHINESE.findall(text))]


def _grade(studio: Studio) -> str | None:
    """Return the grade of a studio, or the decision in its place."""
    grade = None if studio.sheet is None else studio.sheet.grade
    return studio.decision if grade is None else grade


class TestPublicList:
    """Who is proposed for what."""

    @pytest.mark.parametrize("sample", SAMPLES)
    def test_each_once(self, sample: str) -> None:
        """Of every state, and of every grade, each studio stands in the list once, and no other."""
        found = programme(sample)
        for state in found.policy.procedure.states:
            (rows,) = tables(public_list(found, states=[state]))
            wanted = [s.name for s in found.studios() if s.state == state]
            assert wanted == [row[1].text for row in rows[1:]]
        for grade in found.policy.rubric.grades:
            (rows,) = tables(public_list(found, grades=[grade]))
            graded = [s.name for s in found.studios() if _grade(s) == grade]
            assert graded == [row[1].text for row in rows[1:]]

    def test_decisions(self) -> None:
        """A decision stands in for the grade where there is no cut-off."""
        (rows,) = tables(public_list(programme(), grades=["outstanding"]))

        assert ["样例工作室一", "样例工作室二", "样例工作室三"] == [r[1].text for r in rows[1:]]

    def test_points_and_names(self) -> None:
        """Totals and the names of leads stand in it where they are asked for."""
        plain = "\n".join(texts(public_list(programme(), states=["commended"])))
        asked = public_list(programme(), states=["commended"], points=True, personal=True)

        assert "98.5" not in plain
        assert {"98.5", "领衔人甲"} <= set(texts(asked))

    def test_period(self) -> None:
        """The period, who hears objections and who publishes stand in it."""
        paper = public_list(
            programme(),
            states=["commended"],
            period=(date(2024, 12, 9), date(2024, 12, 13)),
            objections="Office A",
            signed="County B",
        )
        said = "\n".join(texts(paper))

        assert "2024-12-09 to 2024-12-13" in said
        assert "Office A" in said
        assert "County B" in said

    def test_refused(self) -> None:
        """A list of nothing, and words that the policy does not have, are refused."""
        with pytest.raises(InputError) as caught:
            public_list(programme())
        assert ["public_list_of"] == [p.code for p in caught.value.problems]
        with pytest.raises(InputError) as caught:
            public_list(programme(), states=["comended"], grades=["best"])
        assert [("states", "commended"), ("grades", None)] == [
            (p.path, p.nearest) for p in caught.value.problems
        ]


class TestAwards:
    """Each one's part in the activities."""

    def test_everybody(self) -> None:
        """Everybody on a roster or in a record stands in it, with the days of what they did."""
        (rows,) = tables(award_record(programme()))
        found = {(row[1].text, row[0].text): row for row in rows[1:]}
        lead = found["样例工作室一", "lead-a"]

        assert "the lead" in lead[2].text
        assert "research" in lead[4].text
        assert len(found) == len(rows) - 1
        assert {p for s, p in found if s == "样例工作室一"} > {"lead-a", "member-a1", "trainee-a21"}

    def test_names_and_membership(self) -> None:
        """With names it says, too, who is a member of the Party."""
        said = "\n".join(texts(award_record(programme(), personal=True, language="zh")))

        assert "领衔人甲 lead-a" in said
        assert "是否中共党员：是" in said


class TestIndicators:
    """What each unit's studios amount to."""

    def test_values(self) -> None:
        """Points, measured facts, records and money are those of the register."""
        found = {(i.studio, i.id): i for i in indicators(programme())}
        sheet = report(SAMPLES[0]).studios["s01"].sheet
        assert sheet is not None

        assert "98.5" == found["s01", "total"].value
        assert str(sheet.measured["activities"].value) == found["s01", "facts/activities"].value
        assert Text("达到", "met") == found["s01", "gates/5.0.1"].value
        assert Text("未达到", "not met") == found["s06", "gates/5.0.1"].value
        assert "1" == found["s01", "records/goal"].value
        assert "money/fund/amount" in {indicator for _, indicator in found}

    def test_csv(self) -> None:
        """As CSV there is a row for each, and texts that look like formulas stay texts."""
        evil = Indicator(
            unit="=cmd|x", studio="s", name="+1", id="total", label=Text("分", "points"), value="-2"
        )
        rows = list(csv.reader(io.StringIO(indicators_csv([evil]))))

        assert ["'=cmd|x", "s", "'+1", "total", "points", "-2", "", ""] == rows[1]

    def test_units(self) -> None:
        """The paper has a part for each unit."""
        units = {studio.unit for studio in programme().studios()}

        assert len(units) == len(tables(indicator_export(programme())))


class TestHighlights:
    """The digest."""

    def test_records(self) -> None:
        """Every record of the kinds stands in it."""
        found = programme()
        wanted = [r for s in found.studios() for r in s.of_kind("feature", "model_case")]

        assert len(wanted) == len(tables(highlights(found, ["feature", "model_case"])))

    def test_refused(self) -> None:
        """A digest of nothing, or of what there is not, is refused."""
        with pytest.raises(InputError) as caught:
            highlights(programme(), [])
        assert ["digest_of"] == [p.code for p in caught.value.problems]
        with pytest.raises(InputError) as caught:
            highlights(programme(), ["featur"])
        assert ["feature"] == [p.nearest for p in caught.value.problems]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_declared(language: Language) -> None:
    """A programme without studios has all of them."""
    found = nobody()
    period = (date(2023, 1, 1), date(2024, 1, 1))

    assert public_list(found, states=["commended"], language=language).blocks
    assert award_record(found, language=language).blocks
    assert indicator_export(found, language=language).blocks
    assert highlights(found, ["feature"], language=language).blocks
    assert bulletin_paper(found.bulletin(*period), found.policy, language=language).blocks
