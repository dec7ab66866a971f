"""The kinds of condition: true or false, each with the reason why."""

from __future__ import annotations

from fractions import Fraction

from attrs import field, frozen

from studioflow.algebra import (
    All,
    Certain,
    FactIs,
    Judged,
    Listed,
    Negation,
    Note,
    SomeOf,
    Truth,
    count_of,
)
from studioflow.codec import UNKNOWN_NAME, WRONG_TYPE, Collector, OneOrMore, wrong
from studioflow.rules.facts import Fact
from studioflow.rules.kinds import ALWAYS, Condition, Quantity, all_defined, condition_kind
from studioflow.rules.limits import BOUNDS_ORDER, check_limits
from studioflow.rules.wording import joined
from studioflow.text import Text, exact, message

__all__ = [
    "AllOf",
    "AnyOf",
    "AtLeastBound",
    "AtMostBound",
    "InRange",
    "Is",
    "KOfN",
    "Not",
    "flag_condition",
]

FLAG_MET = message("flag_met", zh="{label}：是", en="{label}: yes")
FLAG_UNMET = message("flag_unmet", zh="{label}：否", en="{label}: no")
NOT_MET = message("not_met", zh="没有“{label}”", en="not the case: {label}")
NOT_UNMET = message("not_unmet", zh="不应有“{label}”", en="should not be the case: {label}")
K_OF_N_MET = message(
    "k_of_n_met",
    zh="{done}共{count}项，至少需{at_least}项",
    en="{count} of them ({done}); at least {at_least} are needed",
)
K_OF_N_UNMET = message(
    "k_of_n_unmet",
    zh="仅{count}项，至少需{at_least}项；未完成：{missing}",
    en="only {count}, at least {at_least} are needed; missing: {missing}",
)
IN_RANGE_MET = message(
    "in_range_met",
    zh="{label}为{value}，在{min}至{max}之间",
    en="{label}: {value}, in {min} to {max}",
)
IN_RANGE_UNMET = message(
    "in_range_unmet",
    zh="{label}为{value}，不在{min}至{max}之间",
    en="{label}: {value}, not in {min} to {max}",
)
AT_LEAST_MET = message(
    "at_least_met", zh="{label}为{value}，不少于{bound}", en="{label}: {value}, at least {bound}"
)
AT_LEAST_UNMET = message(
    "at_least_unmet",
    zh="{label}为{value}，少于{bound}",
    en="{label}: {value}, fewer than {bound}",
)
AT_MOST_MET = message(
    "at_most_met", zh="{label}为{value}，不多于{bound}", en="{label}: {value}, at most {bound}"
)
AT_MOST_UNMET = message(
    "at_most_unmet", zh="{label}为{value}，多于{bound}", en="{label}: {value}, more than {bound}"
)
IS_MET = message("is_met", zh="{label}：{values}", en="{label}: {values}")
IS_UNMET = message("is_unmet", zh="{label}：不是{values}", en="{label}: not {values}")
_CHOICE = Text("choice 类事实", "a choice")


def flag_condition(label: Text, truth: Truth) -> Condition:
    """Return the condition that a flag, or another truth with a name, holds."""
    parameters = {"label": label}
    judged = Judged(truth, Note(FLAG_MET, parameters), Note(FLAG_UNMET, parameters))
    return Condition(judged, truth, label)


def _where_defined(truth: Truth, defined: Truth) -> Truth:
    return truth if defined is ALWAYS else All((defined, truth))


@condition_kind("all")
@frozen(eq=False)
class AllOf:
    """Every condition holds; an empty list always does."""

    of: tuple[Condition, ...]

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        return All(tuple(condition.truth for condition in self.of))

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return all_defined(self.of)

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return joined((condition.label for condition in self.of), "且", " and ")


@condition_kind("any")
@frozen(eq=False)
class AnyOf:
    """At least one of the conditions holds."""

    of: tuple[Condition, ...]

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        return SomeOf(tuple(condition.truth for condition in self.of))

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return all_defined(self.of)

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return joined((condition.label for condition in self.of), "或", " or ")


@condition_kind("not")
@frozen(eq=False)
class Not:
    """The condition does not hold, where there is anything to judge."""

    of: Condition

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        parameters = {"label": self.of.label}
        judged = Judged(
            Negation(self.of.bare), Note(NOT_MET, parameters), Note(NOT_UNMET, parameters)
        )
        return _where_defined(judged, self.defined())

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return all_defined((self.of,))

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return Text(f"并非“{self.of.label.zh}”", f"not: {self.of.label.en}")


@condition_kind("k_of_n")
@frozen(eq=False)
class KOfN:
    """At least so many of the conditions hold."""

    at_least: int
    of: tuple[Condition, ...]

    def __attrs_post_init__(self) -> None:
        check_limits(Fraction(0), Fraction(len(self.of)), at_least=Fraction(self.at_least))

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        truths = tuple(condition.bare for condition in self.of)
        entries = tuple((condition.label, condition.bare) for condition in self.of)
        count = count_of(truths)
        parameters = {
            "count": count,
            "at_least": self.at_least,
            "done": Listed(entries),
            "missing": Listed(entries, wanted=False),
        }
        return Judged(
            count >= self.at_least, Note(K_OF_N_MET, parameters), Note(K_OF_N_UNMET, parameters)
        )

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return all_defined(self.of)

    def wording(self) -> Text:
        """See `ConditionKind`."""
        listed = joined(condition.label for condition in self.of)
        least = self.at_least
        return Text(f"至少{least}项：{listed.zh}", f"at least {least} of: {listed.en}")


@condition_kind("in_range")
@frozen(eq=False)
class InRange:
    """A number from `min` to `max`, both included."""

    value: Quantity
    low: Fraction = field(metadata={"key": "min"})
    high: Fraction = field(metadata={"key": "max"})

    def __attrs_post_init__(self) -> None:
        if self.low > self.high:
            raise wrong(BOUNDS_ORDER, f"{exact(self.low)}, {exact(self.high)}")

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        number = self.value.number
        parameters = {
            "label": self.value.label,
            "value": number,
            "min": self.low,
            "max": self.high,
        }
        judged = Judged(
            (number >= self.low) & (number <= self.high),
            Note(IN_RANGE_MET, parameters),
            Note(IN_RANGE_UNMET, parameters),
        )
        return _where_defined(judged, self.defined())

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return all_defined((self.value,))

    def wording(self) -> Text:
        """See `ConditionKind`."""
        label, low, high = self.value.label, exact(self.low), exact(self.high)
        return Text(f"{label.zh}在{low}至{high}之间", f"{label.en} in {low} to {high}")


@frozen(eq=False)
class _Bound:
    value: Quantity
    bound: Quantity | None

    def defined(self) -> Truth:
        """See `PartialKind`."""
        return ALWAYS if self.bound is None else all_defined((self.value, self.bound))

    def parameters(self) -> dict[str, object]:
        """Return what the reasons mention."""
        bound = None if self.bound is None else self.bound.number
        return {"label": self.value.label, "value": self.value.number, "bound": bound}

    def worded(self, zh: str, en: str) -> Text:
        """Return the words to list it by, around those for how the two compare."""
        bound = Text("不限", "any number") if self.bound is None else self.bound.label
        return joined((self.value.label, bound), zh, en)


@condition_kind("at_least")
@frozen(eq=False)
class AtLeastBound(_Bound):
    """A number is at least the bound, which is included; without a bound it always holds."""

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        if self.bound is None:
            return Certain(value=True)
        notes = (Note(text, self.parameters()) for text in (AT_LEAST_MET, AT_LEAST_UNMET))
        judged = Judged(self.value.number >= self.bound.number, *notes)
        return _where_defined(judged, self.defined())

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return self.worded("不少于", " at least ")


@condition_kind("at_most")
@frozen(eq=False)
class AtMostBound(_Bound):
    """A number is at most the bound, which is included; without a bound it always holds."""

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        if self.bound is None:
            return Certain(value=True)
        notes = (Note(text, self.parameters()) for text in (AT_MOST_MET, AT_MOST_UNMET))
        judged = Judged(self.value.number <= self.bound.number, *notes)
        return _where_defined(judged, self.defined())

    def wording(self) -> Text:
        """See `ConditionKind`."""
        return self.worded("不多于", " at most ")


@condition_kind("is")
@frozen(eq=False)
class Is:
    """A choice is one of these words."""

    fact: Fact
    value: OneOrMore

    def __attrs_post_init__(self) -> None:
        collector = Collector()
        with collector.under("fact"):
            if self.fact.type != "choice":
                raise wrong(WRONG_TYPE, self.fact.name, type=_CHOICE)
        for word in self.value if self.fact.type == "choice" else ():
            with collector.under("value"):
                if word not in self.fact.values:
                    raise wrong(UNKNOWN_NAME, word, known=self.fact.values)
        collector.finish()

    def truth(self) -> Truth:
        """See `ConditionKind`."""
        asked, words = frozenset(self.value), frozenset(self.fact.values)
        parameters = {"label": self.fact.label, "values": self._values()}
        return Judged(
            FactIs(self.fact.name, asked, words),
            Note(IS_MET, parameters),
            Note(IS_UNMET, parameters),
        )

    def wording(self) -> Text:
        """See `ConditionKind`."""
        label, values = self.fact.label, joined(self._values())
        return Text(f"{label.zh}：{values.zh}", f"{label.en}: {values.en}")

    def _values(self) -> tuple[Text, ...]:
        return tuple(self.fact.values[word] for word in self.value)
