"""Panels: how several people's marks become one."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.algebra import (
    FactFlag,
    FactNumber,
    Interpreter,
    Maybe,
    Range,
    Ranges,
    effort,
    unknown,
)
from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import Fact, Panel, Pool, known
from studioflow.rules.building import MAX_STEPS
from studioflow.rules.panel import MAX_MEDIAN, WAYS, Way
from studioflow.text import LANGUAGES, render

LABEL = {"zh": "名", "en": "name"}
MARK = {"type": "mark", "label": LABEL, "from": ["assessor"], "max": 10, "step": Decimal("0.5")}
CONFIRMATION = {"type": "confirmation", "label": LABEL, "from": ["assessor"]}
OPEN = unknown(FactNumber("c", 2, low=Fraction(0), high=Fraction(10)))

whole_marks = st.lists(st.integers(0, 10).map(Fraction), min_size=1, max_size=9)
half_marks = st.lists(st.integers(0, 20).map(lambda n: Fraction(n, 2)), min_size=1, max_size=9)
marks_ = st.one_of(whole_marks, half_marks)


def declared(table: dict[str, Any], **panel: object) -> Fact:
    """Return the fact `x` that a table declares, with a panel."""
    return strict_converter().structure({**table, "name": "x", "panel": panel}, Fact)


def problems(table: dict[str, Any], **panel: object) -> list[tuple[str, str]]:
    """Return code and path of every problem of a panel that has to be refused."""
    with pytest.raises(InputError) as refused:
        declared(table, **panel)
    return [(problem.code, problem.path) for problem in refused.value.problems]


def one(way: Way, *marks: float | Fraction, most: int = 9) -> object:
    """Return what marks become."""
    judged = [mark if isinstance(mark, bool) else Fraction(mark) for mark in marks]
    return Panel(way=way, most=most).one(judged)


class TestDeclaration:
    """What a panel says of itself."""

    def test_left_out(self) -> None:
        """Without a panel a mark is one person's, and so it is with the word none."""
        facts = [
            strict_converter().structure({**MARK, "name": "x", **more}, Fact)
            for more in ({}, {"panel": "none"})
        ]
        assert [None, None] == [fact.panel for fact in facts]

    @pytest.mark.parametrize(
        ("type_", "way"), [(type_, way) for type_, ways in WAYS.items() for way in ways]
    )
    def test_ways(self, type_: str, way: str) -> None:
        """Marks and confirmations each have their ways."""
        table = MARK if type_ == "mark" else CONFIRMATION
        assert Panel(way=way, most=3) == declared(table, way=way, most=3).panel  # type: ignore[arg-type] # a word of the list

    @pytest.mark.parametrize(
        ("table", "way"), [(MARK, "all"), (MARK, "majority"), (CONFIRMATION, "mean")]
    )
    def test_way_of_another_type(self, table: dict[str, Any], way: str) -> None:
        """A mean of confirmations and a majority of marks are nothing."""
        assert [("unknown_name", "panel/way")] == problems(table, way=way, most=3)

    @pytest.mark.parametrize(
        ("panel", "expected"),
        [
            ({"way": "mean"}, [("missing_key", "panel")]),
            (
                {"way": "avg", "most": "9"},
                [("unknown_name", "panel/way"), ("wrong_type", "panel/most")],
            ),
            ({"way": "median", "most": 13}, [("out_of_bounds", "panel/most")]),
            ({"way": "mean", "most": 101}, [("out_of_bounds", "panel/most")]),
            (
                {"way": "mean", "least": 0, "most": 0},
                [("out_of_bounds", "panel/least"), ("out_of_bounds", "panel/most")],
            ),
            ({"way": "mean", "least": 4, "most": 3}, [("bounds_order", "panel")]),
            ({"way": "mean", "most": 3, "lest": 2}, [("unknown_key", "panel/lest")]),
        ],
    )
    def test_numbers_of_marks(
        self, panel: dict[str, object], expected: list[tuple[str, str]]
    ) -> None:
        """A panel says how many marks there may be, from one up, at least not above at most."""
        assert expected == problems(MARK, **panel)

    @pytest.mark.parametrize("type_", ["flag", "choice"])
    def test_facts_that_nobody_judges(self, type_: str) -> None:
        """What no person gives has no panel."""
        values = {"values": {"a": LABEL}} if type_ == "choice" else {}
        table = {"type": type_, "label": LABEL, **values}
        assert [("key_unused", "panel")] == problems(table, way="mean", most=3)

    @pytest.mark.parametrize(
        ("way", "most", "denominator"),
        [("mean", 1, 2), ("mean", 3, 12), ("mean", 9, 5040), ("median", 9, 4), ("agreed", 9, 2)],
    )
    def test_denominator(self, way: str, most: int, denominator: int) -> None:
        """A mean of up to three half points is in twelfths, a median in quarters."""
        assert denominator == declared(MARK, way=way, most=most).denominator


class TestMarks:
    """What points become."""

    @pytest.mark.parametrize(
        ("way", "marks", "expected"),
        [
            ("mean", (7, 8, 8), Fraction(23, 3)),
            ("mean", (7, 8), Fraction(15, 2)),
            ("mean", (9,), Fraction(9)),
            ("median", (5, 9, 8), Fraction(8)),
            ("median", (5, 10, 8, 7), Fraction(15, 2)),
            ("median", (9,), Fraction(9)),
            ("agreed", (8, 8, 8), Fraction(8)),
            ("agreed", (9,), Fraction(9)),
        ],
    )
    def test_by_hand(self, way: Way, marks: Sequence[int], expected: Fraction) -> None:
        """Means are exact, and the middle of an even number lies half way."""
        assert expected == one(way, *marks)

    @given(marks_)
    def test_mean(self, marks: list[Fraction]) -> None:
        """The mean is that of Python's statistics, to the last digit."""
        assert mean(marks) == one("mean", *marks)

    @given(marks_)
    def test_median(self, marks: list[Fraction]) -> None:
        """The median is that of Python's statistics, to the last digit."""
        assert median(marks) == one("median", *marks)

    @given(marks_)
    def test_agreed(self, marks: list[Fraction]) -> None:
        """Marks agree where there is one value, and are refused where there are several."""
        if len(set(marks)) == 1:
            assert marks[0] == one("agreed", *marks)
        else:
            with pytest.raises(InputError) as refused:
                one("agreed", *marks)
            assert ["marks_disagree"] == [problem.code for problem in refused.value.problems]

    @given(marks_, st.sampled_from(["mean", "median"]), st.randoms(use_true_random=False))
    def test_between_and_in_any_order(self, marks: list[Fraction], way: Way, random: Any) -> None:  # noqa: ANN401 - hypothesis has no public type for it
        """What marks become lies between the least and the greatest, whoever marked first."""
        found = Panel(way=way, most=9).one(marks)
        shuffled = random.sample(marks, len(marks))

        assert min(marks) <= found <= max(marks)
        assert found == one(way, *shuffled)

    @given(half_marks, st.sampled_from(["mean", "median"]))
    def test_whole_in_units(self, marks: list[Fraction], way: Way) -> None:
        """What marks become is whole in units of the fact's denominator."""
        fact = declared(MARK, way=way, most=9)
        units = fact.units(Pool(marks))

        assert one(way, *marks) == Fraction(int(units), fact.denominator)


class TestConfirmations:
    """What truths become."""

    @given(st.lists(st.booleans(), min_size=1, max_size=9))
    def test_ways(self, said: list[bool]) -> None:
        """All of them, more than half of them, or one that all share."""
        assert all(said) == one("all", *said)
        assert (2 * sum(said) > len(said)) == one("majority", *said)
        if len(set(said)) == 1:
            assert said[0] == one("agreed", *said)
        else:
            with pytest.raises(InputError):
                one("agreed", *said)

    def test_half_is_no_majority(self) -> None:
        """Two of four are not more than half."""
        assert one("majority", *[True, True, False, False]) is False


class TestOpenMarks:
    """A mark that is not known yet: the ways are terms like any other."""

    def test_mean(self) -> None:
        """An open mark moves the mean by its part."""
        term = Panel(way="mean", most=9).number([FactNumber(name, 2) for name in "abc"])
        facts = {"a": Range(16, 16), "b": Range(14, 14), "c": OPEN}
        found = Interpreter(Ranges()).number(term)(facts, [])

        assert (30, 50, {"c"}) == (found.low, found.high, set(found.open))
        assert 6 == term.denominator

    @pytest.mark.parametrize(
        ("b", "expected"),
        [(16, (Fraction(8), Fraction(8), set())), (12, (Fraction(6), Fraction(8), {"c"}))],
    )
    def test_median(self, b: int, expected: tuple[Fraction, Fraction, set[str]]) -> None:
        """Where two of three marks agree the third can not move the median."""
        term = Panel(way="median", most=9).number([FactNumber(name, 2) for name in "abc"])
        facts = {"a": Range(16, 16), "b": Range(b, b), "c": OPEN}
        low, high, open_ = Interpreter(Ranges()).number(term)(facts, [])
        unit = term.denominator

        assert expected == (Fraction(int(low), unit), Fraction(int(high), unit), set(open_))

    def test_majority(self) -> None:
        """Two of three decide, one of two does not."""
        open_ = Maybe(None, frozenset({"c"}))
        outcomes = []
        for names in ("abc", "ac"):
            term = Panel(way="majority", most=9).truth([FactFlag(name) for name in names])
            facts = {"a": Maybe(value=True), "b": Maybe(value=True), "c": open_}
            outcomes.append(Interpreter(Ranges()).truth(term)(facts, []).value)

        assert [True, None] == outcomes

    def test_the_largest_median_is_affordable(self) -> None:
        """A median of as many marks as there may be is no larger than a rule may be."""
        marks = [FactNumber(str(place)) for place in range(MAX_MEDIAN)]
        assert effort(Panel(way="median", most=MAX_MEDIAN).number(marks)).steps < MAX_STEPS


class TestFacts:
    """Several marks as the value of a fact."""

    def test_each_is_checked(self) -> None:
        """Bounds, step and type are those of each mark; what they become is exempt."""
        fact = declared(MARK, way="mean", most=9)
        with pytest.raises(InputError) as refused:
            known({"x": fact}, {"x": Pool([Fraction(8), Fraction(11), Fraction(1, 4), True])})

        assert [
            ("x/marks/1", "out_of_bounds"),
            ("x/marks/2", "off_step"),
            ("x/marks/3", "wrong_type"),
        ] == [(problem.path, problem.code) for problem in refused.value.problems]
        assert Fraction(29, 4) == fact.value(fact.units(Pool([Fraction(15, 2), Fraction(7)])))

    def test_one_alone_keeps_to_the_step(self) -> None:
        """A plain value is one mark, which has its step."""
        fact = declared(MARK, way="mean", most=9)
        with pytest.raises(InputError):
            fact.units(Fraction(29, 4))

    @pytest.mark.parametrize(
        ("pool", "code"), [(Pool([]), "no_marks"), (Pool([Fraction(8)] * 4), "too_many_marks")]
    )
    def test_how_many(self, pool: Pool, code: str) -> None:
        """No mark at all is none, and four are more than three."""
        with pytest.raises(InputError) as refused:
            declared(MARK, way="mean", most=3).units(pool)
        assert [code] == [problem.code for problem in refused.value.problems]

    def test_without_a_panel(self) -> None:
        """A fact without a panel takes one value."""
        fact = strict_converter().structure({**MARK, "name": "x"}, Fact)
        with pytest.raises(InputError) as refused:
            fact.units(Pool([Fraction(8), Fraction(8)]))
        assert ["wrong_type"] == [problem.code for problem in refused.value.problems]

    def test_a_pool_in_a_pool(self) -> None:
        """A mark is no pool."""
        pool = Pool([Pool([Fraction(8)])])  # type: ignore[list-item] # what is wrong about it
        with pytest.raises(InputError) as refused:
            declared(MARK, way="mean", most=3).units(pool)
        assert [("marks/0", "wrong_type")] == [(p.path, p.code) for p in refused.value.problems]

    def test_fewer_than_wanted(self) -> None:
        """With fewer marks than the least the fact is open, and its marks are kept."""
        fact = declared(MARK, way="mean", least=3, most=9)
        pool = Pool([Fraction(8), Fraction(9)])
        found = known({"x": fact}, {"x": pool})

        assert ({}, {}, {"x": pool}) == (found.values, found.units, found.pools)
        assert {"x": fact.unknown()} == found.ranges

    def test_as_many_as_wanted(self) -> None:
        """With the least number of marks the fact is known."""
        fact = declared(CONFIRMATION, way="majority", least=2, most=9)
        pool = Pool([True, True])
        found = known({"x": fact}, {"x": pool})

        assert ({"x": pool}, {"x": True}) == (found.values, found.units)
        assert {"x": Maybe(value=True)} == found.ranges


@pytest.mark.parametrize(
    ("way", "marks", "zh", "en"),
    [
        ("mean", (7, 8, 8), "3个评分（7、8、8）的平均分：23/3", "mean of 3 marks (7, 8, 8): 23/3"),
        ("median", (7, 8), "2个评分（7、8）的中位数：7.5", "median of 2 marks (7, 8): 7.5"),
        ("agreed", (8, 8), "2人评分一致：8", "2 marks agree: 8"),
        ("mean", (7,), "已有1个评分（7），至少需2个", "marks so far: 1 (7); at least 2 are needed"),
        (
            "all",
            (True, False),
            "2人确认（是、否），须全部达到：否",
            "2 confirmations (yes, no), met if all say so: no",
        ),
        (
            "majority",
            (True, True, False),
            "3人确认（是、是、否），过半数为达到：是",
            "3 confirmations (yes, yes, no), met if more than half say so: yes",
        ),
        ("agreed", (False, False), "2人确认一致：否", "2 confirmations agree: no"),
        (
            "all",
            (True,),
            "已有1人确认（是），至少需2人",
            "confirmations so far: 1 (yes); at least 2 are needed",
        ),
    ],
)
def test_said(way: Way, marks: tuple[int | bool, ...], zh: str, en: str) -> None:
    """A panel says in both languages how marks became one, or what it waits for."""
    judged = [mark if isinstance(mark, bool) else Fraction(mark) for mark in marks]
    message, parameters = Panel(way=way, least=2, most=9).said(judged)

    assert [zh, en] == [render(message.text, parameters, language) for language in LANGUAGES]


def test_wording() -> None:
    """A description says how many people mark and what counts."""
    words = [
        Panel(way="mean", most=9).wording("mark"),
        Panel(way="majority", least=3, most=3).wording("confirmation"),
    ]
    assert ["由1–9人评分，取平均分", "由3人确认，过半数为达到"] == [text.zh for text in words]
    assert [
        "1–9 marks, their mean counts",
        "3 confirmations, more than half have to say so",
    ] == [text.en for text in words]
