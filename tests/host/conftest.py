"""Plugins to test the host with: tables of tiny documents, and installed distributions."""

import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from studioflow.host import DISABLE_VARIABLE


def _label(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


@pytest.fixture
def rubric() -> Callable[..., dict[str, Any]]:
    """Tables of a rubric with one criterion, which gives the same points to everyone."""

    def make(name: str = "other-rubric", points: int = 5) -> dict[str, Any]:
        return {
            "schema": "studioflow.rubric/1",
            "id": name,
            "version": "1",
            "label": _label(name),
            "sections": {"1": {"label": _label("section")}},
            "criteria": {
                "1.1": {
                    "section": "1",
                    "label": _label("criterion"),
                    "max": 20,
                    "kind": "points",
                    "points": points,
                }
            },
        }

    return make


@pytest.fixture
def site_check() -> Callable[..., dict[str, Any]]:
    """Tables of a site check with one item."""

    def make(name: str = "other-site", item: str = "desk") -> dict[str, Any]:
        return {
            "schema": "studioflow.site-check/1",
            "id": name,
            "version": "1",
            "label": _label(name),
            "site_check": {"items": {item: {"label": _label(item)}}},
        }

    return make


@pytest.fixture
def case_file() -> Callable[..., dict[str, Any]]:
    """Tables of a case file with one kind of record, which any role may record."""

    def make(name: str = "other-file", role: str = "lead") -> dict[str, Any]:
        fields = {"on": {"type": "date", "label": _label("on"), "required": True}}
        talk = {"label": _label("talk"), "from": [role], "fields": fields}
        return {
            "schema": "studioflow.case-file/1",
            "id": name,
            "version": "1",
            "label": _label(name),
            "records": {"talk": talk},
        }

    return make


@pytest.fixture
def policy() -> Callable[..., dict[str, Any]]:
    """Tables of a policy without a procedure, made of two parts."""

    def make(name: str = "other", **parts: str) -> dict[str, Any]:
        header = {"schema": "studioflow.policy/1", "id": name, "version": "1"}
        return {**header, "label": _label(name), **parts}

    return make


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Install a distribution with one plugin, as an installer would leave it on the path."""
    monkeypatch.delenv(DISABLE_VARIABLE, raising=False)

    def make(
        distribution: str,
        source: str,
        *,
        plugin: str = "other",
        version: str = "1.2",
        entry_points: str | None = None,
    ) -> Path:
        site = tmp_path / f"{distribution}-{version}"
        module = distribution.replace("-", "_")
        info = site / f"{module}-{version}.dist-info"
        info.mkdir(parents=True)
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n"
        (info / "METADATA").write_text(metadata, "utf-8")
        listed = f"[studioflow]\n{plugin} = {module}\n" if entry_points is None else entry_points
        (info / "entry_points.txt").write_text(listed, "utf-8")
        (site / f"{module}.py").write_text(dedent(source), "utf-8")
        monkeypatch.syspath_prepend(site)
        # What is imported now is forgotten when the test is over.
        monkeypatch.setitem(sys.modules, module, None)
        monkeypatch.delitem(sys.modules, module)
        return site

    return make
