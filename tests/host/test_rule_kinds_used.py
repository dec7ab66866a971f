"""Policies that use the rule kinds of plugins: on the sheet, extended, varied, pickled."""

import pickle
from fractions import Fraction

import pytest
from attrs import frozen

from studioflow.errors import InputError
from studioflow.host import Host
from studioflow.people import Mark
from studioflow.policy import Catalogue, Document, OneRule, Policy, build_policy
from studioflow.rubric import CriterionResult, ScoreSheet
from tests.host.shore import (
    BOTH,
    LEVELLED,
    Tables,
    Twice,
    built,
    kinds,
    label,
    plugin,
    problems,
    tables,
)


def points(result: CriterionResult) -> tuple[object, object]:
    """Return points and range."""
    return result.points.points, result.points.range


def total(sheet: ScoreSheet) -> tuple[object, object]:
    """Return points and range of the total."""
    return sheet.total.points, sheet.total.range


class TestPolicies:
    """A policy names the kinds of plugins as those of the library."""

    def test_both_ways(self) -> None:
        """Stated in the algebra or computed in Python, the points are on the sheet."""
        sheet = built(BOTH).score({"talks": 3, "level": "county"})

        assert [6, 6] == [result.points.points for result in sheet.criteria]
        assert 12 == sheet.total.points
        assert {"talks": 3, "level": "county"} == sheet.criterion("b").facts

    def test_known_inputs(self) -> None:
        """A rule in Python computes as soon as its own inputs are known."""
        more = {"kind": "twice", "of": "others"}
        sheet = built(tables(a=more, b=LEVELLED)).score({"talks": 3, "level": "town"})

        assert (None, (0, 18)) == points(sheet.criterion("a"))
        assert (3, (3, 3)) == points(sheet.criterion("b"))
        assert (None, (3, 21)) == total(sheet)

    @pytest.mark.parametrize("known", [{}, {"talks": 3}, {"level": "town"}])
    def test_open_inputs(self, known: dict[str, object]) -> None:
        """While an input is open the points are anything within bounds, and hang on it."""
        result = built(BOTH).score(known).criterion("b")

        assert (None, (0, 10)) == points(result)
        assert {"talks", "level"} - known.keys() == set(result.open)
        assert ["open_facts"] == [reason.code for reason in result.reasons]

    @pytest.mark.parametrize("wrapped", [False, True])
    def test_a_failure(self, *, wrapped: bool) -> None:
        """The sheet stands: the points are not known, and who is to blame is said, with the clause.

        Also where another rule stands around it, which does not know which way to go.
        """
        rule: Tables = {"kind": "sum", "cap": 8, "of": [LEVELLED]} if wrapped else LEVELLED
        sheet = built(tables(a={"kind": "twice", "of": "talks"}, b=rule)).score(
            {"talks": 7, "level": "town"}
        )

        result = sheet.criterion("b")
        assert (None, (0, 8 if wrapped else 10)) == points(result)
        assert ("rule_kind_failed", "§ b") == (result.reasons[0].code, result.reasons[0].clause)
        expected = "no points: the rule levelled of the plugin shore failed: RuntimeError: seven"
        assert expected == result.reasons[0].text("en")
        assert 1 == [reason.code for reason in result.reasons].count("rule_kind_failed")
        assert 14 == sheet.criterion("a").points.points
        assert (None, (14, 22 if wrapped else 24)) == total(sheet)
        assert () == sheet.open
        assert "rule_kind_failed" in str(sheet.to_dict())

    def test_a_failure_beside_open_facts(self) -> None:
        """What failed is said while other facts of the same item are open."""
        rule = {"kind": "cases", "otherwise": 0, "cases": [{"when": "public", "points": LEVELLED}]}
        result = built(tables(a=rule)).score({"talks": 7, "level": "town"}).criterion("a")

        assert ["rule_kind_failed", "open_facts"] == [reason.code for reason in result.reasons]
        assert (None, (0, 10)) == points(result)

    def test_every_place(self) -> None:
        """Conditions and quantities of plugins stand in gates, names and rules of the library."""
        counted = {
            "kind": "count",
            "count": {"kind": "double", "of": "talks"},
            "norm": 6,
            "points": 5,
            "above": {"each": 1, "to": 9},
            "below": {"each": 1, "to": 0},
        }
        source = tables(a=counted)
        source["conditions"] = {
            "spoke": {
                "label": label("spoke"),
                "kind": "some",
                "of": {"kind": "double", "of": "talks"},
            }
        }
        source["gates"] = {"g": {"label": label("g"), "kind": "all", "of": ["spoke"]}}

        sheet = built(source).score({"talks": 4})

        assert 7 == sheet.criterion("a").points.points
        assert sheet.gates[0].met
        assert False is built(source).score({"talks": 0}).gates[0].met

    def test_values_that_hang_on_a_fact(self) -> None:
        """A table of a plugin's kind may say another value for each value of a fact."""
        most = {"by": "others", "otherwise": 4, "3": 6}
        policy = built(tables(a={**LEVELLED, "most": most}, b={**LEVELLED, "most": 3}))
        facts = {"talks": 3, "level": "county"}

        assert (None, (0, 4)) == points(policy.score({"others": 2}).criterion("a"))
        assert (None, (0, 6)) == points(policy.score({}).criterion("a"))
        assert (6, (6, 6)) == points(policy.score({**facts, "others": 3}).criterion("a"))
        other = policy.score({**facts, "others": 2}).criterion("a")
        assert "rule_kind_failed" in [reason.code for reason in other.reasons]

    def test_marks(self) -> None:
        """What several people marked is one number to a rule in Python, and how is said first."""
        source = tables(a={**LEVELLED, "of": "mark"})
        panel = {"way": "mean", "least": 1, "most": 5}
        source["roles"] = {"judge": {"label": label("judge")}}
        source["facts"]["mark"] = {
            "type": "mark",
            "label": label("mark"),
            "from": ["judge"],
            "min": 0,
            "max": 10,
            "step": 1,
            "panel": panel,
        }
        marks = [
            Mark(criterion="a", by=f"p-{given}", role="judge", points=Fraction(given))
            for given in (3, 4)
        ]

        result = built(source).score({"level": "town"}, marks=marks).criterion("a")

        assert Fraction(7, 2) == result.points.points
        assert ["mean_of_marks", "rule_kind_points"] == [reason.code for reason in result.reasons]

    def test_the_most_points(self) -> None:
        """A criterion can not give more than its maximum: declared bounds count as points do."""
        assert [("max_exceeded", "criteria/a")] == problems(tables(a={**LEVELLED, "max": 9}))

    def test_without_the_plugin(self) -> None:
        """Without its plugin a kind is unknown."""
        assert [("unknown_name", "criteria/a/kind")] == problems(
            tables(a=LEVELLED), plugin("other", rule_kinds=[])
        )

    def test_with_a_broken_plugin(self) -> None:
        """Where no kind is like it, a plugin that is broken may be the one that brings it."""
        bad = plugin("bad", rule_kinds=[3])

        for kind, hinted in (("levelled", True), ("pionts", False)):
            with pytest.raises(InputError) as error:
                built(tables(a={**LEVELLED, "kind": kind}), bad)
            (problem,) = error.value.problems
            assert "unknown_name" == problem.code
            assert hinted == ("bad is broken" in problem.explain("en"))

    def test_extended_and_varied(self) -> None:
        """A policy that extends another one, and one that is varied, know the kinds of plugins."""
        derived = {
            "schema": "studioflow.policy/1",
            "id": "derived",
            "version": "1",
            "label": label("derived"),
            "extends": "shore",
            "criteria": {"b": {"most": 4}},
        }
        host = Host([kinds(), plugin("own", policies=[BOTH, derived])])

        policy = host.policy("derived", {"criteria/a/of": "others"})
        varied = policy.vary({"criteria/b/most": 5, "criteria/a/kind": "levelled",
                              "criteria/a/level": "level"})  # fmt: skip

        assert (None, (0, 4)) == points(policy.score({}).criterion("b"))
        assert (None, (0, 5)) == points(varied.score({}).criterion("b"))
        assert (None, (0, 10)) == points(varied.score({}).criterion("a"))
        assert host.catalogue.kinds == policy.kinds == varied.kinds

    def test_built_again(self) -> None:
        """A policy's own tables and kinds build it again."""
        policy = built(BOTH)

        again = build_policy(Document(policy.tables, "x"), Catalogue(kinds=policy.kinds))
        other = Policy.of(policy.tables, document=policy.document, kinds=policy.kinds)

        assert policy.fingerprint == again.fingerprint == other.fingerprint
        assert again.score({"talks": 2, "level": "town"}).total.points == 6

    def test_pickled(self) -> None:
        """A policy takes along the kinds that it uses; what it does not use need not be pickled."""

        @frozen
        class Local(Twice):
            pass

        policy = built(tables(b=LEVELLED), kinds(local=Local))

        copied = pickle.loads(pickle.dumps(policy))  # noqa: S301 - our own

        assert ["levelled"] == list(copied.kinds)
        facts = {"talks": 2, "level": "county"}
        assert policy.score(facts).total == copied.score(facts).total
        assert (None, (0, 5)) == total(copied.vary({"criteria/b/most": 5}).score({}))

    def test_pickled_with_every_answer(self) -> None:
        """A kind that only another answer of a reading uses is taken along, too."""
        either = {"reading": "how", "plain": {"kind": "twice", "of": "talks"}, "levelled": LEVELLED}
        source = tables(a={"kind": "sum", "of": [either]})
        words = {word: label(word) for word in ("plain", "levelled")}
        source["readings"] = {"how": {"text": label("how"), "values": words, "value": "plain"}}

        copied = pickle.loads(pickle.dumps(built(source)))  # noqa: S301 - our own

        other = copied.vary({"readings/how": "levelled"})
        assert (None, (0, 18)) == total(copied.score({}))
        assert (None, (0, 10)) == total(other.score({}))

    def test_one_rule(self) -> None:
        """A rule of a plugin's kind can be tried by itself; where it bends nobody can know."""
        text = """
            [facts.talks]
            type = "count"
            max = 9
            label = { zh = "讲座", en = "talks" }
            unit = { zh = "次", en = "talks" }

            [facts.level]
            type = "choice"
            label = { zh = "级别", en = "level" }
            values.county = { zh = "县", en = "county" }
            values.town = { zh = "镇", en = "town" }

            [rule]
            kind = "levelled"
            of = "talks"
            level = "level"
        """
        rule = OneRule.read(text, catalogue=Host([kinds()]).catalogue)

        assert 8 == rule.points({"talks": 4, "level": "county"})
        assert rule.points({"talks": 7, "level": "county"}) is None
        assert [0, 10] == list(rule.range({"talks": 4}))
        assert () == rule.breakpoints.of["talks"]
        assert frozenset({"talks"}) in rule.breakpoints.joint

    def test_broken(self) -> None:
        """What a class does wrong while a policy is built is a problem of the policy, by name."""
        bad = type("Bad", (Twice,), {"points": lambda _: 3})
        with pytest.raises(InputError) as error:
            built(tables(a={"kind": "bad", "of": "talks"}), kinds(bad=bad))

        (problem,) = error.value.problems
        assert ("rule_kind_broken", "criteria/a") == (problem.code, problem.path)
        assert {"kind": "bad", "plugin": "shore"} == problem.parameters

    def test_measures(self) -> None:
        """The conditions of a measure may be of a plugin's kind: it names the records' fields."""
        source = tables(a={"kind": "twice", "of": "talks"})
        number = {
            "type": "count",
            "label": label("heard"),
            "unit": label("people"),
            "required": True,
        }
        day = {"type": "date", "label": label("on"), "required": True}
        source["roles"] = {"lead": {"label": label("lead")}}
        source["records"] = {
            "talk": {"label": label("talk"), "from": ["lead"], "date": "on",
                     "fields": {"on": day, "heard": number}},
        }  # fmt: skip
        source["measures"] = {
            "talks": {"kind": "count", "of": "talk", "where": {"kind": "some", "of": "heard"}}
        }

        assert "talks" in built(source).measures
        source["measures"]["talks"]["where"]["of"] = "talks"
        assert [("unknown_name", "measures/talks/where/of")] == problems(source)
