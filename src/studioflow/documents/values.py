"""One value of a field as people write it, and back: in cells of forms and of tables.

What is not unambiguous is refused and never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from unicodedata import normalize

from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, checked_text, wrong
from studioflow.errors import InputError, Problem, nearest
from studioflow.errors import shown as told
from studioflow.policy import RecordField
from studioflow.policy.privacy import masked
from studioflow.text import Language, Text, exact, message

__all__ = ["parsed", "shown"]

PERSON_CELL = message(
    "person_cell",
    zh="“姓名（编号）”，或在人员名单中恰好出现一次的姓名",
    en="`name (id)`, or a name that the list of people has exactly once",
)
MISLEADING_LABEL = message(
    "label_of_several", zh="只属于一个选项的名称", en="the name of one choice only"
)

_ID_BESIDE = Text(
    "编号写在姓名后的括号里或单独一列，或给出人员名单（--people）",
    "write the id behind the name or into a column of its own, or give a list of people (--people)",
)
_YES, _NO = Text("是", "yes"), Text("否", "no")
_ON = frozenset(["是", "有", "√", "✓", "✔", "☑", "yes", "y", "true", "合格", "met"])
_OFF = frozenset({*["否", "无", "×", "✗", "✘", "☐", "no", "n", "false", "不合格"], "not met"})
"""An x is in neither: it is a tick to some and a cross to others."""
_FLAG = Text("是或否（也可写 √、×、有、无）", "yes or no")
_NUMBER = Text("数（如 12.5）", "a number such as 12.5")
_WHOLE = Text("整数", "a whole number")
_DATE = Text("日期（如 2023-03-31、2023年3月31日）", "a date such as 2023-03-31")
_MONTH = Text("年月（如 1998-07、1998年7月）", "a month such as 1998-07")
_YUAN = Text("元", "yuan")

_DATES = (
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]", re.ASCII),
    re.compile(r"(\d{4})([-./])(\d{1,2})\2(\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII),
)
_MONTHS = (
    re.compile(r"(\d{4})年(\d{1,2})月", re.ASCII),
    re.compile(r"(\d{4})[-./](\d{1,2})", re.ASCII),
    re.compile(r"(\d{4})(\d{2})", re.ASCII),
)
_AROUND = re.compile(r"\s*([-./年月日号])\s*")
_MIDNIGHT = re.compile(r"(?<=\d)(?:\s+|T)0{1,2}:00(?::00(?:\.0+)?)?\Z")
"""What programs add to a day that has no time."""
_DIGITS = re.compile(r"[+-]?(?:\d{1,30}|\d{1,3}(?:,\d{3}){1,9})(?:\.\d{1,30})?", re.ASCII)
_PERSON = re.compile(r"(.*?)\s*[（(]\s*([^（()）]*[0-9A-Za-z][^（()）]*?)\s*[)）]", re.DOTALL)
"""An id has a letter or a digit: what else stands in brackets is said of the person."""
_BETWEEN_PEOPLE = re.compile(r"[\n;；、,，](?![^（(]*[)）])")
_BETWEEN_NAMES = re.compile(r"[\n;；、]")
_BETWEEN_WORDS = re.compile(r"([、,，])")
_NOBODY: Mapping[str, str] = MappingProxyType({})


def shown(
    field: RecordField, value: object, language: Language = "en", *, with_ids: bool = False
) -> str:
    """Return a value as people read it; of None nothing.

    >>> since = RecordField(type="month", label=Text("入党年月", "in the Party since"))
    >>> shown(since, "1998-07", "zh"), shown(since, "1998-07", "en")
    ('1998年7月', '1998-07')

    Args:
        field: whose value it is.
        value: as a document has it; see `RecordKind.dump`.
        language: of choices, days and flags.
        with_ids: whether a person's id stands behind the name.
    """
    match field.type:
        case _ if value is None:
            return ""
        case "flag":
            return (_YES if value else _NO).get(language)
        case "count" | "number" | "money" if isinstance(value, int | Fraction | Decimal):
            return exact(value)
        case "date":
            day = date.fromisoformat(str(value))
            chinese = f"{day.year:04}年{day.month}月{day.day}日"
            return chinese if language == "zh" else day.isoformat()
        case "month" if language == "zh":
            year, number = str(value).split("-")
            return f"{year}年{int(number)}月"
        case "choice":
            return _label(field, value, language)
        case "choices" if isinstance(value, list | tuple):
            mark = "、" if language == "zh" else ", "
            return mark.join(_label(field, word, language) for word in value)
        case "texts" | "evidence" if isinstance(value, list | tuple):
            return "\n".join(map(str, value))
        case "person":
            return _person(value, language, with_ids=with_ids)
        case "people" if isinstance(value, list | tuple):
            mark = "、" if language == "zh" else "; "
            return mark.join(_person(each, language, with_ids=with_ids) for each in value)
        case "opinion" if isinstance(value, Mapping):
            return str(value.get("text", ""))
    return str(value)


def parsed(field: RecordField, text: str, *, people: Mapping[str, str] = _NOBODY) -> object:
    """Return the plain value that a text says, as `RecordKind.load` takes it.

    Both languages are read, digits of any width, and the usual ways to write days. Whether the
    value is within the field's bounds is for the field to say. Blank text is None.

    >>> parsed(RecordField(type="date", label=Text("日期", "day")), "２０２３年３月５日")
    '2023-03-05'

    Args:
        field: whose value it is.
        text: what somebody wrote.
        people: ids by name, of people whose id is not written beside the name.

    Raises:
        InputError: for a text that is none, or that could mean several; personal data stands in
            none of its problems.
    """
    personal = field.personal or field.type in {"person", "people", "opinion"}
    try:
        text = checked_text(text.replace("\r\n", "\n").replace("\r", "\n")).strip()
        return _parsed(field, text, people) if text else None
    except InputError as error:
        problems = [masked(problem, None, personal=personal) for problem in error.problems]
    # Not from the handler: the first error would hang on the second, and be logged with it.
    raise InputError(problems)


def _parsed(field: RecordField, text: str, people: Mapping[str, str]) -> object:
    match field.type:
        case "flag":
            return _flag(text)
        case "count" | "number" | "money":
            return _number(field, text)
        case "date":
            return _date(text)
        case "month":
            return _month(text)
        case "choice":
            return _word(field, text)
        case "choices":
            return _each(_words(field, text), lambda word: _word(field, word))
        case "texts" | "evidence":
            # Who writes one item a line may use any mark within it.
            items = text.split("\n" if "\n" in text else "；")
            return [item.strip() for item in items if item.strip()]
        case "people":
            names = (name.strip() for name in _BETWEEN_PEOPLE.split(text))
            return _each(filter(None, names), lambda name: _somebody(name, people))
        case "person":
            return _somebody(text, people)
        case "opinion":
            return {"text": text}
    return text


def _each(items: Iterable[str], read: Callable[[str], object]) -> list[object]:
    collector, found = Collector(), list[object]()
    for position, item in enumerate(items):
        with collector.under(position):
            found.append(read(item))
    collector.finish()
    return found


# ── Out ──


def _label(field: RecordField, value: object, language: Language) -> str:
    label = field.values.get(str(value))
    return str(value) if label is None else label.get(language)


def _person(value: object, language: Language, *, with_ids: bool) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    name, person = str(value.get("name") or ""), str(value["id"])
    if not with_ids:
        return name or person
    if language == "zh":
        return f"{name}（{person}）"
    return f"{name} ({person})".strip()


# ── In ──


def _plain(text: str) -> str:
    """Return digits and letters in their usual width; never for names, which keep theirs."""
    return normalize("NFKC", text).strip()


def _flag(text: str) -> bool:
    said = _plain(text).casefold()
    if said not in _ON | _OFF:
        raise wrong(WRONG_TYPE, text, type=_FLAG)
    return said in _ON


def _number(field: RecordField, text: str) -> int | Decimal:
    unit = _YUAN if field.type == "money" else field.unit
    said = _plain(text).replace("−", "-")
    if field.type == "money":
        said = said.removeprefix("¥").strip()
    for word in () if unit is None else (unit.zh, unit.en):
        said = said.removesuffix(_plain(word)).strip()
    whole = field.type == "count"
    if _DIGITS.fullmatch(said):
        number = Decimal(said.replace(",", ""))
        if number == number.to_integral_value():
            return int(number)
        if not whole:
            return number
    raise wrong(WRONG_TYPE, text, type=_WHOLE if whole else _NUMBER)


def _date(text: str) -> str:
    said = _AROUND.sub(r"\1", _MIDNIGHT.sub("", _plain(text)))
    for pattern in _DATES:
        if found := pattern.fullmatch(said):
            try:
                return date(*map(int, filter(str.isdigit, found.groups()))).isoformat()
            except ValueError:
                break
    raise wrong(WRONG_TYPE, text, type=_DATE)


def _month(text: str) -> str:
    said = _AROUND.sub(r"\1", _plain(text))
    for pattern in _MONTHS:
        if found := pattern.fullmatch(said):
            try:
                return date(int(found[1]), int(found[2]), 1).isoformat()[:-3]
            except ValueError:
                break
    raise wrong(WRONG_TYPE, text, type=_MONTH)


def _alike(name: str) -> str:
    """Return the name of a choice as it is compared: width, case and spaces make no difference."""
    return "".join(_plain(name).casefold().split())


def _named(field: RecordField) -> dict[str, list[str]]:
    """Return the choices by everything that they are called."""
    named: dict[str, list[str]] = {}
    for key, label in field.values.items():
        for name in {_alike(name) for name in (key, label.zh, label.en)}:
            named.setdefault(name, []).append(key)
    return named


def _word(field: RecordField, text: str) -> str:
    found = _named(field).get(_alike(text), [])
    if len(found) > 1:
        raise wrong(MISLEADING_LABEL, text, known=found)
    if found:
        return found[0]
    labels = tuple(field.values.values())
    names = [*field.values, *(name for label in labels for name in (label.zh, label.en))]
    near = nearest(text, names)
    raise InputError([Problem(UNKNOWN_NAME, "", told(text), {"known": labels}, nearest=near)])


def _words(field: RecordField, text: str) -> list[str]:
    """Return the words of a list, some of which may have commas of their own."""
    named, found = _named(field), list[str]()
    for line in re.split(r"[\n;；]", text):
        pieces = _BETWEEN_WORDS.split(line)
        while pieces:
            ends = range(len(pieces), 0, -1)
            longest = (n for n in ends if _alike("".join(pieces[:n])) in named)
            taken = next(longest, 1)
            found.append("".join(pieces[:taken]).strip())
            pieces = pieces[taken + 1 :]  # and the comma behind it
    return [word for word in found if word]


def _somebody(text: str, people: Mapping[str, str]) -> dict[str, object]:
    found = _PERSON.fullmatch(text)
    name, person = (found[1], found[2]) if found else (text, people.get(text))
    # Two people in a cell for one are not one person with a long name.
    if not person or _BETWEEN_NAMES.search(name):
        raise wrong(PERSON_CELL, text, hint=_ID_BESIDE)
    return {"id": person, "name": name} if name else {"id": person}
