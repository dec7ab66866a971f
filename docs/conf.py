"""Sphinx's settings; the build runs with -W, so that a warning is an error."""

import sys
from importlib.metadata import version as installed_version
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "_ext"))

project = "studioflow"
author = "studioflow contributors"
copyright = "2026, studioflow contributors"
version = release = installed_version("studioflow")

# No intersphinx: the build must work without a network.
extensions = ["document_picture", "lifecycle_picture", "myst_parser", "shape"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = "studioflow"
