"""The `.pyi` of a policy's actions: what it says, and what a type checker makes of it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import studioflow
from studioflow.errors import InputError
from studioflow.host import load_policy
from studioflow.policy import Document, Policy, build_policy
from studioflow.programme.stub import stub

POLICIES = {"teacher-points": "TeacherPoints", "yongjia-2023": "Yongjia2023"}
RIGHT = """\
from typing import assert_type

from studioflow import Actor, Programme, Studio, Verdict
from studioflow.lifecycle import Step
from teacher_points import TeacherPoints
from yongjia_2023 import Yongjia2023

clerk = Actor("p-01", unit="bureau", roles={"bureau_committee"})
first: Yongjia2023 = Programme.open("yongjia-2023")
second: TeacherPoints = Programme.open("teacher-points")
form = {"name": "n", "unit": "u", "lead": {"id": "l"}}

assert_type(first.act("declare", by=clerk, application=form), Studio)
assert_type(first.act("declare", "s-01", by=clerk, records={"member": []}), Studio)
assert_type(first.act("refuse", "s-01", by=clerk, remark="…"), Studio)
assert_type(first.take("return_for_completion", "s-01", by=clerk, gaps=["…"], key="k"), Step)
assert_type(first.can("approve", "s-01", by=clerk, overrides={"quota": {"reason": "…"}}), Verdict)
assert_type(first.act("evaluate", "s-01", by=clerk, decision="passed", facts={}), Studio)
assert_type(first.inspect("s-01", {"items": {}}, by=clerk), Studio)
assert_type(second.act("declare", by=clerk, application=form), Studio)
"""
WRONG = {
    "misspelt": 'first.act("refus", "s-01", by=clerk, remark="…")',
    "without the reason": 'first.act("refuse", "s-01", by=clerk)',
    "without the list of gaps": 'first.can("return_for_completion", "s-01", by=clerk)',
    "without a form": 'first.act("declare", by=clerk)',
    "without a studio": 'first.act("approve", by=clerk)',
    "what it does not take": 'first.act("approve", "s-01", by=clerk, gaps=["…"])',
    "no grade of the policy": 'first.act("commend", "s-01", by=clerk, decision="best")',
    "an action of another policy": 'second.inspect("s-01", {"items": {}}, by=clerk)',
}
SMALL = """
schema = "studioflow.policy/1"
id = "small"
version = "1"
label = { zh = "小", en = "small" }
[roles.school]
label = { zh = "学校", en = "school" }
[facts.lessons]
type = "count"
label = { zh = "公开课", en = "open lessons" }
unit = { zh = "节", en = "lessons" }
max = 20
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
[lifecycle.states.open]
label = { zh = "开放", en = "open" }
final = true
[lifecycle.transitions.begin]
label = { zh = "开始", en = "begin" }
from = "none"
to = "open"
by = ["school"]
"""


def small() -> Policy:
    """Return a policy with one action."""
    import tomllib
    from decimal import Decimal

    return build_policy(Document(tomllib.loads(SMALL, parse_float=Decimal), "small.toml"))


def test_the_whole_stub() -> None:
    """Of a policy with one action it is this; a lone overload would be an error."""
    policy = small()
    expected = f"""\
'The actions of the policy small 1, as types.'

# Made by `studioflow stub`, of {policy.fingerprint}: make it again, not by hand.

from collections.abc import Mapping
from datetime import date
from typing import Protocol, Literal, TypedDict, Unpack
from studioflow import Actor, Application, FactFile, Inspection, Studio, Verdict
from studioflow.lifecycle import Step
from studioflow.programme.actions import Marks, Records

class _Given_begin(TypedDict, total=False):
    '开始 / begin'

    on: date
    key: str
    remark: str
    facts: FactFile | Mapping[str, object] | None
    marks: Marks
    inspection: Inspection | Mapping[str, object] | None
    records: Records

class Small(Protocol):
    '小 / small'

    def act(self, action: Literal["begin"], studio: Studio | str | None = ..., *, by: Actor, \
application: Application | Mapping[str, object], **given: Unpack[_Given_begin]) -> Studio: ...

    def take(self, action: Literal["begin"], studio: Studio | str | None = ..., *, by: Actor, \
application: Application | Mapping[str, object], **given: Unpack[_Given_begin]) -> Step: ...

    def can(self, action: Literal["begin"], studio: Studio | str | None = ..., *, by: Actor, \
application: Application | Mapping[str, object], **given: Unpack[_Given_begin]) -> Verdict: ...
"""
    assert expected.replace("Protocol, Literal", "Literal, Protocol") == stub(policy)


@pytest.mark.parametrize("name", POLICIES)
def test_every_action(name: str) -> None:
    """Every action of a policy is there, and each method that a programme has for one of them."""
    policy = load_policy(name)
    tree = ast.parse(stub(policy))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}

    actions = policy.procedure.transitions
    assert {POLICIES[name], *(f"_Given_{action}" for action in actions)} == classes.keys()
    methods = {
        node.name for node in classes[POLICIES[name]].body if isinstance(node, ast.FunctionDef)
    }
    standard = actions.keys() & vars(studioflow.programme.actions.StandardActions).keys()
    assert {"act", "take", "can", *standard} == methods


def test_what_an_action_takes() -> None:
    """What has to come is required; a grade or an exception may come where it is asked for."""
    text = stub(load_policy("yongjia-2023"))
    takes = {
        name: re.findall(r"^    (\w+): (.*)$", body, re.MULTILINE)
        for name, body in re.findall(
            r"class _Given_(\w+)\(.*?\):\n(.*?)\n\n(?=class)", text, re.DOTALL
        )
    }

    required = {
        name: [key for key, type_ in pairs if type_.startswith("Required[")]
        for name, pairs in takes.items()
    }
    assert {
        "return_for_completion": ["gaps"],
        "refuse": ["remark"],
        "withdraw": ["remark"],
        "revoke": ["remark"],
        "record": ["records"],
        "correct": ["remark"],
        "inspect": ["inspection"],
        "mark": ["marks"],
    } == {name: keys for name, keys in required.items() if keys}
    having = {
        key: [name for name, pairs in takes.items() if key in dict(pairs)]
        for key in ("decision", "overrides", "strike")
    }
    assert ["evaluate", "commend", "reward"] == having["decision"]
    assert ["declare", "approve", "evaluate"] == having["overrides"]
    assert ["declare", "correct"] == having["strike"]
    grades = "Literal['outstanding', 'passed', 'not_passed'] | None"
    assert grades == dict(takes["evaluate"])["decision"]


@pytest.mark.parametrize(
    ("id_", "name"),
    [
        ("teacher-points", "TeacherPoints"),
        ("2023", "Policy2023"),
        ("studio", "PolicyStudio"),
        ("县", "Policy"),
    ],
)
def test_names(id_: str, name: str) -> None:
    """The class is called after the policy, and never like one that the stub uses."""
    assert f"\nclass {name}(Protocol):" in stub(small().vary({"id": id_}))


def test_a_name_of_ones_own() -> None:
    """It may be called otherwise, as far as Python allows."""
    assert "\nclass Ours(Protocol):" in stub(small(), "Ours")
    for bad in ("a b", "class", "Studio", "_x", "1a", "工作室", "", "A):\n    x"):
        with pytest.raises(InputError, match="not_a_class_name"):
            stub(small(), bad)


def test_fault_25_code_in_labels() -> None:
    """A label stays a text, whatever is in it: no line of it becomes code or a comment."""
    label = "'''\nimport os\n\"\"\" # type: ignore \\"
    nasty = small().vary(
        {
            "label": {"zh": label, "en": label},
            "lifecycle/transitions/begin/label": {"zh": label, "en": label},
        }
    )
    text = stub(nasty)

    assert len(stub(small()).splitlines()) == len(text.splitlines())
    plain, found = ast.parse(stub(small())), ast.parse(text)
    assert [type(node) for node in ast.walk(plain)] == [type(node) for node in ast.walk(found)]


@pytest.mark.slow
def test_mypy(tmp_path: Path) -> None:
    """A programme is of the type; right calls pass, and each wrong one is an error at its line."""
    for name in POLICIES:
        module = name.replace("-", "_")
        (tmp_path / f"{module}.pyi").write_text(stub(load_policy(name)), "utf-8")
    lines = [*RIGHT.splitlines(), *WRONG.values()]
    (tmp_path / "use.py").write_text("\n".join(lines) + "\n", "utf-8")
    source = Path(studioflow.__file__).parents[1]

    ran = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "use.py"],
        check=False,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": f"{source}{os.pathsep}{tmp_path}"},
    )

    errors = re.findall(r"^(.*?):(\d+): error:", ran.stdout, re.MULTILINE)
    first = len(RIGHT.splitlines()) + 1
    assert [("use.py", str(first + n)) for n in range(len(WRONG))] == errors
