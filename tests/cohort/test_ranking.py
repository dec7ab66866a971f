"""The ranking of a batch: by points, ties share a place, who is not eligible has none."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from studioflow.cohort import Rank, rank
from studioflow.rubric import Points, PolicyReference, ScoreSheet

REFERENCE = PolicyReference("p", "1", "sha256:0")


def _sheet(points: Fraction | int | None, *, eligible: bool | None = True) -> ScoreSheet:
    exact = None if points is None else Fraction(points)
    return ScoreSheet(
        policy=REFERENCE,
        gates=(),
        criteria=(),
        sections=(),
        total=Points(exact, (exact, exact), Fraction(100)),
        marks=(),
        grade=None,
        eligible=eligible,
        readings={},
        open=(),
    )


def test_ties_share_a_place() -> None:
    """Three with the same points are all second, and the next is fifth."""
    sheets = {"e": 60, "a": 98, "c": 92, "b": 92, "d": 92}
    ranking = rank({name: _sheet(points) for name, points in sheets.items()})

    assert (
        Rank(1, "a", Fraction(98), tied=False),
        Rank(2, "c", Fraction(92), tied=True),
        Rank(2, "b", Fraction(92), tied=True),
        Rank(2, "d", Fraction(92), tied=True),
        Rank(5, "e", Fraction(60), tied=False),
    ) == ranking


def test_points_are_exact() -> None:
    """A third of a point decides, where a rounded number would call it a tie."""
    third = Fraction(1, 3)
    ranking = rank({"a": _sheet(90 + third), "b": _sheet(90 + Fraction(33, 100))})

    assert [(1, "a", False), (2, "b", False)] == [(r.place, r.studio, r.tied) for r in ranking]


def test_who_has_no_place() -> None:
    """A gate that is not met or not decided, and a total that is not certain, give no place."""
    sheets = {
        "failed": _sheet(99, eligible=False),
        "undecided": _sheet(99, eligible=None),
        "open": _sheet(None),
        "ranked": _sheet(1),
    }
    assert ["ranked"] == [place.studio for place in rank(sheets)]
    assert () == rank({})


@given(
    st.dictionaries(
        st.text(max_size=3),
        st.tuples(
            st.none() | st.fractions(0, 100, max_denominator=4),
            st.sampled_from([True, False, None]),
        ),
        max_size=30,
    )
)
def test_a_place_counts_who_is_better(
    sheets: dict[str, tuple[Fraction | None, bool | None]],
) -> None:
    """A place is one more than the number of those with more points, whatever the order."""
    ranking = rank({name: _sheet(p, eligible=e) for name, (p, e) in sheets.items()})

    ranked = {name: p for name, (p, e) in sheets.items() if e and p is not None}
    assert ranked == {place.studio: place.points for place in ranking}
    assert [place.place for place in ranking] == sorted(place.place for place in ranking)
    for place in ranking:
        assert 1 + sum(p > place.points for p in ranked.values()) == place.place
        assert place.tied is (sum(p == place.points for p in ranked.values()) > 1)
