"""The language of claims: a sentence about a studio's sheet, read into a term of the algebra.

claim    = implied (("and" | "or") implied)* …     not, and, or, implies, ( )
compared = sum (">=" | "<=" | ">" | "<" | "=" | "!=") sum
sum      = numbers, facts, results, + - * ( )
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal

from attrs import field, frozen

from studioflow.algebra import (
    Certain,
    FactFlag,
    FactIs,
    Number,
    Truth,
    as_number,
    names,
)
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.lab.claims.words import ELIGIBLE, GRADE, grades_of, in_gates
from studioflow.policy import Policy
from studioflow.text import Text, message

__all__ = ["Claim", "read_claim", "read_claims"]

CLAIM_SYNTAX = message(
    "claim_syntax", zh="第{place}个字符处应为{wanted}", en="{wanted} at character {place}"
)
CLAIM_TYPE = message("claim_type", zh="{wanted}", en="{wanted}")

_TRUTH = Text(
    "可以成立或不成立的说法，如 total >= 60",
    "what holds or does not, such as total >= 60",
)
_NUMBER = Text("数，如 total 或 criteria/5.2.2", "a number, such as total or criteria/5.2.2")
_WORD = Text("该选项的一个词", "one of the words that it can be")
_PART = Text("一个名称、数或括号", "a name, a number or a parenthesis")
_CLOSED = Text("右括号", "a closing parenthesis")
_END = Text("结尾，或 and、or、implies", "the end, or one of: and, or, implies")
_EQUALITY = Text("= 或 !=", "= or !=")

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<day>\d{4}-\d{2}-\d{2})
    | (?P<number>\d+(?:\.\d+)?)
    | (?P<path>(?:criteria|deductions|sections|gates)/[\w.\-]*[\w])
    | (?P<name>[^\W\d]\w*)
    | (?P<sign>>=|<=|!=|=>|==|[≥≤≠><=+\-*×()])
    )""",
    re.VERBOSE,
)
_SAME = {"≥": ">=", "≤": "<=", "≠": "!=", "==": "=", "×": "*", "=>": "implies"}
_COMPARED = (">=", "<=", ">", "<", "=", "!=")
_MOST_CHARACTERS = 2000
_MOST_DEEP = 50


@frozen(eq=False)
class Claim:
    """A sentence about any studio's sheet.

    Attributes:
        text: as it was written.
        term: over facts and results; a result is named by its path, such as `criteria/5.2.2`.
    """

    text: str
    term: Truth = field(repr=False)

    @property
    def names(self) -> frozenset[str]:
        """The facts and results that it speaks of."""
        return names(self.term)


def read_claims(texts: Iterable[str], policy: Policy) -> tuple[Claim, ...]:
    """Read several claims.

    Raises:
        InputError: with the first problem of each of them.
    """
    collector, found = Collector(), []
    for text in texts:
        with collector.under():
            found.append(read_claim(text, policy))
    collector.finish()
    return tuple(found)


def read_claim(text: str, policy: Policy) -> Claim:
    """Read a claim.

    >>> from studioflow import load_policy
    >>> policy = load_policy("yongjia-2023")
    >>> sorted(read_claim("eligible and total >= 90 and activities < 16", policy).names)
    ['activities', 'eligible', 'total']

    Args:
        text: such as `eligible implies members >= 7`. Facts and conditions stand by their names,
            results as `criteria/5.2.2`, `sections/5.2`, `gates/5.0.2`, `total`, `eligible` and
            `grade`; a choice, a day and a grade are compared with their words.
        policy: whose facts and results it speaks of.

    Raises:
        InputError: for a sentence that is none, with the place; for a name that there is not, with
            the nearest one.
    """
    return Claim(text, _Reader(text, policy).whole())


class _Word:
    """A choice, or the grade: it is compared with its words alone."""

    def __init__(self, name: str, words: tuple[str, ...], *, ordered: bool) -> None:
        self.name, self.words, self.ordered = name, words, ordered


Operand = Number | Truth | _Word | str
"""What is read: a number, a truth, a choice, or a bare word."""


class _Reader:
    """Reads one sentence by descent, one method for each level."""

    def __init__(self, text: str, policy: Policy) -> None:
        self._text, self._policy = text, policy
        self._tokens = self._split()
        self._here = 0
        self._depth = 0
        self._known = _vocabulary(policy)

    def _split(self) -> list[tuple[str, str, int]]:
        text, tokens, place = self._text.rstrip(), [], 0
        if len(text) > _MOST_CHARACTERS:
            raise self._refused(_END, _MOST_CHARACTERS)
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise self._refused(_PART, place)
            kind = str(match.lastgroup)
            word = match.group(kind)
            tokens.append((kind, _SAME.get(word, word), match.start(kind)))
            place = match.end()
        return tokens

    def _refused(self, wanted: Text, place: int | None = None) -> Exception:
        if place is None:
            at_end = self._here >= len(self._tokens)
            place = len(self._text) if at_end else self._tokens[self._here][2]
        return wrong(CLAIM_SYNTAX, self._text[:200], wanted=wanted, place=place + 1)

    def _peek(self) -> str:
        return self._tokens[self._here][1] if self._here < len(self._tokens) else ""

    def _took(self, *words: str) -> str:
        word = self._peek()
        if word in words and word:
            self._here += 1
            return word
        return ""

    def whole(self) -> Truth:
        claim = self._truth(self._implied())
        if self._here < len(self._tokens):
            raise self._refused(_END)
        return claim

    def _implied(self) -> Operand:
        left = self._either()
        if self._took("implies"):
            return ~self._truth(left) | self._truth(self._implied())
        return left

    def _either(self) -> Operand:
        left = self._both()
        while self._took("or"):
            left = self._truth(left) | self._truth(self._both())
        return left

    def _both(self) -> Operand:
        left = self._negated()
        while self._took("and"):
            left = self._truth(left) & self._truth(self._negated())
        return left

    def _negated(self) -> Operand:
        if self._took("not"):
            return self._deeper(lambda: ~self._truth(self._negated()))
        return self._compared()

    def _compared(self) -> Operand:
        left = self._sum()
        sign = self._took(*_COMPARED)
        if not sign:
            return left
        right = self._sum()
        if isinstance(left, _Word):
            return self._is_word(left, sign, right)
        one, other = self._number(left), self._number(right)
        return _COMPARISONS[sign](one, other)

    def _is_word(self, choice: _Word, sign: str, right: Operand) -> Truth:
        if not isinstance(right, str):
            raise self._refused(_WORD)
        if right not in choice.words:
            raise wrong(UNKNOWN_NAME, right, known=choice.words)
        place = choice.words.index(right)
        if sign in {"=", "!="}:
            same = FactIs(choice.name, frozenset({right}), frozenset(choice.words))
            return same if sign == "=" else ~same
        if not choice.ordered:
            raise self._refused(_EQUALITY)
        # The best stands first.
        better = {
            ">=": choice.words[: place + 1],
            ">": choice.words[:place],
            "<=": choice.words[place:],
            "<": choice.words[place + 1 :],
        }[sign]
        if not better:
            return Certain(False)  # noqa: FBT003 - its one field
        return FactIs(choice.name, frozenset(better), frozenset(choice.words))

    def _sum(self) -> Operand:
        left = self._product()
        while sign := self._took("+", "-"):
            one, other = self._number(left), self._number(self._product())
            left = one + other if sign == "+" else one - other
        return left

    def _product(self) -> Operand:
        left = self._part()
        while self._took("*"):
            left = self._number(left) * self._number(self._part())
        return left

    def _part(self) -> Operand:
        if self._took("("):
            inside = self._deeper(self._implied)
            if not self._took(")"):
                raise self._refused(_CLOSED)
            return inside
        if self._took("-"):
            return self._deeper(lambda: self._number(self._part()) * -1)
        if self._here >= len(self._tokens):
            raise self._refused(_PART)
        kind, word, _ = self._tokens[self._here]
        if kind == "sign" or word in {"and", "or", "implies"}:
            raise self._refused(_PART)
        self._here += 1
        match kind:
            case "number":
                return as_number(Decimal(word))
            case "day":
                return self._day(word)
            case _:
                return self._named(word)

    def _day(self, word: str) -> Number:
        try:
            return as_number(date.fromisoformat(word).toordinal())
        except ValueError:
            self._here -= 1
            raise self._refused(_PART) from None

    def _deeper(self, read: Callable[[], Operand]) -> Operand:
        self._depth += 1
        if self._depth > _MOST_DEEP:
            raise self._refused(_END)
        inside = read()
        self._depth -= 1
        return inside

    def _named(self, name: str) -> Operand:
        if name in {"true", "false"}:
            return Certain(name == "true")
        found = self._known.get(name)
        if found is not None:
            return found
        before = self._tokens[self._here - 2][1] if self._here > 1 else ""
        if before in _COMPARED:
            return name  # a word of a choice
        raise wrong(UNKNOWN_NAME, name, known=self._known)

    def _truth(self, found: Operand) -> Truth:
        if isinstance(found, Truth):
            return found
        raise self._mistaken(found, _TRUTH)

    def _number(self, found: Operand) -> Number:
        if isinstance(found, Number):
            return found
        raise self._mistaken(found, _NUMBER)

    def _mistaken(self, found: Operand, wanted: Text) -> Exception:
        if isinstance(found, str):
            return wrong(UNKNOWN_NAME, found, known=self._known)
        return wrong(CLAIM_TYPE, self._text[:200], wanted=wanted)


_COMPARISONS: Mapping[str, Callable[[Number, Number], Truth]] = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
    "=": lambda one, other: one.equals(other),
    "!=": lambda one, other: ~one.equals(other),
}


def _vocabulary(policy: Policy) -> dict[str, Number | Truth | _Word]:
    """Return what each name stands for."""
    known: dict[str, Number | Truth | _Word] = {}
    for name, fact in policy.facts.items():
        if fact.type == "choice":
            known[name] = _Word(name, tuple(fact.values), ordered=False)
        elif fact.ordered:
            known[name] = fact.number()
        else:
            known[name] = fact.truth()
    known |= {name: each.bare for name, each in policy.names.conditions.items()}
    known |= policy.rubric.totals.results
    known |= {in_gates(name): FactFlag(in_gates(name)) for name in policy.rubric.gates}
    known[ELIGIBLE] = FactFlag(ELIGIBLE)
    words = grades_of(policy)
    if words:
        known[GRADE] = _Word(GRADE, words, ordered=True)
    return known
