"""One plugin after the other: found, loaded, asked. What goes wrong in one is that one's alone."""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from attrs import evolve, frozen
from pluggy import PluginManager

from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.errors import InputError, Problem
from studioflow.host.answers import (
    CASE_FILE_SCHEMA,
    FORM_SCHEMA,
    NOT_A_LIST,
    POLICY_SCHEMA,
    RUBRIC_SCHEMA,
    SITE_CHECK_SCHEMA,
    Answers,
    checked_document,
    checked_items,
    checked_sample_batch,
)
from studioflow.host.hookspecs import HOOKS, PROJECT, PluginProtocol
from studioflow.host.objects import (
    checked_guard,
    checked_measure,
    checked_record_class,
    checked_subscriber,
)
from studioflow.host.reports import PluginReport
from studioflow.host.rule_kinds import checked_rule_kind
from studioflow.policy import Document
from studioflow.text import Message, message

if TYPE_CHECKING:
    from importlib.metadata import Distribution

__all__ = [
    "DISABLE_VARIABLE",
    "ENTRY_POINT_GROUP",
    "Candidate",
    "consulted",
    "given",
    "installed",
    "switched_off",
    "without_clashes",
]

ENTRY_POINT_GROUP = "studioflow"
DISABLE_VARIABLE = "STUDIOFLOW_DISABLE_PLUGINS"

BAD_METADATA = message(
    "plugin_metadata", zh="可读取的 entry_points.txt", en="an entry_points.txt that can be read"
)
NOT_LOADED = message(
    "plugin_not_loaded", zh="能够导入的插件", en="a plugin that can be imported"
)  # fmt: skip
NAME_CLAIMED = message(
    "plugin_name_claimed",
    zh="只属于一个插件的名称；现有 {plugins}",
    en="a name of one plugin alone; claimed by {plugins}",
)
NO_HOOKS = message("plugin_no_hooks", zh="至少一个钩子：{known}", en="at least one hook: {known}")
NOT_MARKED = message("hook_not_marked", zh="带 @hookimpl 的函数", en="a function with @hookimpl")
HOOK_ARGUMENTS = message("hook_arguments", zh="没有参数的钩子", en="a hook without arguments")
HOOK_FORM = message(
    "hook_form",
    zh="普通函数，不是 async def，也不是包装器",
    en="a plain function, no async def and no wrapper",
)
HOOK_RAISED = message("hook_raised", zh="不抛出异常的钩子", en="a hook that does not raise")

T = TypeVar("T")
_SHOWN_CHARACTERS = 200


@frozen
class Candidate:
    """A plugin that is not loaded yet."""

    report: PluginReport
    load: Callable[[], object]


def given(plugins: Iterable[object]) -> list[Candidate]:
    """Return plugins that were handed in, named after themselves; equal names are numbered."""
    times: Counter[str] = Counter()
    found = []
    for plugin in plugins:
        if isinstance(plugin, Candidate):
            found.append(plugin)
            continue
        name = _own_name(plugin)
        times[name] += 1
        number = f"-{times[name]}" if times[name] > 1 else ""
        found.append(Candidate(PluginReport(name + number), partial(_itself, plugin)))
    return found


def _own_name(plugin: object) -> str:
    """Return a plugin's name, or its type's where it has none; neither may raise here."""
    for named in (plugin, type(plugin)):
        try:
            name = getattr(named, "__name__", None)
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: BLE001, S112 - an attribute of a plugin is foreign code
            continue
        if type(name) is str:
            return name
    return "plugin"


def _itself(plugin: object) -> object:
    return plugin


def installed() -> list[Candidate]:
    """Return every entry point of the group, none of them loaded.

    `importlib.metadata.entry_points` would raise for all where one distribution is damaged.
    """
    from importlib import metadata

    # Looked up by name once more, so that a copy further down `sys.path` stays hidden.
    names = {_name(found) for found in metadata.distributions() if _may_hold_plugins(found)}
    candidates: list[Candidate] = []
    for name in sorted(names - {""}):
        report = PluginReport(name, name)
        try:
            distribution = metadata.distribution(name)
            report = evolve(report, version=distribution.version or "")
            entries = list(distribution.entry_points.select(group=ENTRY_POINT_GROUP))
        except Exception as error:  # noqa: BLE001 - metadata fails with whatever its parser raises
            problem = Problem(BAD_METADATA, got=_said(error))
            candidates.append(Candidate(report.with_problems([problem]), partial(_itself, None)))
        else:
            candidates += [Candidate(evolve(report, name=e.name), e.load) for e in entries]
    return candidates


def _may_hold_plugins(distribution: Distribution) -> bool:
    """Return whether the group is mentioned: cheaper than to parse what every package says."""
    try:
        return ENTRY_POINT_GROUP in (distribution.read_text("entry_points.txt") or "")
    except ValueError:  # not UTF-8: reported when it is parsed
        return True


def _name(distribution: Distribution) -> str:
    """Return the distribution's name, or nothing for what an uninstall left behind."""
    try:
        return distribution.name or ""
    except Exception:  # noqa: BLE001 - there is no metadata, which fails in several ways
        return ""


def switched_off(candidates: Iterable[Candidate], names: Collection[str]) -> list[Candidate]:
    """Return the plugins; those whose name, or distribution, is among the names are disabled."""
    return [
        evolve(c, report=evolve(c.report, status="disabled", problems=()))
        if c.report.name in names or c.report.distribution in names
        else c
        for c in candidates
    ]


def without_clashes(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return the plugins by name; those that claim the same name get a problem each."""
    ordered = sorted(candidates, key=lambda c: (c.report.name, c.report.distribution))
    claims: dict[str, list[str]] = {}
    for candidate in ordered:
        if candidate.report.status == "ok":
            claims.setdefault(candidate.report.name, []).append(candidate.report.origin)

    def checked(candidate: Candidate) -> Candidate:
        name = candidate.report.name
        if candidate.report.status != "ok" or len(claims[name]) == 1:
            return candidate
        problem = Problem(NAME_CLAIMED, got=name, parameters={"plugins": claims[name]})
        return evolve(candidate, report=candidate.report.with_problems([problem]))

    return [checked(candidate) for candidate in ordered]


def consulted(candidate: Candidate) -> tuple[PluginReport, Answers]:
    """Load one plugin and ask it everything.

    A plugin with a problem brings nothing: a policy without the guards that belong to it would
    allow what the county forbids.
    """
    report = candidate.report
    if report.status != "ok":
        return report, Answers()
    collector = Collector()
    answers = Answers()
    with collector.under():
        with _blamed(NOT_LOADED):
            plugin = candidate.load()
        with _blamed(HOOK_RAISED):
            answers = _Plugin(plugin, report.origin).answers()
    return report.with_problems(collector.problems), answers


class _Plugin:
    """A plugin in a manager of its own, so that nothing it does concerns another."""

    def __init__(self, plugin: object, origin: str) -> None:
        self.origin = origin
        self.collector = Collector()
        self.manager = PluginManager(PROJECT)
        self.manager.add_hookspecs(PluginProtocol)
        self._check_hooks(plugin)
        self.collector.finish()
        self.manager.register(plugin, name="plugin")

    def _check_hooks(self, plugin: object) -> None:
        """Check every hook before pluggy sees them: it stops at the first that is wrong."""
        hooks = 0
        for attribute in dir(plugin):
            options = self.manager.parse_hookimpl_opts(plugin, attribute)
            if options is None:
                self._check_unmarked(plugin, attribute)
                continue
            hooks += 1
            hook = options["specname"] or attribute
            if options["optionalhook"] and hook not in HOOKS:  # meant for another version
                continue
            with self.collector.under(attribute):
                if hook not in HOOKS:
                    raise wrong(UNKNOWN_NAME, hook, known=HOOKS)
            function = getattr(plugin, attribute)
            with self.collector.under(attribute):
                if options["wrapper"] or options["hookwrapper"] or _is_async(function):
                    raise wrong(HOOK_FORM, attribute)
            with self.collector.under(attribute):
                if arguments := _required(function):
                    raise wrong(HOOK_ARGUMENTS, arguments)
        with self.collector.under():
            if not hooks and not self.collector.problems:
                raise wrong(NO_HOOKS, plugin, known=HOOKS)

    def _check_unmarked(self, plugin: object, attribute: str) -> None:
        """Refuse a function that is named like a hook: without the mark it is never called.

        What is inherited from the protocols was not written by the author and may stay.
        """
        found = inspect.getattr_static(plugin, attribute, None)
        is_spec = hasattr(found, f"{PROJECT}_spec")
        if attribute.startswith(f"{PROJECT}_") and inspect.isroutine(found) and not is_spec:
            with self.collector.under(attribute):
                raise wrong(NOT_MARKED, attribute)

    def answers(self) -> Answers:
        """Call every hook; all problems at once."""
        answers = Answers(
            policies=self._ask("studioflow_policies", _document(POLICY_SCHEMA)),
            rubrics=self._ask("studioflow_rubrics", _document(RUBRIC_SCHEMA)),
            site_checks=self._ask("studioflow_site_checks", _document(SITE_CHECK_SCHEMA)),
            case_files=self._ask("studioflow_case_files", _document(CASE_FILE_SCHEMA)),
            rule_kinds=self._ask("studioflow_rule_kinds", checked_rule_kind),
            measures=self._ask("studioflow_measures", checked_measure),
            record_classes=self._ask("studioflow_record_classes", checked_record_class),
            guards=self._ask("studioflow_guards", checked_guard),
            subscribers=self._ask("studioflow_subscribers", checked_subscriber),
            sample_batches=self._ask("studioflow_sample_batches", checked_sample_batch),
            forms=self._ask("studioflow_forms", _document(FORM_SCHEMA)),
        )
        self.collector.finish()
        return answers

    def _ask(self, hook: str, check: Callable[[object, str], T]) -> tuple[T, ...]:
        """Call a hook and check each item: the typed side of pluggy, whose answers are `Any`."""
        checked: list[T] = []
        with self.collector.under(hook), _blamed(HOOK_RAISED):
            caller = getattr(self.manager.hook, hook)
            answers: list[object] = caller()
            # pluggy leaves out who answers None; here that is a `return` forgotten.
            if len(answers) < len(caller.get_hookimpls()):
                raise wrong(NOT_A_LIST, None)
            for position, item in enumerate(item for a in answers for item in checked_items(a)):
                with self.collector.under(hook, position), _blamed(HOOK_RAISED):
                    checked.append(check(item, self.origin))
        return tuple(checked)


def _document(schema: str) -> Callable[[object, str], Document]:
    return partial(checked_document, schema=schema)


def _required(function: Callable[..., object]) -> str:
    """Return the names of the arguments without which a function can not be called."""
    parameters = inspect.signature(function).parameters.values()
    starred = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return ", ".join(p.name for p in parameters if p.default is p.empty and p.kind not in starred)


def _is_async(function: object) -> bool:
    return inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)


@contextmanager
def _blamed(expects: Message) -> Iterator[None]:
    """Turn whatever a plugin raises into a problem; only the user's own Ctrl-C goes through.

    `SystemExit` is among it: a script that was named as an entry point must not end the program.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if _tells(error):
            raise
        raise InputError([Problem(expects, got=_said(error))]) from error


def _tells(error: BaseException) -> bool:
    """Return whether an exception says itself what is wrong.

    A plugin may raise an `InputError` of its own making. One without problems would leave the
    plugin in order, and without its guards.
    """
    problems = error.problems if type(error) is InputError else ()
    return bool(problems) and all(type(problem) is Problem for problem in problems)


def _said(error: BaseException) -> str:
    """Return an exception in one line, with the place that raised it."""
    try:
        words = f"{type(error).__name__}: {error}"
    except Exception:  # noqa: BLE001 - a foreign exception's text is foreign code
        words = type(error).__name__
    words = "".join(c if c.isprintable() else " " for c in words)[:_SHOWN_CHARACTERS]
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{words} ({trace.tb_frame.f_code.co_filename}:{trace.tb_lineno})" if trace else words
