"""What the plugin brings, installed and by itself."""

from pathlib import Path

import pytest
import studioflow_yongjia

from studioflow.host import Host, PluginReport, load_policy

BRINGS = {
    "policies": ("yongjia-2023",),
    "rubrics": ("yongjia-rubric",),
    "site_checks": ("yongjia-six-haves",),
    "case_files": ("yongjia-case-file",),
    "sample_batches": ("yongjia-2023-sample",),
    "forms": ("yongjia-attachment-1", "yongjia-attachment-2", "yongjia-attachment-3"),
}
PACKAGE = Path(studioflow_yongjia.__file__).parent


def test_installed() -> None:
    """Installing the distribution is enough for it to be found."""
    (found,) = [report for report in Host.discover().plugins if report.name == "yongjia"]

    assert PluginReport("yongjia", "studioflow-yongjia", "0.1.0", brings=BRINGS) == found


def test_by_itself() -> None:
    """It brings its policy, the three parts of it and a sample batch, without a problem."""
    host = Host([studioflow_yongjia])

    assert () == host.problems
    assert BRINGS == host.plugins[0].brings


def test_policy() -> None:
    """The policy is built whole, with its source."""
    policy = load_policy("yongjia-2023", host=Host([studioflow_yongjia]))

    assert ("教育先锋党员工作室", "永教党〔2023〕8号") == (policy.label.zh, policy.source)
    assert (4, 3) == (len(policy.rubric.sections), len(policy.rubric.gates))
    assert {"fixed_place", "flag", "emblem", "oath"} <= set(policy.site_check.items)


@pytest.mark.parametrize(
    "path",
    [
        *studioflow_yongjia.studioflow_policies(),
        *studioflow_yongjia.studioflow_rubrics(),
        *studioflow_yongjia.studioflow_site_checks(),
        *studioflow_yongjia.studioflow_case_files(),
        *studioflow_yongjia.studioflow_sample_batches(),
    ],
    ids=lambda path: str(path.name),
)
def test_files_travel_with_the_package(path: Path) -> None:
    """Every file lies inside the package, and so in the wheel."""
    assert path.is_relative_to(PACKAGE)
    assert path.exists()
