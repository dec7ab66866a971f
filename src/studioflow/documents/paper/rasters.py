"""Pictures for formats that hold no SVG."""

from __future__ import annotations

from studioflow.errors import MissingExtraError

__all__ = ["svg_to_png"]

_ONE_PICTURE = b"""#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), width: float(sys.inputs.width) * 1mm)
"""


def svg_to_png(svg: str, width: float, pixels_per_inch: float = 200) -> bytes:
    """Return a picture as PNG.

    Args:
        svg: the picture.
        width: in millimetres.
        pixels_per_inch: how fine it is.

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtraError("documents") from error
    made = typst.compile(
        _ONE_PICTURE,
        format="png",
        ppi=pixels_per_inch,
        sys_inputs={"svg": svg, "width": str(width)},
    )
    return bytes(made)
