"""Keep a programme in a file: what one run writes, the next one finds.

Run it twice with `uv run python examples/script.py studios.db`. The second run brings the same
commands with the same keys, and they are not done again.
"""

import sys
from contextlib import closing
from datetime import datetime

from studioflow import Actor, Denied, Programme
from studioflow.register import SqliteRegister, verify

school = Actor("h-01", unit="School One", roles={"host_party"})
committee = Actor("p-01", unit="bureau", roles={"bureau_committee"})
form = {"name": "Studio One", "unit": "School One", "lead": {"id": "t-01", "name": "Lead A"}}


def main(path: str) -> None:
    """Declare a studio and approve it, once."""
    with closing(SqliteRegister(path)) as register:
        programme = Programme.open(
            "yongjia-2023",
            register=register,
            clock=lambda: datetime(2023, 3, 28, 9).astimezone(),  # leave it out
        )
        studio = programme.declare(form, by=school, key="form-17")
        try:
            programme.approve(studio.id, by=school, key="form-18")
        except Denied as no:
            for reason in no.reasons:
                print("no:", reason.explain("en"))
        studio = programme.approve(studio.id, by=committee, key="minutes-4")
        print(studio.id, studio.state, studio.version)
        print(verify(register).explain())


if __name__ == "__main__":
    main(*sys.argv[1:])
