"""The kinds of condition: when each holds, and the reason that it gives."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from studioflow.codec import strict_converter
from studioflow.errors import InputError
from studioflow.rules import Condition, Fact, Names, SiteItem, flag_condition, teach_rules

Holds = Callable[..., tuple[bool | None, list[str]]]
Refused = Callable[..., list[tuple[str, str]]]

ENOUGH = {"kind": "at_least", "value": "members", "bound": 7}


class TestNames:
    """A name alone is a condition."""

    @pytest.mark.parametrize("name", ["present", "judged"])
    def test_flags(self, holds: Holds, name: str) -> None:
        """A flag or a confirmation holds or not, or is not known yet."""
        assert (True, [f"{name}: yes"]) == holds(name, **{name: True})
        assert (False, [f"“{name}”：否"]) == holds(name, "zh", **{name: False})
        assert (None, []) == holds(name)

    def test_named_conditions(self, holds: Holds) -> None:
        """A condition with a name stands for itself, reasons included."""
        assert (False, ["members: 6, not in 7 to 12"]) == holds("team_size", members=6)

    def test_flag_condition(self, facts: Mapping[str, Fact]) -> None:
        """A truth becomes a condition with the words that it is listed by."""
        condition = flag_condition(facts["present"].label, facts["present"].truth())
        assert facts["present"].label is condition.label

    @pytest.mark.parametrize("name", ["members", "presnt", ""])
    def test_other_names(self, refused: Refused, name: str) -> None:
        """What is neither a flag nor a condition is refused."""
        assert [("unknown_name", "")] == refused(name, Condition)


class TestAllAndAny:
    """Every one, at least one."""

    BOTH = ("present", ENOUGH)

    @pytest.mark.parametrize(
        ("present", "members", "every", "one"),
        [
            (True, 7, True, True),
            (True, 6, False, True),
            (False, 7, False, True),
            (False, 6, False, False),
            (None, 6, False, None),
            (None, 7, None, True),
        ],
    )
    def test_outcomes(
        self,
        holds: Holds,
        *,
        present: bool | None,
        members: int,
        every: bool | None,
        one: bool | None,
    ) -> None:
        """What one of them decides does not wait for the others."""
        values = {"present": present, "members": members}
        assert every == holds({"kind": "all", "of": self.BOTH}, **values)[0]
        assert one == holds({"kind": "any", "of": self.BOTH}, **values)[0]

    def test_reasons_agree_with_the_outcome(self, holds: Holds) -> None:
        """What failed explains a no, what was met explains a yes."""
        values = {"present": True, "members": 6}
        every = {"kind": "all", "of": self.BOTH}
        assert (False, ["“members”为6，少于7"]) == holds(every, "zh", **values)
        assert (True, ["present: yes"]) == holds({"kind": "any", "of": self.BOTH}, **values)

    def test_every_reason_is_given(self, holds: Holds) -> None:
        """A no names everything that stands against it, and not the first thing alone."""
        every = {"kind": "all", "of": self.BOTH}
        expected = ["present: no", "members: 6, fewer than 7"]
        assert (False, expected) == holds(every, present=False, members=6)

    def test_empty(self, holds: Holds) -> None:
        """All of nothing holds, one of nothing does not."""
        assert (True, []) == holds({"kind": "all", "of": []})
        assert (False, []) == holds({"kind": "any", "of": []})


class TestNot:
    """The other way round."""

    def test_not(self, holds: Holds) -> None:
        """It holds where the other does not, in words of its own."""
        table = {"kind": "not", "of": "present"}
        assert (True, ["not the case: present"]) == holds(table, present=False)
        assert (False, ["不应有““present””"]) == holds(table, "zh", present=True)
        assert (None, []) == holds(table)

    def test_what_has_no_label(self, holds: Holds) -> None:
        """A condition without a label is named by what it says."""
        table = {"kind": "not", "of": ENOUGH}
        assert (False, ["should not be the case: members at least 7"]) == holds(table, members=7)

    def test_what_has_a_label(self, holds: Holds) -> None:
        """A label in the file comes first."""
        labelled = {**ENOUGH, "label": {"zh": "够人", "en": "enough people"}}
        table = {"kind": "not", "of": labelled}
        assert (True, ["没有“够人”"]) == holds(table, "zh", members=6)

    @pytest.mark.parametrize(("output", "expected"), [(8, False), (7, True)])
    def test_a_share(self, holds: Holds, output: int, *, expected: bool) -> None:
        """A share that is not reached is the other way round as well."""
        table = {"kind": "not", "of": TestShare.TABLE}
        assert expected == holds(table, output=output, trainees=9)[0]

    def test_a_share_of_nothing(self, holds: Holds) -> None:
        """What is not defined is not the case, and neither is its opposite."""
        table = {"kind": "not", "of": TestShare.TABLE}
        expected = ["the share is undefined: trainees is 0"]
        assert (False, expected) == holds(table, output=0, trainees=0)


class TestKOfN:
    """At least so many of a list."""

    TABLE: Mapping[str, Any] = {
        "kind": "k_of_n",
        "at_least": 2,
        "of": ["present", "proper", ENOUGH],
    }

    @pytest.mark.parametrize(
        ("present", "proper", "members", "expected"),
        [
            (True, True, 6, True),
            (True, False, 7, True),
            (False, False, 7, False),
            (None, True, 7, True),
            (None, False, 6, False),
            (None, True, 6, None),
        ],
    )
    def test_outcomes(
        self,
        holds: Holds,
        *,
        present: bool | None,
        proper: bool,
        members: int,
        expected: bool | None,
    ) -> None:
        """Enough is enough, whatever is not known yet."""
        values = {"present": present, "proper": proper, "members": members}
        assert expected == holds(self.TABLE, **values)[0]

    def test_reasons(self, holds: Holds) -> None:
        """One reason counts them, and names what was done or what is missing."""
        values = {"present": True, "proper": False, "members": 6}
        english = "only 1, at least 2 are needed; missing: proper, members at least 7"
        assert (False, [english]) == holds(self.TABLE, **values)
        chinese = "“present”、“members”不少于7共2项，至少需2项"
        assert (True, [chinese]) == holds(self.TABLE, "zh", **{**values, "members": 7})

    @pytest.mark.parametrize("at_least", [-1, 4])
    def test_limits(self, refused: Refused, at_least: int) -> None:
        """Fewer than none and more than there are were not meant."""
        found = refused({**self.TABLE, "at_least": at_least}, Condition)
        assert [("out_of_bounds", "at_least")] == found

    @pytest.mark.parametrize("at_least", [0, 3])
    def test_none_and_all(self, holds: Holds, at_least: int) -> None:
        """None and all of them are limits that may be meant."""
        table = {**self.TABLE, "at_least": at_least}
        values = {"present": True, "proper": True, "members": 7}
        assert True is holds(table, **values)[0]


class TestInRange:
    """From one end to the other."""

    TABLE: Mapping[str, Any] = {"kind": "in_range", "value": "members", "min": 7, "max": 12}

    @pytest.mark.parametrize(
        ("members", "expected"), [(6, False), (7, True), (12, True), (13, False)]
    )
    def test_both_ends_are_included(self, holds: Holds, members: int, *, expected: bool) -> None:
        """以上 and 以下 include the number itself."""
        not_ = "" if expected else "not "
        english = [f"members: {members}, {not_}in 7 to 12"]
        assert (expected, english) == holds(self.TABLE, members=members)

    def test_in_chinese(self, holds: Holds) -> None:
        """The same in Chinese."""
        expected = ["“members”为6，不在7至12之间"]
        assert (False, expected) == holds(self.TABLE, "zh", members=6)

    def test_order(self, refused: Refused) -> None:
        """A range that nothing is in was not meant."""
        assert [("bounds_order", "")] == refused({**self.TABLE, "min": 13}, Condition)


class TestBounds:
    """At least, at most."""

    @pytest.mark.parametrize(
        ("kind", "members", "expected", "sentence"),
        [
            ("at_least", 6, False, "members: 6, fewer than 7"),
            ("at_least", 7, True, "members: 7, at least 7"),
            ("at_most", 7, True, "members: 7, at most 7"),
            ("at_most", 8, False, "members: 8, more than 7"),
        ],
    )
    def test_the_bound_is_included(
        self, holds: Holds, kind: str, members: int, sentence: str, *, expected: bool
    ) -> None:
        """以上 and 以下 include the number itself."""
        table = {"kind": kind, "value": "members", "bound": 7}
        assert (expected, [sentence]) == holds(table, members=members)

    @pytest.mark.parametrize("kind", ["at_least", "at_most"])
    def test_none(self, holds: Holds, kind: str) -> None:
        """Without a bound it always holds, known or not."""
        assert (True, []) == holds({"kind": kind, "value": "members", "bound": "none"})

    @pytest.mark.parametrize(("kind", "zh"), [("at_least", "不少于"), ("at_most", "不多于")])
    def test_a_bound_may_be_a_fact(self, holds: Holds, kind: str, zh: str) -> None:
        """Two facts can be compared."""
        table = {"kind": kind, "value": "members", "bound": "trainees"}
        expected = [f"“members”为5，{zh}5"]
        assert (True, expected) == holds(table, "zh", members=5, trainees=5)


class TestShare:
    """A part of a whole."""

    TABLE: Mapping[str, Any] = {
        "kind": "share",
        "part": "output",
        "whole": "trainees",
        "percent": 80,
    }

    @pytest.mark.parametrize(
        ("part", "whole", "exact", "rounded"),
        [
            (4, 5, True, True),
            (3, 4, False, False),  # 75 %
            (7, 9, False, False),  # 77.8 %
            (8, 9, True, True),
            (1, 1, True, True),
            (0, 1, False, False),
        ],
    )
    def test_exact(
        self, holds: Holds, part: int, whole: int, *, exact: bool, rounded: bool
    ) -> None:
        """The share is compared as it is, and reaching the percentage is enough."""
        values = {"output": part, "trainees": whole}
        assert exact == holds(self.TABLE, **values)[0]
        assert rounded == holds({**self.TABLE, "rounded": True}, **values)[0]

    @pytest.mark.parametrize(
        ("numbers", "exact", "rounded"),
        [
            ({"part": 39, "whole": 49}, False, True),  # 79.59 %
            ({"part": 159, "whole": 200}, False, True),  # 79.5 %: halves go up
            ({"part": 79_499, "whole": 100_000}, False, False),  # 79.499 %
            ({"part": 5, "whole": 9, "percent": 56}, False, True),  # 55.6 %
            ({"part": 5, "whole": 9, "percent": 55}, True, True),
        ],
    )
    def test_rounded(
        self, holds: Holds, numbers: dict[str, int], *, exact: bool, rounded: bool
    ) -> None:
        """39 of 49 is not 80 %, unless the policy rounds to whole per cents, halves up."""
        table = {**self.TABLE, **numbers}
        assert exact == holds(table)[0]
        assert rounded == holds({**table, "rounded": True})[0]

    def test_rounded_reasons(self, holds: Holds) -> None:
        """The reason says that the share was rounded, reached or not."""
        table = {**self.TABLE, "part": 39, "whole": 49, "rounded": True}
        english = ["39: 39 of 49, rounded to whole per cent at least 80 %"]
        assert (True, english) == holds(table)
        chinese = ["3838／49，四舍五入到整数百分比后不到80%"]
        assert (False, chinese) == holds({**table, "part": 38}, "zh")

    @pytest.mark.parametrize("percent", [0, 50, 100])
    @pytest.mark.parametrize("rounded", [True, False])
    def test_undefined(self, holds: Holds, percent: int, *, rounded: bool) -> None:
        """No trainees make a share undefined: a reason of its own, and no division by zero."""
        table = {**self.TABLE, "percent": percent, "rounded": rounded}
        english = ["the share is undefined: trainees is 0"]
        assert (False, english) == holds(table, output=0, trainees=0)
        assert (False, ["“trainees”为0，比例无法计算"]) == holds(table, "zh", output=0, trainees=0)

    def test_reasons(self, holds: Holds) -> None:
        """The reason shows both numbers, never a rounded quotient."""
        english = ["output: 7 of 9, less than 80 %"]
        assert (False, english) == holds(self.TABLE, output=7, trainees=9)
        assert (True, ["“output”8／9，达到80%"]) == holds(self.TABLE, "zh", output=8, trainees=9)

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"output": 8}, True),  # of 8 or 9
            ({"output": 7}, None),  # of 7, 8 or 9
            ({"trainees": 9}, None),
            ({}, None),
        ],
    )
    def test_while_one_is_not_known(
        self, holds: Holds, values: dict[str, int], *, expected: bool | None
    ) -> None:
        """A part that is known says that the whole is no smaller."""
        assert expected == holds(self.TABLE, **values)[0]


class TestIs:
    """A choice is one of its words."""

    TABLE: Mapping[str, Any] = {"kind": "is", "fact": "papers", "value": "in_time"}

    def test_one_word(self, holds: Holds) -> None:
        """One word is compared."""
        assert (True, ["papers: in_time"]) == holds(self.TABLE, papers="in_time")
        assert (False, ["“papers”：不是“in_time”"]) == holds(self.TABLE, "zh", papers="late")
        assert (None, []) == holds(self.TABLE)

    def test_several_words(self, holds: Holds) -> None:
        """One of several is enough."""
        table = {**self.TABLE, "value": ["in_time", "late"]}
        assert (True, ["papers: in_time, late"]) == holds(table, papers="late")
        assert (False, ["papers: not in_time, late"]) == holds(table, papers="never")

    def test_every_word(self, holds: Holds) -> None:
        """A choice is always one of all its words, known or not."""
        table = {**self.TABLE, "value": ["in_time", "late", "never"]}
        assert (True, ["papers: in_time, late, never"]) == holds(table)

    def test_bad_declarations(self, refused: Refused) -> None:
        """Only a choice has words, and only its own: all problems at once."""
        assert [("wrong_type", "fact")] == refused({**self.TABLE, "fact": "members"}, Condition)
        several = {**self.TABLE, "value": ["in_tim", "late", "nevr"]}
        assert [("unknown_name", "value")] * 2 == refused(several, Condition)


class TestSiteCheck:
    """The items of the site check."""

    def test_all(self, holds: Holds) -> None:
        """All items where none are named; what is missing is named in one reason."""
        table = {"kind": "site_check"}
        assert (True, ["the site has all: present, proper"]) == holds(
            table, present=True, proper=True
        )
        assert (False, ["阵地缺少：“proper”"]) == holds(table, "zh", present=True, proper=False)
        assert (None, []) == holds(table, present=True)
        assert False is holds(table, proper=False)[0]

    def test_some(self, holds: Holds) -> None:
        """Only those named count."""
        table = {"kind": "site_check", "items": ["present"]}
        assert True is holds(table, present=True, proper=False)[0]

    def test_unknown_items(self, refused: Refused) -> None:
        """An item that the check does not have is refused, with its place in the list."""
        table = {"kind": "site_check", "items": ["present", "flg"]}
        assert [("unknown_name", "items/1")] == refused(table, Condition)

    def test_no_items(self, refused: Refused) -> None:
        """A check of nothing would be met by everyone."""
        table = {"kind": "site_check", "items": []}
        assert [("site_items_needed", "")] == refused(table, Condition)

    def test_no_site_check(self) -> None:
        """All items of a check that has none are nothing, too."""
        converter = strict_converter()
        teach_rules(converter, Names({}))
        with pytest.raises(InputError) as refused:
            converter.structure({"kind": "site_check"}, Condition)
        assert ["unknown_name"] == [problem.code for problem in refused.value.problems]

    def test_items_are_flags_with_words(self, facts: Mapping[str, Fact]) -> None:
        """An item is a truth with the words to list it by."""
        item = SiteItem(facts["present"].label, facts["present"].truth())
        assert "present" == item.label.en


@pytest.mark.parametrize(
    ("table", "zh", "en"),
    [
        (ENOUGH, "“members”不少于7", "members at least 7"),
        (
            {"kind": "at_most", "value": "members", "bound": "none"},
            "“members”不多于不限",
            "members at most any number",
        ),
        ({"kind": "all", "of": ["present", "proper"]}, "“present”且“proper”", "present and proper"),
        ({"kind": "any", "of": ["present", "proper"]}, "“present”或“proper”", "present or proper"),
        ({"kind": "any", "of": ["present"] * 9}, None, " or ".join(["present"] * 6 + ["…"])),
        ({"kind": "not", "of": "present"}, "并非““present””", "not: present"),
        (
            {"kind": "k_of_n", "at_least": 1, "of": ["present", "proper"]},
            "至少1项：“present”、“proper”",
            "at least 1 of: present, proper",
        ),
        (
            {"kind": "in_range", "value": "members", "min": 7, "max": 12},
            "“members”在7至12之间",
            "members in 7 to 12",
        ),
        (TestShare.TABLE, "“output”占“trainees”的80%以上", "output at least 80 % of trainees"),
        (TestIs.TABLE, "“papers”：“in_time”", "papers: in_time"),
        ({"kind": "site_check"}, "阵地：“present”、“proper”", "the site: present, proper"),
    ],
)
def test_wording(
    build: Callable[[object, Any], Any], table: object, zh: str | None, en: str
) -> None:
    """A condition without a label is listed by what it says, in both languages."""
    condition: Condition = build(table, Condition)
    assert en == condition.label.en
    assert zh in {None, condition.label.zh}
