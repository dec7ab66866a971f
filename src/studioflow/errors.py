"""One tree of exceptions. Each carries data, so that a caller can show it in its own way."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import evolve, field, frozen

from studioflow.text import Language, Message, Text, exact, message, render, visible

__all__ = [
    "InputError",
    "MissingExtraError",
    "MissingFontError",
    "MissingProgramError",
    "Problem",
    "StudioflowError",
    "nearest",
    "said_by",
    "shown",
    "wrong",
]

_PROBLEM = Text(
    "{place}：[{code}] 得到 {got}，应为{expected}",
    "{place}: [{code}] got {got}, expected {expected}",
)
_NEAREST = Text("是否想写 {nearest}？", "did you mean {nearest}?")
_SEPARATOR = Text("；", "; ")
_NONE_DECLARED = Text("（没有声明任何此类名称）", "(nothing of the kind is declared)")
_SHOWN_CHARACTERS = 80
_MANY_NAMES = 1000
_LISTED_NAMES = 40
_MOST_SAID = 200

MISSING_EXTRA = message(
    "missing_extra",
    zh="此功能需要附加组件 {extra}：请运行 pip install 'studioflow[{extra}]'",
    en="this needs the extra {extra}: run pip install 'studioflow[{extra}]'",
)

MISSING_PROGRAM = message(
    "missing_program",
    zh="此功能需要程序 {program}：请安装 {package}，Debian 上运行 apt-get install {package}",
    en="this needs the program {program}: install {package}, on Debian by"
    " apt-get install {package}",
)

MISSING_FONT = message(
    "missing_font",
    zh="找不到能显示“{sample}”的字体：请安装 {package}，Debian 上运行 apt-get install {package}",
    en="no installed font shows “{sample}”: install {package}, on Debian by apt-get install"
    " {package}",
)


def nearest(got: str, known: Iterable[str]) -> str | None:
    """Return the known name that is most like `got`, or None where none is like it.

    >>> nearest("activites", ["activities", "members"])
    'activities'
    """
    # Bounded: the comparison is quadratic, and all of this may come from a hostile file.
    names = [name for name in sorted(known)[:_MANY_NAMES] if len(name) <= _SHOWN_CHARACTERS]
    matches = difflib.get_close_matches(got[:_SHOWN_CHARACTERS], names, n=1)
    return matches[0] if matches else None


def shown(value: object) -> str:
    """Return a short repr of a value that may be of any size or type.

    >>> shown("x" * 1000)[:8], shown(Fraction(197, 10)), shown(10**5000)
    ("'xxxxxxx", '19.7', 'a value of type int')
    """
    try:
        whole = _whole(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, endless nesting
        return f"a value of type {type(value).__name__}"
    return whole if len(whole) <= _SHOWN_CHARACTERS else whole[: _SHOWN_CHARACTERS - 1] + "…"


def _whole(value: object) -> str:
    match value:
        case str():
            return repr(value[:_SHOWN_CHARACTERS])
        case bool():  # as a file has it
            return str(value).lower()
        case Decimal():  # not `exact`: it may be 1e999999999
            return str(value)
        case Fraction():
            return exact(value)
        case _:
            return repr(value)


@frozen
class Problem:
    """One thing that is wrong with an input.

    Attributes:
        expects: the code, and the words for what was expected.
        path: where inside the document, ids divided by `/`.
        got: what stood there, as `shown` gives it.
        parameters: what the words of `expects` and `hint` mention.
        nearest: the known name that is most like what stood there.
        hint: what to do next, where that is not plain from what was expected.
        file: the document, where it has a name.
    """

    expects: Message
    path: str = ""
    got: str = ""
    parameters: Mapping[str, object] = field(factory=dict)
    nearest: str | None = None
    hint: Text | None = None
    file: str | None = None

    @property
    def code(self) -> str:
        """The problem's stable code."""
        return self.expects.code

    def under(self, *keys: object) -> Problem:
        """Return the problem as seen from further out, its path lengthened by `keys`.

        Keys come from the document: they are cut, and what can not be seen in them is escaped.
        """
        steps = [visible(str(key)[:_SHOWN_CHARACTERS]) for key in keys]
        return evolve(self, path="/".join([*steps, *([self.path] if self.path else [])]))

    def in_file(self, name: str) -> Problem:
        """Return the problem with the name of its document, unless it has one.

        A file's name may hold anything: what can not be seen in it is escaped.
        """
        return evolve(self, file=self.file or visible(name))

    def expected(self, language: Language) -> str:
        """Return the words for what was expected."""
        return render(self.expects.text, self.parameters, language)

    def advice(self, language: Language) -> str:
        """Return the nearest match and the next step, or an empty string."""
        parts = []
        if self.nearest is not None:
            parts.append(render(_NEAREST, {"nearest": self.nearest}, language))
        if self.hint is not None:
            parts.append(render(self.hint, self.parameters, language))
        return _SEPARATOR.get(language).join(parts)

    def explain(self, language: Language = "en") -> str:
        """Return the whole problem as one sentence."""
        place = ": ".join(part for part in (self.file, self.path) if part) or "."
        parameters = {
            "place": place,
            "code": self.code,
            "got": self.got,
            "expected": self.expected(language),
        }
        parts = [render(_PROBLEM, parameters, language), self.advice(language)]
        return _SEPARATOR.get(language).join(part for part in parts if part)

    def to_dict(self, language: Language = "en") -> dict[str, object]:
        """Return the problem as the JSON of `studioflow.errors/1` has it."""
        return {
            "code": self.code,
            "path": self.path,
            "file": self.file,
            "got": self.got,
            "expected": self.expected(language),
            "hint": self.advice(language) or None,
            "text": self.explain(language),
        }


class StudioflowError(Exception):
    """The root of every exception that this library raises on purpose."""


class InputError(StudioflowError, ValueError):
    """Bad input, with every problem that was found in it.

    Attributes:
        problems: what is wrong, in the order of the document.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return self.explain()

    def explain(self, language: Language = "en") -> str:
        """Return a line for each problem."""
        return "\n".join(problem.explain(language) for problem in self.problems)


def said_by(error: BaseException) -> str:
    """Return the kind and the words of somebody else's exception, which may not even say itself.

    >>> said_by(ValueError("x"))
    'ValueError: x'
    """
    if type(error) is InputError:  # ours: its words without its place
        told = "; ".join(
            f"[{p.code}] got {p.got}, expected {p.expected('en')}" for p in error.problems
        )
        return visible(told[:_MOST_SAID])
    # Read past what the class may bring of its own.
    name = type.__dict__["__name__"].__get__(type(error))
    try:
        said = str.__str__(str(error))
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - it is anybody's code
        said = ""
    return visible(f"{name}: {said}"[:_MOST_SAID])


def wrong(
    expects: Message,
    got: object = "",
    *,
    known: Iterable[str] = (),
    hint: Text | None = None,
    **parameters: object,
) -> InputError:
    """Return an error with one problem.

    Args:
        expects: the code, and the words for what was expected.
        got: what stood there, of any type and size.
        known: the names that would have been right; where there are none, that is said.
        hint: what to do next, where that is not plain from what was expected.
        parameters: what the words mention.
    """
    names = sorted(known)
    if names:
        more = ["…"] if len(names) > _LISTED_NAMES else []
        parameters["known"] = names[:_LISTED_NAMES] + more
    elif "known" in expects.placeholders():
        parameters["known"] = _NONE_DECLARED
    close = nearest(got, names) if isinstance(got, str) and names else None
    problem = Problem(expects, got=shown(got), parameters=parameters, nearest=close, hint=hint)
    return InputError([problem])


class MissingExtraError(StudioflowError, ImportError):
    """A feature needs an extra that is not installed."""

    def __init__(self, extra: str) -> None:
        self.extra = extra
        super().__init__(self.explain())

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with the command that installs it."""
        return render(MISSING_EXTRA.text, {"extra": self.extra}, language)


class MissingProgramError(StudioflowError):
    """A feature needs a program that is not Python's, and that is not installed.

    Attributes:
        program: that was to be run; `package` brings it.
    """

    def __init__(self, program: str, package: str) -> None:
        self.program, self.package = program, package
        super().__init__(self.explain())

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with the command that installs it."""
        parameters = {"program": self.program, "package": self.package}
        return render(MISSING_PROGRAM.text, parameters, language)


class MissingFontError(StudioflowError):
    """A document has characters that no installed font shows.

    Attributes:
        sample: some of them; `package` brings a font that has all usual ones.
    """

    def __init__(self, sample: str, package: str = "fonts-noto-cjk") -> None:
        self.sample, self.package = sample, package
        super().__init__(self.explain())

    def explain(self, language: Language = "en") -> str:
        """Return the sentence with the command that installs one."""
        parameters = {"sample": self.sample, "package": self.package}
        return render(MISSING_FONT.text, parameters, language)
