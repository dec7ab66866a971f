"""Pictures of a lifecycle: Mermaid text, Graphviz text, and SVG, each also of a studio's path."""

from studioflow.lifecycle.pictures.dot import dot
from studioflow.lifecycle.pictures.mermaid import mermaid
from studioflow.lifecycle.pictures.svg import svg

__all__ = ["dot", "mermaid", "svg"]
