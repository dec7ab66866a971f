"""Panels that weigh marks by the roles of those who gave them."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from statistics import mean, median
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.algebra import FactNumber, Interpreter, Range, Ranges, unknown
from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import Fact, Panel, Pool, known
from studioflow.text import LANGUAGES, render

LABEL = {"zh": "名", "en": "name"}
MARK = {"type": "mark", "label": LABEL, "from": ["a", "b"], "max": 10, "step": Decimal("0.5")}
CONFIRMATION = {"type": "confirmation", "label": LABEL, "from": ["a", "b"]}
WEIGHTS = {"a": Fraction(40), "b": Fraction(60)}
OPEN = unknown(FactNumber("c", 2, low=Fraction(0), high=Fraction(10)))

halves = st.integers(0, 20).map(lambda n: Fraction(n, 2))
percents = st.integers(1, 999).map(lambda n: Fraction(n, 10))
ways = st.sampled_from(["mean", "trimmed_mean", "median"])


def declared(table: dict[str, Any] = MARK, **panel: object) -> Fact:
    """Return the fact `x` with a panel, as a file declares it."""
    return strict_converter().structure({**table, "name": "x", "panel": panel}, Fact)


def problems(table: dict[str, Any] = MARK, **panel: object) -> list[tuple[str, str]]:
    """Return code and path of every problem of a panel that has to be refused."""
    with pytest.raises(InputError) as refused:
        declared(table, **panel)
    return [(problem.code, problem.path) for problem in refused.value.problems]


def trimmed(marks: Sequence[Fraction]) -> Fraction:
    """Return the mean without one highest and one lowest mark, by sorting."""
    inner = sorted(marks)[1:-1]
    return sum(inner, Fraction(0)) / len(inner)


def by_hand(panel: Panel, marks: Sequence[Fraction]) -> Fraction:
    """Return what valid marks of one group become, in plain arithmetic."""
    if panel.way == "trimmed_mean" and len(marks) > (panel.trim_above or 2):
        return trimmed(marks)
    return Fraction(median(marks)) if panel.way == "median" else mean(marks)


def points(pool: Pool) -> list[Fraction]:
    """Return the marks of a pool that are points."""
    return [Fraction(mark) for mark in pool.marks]


def pool(text: str, void: str = "") -> Pool:
    """Return marks with roles, from `a7 b8`; and the roles of void ones."""
    given = text.split()
    return Pool([Fraction(each[1:]) for each in given], [each[0] for each in given], void)


@st.composite
def grouped(draw: st.DrawFn) -> Pool:
    """Draw marks of both groups, at least one of each, in any order."""
    ones, others = (draw(st.lists(halves, min_size=1, max_size=6)) for _ in "ab")
    given = [(mark, "a") for mark in ones] + [(mark, "b") for mark in others]
    given = draw(st.permutations(given))
    return Pool([mark for mark, _ in given], [role for _, role in given])


class TestDeclaration:
    """What a panel says of trimming and groups."""

    def test_as_declared(self) -> None:
        """All keys together make one panel."""
        panel: dict[str, Any] = {
            "way": "trimmed_mean",
            "least": 2,
            "most": 9,
            "trim_above": 5,
            "counts": "cast",
        }
        fact = declared(**panel, groups={"a": 40, "b": 60})

        assert Panel(**panel, groups=WEIGHTS) == fact.panel

    @pytest.mark.parametrize(
        ("panel", "expected"),
        [
            ({"way": "mean", "trim_above": 5}, [("panel_key_unused", "panel/trim_above")]),
            ({"way": "trimmed_mean", "trim_above": 1}, [("out_of_bounds", "panel/trim_above")]),
            ({"way": "trimmed_mean", "trim_above": 10}, [("out_of_bounds", "panel/trim_above")]),
            ({"way": "mean", "counts": "all"}, [("unknown_name", "panel/counts")]),
            ({"way": "mean", "groups": {"a": 40, "b": 61}}, [("weights", "panel/groups")]),
            ({"way": "mean", "groups": {"a": 0, "b": 100}}, [("weights", "panel/groups")]),
            ({"way": "mean", "groups": {"a": 100}}, [("group_of_each", "panel/groups")]),
            (
                {"way": "mean", "groups": {"a": 40, "c": 60}},
                [("unknown_name", "panel/groups/c"), ("group_of_each", "panel/groups")],
            ),
            (
                {"way": "mean", "most": 1, "groups": {"a": 40, "b": 60}},
                [("too_many_groups", "panel/groups")],
            ),
        ],
    )
    def test_refused(self, panel: dict[str, Any], expected: list[tuple[str, str]]) -> None:
        """What would do nothing, or do it to nobody, is refused where it stands."""
        assert expected == problems(**{"most": 9, **panel})

    def test_confirmations(self) -> None:
        """Confirmations are neither trimmed nor weighed."""
        groups = {"a": 40, "b": 60}

        assert [("panel_key_unused", "panel/groups")] == problems(
            CONFIRMATION, way="all", most=3, groups=groups
        )
        assert [("unknown_name", "panel/way")] == problems(CONFIRMATION, way="trimmed_mean", most=3)

    @pytest.mark.parametrize(
        ("panel", "denominator"),
        [
            ({"way": "trimmed_mean", "most": 3}, 12),
            # Up to two in each group, whose mean counts two or three fifths.
            ({"way": "mean", "most": 3, "groups": WEIGHTS}, 2 * 2 * 5),
            ({"way": "median", "most": 2, "groups": WEIGHTS}, 2 * 5),
            ({"way": "agreed", "most": 9, "groups": {"a": Fraction(50), "b": Fraction(50)}}, 4),
        ],
    )
    def test_denominator(self, panel: dict[str, Any], denominator: int) -> None:
        """The fact's denominator covers the weights, and what is left when marks are dropped."""
        fact = Fact(
            type="mark",
            label=LABEL,  # type: ignore[arg-type] # it is not looked at
            name="x",
            step=Fraction(1, 2),
            supplied_by=("a", "b"),
            panel=Panel(**panel),
        )
        assert denominator == fact.denominator


class TestGroups:
    """Marks that count by the role of the marker."""

    @pytest.mark.parametrize(
        ("way", "marks", "expected"),
        [
            ("mean", "a7 b8 a8 b9 b10", Fraction(42, 5)),  # 7.5 × 0.4 + 9 × 0.6
            ("mean", "b10 a0", Fraction(6)),
            ("trimmed_mean", "a0 a9 a10 b5", Fraction(33, 5)),  # 9 × 0.4 + 5 × 0.6
            ("median", "a0 a9 a10 b5 b6", Fraction(69, 10)),
            ("agreed", "a9 a9 b5", Fraction(33, 5)),
        ],
    )
    def test_by_hand(self, way: Any, marks: str, expected: Fraction) -> None:  # noqa: ANN401 - a word
        """The way is applied within each group, then the groups are weighed."""
        assert expected == Panel(way=way, most=9, groups=WEIGHTS).one(pool(marks))

    @given(grouped(), ways, percents, st.integers(2, 12))
    def test_plain_arithmetic(self, marks: Pool, way: Any, percent: Fraction, above: int) -> None:  # noqa: ANN401 - a word
        """It is the weighted sum, to the last digit, and whole in units of the fact."""
        weights = {"a": percent, "b": 100 - percent}
        trims: dict[str, Any] = {"trim_above": above} if way == "trimmed_mean" else {}
        panel = Panel(way=way, most=12, groups=weights, **trims)
        expected = sum(
            (by_hand(panel, points(marks.of(role))) * each / 100 for role, each in weights.items()),
            Fraction(0),
        )
        fact = declared(way=way, most=12, **trims, groups=weights)

        assert expected == panel.one(marks)
        assert 0 == fact.denominator * expected % 1
        assert expected == Fraction(int(fact.units(marks)), fact.denominator)

    @given(grouped(), ways, st.data())
    def test_more_is_never_less(self, marks: Pool, way: Any, data: st.DataObject) -> None:  # noqa: ANN401 - a word
        """More points by anybody never make it less, and it lies between the marks."""
        panel = Panel(way=way, most=12, groups=WEIGHTS)
        place = data.draw(st.integers(0, len(marks.marks) - 1))
        raised = [*marks.marks]
        raised[place] = data.draw(st.integers(int(raised[place] * 2), 20)) * Fraction(1, 2)

        assert panel.one(marks) <= panel.one(Pool(raised, marks.roles))
        assert min(marks.marks) <= panel.one(marks) <= max(marks.marks)

    @given(grouped(), ways, st.randoms(use_true_random=False))
    def test_any_order(self, marks: Pool, way: Any, random: Any) -> None:  # noqa: ANN401 - a word; hypothesis has no public type for the other
        """Who marked first makes no difference, as long as each mark keeps its role."""
        panel = Panel(way=way, most=12, groups=WEIGHTS)
        order = random.sample(range(len(marks.marks)), len(marks.marks))
        shuffled = Pool([marks.marks[n] for n in order], [marks.roles[n] for n in order])

        assert panel.one(marks) == panel.one(shuffled)

    @given(grouped(), ways, st.data())
    def test_open_marks(self, marks: Pool, way: Any, data: st.DataObject) -> None:  # noqa: ANN401 - a word
        """Bounds of open marks are what the least and the greatest marks would make."""
        panel = Panel(way=way, most=12, groups=WEIGHTS)
        open_ = data.draw(st.sets(st.integers(0, len(marks.marks) - 1)))
        ends = [
            panel.one(
                Pool(
                    [Fraction(end) if n in open_ else m for n, m in enumerate(marks.marks)],
                    marks.roles,
                )
            )
            for end in (0, 10)
        ]
        facts = {
            str(n): OPEN if n in open_ else Range(int(mark * 2), int(mark * 2))
            for n, mark in enumerate(marks.marks)
        }
        names = [FactNumber(str(n), 2) for n in range(len(marks.marks))]
        term = panel.number(names, marks)
        low, high, _ = Interpreter(Ranges()).number(term)(facts, [])

        assert ends == [Fraction(low) / term.denominator, Fraction(high) / term.denominator]

    def test_a_group_that_has_not_marked(self) -> None:
        """Until every group has a mark nothing is known, and the marks are kept."""
        fact = declared(way="mean", most=9, groups=WEIGHTS)
        waiting = pool("a7 a8")
        found = known({"x": fact}, {"x": waiting})

        assert ({}, {"x": waiting}) == (found.units, found.pools)
        assert {"x": fact.unknown()} == found.ranges
        assert {"x"} == known({"x": fact}, {"x": pool("a7 b8")}).units.keys()

    @pytest.mark.parametrize(
        ("marks", "code"),
        [
            (Pool([Fraction(8), Fraction(9)]), "roles_of_marks"),
            (Pool([Fraction(8), Fraction(9)], ["a"]), "roles_of_marks"),
            (pool("a8 c9"), "roles_of_marks"),
            (pool("a8 b9", "c"), "roles_of_marks"),
            (Pool([]), "no_marks"),
            (pool("a8 b8 b8 b8"), "too_many_marks"),
            (pool("a11"), "out_of_bounds"),
        ],
    )
    def test_marks_of_no_group(self, marks: Pool, code: str) -> None:
        """Each mark has a role, which is that of a group; also while others are awaited."""
        with pytest.raises(InputError) as refused:
            known({"x": declared(way="mean", most=3, groups=WEIGHTS)}, {"x": marks})
        assert [code] == [problem.code for problem in refused.value.problems]
        assert all(problem.got for problem in refused.value.problems)

    def test_agreed_within_each_group(self) -> None:
        """Groups may differ from each other; inside one all agree, or it is told at once."""
        fact = declared(way="agreed", most=9, groups=WEIGHTS)

        assert 4 * 10 + 6 * 5 == 10 * Fraction(int(fact.units(pool("a10 b5 b5"))), fact.denominator)
        for marks in ("a10 b5 b6", "b5 b6"):
            with pytest.raises(InputError) as refused:
                known({"x": fact}, {"x": pool(marks)})
            assert ["marks_disagree"] == [problem.code for problem in refused.value.problems]

    def test_one_without_a_group(self) -> None:
        """Asked for what waiting marks become, a panel refuses."""
        with pytest.raises(InputError) as refused:
            Panel(way="mean", most=9, groups=WEIGHTS).one(pool("a7"))
        assert [("no_marks", "b")] == [(p.code, p.got) for p in refused.value.problems]

    def test_a_plain_value(self) -> None:
        """A fact that is handed in plainly is one mark, whoever gave it."""
        fact = declared(way="mean", most=9, groups=WEIGHTS)
        assert Fraction(15, 2) == fact.value(fact.units(Fraction(15, 2)))

    def test_of_each_group(self) -> None:
        """Void marks belong to their group: one group is trimmed and the other is not."""
        panel = Panel(way="trimmed_mean", most=9, trim_above=3, counts="cast", groups=WEIGHTS)
        found = panel.one(pool("a0 a9 a10 b0 b9 b9", "a"))

        assert Fraction(9 * 4 + 6 * 6, 10) == found

    @given(grouped(), ways, st.lists(st.sampled_from("ab"), max_size=9))
    def test_valid_ones_alone(self, marks: Pool, way: Any, void: list[str]) -> None:  # noqa: ANN401 - a word
        """Where valid marks are counted, void ones change nothing."""
        panel = Panel(way=way, most=12, groups=WEIGHTS)
        assert panel.one(marks) == panel.one(Pool(marks.marks, marks.roles, void))


@pytest.mark.parametrize(
    ("panel", "marks", "zh", "en"),
    [
        (
            {"way": "trimmed_mean"},
            pool("a0 a8 a10"),
            "3个评分（0、8、10）去掉最高分和最低分后的平均分：8",
            "mean of 3 marks (0, 8, 10) without the highest and the lowest: 8",
        ),
        (
            {"way": "trimmed_mean", "trim_above": 5},
            pool("a0 a8 a10"),
            "3个评分（0、8、10）的平均分：6",
            "mean of 3 marks (0, 8, 10): 6",
        ),
        (
            {"way": "mean"},
            pool("a7 a8", "a"),
            "2个评分（7、8）的平均分：7.5；另有1个无效",
            "mean of 2 marks (7, 8): 7.5; void beside them: 1",
        ),
        (
            {"way": "mean", "groups": WEIGHTS},
            pool("a7 a8 b9"),
            "3个评分分组加权（2个评分（7、8）的平均分：7.5，占40%；1个评分：9，占60%）：8.4",
            "3 marks, weighted by group (mean of 2 marks (7, 8): 7.5, for 40 %; 1 mark: 9, for 60 %): 8.4",  # noqa: E501
        ),
        (
            {"way": "mean", "groups": WEIGHTS},
            pool("a7 a8"),
            "已有2个评分（7、8），2组中尚有1组未评分",
            "marks so far: 2 (7, 8); of 2 groups 1 have not marked yet",
        ),
    ],
)
def test_said(panel: dict[str, Any], marks: Pool, zh: str, en: str) -> None:
    """A panel says what was left out, weighed or void."""
    message, parameters = Panel(most=9, **panel).said(marks)
    assert [zh, en] == [render(message.text, parameters, language) for language in LANGUAGES]


def test_wording() -> None:
    """A description says from how many on marks are left out, and how groups are weighed."""
    panel = Panel(way="trimmed_mean", most=9, trim_above=5, counts="cast", groups=WEIGHTS)
    words = panel.wording("mark")

    assert (
        "由1–9人评分，取平均分（超过5个时去掉最高分和最低分），分组加权（40%、60%），个数含无效评分"
        == words.zh
    )
    assert (
        "1–9 marks, their mean counts, of more than 5 without the highest and the lowest,"
        " weighted by group (40%, 60%), void marks are counted among how many there are"
    ) == words.en
