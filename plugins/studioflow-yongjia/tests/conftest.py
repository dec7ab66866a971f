"""The reference policy, built from its files without a host."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import pytest
import studioflow_yongjia

from studioflow.codec import read
from studioflow.people import Actor
from studioflow.policy import Catalogue, Document, Policy, build_policy
from studioflow.programme import Programme
from studioflow.rubric import InspectedItem, Inspection
from studioflow.studio import Studio

FILES = Path(studioflow_yongjia.__file__).parent


@pytest.fixture(scope="session")
def reference() -> Policy:
    """The reference policy as it is shipped."""
    policy, rubric, site_check, case_file = (
        Document.read(FILES / f"{name}.toml")
        for name in ("policy", "rubric", "site_check", "case_file")
    )
    catalogue = Catalogue(
        policies={policy.id: policy},
        rubrics={rubric.id: rubric},
        site_checks={site_check.id: site_check},
        case_files={case_file.id: case_file},
    )
    return build_policy(policy, catalogue)


@pytest.fixture(scope="session")
def under(reference: Policy) -> Callable[[tuple[tuple[str, object], ...]], Policy]:
    """The reference policy under readings other than the defaults, built once for each choice."""

    @cache
    def under(readings: tuple[tuple[str, object], ...]) -> Policy:
        return reference.vary({f"readings/{name}": value for name, value in readings})

    return under


SCHOOL = Actor("h-01", unit="样例学校", roles={"host_party"})
COMMITTEE = Actor("p-01", unit="局机关", roles={"bureau_committee"})
COUNTY = Actor("p-02", unit="县教育局", roles={"county_bureau"})
ASSESSOR = Actor("p-11", unit="评估组", roles={"assessor"})
OFFICE = Actor("p-21", unit="名师办", roles={"master_teacher_office"})
Sessions = Mapping[str, Mapping[str, list[dict[str, object]]]]


@pytest.fixture(scope="session")
def full_file() -> Sessions:
    """What `full_studio.toml` hands in, by the time at which it does."""
    return read(Path(__file__).with_name("full_studio.toml"))


class Today:
    """A clock that stands still on a day until it is set."""

    day = date(2023, 3, 22)

    def __call__(self) -> datetime:
        """Return the morning of the day."""
        return datetime.combine(self.day, time(9), tzinfo=UTC)


@pytest.fixture(scope="session")
def full_studio(reference: Policy, full_file: Sessions) -> tuple[Programme, Studio]:
    """The studio of `full_studio.toml` on the day before its evaluation; not to be moved on."""
    return build_full_studio(reference, full_file, Today())


@pytest.fixture
def today() -> Today:
    """The clock of `own_full_studio`."""
    return Today()


@pytest.fixture
def own_full_studio(
    reference: Policy, full_file: Sessions, today: Today
) -> tuple[Programme, Studio]:
    """The same, for one test alone, which may move it on."""
    return build_full_studio(reference, full_file, today)


def build_full_studio(
    reference: Policy, full_file: Sessions, today: Today
) -> tuple[Programme, Studio]:
    """Declare, approve, inspect, plaque, operate, record and correct; marks are not in yet."""
    programme = Programme.open(reference, clock=today)
    application = {"name": "样例工作室", "unit": "样例学校", "lead": {"id": "lead-a"}}
    visit = Inspection(
        items={name: InspectedItem(present=True) for name in reference.site_check.items},
        by=COUNTY.id,
        role="county_bureau",
        unit=COUNTY.unit,
    )
    studio = programme.declare(application, by=SCHOOL, records=full_file["declare"])
    today.day = date(2023, 4, 5)
    studio = programme.approve(studio, by=COMMITTEE)
    today.day = date(2023, 6, 20)
    studio = programme.inspect(studio, visit, by=COUNTY)
    studio = programme.plaque(studio, by=COUNTY)
    today.day = date(2023, 6, 21)
    studio = programme.record(studio, full_file["operate"], by=SCHOOL)
    studio = programme.operate(studio, by=SCHOOL)
    for year, day in (("first_year", date(2024, 3, 25)), ("second_year", date(2024, 11, 18))):
        today.day = day
        studio = programme.record(studio, full_file[year], by=SCHOOL)
        studio = programme.record(studio, full_file[f"{year}_spot_checks"], by=ASSESSOR)
        studio = programme.record(studio, full_file[f"{year}_review"], by=OFFICE)
    today.day = date(2024, 11, 19)
    mended = full_file["mended"]
    studio = programme.correct(studio, mended, strike=["struck"], by=SCHOOL, remark="更正")
    return programme, studio
