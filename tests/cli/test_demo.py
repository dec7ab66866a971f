"""`demo`: the sample batch, told, as a document, and as a folder."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import studioflow_yongjia
from click.testing import CliRunner

from studioflow.cli.app import program
from studioflow.cli.layout import width
from studioflow.host import Host, load_policy
from studioflow.policy import read_facts
from studioflow.programme import BatchReport, read_batch, read_case_file, run_batch
from studioflow.text import Language

Run = Callable[..., Any]

POLICY = "yongjia-2023"
BATCH = "yongjia-2023-sample"
EVALUATION = Path(__file__).with_name("evaluation")


@pytest.fixture(scope="module")
def report() -> BatchReport:
    """What the library says of the batch."""
    host = Host.discover()
    batch = read_batch(host.sample_batches[BATCH].folder)
    return run_batch(host.policy(batch.policy), batch, host=host)


@pytest.fixture(scope="module")
def told() -> dict[object, Any]:
    """What was printed before: the same command prints the same, and runs once."""
    return {}


@pytest.fixture
def demo(run: Run, told: dict[object, Any]) -> Run:
    """Run the demo as `run` does, each command once."""

    def runs(*arguments: str, columns: int = 80, **environment: str) -> Any:  # noqa: ANN401 - as `run`
        key = (arguments, columns, *environment.items())
        if key not in told:
            told[key] = run("demo", *arguments, columns=columns, **environment)
        return told[key]

    return runs


class TestStory:
    """What a person reads."""

    @pytest.mark.parametrize("language", ["zh", "en"])
    @pytest.mark.parametrize("columns", [80, 120])
    def test_size(self, demo: Run, language: str, columns: int) -> None:
        """It takes three screens at most and fits the terminal."""
        ran = demo("--lang", language, columns=columns)
        lines = ran.out.splitlines()

        assert (0, "") == (ran.status, ran.err)
        assert len(lines) <= 165
        assert max(map(width, lines)) <= columns

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_every_reason(self, demo: Run, report: BatchReport, language: Language) -> None:
        """Every reason of every denial is there with its clause, and once."""
        told = "".join(demo("--lang", language, columns=120).out.split())
        reasons = {
            "".join(reason.explain(language).split())
            for outcome in report.outcomes
            for reason in outcome.verdict.reasons
        }

        assert len(reasons) > 4
        assert {1} == {told.count(reason) for reason in reasons}

    def test_way(self, demo: Run) -> None:
        """Arrows lead along the way to the last state, and the ways out stand beside it."""
        way, beside = demo(columns=120).out.splitlines()[3:5]
        assert "declared → approved → plaqued → operating → evaluated → commended" == way
        assert "beside it: returned for completion · refused · withdrawn · revoked" == beside

    def test_chapters(self, demo: Run, report: BatchReport) -> None:
        """Chapters follow what was done, from declarations to rewards; only one step was not."""
        actions = load_policy(POLICY).procedure.transitions
        attempted = dict.fromkeys(outcome.step.action for outcome in report.outcomes)
        labels = [actions[name].label.zh for name in attempted]
        assert {"revoke"} == actions.keys() - attempted.keys()
        lines = demo("--lang", "zh").out.splitlines()
        heads = [line.split()[1] for line in lines if re.match(r"\d+  \S", line)]
        assert labels == [head for head in heads if head in labels]

    def test_ranking(self, demo: Run) -> None:
        """Ties share a place and say so, and who is not ranked has none."""
        rows = [line.split() for line in demo().out.splitlines()]
        assert [["2", "=", "s02"], ["2", "=", "s03"]] == [
            r[:3] for r in rows if r[:2] == ["2", "="]
        ]
        assert ["—", "s06"] in [row[:2] for row in rows]

    def test_second_visit(self, demo: Run) -> None:
        """Who was denied and allowed later is told so in one line."""
        assert "s04 样例工作室四 → ✓ 2023-06-28" in demo().out

    def test_open(self, demo: Run) -> None:
        """Who could not be evaluated has the range that is still possible."""
        row = next(x for x in demo().out.splitlines() if x.startswith("—") and "s10" in x)
        assert "80–86" in row

    @pytest.mark.parametrize(
        "said",
        [
            "missing: 初步设想及预期成效未填",
            "领衔人调离 / the lead has moved away",
            "research activity activity-16 is the same evidence as one of s03",
            "declared again on 2023-04-03",
            "s11 样例工作室十一 · tried to set aside: a place is left",
            "setting aside “a place is left” needs a reason",
            "23 held, 20 counted, because activity-1",
            "mean of 3 marks (9, 9, 10): 28/3",
            "10000 yuan each",
            "this is done once, and was done on 2024-12-10",
            "written down on 2023-06-25",
            "960 records, such as: trainee 234",
        ],
    )
    def test_what_it_shows(self, demo: Run, said: str) -> None:
        """Gaps, ways out, warnings, records counted, marks that became one, rewards."""
        assert "".join(said.split()) in "".join(demo(columns=120).out.split())

    def test_no_arrow_for_another_deed(self, demo: Run) -> None:
        """Marks that came later are no second try of the marks that were refused."""
        out = demo().out
        assert "✗  1  s07 样例工作室七\n" in out

    def test_narrow(self, demo: Run) -> None:
        """On a narrow terminal the table leaves the sections out."""
        out = demo(columns=60).out
        assert max(map(width, out.splitlines())) <= 60
        assert "5.1" not in out.partition("place")[2].partition("commend")[0]

    def test_variation(self, demo: Run) -> None:
        """--set changes what happens, and is named."""
        out = demo("--set", "quota/places=12").out
        assert "varied quota/places=12" in out
        assert "approve 12/14" in out

    def test_suggestions(self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Every command that it suggests works."""
        monkeypatch.chdir(tmp_path)
        lines = run("demo", "--out", "demo").out.partition("What to try next")[2].splitlines()
        commands = [line.partition("#")[0].split()[1:] for line in lines if "studioflow" in line]

        assert len(commands) > 3
        assert {0} == {run(*command).status for command in commands}

    def test_suggested_variations(self, run: Run, demo: Run) -> None:
        """Each variation that it suggests changes what becomes of the batch."""
        lines = demo().out.partition("What to try next")[2].splitlines()
        commands = [line.partition("#")[0].split()[1:] for line in lines if "--set" in line]
        before = demo("--json").json()

        assert ["quota/places=12", "criteria/5.2.2/norm=12"] == [each[-1] for each in commands]
        for command in commands:
            after = run(*command, "--json").json()
            assert before["studios"] != after["studios"]

    @pytest.mark.parametrize(
        ("environment", "start"),
        [({"UV_RUN_RECURSION_DEPTH": "1"}, "  uv run studioflow"), ({}, "  studioflow")],
    )
    def test_suggestions_as_typed(self, demo: Run, environment: dict[str, str], start: str) -> None:
        """What `uv run` started is suggested with `uv run`: it is on no other path."""
        lines = demo(**environment).out.partition("What to try next")[2].splitlines()
        commands = [line for line in lines if "studioflow" in line]
        assert len(commands) > 3
        assert [] == [line for line in commands if not line.startswith(start)]

    def test_marks_that_no_longer_fit(self, demo: Run) -> None:
        """Where the bundled marks do not fit a variation, the input is at fault: told in full."""
        ran = demo("--set", "readings/several_marks=one_agreed", columns=120)
        first = "what the sample batch brings does not fit the policy as varied by"
        assert (2, "") == (ran.status, ran.out)
        assert f"{first} readings/several_marks=one_agreed:" == ran.err.splitlines()[0]
        assert "[marks_disagree]" in ran.err

    def test_which_batch(self, demo: Run) -> None:
        """The one with the most studios is run, and any other by its id."""
        host = Host.discover()
        others = [name for name in host.sample_batches if name != BATCH]
        assert host.sample_batches[BATCH].studios > max(
            host.sample_batches[name].studios for name in others
        )
        for name in others:
            assert name in demo("--batch", name, "--json").out
        assert ["not_brought"] == demo("--batch", "nowhere", "--json").codes()

    def test_places(self, demo: Run) -> None:
        """Where grades have places, the story says what they make of the ranking, tie included."""
        out = demo("--batch", "teacher-points-sample").out
        assert "To rectify".lower() in out
        assert "it was decided that this one does" in out
        settled = json.loads(demo("--batch", "teacher-points-sample", "--json").out)["settled"]
        tied = {each["studio"]: each["grade"] for each in settled["outcomes"] if each["tied"]}
        assert ([], {"s02": "passed", "s03": "outstanding"}) == (settled["decisions"], tied)

    def test_no_batch(self, run: Run, install: Callable[..., None]) -> None:
        """Without a sample batch it says what to install."""
        install()
        ran = run("demo", "--json")
        assert (2, ["no_sample_batch"]) == (ran.status, ran.codes())
        hint = ran.errors()[0]["hint"]
        assert hint.startswith("install a plugin that brings one; `studioflow plugins`")


class TestJson:
    """What a program reads."""

    def test_document(self, demo: Run, report: BatchReport) -> None:
        """Each step, studio and place is there."""
        document = demo("--json").json()

        assert "studioflow.demo/1" == document["schema"]
        assert POLICY == document["policy"]["id"]
        assert BATCH == document["batch"]["id"]
        assert len(report.outcomes) == len(document["steps"])
        denied = [step for step in document["steps"] if not step["allowed"]]
        assert 14 == len(denied)
        assert {True} == {bool(step["reasons"]) for step in denied}
        step_keys = {"studio", "action", "on", "by", "allowed", "decision", "reasons", "warnings"}
        step_keys |= {"plugins_asked", "recorded", "gaps", "remark", "records", "reward"}
        assert step_keys == document["steps"][0].keys()
        asked = [outcome.verdict.plugins_asked for outcome in report.outcomes]
        assert asked == [step["plugins_asked"] for step in document["steps"]]
        assert [1, 2, 2, 4] == [place["place"] for place in document["ranking"][:4]]
        totals = {studio["id"]: studio["total"] for studio in document["studios"]}
        assert "98.5" == totals["s01"]["points"]
        assert None is totals["s10"]

    def test_what_it_carries(self, demo: Run) -> None:
        """Gaps, records, measured facts, marks, rewards and days of writing down are there."""
        document = demo("--json").json()
        steps = {(s["action"], s["studio"]): s for s in document["steps"] if s["allowed"]}
        studios = {studio["id"]: studio for studio in document["studios"]}

        assert 2 == len(steps["return_for_completion", "s09"]["gaps"])
        assert {"activity": 1} == steps["correct", "s04"]["records"]
        assert "10000" == steps["reward", "s01"]["reward"] == studios["s01"]["reward"]
        assert None is studios["s06"]["reward"]
        operated = steps["operate", "s06"]
        assert ("2023-06-19", "2023-06-25") == (operated["on"], operated["recorded"])
        activities = studios["s01"]["measured"]["activities"]
        assert (23, 20) == (activities["held"], activities["counted"])
        assert "23 held, 20 counted" in activities["text"]
        assert ["9", "9", "10"] == studios["s08"]["marks"]["5.1.1"]
        assert ["s10"] == [k for k, s in studios.items() if s["measured"] and s["total"] is None]
        assert 23 == studios["s01"]["records"]["activity"]

    def test_repeated(self, run: Run, demo: Run) -> None:
        """It is the same each time."""
        assert demo("--json").out == run("demo", "--json").out


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the demo wrote, to be copied."""
    path = tmp_path_factory.mktemp("written") / "demo"
    assert 0 == CliRunner().invoke(program, ["demo", "--out", str(path)]).exit_code
    return path


class TestFolder:
    """What --out leaves."""

    @pytest.fixture
    def folder(self, written: Path, tmp_path: Path) -> Path:
        """A folder that the demo wrote."""
        return Path(shutil.copytree(written, tmp_path / "a" / "demo"))

    def test_sheets(self, run: Run, folder: Path) -> None:
        """A sheet for each evaluated studio, and facts that score to it, but for where from."""
        sheets = {
            path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("sheets/*")
        }

        assert 9 == len(sheets)
        for name, sheet in sheets.items():
            assert sheet.pop("measured")["activities"]["counted"]
            facts = str(folder / f"facts/{name}.toml")
            scored = run("score", facts, "--policy", POLICY, "--json").json()
            assert {} == scored.pop("measured")
            assert sheet == scored

    def test_case_files(self, folder: Path) -> None:
        """Everything on file of each that declared is there, and is read again."""
        policy = load_policy(POLICY)
        cases = {path.stem: read_case_file(path, policy) for path in folder.glob("cases/*")}

        assert [f"s{number:02}" for number in range(1, 15)] == sorted(cases)
        assert (23, 26, 8) == tuple(
            len(cases["s01"].records[kind]) for kind in ("activity", "trainee", "member")
        )
        # The one that was struck is gone, and the one that was replaced is there once.
        assert (15, 16) == tuple(len(cases[key].records["activity"]) for key in ("s05", "s04"))
        assert (24, True) == (len(cases["s01"].marks), cases["s01"].inspection is not None)

    def test_open(self, folder: Path) -> None:
        """Facts of a studio that could not be evaluated are there, without a sheet."""
        sheet = load_policy(POLICY).score(read_facts(folder / "facts/s10.toml"))
        assert not (folder / "sheets/s10.json").exists()
        assert ("promotion_mark", "station_mark") == sheet.open

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
        assert f"{path} holds 9 score sheets, 10 fact files and 14 case files." in out
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


FROM_FACTS = """
schema = "studioflow.batch/1"
id = "a-batch"
policy = "yongjia-2023"
label = { zh = "批", en = "batch" }
[actors.host]
id = "h-10"
unit = "样例学校十"
roles = ["host_party"]
[actors.committee]
id = "p-01"
unit = "局机关党委"
roles = ["bureau_committee"]
[studios.s10]
name = "样例工作室十"
unit = "样例学校十"
lead = { id = "lead-j", name = "领衔人癸" }
[[steps]]
on = 2023-03-22
action = "declare"
by = "host"
studio = "s10"
[[steps]]
on = 2024-11-20
action = "evaluate"
by = "committee"
studio = "s10"
facts = "s10.toml"
"""


def test_a_batch_of_facts(run: Run, install: Callable[..., None], tmp_path: Path) -> None:
    """Facts and marks of a step that was denied still show what the sheet would be."""
    (tmp_path / "batch.toml").write_text(FROM_FACTS, "utf-8")
    shutil.copy(EVALUATION / "s10.toml", tmp_path)
    install(studioflow_yongjia, batches=[tmp_path])
    assert 0 == run("demo", "--batch", "a-batch", "--out", str(tmp_path / "out")).status

    assert ["batch.toml", "out", "s10.toml"] == sorted(p.name for p in tmp_path.iterdir())
    sheet = load_policy(POLICY).score(read_facts(tmp_path / "out/facts/s10.toml"))
    assert ("trainees_promoted", "promotion_mark", "station_mark") == sheet.open
    assert "s10" not in {path.stem for path in tmp_path.glob("out/sheets/*")}


FROM_RECORDS = """
[actors.assessor]
id = "p-11"
unit = "县教育局"
roles = ["assessor"]
[[steps]]
on = 2023-04-14
action = "approve"
by = "committee"
studio = "s10"
[[steps]]
on = 2023-05-08
action = "record"
by = "host"
studio = "s10"
records = "records.toml"
[[steps]]
on = 2023-05-09
action = "mark"
by = "host"
studio = "s10"
records = "marks.toml"
"""
RECORDS = """
schema = "studioflow.case/1"
studio = "s10"
[[records.activity]]
on = 2023-05-06
theme = "读书"
notice = ["通知"]
brief = ["简讯"]
"""
MARKS = """
schema = "studioflow.case/1"
studio = "s10"
[[marks]]
criterion = "5.1.1"
by = "p-11"
role = "assessor"
unit = "县教育局"
points = 8
"""


def test_a_batch_of_case_files(run: Run, install: Callable[..., None], tmp_path: Path) -> None:
    """So do the marks in a case file, beside what was counted from the records on file."""
    declared, _, _ = FROM_FACTS.rpartition("[[steps]]")
    (tmp_path / "batch.toml").write_text(declared + FROM_RECORDS, "utf-8")
    (tmp_path / "records.toml").write_text(RECORDS, "utf-8")
    (tmp_path / "marks.toml").write_text(MARKS, "utf-8")
    install(studioflow_yongjia, batches=[tmp_path])
    ran = run("demo", "--batch", "a-batch", "--out", str(tmp_path / "out"))
    assert (0, True) == (ran.status, "✗  1  s10" in ran.out)

    facts = read_facts(tmp_path / "out/facts/s10.toml")
    assert (1, ["5.1.1"]) == (facts.facts["activities"], [mark.criterion for mark in facts.marks])


def test_names_that_meet(run: Run, install: Callable[..., None], tmp_path: Path) -> None:
    """No studio's files are lost to those of another, whatever the batch calls them."""
    head, _, studio = FROM_FACTS.partition("[studios.s10]")
    studio, _, _ = studio.partition("[[steps]]")
    step = '[[steps]]\non = 2023-03-22\naction = "declare"\nby = "host"\nstudio = '
    keys = ("studio-2", "学校 x", "S10", "s10")
    text = head + "".join(f'[studios."{key}"]{studio}' for key in keys)
    text += "".join(f'{step}"{key}"\n' for key in keys)
    (tmp_path / "batch.toml").write_text(text, "utf-8")
    install(studioflow_yongjia, batches=[tmp_path])
    assert 0 == run("demo", "--batch", "a-batch", "--out", str(tmp_path / "out")).status

    policy = load_policy(POLICY)
    found = {
        path.stem: read_case_file(path, policy).studio for path in tmp_path.glob("out/cases/*")
    }
    assert dict(zip(("studio-2", "studio-2-2", "S10", "studio-4"), keys, strict=True)) == found
