"""A damaged policy is refused with all its problems, each at its place."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal
from typing import Any, get_args

import pytest

from studioflow.errors import InputError
from studioflow.policy import Document, Policy, build_policy, procedure_facts
from studioflow.rules import FactType

Refused = Callable[[dict[str, object]], list[tuple[str, str, str | None]]]
Built = Callable[[dict[str, object]], Policy]

LABEL = {"zh": "某", "en": "some"}
CONDITION = "lifecycle/transitions/open/conditions/place"


def test_builds(small: Policy) -> None:
    """The policy that the tests damage is right."""
    assert "<Policy small 1>" == repr(small)
    assert ("small", "1", "文 1") == (small.id, small.version, small.source)
    assert ["school", "judge"] == list(small.roles)


NAMES = [
    # what is put where, where the problem is, what it is, the nearest match
    ("criteria/talk/section", "wrok", "criteria/talk/section", "unknown_name", "work"),
    ("criteria/talk/mark", "talkmark", "criteria/talk/mark", "unknown_name", "talk_mark"),
    ("criteria/visits/count", "visit", "criteria/visits/count", "unknown_name", "visits"),
    ("criteria/visits/kind", "coutn", "criteria/visits/kind", "unknown_name", "count"),
    ("criteria/visits/nrom", 10, "criteria/visits/nrom", "unknown_key", "norm"),
    ("gates/order/of", ["saef"], "gates/order/of/0", "unknown_name", "safe"),
    (
        "gates/order/of",
        [{"kind": "site_check", "items": ["dor"]}],
        "gates/order/of/0/items/0",
        "unknown_name",
        "door",
    ),
    ("conditions/enough/value", "vists", "conditions/enough/value", "unknown_name", "visits"),
    ("facts/safe/from", ["scool"], "facts/safe/from/0", "unknown_name", "school"),
    ("facts/visits/at_most", "visit", "facts/visits/at_most", "unknown_name", None),
    ("facts/visits/type", "cuont", "facts/visits/type", "unknown_name", "count"),
    ("lifecycle/transitions/want/from", "none_", None, "unknown_name", "none"),
    ("lifecycle/transitions/want/to", "wantd", None, "unknown_name", "wanted"),
    ("lifecycle/transitions/want/window", "sprig", None, "unknown_name", "spring"),
    ("lifecycle/transitions/want/by", ["jugde"], "+/0", "unknown_name", "judge"),
    ("lifecycle/transitions/want/window_override", ["jugde"], "+/0", "unknown_name", "judge"),
    (f"{CONDITION}/override", ["jugde"], "+/0", "unknown_name", "judge"),
    (f"{CONDITION}/who", ["jugde"], "+/0", "unknown_name", "judge"),
    (f"{CONDITION}/of", ["gate_met"], "+/0", "unknown_name", "gates_met"),
    (f"{CONDITION}/severity", "wran", None, "unknown_name", "warn"),
    ("calendar/moments/opened", {"event": "opne"}, None, "unknown_name", "open"),
    ("calendar/moments/end", {"after": "strat"}, None, "unknown_name", "start"),
    ("calendar/windows/spring/from", {"after": "strat"}, None, "unknown_name", "start"),
    ("quota/taken_by", "opne", None, "unknown_name", "open"),
    ("readings/strictness/value", "strct", None, "unknown_name", "strict"),
    ("grades/best/at_least", {"reading": "pas_mark"}, "+/reading", "unknown_name", "pass_mark"),
    ("scoring/on_gate_failure", "hide", None, "unknown_name", None),
    ("lifecyle", {}, None, "unknown_key", "lifecycle"),
    ("lifecycle/state", {}, None, "unknown_key", "states"),
    ("calendar/window", {}, None, "unknown_key", "windows"),
    ("roles/judge/lable", LABEL, None, "unknown_key", "label"),
]


@pytest.mark.parametrize(
    ("path", "value", "place", "problem"),
    [(path, value, place, problem) for path, value, place, *problem in NAMES],
)
def test_names(
    path: str, value: object, place: str | None, problem: list[str | None], refused: Refused
) -> None:
    """A name that does not exist is refused where it stands, with the nearest one."""
    place = path if place is None else place.replace("+", path)

    assert [(place, *problem)] == refused({path: value})


SHAPES: list[tuple[str, object, str | None, str]] = [
    ("label", None, "", "missing_key"),
    ("version", 1, "version", "wrong_type"),
    ("schema", "studioflow.rubric/1", "schema", "wrong_schema"),
    ("label/zh", "", "label/zh", "empty_text"),
    ("facts", [], "facts", "wrong_type"),
    ("conditions", 3, "conditions", "wrong_type"),
    ("lifecycle", "none", "lifecycle", "wrong_type"),
    ("lifecycle/states", 3, "lifecycle/states", "wrong_type"),
    ("criteria/talk", 3, "criteria/talk", "wrong_type"),
    ("criteria/talk/max", None, "criteria/talk", "missing_key"),
    ("criteria/talk/max", "9", "criteria/talk/max", "wrong_type"),
    ("criteria/talk/max", 9, "criteria/talk", "max_exceeded"),
    ("criteria/talk/kind", None, "criteria/talk", "missing_key"),
    ("facts/visits/unit", None, "facts/visits", "fact_declaration"),
    ("facts/visits/min", 51, "facts/visits", "bounds_order"),
    ("facts/visits/type", "day", "facts/visits/type", "unknown_name"),
    ("grades/good/at_least", 18, "grades", "grade_order"),
    ("grades/good/at_least", Decimal("18.5"), "grades", "grade_order"),
    ("quota/taken_by", None, "quota", "missing_key"),
    ("quota/places", -1, "quota", "places_below_0"),
    ("quota/places", Decimal("3.9"), "quota/places", "wrong_type"),
    ("lifecycle/transitions/open/by", [], "lifecycle/transitions/open", "missing_key"),
    ("calendar/moments/start", {"day": 3}, "calendar/moments/start", "wrong_type"),
    ("calendar/moments/start", "soon", "calendar/moments/start", "wrong_type"),
    ("calendar/moments/start", time(8), "calendar/moments/start", "wrong_type"),
    ("calendar/windows/spring/from", date(2024, 1, 1), "calendar/windows/spring", "window_order"),
    ("facts/safe/name", "sure", "facts/safe/name", "unknown_key"),
    # Names that are taken, or are none.
    ("facts/site_door", {"type": "flag", "label": LABEL}, "facts/site_door", "name_taken"),
    ("facts/today", {"type": "flag", "label": LABEL}, "facts/today", "name_taken"),
    ("facts/passed", {"type": "flag", "label": LABEL}, "facts/passed", "name_taken"),
    ("facts/Safe", {"type": "flag", "label": LABEL}, "facts/Safe", "not_an_identifier"),
    ("conditions/safe", {"kind": "all", "of": [], "label": LABEL}, "conditions/safe", "name_taken"),
    ("conditions/passed", {"kind": "all", "of": [], "label": LABEL}, None, "name_taken"),
    ("conditions/a-b", {"kind": "all", "of": [], "label": LABEL}, None, "not_an_identifier"),
    ("site_check/items/Tür", {"label": LABEL}, None, "not_an_identifier"),
    ("criteria/a=b", {}, None, "bad_key"),
    ("criteria/", {}, "criteria", "bad_key"),
    # Readings.
    ("readings/strictness/values", None, "readings/strictness", "reading_values"),
    ("readings/pass_mark/values", {"x": LABEL}, "readings/pass_mark", "reading_values"),
    ("readings/pass_mark/value", "high", "readings/pass_mark/value", "wrong_type"),
    ("readings/strictness/value", 3, "readings/strictness/value", "unknown_name"),
    ("conditions/enough/bound/mild", None, "conditions/enough/bound/mild", "missing_key"),
    ("conditions/enough/bound/midl", 5, "conditions/enough/bound/midl", "unknown_key"),
    ("conditions/enough/bound/mild", "mny", "conditions/enough/bound/mild", "unknown_name"),
    ("grades/good/at_least/high", 80, "grades/good/at_least/high", "unknown_key"),
    ("grades/good/at_least/reading", 3, "grades/good/at_least/reading", "unknown_name"),
]


@pytest.mark.parametrize(("path", "value", "place", "code"), SHAPES)
def test_shapes(path: str, value: object, place: str | None, code: str, refused: Refused) -> None:
    """What is missing, of the wrong type or out of order is refused at its place."""
    assert [(path if place is None else place, code)] == [
        found[:2] for found in refused({path: value})
    ]


def test_a_key_with_a_slash(tables: dict[str, Any]) -> None:
    """A key that would divide a path is refused."""
    tables["criteria"]["a/b"] = {}
    with pytest.raises(InputError) as error:
        build_policy(Document(tables, "small.toml"))

    assert ["bad_key"] == [problem.code for problem in error.value.problems]


def test_circle_of_moments(refused: Refused) -> None:
    """Moments that hang on each other are refused, and only they."""
    found = refused(
        {"calendar/moments/start": {"after": "end"}, "calendar/moments/soon": {"after": "start"}}
    )

    assert {
        ("calendar/moments/start", "moment_circle"),
        ("calendar/moments/end", "moment_circle"),
    } == {problem[:2] for problem in found}


@pytest.mark.parametrize(("answer", "points"), [("strict", 10), ("mild", 3)])
def test_whole_entry_by_reading(answer: str, points: int, small: Policy) -> None:
    """A whole entry may hang on a reading."""
    rule = small.tables["criteria"]["visits"]
    fixed = {"section": "work", "label": LABEL, "max": 3, "kind": "points", "points": 3}
    changes = {
        "criteria/visits": {"reading": "strictness", "strict": rule, "mild": fixed},
        "readings/strictness": answer,
    }

    assert points == small.vary(changes).score({"visits": 10}).criterion("visits").points.points


def test_branch_that_is_not_in_force(refused: Refused) -> None:
    """A branch is checked though another answer is in force."""
    found = refused({"conditions/enough/bound/mild": {"kind": "sum", "of": ["visit"]}})

    assert [("conditions/enough/bound/mild/of/0", "unknown_name", "visits")] == found


def test_missing_and_unknown_answers_together(refused: Refused) -> None:
    """A table by a reading names all of its answers, and the problems are told together."""
    found = refused({"conditions/enough/bound": {"reading": "strictness", "strct": 8}})

    assert [
        ("conditions/enough/bound/strict", "missing_key"),
        ("conditions/enough/bound/mild", "missing_key"),
        ("conditions/enough/bound/strct", "unknown_key"),
    ] == [problem[:2] for problem in found]


def test_one_mark_for_an_item(refused: Refused) -> None:
    """An item with two marks is refused: a mark in a fact file names its item alone."""
    found = refused(
        {
            "facts/order_seen": {"type": "confirmation", "label": LABEL, "from": ["judge"]},
            "facts/order_felt": {"type": "confirmation", "label": LABEL, "from": ["judge"]},
            "gates/order/of": ["order_seen", "order_felt"],
        }
    )

    assert [("gates/order", "one_mark", None)] == found


DAMAGE = {
    "version": 1,
    "readings/strictness/value": "strct",
    "facts/visits/at_most": "nothing",
    "conditions/enough/kind": "at_lest",
    "gates/order/of": ["saef"],
    "criteria/visits/section": "wrok",
    "criteria/talk/max": 9,
    "grades/good/at_least": 19,
    "roles/judge/label/en": "",
    "calendar/moments/end": {"after": "strat"},
    "quota/taken_by": "opne",
    "lifecycle/transitions/want/to": "wantd",
    f"{CONDITION}/severity": "wran",
    "extra": True,
}


def test_all_at_once(built: Built) -> None:
    """All the problems of a file are told at once: place, got, expected, nearest match."""
    with pytest.raises(InputError) as error:
        built(DAMAGE)
    found = {
        problem.path: (problem.got, problem.expected("en"), problem.nearest)
        for problem in error.value.problems
    }

    transitions = "lifecycle/transitions"
    assert {
        "extra",
        "version",
        "readings/strictness/value",
        "facts/visits/at_most",
        "conditions/enough/kind",
        "gates/order/of/0",
        "criteria/visits/section",
        "criteria/talk",
        "grades",
        "roles/judge/label/en",
        "calendar/moments/end",
        f"{transitions}/want/to",
        f"{CONDITION}/severity",
        "quota/taken_by",
    } == set(found)
    assert ("'strct'", "one of: mild, strict", "strict") == found["readings/strictness/value"]
    assert ("10", "a rule that gives at most max = 9", None) == found["criteria/talk"]
    assert ("18, 19", "cut-offs that fall from the best grade down", None) == found["grades"]
    assert len(error.value.problems) == len(found)


def test_in_both_languages(built: Built) -> None:
    """A problem is a sentence in either language, with file and place."""
    with pytest.raises(InputError) as error:
        built({"criteria/talk/section": "wrok"})

    assert (
        "small.toml: criteria/talk/section: [unknown_name] got 'wrok', expected one of: work; "
        "did you mean work?" == error.value.explain("en")
    )
    assert (
        "small.toml: criteria/talk/section：[unknown_name] 得到 'wrok'，应为以下之一：work；"
        "是否想写 work？" == error.value.explain("zh")
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("facts/visits/max", "many"),
        ("facts/talk_mark/step", 0),
        ("conditions/enough/bound", True),
        ("readings/strictness/text", 3),
        ("readings/pass_mark/value", "high"),
        ("sections/work/cap", "all"),
        ("roles/school/label", 3),
        ("roles/judge", "judge"),
        ("site_check/items/door/label", 3),
        ("site_check/label", 3),
        ("lifecycle/states/open/label", 3),
        ("lifecycle/transitions/open/label", 3),
        ("calendar/moments/start", 3),
        ("calendar/windows/spring/label", 3),
    ],
)
def test_no_echo(path: str, value: object, refused: Refused) -> None:
    """What names a thing that is there but wrong is not told as wrong, too."""
    found = refused({path: value})

    assert [True] == [place.startswith(path.rpartition("/")[0]) for place, _, _ in found]


def test_not_shared(tables: dict[str, Any]) -> None:
    """Who changes the tables afterwards does not change the policy."""
    policy = build_policy(Document(tables, "small.toml"))
    before = policy.tables
    tables["criteria"]["visits"]["norm"] = 3
    tables["gates"]["order"]["of"].append("x")

    assert before == policy.tables


@pytest.mark.parametrize(
    ("path", "value", "hint"),
    [
        ("criteria/2", {"2": {"norm": 3}}, 'quote the id: [criteria."2.2"]'),
        ("criteria/2", {"2": {"3": {"norm": 3}, "4": {}}}, 'quote the id: [criteria."2.2.3"]'),
        ("sections/5", {"2": {"label": LABEL}}, 'quote the id: [sections."5.2"]'),
        ("gates/5", {"0": {"1": {"of": ["safe"]}}}, 'quote the id: [gates."5.0.1"]'),
    ],
)
def test_ids_without_quotes(path: str, value: object, hint: str, built: Built) -> None:
    """An id that TOML took for nested tables is one problem, with the way to write it."""
    with pytest.raises(InputError) as error:
        built({path: value})

    assert [(path, "unquoted_id", hint)] == [
        (p.path, p.code, p.advice("en")) for p in error.value.problems
    ]
    assert hint.removeprefix("quote the id: ") in error.value.problems[0].advice("zh")


def test_a_missing_role_is_told_once(built: Built) -> None:
    """A role that many facts name is one problem, at the first, with the number of the others."""
    with pytest.raises(InputError) as error:
        built({"facts/visits/from": ["nobody"], "facts/safe/from": ["judge", "nobody"]})

    assert [("facts/safe/from/1", "unknown_name", "it also stands in other places: 1")] == [
        (p.path, p.code, p.advice("en")) for p in error.value.problems
    ]


def test_a_wrong_type_is_told_with_those_that_there_are(built: Built) -> None:
    """Where a type is none, every type that a file may have is named."""
    with pytest.raises(InputError) as error:
        built({"facts/visits/type": "bool"})
    (problem,) = error.value.problems

    assert ("facts/visits/type", "unknown_name") == (problem.path, problem.code)
    assert set(get_args(FactType)) == set(problem.parameters["known"])  # type: ignore[call-overload]


def test_the_total_may_be_negative(small: Policy) -> None:
    """What the procedure knows of the total has no bound: points may be taken away."""
    assert procedure_facts(small.rubric.denominator)["total"].low is None
