"""Measures that plugins bring: asked for a value, and whatever one does wrong is its own."""

from __future__ import annotations

from collections.abc import Callable, Container, Coroutine, Mapping
from typing import TypeVar

from attrs import evolve, frozen

from studioflow.codec import Collector, wrong
from studioflow.errors import InputError, said_by
from studioflow.policy import Policy
from studioflow.rubric import Measured
from studioflow.rules import Fact, known
from studioflow.text import message
from studioflow.verdict import Reason

__all__ = ["PluginMeasure", "answered", "check_brought", "fitting"]

T = TypeVar("T")

NOT_BROUGHT = message(
    "measure_not_brought", zh="某个插件带来的计数方法", en="a measure that a plugin brings"
)
MEASURE_FAILED = message(
    "measure_failed",
    zh="插件计数“{measure}”出错：{error}",
    en="the measure {measure} failed: {error}",
)


@frozen(kw_only=True)
class PluginMeasure:
    """What a plugin makes of records, where no file can say it.

    Attributes:
        id: by which a policy file names it, as `use`.
        measure: returns the fact's value from the documents of the records that count, which have
            no personal parts; None where it is not known.
        origin: the plugin; the host fills it in.

    >>> def months(talks):
    ...     return len({talk["on"][:7] for talk in talks})
    >>> PluginMeasure(id="months", measure=months).measure(
    ...     ({"on": "2023-05-04"}, {"on": "2023-05-20"}, {"on": "2023-06-01"})
    ... )
    2
    """

    id: str
    measure: Callable[[tuple[Mapping[str, object], ...]], object]
    origin: str | None = None


def check_brought(policy: Policy, plugin_measures: Container[str]) -> None:
    """Check that each plugin's measure that the policy names is there.

    Raises:
        InputError: with each that nobody brings.
    """
    collector = Collector()
    for name, each in policy.measures.items():
        with collector.under("measures", name, "use"):
            if each.use is not None and each.use not in plugin_measures:
                raise wrong(NOT_BROUGHT, each.use)
    collector.finish()


def answered(
    plugin: PluginMeasure, fact: Fact, documents: tuple[Mapping[str, object], ...]
) -> tuple[object, Reason | None]:
    """Return a plugin's answer if it is a value of the fact, else None and what was wrong."""

    def asked() -> object:
        value = plugin.measure(documents)
        if isinstance(value, Coroutine):
            value.close()
        if value is not None:
            fact.units(value)
        return value

    return _guarded(plugin, asked)


def fitting(
    policy: Policy,
    measured: Mapping[str, Measured],
    facts: Mapping[str, object],
    plugin_measures: Mapping[str, PluginMeasure],
) -> dict[str, Measured]:
    """Return what was measured, without each plugin's value that the other facts contradict.

    A part may not exceed its whole: 21 of 20 trainees is a value of its fact, and wrong.
    """
    brought = {n for n in measured if policy.measures[n].use is not None}
    fit = dict(measured)
    plain = {n: value for n, value in facts.items() if n not in measured}
    values = {**plain, **{n: m.value for n, m in measured.items() if n not in brought}}
    for name in sorted(brought):
        each, use = measured[name], policy.measures[name].use
        with_it = {**values, name: each.value}
        if each.value is None or not _contradicts(policy, values, with_it):
            values = with_it
            continue

        def checked(with_it: Mapping[str, object] = with_it) -> object:
            return known(policy.facts, with_it)

        _, remark = _guarded(plugin_measures[str(use)], checked)
        fit[name] = evolve(each, value=None, remark=remark)
    return fit


def _contradicts(policy: Policy, before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """Return whether facts that fit before do not fit any more."""
    try:
        known(policy.facts, before)
    except InputError:  # that is said elsewhere, and not the plugin's
        return False
    try:
        known(policy.facts, after)
    except InputError:
        return True
    return False


def _guarded(plugin: PluginMeasure, call: Callable[[], T]) -> tuple[T | None, Reason | None]:
    """Return what a call gives; what it raises becomes a reason that names the plugin."""
    try:
        return call(), None
    except KeyboardInterrupt:  # the user's, and not an answer
        raise
    # A plugin may raise anything: neither `sys.exit` nor a cancellation is an answer.
    except BaseException as error:  # noqa: BLE001 - see above
        parameters = {"measure": plugin.id, "error": said_by(error)}
        return None, Reason(MEASURE_FAILED, parameters, origin=plugin.origin or plugin.id)
