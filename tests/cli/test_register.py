"""The commands of a register: steps taken and denied, what is shown, what is checked and copied."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from studioflow.cli.app import program

Run = Callable[..., Any]

COMMITTEE = ("--as", "p-01:bureau_committee@bureau")
SCHOOL = ("--as", "h-01:host_party@样例学校")
FORM = """
schema = "studioflow.case/1"
[application]
name = "样例工作室"
unit = "样例学校"
lead = { id = "lead-a", name = "领衔人甲" }
"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the demo leaves."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    assert 0 == CliRunner().invoke(program, ["demo", "--out", str(folder)]).exit_code
    return folder / "register.db"


@pytest.fixture
def db(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """A register that was opened, in the folder where the commands run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "form.toml").write_text(FORM, "utf-8")
    # The declaration is over, on whatever day the test runs.
    assert (
        0
        == run(
            "programme", "open", "yongjia-2023", "--set", "readings/late_declaration=warned"
        ).status
    )
    return "register.db"


def declared(run: Run) -> None:
    """Declare a studio."""
    ran = run("studio", "declare", "--file", "form.toml", *SCHOOL, "--json")
    assert 0 == ran.status, ran.out


# Steps


@pytest.mark.usefixtures("db")
def test_a_step(run: Run) -> None:
    """A step that is allowed is taken, and the register has it."""
    declared(run)
    ran = run("studio", "approve", "s-01", *COMMITTEE, "--remark", "同意", "--json")
    assert 0 == ran.status, ran.out
    assert ("studioflow.step/1", "approved", 2) == (
        ran.json()["schema"],
        ran.json()["studio"]["state"],
        ran.json()["studio"]["version"],
    )
    assert ["declare", "approve"] == [
        event["action"] for event in run("studio", "history", "s-01", "--json").json()["events"]
    ]


@pytest.mark.usefixtures("db")
def test_a_step_that_is_denied(run: Run) -> None:
    """A step that is denied exits 1, with every reason, and changes nothing."""
    declared(run)
    ran = run("studio", "approve", "s-01", *SCHOOL, "--json")

    assert (1, "studioflow.denied/1") == (ran.status, ran.json()["schema"])
    assert {"wrong_role", "own_unit"} & {reason["code"] for reason in ran.json()["reasons"]}
    assert 1 == run("studio", "show", "s-01", "--json").json()["version"]


@pytest.mark.usefixtures("db")
def test_a_step_in_words(run: Run) -> None:
    """Without --json a denial is told in the reader's language."""
    declared(run)
    ran = run("studio", "approve", "s-01", *SCHOOL, "--lang", "zh")

    assert (1, "不可以：审批") == (ran.status, ran.out.splitlines()[0])


@pytest.mark.usefixtures("db")
def test_the_same_key_twice(run: Run) -> None:
    """A step that is sent twice with one key is taken once; another one with it is bad input."""
    declared(run)
    for _ in range(2):
        assert 0 == run("studio", "approve", "s-01", *COMMITTEE, "--key", "k-1").status
    other = run("studio", "refuse", "s-01", *COMMITTEE, "--key", "k-1", "--json")

    assert (2, ["other_payload"]) == (other.status, other.codes())
    assert 2 == run("studio", "show", "s-01", "--json").json()["version"]


@pytest.mark.usefixtures("db")
def test_act(run: Run) -> None:
    """`act` takes any action of the policy by its id."""
    declared(run)

    assert 0 == run("studio", "act", "approve", "s-01", *COMMITTEE).status


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (("approve", "s-01", "--as", "p-01"), "--as"),
        (("approve", "s-01", *COMMITTEE, "--on", "soon"), "--on"),
        (("approve", "s-01", *COMMITTEE, "--on", "2023-W13-2"), "--on"),
        (("approve", "s-01", *COMMITTEE, "--override", "window"), "--override"),
        (("act", "approve", "s-01", *COMMITTEE, "--amount", "much"), "--amount"),
        (("approve", "s-01", *COMMITTEE, "--opinion", "maybe"), "--opinion"),
        (("show", "s-99"), "studio"),
    ],
    ids=["actor", "day", "week", "override", "amount", "opinion", "studio"],
)
def test_bad_input(run: Run, arguments: tuple[str, ...], path: str) -> None:
    """What is no actor, day, number or studio is bad input, at its place."""
    ran = run("studio", *arguments, "--json")

    assert (2, [path]) == (ran.status, [error["path"] for error in ran.errors()])


def test_no_register(run: Run, tmp_path: Path) -> None:
    """A register that is not there is not made by looking."""
    ran = run("studio", "list", "--db", str(tmp_path / "none.db"), "--json")

    assert (2, ["no_register"]) == (ran.status, ran.codes())
    assert [] == list(tmp_path.iterdir())


@pytest.mark.usefixtures("db")
def test_from_the_environment(run: Run, tmp_path: Path) -> None:
    """Without --db the environment says where the register is."""
    (tmp_path / "register.db").rename(tmp_path / "other.db")
    ran = run("studio", "list", "--json", STUDIOFLOW_DB="other.db")

    assert [] == ran.json()["studios"]


# What is shown


def test_pages(run: Run, demo: Path) -> None:
    """A page says after which studio the next one begins, and together they are all."""
    seen: list[str] = []
    after: list[str] = []
    while True:
        page = run("studio", "list", "--db", str(demo), "--limit", "5", *after, "--json").json()
        seen += [each["id"] for each in page["studios"]]
        if page["next"] is None:
            break
        after = ["--after", page["next"]]

    assert [f"s{number:02}" for number in range(1, 15)] == seen


@pytest.mark.parametrize("command", ["show", "history"])
@pytest.mark.parametrize("as_json", [(), ("--json",)], ids=["words", "json"])
def test_fault_33_names_are_shown_when_asked_for(
    run: Run, demo: Path, command: str, as_json: tuple[str, ...]
) -> None:
    """Names and remarks are left out, unless --personal asks for them."""
    name = "领衔人" if command == "show" else "退回"
    studio = "s01" if command == "show" else "s04"
    shown = run("studio", command, studio, "--db", str(demo), *as_json)
    personal = run("studio", command, studio, "--db", str(demo), "--personal", *as_json)

    assert shown.status == personal.status == 0
    assert len(shown.out) < len(personal.out)
    assert name not in shown.out


def test_can(run: Run, demo: Path) -> None:
    """What may happen is told of every action; of one alone the status tells it, too."""
    every = run("studio", "can", "s11", *COMMITTEE, "--db", str(demo), "--json")
    one = run("studio", "can", "s12", "approve", *COMMITTEE, "--db", str(demo), "--json")

    assert (0, "studioflow.can/1") == (every.status, every.json()["schema"])
    assert {"approve", "refuse"} <= every.json()["actions"].keys()
    assert (1, False) == (one.status, one.json()["actions"]["approve"]["allowed"])


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [
        (("studio", "agenda"), "studioflow.agenda/1"),
        (("studio", "agenda", "s10", "--on", "2024-06-01"), "studioflow.agenda/1"),
        (("programme", "rank"), "studioflow.ranking/1"),
        (("programme", "verify"), "studioflow.verification/1"),
        (("programme", "anchor"), "studioflow.anchor/1"),
        (("programme", "deliver"), "studioflow.deliveries/1"),
        (
            ("programme", "bulletin", "--from", "2023-01-01", "--to", "2023-12-31"),
            "studioflow.bulletin/1",
        ),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, tuple) else "",
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_asked(
    run: Run, demo: Path, arguments: tuple[str, ...], schema: str, lang: str
) -> None:
    """Each question is answered in words of both languages, and as one document."""
    as_json = run(*arguments, "--db", str(demo), "--lang", lang, "--json")

    assert (0, schema) == (as_json.status, as_json.json()["schema"])
    assert 0 == run(*arguments, "--db", str(demo), "--lang", lang).status


# The whole of it


def test_fault_8_verified_against_an_anchor(run: Run, db: str) -> None:
    """A register goes on from an anchor; what is cut off its end is found by it."""
    declared(run)
    assert 0 == run("programme", "anchor", "-o", "anchor.json").status
    assert 0 == run("studio", "approve", "s-01", *COMMITTEE).status
    assert 0 == run("programme", "verify", "--anchor", "anchor.json").status
    with sqlite3.connect(db) as connection:
        for table in ("events", "studios", "personal", "holders", "keys"):
            connection.execute(f"DELETE FROM studioflow_{table}")  # noqa: S608 - our own
    connection.close()

    assert 0 == run("programme", "verify").status
    cut = run("programme", "verify", "--anchor", "anchor.json", "--json")
    assert (1, ["cut_off"]) == (cut.status, [each["code"] for each in cut.json()["findings"]])


def test_fault_7_an_edited_row(run: Run, db: str) -> None:
    """An edited row is found, and its studio takes nothing more; both exit 1."""
    declared(run)
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE studioflow_events SET body = replace(body, '样例', '别的')")
    connection.close()
    verified = run("programme", "verify", "--json")

    assert 1 == verified.status
    assert ("s-01", 1) == (
        verified.json()["findings"][0]["studio"],
        verified.json()["findings"][0]["version"],
    )
    assert 1 == run("studio", "approve", "s-01", *COMMITTEE).status


@pytest.mark.usefixtures("db")
def test_copies(run: Run) -> None:
    """What is exported and imported, or backed up and restored, is the same register."""
    declared(run)
    head = run("programme", "verify", "--json").json()["head"]
    for out, back in (("export", "import"), ("backup", "restore")):
        assert 0 == run("programme", out, f"{out}.copy").status
        assert 0 == run("programme", back, f"{out}.copy", "--db", f"{back}.db").status
        assert head == run("programme", "verify", "--db", f"{back}.db", "--json").json()["head"]
        assert 2 == run("programme", out, f"{out}.copy").status
        assert 2 == run("programme", back, f"{out}.copy", "--db", f"{back}.db").status


def test_fault_32_erased(run: Run, db: str) -> None:
    """What is erased is gone from the file, and the register verifies."""
    declared(run)
    ran = run(
        "programme", "erase", "--person", "lead-a", "--reason", "本人要求", *COMMITTEE, "--json"
    )

    assert (0, 1) == (ran.status, ran.json()["count"])
    assert "领衔人甲".encode() not in Path(db).read_bytes()
    verified = run("programme", "verify", "--json").json()
    assert (True, 1) == (verified["whole"], verified["erased"])
    assert "" == run("studio", "show", "s-01", "--personal", "--json").json()["lead"]["name"]


@pytest.mark.usefixtures("db")
def test_amended(run: Run) -> None:
    """A dry run says what would become of each studio; then it does."""
    declared(run)
    varied = ("amend", "yongjia-2023", "--set", "quota/places=12", *COMMITTEE)
    dry = run("programme", *varied, "--dry-run", "--json")
    before = run("programme", "verify", "--json").json()["head"]

    assert 0 == dry.status
    assert 0 == run("programme", *varied).status
    assert before != run("programme", "verify", "--json").json()["head"]
    again = run("programme", *varied, "--json")
    assert (2, ["policy_in_force"]) == (again.status, again.codes())


@pytest.mark.usefixtures("db")
def test_open_by_another_policy(run: Run) -> None:
    """A register that was opened by one policy is not opened by another."""
    ran = run("programme", "open", "teacher-points", "--json")

    assert (2, ["other_policy"]) == (ran.status, ran.codes())
