"""The policy as a value: its fingerprint, what differs, and that it does not change."""

import copy
import json
import pickle
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st

from studioflow.codec import parse
from studioflow.policy import Difference, Document, Policy, build_policy, differences
from studioflow.policy.document import fingerprint, flattened

Tables = dict[str, Any]


class TestFingerprint:
    """The same for the same content, and for nothing else."""

    def test_form(self, small: Policy) -> None:
        """It is a SHA-256 with its name."""
        assert small.fingerprint.startswith("sha256:")
        assert 64 == len(small.fingerprint.removeprefix("sha256:"))

    def test_same_content(self, small: Policy, tables: Tables) -> None:
        """Building the same document again gives the same fingerprint, whatever its name."""
        assert small.fingerprint == build_policy(Document(tables, "other.toml")).fingerprint

    def test_there_and_back(self, small: Policy) -> None:
        """A value set and set back gives the same fingerprint, and is remembered."""
        back = small.vary({"quota/places": 3}).vary({"quota/places": 10})

        assert small.fingerprint == back.fingerprint
        assert ("quota/places=10",) == back.reference.varied

    def test_order_of_keys(self, small: Policy, tables: Tables) -> None:
        """The order of the keys inside an entry does not count."""
        tables["criteria"]["visits"] = dict(reversed(tables["criteria"]["visits"].items()))
        tables["label"] = dict(reversed(tables["label"].items()))

        assert small.fingerprint == build_policy(Document(tables, "small.toml")).fingerprint

    @pytest.mark.parametrize("place", ["grades", "criteria", "roles"])
    def test_order_of_entries(self, place: str, small: Policy, tables: Tables) -> None:
        """The order of entries counts: a sheet keeps it, and the best comes first."""
        tables[place] = dict(reversed(tables[place].items()))

        assert small.fingerprint != fingerprint(tables)

    def test_one_number(self, small: Policy, tables: Tables) -> None:
        """0.5 and 0.50 are one number, and so are 10 and 10.0."""
        tables["facts"]["talk_mark"]["step"] = Decimal("0.50")
        tables["criteria"]["visits"]["norm"] = Decimal("10.0")

        assert small.fingerprint == build_policy(Document(tables, "small.toml")).fingerprint

    def test_through_json(self, small: Policy) -> None:
        """The resolved document may be kept as JSON: it builds the same policy again."""

        def plain(value: object) -> object:
            return value.isoformat() if isinstance(value, date) else float(str(value))

        kept = json.dumps(small.vary({"readings/strictness": "mild"}).tables, default=plain)
        again = build_policy(Document(parse(kept.encode(), json_document=True), "kept.json"))

        assert small.vary({"readings/strictness": "mild"}).fingerprint == again.fingerprint
        assert again.readings_in_force["strictness"] == "mild"

    @given(data=st.data())
    def test_any_change(self, data: st.DataObject, small: Policy) -> None:
        """Whatever value is changed or left out, the fingerprint is another one."""
        tables = small.tables
        path = data.draw(st.sampled_from([path for path, _ in flattened(tables)]))
        *way, key = path.split("/")
        here = tables
        for step in way:
            here = here[step]
        if data.draw(st.booleans()):
            del here[key]
        else:
            here[key] = ["changed", here[key]]

        assert small.fingerprint != fingerprint(tables)


class TestDifferences:
    """What differs, with the clause."""

    def test_none(self, small: Policy) -> None:
        """A policy does not differ from itself."""
        assert () == differences(small, small)

    def test_value(self, small: Policy) -> None:
        """A value that differs comes with both values and the clause around it."""
        varied = small.vary({"criteria/visits/norm": 12, "quota/places": 3})

        assert (
            Difference("criteria/visits/norm", 10, 12, "2.1"),
            Difference("quota/places", 10, 3, "5"),
        ) == differences(small, varied)

    def test_nearest_clause(self, small: Policy) -> None:
        """The clause is that of the nearest table that cites one, or none."""
        varied = small.vary(
            {
                "criteria/visits/below/each": 2,
                "criteria/talk/bands/B/from": 4,
                "readings/strictness": "mild",
            }
        )

        assert {
            "criteria/visits/below/each": "2.1",
            "criteria/talk/bands/B/from": None,
            "readings/strictness/value": "7",
        } == {found.path: found.clause for found in differences(small, varied)}

    def test_added_and_removed(self, small: Policy) -> None:
        """What only one policy has is None in the other."""
        varied = small.vary({"sections/work/cap": 5, "criteria/visits/below": {"each": 1, "to": 1}})
        without = small.vary({"site_check": "none", "gates/order/of": ["safe"]})

        assert Difference("sections/work/cap", None, 5, "2") in differences(small, varied)
        assert Difference("site_check/label/en", "the site", None, None) in differences(
            small, without
        )

    def test_lists(self, small: Policy) -> None:
        """A list is one value."""
        varied = small.vary({"gates/order/of/0": "enough"})

        assert (
            Difference(
                "gates/order/of",
                ["safe", "enough", {"kind": "site_check"}],
                ["enough", "enough", {"kind": "site_check"}],
                "1",
            ),
        ) == differences(small, varied)

    def test_order(self, small: Policy, tables: Tables) -> None:
        """Entries in another order are a difference of the table."""
        tables["criteria"] = dict(reversed(tables["criteria"].items()))
        other = build_policy(Document(tables, "small.toml"))

        assert (
            Difference("criteria", ["visits", "talk"], ["talk", "visits"], None),
        ) == differences(small, other)

    def test_same_number(self, small: Policy) -> None:
        """One number written in two ways is no difference, as for the fingerprint."""
        assert () == differences(small, small.vary({"facts/talk_mark/step": Decimal("0.50")}))


class TestImmutable:
    """A policy and its mappings can not be changed by accident."""

    @pytest.mark.parametrize("name", ["id", "rubric", "readings", "tables", "fingerprint"])
    def test_attributes(self, name: str, small: Policy) -> None:
        """No attribute can be set."""
        with pytest.raises((FrozenInstanceError, AttributeError)):
            setattr(small, name, None)

    @pytest.mark.parametrize(
        "reach",
        [
            lambda policy: policy.facts,
            lambda policy: policy.roles,
            lambda policy: policy.readings,
            lambda policy: policy.readings["strictness"].values,
            lambda policy: policy.readings_in_force,
            lambda policy: policy.changes,
            lambda policy: policy.calendar.moments,
            lambda policy: policy.calendar.windows,
            lambda policy: policy.procedure.states,
            lambda policy: policy.procedure.transitions,
            lambda policy: policy.procedure.transitions["open"].conditions,
            lambda policy: policy.site_check.items,
            lambda policy: policy.names.conditions,
            lambda policy: policy.rubric.criteria,
            lambda policy: policy.rubric.criteria["talk"].rule.bands,
        ],
    )
    def test_mappings(self, reach: Callable[[Policy], Any], small: Policy) -> None:
        """Every mapping is read-only."""
        with pytest.raises(TypeError, match="does not support item"):
            reach(small)["x"] = None

    def test_tables_are_a_copy(self, small: Policy) -> None:
        """The tables that a policy hands out are the caller's own."""
        before = small.fingerprint
        tables = small.tables
        tables["criteria"]["visits"]["norm"] = 3
        tables["gates"]["order"]["of"].clear()

        assert before == fingerprint(small.tables)

    def test_changes_are_a_copy(self, small: Policy) -> None:
        """Who changes what he handed in does not change the policy."""
        below = {"each": 2, "to": 0}
        varied = small.vary({"criteria/visits/below": below})
        below["each"] = 3

        assert {"criteria/visits/below": {"each": 2, "to": 0}} == dict(varied.changes)
        assert 2 == varied.tables["criteria"]["visits"]["below"]["each"]

    def test_a_sheet_is_its_own(self, small: Policy) -> None:
        """Who changes a sheet's readings changes that sheet."""
        sheet = small.score({})
        sheet.readings["strictness"] = "?"  # type: ignore[index] # on purpose

        assert "strict" == small.score({}).readings["strictness"]


class TestCopies:
    """A policy is pickled and copied as its document."""

    @pytest.mark.parametrize(
        "copied",
        [
            copy.copy,
            copy.deepcopy,
            lambda policy: pickle.loads(pickle.dumps(policy)),  # noqa: S301 - made right there
        ],
    )
    def test_copy(self, copied: Callable[[Policy], Policy], small: Policy) -> None:
        """A copy scores alike, and remembers what was varied."""
        varied = small.vary({"criteria/visits/norm": 12})
        again = copied(varied)

        assert varied.reference == again.reference
        assert varied.score({"visits": 3}) == again.score({"visits": 3})

    def test_sheet(self, small: Policy) -> None:
        """A sheet can be pickled."""
        sheet = small.score({"visits": 3})

        assert sheet == pickle.loads(pickle.dumps(sheet))  # noqa: S301 - made right there
