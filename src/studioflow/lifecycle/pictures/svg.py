"""The lifecycle as an SVG picture, drawn by Graphviz."""

from __future__ import annotations

import html
import re

from studioflow.errors import MissingExtraError, MissingProgramError
from studioflow.lifecycle.pictures.dot import dot
from studioflow.policy import Policy
from studioflow.studio import Studio
from studioflow.text import Language, visible

__all__ = ["svg"]

_NAME = re.compile(r"<title>[^<]*</title>\n?")


def svg(policy: Policy, language: Language = "en", studio: Studio | None = None) -> str:
    """Return the lifecycle of a policy as an SVG document.

    Args:
        policy: whose lifecycle it is; what is switched off is not drawn.
        language: of the labels.
        studio: whose path is drawn into it, with the days; none when left out.

    Raises:
        MissingExtraError: where the extra `pictures` is not installed.
        MissingProgramError: where Graphviz is not installed on this machine.
    """
    try:
        import graphviz
    except ImportError as error:
        raise MissingExtraError("pictures") from error
    text = dot(policy, language, studio)
    try:
        drawn = graphviz.pipe_string("dot", "svg", input_string=text, encoding="utf-8", quiet=True)
    except graphviz.ExecutableNotFound as error:
        raise MissingProgramError("dot", "graphviz") from error
    # Graphviz names each part by its id, which browsers would show as if it said something.
    title = html.escape(visible(policy.label.get(language)))
    first, rest = _NAME.split(str(drawn), maxsplit=1)
    return f"{first}<title>{title}</title>\n{_NAME.sub('', rest)}"
