"""The examples in documents and docstrings run as tests."""

from doctest import ELLIPSIS

from sybil import Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection


def remember(example: Example) -> None:
    """Let what follows on the page name the TOML text above it."""
    example.namespace["example"] = str(example.parsed)


# The reference of the kinds shows each rule as TOML and tries it in Python below, and so do two
# other pages; elsewhere a TOML fence belongs to a larger file.
KINDS = ("docs/kinds/*.md", "docs/kinds/*/*.md", "docs/extend-lifecycle.md", "docs/cases.md")
# Which folders are looked into is said once, by `testpaths` in pyproject.toml.
documents = Sybil(
    [PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)], pattern="*.md", excludes=KINDS
)
kinds = Sybil(
    [CodeBlockParser("toml", remember), PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)],
    patterns=KINDS,
)
docstrings = Sybil([DocTestParser(optionflags=ELLIPSIS)], pattern="*.py")

pytest_collect_file = SybilCollection([documents, kinds, docstrings]).pytest()
