"""Events to keep, and a PostgreSQL to keep them in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import Model

from studioflow.testing.registers.samples import (
    CLERK,
    HOUR,
    NEXT,
    NINE,
    OTHER,
    REFERENCE,
    amendment,
    event,
    moved,
    opening,
)
from tests.register.django_project import project
from tests.register.postgres import Postgres, postgres

__all__ = [
    "CLERK",
    "HOUR",
    "NEXT",
    "NINE",
    "OTHER",
    "REFERENCE",
    "amendment",
    "event",
    "moved",
    "opening",
    "server",
]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL that is there for all tests."""
    with postgres(tmp_path_factory.mktemp("postgres")) as started:
        yield started


@pytest.fixture(scope="session")
def django_visit(
    tmp_path_factory: pytest.TempPathFactory, server: Postgres
) -> Iterator[type[Model]]:
    """The one model of a project of Django's."""
    with project(tmp_path_factory.mktemp("django"), server) as model:
        yield model
