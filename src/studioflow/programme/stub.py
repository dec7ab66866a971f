"""A policy's actions as types: the `.pyi` by which an editor knows what each of them takes."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Iterator, Mapping
from typing import ForwardRef, get_args

from studioflow.codec import wrong
from studioflow.lifecycle.gate import Gate
from studioflow.policy import UNDECLARED, Policy, Transition
from studioflow.policy.procedure import Need
from studioflow.programme.actions import Aside, Given, StandardActions
from studioflow.text import message, visible

__all__ = ["stub"]

NOT_A_CLASS_NAME = message(
    "not_a_class_name",
    zh="Python 类名：拉丁字母、数字和下划线，且不与所用的类同名",
    en="a name for a Python class, in Latin letters, digits and underscores, and none that is used",
)

_HOMES: Mapping[str, tuple[str, ...]] = {
    "collections.abc": ("Iterable", "Mapping", "Sequence"),
    "datetime": ("date",),
    "fractions": ("Fraction",),
    "typing": ("Literal", "Protocol", "Required", "TypedDict", "Unpack", "overload"),
    "studioflow": (
        *("Actor", "Application", "FactFile", "Inspection", "Mark", "Override", "Person"),
        *("Studio", "Verdict"),
    ),
    "studioflow.lifecycle": ("Step",),
    "studioflow.programme.actions": ("Aside", "Marks", "Records"),
}
_TAKEN = {name for names in _HOMES.values() for name in names}
_ANSWERS = {"act": "Studio", "take": "Step", "can": "Verdict"}
_ANY_STEP = ("facts", "marks", "inspection", "records")
"""Evidence may come with any step; everything else belongs to steps that ask for it."""


def stub(policy: Policy, name: str | None = None) -> str:
    """Return the text of a `.pyi` with the actions of a policy as a protocol.

    A `Programme` is of that type; what the policy has no action for, what an action does not
    take, and a call without what it needs, a type checker then reports.

    Args:
        policy: whose actions they are.
        name: of the protocol; made from the policy's id when left out.

    Raises:
        InputError: for a name that no class can have.
    """
    called = _class_name(policy.id) if name is None else name
    if not _is_class_name(called):
        raise wrong(NOT_A_CLASS_NAME, called)
    body = "\n".join(_body(policy, called)) + "\n"
    words = {*re.findall(r"\w+", body)}
    imports = [
        f"from {home} import {', '.join(used)}"
        for home, names in _HOMES.items()
        if (used := [each for each in names if each in words])
    ]
    told = visible(f"The actions of the policy {policy.id} {policy.version}, as types.")
    made = f"# Made by `studioflow stub`, of {policy.fingerprint}: make it again, not by hand."
    return "\n".join([_docstring(told), "", made, "", *imports, "", ""]) + body


def _class_name(policy_id: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", policy_id)
    made = "".join(word[:1].upper() + word[1:] for word in words)
    return made if _is_class_name(made) else f"Policy{made}"


def _is_class_name(name: str) -> bool:
    known = name in _TAKEN or keyword.iskeyword(name) or name.startswith("_")
    return name.isascii() and name.isidentifier() and not known


def _body(policy: Policy, called: str) -> Iterator[str]:
    steps = policy.procedure.transitions
    for action, step in steps.items():
        yield f"class _Given_{action}(TypedDict, total=False):"
        yield f"    {_docstring(f'{step.label.zh} / {step.label.en}')}"
        yield ""
        for key, type_ in _keywords(Gate(action, policy)):
            yield f"    {key}: {type_}"
        yield ""
    yield f"class {called}(Protocol):"
    yield f"    {_docstring(f'{policy.label.zh} / {policy.label.en}')}"
    for method, answer in _ANSWERS.items():
        ways = [way for action, step in steps.items() for way in _ways(action, step)]
        for way in ways:
            yield ""
            if len(ways) > 1:  # a lone overload is an error
                yield "    @overload"
            yield f"    def {method}({way}) -> {answer}: ..."
    for action in steps:
        if action in vars(StandardActions):
            yield ""
            yield _method(action)


def _keywords(gate: Gate) -> Iterator[tuple[str, str]]:
    """Yield what may come with a step, by name, and its type; what has to come is required."""
    step = gate.transition
    allowed = {"on", "key", "remark", *_ANY_STEP, *step.needs}
    allowed |= {"strike"} if step.corrects else set()
    allowed |= {"overrides"} if gate.overridable else set()
    allowed |= {"decision"} if gate.scores or step.batch_grade else set()
    allowed |= {"amount"} if step.recovers == "amount" else set()
    grades = ", ".join(repr(grade) for grade in gate.policy.rubric.grades)
    known = {**Aside.__annotations__, **Given.__annotations__}
    for key, annotation in known.items():
        type_ = annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else annotation
        if key == "decision" and grades:
            type_ = f"Literal[{grades}] | None"
        if key in step.needs and key in get_args(Need):
            yield key, f"Required[{type_.removesuffix(' | None')}]"
        elif key in allowed:
            yield key, type_


def _ways(action: str, step: Transition) -> Iterator[str]:
    """Yield the parameters of each way to ask for an action."""
    named, rest = f'self, action: Literal["{action}"]', f"**given: Unpack[_Given_{action}]"
    if step.declares:
        # A studio of which nothing is known yet comes with its application.
        papers = "application: Application | Mapping[str, object]"
        yield f"{named}, studio: Studio | str | None = ..., *, by: Actor, {papers}, {rest}"
    if set(step.sources) != {UNDECLARED}:
        papers = "application: Application | Mapping[str, object] | None = ..., "
        more = papers if step.declares else ""
        yield f"{named}, studio: Studio | str, *, by: Actor, {more}{rest}"


def _method(action: str) -> str:
    """Return a standard action's own signature."""
    parts = []
    keywords_only = False
    for each in inspect.signature(getattr(StandardActions, action)).parameters.values():
        if each.kind is each.KEYWORD_ONLY and not keywords_only:
            parts.append("*")
            keywords_only = True
        written = f"**{each.name}" if each.kind is each.VAR_KEYWORD else each.name
        written += "" if each.annotation is each.empty else f": {each.annotation}"
        parts.append(written + ("" if each.default is each.empty else " = ..."))
    return f"    def {action}({', '.join(parts)}) -> Studio: ..."


def _docstring(text: str) -> str:
    """Return a text as a literal on one line, whatever is in it."""
    return repr(visible(text))
