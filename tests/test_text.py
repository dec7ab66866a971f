"""Sentences in two languages, numbers written exactly, names that look alike."""

import importlib
import pkgutil
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import studioflow
from studioflow.text import (
    LANGUAGES,
    Language,
    Text,
    exact,
    look_alikes,
    message,
    messages,
    render,
    visible,
)


class TestMessages:
    """Codes and their sentences."""

    def test_every_code_is_said_in_both_languages(self) -> None:
        """Every code of the library has a sentence in each language with the same parameters."""
        for module in pkgutil.walk_packages(studioflow.__path__, "studioflow."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
        for code, defined in messages().items():
            assert code == defined.code
            for language in LANGUAGES:
                sentence = defined.text.get(language)
                assert sentence.strip()
                parameters = dict.fromkeys(defined.placeholders(), "x")
                assert "{" not in render(defined.text, parameters, language)

    def test_a_code_is_defined_once(self) -> None:
        """Two sentences of one code could not be told apart."""
        message("text_once", zh="一", en="one")
        with pytest.raises(ValueError, match="twice"):
            message("text_once", zh="二", en="two")

    def test_languages_mention_the_same(self) -> None:
        """A parameter that only one language mentions was forgotten in the other."""
        with pytest.raises(ValueError, match="different parameters"):
            message("text_different", zh="{n}次", en="several")
        assert "text_different" not in messages()

    def test_placeholders(self) -> None:
        """A message knows what it mentions."""
        assert {"n", "of"} == message("text_of", zh="{of}中{n}", en="{n} of {of}").placeholders()


class Because:
    """Something that says itself, such as a reason."""

    def text(self, language: Language) -> str:
        """Return the sentence."""
        return {"zh": "因为", "en": "because"}[language]


class TestRender:
    """Placeholders are filled, each value in its own way."""

    @pytest.mark.parametrize(
        ("value", "zh", "en"),
        [
            ("词", "词", "词"),
            (Text("成员", "members"), "成员", "members"),
            (True, "是", "yes"),
            (False, "否", "no"),
            (None, "未知", "unknown"),
            (7, "7", "7"),
            (Fraction(1, 2), "0.5", "0.5"),
            (Decimal("7.50"), "7.5", "7.5"),
            (date(2023, 3, 31), "2023-03-31", "2023-03-31"),
            (("a", Text("乙", "b"), 1), "a、乙、1", "a, b, 1"),
            (Because(), "因为", "because"),
            (0.5, "0.5", "0.5"),
        ],
    )
    def test_values(self, value: object, zh: str, en: str) -> None:
        """Values are written in the language of the sentence, numbers exactly."""
        text = Text("：{value}", ": {value}")
        assert f"：{zh}" == render(text, {"value": value}, "zh")
        assert f": {en}" == render(text, {"value": value}, "en")

    def test_what_is_not_given_stays_visible(self) -> None:
        """A sentence from a policy file may hold any braces."""
        assert "{n} {N} {0.x}" == render(Text("", "{n} {N} {0.x}"), {}, "en")

    def test_values_are_not_formats(self) -> None:
        """What a value says is not filled once more, and nothing reaches into its attributes."""
        assert "{b} {a.__class__}" == render(
            Text("", "{a} {a.__class__}"), {"a": "{b}", "b": 1}, "en"
        )


class TestExact:
    """Numbers as text."""

    @pytest.mark.parametrize(
        ("number", "expected"),
        [
            (0, "0"),
            (-3, "-3"),
            (Fraction(177, 2), "88.5"),
            (Fraction(-1, 8), "-0.125"),
            (Fraction(1, 20), "0.05"),
            (Fraction(1, 3), "1/3"),
            (Fraction(-7, 6), "-7/6"),
            (Decimal("1e2"), "100"),
        ],
    )
    def test_exact(self, number: int | Fraction | Decimal, expected: str) -> None:
        """A decimal where one is exact, a quotient otherwise."""
        assert expected == exact(number)

    @given(st.fractions(max_denominator=10**6))
    def test_nothing_is_lost(self, number: Fraction) -> None:
        """What was written can be read back to the same number."""
        assert number == Fraction(exact(number))


class TestLookAlikes:
    """Names that are hard to tell apart."""

    @pytest.mark.parametrize(
        "twin",
        [
            "ABC党员工作室1",  # no difference in width
            "abc党员工作室1",
            "ＡＢＣ党员工作室１",
            "ABC 党员\u3000工作室1",
            "A.B.C.党员·工作室・1",
            "АВС党员工作室1",
            "ΑΒC党员工作室1",
        ],
    )
    def test_fault_26_look_alikes(self, twin: str) -> None:
        """Width, case, spaces, dots and letters of other scripts are no difference to the eye."""
        name = "Abc党员工作室1"
        assert ((name, twin),) == look_alikes([name, "另一个工作室", twin])

    def test_fault_26_different_names(self) -> None:
        """Names that differ to the eye are not warned of."""
        names = ["张三工作室", "张叁工作室", "李四工作室", "工作室1", "工作室2", "䶮", "㛃", "𬭎"]
        assert () == look_alikes(names)

    def test_the_same_name_is_no_look_alike(self) -> None:
        """That a name is there twice is another matter."""
        assert () == look_alikes(["工作室", "工作室"])

    def test_several(self) -> None:
        """Where several look the same, each is paired with the first."""
        assert (("a", "A"), ("a", "а")) == look_alikes(["a", "A", "а"])


@pytest.mark.parametrize("text", ["plain", "成员 7–12", "𬭎"])
def test_visible_text_stays(text: str) -> None:
    """What can be seen is shown as it is."""
    assert text == visible(text)


def test_fault_26_invisible_text_is_escaped() -> None:
    """What can not be seen, turns text around or moves a terminal is shown as an escape."""
    assert "a\\x1b[0m\\u202e\\u200b\\ud800" == visible("a\x1b[0m\u202e\u200b\ud800")


@pytest.mark.parametrize(
    ("items", "zh", "en"),
    [
        ([], "", ""),
        (
            [Text("公开课", "open lessons"), Text("论文", "papers")],
            "公开课、论文",
            "open lessons, papers",
        ),
        (
            [Text("公开课、讲座", "lessons, talks"), Text("论文", "papers")],
            "公开课、讲座；论文",
            "lessons, talks; papers",
        ),
    ],
)
def test_lists(items: list[Text], zh: str, en: str) -> None:
    """Items with commas of their own are divided by semicolons."""
    sentence = Text("{items}", "{items}")
    assert zh == render(sentence, {"items": items}, "zh")
    assert en == render(sentence, {"items": items}, "en")
