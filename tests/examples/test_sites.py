"""The example sites in Flask, FastAPI and Django do what the documentation says of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from studioflow.register import SqliteRegister, verify
from tests.examples.sites import SITES, Answer, Post

SCHOOL = {"person": "h-01", "unit": "School One", "roles": ["host_party"]}
COMMITTEE = {"person": "p-01", "unit": "bureau", "roles": ["bureau_committee"]}
FORM = {"name": "Studio One", "unit": "School One", "lead": {"id": "t-01", "name": "Lead A"}}
OTHER = {"name": "Studio Two", "unit": "School One", "lead": {"id": "t-02", "name": "Lead B"}}


@frozen
class Site:
    """A site, and the database that it keeps."""

    post: Post
    database: Path

    def send(
        self,
        path: str,
        body: object = None,
        *,
        session: Mapping[str, object] = SCHOOL,
        key: str | None = "k-1",
    ) -> Answer:
        """Return the answer to a request; a body that is text is sent as it is."""
        text = body if isinstance(body, str) else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.post(path, text, session, headers)

    def declare(self, form: object = FORM, letter: str = "17", **given: Any) -> Answer:  # noqa: ANN401 - as `send`
        """Return the answer to a declaration."""
        return self.send("/studios", {"form": form, "letter": letter}, **given)

    def letters(self) -> list[tuple[str, str]]:
        """Return the rows of the site's own table."""
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute("SELECT studio, number FROM letters").fetchall()

    def actions(self) -> dict[str, list[str]]:
        """Return what the register has of each studio, once it was found whole."""
        with closing(SqliteRegister(self.database)) as register:
            assert verify(register)
            return {
                name: [event.action for event in register.events(name)]
                for name in register.studios()
            }


@pytest.fixture(params=list(SITES))
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Each of the sites, with a database that is empty."""
    database = tmp_path / "studios.db"
    with SITES[request.param](database) as post:
        yield Site(post, database)


def test_steps(site: Site) -> None:
    """A step is kept with the site's own row, and told after the commit."""
    declared = {"id": "s-01", "state": "declared", "version": 1}
    approved = {"id": "s-01", "state": "approved", "version": 2}

    assert (200, declared, ["declare s-01"]) == site.declare()
    assert (200, approved, ["approve s-01"]) == site.send(
        "/studios/s-01/approve", session=COMMITTEE
    )
    assert [("s-01", "17")] == site.letters()
    assert {"s-01": ["declare", "approve"]} == site.actions()


def test_bad_input(site: Site) -> None:
    """What does not fit is 400 with every problem, and nothing is kept."""
    status, body, mail = site.declare({"name": "Studio One"})

    assert (400, []) == (status, mail)
    assert {"lead", "unit"} == {problem["expected"].split()[-1] for problem in body["problems"]}
    assert ([], {}) == (site.letters(), site.actions())


def test_denied(site: Site) -> None:
    """A no is 409 with all reasons, and nothing is kept of it."""
    site.declare()
    status, body, mail = site.send("/studios/s-01/approve", key="k-2")

    assert (409, []) == (status, mail)
    assert ["wrong_role", "own_unit"] == [reason["code"] for reason in body["reasons"]]
    assert {"s-01": ["declare"]} == site.actions()


def test_rolled_back(site: Site) -> None:
    """Where the site's own row can not be kept, the event is not kept and not told either."""
    site.declare()
    status, _, mail = site.declare(OTHER, key="k-2")

    assert (500, []) == (status, mail)
    assert ([("s-01", "17")], {"s-01": ["declare"]}) == (site.letters(), site.actions())
    assert "s-02" == site.declare(OTHER, "18", key="k-2")[1]["id"]


def test_the_same_key(site: Site) -> None:
    """What is sent twice happens once, is told once, and is answered the same."""
    once, again = site.declare(), site.declare()

    assert once[:2] == again[:2]
    assert (["declare s-01"], []) == (once[2], again[2])
    assert ([("s-01", "17")], {"s-01": ["declare"]}) == (site.letters(), site.actions())


def test_the_same_key_for_something_else(site: Site) -> None:
    """A key stands for one command."""
    site.declare()
    status, body, _ = site.declare(OTHER, "18")

    assert (400, ["key"]) == (status, [problem["path"] for problem in body["problems"]])
    assert ([("s-01", "17")], {"s-01": ["declare"]}) == (site.letters(), site.actions())


def test_nobody(site: Site) -> None:
    """Without a session nobody acts."""
    assert site.declare(session={})[0] in (401, 403)
    assert {} == site.actions()


@pytest.mark.parametrize("body", ["", "{", "[]", "3", '{"form": {}}'])
def test_no_body(site: Site, body: str) -> None:
    """What is no form at all is refused as well."""
    assert 400 == site.send("/studios", body)[0]


def test_no_key(site: Site) -> None:
    """A command comes with its key."""
    assert site.declare(key=None)[0] in (400, 422)
    assert {} == site.actions()


def test_a_float(site: Site) -> None:
    """Numbers are exact: a decimal is no float when it arrives."""
    status, body, _ = site.declare({**FORM, "level": 2.5})

    assert 400 == status
    assert "Decimal" not in json.dumps(body)
    assert "float" not in json.dumps(body)
