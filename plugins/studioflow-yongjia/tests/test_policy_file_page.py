"""The page on the policy file says what the code does: examples, keys, kinds, names."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import attrs
import pytest

from studioflow.policy import (
    Amending,
    BallotForm,
    Bans,
    Calendar,
    Catalogue,
    Document,
    Duty,
    Pending,
    Policy,
    Quota,
    Reading,
    RecordField,
    RecordKind,
    Role,
    State,
    Transition,
    TransitionCondition,
    build_policy,
    procedure_facts,
    read_facts,
)
from studioflow.policy.procedure_facts import lifecycle_facts
from studioflow.policy.record_fields import FieldType
from studioflow.programme import read_batch
from studioflow.rubric import Criterion, Gate, Grade, Section, SiteCheck, SiteCheckItem
from studioflow.rubric.places import Places
from studioflow.rules import (
    CONDITIONS,
    QUANTITIES,
    SCORINGS,
    DeclaredFact,
    Fact,
    FactType,
)
from studioflow.text import Text
from studioflow.timeline import After, Due, OnEvent, Span, Window, WorkingDays

PAGE = (Path(__file__).parents[3] / "docs" / "policy-file.md").read_text("utf-8")
FENCES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
(FACTS,) = (example for example in FENCES if 'schema = "studioflow.facts/1"' in example)
(BATCH,) = (example for example in FENCES if 'schema = "studioflow.batch/1"' in example)
EXAMPLES = [example for example in FENCES if example not in {FACTS, BATCH}]


def keys(cls: type) -> dict[str, bool]:
    """Return the keys of a class as files have them, and whether each is required."""
    return {
        field.metadata.get("key", field.name): field.default is attrs.NOTHING
        for field in attrs.fields(cls)
        if field.init and not field.metadata.get("rest")
    }


def table(heading: str) -> dict[str, list[str]]:
    """Return the cells of the table under a heading, by the names in its first cell."""
    found: dict[str, list[str]] = {}
    for line in PAGE.partition(f"\n{heading}")[2].lstrip("\n").splitlines()[2:]:
        if not line.startswith("|"):
            break
        first, *rest = (cell.strip() for cell in line.strip("|").split(" | "))
        found |= dict.fromkeys(re.findall(r"`(\w+)`", first), rest)
    return found


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_examples_load(example: str, reference: Policy) -> None:
    """Every example of a policy can be laid over the reference policy, and loads."""
    header = {"schema": "studioflow.policy/1", "id": "example", "version": "1"}
    tables = tomllib.loads(example, parse_float=Decimal)
    named = isinstance(tables.get("rubric"), str)
    parts = {"rubric", "site_check", "case_file"} if named else set()
    own = {key: value for key, value in tables.items() if key not in {*header, *parts, "clause"}}
    base = Document(reference.tables, "reference.toml")
    document = Document({**own, **header, "extends": "yongjia-2023"}, "example.toml")

    assert build_policy(document, Catalogue({"yongjia-2023": base})).id == "example"


def test_fact_file(reference: Policy, tmp_path: Path) -> None:
    """The example of a fact file loads and is scored."""
    path = tmp_path / "one.toml"
    path.write_text(FACTS, "utf-8")
    sheet = reference.score(read_facts(path))

    assert ("5.1.1", "5.0.2") == tuple(mark.criterion for mark in sheet.marks)
    assert 9 == sheet.criterion("5.1.1").points.points


def test_batch(reference: Policy, tmp_path: Path) -> None:
    """The example of a batch loads, and names a transition and a policy that there are."""
    (tmp_path / "batch.toml").write_text(BATCH, "utf-8")
    batch = read_batch(tmp_path)

    assert reference.id == batch.policy
    assert {step.action for step in batch.steps} <= reference.procedure.transitions.keys()


@pytest.mark.parametrize(
    ("heading", "registry"),
    [
        ("Conditions:\n\n", CONDITIONS),
        ("Quantities:\n\n", QUANTITIES),
        ("Scoring rules:\n\n", SCORINGS),
    ],
)
def test_kinds(heading: str, registry: Mapping[str, type]) -> None:
    """The tables list every kind with its keys; those that may be left out stand in brackets."""
    found = {}
    for kind, (cell, _) in table(heading).items():
        optional = re.findall(r"\(`(\w+)`\)", cell)
        found[kind] = {key: key not in optional for key in re.findall(r"`(\w+)`", cell)}
    expected = {kind: keys(cls) for kind, cls in registry.items()}
    # Left out in a file, it is filled in before the kind is built.
    if "site_check" in expected:
        expected["site_check"]["items"] = False

    assert expected == found


def test_names_of_the_procedure() -> None:
    """The last table lists what conditions of transitions may name, with its type."""
    listed = {name: cells[0] for name, cells in table("procedure knows:\n\n").items()}

    assert {name: fact.type for name, fact in procedure_facts(1).items()} == listed


def test_names_of_the_lifecycle() -> None:
    """The table after it lists what the policy's own tables bring, with its type."""
    head = "The policy's own tables bring more, named after what stands there"
    listed = {name: c[0] for name, c in table(f"{head}, such as `times_inspect`:\n\n").items()}
    label = Text("名", "name")
    brought = lifecycle_facts(
        actions={"NAME": label},
        pending={"NAME": Pending(label=label)},
        duties={"NAME": Duty(label=label, action="act", by=(), start=date(2023, 4, 3))},
        roles={"NAME": Role(label=label)},
        calendar=Calendar(windows={"NAME": Window(label=label)}),
        grades={"NAME": label},
    )

    assert {name.replace("NAME", ""): fact.type for name, fact in brought.items()} == listed


def test_keys_of_states_and_transitions() -> None:
    """Every key that a state or a transition may have has its row."""
    needed = "A transition needs `label`, `from`, `to` and `by`, a list of one role or more."
    rows = {
        State: table("A state needs a `label`, and may have\n\n"),
        Transition: table(f"{needed} It may have\n\n"),
    }
    own = {
        cls: {key for key, required in keys(cls).items() if not required} - {"clause", "conditions"}
        for cls in rows
    }
    own[Transition] -= {"window_severity", "window_override"}

    assert own == {cls: set(names) for cls, names in rows.items()}


def test_types_of_facts() -> None:
    """The table of facts lists every type that a file may have."""
    assert set(get_args(FactType)) == set(table('clause = "5.2.2"\n```\n\n'))


def test_types_of_fields() -> None:
    """The table of records' fields lists every type, and the keys that mean something to it."""
    listed = {
        name: {key: f"(`{key}`)" not in cells[-1] for key in re.findall(r"`(\w+)`", cells[-1])}
        for name, cells in table("Types of fields:\n\n").items()
    }
    numeric = {"min": False, "max": False}

    assert {
        **{name: {} for name in get_args(FieldType)},
        "count": {"unit": False, **numeric},
        "number": {"unit": True, "step": True, **numeric},
        "money": numeric,
        "choice": {"values": True},
        "choices": {"values": True},
    } == listed


def test_keys_of_kinds_and_fields() -> None:
    """The table of records says which keys are needed."""
    rows = re.findall(r"^\| (kind|field) \| (.*) \| (.*) \|$", PAGE, re.MULTILINE)
    needed = {name: set(re.findall(r"`(\w+)`", needs)) for name, needs, _ in rows}
    more = {name: set(re.findall(r"`(\w+)`", others)) for name, _, others in rows}
    own = {"kind": keys(RecordKind), "field": keys(RecordField)}

    assert {n: {key for key, need in k.items() if need} for n, k in own.items()} == needed
    assert set(own["kind"]) - {"name", "clause"} == needed["kind"] | more["kind"]


@pytest.mark.parametrize(
    "cls",
    [
        *(
            Fact,
            DeclaredFact,
            Section,
            Criterion,
            Gate,
            Grade,
            Reading,
            Role,
            State,
            Transition,
            Window,
            Quota,
        ),
        *(TransitionCondition, Calendar, SiteCheck, SiteCheckItem),
        *(After, Amending, Bans, Due, Duty, OnEvent, Pending, Span, WorkingDays),
        *(RecordKind, RecordField, BallotForm, Places),
    ],
    ids=lambda cls: cls.__name__,
)
def test_keys(cls: type) -> None:
    """Every key of every entry is on the page, in an example or in the text."""
    code = [*EXAMPLES, *re.findall(r"`([^`\n]+)`", PAGE)]
    on_page = {word for part in code for word in re.findall(r"\w+", part)}

    assert [] == [key for key in keys(cls) if key not in {*on_page, "name"}]
