"""The smooth line: R's `loess`, by the same Fortran."""

from __future__ import annotations

from collections.abc import Sequence

from seqclf.errors import SeqclfError

FEWEST = 7
"""Points a line needs. Below, R's `loess` warns of too small a span and only joins the points."""

POINTS = 80
"""Points of a line, as ggplot2's `stat_smooth` draws it."""


class SmoothUnavailableError(SeqclfError):
    """The library that computes the smooth line is not installed."""


def smooth_line(
    epochs: Sequence[float], values: Sequence[float], points: int = POINTS
) -> tuple[tuple[float, float], ...]:
    """Smooth values over epochs, as R's `loess(value ~ epoch)` does (span 0.75, degree 2).

    Args:
        epochs: strictly rising, finite.
        values: as many, finite.
        points: how many points of the line to give, at equal distances.

    Returns:
        (epoch, value) from the first epoch to the last; nothing for fewer than `FEWEST` points.

    Raises:
        SmoothUnavailableError: scikit-misc is not installed.

    Source:
        R `stats::loess()`; ggplot2 `geom_smooth(method = "loess")`.
    """
    if len(epochs) < FEWEST:
        return ()
    try:
        from skmisc.loess import loess
    except ImportError:
        raise SmoothUnavailableError(
            "the smooth line needs scikit-misc",
            hint="pip install 'seqclf[plot]', or leave the line out: --no-smooth (smooth=False)",
        ) from None
    first, last = float(epochs[0]), float(epochs[-1])
    places = [first + (last - first) * step / (points - 1) for step in range(points - 1)] + [last]
    try:
        smoothed = loess(list(map(float, epochs)), list(map(float, values))).predict(places).values
    except ValueError:  # points too far apart for a fit, where R warns and draws nothing
        return ()
    return tuple((place, float(value)) for place, value in zip(places, smoothed, strict=True))
