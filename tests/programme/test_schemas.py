"""The JSON Schemas hold for what the library writes and reads, and refuse what it refuses."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import studioflow_yongjia
from jsonschema import Draft202012Validator, ValidationError

from studioflow.errors import InputError
from studioflow.host import Host, load_policy
from studioflow.policy import record_schema
from studioflow.programme import BatchReport, read_batch, read_case_file, run_batch, schemas
from studioflow.programme.case_file import CaseFile
from studioflow.register import anchor_of, read_anchor, verify
from studioflow.studio import EVENT_CODEC

Change = Callable[[dict[str, Any]], object]


def check(schema: dict[str, Any], document: object) -> None:
    """Check a document against a schema, and the schema itself."""
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)


def plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return what a TOML file says as JSON has it."""
    return json.loads(json.dumps(value, default=lambda day: day.isoformat()))


@pytest.fixture(scope="module")
def report() -> BatchReport:
    """The reference batch, with its register."""
    host = Host([studioflow_yongjia])
    batch = read_batch(host.sample_batch("yongjia-2023-sample").folder)
    return run_batch(host.policy(batch.policy), batch, host=host)


def bodies(report: BatchReport) -> list[dict[str, Any]]:
    """Return the body of every event."""
    lines = report.register.lines()
    return [json.loads(str(line.fields["body"])) for line in lines if line.kind == "event"]


@pytest.mark.parametrize("name", schemas())
def test_each_is_a_schema(name: str) -> None:
    """Every schema is one itself, and refuses what is no table."""
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    with pytest.raises(ValidationError):
        check(schema, ["no", "table"])


def test_events(report: BatchReport) -> None:
    """Every event of the sample batch is as its schema says."""
    schema = schemas()["studioflow.event/1"]
    own = bodies(report)

    assert len(own) > 100
    for body in own:
        check(schema, body)


@pytest.mark.parametrize(
    "change",
    [
        lambda event: event.update(strange=1),
        lambda event: event.pop("by"),
        lambda event: event["by"].update(roles="clerk"),
        lambda event: event.update(on="soon"),
        lambda event: event["by"].update(id=7),
        lambda event: event.update(cycle="1"),
        lambda event: event.update(reward=1000),
    ],
    ids=["key", "missing", "roles", "day", "id", "cycle", "reward"],
)
def test_no_events(report: BatchReport, change: Change) -> None:
    """What is no event, is refused by the schema and by who reads events."""
    body = bodies(report)[0]
    change(body["event"])
    with pytest.raises(ValidationError):
        check(schemas()["studioflow.event/1"], body)
    with pytest.raises(InputError):
        EVENT_CODEC.decode(body["event"])


def test_what_is_written(report: BatchReport) -> None:
    """Sheets, errors, anchors and verifications are as their schemas say."""
    known = schemas()
    for studio in report.studios.values():
        if studio.sheet is not None:
            check(known["studioflow.score/1"], studio.sheet.to_dict("zh"))
    check(known["studioflow.anchor/1"], anchor_of(report.register).to_dict())
    check(known["studioflow.verification/1"], verify(report.register).to_dict())
    with pytest.raises(InputError) as caught:
        read_anchor({"schema": "studioflow.anchor/2", "head": 3})
    errors = [problem.to_dict() for problem in caught.value.problems]
    check(known["studioflow.errors/1"], {"schema": "studioflow.errors/1", "errors": errors})


def cases(report: BatchReport) -> list[dict[str, Any]]:
    """Return the case files that came with the steps."""
    files = [outcome.step.case for outcome in report.outcomes if outcome.step.case != CaseFile()]
    return [json.loads(file.to_json(report.policy)) for file in files]


def test_case_files(report: BatchReport) -> None:
    """Case files are as their schema says, and each record as that of its kind."""
    schema = schemas()["studioflow.case/1"]
    for document in cases(report):
        check(schema, document)
        for kind, records in document.get("records", {}).items():
            for record in records:
                check(record_schema(report.policy.record_kinds[kind]), record)


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.update(strange=1),
        lambda record: record.pop("on"),
        lambda record: record.update(on="2023-3-1"),
        lambda record: record.update(theme=""),
        lambda record: record.update(theme=3),
        lambda record: record.update(notice="n-1"),
    ],
    ids=["key", "missing", "day", "empty", "number", "list"],
)
def test_no_records(report: BatchReport, tmp_path: Path, change: Change) -> None:
    """What is no record is refused by the schema of its kind and by who reads case files."""
    document = next(each for each in cases(report) if each.get("records", {}).get("activity"))
    record = deepcopy(document["records"]["activity"][0])
    document["records"] = {"activity": [record]}
    change(record)
    with pytest.raises(ValidationError):
        check(record_schema(report.policy.record_kinds["activity"]), record)
    path = tmp_path / "case.json"
    path.write_text(json.dumps(document), "utf-8")
    with pytest.raises(InputError):
        read_case_file(path, report.policy)


def test_every_kind_of_record(report: BatchReport) -> None:
    """Each kind of record of both policies has a schema that is one."""
    for policy in (report.policy, load_policy("teacher-points")):
        for kind in policy.record_kinds.values():
            for language in ("zh", "en"):
                Draft202012Validator.check_schema(record_schema(kind, language))


def test_batch_files() -> None:
    """The batch files of the reference plugin are as their schema says."""
    folder = Host([studioflow_yongjia]).sample_batch("yongjia-2023-sample").folder
    document = tomllib.loads((folder / "batch.toml").read_text("utf-8"))
    check(schemas()["studioflow.batch/1"], plain(document))
    document["steps"][0]["on"] = date(2023, 3, 1).strftime("%d.%m.%Y")
    with pytest.raises(ValidationError):
        check(schemas()["studioflow.batch/1"], plain(document))
