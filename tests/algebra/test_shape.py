"""What is said of a term without interpreting it."""

import pytest

from studioflow.algebra import (
    Certain,
    Choose,
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
    Number,
    Numbers,
    Remark,
    Required,
    Sum,
    Truth,
    Within,
    effort,
    exempted,
    names,
    unexplained,
    walk,
)
from studioflow.text import message

SAID = message("shape_said", zh="{value}", en="{value}")
LOW = message("shape_low", zh="低", en="low")
HIGH = message("shape_high", zh="高", en="high")
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


class TestExempted:
    """Validity left out for the values of some facts, which were checked before."""

    refusal = Note(SAID, {"value": number})

    def bands(self) -> Number:
        """State a mark in 8 to 10, below that in 5 to 7, both with their reason."""
        low = Explained(Within(number, low=5, high=7, refusal=self.refusal), Note(LOW))
        high = Explained(Within(number, low=8, high=10, refusal=self.refusal), Note(HIGH))
        return Choose(number >= 8, high, low)

    @pytest.mark.parametrize(("value", "codes"), [(7, ["low"]), (9, ["high"]), (15, [])])
    def test_reasons_hold_inside(self, value: int, codes: list[str]) -> None:
        """Any value is valid, and has the reason of a band that it lies in."""
        remarks: list[Remark] = []
        found = Interpreter(Numbers()).number(exempted(self.bands(), ["number"]))

        assert value == found({"number": value}, remarks)
        assert [f"shape_{code}" for code in codes] == [r.message.code for r in remarks]

    def test_between_two_bands(self) -> None:
        """A mean between two bands is in neither."""
        half = FactNumber("half", 2)
        bands = Choose(
            half >= 8,
            Explained(Within(half, low=8, high=10, refusal=self.refusal), Note(HIGH)),
            Explained(Within(half, low=5, high=7, refusal=self.refusal), Note(LOW)),
        )
        remarks: list[Remark] = []

        assert 15 == Interpreter(Numbers()).number(exempted(bands, ["half"]))({"half": 15}, remarks)
        assert [] == remarks

    def test_required_of_the_fact(self) -> None:
        """What a condition on the fact demands is left out, and what one on others does stays."""
        of_number = Required(Constant(0), number.equals(0), self.refusal)
        of_flag = Required(number, flag, self.refusal)

        assert of_number.value is exempted(of_number, ["number"])
        assert of_flag is exempted(of_flag, ["number"])

    def test_other_facts(self) -> None:
        """A term that says nothing of the facts is the same object, notes and all."""
        judged = Choose(Judged(flag, self.refusal, None), self.bands(), Constant(0))
        assert judged is exempted(judged, ["flag", "other"])
        assert self.refusal.parameters["value"] is number

    def test_reasons_are_exempt_too(self) -> None:
        """A reason that mentions a value computes it without asking whether it is valid."""
        listed = Listed((("high", self.bands() >= 8),))
        term = Explained(Constant(1), Note(SAID, {"value": self.bands(), "listed": listed}))
        remarks: list[Remark] = []
        Interpreter(Numbers()).number(exempted(term, ["number"]))({"number": 15}, remarks)

        assert [15] == [remark.parameters["value"] for remark in remarks]

    def test_shared_parts_stay_shared(self) -> None:
        """What is used twice is rebuilt once."""
        bands = self.bands()
        whole = exempted(bands + bands, ["number"])

        assert isinstance(whole, Sum)
        assert whole.terms[0] is whole.terms[1]
