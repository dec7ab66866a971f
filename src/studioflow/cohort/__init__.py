"""Many studios: what concerns a batch, over finished sheets."""

from studioflow.cohort.ranking import Rank, rank

__all__ = ["Rank", "rank"]
