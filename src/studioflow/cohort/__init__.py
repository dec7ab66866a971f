"""Many studios: what concerns a batch, over finished sheets."""

from studioflow.cohort.ballot_files import Ballot, BallotFile, read_ballots
from studioflow.cohort.ballots import BallotCount, VoidBallot, count_ballots
from studioflow.cohort.columns import (
    check_cohort,
    generate_cohort,
    read_cohort,
    score_cohort,
    write_cohort,
)
from studioflow.cohort.outcomes import outcomes
from studioflow.cohort.ranking import Rank, rank
from studioflow.cohort.results import Outcome, Outcomes, TieDecision

__all__ = [
    "Ballot",
    "BallotCount",
    "BallotFile",
    "Outcome",
    "Outcomes",
    "Rank",
    "TieDecision",
    "VoidBallot",
    "check_cohort",
    "count_ballots",
    "generate_cohort",
    "outcomes",
    "rank",
    "read_ballots",
    "read_cohort",
    "score_cohort",
    "write_cohort",
]
