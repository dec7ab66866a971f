"""Ballots: who votes on the studios of a batch, with what, and when a ballot is void."""

from __future__ import annotations

from collections.abc import Container, Mapping
from types import MappingProxyType

from attrs import field, frozen

from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.policy.procedure import Role
from studioflow.rules import Fact, Names
from studioflow.rules.amount import Amount
from studioflow.text import Text, message

__all__ = ["BallotForm", "check_ballots"]

GIVEN_BY_TWO = message(
    "given_by_two",
    zh="每个事实只由一种选票得出（{other} 已有）",
    en="a fact that no other ballot gives ({other} does)",
)
FROM_RECORDS = message(
    "votes_from_records", zh="不从记录中计数的事实", en="a fact that no measure counts from records"
)
WORDS_ALONE = message(
    "words_alone", zh="没有 at_most 的评分选票", en="a ballot of marks without at_most"
)


@frozen(eq=False, kw_only=True)
class BallotForm:
    """What a ballot looks like, and when it is valid.

    A ballot names studios, and gives each a word or points.

    Attributes:
        gives: what it is counted into: a tally of one dimension, whose words are voted with, or a
            mark with a panel, whose points are.
        voters: the roles that vote.
        at_most: how often a ballot may give a word, as a number or a share of the studios.
        not_all_same: a ballot that gives all the same is void.
        complete: a ballot that leaves a studio out is void.
    """

    label: Text
    gives: str
    voters: tuple[str, ...] = field(metadata={"key": "from"})
    at_most: Mapping[str, Amount] = field(factory=dict)
    not_all_same: bool = False
    complete: bool = False
    clause: str | None = None

    def cells(self, names: Names) -> Mapping[str, Fact]:
        """Return the fact that each word is counted into; none where points are given."""
        if self.gives not in names.tallies:
            return {}
        return MappingProxyType(
            {words[0]: fact for words, fact in names.tallies[self.gives].cells.items()}
        )


def check_ballots(
    collector: Collector,
    ballots: Mapping[str, BallotForm],
    names: Names,
    roles: Mapping[str, Role],
    measured: Container[str],
) -> None:
    """Check that what ballots give and the roles of those who vote exist.

    Args:
        collector: takes what is wrong.
        ballots: by id.
        names: of facts and tallies.
        roles: that the policy declares.
        measured: facts that come from records.
    """
    countable = {name for name, tally in names.tallies.items() if len(tally.dimensions) == 1}
    countable |= {
        name for name, fact in names.facts.items() if fact.type == "mark" and fact.panel is not None
    }
    given: dict[str, str] = {}
    for ballot, form in ballots.items():
        with collector.under("ballots", ballot, "gives"):
            if form.gives not in countable:
                raise wrong(UNKNOWN_NAME, form.gives, known=countable)
            facts = [fact.name for fact in form.cells(names).values()] or [form.gives]
            if any(fact in measured for fact in facts):
                raise wrong(FROM_RECORDS, form.gives)
            if form.gives in given:
                raise wrong(GIVEN_BY_TWO, form.gives, other=given[form.gives])
        given.setdefault(form.gives, ballot)
        with collector.under("ballots", ballot):
            _check_voters(form, names, roles)
        with collector.under("ballots", ballot, "at_most"):
            if form.gives in countable:
                _check_limits(form, names)


def _check_voters(form: BallotForm, names: Names, roles: Mapping[str, Role]) -> None:
    collector = Collector()
    with collector.under():
        if not form.voters:
            raise wrong(MISSING_KEY, "from = []", key="from")
    for position, role in enumerate(form.voters):
        with collector.under("from", position):
            if role not in roles:
                raise wrong(UNKNOWN_NAME, role, known=roles)
            fact = names.facts.get(form.gives)
            # Whoever marks by ballot has to be among those who mark at all.
            if fact is not None and fact.judged and role not in fact.supplied_by:
                raise wrong(UNKNOWN_NAME, role, known=fact.supplied_by)
    collector.finish()


def _check_limits(form: BallotForm, names: Names) -> None:
    words = form.cells(names)
    if form.at_most and not words:
        raise InputError([Problem(WORDS_ALONE, got=", ".join(form.at_most))])
    collector = Collector()
    for word in form.at_most:
        with collector.under(word):
            if word not in words:
                raise wrong(UNKNOWN_NAME, word, known=words)
    collector.finish()
