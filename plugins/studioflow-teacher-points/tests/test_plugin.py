"""What the plugin brings, installed and by itself."""

from pathlib import Path

import pytest
import studioflow_teacher_points

from studioflow.host import Host, PluginReport, load_policy
from studioflow.policy import Policy

BRINGS = {
    "policies": ("teacher-points",),
    "rubrics": ("teacher-points-rubric",),
    "case_files": ("teacher-points-case-file",),
    "sample_batches": ("teacher-points-sample",),
    "forms": ("teacher-points-roster", "teacher-points-sheet"),
}
PACKAGE = Path(studioflow_teacher_points.__file__).parent


def test_installed() -> None:
    """Installing the distribution is enough for it to be found."""
    name = "teacher_points"
    (found,) = [report for report in Host.discover().plugins if report.name == name]

    assert PluginReport(name, "studioflow-teacher-points", "0.1.0", brings=BRINGS) == found


def test_by_itself() -> None:
    """It brings its policy, the two parts of it and a sample batch, without a problem."""
    host = Host([studioflow_teacher_points])

    assert () == host.problems
    assert BRINGS == host.plugins[0].brings


def test_policy() -> None:
    """The policy is built whole: an open-ended sum of ten rows, without a gate."""
    policy = load_policy("teacher-points", host=Host([studioflow_teacher_points]))
    rows = [*policy.rubric.criteria, *policy.rubric.deductions]

    assert {f"t{number}" for number in range(1, 11)} == {*rows}
    assert len(rows) == 10
    assert {} == policy.rubric.gates
    assert ["outstanding", "passed", "rectify"] == [*policy.rubric.grades]


def test_no_rule_in_python() -> None:
    """The package has one Python file, and it does nothing but name the others."""
    (module,) = PACKAGE.rglob("*.py")

    assert "__init__.py" == module.name
    assert {"Path", "hookimpl"} == {
        name
        for name in vars(studioflow_teacher_points)
        if not name.startswith(("_", "studioflow_"))
    }


def test_fingerprint(policy: Policy) -> None:
    """The same content has the same fingerprint, however it was loaded, and other content not."""
    installed = load_policy("teacher-points")

    assert policy.fingerprint == installed.fingerprint
    varied = installed.vary({"criteria/t1/points/school": 2})
    assert policy.fingerprint != varied.fingerprint
    assert policy.fingerprint == varied.vary({"criteria/t1/points/school": 1}).fingerprint


@pytest.mark.parametrize(
    "path",
    [
        *studioflow_teacher_points.studioflow_policies(),
        *studioflow_teacher_points.studioflow_rubrics(),
        *studioflow_teacher_points.studioflow_case_files(),
        *studioflow_teacher_points.studioflow_sample_batches(),
    ],
    ids=lambda path: str(path.name),
)
def test_files_travel_with_the_package(path: Path) -> None:
    """Every file lies inside the package, and so in the wheel."""
    assert path.is_relative_to(PACKAGE)
    assert path.exists()
