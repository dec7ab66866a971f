"""The lifecycle as a picture in a report, or the sentence that says what is missing for it."""

from __future__ import annotations

from studioflow.documents.paper import Block, Paragraph, Picture
from studioflow.errors import MissingExtraError, MissingProgramError
from studioflow.lifecycle import svg
from studioflow.policy import Policy
from studioflow.text import Language, Text, render

__all__ = ["lifecycle_picture"]

_SHOWS = Text(
    "流程图：{states}；下表说明各状态的工作室数",
    "The lifecycle: {states}; the table below says how many studios are in each state",
)


def lifecycle_picture(policy: Policy, language: Language) -> Block:
    """Return the picture, or a sentence with the command to run where nothing can draw it."""
    try:
        drawn = svg(policy, language)
    except (MissingExtraError, MissingProgramError) as error:
        return Paragraph(error.explain(language), style="note")
    states = tuple(state.label for state in policy.procedure.states.values())
    return Picture(svg=drawn, alt=render(_SHOWS, {"states": states}, language))
