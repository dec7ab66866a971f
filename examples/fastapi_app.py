"""A programme in FastAPI, in the Session of SQLAlchemy that keeps the site's own tables.

One route waits and runs in a thread, the other is asynchronous. Run it with
`uvicorn --factory examples.fastapi_app:create_app`.
"""

import json
import logging
import os
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import studioflow_yongjia
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from fastapi.responses import JSONResponse
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from starlette.middleware.sessions import SessionMiddleware

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


class Base(DeclarativeBase):
    """The site's own tables."""


class Letter(Base):
    """The letter with which a school declared its studio."""

    __tablename__ = "letters"

    studio: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)


class Mail:
    """Sends a message for each event, once it is kept."""

    @hookimpl
    def studioflow_subscribers(self) -> list[Subscriber]:
        """Return who is told."""
        return [Subscriber(id="mail", notify=self.send)]

    def send(self, event: Event) -> None:
        """Send it; here it only goes to the log."""
        logging.getLogger("mail").warning("%s %s", event.action, event.studio)


def actor(request: Request) -> Actor:
    """Return who acts: from the session, never from the request."""
    known = request.session
    if "person" not in known:
        raise HTTPException(401)
    return Actor(known["person"], unit=known["unit"], roles=known["roles"])


async def body(request: Request) -> tuple[Any, str]:
    """Return the form and the letter's number, with exact numbers."""
    try:
        sent = json.loads(await request.body(), parse_float=Decimal)
        return sent["form"], str(sent["letter"])
    except (ValueError, LookupError, TypeError) as error:
        raise HTTPException(400) from error


By = Annotated[Actor, Depends(actor)]
Body = Annotated[tuple[Any, str], Depends(body)]
Key = Annotated[str, Header(alias="Idempotency-Key")]


def create_app(
    address: str = "sqlite:///studios.db", awaited: str = "sqlite+aiosqlite:///studios.db"
) -> FastAPI:
    """Return the site; for PostgreSQL both addresses are `postgresql+psycopg://…`."""
    engine, awaited_engine = create_engine(address), create_async_engine(awaited)
    app = FastAPI()
    secret = os.environ.get("SECRET_KEY") or os.urandom(32).hex()
    app.add_middleware(SessionMiddleware, secret_key=secret)
    Base.metadata.create_all(engine)
    programme = Programme.open(
        "yongjia-2023",
        register=engine,
        host=Host([Mail(), studioflow_yongjia]),
        clock=lambda: datetime(2023, 3, 28, 9).astimezone(),  # leave it out
    )

    # The transaction ends within the route: what it answers is kept by then.

    @app.post("/studios")
    def declare(sent: Body, by: By, key: Key) -> dict[str, object]:
        form, letter = sent
        with Session(engine) as session, session.begin():
            studio = programme.within(session).declare(form, by=by, key=key)
            session.merge(Letter(studio=studio.id, number=letter))
        return shown(studio)

    @app.post("/studios/{studio}/approve")
    async def approve(studio: str, by: By, key: Key) -> dict[str, object]:
        async with AsyncSession(awaited_engine) as session, session.begin():
            approved = await session.run_sync(
                lambda s: programme.within(s).approve(studio, by=by, key=key)
            )
        return shown(approved)

    @app.exception_handler(InputError)
    def bad_input(_: Request, error: InputError) -> JSONResponse:
        return JSONResponse({"problems": [each.to_dict("en") for each in error.problems]}, 400)

    @app.exception_handler(Denied)
    def denied(_: Request, no: Denied) -> JSONResponse:
        return JSONResponse({"reasons": [reason.to_dict("en") for reason in no.reasons]}, 409)

    @app.exception_handler(Conflict)
    def faster(_: Request, error: Conflict) -> JSONResponse:
        return JSONResponse({"again": error.explain("en")}, 409, {"Retry-After": "1"})

    return app


def shown(studio: Studio) -> dict[str, object]:
    """Return what the page needs."""
    return {"id": studio.id, "state": studio.state, "version": studio.version}
