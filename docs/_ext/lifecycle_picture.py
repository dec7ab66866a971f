"""The directive `lifecycle`: the picture of a policy's lifecycle, drawn while the pages are built.

    ```{lifecycle} teacher-points
    :alt: The states of a studio, from declared to commended.
    :lang: zh
    :studio: s12
    ```

The argument is an installed policy; `studio` is one of its sample batch, whose path is drawn.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from studioflow import Host, Policy, Studio
from studioflow.lifecycle import svg
from studioflow.programme import BatchReport, read_batch, run_batch
from studioflow.text import LANGUAGES


class LifecyclePicture(SphinxDirective):
    """Draws a lifecycle."""

    required_arguments = 1
    option_spec: ClassVar[Mapping[str, Any]] = {
        "alt": directives.unchanged_required,
        "lang": lambda given: directives.choice(given, LANGUAGES),
        "studio": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the picture."""
        if "alt" not in self.options:
            raise self.error("a picture says in words what it shows: give it an :alt:")
        policy: Policy = _host().policy(self.arguments[0])
        studio: Studio | None = None
        if "studio" in self.options:
            studio = _sample(policy.id).studios[self.options["studio"]]
        picture = svg(policy, self.options.get("lang", "en"), studio)
        uri = "data:image/svg+xml;base64," + base64.b64encode(picture.encode()).decode()
        return [nodes.image(uri=uri, alt=self.options["alt"])]


@cache
def _host() -> Host:
    return Host.discover()


@cache
def _sample(policy: str) -> BatchReport:
    """Return what became of the sample batch for a policy."""
    for sample in _host().sample_batches.values():
        batch = read_batch(sample.folder)
        if batch.policy == policy:
            return run_batch(_host().policy(policy), batch, host=_host().working())
    raise LookupError(f"no plugin brings a sample batch for {policy}")


def setup(app: Sphinx) -> dict[str, Any]:
    """Tell Sphinx of the directive."""
    logging.getLogger("transitions").setLevel(logging.WARNING)  # Sphinx would show every step
    app.add_directive("lifecycle", LifecyclePicture)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
