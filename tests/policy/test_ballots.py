"""Ballots in policy files: what they need, and that the names in them are there."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from studioflow.policy import Policy, differences
from studioflow.rules.amount import Amount

Built = Callable[..., Policy]
Refused = Callable[..., list[tuple[str, str, str | None]]]

LABEL = {"zh": "名", "en": "name"}
WORDS = {"good": LABEL, "fair": LABEL, "poor": LABEL}
PEER = {"type": "count", "label": LABEL, "unit": LABEL, "max": 60, "by": {"word": WORDS}}
PRIZES = {**PEER, "by": {"word": WORDS, "level": {"county": LABEL, "city": LABEL}}}
REVIEW: dict[str, Any] = {"label": LABEL, "gives": "peer", "from": ["school"]}
TALK: dict[str, Any] = {"label": LABEL, "gives": "talk_mark", "from": ["judge"]}
PANEL = {"way": "mean", "most": 9}


def with_ballots(**ballots: object) -> dict[str, object]:
    """Return the changes that bring facts to vote on, and ballots."""
    facts = {"facts/peer": PEER, "facts/prizes": PRIZES, "facts/talk_mark/panel": PANEL}
    return {**facts, **{f"ballots/{name}": table for name, table in ballots.items()}}


def test_none(small: Policy) -> None:
    """A policy without the table has no ballots."""
    assert {} == small.ballots


def test_of_words(built: Built) -> None:
    """A ballot into a tally has the words of it, each with the fact that it is counted into."""
    limits = {"good": {"percent": 20, "rounding": "up"}, "fair": 3}
    review = {**REVIEW, "at_most": limits, "not_all_same": True, "complete": True, "clause": "6"}
    policy = built(with_ballots(review=review))
    form = policy.ballots["review"]

    assert ("peer", ("school",), "6") == (form.gives, form.voters, form.clause)
    assert (True, True) == (form.not_all_same, form.complete)
    assert {
        "good": Amount(percent=Fraction(20), rounding="up"),
        "fair": Amount(places=3),
    } == form.at_most
    assert {word: f"peer_{word}" for word in WORDS} == {
        word: fact.name for word, fact in form.cells(policy.names).items()
    }


def test_of_marks(built: Built) -> None:
    """A ballot into a mark with a panel has no words, and by itself asks for nothing."""
    policy = built(with_ballots(talk=TALK))
    form = policy.ballots["talk"]

    assert {} == form.cells(policy.names)
    assert ({}, False, False) == (form.at_most, form.not_all_same, form.complete)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({**REVIEW, "gives": "peeer"}, [("gives", "unknown_name", "peer")]),
        ({**REVIEW, "gives": "visits"}, [("gives", "unknown_name", None)]),
        # Of what nobody knows, nothing is said of its words.
        ({**REVIEW, "gives": "pear", "at_most": {"god": 1}}, [("gives", "unknown_name", "peer")]),
        # Of two dimensions: no word of a ballot says both.
        ({**REVIEW, "gives": "prizes"}, [("gives", "unknown_name", None)]),
        ({**REVIEW, "from": ["scool"]}, [("from/0", "unknown_name", "school")]),
        ({**REVIEW, "from": []}, [("", "missing_key", None)]),
        ({**TALK, "from": ["school"]}, [("from/0", "unknown_name", None)]),
        ({**REVIEW, "at_most": {"god": 1}}, [("at_most/god", "unknown_name", "good")]),
        ({**TALK, "at_most": {"good": 1}}, [("at_most", "words_alone", None)]),
        ({**REVIEW, "at_most": {"good": -1}}, [("at_most/good", "whole_places", None)]),
        (
            {**REVIEW, "at_most": {"good": {"percent": 101}}},
            [("at_most/good/percent", "out_of_bounds", None)],
        ),
        ({**REVIEW, "at_most": {"good": Decimal("1.5")}}, [("at_most/good", "wrong_type", None)]),
        ({**REVIEW, "complete": "yes"}, [("complete", "wrong_type", None)]),
        ({**REVIEW, "compleet": True}, [("compleet", "unknown_key", "complete")]),
        ({"label": LABEL}, [("", "missing_key", None), ("", "missing_key", None)]),
    ],
)
def test_refused(
    table: dict[str, object], expected: list[tuple[str, str, str | None]], refused: Refused
) -> None:
    """Each problem is told at its key, with the name that is most like it."""
    place = "ballots/review"
    assert [
        (f"{place}/{path}" if path else place, code, nearest) for path, code, nearest in expected
    ] == refused(with_ballots(review=table))


def test_all_at_once(refused: Refused) -> None:
    """Problems of several ballots come together."""
    found = refused(
        with_ballots(
            review={**REVIEW, "from": ["nobody"], "at_most": {"god": 1}},
            talk={**TALK, "gives": "talk"},
        )
    )
    assert {
        "ballots/review/from/0",
        "ballots/review/at_most/god",
        "ballots/talk/gives",
    } == {path for path, _, _ in found}


def test_a_mark_of_one_person(refused: Refused) -> None:
    """A mark without a panel takes one person's points, and no ballots."""
    changes = {**with_ballots(talk=TALK), "facts/talk_mark/panel": "none"}
    assert [("ballots/talk/gives", "unknown_name", None)] == refused(changes)


def test_two_ballots_of_one_fact(refused: Refused) -> None:
    """What one ballot gives no other does: the counts would not add up."""
    assert [("ballots/again/gives", "given_by_two", None)] == refused(
        with_ballots(review=REVIEW, again=REVIEW)
    )


def test_a_fact_that_is_measured(refused: Refused) -> None:
    """What is counted from records is not counted from ballots."""
    record = {
        "label": LABEL,
        "from": ["school"],
        "fields": {"word": {"type": "choice", "label": LABEL, "values": WORDS}},
    }
    changes = {
        **with_ballots(review=REVIEW),
        "records/opinion": record,
        "measures/peer": {"kind": "count", "of": "opinion"},
    }
    assert [("ballots/review/gives", "votes_from_records", None)] == refused(changes)


def test_a_broken_tally_is_told_once(refused: Refused) -> None:
    """A ballot is not to blame for the tally that it names."""
    changes = {**with_ballots(review=REVIEW), "facts/peer": {**PEER, "type": "cont"}}
    assert ["facts/peer/type"] == [path for path, _, _ in refused(changes)]


def test_varied_and_compared(built: Built) -> None:
    """A ballot is varied by its path, and two policies differ in it."""
    policy = built(with_ballots(review={**REVIEW, "at_most": {"good": 3}}))
    varied = policy.vary({"ballots/review/at_most/good": 2})

    assert Amount(places=2) == varied.ballots["review"].at_most["good"]
    assert ["ballots/review/at_most/good"] == [d.path for d in differences(policy, varied)]


def test_by_a_reading(built: Built) -> None:
    """Whether a ballot has to be complete may hang on a reading."""
    complete = {"reading": "strictness", "strict": True, "mild": False}
    policy = built(with_ballots(review={**REVIEW, "complete": complete}))
    mild = policy.vary({"readings/strictness": "mild"})

    assert [True, False] == [each.ballots["review"].complete for each in (policy, mild)]
