"""The kind `each`: so many points for each of a number, or for each of a tally by a price table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from attrs import field, frozen

from studioflow.algebra import Choose, Explained, Note, Number, Sum
from studioflow.codec import MISSING_KEY, UNKNOWN_NAME, WRONG_TYPE, Collector, wrong
from studioflow.rules.capping import capped
from studioflow.rules.kinds import Quantity, Scoring, scoring_kind, where_defined
from studioflow.rules.limits import OUT_OF_BOUNDS, check_limits
from studioflow.rules.tallies import Tally
from studioflow.rules.wording import measure_word
from studioflow.text import Text, exact, message

__all__ = ["Each", "Prices"]

EACH_COUNTED = message(
    "each_counted",
    zh="{label}：{count}{unit}×{each}分，计{points}分",
    en="{label}: {count}{unit} at {each} each is {points}",
)
EACH_COUNTED_AS = message(
    "each_counted_as",
    zh="{label}：{count}{unit}，按{words}×{each}分，计{points}分",
    en="{label}: {count}{unit}, counted as {words}, at {each} each is {points}",
)
PRICED_TWICE = message(
    "priced_twice",
    zh="没有自己分值的词：它按 counts_as 中的另一个词计",
    en="no price for a word that counts as another",
)
NO_TALLY = message(
    "no_tally", zh="没有 {key}：of 不是按词分开的计数", en="no {key}, since of is no tally"
)
_PRICE = Text("数", "a number")


@frozen(eq=False, kw_only=True)
class Prices:
    """Points for each: one number, or a table by the words of a dimension, nested.

    Attributes:
        each: the points, where they are one number.
        rows: by word otherwise.
    """

    each: Fraction | None = None
    rows: Mapping[str, Prices] = field(factory=dict)


@frozen(eq=False)
class _Entry:
    """What is counted at one price; `counts_as` are the words whose price it takes."""

    count: Quantity
    price: Fraction
    counts_as: tuple[Text, ...] = ()

    def points(self) -> Number:
        points = self.count.number * self.price
        said: dict[str, object] = {
            "label": self.count.label,
            "count": self.count.number,
            "unit": measure_word(self.count.unit),
            "each": self.price,
            "points": points,
        }
        note = Note(EACH_COUNTED, said)
        if self.counts_as:
            note = Note(EACH_COUNTED_AS, {**said, "words": self.counts_as})
        # Nobody asks why what did not happen brings nothing.
        return Choose(self.count.number > 0, Explained(points, note), points)


@scoring_kind("each")
@frozen(eq=False, kw_only=True)
class Each(Scoring):
    """So many points for each, added up, with a cap for each row and for the whole.

    Attributes:
        of: what is counted: a number, or a tally.
        prices: points for each; of a tally a table by its words, nested by dimension. A number in
            place of a table holds for all below it.
        cap: the most points in all.
        caps: the most points of a word of the first dimension, with all that counts as it.
        counts_as: by dimension the words that take another word's price.
    """

    of: Quantity | Tally
    prices: Prices = field(metadata={"key": "points"})
    cap: Fraction | None = None
    caps: Mapping[str, Fraction] = field(factory=dict)
    counts_as: Mapping[str, Mapping[str, str]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under():
            check_limits(cap=self.cap)
        dimensions = self.of.dimensions if isinstance(self.of, Tally) else {}
        for key, value in (("caps", self.caps), ("counts_as", self.counts_as)):
            with collector.under(key):
                if value and not dimensions:
                    raise wrong(NO_TALLY, ", ".join(value), key=key)
        if dimensions:
            self._check_words(collector, dimensions)
        if not collector.problems:  # a price is asked of every word that is not another's
            self._check_prices(collector, self.prices, list(dimensions), ("points",))
        collector.finish()

    def _check_words(
        self, collector: Collector, dimensions: Mapping[str, Mapping[str, Text]]
    ) -> None:
        for dimension, others in self.counts_as.items():
            with collector.under("counts_as", dimension):
                if dimension not in dimensions:
                    raise wrong(UNKNOWN_NAME, dimension, known=dimensions)
            words = dimensions.get(dimension, {})
            for word, other in others.items() if words else ():
                with collector.under("counts_as", dimension, word):
                    if word not in words:
                        raise wrong(UNKNOWN_NAME, word, known=words)
                    if other not in words or other in others:
                        raise wrong(UNKNOWN_NAME, other, known=words.keys() - others)
        first = next(iter(dimensions))
        rows = dimensions[first].keys() - self.counts_as.get(first, {})
        for word, most in self.caps.items():
            with collector.under("caps", word):
                if word not in rows:
                    raise wrong(UNKNOWN_NAME, word, known=rows)
                _check_points(most)

    def _check_prices(
        self, collector: Collector, prices: Prices, below: list[str], path: tuple[str, ...]
    ) -> None:
        if prices.each is not None:
            with collector.under(*path):
                _check_points(prices.each)
            return
        if not below:
            with collector.under(*path):
                raise wrong(WRONG_TYPE, dict.fromkeys(prices.rows, "…"), type=_PRICE)
            return
        dimension, *deeper = below
        words = self.of.dimensions[dimension] if isinstance(self.of, Tally) else {}
        others = self.counts_as.get(dimension, {})
        for word, row in prices.rows.items():
            with collector.under(*path, word):
                if word in others:
                    raise wrong(PRICED_TWICE, word)
                if word not in words:
                    raise wrong(UNKNOWN_NAME, word, known=words.keys() - others)
            if word in words:
                self._check_prices(collector, row, deeper, (*path, word))
        for word in words:
            with collector.under(*path):
                if word not in others and word not in prices.rows:
                    raise wrong(MISSING_KEY, sorted(prices.rows), key=word)

    def points(self) -> Number:
        """See `Scoring`."""
        if isinstance(self.of, Quantity):
            entry = _Entry(self.of, self.prices.each or Fraction(0))
            return where_defined(capped(entry.points(), self.cap), [self.of])
        first = next(iter(self.of.dimensions.values()))
        rows: dict[str, list[Number]] = {}
        for row, entry in self._entries(self.of):
            rows.setdefault(row, []).append(entry.points())
        parts = [
            capped(Sum(tuple(points)), self.caps.get(row), first[row])
            for row, points in rows.items()
        ]
        return capped(Sum(tuple(parts)), self.cap)

    def _entries(self, tally: Tally) -> Iterator[tuple[str, _Entry]]:
        """Yield each cell with its price, and the word of the first dimension that it is under."""
        for words, fact in tally.cells.items():
            prices, counts_as, row = self.prices, [], words[0]
            for place, ((dimension, labels), word) in enumerate(
                zip(tally.dimensions.items(), words, strict=True)
            ):
                other = self.counts_as.get(dimension, {}).get(word, word)
                if other != word:
                    counts_as.append(labels[other])
                if place == 0:
                    row = other
                if prices.each is None:
                    prices = prices.rows[other]
            count = Quantity(fact.number(), fact.label, fact.unit)
            yield row, _Entry(count, prices.each or Fraction(0), tuple(counts_as))


def _check_points(points: Fraction) -> None:
    if points < 0:
        raise wrong(OUT_OF_BOUNDS, points, low=exact(0), high="∞")
