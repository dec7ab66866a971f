"""Embed a programme in twenty lines; docs/embed.md shows this file and says what to replace.

Run it with `uv run python examples/embed.py`.
"""

from collections.abc import Callable
from datetime import datetime

from studioflow import Actor, Denied, InputError, Programme, Studio

programme = Programme.open("yongjia-2023", clock=lambda: datetime(2023, 3, 28, 9).astimezone())


def answer(action: Callable[[], Studio]) -> tuple[int, object]:
    """Take an action; return the status and the body of a response."""
    try:
        studio = action()
    except InputError as error:
        return 400, [problem.expected("en") for problem in error.problems]
    except Denied as no:
        return 409, [reason.explain("en") for reason in no.reasons]
    return 200, {"id": studio.id, "state": studio.state, "version": studio.version}


school = Actor("h-01", unit="School One", roles={"host_party"})
committee = Actor("p-01", unit="bureau", roles={"bureau_committee"})
form = {"name": "Studio One", "unit": "School One", "lead": {"id": "t-01", "name": "Lead A"}}

print(*answer(lambda: programme.declare({"name": "Studio One"}, by=school)))
print(*answer(lambda: programme.declare(form, by=school)))
print(*answer(lambda: programme.approve("s-01", by=school)))
print(*answer(lambda: programme.approve("s-01", by=committee)))
