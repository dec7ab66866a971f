"""Ballots are counted as somebody would count them by hand."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from studioflow.cohort import Ballot, count_ballots
from studioflow.policy import Document, build_policy
from studioflow.rules import Pool

POLICY = build_policy(Document.read(Path(__file__).with_name("votes.toml")))
STUDIOS = ("s1", "s2", "s3", "s4")
WORDS = ("outstanding", "good", "poor")

votes_ = st.dictionaries(st.sampled_from(STUDIOS), st.sampled_from([*WORDS, "none", ""]))
ballots_ = st.lists(
    st.one_of(votes_, st.fixed_dictionaries(dict.fromkeys(STUDIOS, st.sampled_from(WORDS)))),
    max_size=8,
)


def valid(votes: Mapping[str, str]) -> bool:
    """Return whether a ballot is valid, in plain words."""
    given = [*votes.values()]
    return (
        set(votes) == set(STUDIOS)
        and set(given) <= set(WORDS)
        and given.count("outstanding") <= 2
        and len(set(given)) > 1
    )


def cast(votes: Sequence[Mapping[str, str]]) -> list[Ballot]:
    """Return ballots by as many people."""
    return [
        Ballot(by=f"v-{place}", role="colleague", votes=each) for place, each in enumerate(votes)
    ]


@given(ballots_)
def test_as_counted_by_hand(votes: list[dict[str, str]]) -> None:
    """Each studio has exactly the words that valid ballots give it."""
    count = count_ballots(POLICY, "peer_review", cast(votes), STUDIOS)
    counted = [each for each in votes if valid(each)]

    assert (len(votes), len(counted)) == (count.cast, count.valid)
    assert [f"v-{n}" for n, each in enumerate(votes) if not valid(each)] == [
        void.by for void in count.void
    ]
    assert all(void.reasons for void in count.void)
    if votes:
        assert {
            studio: {f"peer_{word}": sum(v[studio] == word for v in counted) for word in WORDS}
            for studio in STUDIOS
        } == {studio: dict(facts) for studio, facts in count.facts.items()}


@given(ballots_, st.randoms(use_true_random=False))
def test_in_any_order(votes: list[dict[str, str]], random: Any) -> None:  # noqa: ANN401 - hypothesis has no public type for it
    """Who voted first makes no difference."""
    given = cast(votes)
    shuffled = random.sample(given, len(given))
    found = [count_ballots(POLICY, "peer_review", each, STUDIOS) for each in (given, shuffled)]

    assert found[0].facts == found[1].facts
    told, again = ({void.by: void.reasons for void in each.void} for each in found)
    assert told == again


@given(
    st.lists(
        st.dictionaries(st.sampled_from(STUDIOS), st.integers(-1, 11).map(Decimal)), max_size=8
    )
)
def test_points_as_counted_by_hand(votes: list[dict[str, Decimal]]) -> None:
    """Each studio has exactly the points that valid ballots give it, and the void ones."""
    ballots = [Ballot(by=f"v-{n}", role="assessor", votes=each) for n, each in enumerate(votes)]
    count = count_ballots(POLICY, "talk", ballots, STUDIOS)
    fine = [
        each
        for each in votes
        if all(0 <= vote <= 10 for vote in each.values())
        and (len(each) < 2 or len({*each.values()}) > 1)
    ]
    for studio in STUDIOS:
        marks = [Fraction(each[studio]) for each in fine if studio in each]
        lost = sum(studio in each for each in votes) - len(marks)
        expected = {"talk_mark": Pool(marks, void=["assessor"] * lost)} if marks else {}
        assert expected == count.facts[studio]
