"""Both sides of every boundary of the reference rubric, under every reading it carries.

The tables in `boundaries/` are the test; this module reads and scores them.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from random import Random

import pytest
from attrs import frozen

from studioflow.algebra import Interpreter, Numbers
from studioflow.errors import InputError
from studioflow.policy import Policy, parse_setting
from studioflow.programme import Programme
from studioflow.rubric import Points
from studioflow.rules import Pool
from studioflow.studio import Studio, case_facts
from studioflow.text import exact
from studioflow.timeline import After, OnEvent

Readings = tuple[tuple[str, object], ...]
Under = Callable[[Readings], Policy]

TABLES = sorted(Path(__file__).with_name("boundaries").glob("[!R]*.md"))
UNKNOWN = object()


@frozen
class Row:
    """One line of a table."""

    item: str
    readings: Readings
    facts: dict[str, object]
    result: str
    because: frozenset[str]
    line: str

    def __str__(self) -> str:
        return self.line


def read_rows(path: Path) -> Iterator[Row]:
    """Read the tables of one page."""
    item = ""
    given: dict[str, object] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if heading := re.match(r"## (section )?(\S+)", line):
            item, given = "".join(heading.groups("")), {}
        elif line.startswith("Given: "):
            given = read_facts(line.removeprefix("Given: "))
        elif line.startswith("|") and not line.startswith(("| readings", "| ---")):
            readings, facts, result, because = (cell.strip() for cell in line.strip("|").split("|"))
            yield Row(
                item,
                tuple((name, value) for name, value in map(parse_setting, words(readings))),
                given | read_facts(facts),
                result,
                frozenset(words(because)),
                f"{path.stem}:{number}",
            )


def words(cell: str) -> list[str]:
    """Divide a cell; a dash is nothing."""
    return [] if cell == "–" else [word.strip() for word in cell.split(",")]


def read_facts(cell: str) -> dict[str, object]:
    """Read `name = value`, `name = mark + mark`, `name`, `no name` and `name ?`."""
    facts: dict[str, object] = {}
    for word in words(cell):
        if "+" in word:
            name, _, marks = word.partition("=")
            facts[name.strip()] = Pool(Fraction(mark.strip()) for mark in marks.split("+"))
        elif "=" in word:
            name, value = parse_setting(word)
            facts[name] = value
        elif word.endswith("?"):
            facts[word.removesuffix("?").strip()] = UNKNOWN
        else:
            facts[word.removeprefix("no ")] = not word.startswith("no ")
    return facts


ROWS = [row for path in TABLES for row in read_rows(path)]


def outcome(policy: Policy, row: Row) -> tuple[str, set[str]]:
    """Score a row: its result as the tables write it, and the codes of the reasons."""
    facts = {name: value for name, value in row.facts.items() if value is not UNKNOWN}
    try:
        sheet = policy.score(facts)
    except InputError as error:
        return "refused", {problem.code for problem in error.problems}
    kind, _, name = row.item.rpartition(" ")
    if kind == "section":
        (section,) = (part for part in sheet.sections if part.id == name)
        return shown(section.points), set()
    if name == "total":
        return shown(sheet.total), set()
    if name == "grade":
        return sheet.grade or "none", set()
    if name in policy.rubric.gates:
        gate = sheet.gate(name)
        words = {True: "met", False: "not met", None: "open"}
        return words[gate.met], {reason.code for reason in gate.reasons}
    result = sheet.criterion(name)
    return shown(result.points), {reason.code for reason in result.reasons}


def shown(points: Points) -> str:
    """Write points, or the range that they lie in."""
    if points.range is None:
        return "withheld"
    if points.points is not None:
        assert points.range == (points.points, points.points)
        return exact(points.points)
    return " to ".join("∞" if end is None else exact(end) for end in points.range)


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_boundary(row: Row, under: Under) -> None:
    """A row has the result that its table says, for the reasons that it says."""
    result, codes = outcome(under(row.readings), row)

    assert row.result == result
    assert row.because <= codes


def test_every_item_has_a_table(reference: Policy) -> None:
    """No gate and no criterion is left out of the tables."""
    rubric = reference.rubric
    items = {*rubric.gates, *rubric.criteria, "total", "grade", "section 5.4"}

    assert items == {row.item for row in ROWS}


# What the readings of the procedure decide: the reading, its answer, the paths it changes.
PROCEDURE = [
    ("cycle_end", "evaluation_window", "window", (date(2024, 11, 1), date(2024, 11, 30))),
    ("cycle_end", "two_full_years", "window", (After("cycle_start", years=2), None)),
    ("quota", "ten_or_override", "quota", "refuse"),
    ("quota", "planned", "quota", "warn"),
    ("late_declaration", "refused", "late", "refuse"),
    ("late_declaration", "warned", "late", "warn"),
    ("cycle_start", "issue_date", "start", date(2023, 3, 20)),
    ("cycle_start", "plaque_date", "start", OnEvent("plaque")),
    ("plaque_needs", "six_haves_and_team", "bare_site", {"six_haves": False, "team": False}),
    ("plaque_needs", "nothing", "bare_site", {"six_haves": True, "team": True}),
    ("seven_ones_met", "recorded", "empty_file", False),
    ("seven_ones_met", "not_asked", "empty_file", True),
]
# Those that say what counts of a case file; `test_record_readings.py` counts it by hand.
COUNTING = ("activity_counts", "trainee_base", "fault_unit")


def decided(policy: Policy, what: str) -> object:
    """Look up what a reading of the procedure decides."""
    transitions, calendar = policy.procedure.transitions, policy.calendar
    window = calendar.windows["evaluation"]
    facts = {"members": 3, **{f"site_{item}": False for item in policy.site_check.items}}
    empty = facts | dict.fromkeys(("goals", "key_works", "beneficiaries", "features"), 0)
    seven_ones = transitions["operate"].conditions["seven_ones"].condition.truth
    return {
        "window": (window.start, window.end),
        "quota": transitions["approve"].conditions["quota"].severity,
        "late": transitions["declare"].window_severity,
        "start": calendar.moments["cycle_start"],
        "bare_site": {
            name: Interpreter(Numbers()).truth(part.condition.truth)(facts, [])
            for name, part in transitions["plaque"].conditions.items()
        },
        "empty_file": Interpreter(Numbers()).truth(seven_ones)(empty, []),
    }[what]


@pytest.mark.parametrize(("reading", "answer", "what", "expected"), PROCEDURE)
def test_procedure(reading: str, answer: str, what: str, expected: object, under: Under) -> None:
    """A reading of the procedure decides what it is there to decide."""
    assert expected == decided(under(((reading, answer),)), what)


def counted(policy: Policy, studio: Studio) -> dict[str, object]:
    """Return what a policy counts of a studio's records."""
    on = date(2024, 11, 20)
    return {name: each.value for name, each in case_facts(policy, studio, on).items()}


def test_every_answer_of_every_reading_matters(
    reference: Policy, under: Under, full_studio: tuple[Programme, Studio]
) -> None:
    """Each answer that a reading lists, or a number for one without a list, changes some row."""
    answers = {
        (name, answer)
        for name, reading in reference.readings.items()
        for answer in (*reading.values, *(("number",) if reading.type == "number" else ()))
    }
    in_force = {name: reading.in_force for name, reading in reference.readings.items()}
    found = {(reading, answer) for reading, answer, _, _ in PROCEDURE}
    for row in ROWS:
        for name, answer in row.readings:
            without = tuple(pair for pair in row.readings if pair[0] != name)
            if outcome(under(without), row)[0] != row.result:
                number = isinstance(answer, int | Decimal)
                # What an alternative changes, the answer in force decides otherwise.
                found |= {(name, "number" if number else str(answer)), (name, in_force[name])}

    for name in COUNTING:
        for answer in {*reference.readings[name].values} - {in_force[name]}:
            other = counted(under(((name, answer),)), full_studio[1])
            if other != counted(reference, full_studio[1]):
                found |= {(name, answer), (name, in_force[name])}

    assert set() == answers - found


def alternatives(policy: Policy) -> list[tuple[str, object]]:
    """Return each answer that is not in force, with its reading; one number where any will do."""
    return [
        (name, answer)
        for name, reading in policy.readings.items()
        for answer in reading.values or (60 if name == "pass_mark" else 90,)
        if answer != policy.readings_in_force[name]
    ]


def pairs(policy: Policy) -> list[Readings]:
    """Return each two alternatives of different readings."""
    return [
        (one, other) for one, other in combinations(alternatives(policy), 2) if one[0] != other[0]
    ]


def test_alternatives_build(reference: Policy, under: Under) -> None:
    """Any reading can take any of its answers, and so can pairs of them: some, the same always."""
    some = Random(0).sample(pairs(reference), 25)  # noqa: S311 - no secret
    chosen = [*((alternative,) for alternative in alternatives(reference)), *some]
    built = {under(readings).fingerprint for readings in chosen}

    assert len(chosen) == len(built)


@pytest.mark.slow
def test_alternatives_build_in_pairs(reference: Policy, under: Under) -> None:
    """Any two readings can take any of their answers together."""
    chosen = pairs(reference)
    built = {under(readings).fingerprint for readings in chosen}

    assert len(chosen) == len(built)
