"""An untrusted plugin is asked as a host is, and what it answers is the same."""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.host import Host, hookimpl, load_policy
from studioflow.host.apart import Apart, ApartError, Limits
from studioflow.host.apart.apart import _sheet
from studioflow.host.apart.process import UnansweredError
from studioflow.host.apart.session import _understood
from studioflow.people import Actor
from studioflow.policy import read_facts
from studioflow.studio import Guard, PluginMeasure, Question
from studioflow.text import LANGUAGES

EXAMPLE = Path(__file__).parents[3] / "examples/studio.toml"
Trapped = Callable[..., Apart]


def words(said: str) -> dict[str, str]:
    """Return words that are the same in both languages."""
    return {"zh": said, "en": said}


def tables(does: str, **more: object) -> Mapping[str, Any]:
    """Return a policy of our own with a rule of the plugin's kind."""
    return {
        "schema": "studioflow.policy/1",
        "id": "ours",
        "version": "1",
        "label": words("ours"),
        "facts": {"talks": {"type": "count", "label": words("talks"), "unit": words("times")}},
        "sections": {"1": {"label": words("work")}},
        "criteria": {
            "1.1": {
                "section": "1",
                "label": words("talks"),
                "max": Decimal("10.0"),
                "kind": "trap",
                "of": "talks",
                "does": does,
            }
        },
        **more,
    }


def question(**more: object) -> Question:
    """Return what a guard is asked."""
    asked = {
        "action": "inspect",
        "actor": Actor("p-1", unit="bureau", roles={"inspector", "other"}),
        "on": date(2025, 9, 1),
        "studio": "s-1",
        "state": "approved",
        "unit": "school",
        "lead": None,
        "people": frozenset({"t-1", "t-2"}),
        "level": None,
        "facts": {"talks": 3, "share": Fraction(1, 3)},
        "history": (("declare", date(2025, 3, 1)),),
        "total": Fraction(181, 2),
        **more,
    }
    return Question(**asked)  # type: ignore[arg-type] # a table of them


def problems(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str, str | None]]:
    """Return code, path and nearest match of what is wrong."""
    return [(problem.code, problem.path, problem.nearest) for problem in error.value.problems]


def test_score() -> None:
    """A sheet from there is the sheet from here, to the last reason in both languages."""
    file = read_facts(EXAMPLE)
    assert file.marks
    assert file.inspection
    changes = {"criteria/5.2.2/norm": 12}
    policy = load_policy("yongjia-2023", changes=changes)
    with Apart("yongjia") as county:
        assert ("yongjia-2023",) == county.policies()
        sheet = county.score("yongjia-2023", file, changes=changes)
        plain = county.score("yongjia-2023", file.facts)

    for language in LANGUAGES:
        assert policy.score(file).to_dict(language) == sheet.to_dict(language)
    assert load_policy("yongjia-2023").score(file.facts).to_dict() == plain.to_dict()


def test_wrong_questions(trapped: Trapped) -> None:
    """What is asked wrongly is answered as it is here: every problem at its path."""
    apart = trapped()
    with pytest.raises(InputError) as error:
        apart.score(tables("counts"), {"talks": -1, "talk": 1})
    assert [("out_of_bounds", "facts/talks"), ("unknown_name", "facts/talk")] == [
        (code, path) for code, path, _ in problems(error)
    ]
    with pytest.raises(InputError) as error:
        apart.score(tables("counts"), {}, changes={"criteria/1.2/max": 1})
    assert ["criteria/1.2/max"] == [path for _, path, _ in problems(error)]
    with pytest.raises(InputError) as error:
        apart.measure("day", [])
    assert [("unknown_name", "", "days")] == problems(error)
    with pytest.raises(InputError) as error:
        apart.score("ours", {})
    assert ["nothing_brought"] == [code for code, _, _ in problems(error)]
    with pytest.raises(InputError) as error:
        apart.measure("days", [{"on": "x" * (1 << 20)}])
    assert ["too_large"] == [code for code, _, _ in problems(error)]
    with pytest.raises(InputError) as error:
        apart.measure("days", [{"on": 0.5}])
    assert ["not_json"] == [code for code, _, _ in problems(error)]


def test_unknown_plugin() -> None:
    """A name that is that of no plugin is a problem, with the nearest one."""
    with Apart("yongjai") as apart, pytest.raises(InputError) as error:
        apart.policies()

    assert [("unknown_name", "plugins", "yongjia")] == problems(error)


def test_foreign_rule(trapped: Trapped) -> None:
    """A policy of our own is scored with a plugin's rule, and may be varied."""
    apart = trapped()

    assert 7 == apart.score(tables("counts"), {"talks": 7}).total.points
    raised = apart.score(tables("raises"), {"talks": 7}).criterion("1.1")
    assert (None, ["rule_kind_failed"]) == (
        raised.points.points,
        [reason.code for reason in raised.reasons],
    )
    varied = apart.score(tables("raises"), {"talks": 7}, changes={"criteria/1.1/does": "counts"})
    assert 7 == varied.total.points


@pytest.mark.parametrize(
    ("does", "why"), [("loops", "seconds"), ("hoards", "megabytes"), ("exits", "died")]
)
def test_foreign_rule_at_a_limit(trapped: Trapped, does: str, why: str) -> None:
    """A rule that reaches a limit gives no sheet: memory that ran out is no mere failed item."""
    apart = trapped(seconds=1.5)
    with pytest.raises(ApartError) as error:
        apart.score(tables(does), {"talks": 7})

    assert ("score ours", why) == (error.value.question, error.value.why)
    assert 7 == apart.score(tables("counts"), {"talks": 7}).total.points


def test_measure(trapped: Trapped) -> None:
    """An answer comes back exactly, in plain data."""
    assert {"share": Fraction(1, 3), "n": (2, None)} == trapped().measure("share", [{}, {}])


def test_check(trapped: Trapped) -> None:
    """A guard sees the whole question, and its reasons come back with their sentences."""
    apart = trapped(seconds=1)
    (reason,) = apart.check("calm", question())

    assert ("too late: 2025-09-01 (3)", "过晚：2025-09-01（3）") == (
        reason.explain("en"),
        reason.explain("zh"),
    )
    assert [] == apart.check("calm", question(on=date(2025, 3, 1)))
    assert [] == apart.check("calm", question(action="approve"))
    with pytest.raises(ApartError, match="among the reasons"):
        apart.check("calm", question(facts={"talks": 7}))
    with pytest.raises(ApartError, match="more than 1 seconds"):
        apart.check("calm", question(facts={"talks": 9}))


def test_handed_on(trapped: Trapped) -> None:
    """A host takes a measure and a guard that are asked there for those of a trusted plugin."""
    apart = trapped()
    days = PluginMeasure(id="days", measure=partial(apart.measure, "days"))
    calm = Guard(id="calm", check=partial(apart.check, "calm"))
    host = Host(
        [
            SimpleNamespace(
                studioflow_measures=hookimpl(lambda: [days]),
                studioflow_guards=hookimpl(lambda: [calm]),
            )
        ]
    )

    assert 2 == host.measures[0].measure(({"on": "2025-03-04"}, {"on": "2025-03-05"}))
    assert ["trap_late"] == [reason.code for reason in host.guards[0].check(question())]


def test_nothing_is_imported_here(trapped: Trapped) -> None:
    """Neither the plugin's module nor its folder reaches this program."""
    path, modules = [*sys.path], {*sys.modules}
    apart = trapped()
    (report,) = apart.plugins()

    assert ("traps (traps 1.2)", ("trap",)) == (report.origin, report.brings["rule_kinds"])
    assert path == sys.path
    assert not {name for name in {*sys.modules} - modules if "traps" in name}


def test_built_on_another(trapped: Trapped, folder: Path) -> None:
    """A plugin that builds on another is loaded together with it, and no other one is."""
    apart = trapped()
    extending = {"schema": "studioflow.policy/1", "id": "more", "version": "1"}
    extending |= {"label": words("more"), "extends": "yongjia-2023"}  # type: ignore[dict-item]
    with pytest.raises(InputError) as error:
        apart.score(extending, {})
    assert ["nothing_brought"] == [code for code, _, _ in problems(error)]

    with Apart("traps", beside=["yongjia"], path=[folder]) as both:
        assert 18 == both.score(extending, {"activities": 18}).criterion("5.2.2").points.points


def test_limits_are_checked() -> None:
    """No limit is nothing, or below it."""
    for name in ("seconds", "cpu_seconds", "megabytes", "answer_bytes", "load_seconds"):
        with pytest.raises(ValueError, match=name):
            Limits(**{name: 0})


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"number": 1}',
        '{"number": 2, "answer": {}}',
        '{"number": 1, "answer": {}, "answer": {}}',
        '{"number": 1, "answer": {}}\n{"number": 1, "answer": {}}',
        '{"number": 1, "answer": 7}',
        '{"number": 1, "answer": {"total": {"$sheet": 1}}}',
        '{"number": 1, "problems": []}',
        '{"number": 1, "problems": [{}]}',
        '{"number": 1, "failed": "seconds", "detail": ""}',
        '{"number": 1, "failed": ["raised"], "detail": ""}',
        '{"number": 1, "failed": "raised", "detail": 1}',
        "[" * 10_000,
    ],
)
def test_no_answer(line: str) -> None:
    """A line that is no answer to the question is never taken for one."""
    with pytest.raises(UnansweredError) as error:
        _understood(line.encode(), 1, 100_000, _sheet)

    assert "garbled" == error.value.why
