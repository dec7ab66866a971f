"""An SVG picture inside a page: nothing in it acts or reaches out, and its ids are its own."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from studioflow.codec import wrong
from studioflow.text import message

__all__ = ["inline_svg"]

PICTURE_ACTS = message(
    "picture_acts",
    zh="不含脚本、事件和外部链接的 SVG 图",
    en="an SVG picture without scripts, events and links to elsewhere",
)

_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*>|<\?xml[^>]*\?>", re.IGNORECASE)
_USED = re.compile(r"url\(#([^)]+)\)")
_ACTING = frozenset({"script", "foreignObject", "iframe", "object", "embed", "image"})
_DROPPED = frozenset({"metadata"})


def inline_svg(svg: str, alt: str, name: str) -> ET.Element:
    """Return a picture as an element of a page.

    Args:
        svg: the picture.
        alt: what it shows, for who does not see it.
        name: what its ids begin with, so that those of two pictures do not clash.

    Raises:
        InputError: for one with scripts, events or links to elsewhere.
    """
    text = _DOCTYPE.sub("", svg)
    if "<!ENTITY" in text or "<!DOCTYPE" in text:
        raise wrong(PICTURE_ACTS, "<!DOCTYPE")
    try:
        root = ET.fromstring(text)  # noqa: S314 - declarations were refused
    except ET.ParseError as error:
        raise wrong(PICTURE_ACTS, str(error)) from error
    _clean(root, name)
    for title in [child for child in root if child.tag == "title"]:
        root.remove(title)
    root.set("role", "img")
    root.set("aria-label", alt)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    return root


def _clean(element: ET.Element, name: str) -> None:
    """Take namespaces away, which a page does not have, and refuse what acts."""
    element.tag = element.tag.rpartition("}")[2]
    if element.tag in _ACTING:
        raise wrong(PICTURE_ACTS, element.tag)
    for key, value in list(element.attrib.items()):
        plain = key.rpartition("}")[2]
        del element.attrib[key]
        element.set(plain, _own(plain, value, name))
    if element.tag == "style" and element.text:
        element.text = re.sub(r"url\((?!#)|@import|expression\(", "none(", element.text)
    for child in list(element):
        if child.tag.rpartition("}")[2] in _DROPPED:
            element.remove(child)
        else:
            _clean(child, name)


def _own(key: str, value: str, name: str) -> str:
    """Return the value of an attribute, with ids of its own.

    Raises:
        InputError: for an event, and for a link to elsewhere.
    """
    if key.lower().startswith("on") or (key == "href" and not value.startswith("#")):
        raise wrong(PICTURE_ACTS, f"{key}={value}")
    if key == "href":
        return f"#{name}-{value[1:]}"
    return f"{name}-{value}" if key == "id" else _USED.sub(rf"url(#{name}-\1)", value)
