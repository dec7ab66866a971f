"""What can happen at all under a policy: claims proved or refuted, and studios found.

It needs the extra `solver`.
"""

from studioflow.errors import MissingExtraError

try:
    import z3 as _z3  # noqa: F401 - asked for here, so that the answer is a sentence
except ImportError as _error:
    raise MissingExtraError("solver") from _error

from studioflow.lab.solving.asking import Asked, Proof, ask, prove
from studioflow.lab.solving.assessor import decides_alone, marking_roles
from studioflow.lab.solving.difference import Difference, differ
from studioflow.lab.solving.lifecycle import prove_way
from studioflow.lab.solving.monotone import directed, never_lowers
from studioflow.lab.solving.reaching import Change, Reached, reach
from studioflow.lab.solving.search import Witness, plain_facts
from studioflow.lab.solving.showing import showing
from studioflow.lab.solving.standard import StandardClaim, proofs, standard_claims

__all__ = [
    "Asked",
    "Change",
    "Difference",
    "Proof",
    "Reached",
    "StandardClaim",
    "Witness",
    "ask",
    "decides_alone",
    "differ",
    "directed",
    "marking_roles",
    "never_lowers",
    "plain_facts",
    "proofs",
    "prove",
    "prove_way",
    "reach",
    "showing",
    "standard_claims",
]
