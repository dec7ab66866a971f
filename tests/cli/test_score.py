"""`score`: one score sheet, for people and for programs."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studioflow.cli.layout import width

Run = Callable[..., Any]

POLICY = "yongjia-2023"
STUDIO = "examples/studio.toml"
SAMPLES = "tests/cli/evaluation"
SCHEMA = 'schema = "studioflow.facts/1"\n'
KEYS = {
    "schema",
    "grades",
    "measured",
    "policy",
    "gates",
    "criteria",
    "sections",
    "total",
    "deductions",
    "marks",
    "grade",
    "eligible",
    "readings",
    "open",
}


@pytest.fixture
def sheet(run: Run) -> Callable[..., str]:
    """The sheet of the example, as a person sees it."""

    def printed(facts: str = STUDIO, *more: str, columns: int = 80) -> str:
        ran = run("score", facts, "--policy", POLICY, *more, columns=columns)
        assert (0, "") == (ran.status, ran.err)
        return str(ran.out)

    return printed


class TestSheet:
    """What a person reads."""

    def test_points(self, sheet: Callable[..., str]) -> None:
        """Items, sections and total stand with points and maximum at one edge."""
        lines = sheet().splitlines()
        for name, points in (("5.2.2", "18 /20"), ("5.2 ", "39.5 /45"), ("Total", "88.5 /100")):
            line = next(line for line in lines if line.strip().startswith(name))
            assert line.endswith(points)
            assert 76 == width(line.rpartition("/")[0])

    def test_reasons(self, sheet: Callable[..., str]) -> None:
        """Each item has its reasons, the facts that it used, and who marked it."""
        out = sheet()
        for words in (
            "18: 16 points for 16, and 2 more for 2 above it",
            "activities=18",
            "master-teacher office p-21 · 5 points · “使用规范，材料及时”",
            "✓ 5.0.1 leading in thought",
            "assessor p-11 · met · “分工明确，口碑良好”",
            "every gate is met",
        ):
            assert words in out

    def test_gate_not_met(self, sheet: Callable[..., str]) -> None:
        """A gate that is not met is marked, and so is what follows from it."""
        out = sheet(f"{SAMPLES}/s06.toml")
        assert "✗ 5.0.1" in out
        assert "not eligible" in " ".join(out.split())

    def test_open(self, sheet: Callable[..., str]) -> None:
        """While facts are missing points are a range, and it says who supplies them."""
        out = sheet(f"{SAMPLES}/s10.toml", columns=120)
        assert "76–86 /100" in out
        assert "Facts not known yet: 3" in out
        assert "master-teacher office" in out.rpartition("Facts not known yet")[2]

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_open_by_source(self, sheet: Callable[..., str], tmp_path: Path, language: str) -> None:
        """Each open fact takes one line below those who supply it; the site's stand below it."""
        path = tmp_path / "studio.toml"
        path.write_text(SCHEMA)
        out = sheet(str(path), "--lang", language)
        lines = [line.split() for line in out.splitlines()]
        office = lines.index(
            ["由名师办提供"] if language == "zh" else ["from", "master-teacher", "office"]
        )
        site = next(i for i, line in enumerate(lines) if line[:1] == ["site_flag"])

        assert ["funds_proper", "funds_papers"] == [line[0] for line in lines[office + 1 :][:2]]
        assert "3.3.1" == lines[site][-1]
        assert ["六有" if language == "zh" else "the six haves"] == [
            line for line in out.splitlines() if line in {"六有", "the six haves"}
        ]

    def test_withheld(self, sheet: Callable[..., str]) -> None:
        """Where a reading withholds the points, a dash stands for them."""
        out = sheet(
            f"{SAMPLES}/s06.toml", "--set", "readings/gate_failure=no_score", "--lang", "zh"
        )
        assert "— /100" in out
        assert "不给出得分" in out

    def test_varied(self, sheet: Callable[..., str]) -> None:
        """A variation is named, and so is a reading that is not the first answer."""
        out = sheet(
            STUDIO, "--set", "criteria/5.2.2/norm=12", "--set", "readings/bonus_cap=uncapped"
        )
        assert "varied criteria/5.2.2/norm=12" in out
        assert "bonus_cap=uncapped no cap (5.4.2)" in out.partition("chosen otherwise")[2]

    def test_chosen_reading(self, sheet: Callable[..., str]) -> None:
        """A reading that was chosen is spelt out, be it the first answer; the others are not."""
        out = sheet(STUDIO, "--set", "readings/bonus_cap=cap_5")
        chosen, _, others = out.partition("chosen otherwise")[2].partition("Readings in force")
        assert "bonus_cap=cap_5 at most five (5.4.2)" in chosen
        assert "bonus_cap" not in others
        assert "band_gap=reject" in others

    @pytest.mark.parametrize(
        ("setting", "words"),
        [(None, "for the committee to decide"), (60, "Grade passed"), (99, "Grade not passed")],
    )
    def test_grade(self, sheet: Callable[..., str], setting: int | None, words: str) -> None:
        """The grade stands there by its label, or that nobody said where the cut is."""
        more = [] if setting is None else ["--set", f"readings/pass_mark={setting}"]
        more += [] if setting is None else ["--set", "readings/outstanding_mark=100"]
        assert words in sheet(STUDIO, *more)

    def test_grade_open(self, sheet: Callable[..., str]) -> None:
        """A grade that the missing facts still decide is not certain."""
        out = sheet(f"{SAMPLES}/s10.toml", "--set", "readings/pass_mark=80")
        assert "not certain yet" in out

    @pytest.mark.parametrize("columns", [40, 80, 120, 200])
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_width(self, sheet: Callable[..., str], columns: int, language: str) -> None:
        """No line is wider than the terminal, and none wider than 120 columns."""
        out = sheet(f"{SAMPLES}/s10.toml", "--lang", language, columns=columns)
        assert max(map(width, out.splitlines())) <= min(columns, 120)

    def test_no_trailing_spaces(self, sheet: Callable[..., str]) -> None:
        """Lines end where their words do."""
        assert [] == [line for line in sheet().splitlines() if line != line.rstrip()]


class TestJson:
    """What a program reads."""

    def test_shape(self, run: Run) -> None:
        """It is the sheet of the contract, as the library gives it."""
        document = run("score", STUDIO, "--policy", POLICY, "--json").json()

        assert document.keys() == KEYS
        assert "studioflow.score/1" == document["schema"]
        assert {"points": "88.5", "range": ["88.5", "88.5"], "max": "100"} == document["total"]
        item = next(item for item in document["criteria"] if item["id"] == "5.2.2")
        assert {"activities": 18} == item["facts"]
        assert {"code", "clause", "text"} == item["reasons"][0].keys()
        assert {"id", "met", "reasons"} == document["gates"][0].keys()

    def test_language(self, run: Run) -> None:
        """Its texts are in the language asked for."""
        ran = run("score", STUDIO, "--policy", POLICY, "--json", "--lang", "zh")
        assert "满16次计16分" in ran.out

    def test_variation(self, run: Run) -> None:
        """It names what was varied."""
        line = ("score", STUDIO, "--policy", POLICY, "--set", "criteria/5.2.2/norm=12", "--json")
        assert ["criteria/5.2.2/norm=12"] == run(*line).json()["policy"]["varied"]

    def test_json_facts(self, run: Run, tmp_path: Path) -> None:
        """Facts may come as JSON, where null is not known yet."""
        path = tmp_path / "facts.json"
        facts = {"activities": 18, "trainees": None}
        path.write_text(json.dumps({"schema": "studioflow.facts/1", "facts": facts}))
        document = run("score", str(path), "--policy", POLICY, "--json").json()

        assert document["total"]["points"] is None
        assert "trainees" in document["open"]

    @pytest.mark.parametrize(
        "text",
        [
            SCHEMA + "[facts]\nactivities = 18\n",
            ' \n{"schema": "studioflow.facts/1", "facts": {"activities": 18}}',
        ],
    )
    def test_stdin(self, run: Run, text: str) -> None:
        """`-` reads standard input, as TOML, or as JSON if it starts with a brace."""
        line = ("score", "-", "--policy", POLICY, "--json")
        document = run(*line, stdin=text.encode()).json()
        item = next(item for item in document["criteria"] if item["id"] == "5.2.2")
        assert {"activities": 18} == item["facts"]


class TestBadInput:
    """Facts that do not fit: all of it at once, with its place, and exit 2."""

    def test_places(self, run: Run, tmp_path: Path) -> None:
        """Each problem has file and path, what was got and expected, and the nearest name."""
        path = tmp_path / "studio.toml"
        path.write_text(SCHEMA + "[facts]\nactivites = 18\nmembers = 3.9\ntrainees = 10_000\n")
        ran = run("score", str(path), "--policy", POLICY)
        errors = run("score", str(path), "--policy", POLICY, "--json").errors()

        assert (2, "") == (ran.status, ran.out)
        assert {"facts/activites", "facts/members", "facts/trainees"} == {e["path"] for e in errors}
        assert {"studio.toml"} == {error["file"] for error in errors}
        assert "3 errors" in ran.err
        assert "studio.toml: facts/activites [unknown_name]" in ran.err
        assert "did you mean activities?" in ran.err
        assert 1 == " ".join(ran.err.split()).count(
            "`studioflow facts yongjia-2023` lists every fact"
        )

    @pytest.mark.parametrize(
        ("facts", "policy"),
        [
            ("[facts", POLICY),
            ("[facts]\nmembers = 3.9", POLICY),
            ('[facts]\nfunds_papers = "lost"', POLICY),
            ("[facts]", "broken.toml"),
            ("[facts]", "gone.toml"),
        ],
    )
    def test_no_next_step(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, facts: str, policy: str
    ) -> None:
        """Where no other command helps none is named."""
        monkeypatch.chdir(tmp_path)
        Path("broken.toml").write_text('schema = "studioflow.policy/1"\n[quota]\nplaces = -1\n')
        Path("studio.toml").write_text(SCHEMA + facts)
        ran = run("score", "studio.toml", "--policy", policy)

        assert 2 == ran.status
        assert "studioflow facts" not in ran.err
        assert "studioflow policies" not in ran.err

    def test_stdin_refused(self, run: Run) -> None:
        """What comes from standard input is told by that name."""
        text = (SCHEMA + "[facts]\nq = 1\n").encode()
        (error,) = run("score", "-", "--policy", POLICY, "--json", stdin=text).errors()
        assert ("stdin.toml", "facts/q") == (error["file"], error["path"])

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("[facts", "syntax"),
            ("[facts]\na = nan", "not_finite"),
            ('[facts]\nfunds_papers = "\\u001b[31m"', "bad_character"),
            ("x = " + "[" * 50 + "]" * 50, "too_deep"),
            ('[facts]\nlead_research = "false"', "wrong_type"),
        ],
    )
    def test_refused(self, run: Run, tmp_path: Path, text: str, code: str) -> None:
        """Hostile and sloppy files are refused without a traceback."""
        path = tmp_path / "studio.toml"
        path.write_text(SCHEMA + text)
        ran = run("score", str(path), "--policy", POLICY, "--json")

        assert 2 == ran.status
        assert [code] == ran.codes()

    def test_policy_file(self, run: Run, tmp_path: Path) -> None:
        """A policy file with mistakes is told by its own name."""
        path = tmp_path / "county.toml"
        path.write_text('schema = "studioflow.policy/1"\nid = "county"\nextends = "yongjia-2032"\n')
        error = run("score", STUDIO, "--policy", str(path), "--json").errors()[0]
        assert ("county.toml", "extends") == (error["file"], error["path"])

    def test_long_lists_are_cut(self, run: Run, tmp_path: Path) -> None:
        """Of a very long list of names a person sees the start, a program far more."""
        path = tmp_path / "studio.toml"
        path.write_text(SCHEMA + "[facts]\nq = 1\n")
        ran = run("score", str(path), "--policy", POLICY)
        document = run("score", str(path), "--policy", POLICY, "--json")

        assert len(ran.err.splitlines()) < 10
        assert "station_mark" in document.errors()[0]["expected"]
