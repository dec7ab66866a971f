"""What plugins answer is checked, never coerced, and copied."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import repeat
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from studioflow.errors import Problem
from studioflow.host import Host, hookimpl
from studioflow.host.hookspecs import HOOKS

Tables = Callable[..., dict[str, Any]]


def plugin(**answers: Callable[[], object]) -> object:
    """Return a plugin with hooks, by short name."""
    return SimpleNamespace(
        __name__="other", **{f"studioflow_{name}": hookimpl(hook) for name, hook in answers.items()}
    )


def refused(hook: str, answer: Callable[[], object]) -> Problem:
    """Return the only problem of a plugin's answer, which names the plugin and its hook."""
    host = Host([plugin(**{hook: answer})])
    (problem,) = host.problems
    assert {} == host.plugins[0].brings
    assert (problem.file or "").startswith("other")
    assert problem.path.startswith(f"studioflow_{hook}")
    return problem


async def never_awaited() -> None:
    """Stand for what a plugin forgot to await."""


def raises_midway() -> Iterator[Path]:
    """Yield one file and fail before the second."""
    yield Path(__file__).parent / "no-such-file.toml"
    raise OSError


KINDS = {
    "not_a_document",
    "not_a_measure",
    "not_a_record_class",
    "not_a_rule_kind",
    "not_a_guard",
    "not_a_subscriber",
    "not_a_folder",
}
"""What is expected of an item, by hook."""


class Unprintable:
    """Something whose repr fails."""

    def __repr__(self) -> str:
        raise ValueError


@pytest.mark.parametrize("hook", HOOKS.values())
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "hook_not_a_list"),
        (True, "hook_not_a_list"),
        (float("nan"), "hook_not_a_list"),
        ("policy.toml", "hook_not_a_list"),
        (b"policy.toml", "hook_not_a_list"),
        (Path("policy.toml"), "hook_not_a_list"),
        ({"schema": "studioflow.policy/1"}, "hook_not_a_list"),
        (repeat(Path()), "hook_too_many"),
        (Unprintable(), "hook_not_a_list"),
    ],
)
def test_fault_16_wrong_answer(hook: str, answer: object, code: str) -> None:
    """An answer that is no list is refused, None included: an empty list says "nothing"."""
    assert code == refused(hook, lambda: answer).code


@pytest.mark.parametrize("hook", HOOKS.values())
@pytest.mark.parametrize(
    "item", [None, True, 21, float("nan"), float("inf"), "policy.toml", object(), b"", [], ()]
)
def test_fault_16_wrong_item(hook: str, item: object) -> None:
    """Something in the list that is not of the hook's kind is refused."""
    problem = refused(hook, lambda: [item])

    assert problem.code in KINDS
    assert f"studioflow_{hook}/0" == problem.path


@pytest.mark.parametrize("hook", HOOKS.values())
def test_fault_16_coroutine(hook: str) -> None:
    """A coroutine is refused as an answer and in a list, and closed."""
    answer, item = never_awaited(), never_awaited()

    assert "hook_not_a_list" == refused(hook, lambda: answer).code
    assert "coroutine" in refused(hook, lambda: [item]).got


def test_fault_16_generator_that_raises() -> None:
    """A generator that raises midway is refused whole."""
    assert "hook_raised" == refused("policies", raises_midway).code


def test_empty_answer() -> None:
    """An empty list says that there is nothing."""
    (report,) = Host([plugin(policies=lambda: (), guards=lambda: iter(()))]).plugins

    assert ("ok", {}) == (report.status, report.brings)


# --- documents ------------------------------------------------------------------------------


def nested(depth: int) -> object:
    """Return a list in a list, and so on."""
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


class Word(str):
    """Text with room for behaviour of its own."""

    __slots__ = ()


CIRCLE: dict[str, object] = {}
CIRCLE["again"] = CIRCLE


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.5, "not_plain"),
        (float("nan"), "not_plain"),
        (float("inf"), "not_plain"),
        (None, "not_plain"),
        ({1, 2}, "not_plain"),
        (Word("x"), "not_plain"),
        (datetime(2023, 3, 20, tzinfo=UTC), "not_plain"),
        (Decimal("NaN"), "not_finite"),
        (Decimal("-Infinity"), "not_finite"),
        (Decimal("1e999999999"), "too_many_digits"),
        (Decimal("1e-999999999"), "too_many_digits"),
        (10**15, "too_many_digits"),
        ("a\u202eb", "bad_character"),
        ({"a\u200bb": 1}, "bad_character"),
        ({1: 1}, "bad_key"),
        (nested(60), "too_deep"),
        (CIRCLE, "hook_raised"),
    ],
)
def test_fault_16_value_in_tables(rubric: Tables, value: object, code: str) -> None:
    """Tables hold what a file could hold, within the same bounds, and nothing is coerced."""
    assert code == refused("rubrics", lambda: [{**rubric(), "scoring": value}]).code


@pytest.mark.parametrize(
    "value", [True, 3, "x", Decimal("0.50"), Decimal("1e3"), date(2023, 3, 20), [1, [2]], {"a": {}}]
)
def test_value_in_tables(rubric: Tables, value: object) -> None:
    """What a file could hold is taken as it is."""
    host = Host([plugin(rubrics=lambda: [{**rubric(), "scoring": value}])])

    assert value == host.catalogue.rubrics["other-rubric"].tables["scoring"]


@pytest.mark.parametrize(
    ("header", "code", "path"),
    [
        ({"schema": "studioflow.policy/1"}, "wrong_schema", "schema"),
        ({"schema": True}, "wrong_schema", "schema"),
        ({"id": 3}, "wrong_type", "id"),
        ({"id": " "}, "empty_text", "id"),
        ({"id": "a/b"}, "not_an_id", "id"),
        ({"id": "a.toml"}, "not_an_id", "id"),
    ],
)
def test_header(rubric: Tables, header: dict[str, object], code: str, path: str) -> None:
    """A document says its own schema and an id that is not taken for a path."""
    problem = refused("rubrics", lambda: [{**rubric(), **header}])

    assert (code, f"studioflow_rubrics/0/{path}") == (problem.code, problem.path)


def test_no_header() -> None:
    """Everything that the head of a document lacks is reported at once."""
    host = Host([plugin(rubrics=lambda: [{}])])

    paths = [problem.path for problem in host.problems]
    assert ["studioflow_rubrics/0/schema", "studioflow_rubrics/0/id"] == paths


def test_broken_file(tmp_path: Path) -> None:
    """A file that can not be parsed is its plugin's problem, and is named."""
    file = tmp_path / "rubric.toml"
    file.write_text("id = ", "utf-8")

    problem = refused("rubrics", lambda: [file])

    assert ("syntax", "other: rubric.toml") == (problem.code, problem.file)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    """A file that is not there is its plugin's problem, and is named."""
    problem = refused("rubrics", lambda: [tmp_path / "gone.toml"])

    assert "not_readable" == problem.code
    assert "gone.toml" in problem.got


def test_one_bad_answer_takes_the_plugin_out(rubric: Tables) -> None:
    """A plugin with a wrong answer brings nothing: half of it could be the half without guards."""
    host = Host([plugin(rubrics=lambda: [rubric()], guards=lambda: [3], policies=lambda: None)])

    paths = [problem.path for problem in host.problems]
    assert ["studioflow_policies", "studioflow_guards/0"] == paths
    assert {} == host.catalogue.rubrics


def test_fault_17_tables_are_copied(rubric: Tables) -> None:
    """A plugin that keeps the tables it handed over can not change the host's."""
    kept = rubric()
    host = Host([plugin(rubrics=lambda: [kept])])

    kept["criteria"]["1.1"]["points"] = 20
    kept["id"] = "changed"

    assert rubric() == host.catalogue.rubrics["other-rubric"].tables


# --- sample batches -------------------------------------------------------------------------


def test_sample_batch(tmp_path: Path) -> None:
    """A sample batch has the id that its batch.toml says."""
    file = tmp_path / "batch.toml"
    file.write_text('schema = "studioflow.batch/1"\nid = "b1"', "utf-8")

    batch = Host([plugin(sample_batches=lambda: [tmp_path])]).sample_batch("b1")

    assert ("b1", tmp_path.resolve(), "other") == (batch.id, batch.folder, batch.origin)


def test_folder_without_a_batch(tmp_path: Path) -> None:
    """A folder without a batch.toml is refused."""
    assert "not_readable" == refused("sample_batches", lambda: [tmp_path]).code
