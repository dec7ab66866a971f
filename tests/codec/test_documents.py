"""Documents from outside: bounded, exact, and refused at the path where they are wrong."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studioflow.codec import MAX_BYTES, MAX_DEPTH, MAX_PROBLEMS, parse, read
from studioflow.errors import InputError, Problem

QUICK = 3.0
"""Seconds: far more than is needed here, and far less than the attack would take."""


def refusals(data: bytes | str, *, json_document: bool = False) -> list[tuple[str, str]]:
    """Return code and path of every problem of a document, which has to be refused quickly."""
    raw = data.encode() if isinstance(data, str) else data
    start = perf_counter()
    with pytest.raises(InputError) as refused:
        parse(raw, json_document=json_document)
    assert perf_counter() - start < QUICK
    return [(problem.code, problem.path) for problem in refused.value.problems]


def got(data: str, *, json_document: bool = False) -> str:
    """Return what stood at the only problem."""
    with pytest.raises(InputError) as refused:
        parse(data.encode(), json_document=json_document)
    (problem,) = refused.value.problems
    return problem.got


class TestPlainValues:
    """What a document becomes."""

    def test_toml(self) -> None:
        """Decimals stay exact, dates are dates, text comes in NFC."""
        document = 'mark = 7.50\non = 2023-03-31\n"cafe\u0301" = "e\u0301"\nlist = [1, true]'
        expected = {
            "mark": Decimal("7.50"),
            "on": date(2023, 3, 31),
            "caf\u00e9": "\u00e9",
            "list": [1, True],
        }
        assert expected == parse(document.encode())

    def test_json(self) -> None:
        """JSON gives the same plain values, with plain dictionaries."""
        document = parse(b'{"a": {"b": [0.1, null, "x"]}}', json_document=True)
        assert {"a": {"b": [Decimal("0.1"), None, "x"]}} == document
        assert dict is type(document["a"])

    def test_byte_order_mark(self) -> None:
        """Editors on Windows put a mark before the text, which is no part of it."""
        assert {"a": 1} == parse(b"\xef\xbb\xbfa = 1")
        assert {"a": 1} == parse(b'\xef\xbb\xbf{"a": 1}', json_document=True)

    def test_more_than_one_byte_order_mark(self) -> None:
        """A second one is a character that can not be seen."""
        assert [("syntax", "")] == refusals(b"\xef\xbb\xbf\xef\xbb\xbfa = 1")

    @pytest.mark.parametrize("document", ["[1]", '"x"', "3", "null"])
    def test_a_document_is_a_table(self, document: str) -> None:
        """A list or a lone value is no document."""
        assert [("wrong_type", "")] == refusals(document, json_document=True)

    def test_largest_numbers(self) -> None:
        """Fifteen digits on either side of the point are still a number."""
        document = "a = -999999999999999\nb = 999999999999999.999999999999999\nc = 1e14"
        assert [-(10**15 - 1), Decimal("999999999999999.999999999999999"), Decimal("1e14")] == [
            *parse(document.encode()).values()
        ]


class TestRead:
    """Files by name."""

    def test_by_suffix(self, tmp_path: Path) -> None:
        """A file is JSON where its name says so, and TOML otherwise."""
        (tmp_path / "a.JSON").write_text('{"a": 1}', "utf-8")
        (tmp_path / "b.toml").write_text("a = 1", "utf-8")
        assert {"a": 1} == read(tmp_path / "a.JSON") == read(tmp_path / "b.toml")

    def test_problems_name_the_file(self, tmp_path: Path) -> None:
        """Every problem says which file it is in, by its name and not by its folder."""
        (tmp_path / "a.toml").write_text("a = nan", "utf-8")
        with pytest.raises(InputError) as refused:
            read(tmp_path / "a.toml")
        assert ["a.toml"] == [problem.file for problem in refused.value.problems]
        assert str(tmp_path) not in str(refused.value)

    @pytest.mark.parametrize("name", ["missing.toml", ".", "nul\0l.toml"])
    def test_not_readable(self, tmp_path: Path, name: str) -> None:
        """What is no file, or none that can be read, is bad input like any other."""
        with pytest.raises(InputError) as refused:
            read(tmp_path / name)
        assert ["not_readable"] == [problem.code for problem in refused.value.problems]

    def test_fault_21_giant_file(self, tmp_path: Path) -> None:
        """A giant file is refused after its first bytes, whatever its size."""
        with (tmp_path / "giant.toml").open("wb") as file:
            file.truncate(10 * 1024**3)  # ten gigabytes of nothing, without a block on the disk
        start = perf_counter()
        with pytest.raises(InputError) as refused:
            read(tmp_path / "giant.toml")
        assert ["too_large"] == [problem.code for problem in refused.value.problems]
        assert perf_counter() - start < QUICK


class TestFault21:
    """Hostile files: refused, quickly, with a code and, where the parser got so far, a path."""

    @pytest.mark.parametrize("brackets", ["[" * 100_000, '{"a":' * 100_000])
    def test_fault_21_deep_nesting_json(self, brackets: str) -> None:
        """Nesting that a recursive parser would not survive."""
        assert [("too_deep", "")] == refusals(brackets, json_document=True)

    def test_fault_21_deep_nesting_toml(self) -> None:
        """The same in TOML, by lists and by tables, and after brackets that close nothing."""
        for nest in ("[" * 100_000, "{a=" * 100_000):
            assert [("too_deep", "")] == refusals(f"# {']' * 200_000}\na = {nest}")

    @pytest.mark.parametrize("part", ["a", '"a"', "'a b'", '"' + "a" * 300 + '"', '"\\""'])
    @pytest.mark.parametrize("form", ["{} = 1", "[{}]\na = 1", "a = {{ {} = 1 }}"])
    def test_fault_21_deep_nesting_by_dotted_keys(self, part: str, form: str) -> None:
        """A dotted key nests without a bracket, and costs tomllib the cube of its length."""
        count = 500_000 // (len(part) + 1)
        assert [("too_deep", "")] == refusals(form.format(".".join([part] * count)))

    def test_fault_21_nesting_by_table_and_key(self) -> None:
        """Depth adds up over tables and keys; at its limit it is still accepted."""
        table, key = ".".join("a" * 30), ".".join("a" * 20)
        assert ["too_deep"] == [code for code, _ in refusals(f"[{table}]\n{key} = 1")]
        assert parse(f"{'.'.join('a' * MAX_DEPTH)} = 1".encode())

    def test_dots_in_text_are_no_nesting(self) -> None:
        """Text may hold as many dots as it likes."""
        dots = "a." * 100
        assert {"text": dots, "n": [Decimal("0.5")] * 100} == parse(
            f'text = "{dots}"\nn = [{", ".join(["0.5"] * 100)}]'.encode()
        )

    @pytest.mark.parametrize("text", ['\\"', "'", '"', "a ", "a", '" "', "]", "-", "\\"])
    def test_fault_21_checks_are_quick(self, text: str) -> None:
        """What guards against slow parsing is not slow itself."""
        refusals(f"a = {text * ((MAX_BYTES - 10) // len(text.encode()))}")

    @pytest.mark.parametrize(
        "number",
        ["1e999999999", "-1E+999999999", "1e-999999999", "1e99999999999999999999", "0.1e16"],
    )
    def test_fault_21_exponents(self, number: str) -> None:
        """An exponent is checked before anything is computed with the number."""
        expected = [("too_many_digits", "a/b")]
        assert expected == refusals(f"[a]\nb = {number}")
        assert expected == refusals(f'{{"a": {{"b": {number}}}}}', json_document=True)

    @pytest.mark.parametrize("number", ["nan", "inf", "-inf", "+nan"])
    def test_fault_21_toml_knows_nan_and_inf(self, number: str) -> None:
        """TOML accepts what is no number, and a policy does not."""
        assert [("not_finite", "a/0")] == refusals(f"a = [{number}]")

    @pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
    def test_fault_21_json_knows_nan_and_infinity(self, number: str) -> None:
        """Python's JSON accepts them, too."""
        assert [("not_finite", "a/0")] == refusals(f'{{"a": [{number}]}}', json_document=True)

    @pytest.mark.parametrize("digits", [16, 4000, 5000, 500_000])
    def test_fault_21_digits(self, digits: int) -> None:
        """Numbers of more digits than 64 bits hold are refused, however many there are."""
        number = "9" * digits
        assert [("too_many_digits", "a")] == refusals(f'{{"a": {number}}}', json_document=True)
        assert [("too_many_digits", "a")] == refusals(f"a = {number}.0")
        # Beyond 4,300 Python converts none, and tomllib does not say where it was.
        path = "a" if digits < 4300 else ""
        assert [("too_many_digits", path)] == refusals(f"b = 1\na = {number}")

    def test_fault_21_digits_name_their_line(self) -> None:
        """Where there is no path, there is a line."""
        assert "'line 2'" == got(f"b = 1\na = {'9_' * 5000}9")

    @pytest.mark.parametrize("number", ["0x" + "f" * 5000, "0b" + "1" * 20000, "0o" + "7" * 6000])
    def test_fault_21_digits_of_other_bases(self, number: str) -> None:
        """Python's limit on digits does not cover other bases, and showing such a number raises."""
        assert [("too_many_digits", "a")] == refusals(f"a = {number}")

    def test_fault_21_duplicate_keys_json(self) -> None:
        """JSON lets the last of two keys win; here both are named, wherever they stand."""
        document = '{"a": [{"b": 1, "b": 2}], "c": {"d": 1, "d": 1}, "c": 3}'
        expected = [("duplicate_key", "a/0/b"), ("duplicate_key", "c/d"), ("duplicate_key", "c")]
        assert expected == refusals(document, json_document=True)

    def test_fault_21_duplicate_keys_toml(self) -> None:
        """TOML forbids them itself."""
        assert [("syntax", "")] == refusals("a = 1\na = 2")

    def test_fault_21_duplicate_keys_that_are_spelt_differently(self) -> None:
        """Two spellings of what is one text in NFC are one key."""
        expected = [("duplicate_key", "é")]
        assert expected == refusals('{"e\u0301": 1, "\u00e9": 2}', json_document=True)
        assert expected == refusals('"e\u0301" = 1\n"\u00e9" = 2')

    @pytest.mark.parametrize("data", [b"a = '\xff'", "a = 1".encode("utf-16"), b"\xed\xa0\x80"])
    def test_fault_21_not_utf8(self, data: bytes) -> None:
        """Bytes that are no UTF-8 are refused before they are parsed."""
        assert [("not_utf8", "")] == refusals(data)

    @pytest.mark.parametrize(
        ("data", "advice"),
        [
            ("标签 = 1".encode("gb18030"), "it looks like GBK/GB18030: save it as UTF-8"),
            ("标签 = 1".encode("utf-16"), "it looks like UTF-16: save it as UTF-8"),
            ("标签 = 1".encode("utf-16-be", "strict"), ""),
            (b"\xfe\xff" + "a = 1".encode("utf-16-be"), "it looks like UTF-16: save it as UTF-8"),
            (b"a = '\xff'", ""),
        ],
    )
    def test_likely_encoding(self, data: bytes, advice: str) -> None:
        """What a Chinese editor saves in is recognised, and what to do is said."""
        with pytest.raises(InputError) as error:
            parse(data)
        assert [advice] == [problem.advice("en") for problem in error.value.problems]

    def test_fault_21_too_large(self) -> None:
        """More bytes than allowed are not looked at."""
        assert [("too_large", "")] == refusals(b" " * (MAX_BYTES + 1))

    def test_fault_21_problems_are_bounded(self) -> None:
        """A file of nothing but mistakes is not read to its end, and says so."""
        document = '{"a": [' + '"\\u0000",' * 100_000 + "1]}"
        codes = [code for code, _ in refusals(document, json_document=True)]
        assert ["bad_character"] * MAX_PROBLEMS + ["too_many_problems"] == codes

    def test_fault_21_long_keys_are_cut(self) -> None:
        """A path shows the beginning of a key of a million characters."""
        key = "k" * 900_000
        (problem,) = refusals(f'{{"{key}": [NaN]}}', json_document=True)
        assert ("not_finite", f"{key[:80]}/0") == problem

    @pytest.mark.parametrize("document", ["a = ", "= 1", "[a", "a = 1 b = 2", "a = 2023-02-31"])
    def test_syntax(self, document: str) -> None:
        """What is no TOML is refused with the parser's own words for where."""
        assert [("syntax", "")] == refusals(document)
        assert "line 1" in got(document) or "end of document" in got(document)

    def test_all_at_once(self) -> None:
        """Every problem that can be seen is named, in the order of the document."""
        document = 'a = nan\nb = 1e99\n[c]\nd = ["x\u200b", 0xffffffffffffffff]'
        expected = [
            ("not_finite", "a"),
            ("too_many_digits", "b"),
            ("bad_character", "c/d/0"),
            ("too_many_digits", "c/d/1"),
        ]
        assert expected == refusals(document)


class TestFault26:
    """Characters that can not be seen, or that turn text around."""

    @pytest.mark.parametrize(
        "character",
        [
            "\x00", "\x1b", "\x7f", "\x85", "\r",  # Cc
            "\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\u00ad", "\U000e0041",  # Cf
            "\ufdd0", "\U0001ffff", "\u0378",  # Cn
        ],
    )  # fmt: skip
    def test_fault_26_in_values_and_keys(self, character: str) -> None:
        """They are refused in any text, keys included, and shown as an escape."""
        document = json.dumps({"list": [f"a{character}b"], f"k{character}": 1})
        with pytest.raises(InputError) as refused:
            parse(document.encode(), json_document=True)
        value, key = refused.value.problems
        assert ("bad_character", "list/0") == (value.code, value.path)
        assert {"character": f"U+{ord(character):04X}"} == value.parameters
        assert "bad_character" == key.code
        assert refused.value.explain("zh").replace("\n", "").isprintable()

    def test_fault_26_lone_surrogates(self) -> None:
        """Half a character, which JSON can spell and no file can hold (Cs)."""
        document = '{"a": "\\ud800", "\\udfff": 1}'
        expected = [("bad_character", "a"), ("bad_character", "\\udfff")]
        assert expected == refusals(document, json_document=True)

    def test_fault_26_rare_han_is_kept(self) -> None:
        """People and places are named with characters of every plane."""
        names = ["䶮", "㛃", "𬭎", "𠮷", "\u3007", "李\u3000明"]
        assert {"names": names} == parse(json.dumps({"names": names}).encode(), json_document=True)

    def test_fault_26_layout_is_kept(self) -> None:
        """Line breaks and tabs are what text is made of."""
        assert {"a": "x\n\ty"} == parse(b'a = "x\\n\\ty"')


KEYS = st.text(st.sampled_from("ab._-\"' 成é\u200b\\"), max_size=4)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["nan", "1e99", "2023-01-01", "none"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
JSON_TEXT = VALUES.map(json.dumps)
TOML_TEXT = st.lists(
    st.tuples(
        st.sampled_from(["{} = {}\n", "[{}]\na = {}\n", "[[{}]]\nb = {}\n", "a = {{ {} = {} }}\n"]),
        KEYS | st.just("a.b"),
        JSON_TEXT | st.sampled_from(["nan", "0x_f", "07:00:00", "'''x", "1_0.5e3", "2023-13-01"]),
    ).map(lambda parts: parts[0].format(*parts[1:])),
    max_size=5,
).map("".join)


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> bytes:
    """Return a document with a few bytes replaced, taken out or put in."""
    data = bytearray(draw(texts).encode("utf-8", "surrogatepass"))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        data[place : place + draw(st.integers(0, 2))] = draw(st.binary(max_size=2))
    return bytes(data)


anything = st.binary(max_size=40) | mutated(JSON_TEXT) | mutated(TOML_TEXT)
fuzz = settings(max_examples=200, deadline=None, derandomize=True)


def check_only_input_errors(data: bytes, *, json_document: bool) -> None:
    """Whatever the bytes are, they are parsed or refused with problems that can be shown."""
    found: list[Problem] = []
    document: object = {}
    try:
        document = parse(data, json_document=json_document)
    except InputError as error:
        found.extend(error.problems)
        document = None
    assert isinstance(document, dict) != bool(found)
    for problem in found:
        assert f"{problem.explain('zh')}{problem.explain('en')}".encode()


@fuzz
@given(data=anything, json_document=st.booleans())
def test_fault_21_fuzz(data: bytes, *, json_document: bool) -> None:
    """No bytes raise anything but an `InputError`."""
    check_only_input_errors(data, json_document=json_document)


@pytest.mark.slow
@settings(fuzz, max_examples=20_000, derandomize=False)
@given(data=anything, json_document=st.booleans())
def test_fault_21_fuzz_soak(data: bytes, *, json_document: bool) -> None:
    """The same for many more."""
    check_only_input_errors(data, json_document=json_document)


@pytest.mark.parametrize("json_document", [False, True])
def test_fault_21_brackets_inside_text_hide_nothing(*, json_document: bool) -> None:
    """Brackets inside text neither count as nesting nor take any off."""
    text = ('{"a": ' if json_document else "a = ") + '[ "]", ' * 3000 + "]" * 3000
    with pytest.raises(InputError) as caught:
        parse(text.encode(), json_document=json_document)
    assert ["too_deep"] == [problem.code for problem in caught.value.problems]


def test_fault_21_quotes_hide_no_dotted_key() -> None:
    """A dotted key is found behind text with odd quotes, too."""
    text = "t = {x = '''a'b''', " + ".".join(["a"] * 100_000) + " = 1}"
    with pytest.raises(InputError) as caught:
        parse(text.encode())
    assert ["too_deep"] == [problem.code for problem in caught.value.problems]
