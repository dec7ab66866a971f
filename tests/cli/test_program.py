"""The program as a whole: languages, help, mistakes on the line, how it ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import studioflow.cli
from studioflow import __version__
from studioflow.cli import app
from studioflow.errors import MissingExtraError, StudioflowError

Run = Callable[..., Any]

POLICY = "yongjia-2023"
STUDIO = "examples/studio.toml"
UNDECODABLE = os.fsdecode(b"\xff")
COMMANDS = ["demo", "policies", "plugins", "facts", "score", "diff", "diagram", "stub"]


def shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a shell with redirections does."""
    return subprocess.run(  # noqa: S602 - our own program and redirections
        f'"{sys.executable}" -m studioflow {line}',
        shell=True,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "en_US.UTF-8"},
    )


class TestLanguage:
    """Which language the program speaks."""

    @pytest.mark.parametrize(
        ("environment", "word"),
        [
            ({"LANG": "zh_CN.UTF-8"}, "用法"),
            ({"LANG": "en_US.UTF-8"}, "Usage"),
            ({"LANG": "C"}, "Usage"),
            ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "zh_CN"}, "用法"),
            ({"LC_ALL": "en_GB.UTF-8", "LC_MESSAGES": "zh_CN"}, "Usage"),
            ({"LC_ALL": "", "LANG": "zh_TW"}, "用法"),
            ({"LANG": "de_DE.UTF-8"}, "Usage"),
        ],
    )
    def test_locale(self, run: Run, environment: dict[str, str], word: str) -> None:
        """LC_ALL goes before LC_MESSAGES before LANG, and whatever is not Chinese is English."""
        assert word in run("--help", **environment).out

    @pytest.mark.parametrize(
        "line",
        [
            ["--lang", "zh", "--help"],
            ["--help", "--lang", "zh"],
            ["score", "--lang=zh", "--help"],
            ["score", "--help", "--lang", "zh"],
        ],
    )
    def test_option(self, run: Run, line: list[str]) -> None:
        """--lang counts wherever it stands, for help, too."""
        assert "用法" in run(*line).out

    def test_windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the variables the language is the system's, by the name that Windows has."""
        from studioflow.cli.language import chosen

        for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("locale.getlocale", lambda: ("Chinese (Simplified)_China", "936"))

        assert "zh" == chosen([])

    def test_after_two_dashes(self, run: Run) -> None:
        """What follows `--` is no option."""
        assert "got" in run("score", "--policy", "x", "--", "--lang", "zh").err


class TestHelp:
    """Help in both languages."""

    def test_commands(self, run: Run) -> None:
        """The program's help lists every command with what it does."""
        lines = [line.split() for line in run("--help").out.splitlines()]
        assert COMMANDS == [line[0] for line in lines if line and line[0] in COMMANDS]

    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_each(self, run: Run, command: str, language: str) -> None:
        """Each command has help with its common options and an example."""
        ran = run(command, "--help", "--lang", language)

        assert 0 == ran.status
        for word in ("--lang zh|en", "--json", f"  studioflow {command}"):
            assert word in ran.out

    def test_short(self, run: Run) -> None:
        """-h is --help."""
        assert run("score", "--help") == run("score", "-h")

    def test_nothing(self, run: Run) -> None:
        """Without a command the help goes to stderr: that is no use of the program."""
        ran = run()
        assert (2, "", run("--help").out) == (ran.status, ran.out, ran.err)

    def test_width(self, run: Run) -> None:
        """No line of help is wider than the terminal, in Chinese either."""
        from studioflow.cli.layout import width

        for command in COMMANDS:
            lines = run(command, "--help", "--lang", "zh", columns=60).out.splitlines()
            own = [line for line in lines if not line.startswith(("  studioflow", "用法"))]
            assert max(map(width, own)) <= 60

    def test_version(self, run: Run) -> None:
        """--version says the package's version."""
        assert f"studioflow {__version__}\n" == run("--version").out


class TestMistakes:
    """Mistakes on the line: exit 2, what was expected, and the nearest match."""

    @pytest.mark.parametrize(
        ("line", "code", "near"),
        [
            (["socre"], "unknown_command", "score"),
            (["score", "--polcy", "x"], "unknown_option", "--policy"),
            (["score", STUDIO], "missing_argument", "--policy POLICY"),
            (["score", "--policy", "x"], "missing_argument", "FACTS"),
            (["score", "x", "y", "--policy", "x"], "unexpected_argument", "FACTS"),
            (["score", "x", "--policy"], "missing_value", "--policy"),
            (["policies", "--lang", "fr"], "unknown_name", "zh"),
            (["diagram", POLICY, "--format", "mermad"], "unknown_name", "mermaid"),
            (["diff", POLICY], "nothing_to_compare", "--set"),
            (["diff", POLICY, "--set", "norm"], "setting_syntax", "PATH=VALUE"),
            (["facts", POLICY, "--template", "--schema"], "one_form", "--schema"),
            (["facts", "yongjia-2032"], "not_brought", POLICY),
            (["facts", ""], "empty_word", "POLICY"),
            (["score", "", "--policy", POLICY], "empty_word", "FACTS"),
            (["score", STUDIO, "--policy", ""], "empty_word", "--policy"),
            (["demo", "--out="], "empty_word", "--out"),
            (["demo", "--out", "--lang=en"], "missing_value", "--out"),
            (["diff", POLICY, "--set", "--lang=en"], "missing_value", "--set"),
            (["facts", "nowhere.toml"], "not_readable", "nowhere.toml"),
        ],
    )
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_both_forms(
        self, run: Run, line: list[str], code: str, near: str, language: str
    ) -> None:
        """A mistake is told on stderr, and the same as JSON on stdout."""
        plain = run("--lang", language, *line)
        as_json = run("--json", *line)

        assert (2, "") == (plain.status, plain.out)
        assert (2, "") == (as_json.status, as_json.err)
        assert f"[{code}]" in plain.err
        assert near in plain.err
        assert [code] == as_json.codes()
        keys = {"code", "path", "file", "got", "expected", "hint", "text"}
        assert keys == as_json.errors()[0].keys()

    def test_all_at_once(self, run: Run) -> None:
        """Every setting that is wrong is told."""
        ran = run("diff", POLICY, "--set", "a", "--set", "b", "--json")
        assert ["setting_syntax", "setting_syntax"] == ran.codes()
        assert {"--set"} == {error["file"] for error in ran.errors()}
        ran = run("diff", POLICY, "--set", "quota/plces=3", "--set", "readings/quota=a", "--json")
        assert {"quota/plces", "readings/quota/value"} == {e["path"] for e in ran.errors()}

    def test_setting_is_to_blame(self, run: Run) -> None:
        """What only goes wrong because of --set is told as that, wherever it shows."""
        (error,) = run("facts", POLICY, "--set", "criteria/5.2.2/max=5", "--json").errors()
        assert ("--set", "max_exceeded") == (error["file"], error["code"])

    def test_setting_is_not_to_blame(self, run: Run, tmp_path: Path) -> None:
        """What is wrong without it, too, is told as the file's."""
        path = tmp_path / "county.toml"
        path.write_text(
            'schema = "studioflow.policy/1"\nid = "county"\nversion = "1"\n'
            'label = { zh = "甲", en = "a" }\nextends = "yongjia-2023"\n'
            '[criteria."5.2.2"]\nmax = 5\n'
        )
        line = ("facts", str(path), "--set", "quota/places=-1", "--json")
        files = {error["code"]: error["file"] for error in run(*line).errors()}
        assert "--set" in files.values()
        assert "--set" != files["max_exceeded"]

    def test_nothing_to_compare(self, run: Run) -> None:
        """It says what to give, and where the readings are listed."""
        told = " ".join(run("diff", POLICY).err.split())
        assert "name a second policy, or vary this one" in told
        assert f"`studioflow policies {POLICY}` lists the readings" in told

    def test_flag_with_value(self, run: Run) -> None:
        """A flag that is given a value says so."""
        assert "[unexpected_value]" in run("policies", "--json=3").err

    def test_next_step(self, run: Run) -> None:
        """What does not say its own next step gets the command's."""
        assert "see studioflow score --help" in run("score", STUDIO).err

    def test_no_command_with_json(self, run: Run) -> None:
        """Options without a command are a mistake."""
        assert ["unknown_command"] == run("--json").codes()

    def test_json_after_two_dashes(self, run: Run) -> None:
        """What follows `--` does not ask for JSON."""
        ran = run("score", "--policy", POLICY, "--", "--json")
        assert (2, "") == (ran.status, ran.out)
        assert "[not_readable]" in ran.err

    def test_undecodable_name(self, process: Run) -> None:
        """A file name that is no text of any encoding is told with escapes, in both forms."""
        line = ("score", "examples/studio.toml", "--policy", os.fsdecode(b"\xff.toml"))
        plain, as_json = process(*line), process(*line, "--json")
        assert (2, 2) == (plain.status, as_json.status)
        assert "Traceback" not in plain.err + as_json.err
        assert ["not_readable"] == as_json.codes()

    def test_undecodable_file(self, process: Run, tmp_path: Path) -> None:
        """The same for a file that can be read."""
        path = Path(os.fsdecode(os.fsencode(tmp_path / "a") + b"\xff.toml"))
        path.write_text('schema = "studioflow.facts/1"\n[facts]\nactivites = 1\n', "utf-8")
        ran = process("score", str(path), "--policy", POLICY, "--json")
        assert (2, "") == (ran.status, ran.err)
        assert ["a\\udcff.toml"] == [error["file"] for error in ran.errors()]

    @pytest.mark.parametrize("more", [[], ["--json"]])
    @pytest.mark.parametrize(
        "line",
        [
            [UNDECODABLE],
            [f"--{UNDECODABLE}"],
            ["facts", UNDECODABLE],
            ["facts", POLICY, "--set", f"{UNDECODABLE}=1"],
            ["facts", POLICY, "--set", f"readings/quota={UNDECODABLE}"],
            ["facts", POLICY, "--set", f'label/en="{UNDECODABLE}"'],
            ["facts", POLICY, "--template", "--out", f"no/{UNDECODABLE}"],
            ["demo", "--out", f"README.md/{UNDECODABLE}"],
            ["demo", UNDECODABLE],
        ],
    )
    def test_undecodable_words(self, run: Run, line: list[str], more: list[str]) -> None:
        """The same for every other word on the line: what is told can be written."""
        ran = run(*line, *more)
        assert 2 == ran.status
        assert UNDECODABLE not in ran.out + ran.err


class TestEnds:
    """How a run ends, whatever happens."""

    def test_module(self, process: Run) -> None:
        """`python -m studioflow` is the program."""
        ran = process("policies", "--json")
        assert (0, "") == (ran.status, ran.err)
        assert "studioflow.policies/1" == ran.json()["schema"]

    def test_main(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`main` returns the exit status."""
        assert 0 == studioflow.cli.main(["--version"])
        assert f"studioflow {__version__}\n" == capsys.readouterr().out

    def test_broken_pipe(self) -> None:
        """A reader who leaves early brings no traceback."""
        read, write = os.pipe()
        os.close(read)
        done = subprocess.run(
            [sys.executable, "-m", "studioflow", "demo"],
            check=False,
            stdout=write,
            stderr=subprocess.PIPE,
        )
        os.close(write)

        assert (141, b"") == (done.returncode, done.stderr)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that Linux has")
    @pytest.mark.parametrize("stream", ["", "2"])
    @pytest.mark.parametrize("line", ["demo", "demo --json", "--help", "socre"])
    def test_full(self, line: str, stream: str) -> None:
        """A full disk ends a run with 2 and a sentence, where there is room for one."""
        done = shell(f"{line} {stream}>/dev/full")
        silent = stream == "2" or line == "socre"
        expected = 2 if line == "socre" or not stream else 0
        assert (expected, False) == (done.returncode, "Traceback" in done.stderr)
        assert silent or "No space left on device" in done.stderr

    @pytest.mark.parametrize(
        ("line", "words"),
        [
            ("demo >&-", "[output_closed]"),
            ("demo --json >&-", "[output_closed]"),
            (f"score - --policy {POLICY} <&-", "[input_closed]"),
            ("socre 2>&-", ""),
            ("demo >&- 2>&-", ""),
        ],
    )
    def test_closed(self, line: str, words: str) -> None:
        """A stream that is closed is told, where it is needed."""
        done = shell(line)
        assert (2, "") == (done.returncode, done.stdout)
        assert words in done.stderr
        assert "Traceback" not in done.stderr

    def test_interrupt(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        """Ctrl-C ends the run as a shell expects it, and says nothing."""

        def interrupted(*_: object) -> int:
            raise KeyboardInterrupt

        monkeypatch.setattr(app, "_run", interrupted)
        ran = run("policies")

        assert (128 + signal.SIGINT, "", "\n") == (ran.status, ran.out, ran.err)

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (MissingExtraError("tables"), "pip install 'studioflow[tables]'"),
            (StudioflowError("it broke"), "it broke"),
        ],
    )
    def test_other_errors(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
    ) -> None:
        """The library's other errors are told as well, without a traceback."""

        def fails(_: object) -> None:
            raise error

        monkeypatch.setattr("studioflow.host.Host.discover", classmethod(fails))
        ran = run("policies")

        assert 2 == ran.status
        assert words in " ".join(ran.err.split())

    def test_completion(self, process: Run) -> None:
        """A shell that asks gets the commands that may come next."""
        ran = process(
            _STUDIOFLOW_COMPLETE="bash_complete", COMP_WORDS="studioflow di", COMP_CWORD="1"
        )
        assert ["plain,diff", "plain,diagram"] == sorted(ran.out.split(), key=len)


class TestMissingExtra:
    """Without click or rich there is one sentence."""

    @pytest.fixture(params=["click", "rich"])
    def without(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """Hide one of the two."""
        monkeypatch.setattr(
            studioflow.cli, "find_spec", lambda name: None if name == request.param else object()
        )

    @pytest.mark.usefixtures("without")
    @pytest.mark.parametrize(("language", "word"), [("zh", "请运行"), ("en", "run")])
    def test_sentence(self, capsys: pytest.CaptureFixture[str], language: str, word: str) -> None:
        """It has the install command, in the language asked for, and the exit status is 2."""
        assert 2 == studioflow.cli.main(["demo", "--lang", language])
        captured = capsys.readouterr()
        assert "" == captured.out
        assert f"{word} pip install 'studioflow[cli]'" in captured.err

    @pytest.mark.usefixtures("without")
    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With --json it is a document like every other mistake."""
        assert 2 == studioflow.cli.main(["demo", "--json"])
        assert "missing_extra" == json.loads(capsys.readouterr().out)["errors"][0]["code"]

    def test_really(self, tmp_path: Path) -> None:
        """In a process where click can't be found nothing of the program needs it."""
        code = (
            "import sys; sys.modules['click'] = None; import importlib.util as u;"
            "u.find_spec = lambda name, f=u.find_spec: None if name == 'click' else f(name);"
            "from studioflow.cli import main; sys.exit(main(['demo']))"
        )
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", code], check=False, capture_output=True, text=True, cwd=tmp_path
        )
        assert 2 == done.returncode
        assert 1 == len(done.stderr.splitlines())
