"""Counting ballots: what is void and why, and the facts that come of the others."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studioflow.cohort import Ballot, BallotCount, count_ballots
from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy
from studioflow.rules import Pool

POLICY = build_policy(Document.read(Path(__file__).with_name("votes.toml")))
STUDIOS = ("s1", "s2", "s3", "s4")
LETTERS = {"o": "outstanding", "g": "good", "p": "poor"}


def peer(*ballots: str, policy: Policy = POLICY) -> BallotCount:
    """Count ballots of words, each a letter for each studio; `.` leaves one out, `x` is no word."""
    cast = [
        Ballot(
            by=f"v-{place}",
            role="colleague",
            votes={
                studio: LETTERS.get(letter, letter)
                for studio, letter in zip(STUDIOS, ballot, strict=False)
                if letter != "."
            },
        )
        for place, ballot in enumerate(ballots)
    ]
    return count_ballots(policy, "peer_review", cast, STUDIOS)


def points(*ballots: Sequence[object], roles: str = "", name: str = "talk") -> BallotCount:
    """Count ballots of points, in the order of the studios; `c` is a colleague."""
    cast = [
        Ballot(
            by=f"v-{place}",
            role="colleague" if roles[place : place + 1] == "c" else "assessor",
            votes=dict(zip(STUDIOS, given, strict=False)),
        )
        for place, given in enumerate(ballots)
    ]
    return count_ballots(POLICY, name, cast, STUDIOS)


def told(count: BallotCount) -> list[list[str]]:
    """Return the codes of why each void ballot is void."""
    return [[reason.code for reason in void.reasons] for void in count.void]


def problems(ballots: Sequence[Ballot], studios: Sequence[str] = STUDIOS) -> list[tuple[str, str]]:
    """Return path and code of every problem of ballots that have to be refused."""
    with pytest.raises(InputError) as error:
        count_ballots(POLICY, "peer_review", ballots, studios)
    return [(problem.path, problem.code) for problem in error.value.problems]


class TestWords:
    """Ballots that give each studio a word."""

    def test_counted(self) -> None:
        """Every studio has so many of each word, and 0 of one that nobody gave."""
        count = peer("oggp", "ogop", "gogp")

        assert (3, 3, ()) == (count.cast, count.valid, count.void)
        assert {"peer_outstanding": 2, "peer_good": 1, "peer_poor": 0} == count.facts["s1"]
        assert {"peer_outstanding": 0, "peer_good": 0, "peer_poor": 3} == count.facts["s4"]

    @pytest.mark.parametrize(
        ("ballot", "codes"),
        [
            ("ooog", ["ballot_too_many"]),
            ("gggg", ["ballot_all_same"]),
            ("oxgp", ["ballot_value"]),
            ("o.gp", ["ballot_incomplete"]),
            ("oooo", ["ballot_too_many", "ballot_all_same"]),
            ("xx..", ["ballot_value", "ballot_value", "ballot_all_same", "ballot_incomplete"]),
            ("x...", ["ballot_value", "ballot_incomplete"]),
            ("....", ["ballot_incomplete"]),
        ],
    )
    def test_void(self, ballot: str, codes: list[str]) -> None:
        """A ballot that breaks a rule is void, does not count, and is told every reason."""
        count = peer(ballot, "oggp")

        assert [codes] == told(count)
        assert (2, 1) == (count.cast, count.valid)
        assert {"peer_outstanding": 1, "peer_good": 0, "peer_poor": 0} == count.facts["s1"]

    def test_said(self) -> None:
        """Every reason is said in both languages, with its clause and what was there."""
        count = peer("oooo", "xg.o")

        assert [
            "v-0：优秀写了4个，最多2个（6.1）；所写全部相同：优秀（6.1）",
            (
                "v-1：s1：'x'不是允许的值（应为以下之一：outstanding、good、poor）（6.1）；"
                "未写全，缺：s3（6.1）"
            ),
        ] == [void.explain("zh") for void in count.void]
        assert [
            (
                "v-0: outstanding: given 4 times, at most 2 allowed (6.1);"
                " gives all the same: outstanding (6.1)"
            ),
            (
                "v-1: s1: 'x' is not allowed, expected one of: outstanding, good, poor (6.1);"
                " incomplete, without: s3 (6.1)"
            ),
        ] == [void.explain("en") for void in count.void]
        assert "互评：收回2张，有效0张，无效2张" == count.explain("zh").splitlines()[0]

    def test_about(self) -> None:
        """A program finds in each reason what it is about."""
        (void,) = peer("oo..").void
        assert [("s3", "s4")] == [
            reason.about for reason in void.reasons if reason.code == "ballot_incomplete"
        ]

    @pytest.mark.parametrize(
        ("limit", "studios", "most"),
        [
            (1, 4, 1),
            (0, 4, 0),
            ({"percent": 30}, 4, 1),
            ({"percent": 30, "rounding": "up"}, 4, 2),
            ({"percent": 100}, 4, 4),
        ],
    )
    def test_at_most(self, limit: object, studios: int, most: int) -> None:
        """How often a word may be given is a number, or a share of the studios, rounded."""
        policy = POLICY.vary({"ballots/peer_review/at_most/outstanding": limit})
        valid = ["ooooo"[:n] + "ggggp"[n:studios] for n in range(studios)]
        counts = [peer(ballot, policy=policy) for ballot in valid]

        assert [given <= most for given in range(studios)] == [
            not any("ballot_too_many" in codes for codes in told(count)) for count in counts
        ]

    def test_rules_that_are_not_asked_for(self) -> None:
        """What the policy does not ask for makes no ballot void."""
        policy = POLICY.vary(
            {
                "ballots/peer_review/at_most": "none",
                "ballots/peer_review/complete": False,
                "ballots/peer_review/not_all_same": False,
            }
        )
        count = peer("oooo", "g...", "....", policy=policy)

        assert (3, 3) == (count.cast, count.valid)
        assert {"peer_outstanding": 1, "peer_good": 1, "peer_poor": 0} == count.facts["s1"]

    @pytest.mark.parametrize(
        ("given", "codes"),
        [("s1 s2 s3", []), ("s1 s2", ["ballot_incomplete"]), ("s1 s2 s3 s4", ["ballot_own"])],
    )
    def test_own_studio(self, given: str, codes: list[str]) -> None:
        """Who has a studio leaves it out: a ballot is complete without it, and void with it."""
        votes = dict.fromkeys(given.split(), "good") | {"s1": "outstanding"}
        ballot = Ballot(by="v-1", role="colleague", votes=votes, own="s4")
        count = count_ballots(POLICY, "peer_review", [ballot], STUDIOS)

        assert ([codes] if codes else []) == told(count)

    def test_one_studio_alone(self) -> None:
        """A ballot with one name on it is not all the same."""
        ballot = Ballot(by="v-1", role="colleague", votes={"s1": "good"})
        assert 1 == count_ballots(POLICY, "peer_review", [ballot], ["s1"]).valid

    def test_nobody_voted(self) -> None:
        """Before the first ballot nothing is known; when all are void nobody gave any word."""
        assert {studio: {} for studio in STUDIOS} == peer().facts
        assert {"peer_outstanding": 0, "peer_good": 0, "peer_poor": 0} == peer("gggg").facts["s1"]

    def test_points_instead_of_words(self) -> None:
        """A number is no word."""
        ballot = Ballot(by="v-1", role="colleague", votes={"s1": Fraction(1)})
        count = count_ballots(POLICY, "peer_review", [ballot], ["s1"])

        assert [["ballot_value"]] == told(count)


class TestPoints:
    """Ballots that give each studio points."""

    def test_scored(self) -> None:
        """The marks are pooled as the policy says: the highest and the lowest of four go."""
        count = points((0, 7), (8, 7), (9, 7), (10, 8))
        scored = [POLICY.score(count.facts[studio]).criterion("talk") for studio in ("s1", "s2")]

        assert [Fraction(17, 2), Fraction(7)] == [result.points.points for result in scored]

    def test_by_role(self) -> None:
        """Where groups are weighed each mark keeps its role."""
        count = points((7,), (8,), (9,), roles="cca", name="work")
        sheet = POLICY.score(count.facts["s1"])

        assert (
            Pool([7, 8, 9], ["colleague", "colleague", "assessor"])  # type: ignore[list-item] # whole
            == count.facts["s1"]["work_mark"]
        )
        assert Fraction(42, 5) == sheet.criterion("work").points.points

    def test_one_group_alone(self) -> None:
        """While one group has not voted the item is open."""
        count = points((7,), (8,), roles="cc", name="work")
        assert ("work_mark",) == POLICY.score(count.facts["s1"]).criterion("work").open

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            (11, "0 至 10"),
            (-1, "0 至 10"),
            (Fraction(15, 2), "1 的整数倍"),
            ("good", "精确的数（文件中写 12.5，Python 中用 Decimal，不用 float）"),
        ],
    )
    def test_not_allowed(self, given: object, expected: str) -> None:
        """Points out of bounds or off the step make the whole ballot void."""
        count = points((8, 9), (8, given))
        ((reason,),) = (void.reasons for void in count.void)

        assert reason.text("zh").endswith(f"不是允许的值（应为{expected}）")
        assert {"s1", "s2"} == {studio for studio in STUDIOS if count.facts[studio]}
        assert 1 == len(count.facts["s1"]["talk_mark"].marks)  # type: ignore[attr-defined] # a pool

    def test_void_marks_are_known(self) -> None:
        """How many void marks there were for a studio goes with the valid ones."""
        count = points((8, 9), (8, 11), (7,), (7, 7, 7))
        pools = [count.facts[studio].get("talk_mark") for studio in STUDIOS]

        assert [
            Pool([8, 7], void=["assessor"] * 2),  # type: ignore[list-item] # whole
            Pool([9], void=["assessor"] * 2),  # type: ignore[list-item] # whole
            None,
            None,
        ] == pools

    def test_counted_as_cast(self) -> None:
        """Where the panel counts what was cast, a void mark lets others be trimmed."""
        policy = POLICY.vary({"facts/talk_mark/panel/counts": "cast"})
        cast = [
            Ballot(by=f"v-{n}", role="assessor", votes={"s1": Fraction(mark), "s2": Fraction(5)})
            for n, mark in enumerate((0, 9, 10, 11))
        ]
        results = [
            each.score(count_ballots(each, "talk", cast, STUDIOS).facts["s1"]).criterion("talk")
            for each in (POLICY, policy)
        ]

        assert [Fraction(19, 3), Fraction(9)] == [result.points.points for result in results]
        assert "；另有1个无效" in results[1].reasons[0].text("zh")

    def test_more_than_the_panel_takes(self) -> None:
        """Too many ballots are told at each studio, and nothing is left out in silence."""
        with pytest.raises(InputError) as error:
            points(*[(8, 9)] * 21)
        assert [(f"studios/{s}/talk_mark", "too_many_marks") for s in ("s1", "s2")] == [
            (problem.path, problem.code) for problem in error.value.problems
        ]


class TestRefused:
    """What is wrong with the ballots as a whole."""

    def test_every_problem(self) -> None:
        """A wrong role, a second ballot and a studio that is not voted on are all told."""
        fine = {"s1": "good"}
        cast = [
            Ballot(by="v-1", role="colleague", votes=fine),
            Ballot(by="v-2", role="assessor", votes={"s9": "good"}),
            Ballot(by="v-1", role="colleague", votes=fine, own="s8"),
        ]
        assert [
            ("ballots/1/role", "wrong_voter"),
            ("ballots/1/votes/s9", "unknown_name"),
            ("ballots/2/by", "voted_twice"),
            ("ballots/2/own", "unknown_name"),
        ] == problems(cast)

    def test_studios(self) -> None:
        """A studio stands on the list once."""
        assert [("studios/2", "studio_twice")] == problems([], ["s1", "s2", "s1"])

    def test_unknown_ballot(self) -> None:
        """The ballot is one of the policy's."""
        with pytest.raises(InputError) as error:
            count_ballots(POLICY, "peer_reviews", [], STUDIOS)
        (problem,) = error.value.problems

        assert ("ballot", "unknown_name", "peer_review") == (
            problem.path,
            problem.code,
            problem.nearest,
        )

    def test_more_than_the_fact_can_be(self) -> None:
        """A count above the fact's bound is told at the studio and its fact."""
        with pytest.raises(InputError) as error:
            peer(*["oggp"] * 61)
        assert ("studios/s1/peer_outstanding", "out_of_bounds") in [
            (problem.path, problem.code) for problem in error.value.problems
        ]

    @pytest.mark.parametrize("vote", [7.5, True, None, ["good"]])
    def test_votes_that_are_neither(self, vote: Any) -> None:  # noqa: ANN401 - what is wrong about it
        """A float and a list are no votes: that is the program's fault and not the voter's."""
        with pytest.raises(InputError) as error:
            Ballot(by="v-1", role="colleague", votes={"s1": vote})
        assert [("votes/s1", "wrong_type")] == [(p.path, p.code) for p in error.value.problems]

    def test_nobody(self) -> None:
        """Somebody casts a ballot."""
        with pytest.raises(InputError) as error:
            Ballot(by=" ", role="colleague", votes={})
        assert ["by"] == [problem.path for problem in error.value.problems]
