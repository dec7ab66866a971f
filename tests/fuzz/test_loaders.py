"""Whatever the bytes are, every loader takes them or refuses them as it says, and soon."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import atheris_driver
from tests.fuzz.loaders import LOADERS, ROOT, Loader
from tests.fuzz.mutating import HOSTILE, mutated

SOURCE = ROOT / "src/studioflow"
READS = re.compile(r"(?:read|load|parse|import|decode|restore|from)(?:_(?!only$)\w+)?|connect")
REACHED = {
    "cohort.columns.read_cohort": "tests/cohort/columns: engines have processes of their own",
    "cohort.columns.reading.read": "tests/cohort/columns",
    "cli.forms.read": "read_filled",
    "cli.importing.import_table": "read_records, read_facts",
    "cli.parts.Command.parse_args": "click's own; tests/cli/test_hostile.py",
    "cli.problems.from_click": "what click says; it reads no document",
    "cli.programmes.restore": "restore",
    "codec.class_documents.ClassDocuments.read": "read_sheet, EventCodec.decode",
    "codec.documents.read": "every loader of a file",
    "documents.forms.form.read_form": "form_from",
    "documents.forms.places.Place.read": "read_filled",
    "documents.forms.wording.read_wording": "form_from",
    "documents.paper.packed.read_package": "read_filled",
    "documents.paper.reading.read_rows": "read_filled",
    "documents.paper.sheets.read_sheets": "tests/documents/paper/test_packed.py",
    "documents.tables.delimited.read_delimited": "read_records, read_facts",
    "documents.tables.rows.read_rows": "read_records, read_facts",
    "documents.tables.workbook.read_workbook": "tests/documents/tables/test_hostile.py",
    "lab.claims.language.read_claims": "read_claim",
    "policy.document.Document.read": "load_policy",
    "policy.one_rule.OneRule.read": "load_policy",
    "policy.record_fields.RecordField.read": "RecordKind.load",
    "policy.privacy.read_private": "read_case_file, read_batch",
    "studio.studio.Studio.from_events": "it takes events, no document",
    "testing.registers.reached.Reached.connect": "connect",
    "testing.registers.wholes.read": "a test for registers",
    "programme.case_file.read_unchecked": "read_case_file",
    "programme.batch_tables.read_tables": "read_batch",
    "register.sql.SqlRegister.load": "import_lines, restore",
    "register.port.Register.load": "import_lines, restore",
    "register.whole.load_lines": "import_lines, restore",
    "register.upkeep.read_meta": "connect",
    "register.place.Place.parse": "Register.changes",
}
"""What reads, too, and by which of the list it is reached, or where it is tested."""

LIMIT_SECONDS = 5.0
fuzz = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
every = pytest.mark.parametrize("loader", LOADERS.values(), ids=LOADERS)


def declared(path: Path) -> set[str]:
    """Return the public functions of a module that read something, by their names."""
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    found = set[str]()

    def look(nodes: list[ast.stmt], within: str) -> None:
        for node in nodes:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                look(node.body, f"{within}.{node.name}")
            elif isinstance(node, ast.FunctionDef) and READS.fullmatch(node.name):
                found.add(f"{within}.{node.name}")

    look(ast.parse(path.read_text()).body, module)
    return found


def check(loader: Loader, data: bytes) -> None:
    """Hold a loader to what it declares, and to its time."""
    started = time.perf_counter()
    loader.check(data)
    assert time.perf_counter() - started < LIMIT_SECONDS


def test_every_loader_is_listed() -> None:
    """Whatever public function reads is on the list, or reached by one that is."""
    found = set[str]().union(*(declared(path) for path in SOURCE.rglob("*.py")))
    listed = {name.partition(" ")[0] for name in LOADERS} | set(REACHED)

    assert [] == sorted(found - listed)
    assert [] == sorted(REACHED.keys() - found)


def test_the_driver_has_every_loader() -> None:
    """The targets of the driver are those of the list."""
    assert list(LOADERS) == list(atheris_driver.targets())


@every
def test_seeds_are_taken(loader: Loader) -> None:
    """What fuzzing begins with is valid, or nothing deep would be reached."""
    assert any(loader.check(seed) for seed in loader.seeds)


@every
@settings(fuzz, max_examples=25)
@given(data=st.binary(max_size=60))
def test_fault_21_random_bytes(loader: Loader, data: bytes) -> None:
    """Random bytes bring out only what is declared."""
    check(loader, data)


@every
def test_fault_21_hostile_values(loader: Loader) -> None:
    """Each hostile value by itself, and in a table, brings out only what is declared."""
    for value in HOSTILE:
        for data in (value, f'{{"a": {value}}}', f"a = {value}"):
            check(loader, data.encode("utf-8", "surrogatepass"))


@every
@settings(fuzz, max_examples=30)
@given(seed=st.integers(0, 2**32))
def test_fault_21_mutated_documents(loader: Loader, seed: int) -> None:
    """Valid documents with something wrong in them bring out only what is declared."""
    random = Random(seed)  # noqa: S311 - nobody's secret
    check(loader, mutated(random.choice(loader.seeds), random))


@pytest.mark.slow
@every
@settings(fuzz, max_examples=1500)
@given(seed=st.integers(0, 2**32))
def test_fault_21_mutated_documents_soak(loader: Loader, seed: int) -> None:
    """The same for many more."""
    random = Random(seed)  # noqa: S311 - nobody's secret
    check(loader, mutated(random.choice(loader.seeds), random))


GIANT = """
import resource
limit = 1536 * 1024 * 1024
resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
from tests.fuzz.loaders import LOADERS
giants = (b"[" * 8_000_000, b"{" * 8_000_000, b"9" * 8_000_000, b'{"a":"' + b"b" * 8_000_000)
for name, loader in LOADERS.items():
    for giant in giants:
        loader.check(giant)
"""


@pytest.mark.slow
def test_fault_21_giants() -> None:
    """Giants are refused in bounded memory and time by every loader."""
    subprocess.run([sys.executable, "-c", GIANT], check=True, cwd=ROOT, timeout=300)  # noqa: S603 - ours
