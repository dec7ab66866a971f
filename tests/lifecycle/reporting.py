"""A small policy with a yearly duty, a deadline and a publicity of working days, and people."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Unpack

from studioflow.lifecycle import HandedIn, Lifecycle
from studioflow.people import Actor, Person
from studioflow.policy import Document, Policy, build_policy
from studioflow.studio import Application, Studio

POLICY = """
schema = "studioflow.policy/1"
id = "reporting"
version = "1"
label = { zh = "报告", en = "reporting" }

[roles.school]
label = { zh = "学校", en = "school" }
own = true
[roles.bureau]
label = { zh = "教育局", en = "bureau" }

[facts.lessons]
type = "count"
label = { zh = "公开课", en = "open lessons" }
unit = { zh = "节", en = "lessons" }
max = 20
[gates.enough]
label = { zh = "公开课5节", en = "five open lessons" }
kind = "at_least"
value = "lessons"
bound = 5
[sections.all]
label = { zh = "全部", en = "all" }
[criteria.lessons]
section = "all"
label = { zh = "公开课", en = "open lessons" }
max = 10
kind = "count"
count = "lessons"
norm = 10
points = 10
below = { each = 1, to = 0 }
[grades.good]
label = { zh = "好", en = "good" }

[calendar.working_days]
country = "CN"
holidays = [2024-04-22]

[calendar.moments]
approved = { event = "approve" }
published = { after = "approved", working_days = 5 }
begun = { event = ["operate", "resume"] }
ends = { after = "begun", years = 2, days = -1 }

[calendar.windows.declaration]
label = { zh = "申报期", en = "call" }
from = 2024-03-01
to = 2024-03-31
[calendar.windows.after_publicity]
label = { zh = "公示期满", en = "after publicity" }
from = { after = "published" }
[calendar.windows.evaluation]
label = { zh = "考核期", en = "evaluation" }
from = 2026-03-01
to = 2026-04-15
clause = "9"

[lifecycle.states.declared]
label = { zh = "已申报", en = "declared" }
[lifecycle.states.returned]
label = { zh = "退回", en = "returned" }
[lifecycle.states.approved]
label = { zh = "已审批", en = "approved" }
[lifecycle.states.operating]
label = { zh = "运作", en = "operating" }
[lifecycle.states.paused]
label = { zh = "暂停", en = "paused" }
[lifecycle.states.evaluated]
label = { zh = "已考核", en = "evaluated" }
final = true

[lifecycle.pending.objection]
label = { zh = "异议", en = "objection" }

[lifecycle.transitions.declare]
label = { zh = "申报", en = "declare" }
from = ["none", "returned"]
to = "declared"
by = ["school"]
window = "declaration"
window_for = ["none"]
[lifecycle.transitions.send_back]
label = { zh = "退回补正", en = "send back" }
from = "declared"
to = "returned"
by = ["bureau"]
needs = ["gaps", "due"]
clause = "2"
[lifecycle.transitions.approve]
label = { zh = "审批", en = "approve" }
from = "declared"
to = "approved"
by = ["bureau"]
[lifecycle.transitions.object_to]
label = { zh = "提出异议", en = "object" }
from = "approved"
to = "same"
by = ["bureau"]
opens = "objection"
[lifecycle.transitions.settle]
label = { zh = "处理异议", en = "settle" }
from = "approved"
to = "same"
by = ["bureau"]
settles = "objection"
[lifecycle.transitions.operate]
label = { zh = "启动", en = "start" }
from = "approved"
to = "operating"
by = ["bureau"]
window = "after_publicity"
[lifecycle.transitions.operate.conditions.settled]
label = { zh = "没有未处理的异议", en = "no objection is pending" }
text = { zh = "尚有异议", en = "an objection is pending" }
kind = "at_most"
value = "pending_objection"
bound = 0
[lifecycle.transitions.report]
label = { zh = "报告", en = "report" }
from = "operating"
to = "same"
by = ["school"]
needs = ["remark"]
[lifecycle.transitions.pause]
label = { zh = "暂停", en = "pause" }
from = "operating"
to = "paused"
by = ["school"]
[lifecycle.transitions.resume]
label = { zh = "恢复", en = "resume" }
from = "paused"
to = "operating"
by = ["school"]
[lifecycle.transitions.evaluate]
label = { zh = "考核", en = "evaluate" }
from = "operating"
to = "evaluated"
by = ["bureau"]
window = "evaluation"
clause = "9"
[lifecycle.transitions.evaluate.conditions.reported]
label = { zh = "按时报告", en = "every report came" }
text = { zh = "年度报告缺{missed_yearly}次", en = "reports are missing" }
kind = "at_most"
value = "missed_yearly"
bound = 0

[lifecycle.duties.yearly]
label = { zh = "年度报告", en = "yearly report" }
action = "report"
by = ["school"]
from = { event = "operate" }
every = { years = 1 }
until = { after = "ends" }
clause = "7"
[lifecycle.duties.completion]
label = { zh = "补正", en = "completion" }
action = "declare"
by = ["school"]
states = ["returned"]
from = { event = "send_back" }
until = { due = "send_back" }
"""

SCHOOL = Actor("h-01", unit="样例学校", roles={"school"})
BUREAU = Actor("p-07", unit="教育局", roles={"bureau"})
APPLICATION = Application(name="样例工作室", unit="样例学校", lead=Person("lead-a", "领衔人甲"))
WAY: Mapping[str, date] = {
    "declare": date(2024, 3, 4),
    "approve": date(2024, 4, 19),
    "operate": date(2024, 4, 29),
}


@lru_cache(maxsize=1)
def reporting() -> Policy:
    """Return the policy."""
    tables = tomllib.loads(POLICY, parse_float=Decimal)
    return build_policy(Document(tables, name="reporting"))


def acted(
    lifecycle: Lifecycle, studio: Studio, action: str, on: str, **given: Unpack[HandedIn]
) -> Studio:
    """Return a studio after one more step, taken by whoever may."""
    roles = lifecycle.policy.procedure.transitions[action].by
    by = SCHOOL if "school" in roles else BUREAU
    if action == "declare":
        given["application"] = APPLICATION
    return lifecycle.act(action, studio, by=by, on=date.fromisoformat(on), **given).studio


def operating(lifecycle: Lifecycle, *, until: str = "operate") -> Studio:
    """Return a studio that has come as far as a step of the way."""
    studio = Studio(id="s-01")
    for action, day in WAY.items():
        studio = acted(lifecycle, studio, action, day.isoformat())
        if action == until:
            break
    return studio
