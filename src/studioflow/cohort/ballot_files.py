"""Ballots as they are cast: in Python, or in a file."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

from attrs import field, frozen

from studioflow.codec import Collector, exact_number, read, strict_converter, wrong
from studioflow.errors import InputError
from studioflow.people import check_ids
from studioflow.policy.document import WRONG_SCHEMA

__all__ = ["Ballot", "BallotFile", "Vote", "read_ballots"]

BALLOTS_SCHEMA = "studioflow.ballots/1"

Vote = str | Fraction
"""What a ballot gives a studio: a word, or points."""


def _votes(votes: Mapping[str, object]) -> Mapping[str, Vote]:
    """Return votes with exact numbers; whether they are allowed is for the count."""
    collector = Collector()
    made: dict[str, Vote] = {}
    for studio, vote in votes.items():
        with collector.under("votes", studio):
            made[studio] = vote if isinstance(vote, str) else exact_number(vote)
    collector.finish()
    return made


@frozen(kw_only=True)
class Ballot:
    """What one person says of the studios of a batch.

    Attributes:
        by: the person's id, or the number of the paper where the ballot is secret.
        role: in which they vote.
        votes: a word or points for each studio, whether allowed or not.
        own: the studio of the one who votes, which has to be left out; None if they have none.
    """

    by: str
    role: str
    votes: Mapping[str, Vote] = field(converter=_votes, repr=False)
    own: str | None = None

    def __attrs_post_init__(self) -> None:
        check_ids(by=self.by, role=self.role)


@frozen(kw_only=True)
class BallotFile:
    """Ballots as they were handed in.

    Attributes:
        ballot: the id of the ballot in the policy.
        studios: everyone that is voted on.
    """

    schema: str
    ballot: str
    studios: tuple[str, ...]
    ballots: tuple[Ballot, ...] = ()


def read_ballots(path: Path) -> BallotFile:
    """Read a file of ballots, as TOML or JSON.

    Raises:
        InputError: with every problem of its form; whether ballots are valid is for the count.
    """
    converter = strict_converter()
    # Any word and any number may have been written: the count says what is allowed.
    converter.register_structure_hook_func(
        lambda cls: cls == Vote,
        lambda value, _: value if isinstance(value, str) else exact_number(value),
    )
    tables = read(path)
    try:
        collector = Collector()
        with collector.under("schema"):
            if tables.get("schema") != BALLOTS_SCHEMA:
                raise wrong(
                    WRONG_SCHEMA,
                    tables.get("schema", ""),
                    known=(BALLOTS_SCHEMA,),
                    schema=BALLOTS_SCHEMA,
                )
        collector.finish()
        return converter.structure(tables, BallotFile)
    except InputError as error:
        raise InputError(problem.in_file(path.name) for problem in error.problems) from None
