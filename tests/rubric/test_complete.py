"""The short way to a sheet: it is the sheet that the long way makes."""

import copy
import pickle
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.policy import Document, Policy, build_policy
from studioflow.rubric import ScoreSheet, score
from studioflow.rubric.complete import Complete
from studioflow.rules import Fact, Pool, SoFar

HERE = Path(__file__).parent
GRADED = {"readings/pass_mark": 8, "readings/best_mark": 14}
POLICIES = {
    name: build_policy(Document.read(HERE / f"{name}.toml")) for name in ("small", "totals")
}
POLICIES["graded"] = POLICIES["small"].vary(GRADED)
POLICIES["withheld"] = POLICIES["graded"].vary({"readings/withholding": "withheld"})
SHORT = {name: Complete(policy.rubric) for name, policy in POLICIES.items()}
ODD = (None, 1, 0, True, 2.0, "good", Decimal("0.5"), Fraction(1, 4), Pool([Fraction(8)]), SoFar(3))


def a_value(fact: Fact) -> st.SearchStrategy[object]:
    """Draw a value of a fact."""
    if fact.type == "choice":
        return st.sampled_from(sorted(fact.values))
    if not fact.numeric:
        return st.booleans()
    step = fact.step or Fraction(1)
    high = int((20 if fact.high is None else fact.high) / step)
    return st.integers(0, high).map(lambda steps: steps * step).map(whole)


def whole(number: Fraction) -> Fraction | int:
    """Return a number that is whole as one."""
    return number.numerator if number.denominator == 1 else number


@st.composite
def values(draw: st.DrawFn, policy: Policy, *, odd: bool) -> dict[str, object]:
    """Draw every fact of a policy; if `odd`, some are missing or no value of theirs."""
    found = {name: draw(a_value(fact)) for name, fact in policy.facts.items()}
    if odd:
        changed = draw(st.sets(st.sampled_from(sorted(found)), max_size=2))
        found |= {name: draw(st.sampled_from(ODD)) for name in changed}
    return found


def short(name: str, facts: Mapping[str, object]) -> ScoreSheet | None:
    """Return the sheet that the short way makes, if it does."""
    policy = POLICIES[name]
    return SHORT[name].sheet(facts, policy=policy.reference, readings=policy.readings_in_force)


def long(name: str, facts: Mapping[str, object]) -> ScoreSheet:
    """Return the sheet that the long way makes."""
    policy = POLICIES[name]
    return score(policy.rubric, facts, policy=policy.reference, readings=policy.readings_in_force)


@pytest.mark.parametrize("name", POLICIES)
@settings(max_examples=150)
@given(data=st.data())
def test_both_ways_make_the_same_sheet(name: str, data: st.DataObject) -> None:
    """Wherever the short way makes a sheet, it is the same to the letter."""
    facts = data.draw(values(POLICIES[name], odd=data.draw(st.booleans())))
    sheet = short(name, facts)
    if sheet is not None:
        expected = long(name, facts)
        assert expected == sheet
        assert expected.to_dict("zh") == sheet.to_dict("zh")


class TestWhenItIsTaken:
    """When the short way is taken."""

    def test_where_all_that_matters_is_known(self, complete: dict[str, object]) -> None:
        """It is, where every fact that matters is known."""
        sheet = short("small", complete)
        assert sheet is not None
        assert 18 == sheet.total.points
        assert () == sheet.open

    @pytest.mark.parametrize(
        "changes",
        [
            {"visits": None},
            {"visits": 51},
            {"visits": True},
            {"visits": Pool([Fraction(8)])},
            {"visits": SoFar(3)},
            {"talk_mark": 4},
            {"hours": Fraction(1, 3)},
            {"mood": "odd"},
            {"unheard_of": 1},
        ],
    )
    def test_not_where_anything_is_odd(
        self, complete: dict[str, object], changes: dict[str, object]
    ) -> None:
        """It is not, where a fact is missing, wrong or more than a value: the long way tells."""
        assert short("small", {**complete, **changes}) is None

    def test_not_where_points_are_withheld(self, complete: dict[str, object]) -> None:
        """It is not, where a gate that is not met withholds the points."""
        assert short("withheld", complete) is not None
        assert short("withheld", {**complete, "safe": False}) is None

    def test_what_the_readings_do_not_use_may_be_missing(self) -> None:
        """A fact that no rule looks at is not missed, and one that is wrong still is told."""
        policy = POLICIES["totals"]
        school = {name: 1 for name, fact in policy.facts.items() if fact.numeric}
        school |= {name: True for name, fact in policy.facts.items() if fact.type == "flag"}
        del school["games"]
        assert short("totals", {**school, "kind": "school"}) is not None
        assert short("totals", {**school, "kind": "kindergarten"}) is None


class TestWhatIsShared:
    """Results are made once for many sheets."""

    def test_the_same_facts_give_the_same_result(self, complete: dict[str, object]) -> None:
        """What hangs on the same facts is one result on both sheets; the rest is not."""
        one, other = short("small", complete), short("small", {**complete, "visits": 4})
        assert one is not None
        assert other is not None
        assert one.criterion("mood") is other.criterion("mood")
        assert one.criterion("visits") != other.criterion("visits")

    def test_nobody_can_change_it(self, complete: dict[str, object]) -> None:
        """Facts and parameters are views that can not be written to."""
        sheet = short("small", complete)
        assert sheet is not None
        result = sheet.criterion("visits")
        with pytest.raises(TypeError):
            result.facts["visits"] = 50  # type: ignore[index] # on purpose
        with pytest.raises(TypeError):
            result.reasons[0].parameters["count"] = 50  # type: ignore[index] # on purpose

    @pytest.mark.parametrize("way", [short, long])
    def test_what_is_said_is_not_shared(
        self, way: Callable[..., ScoreSheet | None], complete: dict[str, object]
    ) -> None:
        """Whoever writes into the parameters of a reason changes no other sheet."""
        sheet, before = way("graded", complete), way("graded", complete)
        assert sheet is not None
        assert before is not None
        told = before.to_dict()
        reasons = [reason for gate in sheet.gates for reason in gate.reasons]
        reasons += [reason for item in sheet.criteria for reason in item.reasons]
        reasons += [reason for grade in sheet.grades for reason in grade.reasons]
        for reason in reasons:
            if isinstance(reason.parameters, dict):
                reason.parameters.update(dict.fromkeys(reason.parameters, "changed"))
        after = way("graded", complete)
        assert after is not None
        assert after.to_dict() == told

    @pytest.mark.parametrize("name", ["small", "graded"])
    def test_a_sheet_can_be_kept(self, name: str, complete: dict[str, object]) -> None:
        """A sheet can be pickled and copied before and after it was read."""
        sheet = short(name, complete)
        assert sheet is not None
        kept, copied = pickle.loads(pickle.dumps(sheet)), copy.deepcopy(sheet)  # noqa: S301 - our own
        assert long(name, complete) == kept == copied == sheet

    def test_more_results_than_are_kept(
        self, complete: dict[str, object], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """With more results than are kept, they are made again, and are right."""
        monkeypatch.setattr("studioflow.rubric.complete._MANY", 2)
        found = [short("small", {**complete, "visits": visits}) for visits in range(6)] * 2
        expected = [long("small", {**complete, "visits": visits}) for visits in range(6)] * 2
        assert expected == found


def test_a_name_that_a_sheet_has_not(complete: dict[str, object]) -> None:
    """What a sheet does not have, it does not make up."""
    sheet = short("small", complete)
    with pytest.raises(AttributeError):
        _ = sheet.grading  # type: ignore[union-attr] # on purpose
