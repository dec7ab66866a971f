"""Names and references that once slipped through the loader."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from studioflow.errors import InputError
from studioflow.policy import Document, build_policy

Tables = dict[str, Any]


def problems(tables: Tables) -> list[tuple[str, str]]:
    """Build a policy that is wrong, and return path and code of every problem."""
    with pytest.raises(InputError) as caught:
        build_policy(Document(tables, "small.toml"))
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_a_condition_that_names_itself(tables: Tables) -> None:
    """An entry that breaks on its own name is told, not left out."""
    changed = copy.deepcopy(tables)
    text = {"zh": "自己", "en": "itself"}
    changed.setdefault("conditions", {})["itself"] = {
        "label": text,
        "kind": "all",
        "of": ["itself"],
    }

    assert ("conditions/itself/of/0", "unknown_name") in problems(changed)


def test_an_id_that_is_a_key_of_the_format(tables: Tables) -> None:
    """A criterion may be called "reading" without taking the others away."""
    name = next(iter(tables["criteria"]))
    section = tables["criteria"][name]["section"]
    label = {"zh": "读书", "en": "reading"}
    over: Tables = {
        **copy.deepcopy(tables),
        "criteria": {
            **copy.deepcopy(tables["criteria"]),
            "reading": {
                "section": section,
                "label": label,
                "max": 1,
                "kind": "points",
                "points": 1,
            },
        },
    }

    policy = build_policy(Document(over, "small.toml"))

    assert [*tables["criteria"], "reading"] == list(policy.rubric.criteria)


@pytest.mark.parametrize(
    ("spoil", "place", "code"),
    [
        (
            lambda t: t["lifecycle"]["states"].update(
                undeclared={"label": {"zh": "未", "en": "not"}}
            ),
            "lifecycle/states/undeclared",
            "name_taken",
        ),
        (
            lambda t: t.setdefault("calendar", {}).update(
                moments={
                    "m0": date(2024, 1, 1),
                    **{f"m{n}": {"after": f"m{n - 1}", "days": 1} for n in range(1, 23)},
                }
            ),
            "calendar/moments/m21",
            "moment_chain",
        ),
        (
            lambda t: t.update(
                grades={
                    name: {"label": {"zh": name, "en": name}, "otherwise": True}
                    for name in ("low", "lower")
                }
            ),
            "grades",
            "otherwise",
        ),
    ],
    ids=["reserved state", "long chain", "two grades for the rest"],
)
def test_refused(tables: Tables, spoil: Callable[[Tables], None], place: str, code: str) -> None:
    """What can not work is refused when the file is loaded."""
    changed = copy.deepcopy(tables)
    spoil(changed)

    assert (place, code) in problems(changed)


def test_one_id_for_a_criterion_and_a_gate(tables: Tables) -> None:
    """A mark names its item alone, so no gate has the id of a criterion."""
    changed = copy.deepcopy(tables)
    name = next(iter(changed["criteria"]))
    gate = next(iter(changed["gates"].values()))
    changed["gates"][name] = gate

    assert (f"gates/{name}", "name_taken") in problems(changed)
