"""Charts as SVG: numbers and ids alone stand in them, so that any font will do."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from studioflow.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["histogram", "strips"]

_RED, _BLUE, _GREY = "#9a1b1e", "#1f5a96", "#8a8378"
_STYLE: Mapping[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "studioflow",
    "font.family": "sans-serif",
    "font.size": 10,
}


def histogram(
    series: Mapping[str, Sequence[Fraction]], *, low: float, high: float, bins: int = 20
) -> str:
    """Return how many studios have how many points, each series with lines of its own pattern.

    Args:
        series: points by a name that is letters and digits.
        low: where the axis begins.
        high: where it ends.
        bins: how many bars there are room for.

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
    """

    def draw(axes: Axes) -> None:
        from matplotlib.ticker import MaxNLocator

        names = list(series)
        axes.hist(
            [[float(each) for each in series[name]] for name in names],
            bins=bins,
            range=(low, max(high, low + 1)),
            label=names,
            color=[_RED, _BLUE][: len(names)],
            edgecolor="white",
        )
        for container, hatch in zip(_containers(axes, len(names)), ("", "//"), strict=False):
            for bar in container:
                bar.set_hatch(hatch)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        if len(names) > 1:
            axes.legend(frameon=False)

    return _drawn(draw, (7.2, 2.6))


def _containers(axes: Axes, count: int) -> list[Any]:
    return [list(container) for container in axes.containers[:count]]


def strips(rows: Mapping[str, tuple[Sequence[Fraction], Fraction | None]]) -> str:
    """Return a line for each item: every studio's share of its maximum, and where the middle is.

    Args:
        rows: by id the points of all studios, and the maximum; without one the best is taken.

    Raises:
        MissingExtraError: where the extra `documents` is not installed.
    """

    def draw(axes: Axes) -> None:
        for place, (points, most) in enumerate(rows.values()):
            whole = float(most or max(points, default=Fraction(1)) or 1)
            shares = sorted(100 * float(each) / whole for each in points)
            axes.plot([0, 100], [place, place], color="#e4e0d8", linewidth=1, zorder=0)
            if shares:
                axes.boxplot(
                    [shares],
                    positions=[place],
                    orientation="horizontal",
                    widths=0.55,
                    showfliers=True,
                    manage_ticks=False,
                    boxprops={"color": _GREY},
                    medianprops={"color": _RED, "linewidth": 2.5},
                    flierprops={"marker": "x", "markersize": 4, "markeredgecolor": _BLUE},
                )
        axes.set_yticks(range(len(rows)), list(rows))
        axes.invert_yaxis()
        axes.set_xlim(-2, 102)
        axes.set_xlabel("%")

    return _drawn(draw, (7.2, 0.7 + 0.32 * max(len(rows), 1)))


def _drawn(draw: Any, size: tuple[float, float]) -> str:  # noqa: ANN401 - a function of axes
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError("documents") from error
    with rc_context(cast("Any", dict(_STYLE))):
        figure = Figure(figsize=size, layout="constrained")
        axes = figure.subplots()
        axes.spines[["top", "right"]].set_visible(False)
        draw(axes)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    return written.getvalue()
