"""Rules of plugins may refuse what they like; the sheet says where, as it does for its own."""

import pytest
from attrs import evolve, frozen

from studioflow.algebra import FactFlag, FactNumber, Note, Number, Required, Truth
from studioflow.errors import InputError
from studioflow.people import Mark
from studioflow.policy import Policy
from studioflow.rubric import Rubric, marked_facts, score
from studioflow.rules import Scoring
from studioflow.text import Message, Text

REFUSAL = Note(Message("plugin_refuses", Text("不可", "not so")))
VISITS = FactNumber("visits", 1, low=0, high=50)


@frozen(eq=False)
class Strict(Scoring):
    """The visits are the points, as long as a condition holds; what was refused is not said."""

    condition: Truth

    def points(self) -> Number:
        """State the points."""
        return Required(VISITS, self.condition, REFUSAL)


def strict(policy: Policy, condition: Truth) -> Rubric:
    """Return the small policy's rubric with a plugin's rule for the talk."""
    rubric = policy.vary({"facts/tidy/panel": {"way": "all", "most": 3}}).rubric
    criterion = evolve(rubric.criteria["talk"], rule=Strict(condition))
    return evolve(rubric, criteria={**rubric.criteria, "talk": criterion})


def refused(
    policy: Policy, condition: Truth, facts: dict[str, object], *met: bool
) -> list[tuple[str, str]]:
    """Return path and code of every problem."""
    rubric = strict(policy, condition)
    marks = [
        Mark(criterion="order", by=f"p-{place}", role="judge", met=word)
        for place, word in enumerate(met)
    ]
    values = {**facts, **marked_facts(rubric, marks)}
    with pytest.raises(InputError) as error:
        score(rubric, values, marks, policy=policy.reference, readings={})
    return [(problem.path, problem.code) for problem in error.value.problems]


def test_without_a_mark(small: Policy) -> None:
    """What is refused for plain facts alone stands at the criterion."""
    expected = [("criteria/talk", "plugin_refuses")]

    assert expected == refused(small, VISITS >= 5, {"visits": 3})


@pytest.mark.parametrize("facts", [{"visits": 3}, {}])
def test_confirmation(small: Policy, facts: dict[str, object]) -> None:
    """Of several confirmations the one that a rule refuses is named, known facts or open ones."""
    expected = [("marks/1/met", "plugin_refuses")]

    assert expected == refused(small, FactFlag("tidy"), facts, True, False)  # noqa: FBT003 - words


def test_one_confirmation(small: Policy) -> None:
    """So is the only one."""
    expected = [("marks/0/met", "plugin_refuses")]

    assert expected == refused(small, FactFlag("tidy"), {"visits": 3}, False)  # noqa: FBT003 - a word
