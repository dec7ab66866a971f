"""The page beside the form shows the policy's own files, and leaves nothing of the form out."""

import re
from itertools import takewhile
from pathlib import Path

import pytest
import studioflow_yongjia

from studioflow.policy import Policy

PACKAGE = Path(studioflow_yongjia.__file__).parent
FILES = [path.read_text("utf-8") for path in sorted(PACKAGE.glob("*.toml"))]
PAGE = (Path(__file__).parents[3] / "docs" / "yongjia-2023.md").read_text("utf-8")
TEXTS = re.findall(r"^```toml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
# A row of the form has a heading with its id; its section goes up to the next heading.
ROWS: dict[str, str] = dict(
    re.findall(r"^### (5\.\d\.\d)(.*?)(?=^###? |\Z)", PAGE, re.MULTILINE | re.DOTALL)
)

GLANCE = "| row | 评估项目 | | 分值 | how the file says it |"
FORM = "| 评估项目 | 一级指标 | 考核依据 | 分值 | clause |"
QUESTIONS = "| question | asks | in force | other answers |"
STEPS = "| step | who may take it | for one's own | what it asks for |"


# What the page takes as an example for the readings that are numbers.
NUMBERS = {"pass_mark": 60, "outstanding_mark": 90}


def cells(header: str, text: str = PAGE) -> list[list[str]]:
    """Return the rows of every table with this header."""
    return [
        [cell.strip() for cell in row.strip("|").split("|")]
        for table in text.split(f"\n{header}\n")[1:]
        for row in list(takewhile(lambda line: line.startswith("|"), table.splitlines()))[1:]
    ]


def test_number_of_texts() -> None:
    """So many are shown; changed by hand, so that none is lost unnoticed."""
    assert 34 == len(TEXTS)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.partition("\n")[0])
def test_to_the_letter(text: str) -> None:
    """What the page shows stands in a file of the policy."""
    assert any(text in file for file in FILES)


def test_every_row(reference: Policy) -> None:
    """Each gate and each criterion has its section, in the order of the form."""
    assert [*reference.rubric.gates, *reference.rubric.criteria] == list(ROWS)


def test_glance(reference: Policy) -> None:
    """The table at the top has every row with its names and points."""
    rubric = reference.rubric
    gates = [
        [name, gate.project.zh if gate.project else "", gate.label.zh, "必备"]
        for name, gate in rubric.gates.items()
    ]
    criteria = [
        [name, rubric.sections[item.section].label.zh, item.label.zh, str(item.max)]
        for name, item in rubric.criteria.items()
    ]

    assert [*gates, *criteria] == [row[:-1] for row in cells(GLANCE)]


@pytest.mark.parametrize("name", ROWS)
def test_row(name: str, reference: Policy) -> None:
    """A section has the row as it is printed, the text of the file, and an example."""
    rubric = reference.rubric
    gate = name in rubric.gates
    item = rubric.gates[name] if gate else rubric.criteria[name]
    section = ROWS[name]
    ((project, indicator, basis, points, clause),) = cells(FORM, section)

    assert f'\n[{"gates" if gate else "criteria"}."{name}"]\n' in section
    assert f'>>> show("{name}", policy.score(' in section
    assert item.label.zh in section.partition("\n")[0]
    assert item.clause == clause == name
    assert basis == (item.basis.zh if item.basis else "")
    if gate:
        assert (item.label.zh, "必备") == (indicator, points)
        first = rubric.gates[name].project
    else:
        criterion = rubric.criteria[name]
        printed = criterion.indicator
        assert printed is not None
        assert (printed.zh, str(criterion.max)) == (indicator, points)
        first = rubric.sections[criterion.section].label
    assert first is not None
    assert project.partition("(")[0].rstrip() == first.zh


def test_every_question(reference: Policy) -> None:
    """Each reading is asked once, with the answer in force and all the others."""
    found = cells(QUESTIONS)
    asked = {
        row[0].strip("`"): [re.findall(r"`([^`]+)`", cell) for cell in row[2:]] for row in found
    }
    readings = reference.readings
    choices = {
        name: [[reading.value], [value for value in reading.values if value != reading.value]]
        for name, reading in readings.items()
        if reading.type == "choice"
    }
    numbers = {name: [["none"], [str(example)]] for name, example in NUMBERS.items()}

    assert len(readings) == len(found)
    assert choices | numbers == asked
    assert all(readings[name].value is None for name in numbers)


def test_every_step(reference: Policy) -> None:
    """Each step stands there with the roles that take it, and whether for one's own studio."""
    steps = [
        [
            f"{step.label.zh} {step.label.en}",
            "、".join(reference.roles[role].label.zh for role in step.by),
            "no" if step.independent else "yes",
        ]
        for step in reference.procedure.transitions.values()
    ]

    assert steps == [row[:3] for row in cells(STEPS)]
