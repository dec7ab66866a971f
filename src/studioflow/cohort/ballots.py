"""Counting ballots: which are valid, why the others are void, and the facts that come of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.cohort.ballot_files import Ballot, Vote
from studioflow.errors import InputError, shown
from studioflow.policy.ballots import BallotForm
from studioflow.policy.content import Content
from studioflow.rules import Fact, Pool
from studioflow.text import Language, Text, exact, message, render
from studioflow.verdict import Reason

__all__ = ["BallotCount", "VoidBallot", "count_ballots"]

WRONG_VOTER = message("wrong_voter", zh="由以下角色投票：{roles}", en="a ballot by: {roles}")
VOTED_TWICE = message(
    "voted_twice", zh="另一人：每人只投一票", en="somebody else: each person votes once"
)
NAMED_TWICE = message("studio_twice", zh="每个工作室只写一次", en="every studio once")
BALLOT_VALUE = message(
    "ballot_value",
    zh="{studio}：{got}不是允许的值（应为{expected}）",
    en="{studio}: {got} is not allowed, expected {expected}",
)
BALLOT_TOO_MANY = message(
    "ballot_too_many",
    zh="{word}写了{count}个，最多{most}个",
    en="{word}: given {count} times, at most {most} allowed",
)
BALLOT_ALL_SAME = message(
    "ballot_all_same", zh="所写全部相同：{value}", en="gives all the same: {value}"
)
BALLOT_OWN = message(
    "ballot_own", zh="对自己的工作室{studio}投了票", en="votes on {studio}, the voter's own"
)
BALLOT_INCOMPLETE = message(
    "ballot_incomplete", zh="未写全，缺：{missing}", en="incomplete, without: {missing}"
)
_ONE_OF = message("ballot_words", zh="以下之一：{words}", en="one of: {words}")
_HEAD = Text(
    "{label}：收回{cast}张，有效{valid}张，无效{void}张",
    "{label}: {cast} cast, {valid} valid, {void} void",
)
_SEPARATOR = Text("；", "; ")


@frozen(kw_only=True)
class VoidBallot:
    """A ballot that does not count, with every reason."""

    by: str
    role: str
    reasons: tuple[Reason, ...]

    def explain(self, language: Language = "en") -> str:
        """Return who cast it and every reason."""
        told = _SEPARATOR.get(language).join(reason.explain(language) for reason in self.reasons)
        return f"{self.by}: {told}" if language == "en" else f"{self.by}：{told}"


@frozen(kw_only=True)
class BallotCount:
    """What came of the ballots.

    Attributes:
        ballot: the id of the ballot in the policy.
        facts: what `Policy.score` takes, by studio; where nobody validly voted on a studio with
            points, nor at all, nothing is known.
        cast: how many ballots there were, `valid` of them and the `void` ones.
    """

    ballot: str
    label: Text
    facts: Mapping[str, Mapping[str, object]]
    cast: int
    valid: int
    void: tuple[VoidBallot, ...]

    def explain(self, language: Language = "en") -> str:
        """Return a line for how many there are, and one for each void ballot."""
        told = {"label": self.label, "cast": self.cast, "valid": self.valid, "void": len(self.void)}
        lines = [render(_HEAD, told, language)]
        return "\n".join([*lines, *(f"  ✗ {each.explain(language)}" for each in self.void)])

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the count, ready for JSON; points are exact strings."""
        return {
            "schema": "studioflow.ballot-count/1",
            "ballot": self.ballot,
            "label": self.label.get(language),
            "cast": self.cast,
            "valid": self.valid,
            "void": [
                {
                    "by": each.by,
                    "role": each.role,
                    "reasons": [reason.to_dict(language) for reason in each.reasons],
                }
                for each in self.void
            ],
            "facts": {
                studio: {name: _plain(value) for name, value in facts.items()}
                for studio, facts in self.facts.items()
            },
        }


def _plain(value: object) -> object:
    match value:
        case Pool():
            return {"marks": [_plain(mark) for mark in value.marks], "void": len(value.void)}
        case Fraction() | Decimal():
            return exact(value)
        case _:
            return value


def count_ballots(
    policy: Content, ballot: str, ballots: Iterable[Ballot], studios: Sequence[str]
) -> BallotCount:
    """Count what was cast; a ballot that breaks a rule of the policy is void, with every reason.

    >>> from studioflow.host import load_policy
    >>> count_ballots(load_policy("yongjia-2023"), "peers", [], [])
    Traceback (most recent call last):
    studioflow.errors.InputError: ballot: [unknown_name] got 'peers', expected ...

    Args:
        policy: that has the ballot.
        ballot: its id there.
        ballots: in any order.
        studios: everyone that is voted on.

    Raises:
        InputError: with every ballot by a wrong role, by somebody who voted before, or on a studio
            that is not voted on; and every count that its fact can not have.
    """
    collector = Collector()
    with collector.under("ballot"):
        if ballot not in policy.ballots:
            raise wrong(UNKNOWN_NAME, ballot, known=policy.ballots)
    collector.finish()
    form, cast = policy.ballots[ballot], tuple(ballots)
    _check(form, cast, studios, collector)
    counting = _Counting(policy, form, studios)
    reasons = [tuple(counting.faults(each)) for each in cast]
    valid = [each for each, faults in zip(cast, reasons, strict=True) if not faults]
    void = [each for each, faults in zip(cast, reasons, strict=True) if faults]
    facts: dict[str, Mapping[str, object]] = {}
    for studio in studios:
        with collector.under("studios", studio):
            found = counting.counted(studio, valid, void) if cast else {}
            facts[studio] = found
    collector.finish()
    return BallotCount(
        ballot=ballot,
        label=form.label,
        facts=facts,
        cast=len(cast),
        valid=len(valid),
        void=tuple(
            VoidBallot(by=each.by, role=each.role, reasons=faults)
            for each, faults in zip(cast, reasons, strict=True)
            if faults
        ),
    )


def _check(
    form: BallotForm, ballots: Sequence[Ballot], studios: Sequence[str], collector: Collector
) -> None:
    for position, studio in enumerate(studios):
        with collector.under("studios", position):
            if studio in studios[:position]:
                raise wrong(NAMED_TWICE, studio)
    voters: set[str] = set()
    known = frozenset(studios)
    for position, ballot in enumerate(ballots):
        with collector.under("ballots", position, "by"):
            if ballot.by in voters:
                raise wrong(VOTED_TWICE, ballot.by)
        voters.add(ballot.by)
        with collector.under("ballots", position, "role"):
            if ballot.role not in form.voters:
                raise wrong(WRONG_VOTER, ballot.role, roles=form.voters)
        for studio in ballot.votes:
            with collector.under("ballots", position, "votes", studio):
                if studio not in known:
                    raise wrong(UNKNOWN_NAME, studio, known=studios)
        with collector.under("ballots", position, "own"):
            if ballot.own is not None and ballot.own not in known:
                raise wrong(UNKNOWN_NAME, ballot.own, known=studios)
    collector.finish()


class _Counting:
    """One ballot of a policy, and what it is counted into."""

    def __init__(self, policy: Content, form: BallotForm, studios: Sequence[str]) -> None:
        self.form = form
        self.studios = studios
        self.cells = form.cells(policy.names)
        self.words: Mapping[str, Text] = {}
        self.mark: Fact | None = None
        if self.cells:
            (self.words,) = policy.names.tallies[form.gives].dimensions.values()
        else:
            self.mark = policy.names.facts[form.gives]
        self.most = {word: most.of(len(studios)) for word, most in form.at_most.items()}

    def faults(self, ballot: Ballot) -> Iterator[Reason]:
        """Yield everything that makes a ballot void."""
        clause, votes = self.form.clause, ballot.votes
        for studio, vote in votes.items():
            expected = self._expected(vote)
            if expected is not None:
                told = {"studio": studio, "got": shown(vote), "expected": expected}
                yield Reason(BALLOT_VALUE, told, clause, about=(studio,))
        given = Counter(votes.values())
        for word, most in self.most.items():
            if given[word] > most:
                told = {"word": self.words[word], "count": given[word], "most": most}
                yield Reason(BALLOT_TOO_MANY, told, clause, about=(word,))
        if self.form.not_all_same and len(votes) > 1 and len(given) == 1:
            (value,) = given
            yield Reason(BALLOT_ALL_SAME, {"value": self._label(value)}, clause)
        if ballot.own in votes:
            yield Reason(BALLOT_OWN, {"studio": ballot.own}, clause, about=(str(ballot.own),))
        missing = tuple(each for each in self.studios if each not in votes and each != ballot.own)
        if self.form.complete and missing:
            yield Reason(BALLOT_INCOMPLETE, {"missing": missing}, clause, about=missing)

    def _expected(self, vote: Vote) -> Reason | None:
        """Return what was expected where a vote is not allowed."""
        if self.mark is None:
            allowed = isinstance(vote, str) and vote in self.cells
            return None if allowed else Reason(_ONE_OF, {"words": tuple(self.cells)})
        try:
            self.mark.units(vote)
        except InputError as error:
            (problem,) = error.problems
            return Reason(problem.expects, problem.parameters)
        return None

    def _label(self, vote: Vote) -> object:
        return self.words.get(vote, shown(vote)) if isinstance(vote, str) else vote

    def counted(
        self, studio: str, valid: Iterable[Ballot], void: Iterable[Ballot]
    ) -> dict[str, object]:
        """Return the facts of a studio.

        Raises:
            InputError: where a fact can not have what was counted.
        """
        given = [(each.votes[studio], each.role) for each in valid if studio in each.votes]
        if self.mark is not None:
            lost = [each.role for each in void if studio in each.votes]
            return self._pooled(self.mark, given, lost)
        found: dict[str, object] = {}
        collector, of_each = Collector(), Counter(vote for vote, _ in given)
        for word, fact in self.cells.items():
            with collector.under(fact.name):
                fact.units(of_each[word])
                found[fact.name] = of_each[word]
        collector.finish()
        return found

    def _pooled(
        self, fact: Fact, given: Sequence[tuple[Vote, str]], void: Sequence[str]
    ) -> dict[str, object]:
        if not given:
            return {}
        marks = [Fraction(vote) for vote, _ in given]
        weighed = fact.panel is not None and bool(fact.panel.groups)
        pool = Pool(marks, [role for _, role in given] if weighed else (), void)
        collector = Collector()
        with collector.under(fact.name):
            fact.check(pool)
        collector.finish()
        return {fact.name: pool}
