"""`demo`: the sample batch, told, as a document, and as a folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studioflow.cli.layout import width
from studioflow.host import Host, load_policy
from studioflow.policy import read_facts
from studioflow.programme import BatchReport, read_batch, run_batch
from studioflow.text import Language

Run = Callable[..., Any]

POLICY = "yongjia-2023"
BATCH = "yongjia-2023-sample"


@pytest.fixture(scope="module")
def report() -> BatchReport:
    """What the library says of the batch."""
    host = Host.discover()
    batch = read_batch(host.sample_batches[BATCH].folder)
    return run_batch(host.policy(batch.policy), batch, guards=host.guards)


class TestStory:
    """What a person reads."""

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("columns", [80, 120])
    def test_size(self, run: Run, language: str, columns: int) -> None:
        """It takes two screens at most and fits the terminal."""
        ran = run("demo", "--lang", language, columns=columns)
        lines = ran.out.splitlines()

        assert (0, "") == (ran.status, ran.err)
        assert len(lines) <= 100
        assert max(map(width, lines)) <= columns

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_reason(self, run: Run, report: BatchReport, language: Language) -> None:
        """Every reason of every denial is there with its clause, and once."""
        told = "".join(run("demo", "--lang", language, columns=120).out.split())
        reasons = {
            "".join(reason.explain(language).split())
            for outcome in report.outcomes
            for reason in outcome.verdict.reasons
        }

        assert len(reasons) > 4
        assert {1} == {told.count(reason) for reason in reasons}

    def test_chapters(self, run: Run) -> None:
        """Chapters follow the lifecycle, from declarations to commendations."""
        policy = load_policy(POLICY)
        labels = [t.label.zh for t in policy.procedure.transitions.values()]
        lines = run("demo", "--lang", "zh").out.splitlines()
        heads = [line.split()[1] for line in lines if line[:1].isdigit() and line[1:3] == "  "]
        assert labels == [head for head in heads if head in labels]

    def test_ranking(self, run: Run) -> None:
        """Ties share a place and say so, and who is not ranked has none."""
        rows = [line.split() for line in run("demo").out.splitlines()]
        assert [["2", "=", "s02"], ["2", "=", "s03"]] == [
            r[:3] for r in rows if r[:2] == ["2", "="]
        ]
        assert ["—", "s06"] in [row[:2] for row in rows]

    def test_second_visit(self, run: Run) -> None:
        """Who was denied and allowed later is told so in one line."""
        assert "s04 样例工作室四 → ✓ 2023-06-28" in run("demo").out

    def test_open(self, run: Run) -> None:
        """Who could not be evaluated has the range that is still possible."""
        row = next(x for x in run("demo").out.splitlines() if x.startswith("—") and "s10" in x)
        assert "76–86" in row

    def test_narrow(self, run: Run) -> None:
        """On a narrow terminal the table leaves the sections out."""
        out = run("demo", columns=60).out
        assert max(map(width, out.splitlines())) <= 60
        assert "5.1" not in out.partition("place")[2].partition("commend")[0]

    def test_variation(self, run: Run) -> None:
        """--set changes what happens, and is named."""
        out = run("demo", "--set", "quota/places=12").out
        assert "varied quota/places=12" in out
        assert "approve 12/14" in out

    def test_suggestions(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Every command that it suggests works."""
        monkeypatch.chdir(tmp_path)
        lines = run("demo", "--out", "demo").out.partition("What to try next")[2].splitlines()
        commands = [line.partition("#")[0].split()[1:] for line in lines if "studioflow" in line]

        assert len(commands) > 3
        assert {0} == {run(*command).status for command in commands}

    @pytest.mark.parametrize(
        ("environment", "start"),
        [({"UV_RUN_RECURSION_DEPTH": "1"}, "  uv run studioflow"), ({}, "  studioflow")],
    )
    def test_suggestions_as_typed(self, run: Run, environment: dict[str, str], start: str) -> None:
        """What `uv run` started is suggested with `uv run`: it is on no other path."""
        lines = run("demo", **environment).out.partition("What to try next")[2].splitlines()
        commands = [line for line in lines if "studioflow" in line]
        assert len(commands) > 3
        assert [] == [line for line in commands if not line.startswith(start)]

    def test_marks_that_no_longer_fit(self, run: Run) -> None:
        """Where the bundled marks do not fit a variation, the input is at fault: told in full."""
        ran = run("demo", "--set", "facts/goal_mark/max=5", "--json")
        assert 2 == ran.status

    def test_no_batch(self, run: Run, install: Callable[..., None]) -> None:
        """Without a sample batch it says what to install."""
        install()
        ran = run("demo", "--json")
        assert (2, ["no_sample_batch"]) == (ran.status, ran.codes())


class TestJson:
    """What a program reads."""

    def test_document(self, run: Run, report: BatchReport) -> None:
        """Each step, studio and place is there."""
        document = run("demo", "--json").json()

        assert "studioflow.demo/1" == document["schema"]
        assert POLICY == document["policy"]["id"]
        assert BATCH == document["batch"]["id"]
        assert len(report.outcomes) == len(document["steps"])
        denied = [step for step in document["steps"] if not step["allowed"]]
        assert 9 == len(denied)
        assert {True} == {bool(step["reasons"]) for step in denied}
        step_keys = {"studio", "action", "on", "by", "allowed", "decision", "reasons", "warnings"}
        assert step_keys | {"plugins_asked"} == document["steps"][0].keys()
        asked = [outcome.verdict.plugins_asked for outcome in report.outcomes]
        assert asked == [step["plugins_asked"] for step in document["steps"]]
        assert [1, 2, 2, 4] == [place["place"] for place in document["ranking"][:4]]
        totals = {studio["id"]: studio["total"] for studio in document["studios"]}
        assert "98.5" == totals["s01"]["points"]
        assert None is totals["s10"]

    def test_repeated(self, run: Run) -> None:
        """It is the same each time."""
        assert run("demo", "--json").out == run("demo", "--json").out


class TestFolder:
    """What --out leaves."""

    @pytest.fixture
    def folder(self, run: Run, tmp_path: Path) -> Path:
        """A folder that the demo wrote."""
        path = tmp_path / "a" / "demo"
        assert 0 == run("demo", "--out", str(path)).status
        return path

    def test_sheets(self, run: Run, folder: Path) -> None:
        """A sheet for each evaluated studio, and facts that score to it."""
        sheets = {
            path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("sheets/*")
        }

        assert 9 == len(sheets)
        for name, sheet in sheets.items():
            facts = str(folder / f"facts/{name}.toml")
            assert sheet == run("score", facts, "--policy", POLICY, "--json").json()

    def test_open(self, folder: Path) -> None:
        """Facts of a studio that could not be evaluated are there, without a sheet."""
        sheet = load_policy(POLICY).score(read_facts(folder / "facts/s10.toml"))
        assert not (folder / "sheets/s10.json").exists()
        assert ("trainees_promoted", "promotion_mark", "station_mark") == sheet.open

    def test_index(self, run: Run, folder: Path) -> None:
        """The index is the document of --json, with every file."""
        index = json.loads((folder / "index.json").read_text("utf-8"))
        files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}

        assert files - {"index.json"} == index.pop("files").keys()
        assert run("demo", "--json").json() == index

    def test_told(self, run: Run, tmp_path: Path) -> None:
        """The story says where it is, and suggests commands about it."""
        path = str(tmp_path / "x")
        out = run("demo", "--out", path, columns=120).out
        assert f"{path} holds 9 score sheets and 10 fact files." in out
        assert f"studioflow score {path}/facts/s01.toml" in out

    def test_again(self, run: Run, folder: Path) -> None:
        """What it wrote itself it replaces, and leaves nothing beside it."""
        assert 0 == run("demo", "--out", str(folder), "--set", "quota/places=12").status
        assert ["demo"] == [path.name for path in folder.parent.iterdir()]
        assert "quota/places=12" in (folder / "index.json").read_text("utf-8")

    def test_empty(self, run: Run, tmp_path: Path) -> None:
        """An empty folder is fine."""
        assert 0 == run("demo", "--out", str(tmp_path)).status

    @pytest.mark.parametrize("change", ["added", "changed", "no index", "foreign index"])
    def test_not_ours(self, run: Run, folder: Path, change: str) -> None:
        """A file that it did not write just so is not lost: the folder is refused and kept."""
        path = {"added": folder / "notes.txt", "changed": folder / "facts/s01.toml"}
        if change in path:
            path[change].write_text("mine")
        elif change == "no index":
            (folder / "index.json").unlink()
        else:
            (folder / "index.json").write_text("{}")
        before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        ran = run("demo", "--out", str(folder), "--json")

        assert (2, ["folder_not_ours"]) == (ran.status, ran.codes())
        assert before == {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}

    @pytest.mark.parametrize("change", ["folder", "link", "linked", "dangling"])
    def test_nothing_lost(self, run: Run, folder: Path, change: str) -> None:
        """A folder or link that it did not write is not lost either."""
        sheet = folder / "sheets/s01.json"
        if change == "folder":
            (folder / "mine").mkdir()
        elif change == "link":
            (folder / "mine").symlink_to(folder.parent, target_is_directory=True)
        elif change == "linked":
            sheet.rename(folder.parent / "kept.json")
            sheet.symlink_to(folder.parent / "kept.json")
        else:
            (folder / "mine").symlink_to("nowhere")
        before = sorted(folder.rglob("*"))
        ran = run("demo", "--out", str(folder), "--json")

        assert (2, ["folder_not_ours"]) == (ran.status, ran.codes())
        assert before == sorted(folder.rglob("*"))

    def test_only_a_folder(self, run: Run, tmp_path: Path) -> None:
        """A folder with an empty folder in it is not empty."""
        (tmp_path / "x/mine").mkdir(parents=True)
        assert ["folder_not_ours"] == run("demo", "--out", str(tmp_path / "x"), "--json").codes()
        assert (tmp_path / "x/mine").is_dir()

    def test_links_in_a_circle(self, run: Run, tmp_path: Path) -> None:
        """A link to itself is told as what can't be written."""
        (tmp_path / "x").symlink_to("x")
        assert ["not_writable"] == run("demo", "--out", str(tmp_path / "x"), "--json").codes()

    def test_unreadable(self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file that can't be read is told as well, and the folder stays."""

        def fails(_: Path) -> str:
            raise OSError(13, "Permission denied")

        monkeypatch.setattr("studioflow.cli.results._digest", fails)
        assert ["not_writable"] == run("demo", "--out", str(folder), "--json").codes()
        assert (folder / "index.json").exists()

    def test_a_file(self, run: Run, tmp_path: Path) -> None:
        """A file is no folder."""
        path = tmp_path / "x"
        path.write_text("mine")
        assert ["folder_not_ours"] == run("demo", "--out", str(path), "--json").codes()
        assert ["not_writable"] == run("demo", "--out", str(path / "y"), "--json").codes()

    def test_here(self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The folder that one stands in is not replaced."""
        monkeypatch.chdir(folder / "facts")
        assert ["folder_not_ours"] == run("demo", "--out", "..", "--json").codes()

    def test_nothing_half_written(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If the last file can't be written there is no folder at all."""
        from studioflow.cli.results import Results

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Results, "_write_into", full)
        ran = run("demo", "--out", str(tmp_path / "x"), "--json")

        assert (2, ["not_writable"]) == (ran.status, ran.codes())
        assert [] == list(tmp_path.iterdir())

    def test_old_one_comes_back(
        self, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """If the new folder can't be put in its place, the old one is still there."""
        rename = Path.rename

        def fails(path: Path, target: Path) -> Path:
            if path.name == "new":
                raise OSError(13, "Permission denied")
            return rename(path, target)

        monkeypatch.setattr(Path, "rename", fails)
        ran = run("demo", "--out", str(folder), "--json")

        assert (2, ["not_writable"]) == (ran.status, ran.codes())
        assert (folder / "index.json").exists()
