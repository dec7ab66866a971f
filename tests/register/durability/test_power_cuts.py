"""The power may be cut at any moment: what was acknowledged is there, whatever the disk kept."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from studioflow.errors import StudioflowError
from studioflow.register import SqliteRegister, verify
from studioflow.register.sql import SqlRegister
from tests.register.durability.power import Disk, PoweredDatabase
from tests.register.durability.writing import append_next

EVENTS = 40


def written(folder: Path, synchronous: str = "FULL") -> Disk:
    """Return a disk on which a register was made and events were appended."""
    disk = Disk()
    folder.mkdir()
    database = PoweredDatabase(folder / "register.db", disk, synchronous)
    register = SqlRegister(database)
    for number in range(EVENTS):
        append_next(register, number)
        disk.acknowledge(number)
    database.close()
    return disk


def lost(disk: Disk, cut: int, folder: Path, chance: random.Random) -> str | None:
    """Return what is lost after a cut, or None."""
    folder.mkdir()
    for name, data in disk.image(cut, chance).items():
        (folder / name).write_bytes(data)
    told = disk.told_before(cut)
    path = folder / "register.db"
    if not path.exists() and told:
        return "the file"
    register = SqliteRegister(path)
    try:
        checked = verify(register)
        kept = checked.events
        if not checked:
            return checked.explain()
        if not told <= kept <= told + 1:
            return f"{told} were acknowledged, {kept} are there"
        append_next(register, kept)
    finally:
        register.close()
    return None


def sweep(tmp_path: Path, disk: Disk, images: int, seed: int) -> list[str]:
    """Return what was lost after cuts, spread over all places at which it matters."""
    chance, cuts = random.Random(seed), disk.cuts()  # noqa: S311 - no secret
    found = []
    for number in range(images):
        cut = cuts[number * len(cuts) // images]
        try:
            missing = lost(disk, cut, tmp_path / f"{number}", chance)
        except StudioflowError as error:
            missing = str(error)
        if missing is not None:
            found.append(f"{cut}: {missing}")
    return found


def test_fault_4_power_cuts(tmp_path: Path) -> None:
    """After cuts at sixty places nothing acknowledged is lost, and the register goes on."""
    disk = written(tmp_path / "disk")

    assert disk.told_before(len(disk.ops)) == EVENTS
    assert [] == sweep(tmp_path, disk, 60, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4])
def test_fault_4_hundreds_of_power_cuts(tmp_path: Path, seed: int) -> None:
    """So it is after cuts at every sync and every acknowledgement."""
    disk = written(tmp_path / "disk")

    assert [] == sweep(tmp_path, disk, 2 * len(disk.cuts()), seed=seed)


def test_what_the_setting_is_for(tmp_path: Path) -> None:
    """Without a sync at each commit the same cuts do lose what was acknowledged."""
    disk = written(tmp_path / "disk", "OFF")

    assert sweep(tmp_path, disk, 60, seed=1)
