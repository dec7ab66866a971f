"""What is said of a term without interpreting it."""

from studioflow.algebra import (
    Certain,
    Constant,
    Effort,
    Explained,
    FactFlag,
    FactIs,
    FactNumber,
    Interpreter,
    Judged,
    Listed,
    Negation,
    Note,
    Numbers,
    Remark,
    Truth,
    Within,
    effort,
    names,
    unexplained,
    walk,
)
from studioflow.text import message

SAID = message("shape_said", zh="{value}", en="{value}")
number = FactNumber("number")
flag = FactFlag("flag")


def test_names_are_of_facts_that_change_the_value() -> None:
    """A fact that only a reason mentions can not change the value."""
    term = Explained(number, Note(SAID, {"value": FactNumber("mentioned")}))
    assert {"number"} == names(term)
    assert {"flag", "word"} == names(flag & FactIs("word", frozenset({"a"})))


def test_walk_yields_each_term_once() -> None:
    """A term that is used twice is met once."""
    assert 2 == len(list(walk(number + number)))


def test_effort_counts_what_is_used_twice_twice() -> None:
    """Sharing makes terms short to write and not cheap to compute."""
    twice = number + number
    assert Effort(3, 2) == effort(twice)
    assert Effort(7, 3) == effort(twice + twice)


def test_effort_counts_reasons() -> None:
    """What reasons mention has to be computed, too."""
    listed = Listed((("a", flag), ("b", flag)))
    note = Note(SAID, {"value": number + number, "listed": listed, "plain": 3})
    assert Effort(7, 3) == effort(Explained(number, note))
    assert Effort(7, 3) == effort(Judged(flag, note, None))
    assert Effort(7, 3) == effort(Within(number, low=0, high=1, refusal=note))


def test_effort_of_what_is_too_deep_to_go_through() -> None:
    """How deep a term is can be asked of one that no recursion would survive."""
    truth: Truth = flag
    for _ in range(5000):
        truth = Negation(truth)
    assert 5001 == effort(truth).depth


def test_unexplained_truths_give_no_reasons() -> None:
    """The same outcome comes without remarks, wherever the reasons stood."""
    note = Note(SAID, {"value": Constant(1)})
    judged = Judged(Judged(flag, note, note) & Certain(value=True), note, note)
    for truth in (judged, judged | judged, ~judged):
        remarks: list[Remark] = []
        bare = Interpreter(Numbers()).truth(unexplained(truth))
        full = Interpreter(Numbers()).truth(truth)
        assert full({"flag": True}, []) == bare({"flag": True}, remarks)
        assert [] == remarks
