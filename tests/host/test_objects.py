"""What plugins answer in Python is checked, copied, and knows its plugin."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError

from studioflow.host import Host, hookimpl
from studioflow.policy import RecordClass
from studioflow.studio import Event, Guard, PluginMeasure, Question, Subscriber
from studioflow.verdict import Reason


def plugin(name: str = "other", /, **answers: Iterable[object]) -> object:
    """Return a plugin with hooks, by short name."""

    def answer(items: Iterable[object]) -> Callable[[], Iterable[object]]:
        return hookimpl(lambda: items)

    return SimpleNamespace(
        __name__=name, **{f"studioflow_{hook}": answer(items) for hook, items in answers.items()}
    )


def refused(hook: str, item: object) -> tuple[str, str]:
    """Return code and path of the only problem of a plugin that brings an item."""
    host = Host([plugin(**{hook: [item]})])
    (problem,) = host.problems
    assert {} == host.plugins[0].brings
    return problem.code, problem.path.removeprefix(f"studioflow_{hook}/0/")


def no_reasons(_: Question) -> Iterable[Reason]:
    """Let everything pass."""
    return ()


def how_many(documents: tuple[object, ...]) -> int:
    """Count."""
    return len(documents)


def listens(_: Event) -> None:
    """Hear of an event."""


def yields(*_: object) -> Iterator[None]:
    """Stand for a function that does nothing when it is called."""
    yield


async def never_awaited(*_: object) -> Iterable[Reason]:
    """Stand for what a plugin forgot to await."""
    return ()


async def yields_later(*_: object) -> Any:  # noqa: ANN401 - on purpose without a use
    """Stand for an asynchronous generator."""
    yield


class Later:
    """An object that is called like a function, and has to be awaited."""

    async def __call__(self, _: object) -> None:
        """Do nothing."""


@attrs.frozen
class Talk:
    """A record of somebody's own."""

    theme: str


# --- guards ---------------------------------------------------------------------------------


def test_guard() -> None:
    """A guard is handed on with the plugin that it came from."""
    guard = Guard(id="calm", check=no_reasons, actions=frozenset({"approve"}), origin="me")

    host = Host([plugin(guards=[guard])])

    expected = Guard(id="calm", check=no_reasons, actions=frozenset({"approve"}), origin="other")
    assert (expected,) == host.guards
    assert {"guards": ("calm",)} == host.plugins[0].brings


def test_fault_17_guards_are_copied() -> None:
    """A plugin that keeps its guard can not change the actions that the host asks it about."""
    actions = {"approve"}
    kept = Guard(id="calm", check=no_reasons, actions=actions)  # type: ignore[arg-type] # on purpose
    host = Host([plugin(guards=[kept])])

    actions.clear()
    object.__setattr__(kept, "id", "changed")

    (guard,) = host.guards
    assert ("calm", frozenset({"approve"})) == (guard.id, guard.actions)
    with pytest.raises(FrozenInstanceError):
        guard.id = "changed"  # type: ignore[misc] # on purpose


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"id": 3}, "id"),
        ({"id": ""}, "id"),
        ({"check": None}, "check"),
        ({"check": never_awaited}, "check"),
        ({"check": Later()}, "check"),
        ({"actions": "approve"}, "actions"),
        ({"actions": frozenset({1})}, "actions"),
    ],
)
def test_fault_16_wrong_guard(fields: dict[str, Any], path: str) -> None:
    """A guard's parts are checked: attrs itself would take anything."""
    guard = Guard(**{"id": "calm", "check": no_reasons, **fields})

    assert path == refused("guards", guard)[1]


def test_guard_that_yields() -> None:
    """A guard may yield its reasons."""
    guard = Guard(id="calm", check=yields)  # type: ignore[arg-type] # nothing is yielded here

    assert () == Host([plugin(guards=[guard])]).problems


# --- measures -------------------------------------------------------------------------------


def test_measure() -> None:
    """A measure is handed on with the plugin that it came from."""
    host = Host([plugin(measures=[PluginMeasure(id="talks", measure=how_many, origin="me")])])

    assert (PluginMeasure(id="talks", measure=how_many, origin="other"),) == host.measures
    assert {"measures": ("talks",)} == host.plugins[0].brings


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"id": 3}, "wrong_type", "id"),
        ({"id": " "}, "empty_text", "id"),
        ({"measure": None}, "not_a_function", "measure"),
        ({"measure": 3}, "not_a_function", "measure"),
        ({"measure": never_awaited}, "not_a_function", "measure"),
        ({"measure": partial(never_awaited)}, "not_a_function", "measure"),
        ({"measure": Later()}, "not_a_function", "measure"),
        ({"measure": yields}, "not_a_function", "measure"),
    ],
)
def test_fault_16_wrong_measure(fields: dict[str, Any], code: str, path: str) -> None:
    """A measure's parts are checked; what can not return a value is none."""
    measure = PluginMeasure(**{"id": "talks", "measure": how_many, **fields})

    assert (code, path) == refused("measures", measure)


def test_fault_17_measures_are_copied() -> None:
    """A plugin that keeps its measure can not give it another name afterwards."""
    kept = PluginMeasure(id="talks", measure=how_many)
    host = Host([plugin(measures=[kept])])

    object.__setattr__(kept, "id", "changed")

    assert ["talks"] == [measure.id for measure in host.measures]


def test_fault_20_one_measure() -> None:
    """Of measures with one id none is there, and the problem of both plugins names both."""
    own, clash = (PluginMeasure(id=name, measure=how_many) for name in ("own", "clash"))
    host = Host([plugin("second", measures=[clash, own]), plugin("first", measures=[clash])])

    assert ["own"] == [measure.id for measure in host.measures]
    assert [{}, {"measures": ("own",)}] == [report.brings for report in host.plugins]
    assert ["claimed", "partly"] == [report.condition for report in host.plugins]
    assert [("id_claimed", "studioflow_measures")] * 2 == [(p.code, p.path) for p in host.problems]
    for problem in host.problems:
        assert ["first", "second"] == problem.parameters["plugins"]


# --- subscribers ----------------------------------------------------------------------------


def test_subscriber() -> None:
    """A subscriber is handed on with the plugin that it came from."""
    actions = frozenset({"approve"})
    given = Subscriber(id="news", notify=listens, actions=actions, origin="me")

    host = Host([plugin(subscribers=[given])])

    expected = Subscriber(id="news", notify=listens, actions=actions, origin="other")
    assert (expected,) == host.subscribers
    assert {"subscribers": ("news",)} == host.plugins[0].brings


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"id": None}, "wrong_type", "id"),
        ({"notify": None}, "not_a_function", "notify"),
        ({"notify": never_awaited}, "not_a_function", "notify"),
        ({"notify": Later()}, "not_a_function", "notify"),
        ({"notify": yields}, "not_a_function", "notify"),
        ({"notify": yields_later}, "not_a_function", "notify"),
        ({"actions": ["approve"]}, "wrong_type", "actions"),
        ({"actions": frozenset({""})}, "empty_text", "actions"),
    ],
)
def test_fault_16_wrong_subscriber(fields: dict[str, Any], code: str, path: str) -> None:
    """A subscriber's parts are checked; one that would not run when it is called is none."""
    subscriber = Subscriber(**{"id": "news", "notify": listens, **fields})

    assert (code, path) == refused("subscribers", subscriber)


def test_fault_17_subscribers_are_copied() -> None:
    """A plugin that keeps its subscriber can not change afterwards what it is told of."""
    actions = {"approve"}
    kept = Subscriber(id="news", notify=listens, actions=actions)  # type: ignore[arg-type] # on purpose
    host = Host([plugin(subscribers=[kept])])

    actions.clear()

    assert [frozenset({"approve"})] == [one.actions for one in host.subscribers]


def test_fault_20_one_subscriber() -> None:
    """Subscribers that share an id are all told, and both plugins are told of the clash."""
    news, archive = (Subscriber(id=name, notify=listens) for name in ("news", "archive"))
    host = Host(
        [plugin("second", subscribers=[news, archive]), plugin("first", subscribers=[news])]
    )

    expected = [("archive", "second"), ("news", "first"), ("news", "second")]
    assert expected == [(one.id, one.origin) for one in host.subscribers]
    assert ["id_claimed"] * 2 == [problem.code for problem in host.problems]
    assert ["shared", "shared"] == [report.condition for report in host.plugins]


def test_fault_20_guard_and_subscriber() -> None:
    """Plugins that share a guard and a subscriber are used whole; one more clash says otherwise."""
    both: dict[str, Any] = {
        "guards": [Guard(id="x", check=no_reasons)],
        "subscribers": [Subscriber(id="x", notify=listens)],
    }
    more = both | {"measures": [PluginMeasure(id="x", measure=how_many)]}

    shared = Host([plugin("first", **both), plugin("second", **both)])
    partly = Host([plugin("first", **more), plugin("second", **more)])

    assert ["shared", "shared"] == [report.condition for report in shared.plugins]
    assert ["partly", "partly"] == [report.condition for report in partly.plugins]


# --- record classes -------------------------------------------------------------------------


def test_record_class() -> None:
    """A record class is handed on with the plugin that it came from, and listed by its kind."""
    given = [
        RecordClass(kind="talk", cls=Talk, policy="shore", origin="me"),
        RecordClass(kind="talk", cls=Talk),
    ]

    host = Host([plugin(record_classes=given)])

    expected = (
        RecordClass(kind="talk", cls=Talk, policy="shore", origin="other"),
        RecordClass(kind="talk", cls=Talk, origin="other"),
    )
    assert expected == host.record_classes
    assert {"record_classes": ("shore/talk", "talk")} == host.plugins[0].brings


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"kind": None}, "wrong_type", "kind"),
        ({"kind": ""}, "empty_text", "kind"),
        ({"cls": str}, "not_an_attrs_class", "cls"),
        ({"cls": "Talk"}, "not_an_attrs_class", "cls"),
        ({"cls": Talk("甲")}, "not_an_attrs_class", "cls"),
        ({"cls": list[Talk]}, "not_an_attrs_class", "cls"),
        ({"policy": 3}, "wrong_type", "policy"),
        ({"policy": " "}, "empty_text", "policy"),
    ],
)
def test_fault_16_wrong_record_class(fields: dict[str, Any], code: str, path: str) -> None:
    """A record class's parts are checked."""
    record_class = RecordClass(**{"kind": "talk", "cls": Talk, **fields})

    assert (code, path) == refused("record_classes", record_class)


def test_classes_of_one_kind() -> None:
    """Two plugins may have a class for one kind: each has records of its own to hand in."""
    first = plugin("first", record_classes=[RecordClass(kind="talk", cls=Talk)])
    second = plugin("second", record_classes=[RecordClass(kind="talk", cls=Talk)])

    host = Host([second, first])

    assert ["first", "second"] == [each.origin for each in host.record_classes]
    assert () == host.problems


# --- all of them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hook", "make"),
    [
        ("measures", lambda name: PluginMeasure(id=name, measure=how_many)),
        ("record_classes", lambda name: RecordClass(kind=name, cls=Talk)),
        ("guards", lambda name: Guard(id=name, check=no_reasons)),
        ("subscribers", lambda name: Subscriber(id=name, notify=listens)),
    ],
)
def test_order(hook: str, make: Callable[[str], object]) -> None:
    """What plugins bring stands in the order of the ids, whatever order it came in."""
    host = Host([plugin("first", **{hook: [make("b")]}), plugin("second", **{hook: [make("a")]})])

    assert ["a", "b"] == [item.id for item in getattr(host, hook)]


def test_all_problems_at_once() -> None:
    """Everything that is wrong with an item is told at once."""
    wrong: Any = Subscriber(id=" ", notify=yields, actions="approve")  # type: ignore[arg-type] # on purpose

    host = Host([plugin(subscribers=[wrong])])

    assert [f"studioflow_subscribers/0/{key}" for key in ("id", "notify", "actions")] == [
        problem.path for problem in host.problems
    ]


def test_broken_plugin_brings_none() -> None:
    """A plugin with one wrong item brings nothing else, and tells nobody."""
    host = Host(
        [plugin(subscribers=[Subscriber(id="news", notify=listens)], measures=[None], guards=[])]
    )

    assert ((), ()) == (host.measures, host.subscribers)
