"""Elements of a Word document, and text in them."""

from __future__ import annotations

from typing import Any

__all__ = ["element", "run_elements"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def element(name: str, /, *inside: Any, **attributes: str) -> Any:  # noqa: ANN401 - lxml brings no types
    """Return an element of WordprocessingML; text is never read as markup by it."""
    from docx.oxml.parser import OxmlElement

    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(f"{{{_W}}}{key}", value)
    made.extend(inside)
    return made


def run_elements(text: str, *, bold: bool = False, size: int | None = None) -> list[Any]:
    """Return the runs that say a text, with its lines broken where it breaks them.

    Args:
        text: with line feeds.
        bold: whether it is.
        size: in half points, where it is not that of the paragraph.
    """
    if not text:
        return []
    run = element("r")
    about = [element("b")] if bold else []
    if size is not None:
        about += [element("sz", val=str(size)), element("szCs", val=str(size))]
    if about:
        run.append(element("rPr", *about))
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(element("br"))
        said = element("t")
        said.text = line
        said.set(_SPACE, "preserve")
        run.append(said)
    return [run]
