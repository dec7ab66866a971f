"""Claims: sentences about any studio's sheet, in a small language."""

from studioflow.lab.claims.holding import holds
from studioflow.lab.claims.language import Claim, read_claim, read_claims
from studioflow.lab.claims.words import ELIGIBLE, GRADE, NO_GRADE

__all__ = ["ELIGIBLE", "GRADE", "NO_GRADE", "Claim", "holds", "read_claim", "read_claims"]
