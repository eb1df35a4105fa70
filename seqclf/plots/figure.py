"""The plot as a picture file, drawn by Matplotlib in the manner of ggplot2."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqclf.contracts import History
from seqclf.errors import SeqclfError, UsageError
from seqclf.plots.breaks import epoch_breaks, widened
from seqclf.plots.panels import ALONE, COLOURS, Panel, Plot, Series, panels

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SUFFIXES = (".png", ".svg", ".pdf")
"""The kinds of files a figure can be saved as."""

_DOTS_PER_INCH = 150
# Without these, two files of one figure would differ: dates, and random names in SVG.
_NO_DATE = {".png": {}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
_PLAIN: dict[Any, Any] = {"svg.hashsalt": "seqclf", "svg.fonttype": "none", "pdf.fonttype": 42}


@dataclass(frozen=True)
class _Look:
    """A theme of ggplot2; lengths in points."""

    background: str
    grid: str
    border: str | None
    markers: dict[str, float]
    line_width: float


_GREY = _Look("#EBEBEB", "white", None, {"o": 3.9}, line_width=2.13)
_BLACK_AND_WHITE = _Look("white", "#EBEBEB", "#333333", {"o": 5.0, "^": 6.5}, line_width=1.07)


def draw(
    history: History,
    metrics: str | Iterable[str] | None = None,
    smooth: bool = True,
    theme_bw: bool = False,
) -> Figure:
    """Draw a history: a panel a metric below each other, points and smooth lines.

    Args:
        history: at least one epoch.
        metrics: names of metrics, without "val_"; defaults to all.
        smooth: draw smooth lines, if ten epochs or more were planned.
        theme_bw: draw in black and white: circles and triangles, solid and dashed lines.

    Returns:
        A `matplotlib.figure.Figure`, 7 inches wide, 5 high or more; a notebook shows it.

    Raises:
        UsageError: the history has no such metric.
        SeqclfError: no epoch was finished; Matplotlib or scikit-misc is not installed.

    Source:
        R keras3 `plot.keras_training_history()` with ggplot2.
    """
    plot = panels(history, metrics, smooth)
    figure = _figure(height=max(5.0, 1.0 + 1.8 * len(plot.panels)))
    look = _BLACK_AND_WHITE if theme_bw else _GREY
    column = figure.subplots(len(plot.panels), 1, sharex=True, squeeze=False)[:, 0]
    for axes, panel in zip(column, plot.panels, strict=True):
        _dress(axes, panel, look)
        for series in panel.series:
            _draw_series(axes, series, _style(series.data, plot, theme_bw), look)
    _dress_epochs(column[-1], plot)
    for axes in column[:-1]:
        axes.tick_params(axis="x", which="both", bottom=False, labelbottom=False)
    figure.align_ylabels(column)
    if plot.validation:
        _add_legend(figure, plot, theme_bw, look)
    return figure


def save(figure: Figure, path: Path) -> None:
    """Write a figure to a file, whole or not at all; one that is there is replaced.

    The same figure gives the same bytes, with one version of Matplotlib.

    Args:
        figure: what `draw` gave.
        path: its suffix says the kind: .png, .svg or .pdf.

    Raises:
        UsageError: another suffix.
        SeqclfError: the file cannot be written.
    """
    import matplotlib

    suffix = checked_suffix(path)
    picture = io.BytesIO()
    with matplotlib.rc_context(_PLAIN):
        figure.savefig(
            picture, format=suffix[1:], dpi=_DOTS_PER_INCH, metadata=_NO_DATE[suffix] or None
        )
    _write(path, picture.getvalue())


def checked_suffix(path: Path) -> str:
    """Give a file's suffix in lower case, or raise a UsageError that names the allowed ones."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UsageError(
            f"'{path}' cannot be drawn: its name must end in {', '.join(SUFFIXES[:-1])} "
            f"or {SUFFIXES[-1]}"
        )
    return suffix


def _figure(height: float) -> Figure:
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise SeqclfError(
            "drawing a picture needs Matplotlib", hint="pip install 'seqclf[plot]'"
        ) from None
    figure = Figure(figsize=(7.0, height), layout="constrained")
    engine: Any = figure.get_layout_engine()
    engine.set(w_pad=5.5 / 72, h_pad=2.75 / 72, hspace=0, wspace=0)
    return figure


def _style(data: str, plot: Plot, theme_bw: bool) -> dict[str, Any]:
    """Give a series' colours and shapes: those of its points, and its line's."""
    second = data == "validation"
    if theme_bw:
        marker, dashes = ("^", (0, (3, 3))) if second else ("o", "-")
        return {"fill": "none", "colour": "#787878", "marker": marker, "dashes": dashes}
    if not plot.validation:
        return {"fill": "none", "colour": ALONE, "marker": "o", "dashes": "-"}
    return {"fill": COLOURS[data], "colour": COLOURS[data], "marker": "o", "dashes": "-"}


def _draw_series(axes: Axes, series: Series, style: dict[str, Any], look: _Look) -> None:
    epochs, values = [list(each) for each in zip(*series.points, strict=True)] or ([], [])
    axes.plot(epochs, values, zorder=3, **_points(style, look))
    if series.line:
        places, smoothed = zip(*series.line, strict=True)
        axes.plot(list(places), list(smoothed), zorder=4, **_line(style, look))


def _points(style: dict[str, Any], look: _Look) -> dict[str, Any]:
    return {
        "linestyle": "none",
        "marker": style["marker"],
        "markersize": look.markers[style["marker"]],
        "markerfacecolor": style["fill"],
        "markeredgecolor": "black",
        "markeredgewidth": 0.71,
    }


def _line(style: dict[str, Any], look: _Look) -> dict[str, Any]:
    return {"color": style["colour"], "linewidth": look.line_width, "linestyle": style["dashes"]}


def _dress(axes: Axes, panel: Panel, look: _Look) -> None:
    """Give a panel its background, grid, numbers and name."""
    from matplotlib.ticker import AutoMinorLocator, MaxNLocator, ScalarFormatter

    axes.set_facecolor(look.background)
    axes.set_axisbelow(True)
    axes.grid(which="major", color=look.grid, linewidth=1.07)
    axes.grid(which="minor", color=look.grid, linewidth=0.53)
    axes.tick_params(length=2.75, color="#333333", labelcolor="#4D4D4D", labelsize=8.8)
    axes.tick_params(which="minor", length=0)
    for spine in axes.spines.values():
        spine.set_visible(look.border is not None)
        spine.set_edgecolor(look.border or "none")
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10], min_n_ticks=2))
    axes.yaxis.set_minor_locator(AutoMinorLocator(2))
    axes.yaxis.set_major_formatter(ScalarFormatter(useOffset=False))
    # A "$" in a metric's name is no formula.
    axes.set_ylabel(panel.metric, fontsize=11, color="black", parse_math=False)
    if panel.limits is None:
        axes.set_yticks([])
        axes.text(0.5, 0.5, "no finite value", transform=axes.transAxes, ha="center", va="center")
    else:
        axes.set_ylim(*widened(*panel.limits))


def _dress_epochs(axes: Axes, plot: Plot) -> None:
    """Give the epochs' axis its ends and its numbers, whole ones only."""
    from matplotlib.ticker import FixedLocator, NullFormatter

    breaks = epoch_breaks(plot.epochs)
    step = breaks[1] - breaks[0] if len(breaks) > 1 else 1
    between = [each + step * half for each in breaks for half in (-0.5, 0.5)]
    axes.set_xlim(*widened(1, plot.epochs))
    axes.xaxis.set_major_locator(FixedLocator(breaks))
    axes.xaxis.set_minor_locator(FixedLocator(sorted(set(between)) if step else []))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel("epoch", fontsize=11)


def _add_legend(figure: Figure, plot: Plot, theme_bw: bool, look: _Look) -> None:
    from matplotlib.lines import Line2D

    handles = []
    for data in COLOURS:
        style = _style(data, plot, theme_bw)
        drawn = _points(style, look) | (_line(style, look) if plot.has_lines else {})
        handles.append(Line2D([], [], label=data, **drawn))
    figure.legend(
        handles=handles,
        title="data",
        title_fontsize=11,
        fontsize=8.8,
        frameon=False,
        alignment="left",
        labelspacing=1.0,
        loc="outside right center",
    )


def _write(path: Path, content: bytes) -> None:
    temporary = None
    try:
        handle, name = tempfile.mkstemp(prefix=".writing-", suffix=path.suffix, dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise SeqclfError(
            f"{path} cannot be written: {error.strerror or error}", hint="choose another file"
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
