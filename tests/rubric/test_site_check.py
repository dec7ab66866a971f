"""The site check: what an inspection found, item by item, and the verdict on the site."""

from datetime import date

import pytest

from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import FactFile, InspectedItem, Inspection
from studioflow.text import Language


def inspection(**found: bool) -> Inspection:
    """Make an inspection that found these items or did not."""
    items = {name: InspectedItem(present=present) for name, present in found.items()}
    return Inspection(items=items, by="p-1", role="judge", on=date(2024, 5, 6))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({"door": True, "desk": True, "lamp": True}, (True, (), ())),
        ({"door": True, "desk": False, "lamp": True}, (False, ("desk",), ())),
        ({"lamp": False, "desk": False}, (False, ("desk", "lamp"), ("door",))),
        ({"lamp": True}, (None, (), ("door", "desk"))),
        ({}, (None, (), ("door", "desk", "lamp"))),
    ],
)
def test_verdict(found: dict[str, bool], expected: tuple[object, ...], small: Policy) -> None:
    """A verdict names what is missing and what was not inspected, in the order of the check."""
    verdict = small.site_check.inspect(inspection(**found))

    assert expected == (verdict.met, verdict.missing, verdict.open)


@pytest.mark.parametrize(
    ("found", "language", "line"),
    [
        ({"door": True, "desk": True, "lamp": True}, "zh", "齐备"),
        ({"door": True, "desk": True, "lamp": True}, "en", "complete"),
        ({"door": True, "desk": False, "lamp": False}, "zh", "缺少：桌子、灯"),
        ({"door": True, "desk": False, "lamp": False}, "en", "missing: a desk, a lamp"),
        ({"desk": False}, "zh", "缺少：桌子；未检查：门、灯"),
        ({"desk": False}, "en", "missing: a desk; not inspected: a door, a lamp"),
    ],
)
def test_explained(found: dict[str, bool], language: Language, line: str, small: Policy) -> None:
    """A verdict says what is missing in Chinese and in English."""
    assert line == small.site_check.inspect(inspection(**found)).explain(language)


def test_reasons(small: Policy) -> None:
    """Each reason has a code and the clause that asks for the items."""
    verdict = small.site_check.inspect(inspection(desk=False))

    assert [("inspection_missing", "9"), ("inspection_open", "9")] == [
        (reason.code, reason.clause) for reason in verdict.reasons
    ]


def test_unknown_item(small: Policy) -> None:
    """An item that the check does not have is refused, with the nearest one."""
    with pytest.raises(InputError) as error:
        small.score({}, inspection=inspection(dor=True, x=True))

    paths = [(problem.path, problem.code, problem.nearest) for problem in error.value.problems]
    assert [
        ("inspection/items/dor", "unknown_name", "door"),
        ("inspection/items/x", "unknown_name", None),
    ] == paths


def test_values(small: Policy) -> None:
    """An inspection stands for the flags of its items; one that was not inspected is unknown."""
    assert {"site_door": True, "site_lamp": False} == small.site_check.values(
        inspection(door=True, lamp=False)
    )


def test_given_twice(small: Policy) -> None:
    """A flag of the site is given once: plainly, or by an inspection."""
    file = FactFile(facts={"site_door": True}, inspection=inspection(door=True))
    with pytest.raises(InputError) as error:
        small.score(file)

    assert [("facts/site_door", "given_twice")] == [(p.path, p.code) for p in error.value.problems]


def test_item_in_full() -> None:
    """An inspected item carries its remark, evidence and day."""
    item = InspectedItem(
        present=False, remark="坏了", evidence=("照片-1", "照片-2"), on=date(2024, 5, 7)
    )

    assert (False, "坏了", ("照片-1", "照片-2"), date(2024, 5, 7)) == (
        item.present,
        item.remark,
        item.evidence,
        item.on,
    )
