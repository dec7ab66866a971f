"""`diff`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

POLICY = "yongjia-2023"
COUNTY = """\
schema = "studioflow.policy/1"
id = "county"
version = "1"
label = { zh = "某县", en = "a county" }
extends = "yongjia-2023"
[quota]
places = 12
"""


@pytest.fixture
def county(tmp_path: Path) -> str:
    """A policy that extends the reference policy."""
    path = tmp_path / "county.toml"
    path.write_text(COUNTY, "utf-8")
    return str(path)


class TestDiff:
    """What differs between two policies."""

    def test_other(self, run: Run, county: str) -> None:
        """Each value that differs stands with its path, both values and the clause."""
        ran = run("diff", POLICY, county)
        lines = [line.split() for line in ran.out.splitlines()]

        assert (0, "") == (ran.status, ran.err)
        assert ["path", "yongjia-2023", "county", "clause"] == lines[0]
        assert ["quota/places", "10", "12", "1.9"] in lines

    def test_own_variation(self, run: Run) -> None:
        """With --set alone a policy is compared with its own variation."""
        out = run("diff", POLICY, "--set", "criteria/5.2.2/norm=12").out
        assert ["criteria/5.2.2/norm", "16", "12", "5.2.2"] in [x.split() for x in out.splitlines()]

    @pytest.mark.parametrize(
        ("more", "count"), [((), "1 difference"), (("--set", "quota/places=9"), "2 differences")]
    )
    def test_count(self, run: Run, more: tuple[str, ...], count: str) -> None:
        """They are counted, one as one."""
        out = run("diff", POLICY, "--set", "criteria/5.2.2/norm=12", *more).out
        assert count == out.splitlines()[-1]

    def test_other_varied(self, run: Run, county: str) -> None:
        """With both, --set varies the other one."""
        document = run("diff", POLICY, county, "--set", "quota/places=10", "--json").json()
        assert "quota/places" not in {entry["path"] for entry in document["differences"]}
        assert ["quota/places=10"] == document["after"]["varied"]

    def test_same(self, run: Run) -> None:
        """Of the same policy twice it says that nothing differs, and that is no failure."""
        ran = run("diff", POLICY, POLICY, "--lang", "zh")
        assert (0, "没有不同。\n") == (ran.status, ran.out)

    def test_json(self, run: Run, county: str) -> None:
        """The same for programs; what one policy lacks is null."""
        document = run("diff", POLICY, county, "--json").json()
        expected = {"path": "quota/places", "before": 10, "after": 12, "clause": "1.9"}

        assert "studioflow.diff/1" == document["schema"]
        assert [POLICY, "county"] == [document[key]["id"] for key in ("before", "after")]
        assert expected in document["differences"]

    def test_every_type(self, run: Run, tmp_path: Path) -> None:
        """Dates, decimals, lists and tables are written as a policy file has them."""
        path = tmp_path / "county.toml"
        path.write_text(
            COUNTY
            + "[calendar.windows.declaration]\nto = 2023-04-05\n"
            + '[criteria."5.2.4"]\neach = 0.25\n'
            + '[lifecycle.transitions.plaque]\nby = ["county_bureau", "bureau_committee"]\n',
            "utf-8",
        )
        rows = " ".join(run("diff", POLICY, str(path), columns=120).out.split())
        document = run("diff", POLICY, str(path), "--json").json()
        after = {entry["path"]: entry["after"] for entry in document["differences"]}

        assert "2023-03-31 2023-04-05" in rows
        assert "0.5 0.25" in rows
        assert "[county_bureau] [county_bureau, bureau_committee]" in rows
        assert "2023-04-05" == after["calendar/windows/declaration/to"]
        assert "0.25" == after["criteria/5.2.4/each"]
