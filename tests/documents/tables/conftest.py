"""Tables as offices send them, made here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from studioflow.host import load_policy
from studioflow.policy import Policy

Change = Callable[[Worksheet], None]
Book = Callable[..., Path]
File = Callable[[bytes | str], Path]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The reference policy."""
    return load_policy("yongjia-2023")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Write an Excel file with rows on its first sheet, and change that."""

    def made(
        rows: Sequence[Sequence[object]], change: Change | None = None, title: str = "Sheet1"
    ) -> Path:
        workbook = openpyxl.Workbook()
        sheet = workbook.worksheets[0]
        sheet.title = title
        for row in rows:
            sheet.append(list(row))
        if change is not None:
            change(sheet)
        path = tmp_path / "table.xlsx"
        workbook.save(path)
        return path

    return made


@pytest.fixture
def csv_file(tmp_path: Path) -> File:
    """Write a CSV file."""

    def made(content: bytes | str) -> Path:
        path = tmp_path / "table.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return made
