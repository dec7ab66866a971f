"""Every loader that reads what others wrote, with documents that it takes and its errors."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from shutil import copytree
from typing import Any

from attrs import evolve, frozen

from studioflow.cases import read_cases, run_cases
from studioflow.codec import from_plain, parse, to_plain
from studioflow.cohort import read_ballots
from studioflow.documents.forms import (
    Form,
    check_form,
    empty_form,
    fill_form,
    form_from,
    read_filled,
    read_form,
)
from studioflow.documents.paper import paper_bytes
from studioflow.documents.tables import read_facts as read_facts_table
from studioflow.documents.tables import read_people, read_records
from studioflow.errors import InputError
from studioflow.host import Host, load_policy
from studioflow.lab.claims import read_claim
from studioflow.lab.sweeping import read_grid
from studioflow.people import Actor
from studioflow.policy import Policy, parse_setting, parse_settings, read_facts
from studioflow.programme.batch import read_batch
from studioflow.programme.case_file import read_case_file
from studioflow.register import Damaged, read_anchor
from studioflow.rubric.sheet_document import read_sheet, sheet_document
from studioflow.studio import EVENT_CODEC, Record, Studio
from studioflow.studio.application import read_application, read_person
from studioflow.testing.registers.samples import event
from studioflow.text import Text, message
from studioflow.verdict import Reason
from tests.fuzz import stored
from tests.fuzz.places import folder

__all__ = ["LOADERS", "Loader"]

ACTED = """schema = "studioflow.cases/1"
[cases.a]
[[cases.a.actions]]
do = "declare"
by = "host_party"
on = 2023-03-20
overrides = { window = { by = "lead", reason = "r" } }
[[cases.a.actions]]
do = "record"
by = "p-1:lead@u"
studio = ["s-01"]
records = { goal = [{ on = 2023-03-20, goals = ["g"] }] }
[[cases.a.actions]]
do = "inspect"
by = "assessor"
inspection = { items = { flag = { present = true } } }
[[cases.a.actions]]
do = "mark"
by = "assessor"
marks = [{ criterion = "5.1.1", by = "p-1", role = "assessor", points = 9 }]
facts = { members = 9 }
lead = { id = "l", name = "n" }
gaps = ["a"]
[cases.a.expect]
state = "declared"
denied = ["a"]
warned = []
rewarded = 3
decision = "none"
facts = { goals = 1 }
steps = { approve = ["lead"] }
"""
ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "plugins/studioflow-teacher-points/src/studioflow_teacher_points"
FORMS = tuple(sorted((ROOT / "plugins").glob("*/src/*/forms/*.toml")))


@frozen
class Loader:
    """A way in.

    Attributes:
        name: the function, as its module has it.
        load: calls it with what bytes say.
        seeds: bytes that it takes.
        errors: all that it may raise.
    """

    name: str
    load: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    errors: tuple[type[Exception], ...] = (InputError,)

    def check(self, data: bytes) -> bool:
        """Return whether it takes the bytes; what else it raises than it declares comes out."""
        told: Exception | None = None
        try:
            self.load(data)
        except self.errors as error:
            told = error
        if told is not None:  # and it can be said
            explain: Callable[[str], str] = told.explain  # type: ignore[attr-defined]
            assert f"{explain('zh')}{explain('en')}{told}{told!r}".encode()
        return told is None


def as_json(value: object) -> bytes:
    """Return a document as JSON; what TOML alone has becomes text."""

    def other(value: object) -> object:
        return float(value) if isinstance(value, Decimal) else str(value)

    return json.dumps(value, ensure_ascii=False, default=other).encode()


def plain(data: bytes) -> object:
    """Return what JSON says, as whoever reads it on their own has it; empty where it says none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return {}


def text(data: bytes) -> str:
    """Return bytes as an argument of a command comes to Python."""
    return data.decode("utf-8", "surrogateescape")


def of_plain(load: Callable[[Any], object]) -> Callable[[bytes], object]:
    """Return what calls a loader of plain documents."""
    return lambda data: load(plain(data))


def of_file(load: Callable[[Path], object], name: str = "f") -> Callable[[bytes], object]:
    """Return what writes a file, TOML or JSON by its first character, and has it loaded."""

    def call(data: bytes) -> object:
        path = folder() / f"{name}{'.json' if data.lstrip()[:1] in b'{[' else '.toml'}"
        path.write_bytes(data)
        return load(path)

    return call


def of_table(load: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Return what writes a table, packed or not, and has it loaded."""

    def call(data: bytes) -> object:
        path = folder() / f"f{'.xlsx' if data[:2] == b'PK' else '.csv'}"
        path.write_bytes(data)
        return load(path)

    return call


def of_office(load: Callable[[Path], object]) -> Callable[[bytes], object]:
    """Return what writes a Word file, and has it loaded."""

    def call(data: bytes) -> object:
        path = folder() / "f.docx"
        path.write_bytes(data)
        return load(path)

    return call


@cache
def roster() -> Form:
    """Return a form that lists records."""
    return read_form(SAMPLES / "forms/roster.toml")


def office_seeds() -> tuple[bytes, ...]:
    """Return the form as Word, with one member, and empty."""
    data = {"person": {"id": "t-1", "name": "A"}, "joined": "2023-03-20"}
    studio = Studio(id="s-1", records={"m": Record(kind="member", id="m", data=data)})
    papers = (fill_form(roster(), policy(), studio), empty_form(roster(), policy()))
    return tuple(paper_bytes(paper, ".docx") for paper in papers)


def of_folder(data: bytes) -> object:
    """Read a batch whose file has these bytes."""
    (samples() / "batch.toml").write_bytes(data)
    return read_batch(samples())


@cache
def reference() -> Policy:
    """Return the reference policy."""
    return load_policy("yongjia-2023")


@cache
def samples() -> Path:
    """Return a copy of a batch's folder."""
    return Path(copytree(SAMPLES / "samples/2022", folder() / "samples"))


@cache
def policy() -> Policy:
    """Return a policy with kinds of records."""
    return load_policy(SAMPLES / "policy.toml", host=Host.discover())


def files(*paths: str) -> tuple[bytes, ...]:
    """Return files, each as it stands and as JSON."""
    found = [(ROOT / path).read_bytes() for path in paths]
    return (*found, *(as_json(tomllib.loads(data.decode())) for data in found))


APPLICATION: Mapping[str, Any] = {
    "name": "样例工作室",
    "unit": "样例学校",
    "lead": {"id": "t-01", "name": "领衔人甲"},
    "members": [{"id": "t-02", "name": "成员乙"}],
}
PLAIN = {
    "share": Fraction(1, 3),
    "mark": Decimal("7.50"),
    "on": date(2023, 5, 4),
    "label": Text("好", "good"),
    "some": (1, frozenset({"a", "b"}), None, True, [2]),
    "$escaped": {"a": {"b": []}},
}
INNER = Reason(message("a", zh="甲", en="a"), {"n": 1, "t": Text("乙", "b")})
REASON = Reason(message("b", zh="丙 {why}", en="c {why}"), {"why": INNER})
RECORD = Record(kind="activity", id="a-1", data={"theme": "读书", "on": date(2023, 5, 4)})


def load_case(path: Path) -> object:
    """Read a case file and check it."""
    return read_case_file(path, policy())


def apply_setting(data: bytes) -> object:
    """Set in a small policy what a command line says."""
    path = ROOT / "tests/policy/small.toml"
    lines = text(data).split("\n")
    return load_policy(path, changes=parse_settings(lines), host=Host([]))


def load_record(value: object) -> object:
    """Load a record of the first kind of the policy."""
    return next(iter(policy().record_kinds.values())).load(value)


def decode_event(value: object) -> object:
    """Decode an event of the version that stands beside it."""
    if isinstance(value, dict) and type(value.get("version")) is int:
        return EVENT_CODEC.decode(value.get("event", {}), value["version"])
    return EVENT_CODEC.decode(value, None)  # type: ignore[arg-type]  # whatever it is


@cache
def sheets() -> tuple[bytes, ...]:
    """Return two score sheets."""
    of_policy = load_policy(ROOT / "tests/policy/small.toml", host=Host([]))
    sheet = of_policy.score({"safe": True, "visits": 3})
    told = evolve(sheet.criteria[0], reasons=(REASON,))
    sheets = (of_policy.score({}), evolve(sheet, criteria=(told, *sheet.criteria[1:])))
    return tuple(as_json(sheet_document(each)) for each in sheets)


def events() -> tuple[bytes, ...]:
    """Return events, also such as are of an older or a newer version."""
    bare = event(records=(RECORD,), remark="备注")
    documents = [EVENT_CODEC.encode(each) for each in (event(), bare)]
    return tuple(
        as_json(each)
        for each in (*documents, *({"version": n, "event": documents[1]} for n in (0, 1, 2)))
    )


LOADERS: Mapping[str, Loader] = {
    loader.name: loader
    for loader in (
        Loader("codec.documents.parse", parse, files("tests/policy/small.toml")),
        Loader(
            "codec.documents.parse (JSON)",
            lambda data: parse(data, json_document=True),
            files("tests/policy/small.toml")[1:],
        ),
        Loader("codec.plain_values.from_plain", of_plain(from_plain), (as_json(to_plain(PLAIN)),)),
        Loader("policy.load.read_facts", of_file(read_facts), files("examples/studio.toml")),
        Loader(
            "host.host.load_policy",
            of_file(lambda path: load_policy(path, host=Host([]))),
            files("tests/policy/small.toml", "tests/cohort/votes.toml", "tests/studio/talks.toml"),
        ),
        Loader(
            "programme.case_file.read_case_file",
            of_file(load_case),
            files(
                str(SAMPLES / "samples/2022/records/s09.toml"),
                str(SAMPLES / "samples/2022/marks/s09.toml"),
            ),
        ),
        Loader(
            "programme.batch.read_batch",
            of_folder,
            files(str(SAMPLES / "samples/2022/batch.toml"))[:1],
        ),
        Loader(
            "cohort.ballot_files.read_ballots",
            of_file(read_ballots),
            (
                as_json(
                    {
                        "schema": "studioflow.ballots/1",
                        "ballot": "talk",
                        "studios": ["s1", "s2"],
                        "ballots": [{"by": "v-1", "role": "r", "votes": {"s1": 8, "s2": "good"}}],
                    }
                ),
            ),
        ),
        Loader(
            "studio.application.read_application",
            of_plain(read_application),
            (as_json(APPLICATION),),
        ),
        Loader(
            "studio.application.read_person", of_plain(read_person), (as_json(APPLICATION["lead"]),)
        ),
        Loader(
            "policy.records.RecordKind.load",
            of_plain(load_record),
            (as_json({"person": {"id": "t-1", "name": "成员乙"}, "joined": "2023-05-04"}),),
        ),
        Loader(
            "people.Actor.parse",
            lambda data: Actor.parse(text(data)),
            (b"p-07:bureau_committee@bureau", "p-07: a,甲 @ b".encode()),
        ),
        Loader(
            "cases.documents.read_cases",
            of_file(lambda path: run_cases(reference(), read_cases(path)), "f.cases"),
            (*files("examples/activities.cases.toml"), ACTED.encode()),
        ),
        Loader(
            "documents.forms.form.form_from",
            of_plain(lambda tables: check_form(form_from(tables), reference())),
            tuple(as_json(tomllib.loads(path.read_text("utf-8"))) for path in FORMS),
        ),
        Loader(
            "documents.forms.taking.read_filled",
            of_office(lambda path: read_filled(path, roster(), policy())),
            office_seeds(),
        ),
        Loader(
            "documents.tables.reading.read_records",
            of_table(lambda path: read_records(path, policy(), "member")),
            (b"\xe5\xa7\x93\xe5\x90\x8d,joined\nA (t-1),2023-03-20\n", b"person;joined\n"),
        ),
        Loader(
            "documents.tables.reading.read_facts",
            of_table(lambda path: read_facts_table(path, policy())),
            (b"studio,late_reports\ns-1,2\n", b"studio\tlate_reports\n"),
        ),
        Loader(
            "documents.tables.reading.read_people",
            of_table(read_people),
            (b"name,id\nA,t-1\n",),
        ),
        Loader(
            "lab.sweeping.grid.read_grid",
            of_file(read_grid, "f.grid.toml"),
            files("examples/activities.grid.toml"),
        ),
        Loader(
            "lab.claims.language.read_claim",
            lambda data: read_claim(text(data), reference()),
            (
                b"eligible and total >= 90 implies not (activities < 16 or gates/5.0.2)",
                "criteria/5.2.2 ≥ 2 * members - 0.5 and funds_papers != late".encode(),
            ),
        ),
        Loader(
            "policy.variation.parse_setting",
            lambda data: parse_setting(text(data)),
            (b"criteria/5.2.2/norm=12", b"a/b=[1, {c = 2023-01-01}]", b"a=07:30:00", b"a=b c"),
        ),
        Loader(
            "policy.variation.parse_settings",
            apply_setting,
            (b"facts/visits/max=60", b"readings/strictness/value=mild\nversion='2'"),
        ),
        Loader("rubric.sheet_document.read_sheet", of_plain(read_sheet), sheets()),
        Loader(
            "studio.event_document.EventCodec.decode",
            of_plain(decode_event),
            events(),
        ),
        Loader("register.anchor.read_anchor", of_plain(read_anchor), (as_json(stored.anchor()),)),
        Loader(
            "register.transfer.import_lines",
            stored.imported,
            (stored.exported(), stored.ANEW + stored.exported()),
        ),
        Loader("register.exported_lines.read_line", stored.line, tuple(stored.lines())),
        Loader("register.sql.SqlRegister.changes", stored.changes, (b"", b"1", b"2.3")),
        Loader("register.bodies.read_event", stored.event_body, stored.bodies("event"), (Damaged,)),
        Loader(
            "register.bodies.read_opening",
            stored.opening_body,
            stored.bodies("opening"),
            (Damaged,),
        ),
        Loader(
            "register.bodies.read_amendment",
            stored.amendment_body,
            stored.bodies("amendment"),
            (Damaged,),
        ),
        Loader("register.bodies.read_erasure", stored.erasure_body, stored.erasures(), (Damaged,)),
        Loader("register.reading.Reading.events", stored.rows, stored.rows_seeds(), (Damaged,)),
        Loader("register.backup.restore", stored.restored, (stored.file(),), stored.HOME_ERRORS),
        Loader("register.connect.connect", stored.opened, (stored.file(),), stored.HOME_ERRORS),
    )
}
"""By name."""
