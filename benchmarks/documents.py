"""What documents cost: the report of a batch, and a form for each of its studios.

The studios of the sample batch, copied as often as it takes. The rivals write the same texts: a
template of Word filled by docxtpl, and a page made by Jinja2 with escaping on; both are checked to
say what ours say before anything is timed. Growth is the time a studio takes in the largest batch
to that in a batch of a tenth.

Targets: a report and its forms grow linearly, at most 1.5 times the time a studio.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import statistics
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from time import perf_counter
from typing import Any

from attrs import evolve
from docxtpl import DocxTemplate
from jinja2 import Environment

from studioflow import Programme
from studioflow.documents.forms import Form, fill_form, forms_of
from studioflow.documents.paper import Paper, Table
from studioflow.documents.paper.docx import to_docx
from studioflow.documents.paper.html import to_html
from studioflow.documents.paper.pdf import to_pdf
from studioflow.documents.paper.reading import read_rows
from studioflow.documents.report import batch_report
from studioflow.host import Host
from studioflow.policy import Policy
from studioflow.programme import read_batch, run_batch
from studioflow.register import MemoryRegister
from studioflow.studio import Studio

DAY = datetime(2026, 1, 15, tzinfo=UTC)
LARGE, QUICK = 1_000, 20
LIMIT = 1.5
WORD, DOCXTPL = "a form as Word", "docxtpl"
PAGE, JINJA = "tables as HTML", "Jinja2"
_PAGE = Environment(autoescape=True).from_string(
    "<!DOCTYPE html><html><title>{{ title }}</title>{% for rows in tables %}<table>"
    "{% for row in rows %}<tr>{% for cell in row %}"
    "<td>{% for line in cell.split('\n') %}{% if not loop.first %}<br>{% endif %}{{ line }}"
    "{% endfor %}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}</html>"
)


def programme_of(count: int) -> tuple[Programme, Host]:
    """Return a programme with so many studios, copied from those of the sample batch."""
    host = Host.discover()
    policy = host.policy("yongjia-2023")
    batch = read_batch(host.sample_batch("yongjia-2023-sample").folder)
    done = run_batch(policy, batch, host=host.working())
    originals = [studio for studio in done.studios.values() if studio.sheet is not None]
    register = MemoryRegister()
    programme = Programme.open(policy, register=register, host=host.working(), clock=lambda: DAY)
    for number in range(count):
        original = originals[number % len(originals)]
        for version, event in enumerate(original.history):
            register.append(evolve(event, studio=f"c{number:05}"), expected=version)
    return programme, host


def form_papers(form: Form, policy: Policy, studios: list[Studio]) -> list[Paper]:
    """Return a filled form for each studio."""
    return [fill_form(form, policy, studio) for studio in studios]


class Cells(HTMLParser):
    """Reads what stands in the cells of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, _: object) -> None:
        """Begin a cell, or a line in one."""
        if tag in {"td", "th"}:
            self.cells.append("")
            self._inside = True
        elif tag == "br" and self._inside:
            self.cells[-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        self._inside &= tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        """Read on in a cell."""
        if self._inside:
            self.cells[-1] += data


def template_of(paper: Paper) -> tuple[bytes, list[str]]:
    """Return a Word template in which each cell and paragraph is a variable, and their values."""
    values: list[str] = []

    def variable(text: str) -> str:
        values.append(text)
        return f"{{{{ v{len(values) - 1} }}}}"

    blocks = []
    for block in paper.blocks:
        if isinstance(block, Table):
            rows = tuple(
                tuple(evolve(cell, text=variable(cell.text)) for cell in row) for row in block.rows
            )
            blocks.append(evolve(block, rows=rows))
        elif hasattr(block, "text"):
            blocks.append(evolve(block, text=variable(block.text)))
    return to_docx(evolve(paper, blocks=tuple(blocks))), values


def by_docxtpl(template: bytes, values: list[str]) -> bytes:
    """Return the template with its variables filled in."""
    document = DocxTemplate(io.BytesIO(template))
    document.render({f"v{n}": value for n, value in enumerate(values)}, autoescape=True)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def by_jinja(paper: Paper) -> str:
    """Return a page with the tables of a paper."""
    tables = [
        [[cell.text for cell in row] for row in block.rows]
        for block in paper.blocks
        if isinstance(block, Table)
    ]
    return _PAGE.render(title=paper.title, tables=tables)


def check(form: Paper, report: Paper) -> None:
    """Check that the rivals say what we say.

    Raises:
        AssertionError: where they do not.
    """
    template, values = template_of(form)
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for name, data in (("a", to_docx(form)), ("b", by_docxtpl(template, values))):
            path = Path(folder, f"{name}.docx")
            path.write_bytes(data)
            found.append([[cell.text for cell in row] for row in read_rows(path)])
    if found[0] != found[1]:
        raise AssertionError("docxtpl does not say the same")
    ours, theirs = Cells(to_html(report)).cells, Cells(by_jinja(report)).cells
    if ours != theirs:
        raise AssertionError("Jinja2 does not say the same")


def timed(rivals: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median seconds of each; the first round warms the caches."""
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(rounds + 1):
        for name in random.sample(list(rivals), len(rivals)):
            start = perf_counter()
            rivals[name]()
            if turn:
                taken[name].append(perf_counter() - start)
    return {name: statistics.median(times) for name, times in taken.items()}


def growth(large: int, rounds: int) -> tuple[list[dict[str, Any]], float]:
    """Return what batches of two sizes cost, and how the time a studio grows between them."""
    batches: dict[int, tuple[Programme, Paper, list[Paper]]] = {}
    for count in (large // 10, large):
        programme, host = programme_of(count)
        form = forms_of(programme.policy, host)["yongjia-attachment-3"]
        studios = [studio for studio in programme.studios() if studio.sheet is not None]
        papers = form_papers(form, programme.policy, studios)
        batches[count] = (programme, batch_report(programme), papers)
    stages: dict[str, Callable[[Programme, Paper, list[Paper]], object]] = {
        "the report": lambda programme, _, __: batch_report(programme),
        "the report as HTML": lambda _, report, __: to_html(report),
        "a form for each as Word": lambda _, __, papers: [to_docx(paper) for paper in papers],
        "a form for each as PDF": lambda _, __, papers: [to_pdf(paper) for paper in papers],
        # The last: what the compiler keeps of so large a paper slows down whatever follows.
        "the report as PDF": lambda _, report, __: to_pdf(report),
    }
    rows: list[dict[str, Any]] = []
    grown = 0.0
    for stage, run in stages.items():
        each = []
        for count, made in batches.items():
            name = f"{stage}, {count} studios"
            seconds = timed({name: lambda made=made: run(*made)}, rounds)[name]  # type: ignore[misc] # noqa: B023 - run at once
            each.append(seconds / count)
            rows.append({"what": name, "median_s": round(seconds, 4)})
            print(f"{name:60} {seconds:10.2f} s")
        grown = max(grown, each[1] / each[0])
    return rows, grown


def main() -> None:
    """Check that all agree, time them, and print medians, ratios and targets."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="write the result to this file")
    parser.add_argument("--quick", action="store_true", help="few studios, to see that it runs")
    options = parser.parse_args()
    large = QUICK if options.quick else LARGE
    programme, host = programme_of(10)
    studios = list(programme.studios())
    form = forms_of(programme.policy, host)["yongjia-attachment-3"]
    filled = fill_form(form, programme.policy, next(s for s in studios if s.sheet is not None))
    report = batch_report(programme)
    check(filled, report)
    template, values = template_of(filled)
    times = timed(
        {
            WORD: lambda: to_docx(filled),
            DOCXTPL: lambda: by_docxtpl(template, values),
            PAGE: lambda: to_html(report),
            JINJA: lambda: by_jinja(report),
        },
        2 if options.quick else 9,
    )
    rows: list[dict[str, Any]] = []
    for ours, theirs in ((WORD, DOCXTPL), (PAGE, JINJA)):
        for name in (ours, theirs):
            ratio = round(times[name] / times[theirs], 2)
            rows.append(
                {"what": name, "median_s": round(times[name], 5), "ratio": ratio, "to": theirs}
            )
            print(f"{name:60} {times[name] * 1e3:10.1f} ms {ratio:8.2f}")
    grown, value = growth(large, 1)
    rows += grown
    what = f"time a studio, {large} studios to {large // 10}"
    targets = [{"what": what, "value": round(value, 3), "limit": LIMIT, "met": value <= LIMIT}]
    print(f"{what}: {round(value, 3)} of {LIMIT}, {'met' if value <= LIMIT else 'missed'}")
    if options.json:
        document = {
            "schema": "studioflow.bench/1",
            "name": "documents",
            "rows": rows,
            "targets": targets,
        }
        options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
