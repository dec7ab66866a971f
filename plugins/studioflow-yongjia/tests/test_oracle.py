"""An oracle written from the policy's text agrees with the rubric, which never guesses."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.policy import Policy
from studioflow.rubric import Points, ScoreSheet

Facts = Mapping[str, Any]

ACTIONS = (
    "classroom_help",
    "campus_service",
    "home_visits",
    "mentoring",
    "open_lessons",
    "residency",
)
SITE = ("fixed_place", "flag", "emblem", "oath", "resources", "records", "management")
MARKS = {
    "5.1.1": ("goal_mark", 10),
    "5.2.1": ("training_mark", 10),
    "5.2.3": ("funds_mark", 5),
    "5.2.4": ("website_mark", 10),
    "5.3.2": ("output_mark", 10),
    "5.3.3": ("promotion_mark", 5),
    "5.3.4": ("station_mark", 5),
    "5.4.1": ("feature_mark", 15),
}


# --- the oracle: attachment 3 under the default readings, in plain Python ------------------------


def bands_open(item: str, facts: Facts) -> list[range]:
    """Say which marks attachment 3 allows for an item; 0 is what stands below every band."""
    trainees = facts["trainees"]

    def share(part: str) -> Fraction:
        return Fraction(facts[part], trainees) if trainees else Fraction(0)

    match item:
        case "5.1.1" | "5.2.1" | "5.2.4":
            return [range(8, 11), range(5, 8), range(1)]
        case "5.2.3" if facts["funds_papers"] == "late":
            return [range(1, 4)]
        case "5.2.3" if facts["funds_papers"] == "in_time" and facts["funds_proper"]:
            return [range(4, 6)]
        case "5.3.2" if share("trainees_with_output") >= Fraction(80, 100):
            return [range(8, 11)]
        case "5.3.2" if share("trainees_with_output") >= Fraction(50, 100):
            return [range(5, 8)]
        case "5.3.3" if share("trainees_promoted") >= Fraction(20, 100):
            return [range(4, 6)]
        case "5.3.3" if share("trainees_promoted") >= Fraction(10, 100):
            return [range(1, 4)]
        case "5.3.4":
            return [range(4, 6), range(1, 4), range(1)]
        case "5.4.1":
            return [*([range(11, 16)] if trainees >= 20 else []), range(6, 11), range(1)]
        case _:
            return [range(1)]


def refused(facts: Facts) -> set[str]:
    """Name the marks that attachment 3 does not allow."""
    return {
        mark
        for item, (mark, _) in MARKS.items()
        if not any(facts[mark] in band for band in bands_open(item, facts))
    }


def points(facts: Facts) -> dict[str, Fraction]:
    """Work out every item, section and the total of a complete set of facts."""
    found = {item: Fraction(facts[mark]) for item, (mark, _) in MARKS.items()}
    done = facts["activities"]
    found["5.2.2"] = Fraction(done if done <= 16 else min(20, done))
    found["5.2.4"] = max(Fraction(0), found["5.2.4"] - Fraction(1, 2) * facts["website_faults"])
    sides = [facts["lead_research"], facts["trainees_with_research"] > 0]
    found["5.3.1"] = Fraction({0: 0, 1: 7, 2: 10}[sum(sides)])
    paid = [facts["trainees"] >= 20, facts["public_benefit"], facts["media_coverage"]]
    found["5.4.2"] = Fraction(min(5, 2 * sum(paid)))
    sections = {
        section: sum((p for item, p in found.items() if item.startswith(section)), Fraction(0))
        for section in ("5.1", "5.2", "5.3", "5.4")
    }
    sections["5.4"] = min(Fraction(15), sections["5.4"])
    return found | sections | {"total": sum(sections.values(), Fraction(0))}


def gates(facts: Facts) -> dict[str, bool]:
    """Work out the three gates."""
    return {
        "5.0.1": sum(facts[action] for action in ACTIONS) >= 4,
        "5.0.2": 7 <= facts["members"] <= 12 and facts["team_confirmed"],
        "5.0.3": all(facts[f"site_{item}"] for item in SITE) and facts["ceremony_confirmed"],
    }


# --- facts at random -----------------------------------------------------------------------------


@st.composite
def complete(draw: st.DrawFn, *, valid: bool) -> dict[str, object]:
    """Draw every fact that the default readings use; marks that fit a band, or any."""
    trainees = draw(
        st.one_of(st.sampled_from([0, 1, 5, 10, 19, 20, 21, 49, 100]), st.integers(0, 500))
    )
    part = st.one_of(
        st.integers(0, trainees),
        # Near the shares that decide.
        st.sampled_from([10, 20, 50, 80]).flatmap(
            lambda percent: st.sampled_from([-1, 0, 1]).map(
                lambda more: min(trainees, max(0, trainees * percent // 100 + more))
            )
        ),
    )
    flags = (*ACTIONS, "funds_proper", "lead_research", "public_benefit", "media_coverage")
    confirmed = ("team_confirmed", "ceremony_confirmed", *(f"site_{item}" for item in SITE))
    facts: dict[str, object] = {name: draw(st.booleans()) for name in flags}
    # Mostly there, so that gates are met now and then.
    facts |= {name: draw(st.sampled_from([True, True, True, True, False])) for name in confirmed}
    facts |= {
        "members": draw(st.one_of(st.integers(5, 14), st.integers(0, 60))),
        "activities": draw(st.one_of(st.integers(14, 22), st.integers(0, 400))),
        "website_faults": draw(st.one_of(st.integers(0, 21), st.integers(0, 500))),
        "funds_papers": draw(st.sampled_from(["in_time", "late", "never"])),
        "trainees": trainees,
        **{f"trainees_{name}": draw(part) for name in ("with_research", "with_output", "promoted")},
    }
    for item, (mark, most) in MARKS.items():
        allowed = [*{value for band in bands_open(item, facts) for value in band}]
        facts[mark] = draw(st.sampled_from(allowed) if valid else st.integers(0, most))
    return facts


@st.composite
def partial(draw: st.DrawFn) -> tuple[dict[str, object], dict[str, object]]:
    """Draw a complete valid set of facts, and a part of it."""
    facts = draw(complete(valid=True))
    kept = draw(st.sets(st.sampled_from(sorted(facts))))
    return facts, {name: value for name, value in facts.items() if name in kept}


def whole(sheet: ScoreSheet) -> dict[str, Points]:
    """Return all points of a sheet by id."""
    items = {result.id: result.points for result in sheet.criteria}
    return items | {part.id: part.points for part in sheet.sections} | {"total": sheet.total}


def inside(value: Fraction, bounds: tuple[Fraction | None, Fraction | None] | None) -> bool:
    """Return whether a value lies in a range."""
    assert bounds is not None
    low, high = bounds
    return (low is None or low <= value) and (high is None or value <= high)


quiet = settings(deadline=None, suppress_health_check=list(HealthCheck))
many = settings(quiet, max_examples=300)


@settings(quiet, max_examples=800)
@given(facts=complete(valid=True))
def test_oracle(reference: Policy, facts: dict[str, object]) -> None:
    """Every item, section, total and gate of a complete set of facts is what the text says."""
    assert_agrees(reference, facts)


@pytest.mark.slow
@settings(quiet, max_examples=5000)
@given(facts=complete(valid=True))
def test_oracle_at_length(reference: Policy, facts: dict[str, object]) -> None:
    """The same for thousands of sets of facts."""
    assert_agrees(reference, facts)


def assert_agrees(reference: Policy, facts: dict[str, object]) -> None:
    """Score complete facts and compare everything with the oracle."""
    sheet = reference.score(facts)

    assert points(facts) == {name: part.points for name, part in whole(sheet).items()}
    assert gates(facts) == {gate.id: gate.met for gate in sheet.gates}
    assert all(gates(facts).values()) == sheet.eligible
    assert () == sheet.open


@many
@given(facts=complete(valid=False))
def test_oracle_refuses(reference: Policy, facts: dict[str, object]) -> None:
    """Exactly the marks that fit no band are refused, all at once, whatever the others are."""
    try:
        reference.score(facts)
    except InputError as error:
        found = {problem.path for problem in error.problems}
    else:
        found = set()

    assert {f"facts/{mark}" for mark in refused(facts)} == found


@many
@given(drawn=partial())
def test_ranges(reference: Policy, drawn: tuple[dict[str, object], dict[str, object]]) -> None:
    """Whatever the open facts turn out to be, the points lie in the range that was given."""
    facts, known = drawn
    sheet, later = reference.score(known), points(facts)

    for name, part in whole(sheet).items():
        assert inside(later[name], part.range)
        assert part.points in {None, later[name]}
        if part.points is not None:
            assert part.range == (part.points, part.points)
    assert all(gate.met in {None, gates(facts)[gate.id]} for gate in sheet.gates)
    assert sheet.eligible in {None, all(gates(facts).values())}


@many
@given(drawn=partial())
def test_sums(reference: Policy, drawn: tuple[dict[str, object], dict[str, object]]) -> None:
    """Sections and total add up, at both ends; a section stops at its cap."""
    _, known = drawn
    sheet = reference.score(known)
    ranges = {name: part.range or () for name, part in whole(sheet).items()}

    for end in (0, 1):
        for section in sheet.sections:
            of_items = [ranges[c.id][end] for c in sheet.criteria if c.section == section.id]
            cap = reference.rubric.sections[section.id].cap
            total = sum((points or 0 for points in of_items), Fraction(0))
            assert (total if cap is None else min(cap, total)) == ranges[section.id][end]
        assert sum(ranges[s.id][end] or 0 for s in sheet.sections) == ranges["total"][end]


@many
@given(drawn=partial())
def test_nothing_is_guessed(
    reference: Policy, drawn: tuple[dict[str, object], dict[str, object]]
) -> None:
    """Points are known exactly where nothing is open, and what is open is not known yet."""
    facts, known = drawn
    sheet = reference.score(known)

    for result in sheet.criteria:
        assert (result.points.points is None) == bool(result.open)
        assert set(result.open) <= set(facts) - set(known)
    for gate in sheet.gates:
        assert (gate.met is None) == bool(gate.open)
    gates_open = {name for gate in sheet.gates for name in gate.open}
    assert set(sheet.open) == gates_open | {n for part in sheet.criteria for n in part.open}
