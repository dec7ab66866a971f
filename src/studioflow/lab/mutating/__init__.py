"""Mutation: small mistakes put into a policy, to see whether its cases would notice them."""

from studioflow.lab.mutating.missing import MissingCase
from studioflow.lab.mutating.missing_step import MissingStep
from studioflow.lab.mutating.mutations import Mutation, mutations
from studioflow.lab.mutating.running import Mutant, MutationReport, mutate

__all__ = [
    "MissingCase",
    "MissingStep",
    "Mutant",
    "Mutation",
    "MutationReport",
    "mutate",
    "mutations",
]
