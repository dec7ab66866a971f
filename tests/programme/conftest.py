"""A small policy, and batches of files for it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from studioflow.host import load_policy
from studioflow.policy import Document, Policy, build_policy
from tests.programme.reference import World

POLICY = """
schema = "studioflow.policy/1"
id = "small"
version = "1"
label = { zh = "小", en = "small" }

[roles.clerk]
label = { zh = "经办人", en = "clerk" }

[facts.lessons]
type = "count"
label = { zh = "公开课", en = "open lessons" }
unit = { zh = "节", en = "lessons" }
max = 20

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

[quota]
places = 1
taken_by = "admit"

[lifecycle.states.applied]
label = { zh = "已申请", en = "applied" }
[lifecycle.states.admitted]
label = { zh = "已接纳", en = "admitted" }
[lifecycle.states.scored]
label = { zh = "已评分", en = "scored" }
final = true

[lifecycle.transitions.apply]
label = { zh = "申请", en = "apply" }
from = "none"
to = "applied"
by = ["clerk"]
[lifecycle.transitions.admit]
label = { zh = "接纳", en = "admit" }
from = "applied"
to = "admitted"
by = ["clerk"]
[lifecycle.transitions.admit.conditions.place]
label = { zh = "名额", en = "a place" }
text = { zh = "名额已满", en = "no place is left" }
kind = "at_least"
value = "places_left"
bound = 1
override = ["clerk"]
[lifecycle.transitions.rate]
label = { zh = "评分", en = "score" }
from = "admitted"
to = "scored"
by = ["clerk"]
[lifecycle.transitions.rate.conditions.complete]
label = { zh = "齐全", en = "complete" }
text = { zh = "不齐全", en = "not complete" }
kind = "at_most"
value = "open_facts"
bound = 0
"""

BATCH = """
schema = "studioflow.batch/1"
id = "b"
policy = "small"
label = { zh = "批", en = "batch" }

[actors.clerk]
id = "p-1"
name = "经办人"
unit = "bureau"
roles = ["clerk"]

[studios.one]
name = "工作室一"
unit = "school 1"
lead = { id = "l-1", name = "甲" }
host = "clerk"

[studios.two]
name = "工作室二"
unit = "school 2"
level = "city"
lead = { id = "l-2", name = "乙" }
members = [{ id = "m-1", name = "丙" }]

[[steps]]
on = 2024-01-01
action = "apply"
by = "clerk"
studio = ["one", "two"]
"""

Folder = Callable[..., Path]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The small policy."""
    return build_policy(Document(tomllib.loads(POLICY, parse_float=Decimal), name="small"))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Write a batch: what follows the usual start, and fact files by name."""

    def write(more: str = "", files: dict[str, str] | None = None, start: str = BATCH) -> Path:
        for name, text in {"batch.toml": start + more, **(files or {})}.items():
            path = tmp_path / "batch" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "batch"

    return write


@pytest.fixture(scope="session")
def reference() -> Policy:
    """The reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture
def world(reference: Policy) -> World:
    """A new programme under the reference policy."""
    return World(reference)
