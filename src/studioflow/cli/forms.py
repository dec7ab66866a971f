"""`forms`: the forms of a policy, empty, filled in, and read back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studioflow.cli.facts import write_document
from studioflow.cli.installed import discovered, loaded
from studioflow.cli.output import Output
from studioflow.cli.papers import new_folder, out_option, paper_path, put, written
from studioflow.cli.parts import Group, Word, argument, command, option, policy_argument
from studioflow.cli.progress import Bar
from studioflow.cli.registers import Somebody, answered, db_option, opened
from studioflow.codec import UNKNOWN_NAME, Collector, wrong
from studioflow.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studioflow.documents.forms import Form
    from studioflow.people import Actor

__all__ = ["forms"]

_FORM = Text("表格的 id，见 forms list", "the id of a form, as `forms list` has it")


@click.group(
    cls=Group,
    about=Text(
        "政策的表格：空表、填好的表，以及读回填好的表",
        "The forms of a policy: empty, filled in, and read back",
    ),
)
def forms() -> None:
    """Take what stands before the command."""


@command(
    Text("列出政策的表格", "List the forms of a policy"),
    "studioflow forms list yongjia-2023",
)
@policy_argument()
def list_(output: Output, policy: str) -> None:
    """Print the forms."""
    from studioflow.documents.forms import forms_of

    host = discovered(output)
    found = forms_of(loaded(host, policy, ()), host)
    if output.as_json:
        told = [
            {
                "id": form.id,
                "label": form.label.get(output.language),
                "of": form.record or "sheet",
                "clause": form.clause,
            }
            for form in found.values()
        ]
        output.json({"schema": "studioflow.forms/1", "policy": policy, "forms": told})
        return
    from studioflow.cli.views.table import cell, table

    made = table(output.say(Text("表格", "form")), output.say(Text("名称", "what it is")))
    for form in found.values():
        made.add_row(cell(form.id), cell(form.label.get(output.language)))
    output.show(made)


@command(
    Text("写出一张空表", "Write an empty form"),
    "studioflow forms empty yongjia-attachment-1 --policy yongjia-2023 -o attachment-1.docx",
)
@argument("form", about=_FORM)
@option("--policy", required=True, metavar="POLICY", about=Text("政策", "the policy"))
@out_option
def empty(output: Output, form: str, policy: str, out: str) -> None:
    """Write it."""
    from studioflow.documents.forms import empty_form, forms_of

    path = paper_path(out)
    host = discovered(output)
    asked = loaded(host, policy, ())
    found = _form(forms_of(asked, host), form)
    put(empty_form(found, asked, output.language), path, output)


@command(
    Text("按登记册填好一个工作室的表", "Fill in a form of a studio from a register"),
    "studioflow forms fill yongjia-attachment-3 s01 --db demo/register.db -o s01.docx",
    "studioflow forms fill yongjia-attachment-2 s01 --db demo/register.db -o members.pdf",
)
@argument("form", about=_FORM)
@argument("studio", about=Text("工作室的 id", "the id of a studio"))
@option(
    "--by",
    metavar="ID",
    about=Text("只列这位评分人的评分", "list the marks of this assessor alone"),
)
@db_option
@out_option
def fill(  # noqa: PLR0913 - each is an option
    output: Output, *, form: str, studio: str, by: str | None, db: str | None, out: str
) -> None:
    """Write it."""
    from studioflow.documents.forms import fill_form, forms_of

    path = paper_path(out)
    with answered(output), opened(output, db) as programme:
        found = programme.studio(studio)
        policy = programme.policy_of(found)
        wanted = _form(forms_of(policy, programme.host), form)
        sheet = programme.score(found) if wanted.sheet and found.sheet is None else None
        paper = fill_form(wanted, policy, found, sheet=sheet, by=by, language=output.language)
    put(paper, path, output)


@command(
    Text(
        "按登记册填好全部工作室的表，每个工作室一份文件",
        "Fill in a form of every studio of a register, a file each",
    ),
    "studioflow forms batch yongjia-attachment-3 --db demo/register.db --format pdf -o sheets",
)
@argument("form", about=_FORM)
@option(
    "--format",
    "suffix",
    type=Word("docx", "xlsx", "pdf", "html"),
    default="docx",
    metavar="FORMAT",
    about=Text(
        "docx、xlsx、pdf 或 html（默认 docx）", "docx, xlsx, pdf or html; docx when left out"
    ),
)
@db_option
@option("-o", "--out", required=True, metavar="DIR", about=Text("新文件夹", "a new folder"))
def batch(output: Output, *, form: str, suffix: str, db: str | None, out: str) -> None:
    """Write them: all of them, or none."""
    from studioflow.cli.file_names import file_names
    from studioflow.documents.forms import fill_form, forms_of
    from studioflow.documents.paper import paper_bytes

    with (
        new_folder(Path(out)) as folder,
        answered(output),
        opened(output, db) as programme,
        Bar(output) as bar,
    ):
        wanted = _form(forms_of(programme.policy, programme.host), form)
        studios = {
            studio.id: studio
            for studio in programme.studios()
            if studio.sheet is not None or not wanted.sheet
        }
        bar.stage(wanted.label.get(output.language), len(studios))
        for done, (key, name) in enumerate(file_names(studios).items(), 1):
            policy = programme.policy_of(studios[key])
            paper = fill_form(wanted, policy, studios[key], language=output.language)
            (folder / f"{name}.{suffix}").write_bytes(paper_bytes(paper, f".{suffix}"))
            bar.done(done)
    written(output, Path(out))


@command(
    Text(
        "读回填好的表，得到可登记的案卷文件",
        "Read a form that was filled in: a case file to record",
    ),
    "studioflow forms read s01.docx --form yongjia-attachment-1 --policy yongjia-2023",
)
@argument("file", about=Text("填好的 .docx 或 .xlsx", "the .docx or .xlsx that was filled in"))
@option("--form", required=True, metavar="FORM", about=_FORM)
@option("--policy", required=True, metavar="POLICY", about=Text("政策", "the policy"))
@option(
    "--people",
    metavar="FILE",
    about=Text("人员名单（.csv 或 .xlsx）：姓名和编号", "a list of people: names and ids"),
)
@option(
    "--given",
    multiple=True,
    metavar="FIELD=VALUE",
    about=Text("表中没有的字段，可重复", "a field that the form does not ask for; repeatable"),
)
@option(
    "--as",
    "by",
    type=Somebody(),
    metavar="ID:ROLE@UNIT",
    about=Text("在评分表上评分的人", "who filled in the points of a score sheet"),
)
@option("-o", "--out", metavar="FILE", about=Text("写入的文件", "the file to write"))
def read(  # noqa: PLR0913 - each is an option
    output: Output,
    *,
    file: str,
    form: str,
    policy: str,
    people: str | None,
    given: tuple[str, ...],
    by: Actor | None,
    out: str | None,
) -> None:
    """Print or write the case file."""
    from studioflow.documents.forms import forms_of, read_filled
    from studioflow.documents.tables import read_people
    from studioflow.policy import parse_settings

    host = discovered(output)
    asked = loaded(host, policy, ())
    taken = read_filled(
        Path(file),
        _form(forms_of(asked, host), form),
        asked,
        people=None if people is None else read_people(Path(people)),
        given=parse_settings(given),
        by=by,
    )
    text = taken.to_json(asked)
    if out is None:
        output.document(text)
        return
    write_document(Path(out), text)
    written(output, Path(out))


def _form(known: Mapping[str, Form], name: str) -> Form:
    """Return a form by its id.

    Raises:
        InputError: where the policy has none of that id.
    """
    collector = Collector()
    with collector.under("form"):
        if name not in known:
            raise wrong(UNKNOWN_NAME, name, known=known)
    collector.finish()
    return known[name]


for _command, _name in (
    (list_, "list"),
    (empty, "empty"),
    (fill, "fill"),
    (batch, "batch"),
    (read, "read"),
):
    forms.add_command(_command, _name)
