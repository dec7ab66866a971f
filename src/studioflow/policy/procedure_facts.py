"""What conditions of transitions may name beside the facts of the rubric."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from studioflow.policy.procedure import Calendar, Duty, Pending, Role
from studioflow.rules import Fact
from studioflow.text import Text

__all__ = ["lifecycle_facts", "procedure_facts"]

_TIMES = Text("次", "times")
_CYCLE = Text("个周期", "cycle")


def procedure_facts(denominator: int) -> dict[str, Fact]:
    """Return the facts that every procedure knows.

    Args:
        denominator: of the rubric's total.
    """
    places = Text("个", "places")
    facts = Text("项", "facts")
    points = Text("分", "points")
    step = Fraction(1, denominator)
    made = [
        Fact(name="today", type="date", label=Text("今天", "today"), low=None),
        Fact(name="places_left", type="count", label=Text("剩余名额", "places left"), unit=places),
        Fact(name="gates_met", type="flag", label=Text("必备项全部合格", "every gate is met")),
        Fact(name="open_facts", type="count", label=Text("尚缺事实", "open facts"), unit=facts),
        Fact(
            name="total",
            type="number",
            label=Text("总分", "total"),
            unit=points,
            step=step,
            low=None,
        ),
        Fact(name="passed", type="flag", label=Text("考核合格", "passed")),
        Fact(name="outstanding", type="flag", label=Text("优秀", "outstanding")),
        Fact(
            name="cycle_number",
            type="count",
            label=Text("第几个周期", "the cycle"),
            unit=_CYCLE,
            low=Fraction(1),
        ),
    ]
    return {fact.name: fact for fact in made}


def lifecycle_facts(  # noqa: PLR0913 - each of a policy's tables brings some
    *,
    actions: Mapping[str, Text],
    pending: Mapping[str, Pending],
    duties: Mapping[str, Duty],
    roles: Mapping[str, Role],
    calendar: Calendar,
    grades: Mapping[str, Text],
) -> dict[str, Fact]:
    """Return the facts that a procedure brings with its own tables.

    How often each step was taken in this cycle, what is pending, which duties were missed, whether
    a window has begun and whether it is over, what each role's opinion is, which grade was decided.

    Args:
        actions: the labels of all transitions.
        pending: what steps open and settle.
        duties: what is due of whom.
        roles: whose opinions there may be.
        calendar: whose windows begin and end.
        grades: the labels of the rubric's grades.
    """
    made = []
    for name, label in actions.items():
        said = Text(f"“{label.zh}”的次数", f"{label.en}: times")
        made.append(_count(f"times_{name}", said))
    for name, each in pending.items():
        said = Text(f"未了结的{each.label.zh}", f"{each.label.en} still pending")
        made.append(_count(f"pending_{name}", said))
    for name, duty in duties.items():
        said = Text(f"{duty.label.zh}逾期未办次数", f"{duty.label.en}: times missed")
        made.append(_count(f"missed_{name}", said))
    for name, window in calendar.windows.items():
        zh, en = window.label.zh, window.label.en
        made.append(_flag(f"{name}_begun", Text(f"{zh}已开始", f"{en} has begun")))
        made.append(_flag(f"{name}_over", Text(f"{zh}已结束", f"{en} is over")))
    for name, role in roles.items():
        said = Text(f"{role.label.zh}的意见", f"opinion of the {role.label.en}")
        made.append(_flag(f"opinion_{name}", said))
    for name, label in grades.items():
        said = Text(f"等次为“{label.zh}”", f"the grade decided is {label.en}")
        made.append(_flag(f"grade_{name}", said))
    return {fact.name: fact for fact in made}


def _count(name: str, label: Text) -> Fact:
    return Fact(name=name, type="count", label=label, unit=_TIMES)


def _flag(name: str, label: Text) -> Fact:
    return Fact(name=name, type="flag", label=label)
