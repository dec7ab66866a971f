"""Comparing two policies over a cohort: whom a variation hits, and which items are to blame.

It needs the extra `cohort`.
"""

from studioflow.lab.comparing.comparison import Comparison, Hit, ItemHit, compare

__all__ = ["Comparison", "Hit", "ItemHit", "compare"]
