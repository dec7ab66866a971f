"""A new county's plugin: a distribution that is in order as it is written, to be filled in.

>>> import tempfile
>>> from pathlib import Path
>>> made = new_plugin("shore", Path(tempfile.mkdtemp()))
>>> made.folder.name, made.files[0]
('studioflow-shore', '.github/workflows/ci.yml')
"""

from studioflow.lab.new_plugin.writing import NewPlugin, new_plugin

__all__ = ["NewPlugin", "new_plugin"]
