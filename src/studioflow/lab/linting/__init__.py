"""Lint: the mistakes and gaps of a policy, each with its place and its clause."""

from studioflow.lab.linting.findings import Finding, Severity
from studioflow.lab.linting.linting import lint

__all__ = ["Finding", "Severity", "lint"]
