"""`programme`: a register as a whole: opened, amended, told about, checked, copied, erased from."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output, foreign_code
from studioflow.cli.parts import (
    Group,
    argument,
    changes_option,
    command,
    option,
    policy_argument,
)
from studioflow.cli.problems import FILE_EXISTS, NOT_WRITABLE
from studioflow.cli.registers import (
    NO,
    Day,
    actor_option,
    answered,
    db_option,
    opened,
    register_at,
)
from studioflow.codec import MAX_BYTES, read, wrong
from studioflow.errors import InputError
from studioflow.text import Text

if TYPE_CHECKING:
    from studioflow.people import Actor
    from studioflow.register import Verification

__all__ = ["programme"]

_MAX_ANCHOR = 64 * MAX_BYTES
"""An anchor has a line for each studio."""


@click.group(
    cls=Group,
    about=Text(
        "整个登记册：开立、修订、通报、核验、备份、删除个人信息",
        "A register as a whole: open, amend, bulletin, verify, back up, erase",
    ),
)
def programme() -> None:
    """Take what stands before the command."""


@command(
    Text("按一项政策开立登记册", "Open a register by a policy"),
    "studioflow programme open yongjia-2023 --db bureau.db",
    "studioflow programme open yongjia-2023 --set quota/places=12",
)
@policy_argument()
@changes_option
@db_option
def open_(output: Output, policy: str, settings: tuple[str, ...], db: str | None) -> None:
    """Open it, and print by which policy."""
    from studioflow.programme import Programme

    host = discovered(output)
    chosen = loaded(host, policy, settings)
    with answered(output), closing(register_at(db, new=True)) as register:
        made = Programme.open(chosen, register=register, host=host)
    told = {
        "schema": "studioflow.register/1",
        "register": register.register_id,
        "policy": {
            "id": made.policy.id,
            "version": made.policy.version,
            "fingerprint": made.policy.fingerprint,
        },
    }
    if output.as_json:
        output.json(told)
    else:
        output.line(f"{made.policy.id} {made.policy.version} ({made.policy.fingerprint})")


@command(
    Text("以另一政策取代现行政策", "Put another policy in the place of the one in force"),
    "studioflow programme amend county-2024.toml --as p-07:bureau_committee@bureau --dry-run",
)
@policy_argument()
@changes_option
@actor_option
@option("--on", type=Day(), metavar="DAY", about=Text("所称的日期", "the day that is claimed"))
@option("--remark", metavar="TEXT", about=Text("备注", "a remark, recorded with it"))
@option(
    "--dry-run",
    is_flag=True,
    about=Text("只说明会怎样，不修订", "say what would become of each studio, and do nothing"),
)
@db_option
def amend(  # noqa: PLR0913 - each is an option
    output: Output,
    *,
    policy: str,
    settings: tuple[str, ...],
    by: Actor,
    on: date | None,
    remark: str | None,
    dry_run: bool,
    db: str | None,
) -> None:
    """Amend it, and print what became of each studio."""
    with answered(output), opened(output, db) as made, foreign_code():
        chosen = loaded(made.host, policy, settings)
        report = (
            made.amendment(chosen, on=on)
            if dry_run
            else made.amend(chosen, by=by, on=on, remark=remark)
        )
    if output.as_json:
        output.json(report.to_dict(output.language))
    else:
        output.line(report.explain(output.language))


@command(
    Text("一段时间的通报", "Tell how each studio stands at the end of a period"),
    "studioflow programme bulletin --from 2023-01-01 --to 2023-12-31 --db demo/register.db",
)
@option(
    "--from", "start", type=Day(), required=True, metavar="DAY", about=Text("起", "its first day")
)
@option("--to", "end", type=Day(), required=True, metavar="DAY", about=Text("止", "its last day"))
@db_option
def bulletin(output: Output, start: date, end: date, db: str | None) -> None:
    """Print the bulletin."""
    with answered(output), opened(output, db) as made, foreign_code():
        found = made.bulletin(start, end)
    if output.as_json:
        output.json(found.to_dict(output.language))
    else:
        output.line(found.explain(output.language))


@command(
    Text("考核后的排名", "Rank the evaluated studios whose gates are met"),
    "studioflow programme rank --db demo/register.db",
)
@db_option
def rank(output: Output, db: str | None) -> None:
    """Print the ranking."""
    from studioflow.cli.views.register import ranking_as_json, ranking_view

    with answered(output), opened(output, db) as made, foreign_code():
        ranking = made.ranking()
    if output.as_json:
        output.json(ranking_as_json(ranking))
    else:
        ranking_view(ranking, output)


@command(
    Text("导出为 JSON Lines", "Write the whole register as JSON Lines"),
    "studioflow programme export register.jsonl --db bureau.db",
)
@argument("file", about=Text("尚不存在的文件", "a file that is not there yet"))
@db_option
def export(output: Output, file: str, db: str | None) -> None:
    """Write it, and print what its check found."""
    from studioflow.register import export_lines

    path = _new(file)
    with answered(output), closing(register_at(db)) as register:
        checked = export_lines(register, path)
    _tell(output, checked)


@command(
    Text("导入到空的登记册", "Keep an export in an empty register"),
    "studioflow programme import register.jsonl --db new.db",
)
@argument("file", about=Text("export 写出的文件", "what `export` wrote"))
@db_option
def import_(output: Output, file: str, db: str | None) -> None:
    """Read it, and print what its check found."""
    from studioflow.register import import_lines

    with answered(output), closing(register_at(db, new=True)) as register:
        checked = import_lines(Path(file), register)
    _tell(output, checked)


@command(
    Text("备份到新文件，并核验", "Write a checked copy into a new SQLite file"),
    "studioflow programme backup bureau-2023-12-31.db --db bureau.db",
)
@argument("file", about=Text("尚不存在的文件", "a file that is not there yet"))
@db_option
def backup(output: Output, file: str, db: str | None) -> None:
    """Back it up, and print what the check of the copy found."""
    from studioflow.register import backup as back_up

    with answered(output), closing(register_at(db)) as register:
        checked = back_up(register, Path(file))
    _tell(output, checked)


@command(
    Text("从备份恢复到空的登记册", "Keep what is in a backup in an empty register"),
    "studioflow programme restore bureau-2023-12-31.db --db new.db",
)
@argument("file", about=Text("backup 写出的文件", "what `backup` wrote"))
@db_option
def restore(output: Output, file: str, db: str | None) -> None:
    """Restore it, and print what its check found."""
    from studioflow.register import restore as put_back

    with answered(output), closing(register_at(db, new=True)) as register:
        checked = put_back(Path(file), register)
    _tell(output, checked)


@command(
    Text("删除个人信息；链条保持完好", "Erase what is personal; the chain stays whole"),
    "studioflow programme erase --person t-01 --reason 本人要求 --as p-07:bureau_committee@bureau",
    "studioflow programme erase s-01 --path remark --reason … --as p-07:bureau_committee@bureau",
)
@argument("studio", required=False, about=Text("此工作室的", "of this studio"))
@option("--person", metavar="ID", about=Text("此人的", "what is this person's"))
@option(
    "--path", "paths", multiple=True, metavar="PATH", about=Text("这些部分", "these parts alone")
)
@option(
    "--reason", required=True, metavar="TEXT", about=Text("理由", "why; it stays in the journal")
)
@actor_option
@db_option
def erase(  # noqa: PLR0913 - each is an option
    output: Output,
    *,
    studio: str | None,
    person: str | None,
    paths: tuple[str, ...],
    reason: str,
    by: Actor,
    db: str | None,
) -> None:
    """Erase it, and print what was erased."""
    from studioflow.register import erase as forget

    with answered(output), closing(register_at(db)) as register:
        erased = forget(
            register, studio=studio, person=person, paths=paths or None, by=by, reason=reason
        )
    if output.as_json:
        output.json(erased.to_dict())
    else:
        output.line(erased.explain(output.language))


@command(
    Text(
        "核验整个登记册；被改动则退出码为 1",
        "Check all of it; the exit status is 1 if tampered with",
    ),
    "studioflow programme verify --db demo/register.db",
    "studioflow programme verify --anchor anchor.json --db bureau.db",
)
@option("--anchor", metavar="FILE", about=Text("与此锚对照", "hold it against this anchor"))
@db_option
def verify(output: Output, anchor: str | None, db: str | None) -> None:
    """Print what was found."""
    from studioflow.register import read_anchor
    from studioflow.register import verify as check

    against = None
    if anchor is not None:
        path = Path(anchor)
        document = read(path, max_bytes=_MAX_ANCHOR)
        try:
            against = read_anchor(document)
        except InputError as error:
            raise InputError(problem.in_file(path.name) for problem in error.problems) from None
    with answered(output), closing(register_at(db)) as register:
        checked = check(register, against)
    _tell(output, checked)


@command(
    Text(
        "写出锚：以后用它查出截断和改写", "Write an anchor, by which what is cut off is found later"
    ),
    "studioflow programme anchor -o anchor.json --db bureau.db",
)
@option(
    "-o", "--out", metavar="FILE", about=Text("写入尚不存在的 FILE", "write to FILE, a new one")
)
@db_option
def anchor(output: Output, out: str | None, db: str | None) -> None:
    """Print the anchor, or write it to a file."""
    from studioflow.register import anchor_of

    path = None if out is None else _new(out)
    with answered(output), closing(register_at(db)) as register:
        found = anchor_of(register)
    if path is not None:
        try:
            with path.open("x", encoding="utf-8") as file:
                json.dump(found.to_dict(), file, ensure_ascii=False, indent=2)
                file.write("\n")
        except OSError as error:
            problems = wrong(NOT_WRITABLE, f"{out}: {error.strerror}").problems
            raise InputError(problem.under("--out") for problem in problems) from error
    if output.as_json or path is None:
        output.json(found.to_dict())
    else:
        output.line(found.explain(output.language))


@command(
    Text("通知订阅者尚未得知的事件", "Tell subscribers what they are still to be told"),
    "studioflow programme deliver --again --db bureau.db",
)
@option("--again", is_flag=True, about=Text("连同以前失败的", "what failed before, too"))
@db_option
def deliver(output: Output, *, again: bool, db: str | None) -> None:
    """Deliver it, and print what failed."""
    with answered(output), opened(output, db) as made, foreign_code():
        failed = made.deliver(again=again)
    told = [
        {
            "subscriber": each.subscriber,
            "studio": each.event.studio,
            "action": each.event.action,
            "error": each.error,
        }
        for each in failed
    ]
    if output.as_json:
        output.json({"schema": "studioflow.deliveries/1", "failed": told})
    for each in () if output.as_json else failed:
        output.line(f"{each.subscriber}: {each.event.studio} {each.event.action}: {each.error}")


def _tell(output: Output, checked: Verification) -> None:
    """Print what a check found; where that is anything, the exit status is 1."""
    if output.as_json:
        output.json(checked.to_dict(output.language))
    else:
        output.line(checked.explain(output.language))
    if not checked:
        raise click.exceptions.Exit(NO)


def _new(file: str) -> Path:
    path = Path(file)
    if path.exists():
        raise wrong(FILE_EXISTS, path.name)
    return path


programme.add_command(open_, "open")
programme.add_command(import_, "import")
for _command in (
    *(amend, bulletin, rank, export, backup, restore, erase, verify, anchor, deliver),
):
    programme.add_command(_command)
