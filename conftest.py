"""The examples in documents and docstrings run as tests."""

from doctest import ELLIPSIS

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser

# Which folders are looked into is said once, by `testpaths` in pyproject.toml.
documents = Sybil([PythonCodeBlockParser(doctest_optionflags=ELLIPSIS)], pattern="*.md")
docstrings = Sybil([DocTestParser(optionflags=ELLIPSIS)], pattern="*.py")

pytest_collect_file = (documents + docstrings).pytest()
