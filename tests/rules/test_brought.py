"""Kinds that plugins bring: built beside those of the library, and blamed by name."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from attrs import field, frozen

from studioflow.algebra import (
    Choose,
    Constant,
    Explained,
    FactFlag,
    FactNumber,
    Interpreter,
    Judged,
    Note,
    Number,
    Numbers,
    Opaque,
    Product,
    Sum,
    Term,
    Truth,
)
from studioflow.codec import strict_converter, wrong
from studioflow.errors import InputError, Problem
from studioflow.rules import (
    Condition,
    Fact,
    Names,
    PythonScoring,
    Quantity,
    RuleKind,
    Scoring,
    Values,
    known,
    teach_rules,
)
from studioflow.rules.brought import standings
from studioflow.text import Text, message

NEGATIVE = message("test_negative", zh="不小于0", en="at least 0")
WORDS = Text("话", "words")
Build = Callable[[object, Any], Any]


@frozen(eq=False, kw_only=True)
class Weighed(Scoring):
    """So much for each; it refuses a weight below 0."""

    of: Quantity
    weight: Fraction = Fraction(1)

    def __attrs_post_init__(self) -> None:
        if self.weight < 0:
            raise wrong(NEGATIVE, self.weight)

    def points(self) -> Number:
        """See `Scoring`."""
        return self.of.number * self.weight

    def floor(self) -> Number:
        """See `Scoring`."""
        return Constant(self.weight)


@frozen(eq=False, kw_only=True)
class Root(PythonScoring):
    """The whole part of a root."""

    of: Quantity
    high: Fraction = field(metadata={"key": "most"})

    def compute(self, values: Values) -> Fraction:
        """See `PythonScoring`."""
        found = 0
        while (found + 1) ** 2 <= values.number("of"):
            found += 1
        return Fraction(found)


@frozen(eq=False)
class Gap:
    """What is missing; undefined where nothing is."""

    of: Quantity
    to: Quantity

    def number(self) -> Number:
        """See `QuantityKind`."""
        return self.to.number - self.of.number

    def unit(self) -> Text | None:
        """See `UnitKind`."""
        return self.of.unit

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return self.to.number > self.of.number

    def wording(self) -> Text:
        """See `QuantityKind`."""
        return WORDS


@frozen(eq=False)
class Even:
    """A number that is even, of 4 at the most."""

    of: Quantity

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        number = self.of.number
        met = number.equals(0) | number.equals(2) | number.equals(4)
        return Judged(met, None, Note(NEGATIVE))

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return WORDS


def stating(how: Callable[[], Any], least: Callable[[], Any] = lambda: Constant(0)) -> type:
    """Return a class of rules without keys that state something."""

    @frozen(eq=False)
    class Says(Scoring):
        def points(self) -> Any:  # noqa: ANN401 - whatever a test tries
            return how()

        def floor(self) -> Any:  # noqa: ANN401 - whatever a test tries
            return least()

    return Says


@pytest.fixture
def building(facts: Mapping[str, Fact]) -> Callable[..., Build]:
    """Return a converter's `structure` that knows some kinds, by id."""

    def building(**kinds: type) -> Build:
        converter = strict_converter()
        brought = {name: RuleKind(id=name, cls=cls, origin="shore") for name, cls in kinds.items()}
        teach_rules(converter, Names(facts, kinds=brought))
        return converter.structure

    return building


@pytest.fixture
def build(building: Callable[..., Build]) -> Build:
    """Build with one kind of each sort."""
    return building(weighed=Weighed, root=Root, gap=Gap, even=Even)


def broken(build: Build, table: object, cls: type = Scoring) -> str:
    """Return what a class did wrong, which is said with its kind and plugin."""
    (problem,) = problems(build, table, cls)
    assert "rule_kind_broken" == problem.code
    assert {"plugin": "shore", "kind": "bad"} == problem.parameters
    assert "bad" in problem.expected("zh")
    assert "shore" in problem.expected("en")
    return problem.got


def problems(build: Build, table: object, cls: type = Scoring) -> tuple[Problem, ...]:
    """Return what is wrong with a table that has to be refused."""
    with pytest.raises(InputError) as error:
        build(table, cls)
    return error.value.problems


class TestBuilding:
    """A kind from a plugin stands where those of the library do."""

    def test_scoring(self, build: Build) -> None:
        """A rule that gives points is built from its table, with its floor."""
        rule = build({"kind": "weighed", "of": "members", "weight": Fraction(1, 2)}, Scoring)

        assert isinstance(rule.points(), Product)
        assert Fraction(1, 2) == rule.floor().value

    def test_inside_each_other(self, build: Build) -> None:
        """Kinds of plugins and of the library stand in each other, with labels of the file."""
        gap = {"kind": "gap", "of": "members", "to": 12, "label": {"zh": "差", "en": "gap"}}
        table = {
            "kind": "sum",
            "of": [
                {"kind": "weighed", "of": {"kind": "sum", "of": [gap, "trainees"]}},
                {"kind": "root", "of": gap, "most": 10},
            ],
        }

        quantity = build(gap, Quantity)

        assert isinstance(build(table, Scoring).points(), Sum)
        assert ("gap", "times") == (quantity.label.en, quantity.unit.en)

    def test_quantity(self, build: Build) -> None:
        """A quantity has the words, the unit and the definition that its class says."""
        quantity = build({"kind": "gap", "of": "members", "to": 12}, Quantity)

        assert WORDS == quantity.label
        assert "times" == quantity.unit.en
        assert isinstance(quantity.defined, Truth)

    def test_condition(self, build: Build) -> None:
        """A condition has its reasons, and can be had without them."""
        condition = build({"kind": "even", "of": "faults"}, Condition)

        assert isinstance(condition.truth, Judged)
        assert not isinstance(condition.bare, Judged)
        assert WORDS == condition.label

    @pytest.mark.parametrize(
        ("table", "cls"),
        [
            ({"kind": "gap", "of": "members", "to": 3}, Scoring),
            ({"kind": "gap", "of": "members", "to": 3}, Condition),
            ({"kind": "weighed", "of": "members"}, Quantity),
            ({"kind": "even", "of": "members"}, Scoring),
        ],
    )
    def test_each_where_it_belongs(self, build: Build, table: dict[str, Any], cls: type) -> None:
        """A quantity is no condition and gives no points: its kind is unknown there."""
        (problem,) = problems(build, table, cls)

        assert ("unknown_name", "kind") == (problem.code, problem.path)
        assert table["kind"] not in problem.parameters["known"]  # type: ignore[operator] # a list

    def test_the_library_is_known_beside_them(self, build: Build) -> None:
        """A wrong name is compared with both."""
        (problem,) = problems(build, {"kind": "wieghed", "of": "members"})

        assert "weighed" == problem.nearest
        assert {"cases", "root", "weighed"} <= set(problem.parameters["known"])  # type: ignore[call-overload] # a list

    def test_what_the_table_lacks(self, build: Build) -> None:
        """What is wrong with a table is told as of every other kind, all of it at once."""
        table = {"kind": "weighed", "of": "membres", "weight": "2", "size": 3}

        found = [(problem.code, problem.path) for problem in problems(build, table)]

        assert [("unknown_name", "of"), ("wrong_type", "weight"), ("unknown_key", "size")] == found

    def test_what_a_class_refuses(self, build: Build) -> None:
        """A class says what it refuses of its table in its own words."""
        (problem,) = problems(build, {"kind": "weighed", "of": "members", "weight": -1})

        assert ("test_negative", "-1") == (problem.code, problem.got)

    def test_too_large(self, building: Callable[..., Build]) -> None:
        """A rule that would take for ever is refused before anything of it is computed."""

        def doubled() -> Number:
            term: Number = FactNumber("members")
            for _ in range(40):
                term = term + term
            return term

        (problem,) = problems(building(bad=stating(doubled)), {"kind": "bad"})

        assert "rule_too_large" == problem.code

    def test_standings(self) -> None:
        """Where a kind stands is said by its class."""
        assert [("scoring",), ("scoring",), ("quantity",), ("condition",)] == [
            standings(cls) for cls in (Weighed, Root, Gap, Even)
        ]


class TestBlame:
    """What a class does wrong while a rule is built names its plugin."""

    @pytest.mark.parametrize(
        ("how", "words"),
        [
            (lambda: 3, "TypeError: 3 is no Number"),
            (lambda: None, "TypeError: None is no Number"),
            (lambda: 1 / 0, "ZeroDivisionError: division by zero"),
            (lambda: FactFlag("present"), "is no Number"),
            (lambda: FactNumber("membres"), "[unknown_name] got 'membres'"),
            (lambda: Choose(FactFlag("presnt"), Constant(1), Constant(0)), "got 'presnt'"),
            (lambda: Explained(Constant(1), Note(NEGATIVE, {"n": FactNumber("x")})), "got 'x'"),
            (lambda: Sum((Constant(1), "2")), "AttributeError: "),  # type: ignore[arg-type] # on purpose
            (lambda: Opaque(lambda *_: (Fraction(1), ())), "[rule_kind_opaque]"),
        ],
    )
    def test_wrong_terms(
        self, building: Callable[..., Build], how: Callable[[], Any], words: str
    ) -> None:
        """A term that nobody can interpret is found before any sheet is made, floor included."""
        assert words in broken(building(bad=stating(how)), {"kind": "bad"})
        floor = stating(lambda: Constant(1), how)
        assert words in broken(building(bad=floor), {"kind": "bad"})

    def test_foreign_terms(self, building: Callable[..., Build]) -> None:
        """The algebra is what it is: no plugin adds a term to it."""

        class Own(Number):
            denominator = 1

            def parts(self) -> tuple[Term, ...]:
                return ()

        assert "TypeError" in broken(building(bad=stating(Own)), {"kind": "bad"})

    @pytest.mark.parametrize("error", [RuntimeError("off"), SystemExit("off"), InputError(())])
    def test_it_raises(self, building: Callable[..., Build], error: BaseException) -> None:
        """Neither its constructor nor what it states can stop the others."""

        def raises() -> Number:
            raise error

        @frozen(eq=False)
        class Bad(Scoring):
            def __attrs_post_init__(self) -> None:
                raises()

            def points(self) -> Number:
                return Constant(1)

        for cls in (Bad, stating(raises)):
            got = broken(building(bad=cls), {"kind": "bad"})
            assert got in {"RuntimeError: off", "SystemExit: off", ""}

    def test_the_users_own_interruption(self, building: Callable[..., Build]) -> None:
        """Ctrl-C is the user's."""

        def raises() -> Number:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            building(bad=stating(raises))({"kind": "bad"}, Scoring)

    @pytest.mark.parametrize("method", ["number", "unit", "defined", "wording"])
    def test_quantities(self, building: Callable[..., Build], method: str) -> None:
        """Whatever a quantity says is checked for what it is."""
        bad = type("Bad", (Gap,), {method: lambda _: 3})

        table = {"kind": "bad", "of": "members", "to": 12}

        assert "TypeError: 3 is no " in broken(building(bad=bad), table, Quantity)

    @pytest.mark.parametrize("method", ["truth", "defined", "wording"])
    def test_conditions(self, building: Callable[..., Build], method: str) -> None:
        """Whatever a condition says is checked for what it is."""
        bad = type("Bad", (Even,), {method: lambda _: 3})

        table = {"kind": "bad", "of": "members"}

        assert "TypeError: 3 is no " in broken(building(bad=bad), table, Condition)

    def test_bounds(self, building: Callable[..., Build]) -> None:
        """Bounds that a class of Python has wrong are its own fault, wherever they come from."""
        bad = type("Bad", (Root,), {"step": Fraction(3)})
        table = {"kind": "bad", "of": "members", "most": 10}

        assert broken(building(bad=bad), table).startswith("high: [off_step] got 10")

    def test_python_gives_points_alone(self, building: Callable[..., Build]) -> None:
        """A condition on what Python computes is refused: a gate has nothing to do without it."""

        @frozen(eq=False)
        class Enough:
            of: Scoring

            def truth(self) -> Truth:
                return self.of.points() >= 3

            def wording(self) -> Text:
                return WORDS

        build = building(bad=Enough, root=Root)
        table = {"kind": "bad", "of": {"kind": "root", "of": "members", "most": 3}}

        assert "[rule_kind_opaque]" in broken(build, table, Condition)
        assert build({"kind": "bad", "of": {"kind": "points", "points": 3}}, Condition)

    def test_points_on_what_python_computes(
        self, building: Callable[..., Build], facts: Mapping[str, Fact]
    ) -> None:
        """A rule that gives points may choose by what Python computes."""

        @frozen(eq=False)
        class AllOrNothing(Scoring):
            of: Scoring

            def points(self) -> Number:
                return Choose(self.of.points() >= 3, Constant(10), Constant(0))

        build = building(all_or_nothing=AllOrNothing, root=Root)
        root = {"kind": "root", "of": "members", "most": 3}

        rule = build({"kind": "all_or_nothing", "of": root}, Scoring)

        numbers = Interpreter(Numbers()).number(rule.points())
        assert [0, 10] == [numbers(known(facts, {"members": n}).units, []) for n in (8, 9)]
