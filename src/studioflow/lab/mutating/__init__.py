"""Mutation: small mistakes put into a policy, to see whether its cases would notice them."""

from studioflow.lab.mutating.mutations import Mutation, mutations
from studioflow.lab.mutating.running import Mutant, MutationReport, mutate

__all__ = ["Mutant", "Mutation", "MutationReport", "mutate", "mutations"]
