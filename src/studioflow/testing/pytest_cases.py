"""The pytest plugin: each case of a `*.cases.toml` is a test.

It is there as soon as studioflow and pytest are installed, and imports nothing of studioflow before
such a file is met.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from studioflow.cases import PolicyCase, Runner

__all__ = ["CaseFailedError", "CasesFile", "PolicyCaseItem", "pytest_collect_file"]


class CaseFailedError(AssertionError):
    """A case came out otherwise; its text says how."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> CasesFile | None:
    """Collect a file of cases."""
    if file_path.name.endswith(".cases.toml"):
        made: CasesFile = CasesFile.from_parent(parent, path=file_path)
        return made
    return None


class CasesFile(pytest.File):
    """A file of cases. Its `policy` is a path seen from it, or the id of an installed one."""

    def collect(self) -> Iterator[PolicyCaseItem]:
        """Yield a test for each case."""
        from studioflow.cases import check_cases, read_cases
        from studioflow.errors import InputError

        try:
            cases = read_cases(self.path)
            if not cases:
                return
            runner = _runner(cases[0], self.path.parent)
            check_cases(runner.policy, cases)
        except InputError as error:
            raise self.CollectError(str(error)) from None
        for case in cases:
            yield PolicyCaseItem.from_parent(self, name=case.id, case=case, runner=runner)


_runners: dict[object, Runner] = {}


def _runner(case: PolicyCase, folder: Path) -> Runner:
    """Return the runner of a file, which every file about the same policy shares."""
    from studioflow.cases import runner_for

    key = (case.policy, case.plugins, folder)
    if key not in _runners:
        _runners[key] = runner_for(case, folder)
    return _runners[key]


class PolicyCaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: PolicyCase, runner: Runner, **settings: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(**settings)
        self.case, self._runner = case, runner

    def runtest(self) -> None:
        """Run it.

        Raises:
            CaseFailedError: with everything that came out otherwise.
        """
        result = self._runner.run(self.case)
        if not result.passed:
            raise CaseFailedError(result.explain())

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        *settings: Any,  # noqa: ANN401 - pytest's own
    ) -> Any:  # noqa: ANN401 - pytest's own
        """Return the sentences alone: where our code stood says nothing of the case."""
        if isinstance(excinfo.value, CaseFailedError):
            head = self.case.text or self.case.id
            return f"{head}\n{excinfo.value}"
        return super().repr_failure(excinfo, *settings)

    def reportinfo(self) -> tuple[Path, None, str]:
        """Return where it stands."""
        return self.path, None, f"case: {self.name}"
