"""Programs that look at documents for real: they skip where one is missing, and fail in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from studioflow.documents.paper.fonts import installed

Open = Callable[[Path], Path]


def _missing(why: str) -> None:
    if "CI" in os.environ:
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def chinese_font() -> None:
    """Skip without a Chinese font, but fail for it in CI."""
    if not any("CJK" in family for family in installed().families()):
        _missing("PDFs in Chinese need a font, on Debian: apt-get install fonts-noto-cjk")


@pytest.fixture(scope="session")
def graphviz() -> None:
    """Skip without Graphviz, but fail for it in CI."""
    if shutil.which("dot") is None:
        _missing("pictures need Graphviz, on Debian: apt-get install graphviz")


@pytest.fixture(scope="session")
def open_in_office(tmp_path_factory: pytest.TempPathFactory) -> Open:
    """Open a Word or Excel file in LibreOffice, and return the PDF that it prints of it."""
    program = shutil.which("soffice")
    if program is None:
        _missing(
            "opening Word and Excel files needs LibreOffice, on Debian:"
            " apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"
        )
    profile = tmp_path_factory.mktemp("profile")

    def opened(path: Path) -> Path:
        out = tmp_path_factory.mktemp("printed")
        subprocess.run(  # noqa: S603 - of our own choosing
            [
                str(program),
                f"-env:UserInstallation=file://{profile}",
                "--headless",
                "--convert-to",
                "pdf",
                "--outdir",
                str(out),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
        return out / f"{path.stem}.pdf"

    return opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Return a headless Chromium."""
    program = shutil.which("chromium")
    if program is None:
        _missing("looking at pages needs Chromium, on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        # As root it has no sandbox, and a container's shared memory is too small for a report.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        found = playwright.chromium.launch(executable_path=program, args=arguments)
        yield found
        found.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """Return axe-core, which comes from npm; STUDIOFLOW_AXE says where its folder is."""
    folder = os.environ.get("STUDIOFLOW_AXE")
    script = Path(folder or "node_modules/axe-core", "axe.min.js")
    if not script.is_file():
        _missing("checking accessibility needs axe-core: npm install axe-core, in this folder")
    return script.read_text(encoding="utf-8")


@pytest.fixture
def violations(axe: str) -> Callable[[Page], list[str]]:
    """Return what axe-core finds that is serious or worse."""

    def found(page: Page) -> list[str]:
        page.evaluate(axe)  # not as a script of the page, which its policy forbids
        result = page.evaluate("axe.run()")
        return [
            f"{each['id']}: {each['nodes'][0]['html'][:120]}"
            for each in result["violations"]
            if each["impact"] in {"serious", "critical"}
        ]

    return found
