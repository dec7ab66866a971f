"""A value set at a path, from Python and from the command line, and remembered."""

import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.errors import InputError
from studioflow.policy import (
    Document,
    Policy,
    build_policy,
    parse_setting,
    parse_settings,
    written_setting,
)
from studioflow.timeline import OnEvent


def told(policy: Policy, changes: dict[str, object]) -> list[tuple[str, str, str | None]]:
    """Return path, code and nearest match of every problem that changes bring."""
    with pytest.raises(InputError) as error:
        policy.vary(changes)
    assert {None} == {problem.file for problem in error.value.problems}
    return [(p.path, p.code, p.nearest) for p in error.value.problems]


def test_settings_at_once() -> None:
    """Several settings are read together: the last one of a path counts, no problem is left out."""
    assert {"a/b": 3, "c": "x"} == parse_settings(["a/b=2", "c=x", "a/b=3"])
    with pytest.raises(InputError) as error:
        parse_settings(["a/b", "c=x", "d=1e99999"])
    assert ["setting_syntax", "too_many_digits"] == [p.code for p in error.value.problems]
    assert "'a/b'" == error.value.problems[0].got


nfc = partial(unicodedata.normalize, "NFC")


class TestSettings:
    """`PATH=VALUE`, as the command line has it."""

    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("12", 12),
            ("0.5", Decimal("0.5")),
            ("true", True),
            ("2024-11-01", date(2024, 11, 1)),
            ("uncapped", "uncapped"),
            ("not_if_paid_in_5.4.1", "not_if_paid_in_5.4.1"),
            ("六有", "六有"),
            ('"12"', "12"),
            ("{ each = 1, to = 20 }", {"each": 1, "to": 20}),
            ('["a", "b"]', ["a", "b"]),
            (" 12 ", 12),
            ("a=b", "a=b"),
        ],
    )
    def test_value(self, text: str, value: object) -> None:
        """A value is TOML; a bare word is a text."""
        assert ("criteria/5.2.2/norm", value) == parse_setting(f"criteria/5.2.2/norm={text}")

    @pytest.mark.parametrize("text", ["", "norm", "=12", "norm=", " = ", "norm=1\nother = 2"])
    def test_form(self, text: str) -> None:
        """Without a path or a value, or with a second key, it is no setting."""
        with pytest.raises(InputError) as error:
            parse_setting(text)

        assert ["setting_syntax"] == [problem.code for problem in error.value.problems]

    @pytest.mark.parametrize(
        ("text", "code"),
        [("x=nan", "not_finite"), ("x=1e999", "too_many_digits"), ("x=[1, inf]", "not_finite")],
    )
    def test_bounds(self, text: str, code: str) -> None:
        """A number that no document may hold is refused here, too."""
        with pytest.raises(InputError) as error:
            parse_setting(text)

        assert [code] == [problem.code for problem in error.value.problems]

    @given(
        st.recursive(
            st.one_of(
                st.integers(-(10**9), 10**9),
                st.booleans(),
                st.dates(),
                st.decimals(-1000, 1000, places=2),
                st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=12).map(nfc),
            ),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.dictionaries(st.text(min_size=1, max_size=5, alphabet="aé-_5 "), inner),
            ),
            max_leaves=5,
        )
    )
    def test_round_trip(self, value: object) -> None:
        """What is written down is read as the same value."""
        assert ("a/b", value) == parse_setting(written_setting("a/b", value))


PATHS: list[tuple[str, object, str, str | None]] = [
    ("criteria/visits/nrom", 12, "unknown_key", "norm"),
    ("criteria/visit/norm", 12, "unknown_name", "visits"),
    ("criterai/visits/norm", 12, "unknown_name", "criteria"),
    ("readings/stritness", "mild", "unknown_name", "strictness"),
    ("readings/strictness", "midl", "unknown_name", "mild"),
    ("sections/wrok", 3, "unknown_name", "work"),
    ("quotta", 3, "unknown_key", "quota"),
    ("criteria/visits/norm/x", 12, "wrong_type", None),
    ("gates/order/of/9", "safe", "unknown_name", None),
    ("gates/order/of/-1", "safe", "unknown_name", "1"),
    ("gates/order/of/²", "safe", "unknown_name", None),
    ("gates/order/of/first", "safe", "unknown_name", None),
    ("quota/places", 0.5, "not_plain", None),
    ("quota/places", Fraction(1, 3), "not_plain", None),
    ("", 3, "unknown_key", None),
]


class TestVary:
    """`Policy.vary`."""

    def test_value(self, small: Policy) -> None:
        """A value is set, and the policy that it came from stays as it is."""
        varied = small.vary({"criteria/visits/norm": 12})

        assert 6 == varied.score({"visits": 8}).criterion("visits").points.points
        assert 8 == small.score({"visits": 8}).criterion("visits").points.points

    @pytest.mark.parametrize("path", ["readings/strictness", "readings/strictness/value"])
    def test_reading(self, path: str, small: Policy) -> None:
        """Setting a reading chooses its answer."""
        mild = small.vary({path: "mild"})

        assert {"strictness": "mild", "pass_mark": "none"} == dict(mild.readings_in_force)
        assert [False, True] == [
            policy.score({"visits": 5, "safe": True, "site_door": True}).eligible
            for policy in (small, mild)
        ]

    def test_number_reading(self, small: Policy) -> None:
        """A reading without a list takes any number, and none again."""
        pass_mark = small.vary({"readings/pass_mark": Decimal("7.5")})

        assert "7.5" == pass_mark.readings_in_force["pass_mark"]
        assert Fraction(15, 2) == pass_mark.rubric.grades["good"].at_least
        assert pass_mark.vary({"readings/pass_mark": "none"}).rubric.grades["good"].at_least is None

    def test_fraction(self, small: Policy) -> None:
        """A fraction that is a decimal is taken as one."""
        assert (
            "criteria/visits/below/each=0.5"
            == small.vary({"criteria/visits/below/each": Fraction(1, 2)}).reference.varied[0]
        )

    def test_in_a_list(self, small: Policy) -> None:
        """A path goes through lists by position."""
        varied = small.vary({"lifecycle/transitions/open/conditions/place/of/2/bound": 3})
        of = varied.tables["lifecycle"]["transitions"]["open"]["conditions"]["place"]["of"]

        assert [
            "gates_met",
            "enough",
            {"kind": "at_least", "value": "places_left", "bound": 3},
        ] == of

    def test_item_of_a_list(self, small: Policy) -> None:
        """An item of a list is replaced by position."""
        assert ["enough", "enough"] == small.vary({"gates/order/of/0": "enough"}).tables["gates"][
            "order"
        ]["of"][:2]

    def test_new_key(self, small: Policy) -> None:
        """A key that was left out is added."""
        assert 12 == small.vary({"sections/work/cap": 12}).rubric.maximum

    def test_new_key_of_a_bare_entry(self, small: Policy) -> None:
        """A key is added to an entry that has nothing but a label, too."""
        bare = small.vary({"roles/guest": {"label": {"zh": "客", "en": "guest"}}})
        assert bare.vary({"roles/guest/own": True}).roles["guest"].own

    def test_new_entry(self, small: Policy) -> None:
        """A new entry is a table, and comes last."""
        label = {"zh": "新", "en": "new"}

        assert ["work", "new"] == list(
            small.vary({"sections/new": {"label": label}}).rubric.sections
        )

    def test_none_removes_a_table(self, small: Policy) -> None:
        """The word "none" takes a table away."""
        assert small.vary({"quota": "none"}).quota is None

    def test_event(self, small: Policy) -> None:
        """A table from Python is what it is in a file."""
        varied = small.vary({"calendar/moments/start": {"event": "open"}})

        assert OnEvent("open") == varied.calendar.moments["start"]

    def test_several(self, small: Policy) -> None:
        """Changes are made in their order, and a varied policy can be varied again."""
        varied = small.vary({"criteria/visits/norm": 12, "quota/places": 3}).vary(
            {"quota/places": 4}
        )

        assert ("criteria/visits/norm=12", "quota/places=4") == varied.reference.varied
        assert varied.quota is not None
        assert 4 == varied.quota.places

    def test_on_the_sheet(self, small: Policy) -> None:
        """A sheet says what was varied, as the command line would."""
        changes: dict[str, object] = {
            "criteria/visits/below": {"each": Decimal("0.5"), "to": 0},
            "readings/strictness": "mild",
            "grades/best/at_least": "none",
            "facts/safe/from": ["judge"],
        }
        sheet = small.vary(changes).score({}).to_dict()

        assert [
            "criteria/visits/below={ each = 0.5, to = 0 }",
            "readings/strictness=mild",
            "grades/best/at_least=none",
            'facts/safe/from=["judge"]',
        ] == sheet["policy"]["varied"]  # type: ignore[index] # a table

    def test_written_settings_vary_alike(self, small: Policy) -> None:
        """Reading back what a sheet says was varied gives the same policy."""
        varied = small.vary({"criteria/visits/norm": 12, "readings/pass_mark": 8})
        again = small.vary(dict(map(parse_setting, varied.reference.varied)))

        assert varied.fingerprint == again.fingerprint

    @pytest.mark.parametrize(
        ("path", "value", "problem"),
        [(path, value, problem) for path, value, *problem in PATHS],
    )
    def test_refused(
        self, path: str, value: object, problem: list[str | None], small: Policy
    ) -> None:
        """A path that leads nowhere, or a value that does not fit there, is refused by name."""
        ((place, *told_of_it),) = told(small, {path: value})

        assert problem == told_of_it
        assert place in {path, f"{path}/value"}

    def test_several_problems(self, small: Policy) -> None:
        """Every path that does not exist is told, and what the other changes break."""
        assert [
            ("criteria/visit/norm", "unknown_name", "visits"),
            ("readings/stritness", "unknown_name", "strictness"),
            ("criteria/talk", "max_exceeded", None),
        ] == told(
            small,
            {"criteria/visit/norm": 1, "readings/stritness": "mild", "criteria/talk/max": 1},
        )

    def test_policy_that_is_no_longer_right(self, small: Policy) -> None:
        """A change that breaks something is refused with all that it breaks."""
        assert [
            ("criteria/visits", "max_exceeded", None),
            ("criteria/talk", "max_exceeded", None),
        ] == told(small, {"criteria/visits/max": 9, "criteria/talk/max": 9})

    def test_while_building(self) -> None:
        """Changes can be made before anything is built; what they break is no file's fault."""
        document = Document.read(Path(__file__).with_name("small.toml"))
        policy = build_policy(document, changes={"quota/places": 3})

        assert ("quota/places=3",) == policy.reference.varied
        with pytest.raises(InputError) as error:
            build_policy(document, changes={"criteria/visits/section": "wrok"})
        assert [None] == [problem.file for problem in error.value.problems]

    def test_several_problems_while_building(self) -> None:
        """A path that does not exist hides nothing of what another change breaks."""
        document = Document.read(Path(__file__).with_name("small.toml"))
        with pytest.raises(InputError) as error:
            build_policy(document, changes={"criteria/visit/norm": 1, "criteria/talk/max": 1})

        assert ["unknown_name", "max_exceeded"] == [p.code for p in error.value.problems]

    def test_mends_a_document(self, tables: dict[str, object]) -> None:
        """A document that is only right with a change can be built with it."""
        tables["quota"] = {"places": -1, "taken_by": "open"}

        assert build_policy(Document(tables, "x.toml"), changes={"quota/places": 1}).quota
