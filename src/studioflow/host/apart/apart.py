"""An untrusted plugin, asked in a process of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from studioflow.codec import from_plain, to_plain
from studioflow.host.apart.limits import Limits
from studioflow.host.apart.session import Session, several
from studioflow.host.reports import PluginReport
from studioflow.rubric import FactFile, ScoreSheet
from studioflow.rubric.sheet_document import DOCUMENTS
from studioflow.studio import Question
from studioflow.verdict import Reason

__all__ = ["Apart"]

_DEFAULT = Limits()


class Apart:
    """A plugin that is never imported here: a worker is asked, and stopped at a limit.

    The worker starts with the first question, and anew with the next one after it was stopped.
    Several threads may ask; they are answered one after another. Every question raises an
    `ApartError` where the plugin does not answer, and an `InputError` where what is asked is wrong
    or the plugin does not load.

    >>> with Apart("yongjia", limits=Limits(seconds=20)) as county:
    ...     county.policies()
    ...     county.score("yongjia-2023", {"activities": 18}).criterion("5.2.2").points.points
    ('yongjia-2023',)
    Fraction(18, 1)

    Args:
        plugin: its name, as its distribution's entry point has it.
        beside: names of plugins that it builds on, loaded in the same process.
        path: folders that plugins are installed in, and that need not be on this program's path.
        limits: how far it may go.
    """

    def __init__(
        self,
        plugin: str,
        *,
        beside: Iterable[str] = (),
        path: Iterable[str | Path] = (),
        limits: Limits = _DEFAULT,
    ) -> None:
        self.plugin = plugin
        folders = [str(Path(folder).resolve()) for folder in path]
        self._session = Session([plugin, *beside], folders, limits)

    def __repr__(self) -> str:
        return f"<Apart {self.plugin}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process and whatever it has started; a question after that starts another."""
        self._session.close()

    def plugins(self) -> tuple[PluginReport, ...]:
        """Return what the plugin brings, and each that it builds on."""
        return tuple(self._session.ask("plugins", {}, about="", read=several(PluginReport)))

    def policies(self) -> tuple[str, ...]:
        """Return the ids of the policies that can be had."""
        return tuple(name for each in self.plugins() for name in each.brings.get("policies", ()))

    def score(
        self,
        policy: str | Mapping[str, object],
        facts: Mapping[str, object] | FactFile,
        *,
        changes: Mapping[str, object] | None = None,
    ) -> ScoreSheet:
        """Score one studio.

        Args:
            policy: the id of one that the plugin brings; or the tables of your own, with rules of
                the plugin's kinds in it.
            facts: by name, or a fact file with its marks and inspection.
            changes: of the policy, by path.
        """
        name, tables = (policy, None) if isinstance(policy, str) else (policy.get("id"), policy)
        file = facts if isinstance(facts, FactFile) else FactFile(facts=facts)
        given = {
            "policy": to_plain({"id": name, "tables": tables, "changes": dict(changes or {})}),
            "file": DOCUMENTS.write(file),
        }
        return self._session.ask("score", given, about=str(name), read=_sheet)

    def measure(self, measure: str, documents: Iterable[Mapping[str, object]]) -> object:
        """Return what a measure makes of the documents of records, which a fact need not take."""
        given = {"id": measure, "documents": to_plain([dict(each) for each in documents])}
        return self._session.ask("measure", given, about=measure, read=from_plain)

    def check(self, guard: str, question: Question) -> list[Reason]:
        """Return the reasons that a guard has against an action."""
        given = {"id": guard, "question": DOCUMENTS.write(question)}
        return self._session.ask("check", given, about=guard, read=several(Reason))


def _sheet(said: object) -> ScoreSheet:
    return DOCUMENTS.read(said, ScoreSheet)
