"""A programme in Flask, in the transaction of sqlite3 that keeps the site's own tables.

Run it with `uv run flask --app "examples.flask_app:create_app('studios.db')" run`.
"""

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any

import studioflow_yongjia
from flask import Flask, abort, request, session
from flask.typing import ResponseReturnValue

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

LETTERS = "CREATE TABLE IF NOT EXISTS letters (studio TEXT PRIMARY KEY, number TEXT UNIQUE)"
RECEIVED = "INSERT INTO letters VALUES (?, ?) ON CONFLICT (studio) DO NOTHING"


class Mail:
    """Sends a message for each event, once it is kept."""

    @hookimpl
    def studioflow_subscribers(self) -> list[Subscriber]:
        """Return who is told."""
        return [Subscriber(id="mail", notify=self.send)]

    def send(self, event: Event) -> None:
        """Send it; here it only goes to the log."""
        logging.getLogger("mail").warning("%s %s", event.action, event.studio)


def create_app(path: str) -> Flask:
    """Return the site whose database is the file."""
    app = Flask(__name__)
    app.secret_key = os.environ.get("SECRET_KEY") or os.urandom(32)
    programme = Programme.open(
        "yongjia-2023",
        register=path,
        host=Host([Mail(), studioflow_yongjia]),
        clock=lambda: datetime(2023, 3, 28, 9).astimezone(),  # leave it out
    )

    @contextmanager
    def transaction() -> Iterator[sqlite3.Connection]:
        """Enter one transaction: all of it is kept, or nothing."""
        with closing(sqlite3.connect(path, timeout=60)) as connection, connection:
            yield connection
        programme.deliver()  # it is kept now; sqlite3 does not say so by itself

    @app.post("/studios")
    def declare() -> ResponseReturnValue:
        form, letter = body()
        with transaction() as connection:
            studio = programme.within(connection).declare(form, by=actor(), key=key())
            connection.execute(RECEIVED, (studio.id, letter))
        return shown(studio)

    @app.post("/studios/<studio>/approve")
    def approve(studio: str) -> ResponseReturnValue:
        with transaction() as connection:
            return shown(programme.within(connection).approve(studio, by=actor(), key=key()))

    @app.errorhandler(InputError)
    def bad_input(error: InputError) -> ResponseReturnValue:
        return {"problems": [problem.to_dict("en") for problem in error.problems]}, 400

    @app.errorhandler(Denied)
    def denied(no: Denied) -> ResponseReturnValue:
        return {"reasons": [reason.to_dict("en") for reason in no.reasons]}, 409

    @app.errorhandler(Conflict)
    def faster(error: Conflict) -> ResponseReturnValue:
        return {"again": error.explain("en")}, 409, {"Retry-After": "1"}

    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(LETTERS)
    return app


def actor() -> Actor:
    """Return who acts: from the session, never from the request."""
    if "person" not in session:
        abort(401)
    return Actor(session["person"], unit=session["unit"], roles=session["roles"])


def key() -> str:
    """Return by what a command that is sent twice is known; without it, the answer is 400."""
    return request.headers.get("Idempotency-Key") or abort(400)


def body() -> tuple[Any, str]:
    """Return the form and the letter's number, with exact numbers."""
    try:
        sent = json.loads(request.get_data(), parse_float=Decimal)
        return sent["form"], str(sent["letter"])
    except (ValueError, LookupError, TypeError):
        abort(400)


def shown(studio: Studio) -> dict[str, object]:
    """Return what the page needs."""
    return {"id": studio.id, "state": studio.state, "version": studio.version}
