"""A small project of Django's, with a table of its own beside the register's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url

from tests.register.postgres import Postgres

if TYPE_CHECKING:
    from django.db.models import Model

__all__ = ["ALIASES", "project"]

ALIASES = ("default", "postgresql")


@contextmanager
def project(folder: Path, server: Postgres) -> Iterator[type[Model]]:
    """Set a project up with a file of SQLite and a PostgreSQL; give its one model, `Visit`."""
    import django
    from django.conf import settings
    from django.db import connections, models

    url = make_url(server.database())
    settings.configure(
        INSTALLED_APPS=[],
        USE_TZ=True,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "django.db",
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 60},
            },
            "postgresql": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": url.database,
                "HOST": url.query["host"],
                "USER": url.username,
            },
            "deferred": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "deferred.db",
            },
        },
    )
    django.setup()

    class Visit(models.Model):
        """A visit to a studio: what the embedder keeps itself."""

        objects: Any
        studio: Any = models.CharField(max_length=40)

        class Meta:
            """Where there is no app, its name is said here."""

            app_label = "visits"

        def __str__(self) -> str:
            return str(self.studio)

    for alias in ALIASES:
        with connections[alias].schema_editor() as editor:
            editor.create_model(Visit)
    try:
        yield Visit
    finally:
        connections.close_all()
