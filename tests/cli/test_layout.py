"""Text of both widths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studioflow.cli.layout import flow, listed, padded, visible, width, wrap

TEXT = st.text(st.sampled_from("ab 12，。（）、分有党旗-–é𬭎"), max_size=60)


@pytest.mark.parametrize(
    ("text", "columns"), [("六有", 4), ("ok", 2), ("𬭎", 2), ("e\u0301", 1), ("", 0)]
)
def test_width(text: str, columns: int) -> None:
    """Chinese characters take two columns, combining marks none."""
    assert columns == width(text)


def test_padded() -> None:
    """Padding counts columns, not characters."""
    assert "六有  |" == padded("六有", 6) + "|"


@given(TEXT, st.integers(6, 40))
def test_wrap_fits(text: str, columns: int) -> None:
    """No line is wider than asked for."""
    assert all(width(line) <= columns for line in wrap(text, columns))


@given(TEXT, st.integers(6, 40))
def test_wrap_keeps_everything(text: str, columns: int) -> None:
    """Nothing but spaces is lost."""
    assert text.replace(" ", "") == "".join(wrap(text, columns)).replace(" ", "")


def test_wrap_punctuation() -> None:
    """No line starts with a comma or ends with an opening bracket."""
    assert ["有党", "旗，有", "（好）"] == wrap("有党旗，有（好）", 7)


def test_wrap_space_makes_room() -> None:
    """A space at the start of a line goes where the word behind it needs its place."""
    assert ["𬭎、、"] == wrap(" 𬭎、、", 6)


def test_wrap_units() -> None:
    """A number stays with its unit."""
    assert ["共计", "10分"] == wrap("共计10分", 7)


@given(st.lists(TEXT.filter(str.strip), max_size=6), st.integers(6, 40))
def test_flow_fits(items: list[str], columns: int) -> None:
    """Items behind each other fit, however long each is."""
    assert all(width(line) <= columns for line in flow(items, " · ", columns))


def test_flow() -> None:
    """Lines break between items, with the separator at the end of the line."""
    assert ["申报 1/2 ·", "审批 3/4"] == flow(["申报 1/2", "审批 3/4"], " · ", 12)


def test_visible() -> None:
    """What steers a terminal is spelt out; lines and tabs stay."""
    assert "a\\x1b\\u202e\\u200b\n\tb" == visible("a\x1b\u202e\u200b\n\tb")


@pytest.mark.parametrize(
    ("keys", "short"),
    [(["a", "b", "c"], "a–c"), (["a", "b"], "a, b"), (["a", "c", "d", "e"], "a, c–e"), ([], "")],
)
def test_listed(keys: list[str], short: str) -> None:
    """Three neighbours and more are a run."""
    assert short == listed(keys, ["a", "b", "c", "d", "e"])
