"""Another county's policy: its own states, rubric and site check, and the core untouched."""

from __future__ import annotations

import tomllib
from datetime import date
from decimal import Decimal

import pytest

from studioflow.lifecycle import Lifecycle, mermaid
from studioflow.people import Actor, Person
from studioflow.policy import Document, Policy, build_policy
from studioflow.studio import Application, Studio
from studioflow.verdict import Denied

WORKSHOPS = """
schema = "studioflow.policy/1"
id = "workshops"
version = "3"
label = { zh = "名师坊", en = "workshops" }

[roles.school]
label = { zh = "学校", en = "school" }
[roles.bureau]
label = { zh = "教育局", en = "bureau" }
[roles.visitor]
label = { zh = "督导", en = "visitor" }

[facts.lessons]
type = "count"
label = { zh = "公开课", en = "open lessons" }
unit = { zh = "节", en = "lessons" }
max = 20
[facts.visit_mark]
type = "mark"
label = { zh = "督导评分", en = "visitor's mark" }
max = 5
step = 0.5
from = ["visitor"]

[site_check]
label = { zh = "场地", en = "room" }
[site_check.items.projector]
label = { zh = "投影仪", en = "a projector" }

[sections.work]
label = { zh = "工作", en = "work" }
[criteria.lessons]
section = "work"
label = { zh = "公开课", en = "open lessons" }
max = 10
kind = "count"
count = "lessons"
norm = 10
points = 10
below = { each = 1, to = 0 }
[criteria.visit]
section = "work"
label = { zh = "督导", en = "visit" }
max = 5
kind = "marked"
mark = "visit_mark"
bands.good = { from = 3, to = 5 }
bands.fair = { from = 0, to = 2.5 }

[gates.room]
label = { zh = "场地", en = "the room" }
kind = "site_check"

[grades.star]
label = { zh = "星级", en = "star" }
at_least = 14
[grades.pass]
label = { zh = "合格", en = "pass" }
at_least = 9
[grades.fail]
label = { zh = "不合格", en = "fail" }
otherwise = true

[calendar.windows.review]
label = { zh = "年检", en = "review" }
from = { after = "half", months = 6 }
to = "none"
[calendar.moments]
opened = { event = "open" }
half = { after = "opened", months = 6 }

[lifecycle.states.trial]
label = { zh = "试运行", en = "on trial" }
[lifecycle.states.running]
label = { zh = "运行", en = "running" }
[lifecycle.states.paused]
label = { zh = "暂停", en = "paused" }
[lifecycle.states.closed]
label = { zh = "撤销", en = "closed" }
final = true

[lifecycle.transitions.open]
label = { zh = "开设", en = "open" }
from = "none"
to = "trial"
by = ["school"]
[lifecycle.transitions.visit]
label = { zh = "督导", en = "visit" }
from = ["trial", "running"]
to = "running"
by = ["visitor"]
independent = true
[lifecycle.transitions.pause]
label = { zh = "暂停", en = "pause" }
from = "running"
to = "paused"
by = ["school", "bureau"]
[lifecycle.transitions.resume]
label = { zh = "恢复", en = "resume" }
from = "paused"
to = "running"
by = ["bureau"]
[lifecycle.transitions.resume.conditions.enough]
label = { zh = "合格", en = "a pass" }
text = { zh = "尚未合格", en = "it has not passed" }
kind = "all"
of = ["passed", "gates_met"]
[lifecycle.transitions.close]
label = { zh = "撤销", en = "close" }
from = ["trial", "running", "paused"]
to = "closed"
by = ["bureau"]
window = "review"
[lifecycle.transitions.close.conditions.few]
label = { zh = "不足", en = "too few points" }
text = { zh = "分数尚可", en = "the points will do" }
kind = "not"
of = { kind = "at_least", value = "total", bound = 9 }
"""
SCHOOL = Actor("a", unit="school", roles={"school"})
BUREAU = Actor("b", unit="bureau", roles={"bureau"})
VISITOR = Actor("v", unit="office", roles={"visitor"})


@pytest.fixture(scope="module")
def policy() -> Policy:
    """The other county's policy."""
    return build_policy(Document(tomllib.loads(WORKSHOPS, parse_float=Decimal), name="workshops"))


def _open(lifecycle: Lifecycle) -> Studio:
    application = Application(name="坊", unit="school", lead=Person("l"))
    return lifecycle.act(
        "open", Studio(id="w"), by=SCHOOL, on=date(2024, 1, 31), application=application
    ).studio


def test_its_own_way(policy: Policy) -> None:
    """A workshop is visited again and again, paused, resumed when it passes, and closed in time."""
    lifecycle = Lifecycle(policy)
    studio = _open(lifecycle)
    for day, mark in ((date(2024, 3, 1), "4.5"), (date(2024, 9, 1), "2.5")):
        facts = {"lessons": 8, "visit_mark": Decimal(mark)}
        studio = lifecycle.act("visit", studio, by=VISITOR, on=day, facts=facts).studio
    studio = lifecycle.act("pause", studio, by=SCHOOL, on=date(2024, 9, 2)).studio

    # 8 + 2.5 points would be a pass, but nobody knows whether the room has its projector.
    resume = {"by": BUREAU, "on": date(2024, 9, 3)}
    (reason,) = lifecycle.can("resume", studio, **resume).reasons  # type: ignore[arg-type] # as named
    assert "投影仪" in reason.text("zh")
    resumed = lifecycle.act("resume", studio, **resume, facts={"site_projector": True})  # type: ignore[arg-type] # as named
    assert "pass" == (resumed.event.sheet and resumed.event.sheet.grade)

    with pytest.raises(Denied) as caught:
        lifecycle.act("close", resumed.studio, by=BUREAU, on=date(2025, 1, 30))
    assert ["too_early", "few"] == [reason.code for reason in caught.value.reasons]
    closed = lifecycle.act(
        "close", resumed.studio, by=BUREAU, on=date(2025, 1, 31), facts={"lessons": 2}
    ).studio
    assert "closed" == closed.state
    assert ["open", "visit", "visit", "pause", "resume", "close"] == [
        event.action for event in closed.history
    ]


def test_its_own_answers(policy: Policy) -> None:
    """What is denied is said in its words, and steps from several states name them all."""
    lifecycle = Lifecycle(policy)
    verdicts = lifecycle.available(_open(lifecycle), by=BUREAU, on=date(2024, 2, 1))

    assert [*policy.procedure.transitions] == [*verdicts]
    assert not any(verdicts.values())
    assert "现为“试运行”，此事只在“运行”时可办" in verdicts["pause"].explain("zh")
    assert "this starts from trial" not in verdicts["close"].explain("en")
    # The title, four states, seven arrows, one end; a visit to one that runs leaves it running.
    assert 1 + 4 + 7 + 1 == len(mermaid(policy, "en").splitlines())
