"""Word and Excel files are packed: what is in one is looked at before any of it is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from zlib import error as ZlibError  # noqa: N812 - it is an exception

from studioflow.codec import wrong
from studioflow.errors import InputError
from studioflow.text import Text, message

__all__ = ["MAX_BYTES", "checked_package", "read_package"]

MAX_BYTES = 16 << 20
"""A file of an office is smaller; so much of one may come from anybody."""
MAX_UNPACKED = 64 << 20
MAX_ENTRIES = 2_000
MAX_RATIO = 200
_SMALL = 1 << 20
"""Below that a part may be packed as tightly as it is."""

NO_PACKAGE = message(
    "office_no_package",
    zh=".docx 或 .xlsx 文件",
    en="a .docx or .xlsx file",
)
PACKAGE_TOO_LARGE = message(
    "office_too_large",
    zh="解压后不超过 {limit} MiB、{entries} 个部分的文件",
    en="a file of at most {limit} MiB and {entries} parts once it is unpacked",
)
PACKAGE_UNSAFE = message(
    "office_unsafe",
    zh="不含宏、实体声明和加密部分的文件",
    en="a file without macros, entity declarations and encrypted parts",
)

_SAVE_AS = Text("另存为 .docx 或 .xlsx", "save it as .docx or .xlsx")
_MACRO = re.compile(r"vbaProject|\.bin$", re.IGNORECASE)
_ALLOWED_BINARY = re.compile(r"printerSettings\d*\.bin$", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


def read_package(path: Path) -> bytes:
    """Return the bytes of a Word or Excel file whose parts may be unpacked.

    Raises:
        InputError: as `checked_package` does, and for a file that can not be read.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise wrong(NO_PACKAGE, f"{path.name}: {error.strerror}") from error
    checked_package(data)
    return data


def checked_package(data: bytes) -> None:
    """Check that a packed file is one, and that unpacking it costs no more than it says.

    Raises:
        InputError: for anything else, before any part is unpacked as a whole.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(f"> {MAX_BYTES >> 20} MiB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED:
                raise _too_large(f"{len(entries)} parts, {unpacked >> 20} MiB")
            for entry in entries:
                _check_entry(package, entry)
    except InputError:  # which is a ValueError, too
        raise
    except (zipfile.BadZipFile, EOFError, ZlibError, NotImplementedError, ValueError) as error:
        raise wrong(NO_PACKAGE, type(error).__name__, hint=_SAVE_AS) from error


def _too_large(got: str) -> InputError:
    return wrong(PACKAGE_TOO_LARGE, got, limit=MAX_UNPACKED >> 20, entries=MAX_ENTRIES)


def _check_entry(package: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Check one part: packed no tighter than text ever is, and with nothing in it that acts."""
    tight = entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
    if tight and entry.file_size > _SMALL:
        raise _too_large(entry.filename)
    macro = _MACRO.search(entry.filename) and not _ALLOWED_BINARY.search(entry.filename)
    if macro or entry.flag_bits & 0x1:
        raise wrong(PACKAGE_UNSAFE, entry.filename, hint=_SAVE_AS)
    with package.open(entry) as part:  # never more than it declares: zipfile checks that
        if entry.filename.endswith((".xml", ".rels")) and _DECLARATION.search(part.read(4096)):
            raise wrong(PACKAGE_UNSAFE, entry.filename)
