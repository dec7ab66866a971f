"""Ballots in files, and counts written as JSON."""

import json
import pickle
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from studioflow.cohort import Ballot, count_ballots, read_ballots
from studioflow.errors import InputError
from studioflow.policy import Document, build_policy

POLICY = build_policy(Document.read(Path(__file__).with_name("votes.toml")))


def counted(ballot: str, role: str, *votes: dict[str, Any]) -> dict[str, Any]:
    """Return a count of ballots on two studios as plain JSON, in Chinese."""
    cast = [Ballot(by=f"v-{place}", role=role, votes=each) for place, each in enumerate(votes)]
    count = count_ballots(POLICY, ballot, cast, ["s1", "s2"])
    made: dict[str, Any] = json.loads(json.dumps(count.to_dict("zh")))
    return made


class TestWritten:
    """Counts and ballots as JSON, and ballots in files."""

    def test_as_json(self) -> None:
        """A count is plain JSON, reasons and all."""
        same = {"s1": "good", "s2": "good"}
        words = counted("peer_review", "colleague", {**same, "s1": "outstanding"}, same)
        marks = counted("talk", "assessor", {"s1": 8, "s2": 9}, {"s1": 7, "s2": 11})

        assert ("studioflow.ballot-count/1", 2, 1) == (
            words["schema"],
            words["cast"],
            words["valid"],
        )
        assert ["ballot_all_same"] == [reason["code"] for reason in words["void"][0]["reasons"]]
        assert {"peer_outstanding": 1, "peer_good": 0, "peer_poor": 0} == words["facts"]["s1"]
        assert {"talk_mark": {"marks": ["8"], "void": 1}} == marks["facts"]["s1"]

    def test_pickled(self) -> None:
        """Ballots and what came of them survive pickling, like everything that is a value."""
        cast = [Ballot(by=f"v-{mark}", role="assessor", votes={"s1": mark}) for mark in (8, 9, 11)]
        count = count_ballots(POLICY, "talk", cast, ["s1"])

        assert cast == pickle.loads(pickle.dumps(cast))  # noqa: S301 - made above
        assert count == pickle.loads(pickle.dumps(count))  # noqa: S301 - made above

    def test_votes_stay_out_of_sight(self) -> None:
        """What somebody voted is in no log."""
        assert "good" not in repr(Ballot(by="v-1", role="colleague", votes={"s1": "good"}))

    @pytest.mark.parametrize("suffix", ["toml", "json"])
    def test_read(self, suffix: str, tmp_path: Path) -> None:
        """A file says which ballot it is of, who is voted on, and what each gave."""
        tables: dict[str, Any] = {
            "schema": "studioflow.ballots/1",
            "ballot": "peer_review",
            "studios": ["s1", "s2"],
            "ballots": [
                {"by": "v-1", "role": "colleague", "votes": {"s1": "good", "s2": 7.5}},
                {"by": "v-2", "role": "colleague", "votes": {}},
            ],
        }
        toml = "\n".join(
            [
                *(f"{key} = {json.dumps(tables[key])}" for key in ("schema", "ballot", "studios")),
                '[[ballots]]\nby = "v-1"\nrole = "colleague"',
                'votes = { s1 = "good", s2 = 7.5 }',
                '[[ballots]]\nby = "v-2"\nrole = "colleague"\nvotes = {}',
            ]
        )
        path = tmp_path / f"ballots.{suffix}"
        path.write_text(toml if suffix == "toml" else json.dumps(tables), "utf-8")
        file = read_ballots(path)

        assert ("peer_review", ("s1", "s2")) == (file.ballot, file.studios)
        assert (
            Ballot(by="v-1", role="colleague", votes={"s1": "good", "s2": Fraction(15, 2)}),
            Ballot(by="v-2", role="colleague", votes={}),
        ) == file.ballots
        count = count_ballots(POLICY, file.ballot, file.ballots, file.studios)
        assert [["ballot_value"], ["ballot_incomplete"]] == [
            [reason.code for reason in void.reasons] for void in count.void
        ]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ('schema = "studioflow.facts/1"', [("schema", "wrong_schema")]),
            ('ballot = "x"', [("schema", "wrong_schema")]),
            (
                (
                    'schema = "studioflow.ballots/1"\nballot = "x"\nstudios = []\nround = 1\n'
                    '[[ballots]]\nby = "v-1"\nvotes = { s1 = true }'
                ),
                [
                    ("round", "unknown_key"),
                    ("ballots/0/votes/s1", "wrong_type"),
                    ("ballots/0", "missing_key"),
                ],
            ),
            (
                (
                    'schema = "studioflow.ballots/1"\nballot = "x"\nstudios = []\n'
                    '[[ballots]]\nby = " v-1"\nrole = "r"\nvotes = {}'
                ),
                [("ballots/0/by", "padded_id")],
            ),
        ],
    )
    def test_wrong_form(self, text: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
        """Everything that is wrong with the form is told, with the file's name."""
        path = tmp_path / "b.toml"
        path.write_text(text, "utf-8")
        with pytest.raises(InputError) as error:
            read_ballots(path)

        assert expected == [(problem.path, problem.code) for problem in error.value.problems]
        assert {"b.toml"} == {problem.file for problem in error.value.problems}
