"""Studios of the reference policy as columns, about one value in twenty missing.

The library's own generator makes them, so that every sheet accepts them; the names stand here for
the rivals, which are written for this policy alone.
"""

from __future__ import annotations

import polars as pl

from studioflow.cohort.columns import generate_cohort
from studioflow.policy import Policy

__all__ = [
    "ACTIONS",
    "CONFIRMED",
    "COUNTS",
    "FLAGS",
    "GATE_FLAGS",
    "MARKS",
    "PARTS",
    "READ",
    "WORDS",
    "studios",
]

ACTIONS = (
    "classroom_help",
    "campus_service",
    "home_visits",
    "mentoring",
    "open_lessons",
    "residency",
)
SITE = ("fixed_place", "flag", "emblem", "oath", "resources", "records", "management")
CONFIRMED = ("team_confirmed", "ceremony_confirmed", *(f"site_{name}" for name in SITE))
GATE_FLAGS = (*ACTIONS, *CONFIRMED)
FLAGS = (*GATE_FLAGS, "funds_proper", "lead_research", "public_benefit", "media_coverage")
PARTS = (
    "trainees_with_research",
    "trainees_with_output",
    "trainees_with_lesson",
    "trainees_promoted",
)
MARKS = (
    "goal_mark",
    "training_mark",
    "funds_mark",
    "website_mark",
    "output_mark",
    "promotion_mark",
    "station_mark",
    "feature_mark",
)
COUNTS = ("members", "activities", "website_faults", "trainees", *PARTS)
READ = (*COUNTS, *MARKS, *FLAGS, "funds_papers")
"""The facts that the rules look at; `trainees_with_lesson` bounds the trainees from below."""

WORDS = ("in_time", "late", "never")


def studios(
    policy: Policy, number: int, *, missing: float = 0.05, seed: int = 2023
) -> pl.DataFrame:
    """Return so many studios: the key, then every fact of the policy."""
    return generate_cohort(policy, number, seed=seed, missing=missing).rechunk()
