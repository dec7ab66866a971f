"""Programmes to make documents of: the sample batches, larger ones, and one with nobody in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache

from studioflow import Programme
from studioflow.documents.paper import Cell, Paper, Table
from studioflow.documents.paper import texts as block_texts
from studioflow.host import Host
from studioflow.programme import BatchReport, read_batch, run_batch

LAST_DAY = datetime(2026, 1, 15, 12, tzinfo=UTC)
CHINESE = re.compile(r"[\u3400-\u9fff]+")
SAMPLES = ("yongjia-2023-sample", "teacher-points-sample")


@cache
def host() -> Host:
    """Return what the installed plugins brought."""
    return Host.discover()


@cache
def report(sample: str) -> BatchReport:
    """Return what became of a sample batch."""
    batch = read_batch(host().sample_batch(sample).folder)
    return run_batch(host().policy(batch.policy), batch, host=host().working())


def programme(sample: str = SAMPLES[0]) -> Programme:
    """Return the programme of a sample batch, after its last day."""
    done = report(sample)
    return Programme.open(
        done.policy, register=done.register, host=host().working(), clock=lambda: LAST_DAY
    )


def nobody() -> Programme:
    """Return a programme in which nobody declared."""
    return Programme.open("yongjia-2023", host=host().working(), clock=lambda: LAST_DAY)


def texts(paper: Paper) -> Iterator[str]:
    """Yield everything that a paper says."""
    yield paper.title
    yield paper.footer
    for block in paper.blocks:
        yield from block_texts(block)


def tables(paper: Paper) -> list[tuple[tuple[Cell, ...], ...]]:
    """Return the rows of each table."""
    return [block.rows for block in paper.blocks if isinstance(block, Table)]


def names(done: BatchReport) -> set[str]:
    """Return the names of all people whom a batch knows."""
    found = set()
    for studio in done.studios.values():
        if studio.application is not None:
            found |= {studio.application.lead.name, *(m.name for m in studio.application.members)}
        for record in studio.records.values():
            for value in record.document().values():
                for each in value if isinstance(value, list) else [value]:
                    if isinstance(each, dict) and each.get("name"):
                        found.add(str(each["name"]))
    return found - {""}


def in_data(done: BatchReport) -> str:
    """Return every text that comes from studios and not from the library or the policy."""
    said = [str(studio.history) for studio in done.studios.values()]
    said += [str(r.document()) for s in done.studios.values() for r in s.records.values()]
    said += [f"{s.name} {s.unit}" for s in done.studios.values()]
    return "\n".join(said)
