"""A programme in Django, in the transaction of each request: a whole project in one file.

Run it with `uv run python examples/django_app.py runserver`.
"""

import json
import logging
import os
import sys
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import django
import studioflow_yongjia
from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection, models
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from studioflow import (
    Actor,
    Conflict,
    Denied,
    Event,
    Host,
    InputError,
    Programme,
    Studio,
    Subscriber,
    hookimpl,
)

settings.configure(
    SECRET_KEY=os.environ.get("SECRET_KEY") or os.urandom(32).hex(),
    ALLOWED_HOSTS=["localhost", "testserver"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        f"{__name__}.Answers",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("DATABASE", "studios.db"),
            "ATOMIC_REQUESTS": True,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 60},
        }
    },
)
django.setup()


class Letter(models.Model):
    """The letter with which a school declared its studio."""

    studio = models.CharField(max_length=40, primary_key=True)
    number = models.CharField(max_length=40, unique=True)

    class Meta:
        """Where there is no app, its name is said here."""

        app_label = db_table = "letters"

    def __str__(self) -> str:
        return str(self.number)


class Mail:
    """Sends a message for each event, once it is kept."""

    @hookimpl
    def studioflow_subscribers(self) -> list[Subscriber]:
        """Return who is told."""
        return [Subscriber(id="mail", notify=self.send)]

    def send(self, event: Event) -> None:
        """Send it; here it only goes to the log."""
        logging.getLogger("mail").warning("%s %s", event.action, event.studio)


@cache
def programme() -> Programme:
    """Return the one programme; each thread of it has its own connection."""
    return Programme.open(
        "yongjia-2023",
        register=connection,
        host=Host([Mail(), studioflow_yongjia]),
        clock=lambda: datetime(2023, 3, 28, 9).astimezone(),  # leave it out
    )


class Answers:
    """Turns what is raised into an answer; the transaction is rolled back by then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self.get_response(request)

    def process_exception(self, _: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the answer to what a view has raised."""
        match error:
            case InputError():
                problems = [problem.to_dict("en") for problem in error.problems]
                return JsonResponse({"problems": problems}, status=400)
            case Denied():
                reasons = [reason.to_dict("en") for reason in error.reasons]
                return JsonResponse({"reasons": reasons}, status=409)
            case Conflict():
                again = {"again": error.explain("en")}
                return JsonResponse(again, status=409, headers={"Retry-After": "1"})
        return None


def declare(request: HttpRequest) -> HttpResponse:
    """Declare a studio, and keep the letter."""
    form, letter = body(request)
    studio = programme().declare(form, by=actor(request), key=key(request))
    Letter.objects.get_or_create(studio=studio.id, defaults={"number": letter})
    return shown(studio)


def approve(request: HttpRequest, studio: str) -> HttpResponse:
    """Approve a studio."""
    return shown(programme().approve(studio, by=actor(request), key=key(request)))


def actor(request: HttpRequest) -> Actor:
    """Return who acts: from the session, never from the request."""
    known = request.session
    if "person" not in known:
        raise PermissionDenied
    return Actor(known["person"], unit=known["unit"], roles=known["roles"])


def key(request: HttpRequest) -> str:
    """Return by what a command that is sent twice is known."""
    sent = request.headers.get("Idempotency-Key")
    if sent is None:
        raise BadRequest
    return sent


def body(request: HttpRequest) -> tuple[Any, str]:
    """Return the form and the letter's number, with exact numbers."""
    try:
        sent = json.loads(request.body, parse_float=Decimal)
        return sent["form"], str(sent["letter"])
    except (ValueError, LookupError, TypeError) as error:
        raise BadRequest from error


def shown(studio: Studio) -> HttpResponse:
    """Return what the page needs."""
    return JsonResponse({"id": studio.id, "state": studio.state, "version": studio.version})


urlpatterns = [path("studios", declare), path("studios/<studio>/approve", approve)]


def create_tables() -> None:
    """Make the site's own table where there is none; a larger project migrates."""
    if "letters" not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Letter)


if __name__ == "__main__":
    from django.core.management import execute_from_command_line

    create_tables()
    execute_from_command_line(sys.argv)
