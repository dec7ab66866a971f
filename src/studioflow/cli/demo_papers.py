"""The documents that `demo --out` leaves, with a page that leads to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from attrs import define, field

from studioflow.errors import MissingExtraError, MissingFontError
from studioflow.programme import BatchReport, Programme
from studioflow.studio import Studio
from studioflow.text import Language, Text, render

if TYPE_CHECKING:
    from studioflow.documents.paper import Paper
    from studioflow.host import Host
    from studioflow.lab.comparing import Comparison
    from studioflow.policy import Policy

__all__ = ["INDEX", "DemoPapers"]

INDEX = "index.html"
_TITLE = Text("{policy}：样例批次的全部文件", "{policy}: all documents of the sample batch")
_INTRODUCED = Text(
    "以下文件都由 studioflow demo --out 写出；每行末尾是单独得到它的命令。",
    "All of these were written by `studioflow demo --out`; the last column has the command that"
    " makes each by itself.",
)
_FILE = Text("文件", "File")
_WHAT = Text("内容", "What it is")
_COMMAND = Text("命令", "Command")
_REPORT = Text("批次报告", "The report of the batch")
_PUBLIC = Text("公示名单", "The public list")
_BULLETIN = Text("工作进展通报", "The bulletin")
_AWARDS = Text("活动参与记录（评先评优依据）", "Who took part in what, for awards")
_INDICATORS = Text("党建工作目标动态考核指标", "Indicators for the assessment of targets")
_HIGHLIGHTS = Text("典型与亮点摘编", "Model cases and highlights")
_COMPARED = Text("政策比较：{path} 改为 {value}", "Two policies compared: {path} becomes {value}")
_EMPTY = Text("空表：{form}", "Empty form: {form}")
_FILLED = Text("{form}：{studio}", "{form}: {studio}")
_NOT_MADE = Text("没有写出：", "Not written:")
_SHARE = 3, 4
"""What becomes of a norm in the comparison: eight become six."""


@define
class DemoPapers:
    """Makes the documents of a batch.

    Attributes:
        not_made: why a document could not be made, in sentences with what to run.
        made: of each one the path, what it is, and the command that makes it.
    """

    report: BatchReport
    language: Language
    host: Host
    not_made: dict[str, None] = field(factory=dict)
    made: list[tuple[str, str, str]] = field(factory=list)

    def files(self, names: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        """Yield every document by its path in the folder, the page that leads to them at the end.

        Args:
            names: what the files of each studio are called, by its key.
        """
        try:
            import docx  # noqa: F401 - whether the extra is there
            import typst  # noqa: F401 - as above
            import xlsxwriter  # noqa: F401 - as above
        except ImportError:
            self.not_made[MissingExtraError("documents").explain(self.language)] = None
            return
        yield from self._reports()
        yield from self._forms(names)
        yield INDEX, self._index()

    # --- reports ----------------------------------------------------------------------------

    def _reports(self) -> Iterator[tuple[str, bytes]]:
        from studioflow.documents.notices import (
            award_record,
            bulletin_paper,
            highlights,
            indicator_export,
            public_list,
        )
        from studioflow.documents.report import batch_report, comparison_report

        language, policy = self.language, self.report.policy
        programme = self._programme()
        days = [event.on for studio in programme.studios() for event in studio.history]
        db = "--db register.db"
        paper = batch_report(programme, language=language)
        command = f"studioflow report batch {db}"
        yield from self._put("reports/batch", paper, (".html", ".pdf"), _REPORT, command)
        state = _furthest(policy, programme.studios())
        if state is not None:
            listed = public_list(programme, states=[state], language=language)
            command = f"studioflow report public-list --state {state} {db}"
            yield from self._put("reports/public-list", listed, (".docx", ".pdf"), _PUBLIC, command)
        if days:
            told = bulletin_paper(
                programme.bulletin(min(days), max(days)), policy, language=language
            )
            command = f"studioflow report bulletin --from {min(days)} --to {max(days)} {db}"
            yield from self._put("reports/bulletin", told, (".pdf", ".docx"), _BULLETIN, command)
        awards = award_record(programme, language=language)
        command = f"studioflow report awards {db}"
        yield from self._put("reports/awards", awards, (".xlsx", ".pdf"), _AWARDS, command)
        exported = indicator_export(programme, language=language)
        command = f"studioflow report indicators {db}"
        yield from self._put("reports/indicators", exported, (".xlsx",), _INDICATORS, command)
        kinds = [n for n, kind in policy.record_kinds.items() if kind.clause == "5a.3"]
        if kinds:
            digest = highlights(programme, kinds, language=language)
            chosen = " ".join(f"--kind {kind}" for kind in kinds)
            command = f"studioflow report highlights {chosen} {db}"
            yield from self._put(
                "reports/highlights", digest, (".docx", ".pdf"), _HIGHLIGHTS, command
            )
        compared = self._compared(programme)
        if compared is not None:
            comparison, path, value = compared
            told = comparison_report(comparison, language=language)
            what = Text(
                *(render(_COMPARED, {"path": path, "value": value}, each) for each in ("zh", "en"))
            )
            command = f"studioflow report compare {policy.id} --set {path}={value} --cohort FILE"
            yield from self._put("reports/compare", told, (".html", ".pdf"), what, command)

    def _programme(self) -> Programme:
        """Return the programme of the batch, as it stood on the batch's last day."""
        last = max(
            (step.recorded or step.on for step in self.report.batch.steps),
            default=datetime.now(UTC).date(),
        )
        noon = datetime.combine(last, time(12), tzinfo=UTC)
        return Programme.open(
            self.report.policy,
            register=self.report.register,
            host=self.host.working(),
            clock=lambda: noon,
        )

    def _compared(self, programme: Programme) -> tuple[Comparison, str, str] | None:
        """Return the batch under a variation of a norm, if the policy has one."""
        import polars as pl

        from studioflow.lab.comparing import compare
        from studioflow.lab.sensing import parameters

        policy = self.report.policy
        norm = next((p for p in parameters(policy) if p.path.endswith("/norm")), None)
        rows = [_row(policy, studio) for studio in programme.studios() if studio.sheet is not None]
        if norm is None or norm.value is None or not rows:
            return None
        above, below = _SHARE
        value = int(norm.value) * above // below
        frame = pl.DataFrame(rows, infer_schema_length=None)
        varied = policy.vary({norm.path: value})
        return compare(policy, varied, frame), norm.path, str(value)

    # --- forms ------------------------------------------------------------------------------

    def _forms(self, names: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
        from studioflow.documents.forms import empty_form, fill_form, forms_of

        policy, language = self.report.policy, self.language
        for id_, form in forms_of(policy, self.host).items():
            label = form.label.get(language)
            command = f"studioflow forms empty {id_} --policy {policy.id}"
            what = Text(*(render(_EMPTY, {"form": form.label}, each) for each in ("zh", "en")))
            yield from self._put(
                f"forms/empty/{id_}",
                empty_form(form, policy, language),
                (".docx", ".xlsx", ".pdf"),
                what,
                command,
            )
            for key, studio in self.report.studios.items():
                if studio.application is None or (form.sheet and studio.sheet is None):
                    continue
                paper = fill_form(form, policy, studio, language=language)
                told = render(_FILLED, {"form": label, "studio": studio.name}, language)
                command = f"studioflow forms fill {id_} {key} --db register.db"
                yield from self._put(
                    f"forms/{names[key]}/{id_}",
                    paper,
                    (".docx", ".pdf"),
                    Text(told, told),
                    command,
                )

    # --- files ------------------------------------------------------------------------------

    def _put(
        self, stem: str, paper: Paper, suffixes: tuple[str, ...], what: Text, command: str
    ) -> Iterator[tuple[str, bytes]]:
        """Yield a paper in some formats; what can not be made is told and left out."""
        from studioflow.documents.paper import paper_bytes

        for suffix in suffixes:
            try:
                data = paper_bytes(paper, suffix)
            except MissingFontError as error:
                self.not_made[error.explain(self.language)] = None
                continue
            name = stem.rpartition("/")[2] + suffix
            self.made.append((stem + suffix, what.get(self.language), f"{command} -o {name}"))
            yield stem + suffix, data

    def _index(self) -> bytes:
        from studioflow.documents.paper import (
            Block,
            Cell,
            Listing,
            Paper,
            Paragraph,
            Table,
            paper_bytes,
        )

        title = render(_TITLE, {"policy": self.report.policy.label}, self.language)
        head = tuple(Cell(text.get(self.language), head=True) for text in (_FILE, _WHAT, _COMMAND))
        rows = [
            (Cell(name, link=f"./{name}"), Cell(what), Cell(command))
            for name, what, command in self.made
        ]
        table = Table(rows=(head, *rows), widths=(4, 4, 7), caption=title, head_rows=1)
        blocks: list[Block] = [Paragraph(_INTRODUCED.get(self.language)), table]
        if self.not_made:
            blocks += [
                Paragraph(_NOT_MADE.get(self.language), style="strong"),
                Listing(tuple(self.not_made)),
            ]
        paper = Paper(title=title, blocks=tuple(blocks), language=self.language, landscape=True)
        return paper_bytes(paper, ".html")


def _furthest(policy: Policy, studios: Iterable[Studio]) -> str | None:
    """Return the state that lies last in the policy of those that studios reached with a sheet."""
    reached = {studio.state for studio in studios if studio.sheet is not None}
    return next((name for name in reversed([*policy.procedure.states]) if name in reached), None)


def _row(policy: Policy, studio: Studio) -> dict[str, object]:
    """Return the facts of a studio as a row of a table, with one mark for each item."""
    sheet = studio.sheet
    measured = {} if sheet is None else {n: m.value for n, m in sheet.measured.items()}
    judged = policy.rubric.judged_facts
    marks = {judged[mark.criterion]: mark.value for mark in reversed(studio.marks)}
    facts = {**measured, **studio.facts, **marks}
    known = {name: facts[name] for name in policy.facts if facts.get(name) is not None}
    return {"studio": studio.id, **{name: _plain(value) for name, value in known.items()}}


def _plain(value: object) -> object:
    from fractions import Fraction

    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    return value
