"""The policy, built from its files without a host, and studios under it."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import studioflow_teacher_points

from studioflow.people import Actor
from studioflow.policy import Catalogue, Document, Policy, build_policy
from studioflow.programme import Batch, Programme, read_batch
from studioflow.studio import Studio

from .replay import Replay, Stand

FILES = Path(studioflow_teacher_points.__file__).parent
SCHOOL = Actor("h-01", unit="样例学校一", roles={"school"})
COMMITTEE = Actor("p-01", unit="考核评定委员会", roles={"committee"})
OFFICE = Actor("p-02", unit="名师办", roles={"office"})
START = date(2022, 9, 1)
END = date(2025, 8, 31)
Record = Mapping[str, object]
Kept = Callable[..., Studio]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The policy as it is shipped."""
    own, *parts = (
        Document.read(FILES / f"{name}.toml") for name in ("policy", "rubric", "case_file")
    )
    rubric, case_file = parts
    catalogue = Catalogue({own.id: own}, {rubric.id: rubric}, {}, {case_file.id: case_file})
    return build_policy(own, catalogue)


@pytest.fixture(scope="session")
def batch() -> Batch:
    """The sample batch as it is shipped."""
    (folder,) = studioflow_teacher_points.studioflow_sample_batches()
    return read_batch(folder)


@pytest.fixture(scope="session")
def stand(policy: Policy, batch: Batch) -> Stand:
    """Put the sample batch where it was at the end of a day."""
    written = Replay(policy).take(batch)

    def at(last: date) -> Replay:
        replay = Replay(policy)
        replay.restore(written, last)
        return replay

    return at


class Today:
    """A clock that stands still on a day until it is set."""

    day = date(2022, 8, 15)

    def __call__(self) -> datetime:
        """Return noon of the day."""
        return datetime.combine(self.day, time(12), tzinfo=UTC)


@pytest.fixture
def kept(policy: Policy) -> Kept:
    """Make a studio that keeps records, at the end of its cycle: by the school, or the office.

    It was approved on the first day of September 2022; its members are `member-1` to `member-3`,
    of whom the third left after two years.
    """

    def make(
        records: Mapping[str, list[Record]] | None = None,
        office: Mapping[str, list[Record]] | None = None,
    ) -> Studio:
        today = Today()
        programme = Programme.open(policy, clock=today)
        application = {"name": "样例工作室", "unit": "样例学校一", "lead": {"id": "lead-a"}}
        studio = programme.declare(application, by=SCHOOL)
        today.day = START
        studio = programme.approve(studio, by=COMMITTEE)
        today.day = date(2025, 9, 10)
        members: list[Record] = [
            {"person": {"id": f"member-{n}"}, "joined": START} for n in range(1, 4)
        ]
        members[2] = {**members[2], "left": date(2024, 8, 31)}
        studio = programme.record(studio, {"member": members, **(records or {})}, by=SCHOOL)
        if office:
            studio = programme.record(studio, office, by=OFFICE)
        return studio

    return make
