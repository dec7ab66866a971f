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

__all__ = [
    "CaseFailedError",
    "CasesFile",
    "PolicyCaseItem",
    "pytest_addoption",
    "pytest_collect_file",
    "pytest_sessionfinish",
    "pytest_terminal_summary",
]

_TOLD = pytest.StashKey[list[tuple[str, float, list[str]]]]()


class CaseFailedError(AssertionError):
    """A case came out otherwise; its text says how."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of coverage."""
    group = parser.getgroup("studioflow", "cases of policies")
    group.addoption(
        "--policy-coverage",
        metavar="PATH",
        type=Path,
        help="tell what the cases of a file, or of a folder, have seen of their policies",
    )
    group.addoption(
        "--policy-floor",
        metavar="PERCENT",
        type=float,
        help="fail where they have seen less than this",
    )


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Work out what cases have seen; below the floor the run fails."""
    config = session.config
    path, floor = config.getoption("--policy-coverage"), config.getoption("--policy-floor")
    if path is None or hasattr(config, "workerinput"):  # a worker of pytest-xdist
        return
    told = config.stash[_TOLD] = list(_seen(path))
    if floor is not None and any(share * 100 < floor for _, share, _ in told):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what cases have seen."""
    for name, share, missing in terminalreporter.config.stash.get(_TOLD, []):
        terminalreporter.write_line(f"policy coverage of {name}: {share * 100:.1f} %")
        for line in missing:
            terminalreporter.write_line(f"  missing: {line}")


def _seen(path: Path) -> Iterator[tuple[str, float, list[str]]]:
    """Yield each policy, the share that was seen of it, and what was not."""
    from studioflow.cases import cover, read_cases, runner_for

    files = sorted(path.rglob("*.cases.toml")) if path.is_dir() else [path]
    found: dict[str, tuple[Runner, list[PolicyCase]]] = {}
    for file in files:
        cases = read_cases(file)
        if cases:
            runner = runner_for(cases[0], file.parent)
            _, known = found.setdefault(runner.policy.fingerprint, (runner, []))
            known.extend(cases)
    for runner, every in found.values():
        seen = cover(runner.policy, every)
        missing = [f"{each.place}: {each.text.en}" for each in seen.missing]
        yield runner.policy.id, float(seen.share), missing


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
