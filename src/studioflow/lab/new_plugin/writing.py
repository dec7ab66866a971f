"""Writing the files of a new plugin: all of them, or none."""

from __future__ import annotations

import re
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from attrs import frozen

from studioflow.codec import Collector, wrong
from studioflow.text import message

__all__ = ["NewPlugin", "new_plugin"]

PLUGIN_NAME = message(
    "new_plugin_name",
    zh="插件名称：小写字母开头，其后是小写字母、数字或单个连字符，不超过 {most} 个字符，"
    "不带 studioflow-",
    en="the name of a plugin: a small letter, then small letters, digits or single hyphens, "
    "{most} characters at the most, without studioflow- in front",
)
FOLDER_EXISTS = message(
    "new_plugin_exists", zh="尚不存在的文件夹", en="a folder that does not exist yet"
)
NO_FOLDER = message(
    "new_plugin_no_folder",
    zh="已有的、可写入的文件夹",
    en="a folder that is there and can be written",
)

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_MOST = 40

# Where each template goes. They are named otherwise here, so that no tool takes them for its own.
_FILES = {
    "ci.yml": ".github/workflows/ci.yml",
    "gitignore": ".gitignore",
    "readme.txt": "README.md",
    "pyproject.txt": "pyproject.toml",
    "plugin.txt": "src/studioflow_@module@/__init__.py",
    "policy.txt": "src/studioflow_@module@/policy.toml",
    "typed.txt": "src/studioflow_@module@/py.typed",
    "cases.txt": "tests/@name@.cases.toml",
    "sample.txt": "tests/sample.toml",
    "conformance.txt": "tests/test_conformance.py",
}


@frozen
class NewPlugin:
    """What was written.

    Attributes:
        name: of the plugin, and the id of its policy.
        folder: of the distribution.
        files: in the folder, as paths with `/`, sorted.
    """

    name: str
    folder: Path
    files: tuple[str, ...]


def new_plugin(name: str, where: Path) -> NewPlugin:
    """Write a new plugin, in a folder of its own, `studioflow-NAME`.

    Its policy is small and whole, and its tests pass as they are. Nothing that is there already is
    touched.

    Args:
        name: of the county or the programme; also the id of the policy.
        where: a folder that there is.

    Raises:
        InputError: for another name, where the folder is there already, and where it can not be
            written.
    """
    collector = Collector()
    with collector.under("name"):
        if len(name) > _MOST or not _NAME.fullmatch(name) or name.startswith("studioflow"):
            raise wrong(PLUGIN_NAME, name, most=_MOST)
    folder = where / f"studioflow-{name}"
    with collector.under("dir"):
        if not where.is_dir():
            raise wrong(NO_FOLDER, str(where))
        if folder.exists() or folder.is_symlink():
            raise wrong(FOLDER_EXISTS, str(folder))
    collector.finish()
    with collector.under("dir"):
        try:
            written = _written(name, folder)
        except OSError as error:
            raise wrong(NO_FOLDER, f"{folder}: {error.strerror}") from error
    collector.finish()
    return NewPlugin(name, folder, written)


def _written(name: str, folder: Path) -> tuple[str, ...]:
    """Write all files beside the folder, and put them in its place at once."""
    beside = Path(tempfile.mkdtemp(prefix=".new-plugin-", dir=folder.parent))
    try:
        made = beside / folder.name
        template = files(__package__) / "template"
        for source, target in _FILES.items():
            path = made / _filled(target, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            text = _filled((template / source).read_text("utf-8"), name)
            path.write_bytes(text.encode())
        # Fails where somebody has made the folder in the meantime and put something in it.
        made.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return tuple(sorted(_filled(target, name) for target in _FILES.values()))


def _filled(text: str, name: str) -> str:
    return text.replace("@module@", name.replace("-", "_")).replace("@name@", name)
