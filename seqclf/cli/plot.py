"""`seqclf plot RUN`."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seqclf.cli.documents import print_document
from seqclf.cli.options import json_option, out_option, run_argument
from seqclf.errors import UsageError

if TYPE_CHECKING:
    from seqclf.contracts import History
    from seqclf.plots.panels import Plot

_LARGEST = 50.0


@click.command("plot")
@run_argument
@click.option(
    "-o",
    "--output",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Draw into a .png, .svg or .pdf file, which is replaced if it is there."
    "  [default: draw in the terminal]",
)
@click.option(
    "--metrics",
    multiple=True,
    metavar="NAME",
    help="Draw this metric alone; may be repeated.  [default: all]",
)
@click.option("--no-smooth", is_flag=True, help="Draw points without smooth lines.")
@click.option("--size", metavar="WIDTHxHEIGHT", help="Size of the file's picture, in inches.")
@out_option
@json_option
def command(
    run: str,
    file: Path | None,
    metrics: tuple[str, ...],
    no_smooth: bool,
    size: str | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Draw the history of RUN (its folder, its name, or "last"), one panel a metric.

    As R's plot(history) does: training and validation in two colours and, where ten epochs or
    more were planned, a smooth line. RUN's model and plugins are not needed.
    """
    inches = _checked(file, size)
    name, history = _read(run, out)
    if file is not None:
        _save(history, metrics or None, not no_smooth, file, inches)
    plot = _panels(history, metrics or None, not no_smooth)
    _tell_left_out(plot)
    if as_json:
        print_document(_document(name, plot, file))
    elif file is not None:
        click.echo(str(file))
    else:
        _draw(history, metrics or None, plot.has_lines)


def _checked(file: Path | None, size: str | None) -> tuple[float, float] | None:
    """Check the file's suffix and the picture's size before anything is read."""
    if file is not None:
        from seqclf.plots.figure import checked_suffix

        checked_suffix(file)
    if size is None:
        return None
    if file is None:
        raise UsageError("--size goes with -o FILE")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)x(\d+(?:\.\d+)?)", size.strip().lower())
    inches = tuple(float(part) for part in match.groups()) if match else ()
    if len(inches) != 2 or not all(1 <= part <= _LARGEST for part in inches):
        raise UsageError(
            f"--size must be WIDTHxHEIGHT, in inches from 1 to {_LARGEST:g}, not '{size}'",
            hint="such as --size 7x5",
        )
    return inches[0], inches[1]


def _read(reference: str, out: Path | None) -> tuple[str, History]:
    """Read a run's history and no more, so that neither Keras nor its plugins are needed."""
    from seqclf.config import read_settings
    from seqclf.runs.folder import find_run, read_state, runs_folder
    from seqclf.runs.history import read_history

    folder = find_run(reference, runs_folder() if out is None else out)
    state = read_state(folder)
    planned = read_settings(folder / "config.toml").epochs
    return state.name, read_history(folder / "history.csv", planned)


def _save(
    history: History,
    metrics: tuple[str, ...] | None,
    smooth: bool,
    file: Path,
    inches: tuple[float, float] | None,
) -> None:
    from seqclf.plots.figure import draw, save

    figure = draw(history, metrics, smooth)
    if inches is not None:
        figure.set_size_inches(*inches)
    save(figure, file)


def _panels(history: History, metrics: tuple[str, ...] | None, smooth: bool) -> Plot:
    """Choose what to draw; without the library for smooth lines, say so and leave them out."""
    from seqclf.plots.loess import SmoothUnavailableError
    from seqclf.plots.panels import panels

    try:
        return panels(history, metrics, smooth)
    except SmoothUnavailableError as error:
        _note(f"{error.sentence}: pip install 'seqclf[plot]'")
        return panels(history, metrics, smooth=False)


def _draw(history: History, metrics: tuple[str, ...] | None, smooth: bool) -> None:
    from seqclf.plots.terminal import draw
    from seqclf.ui.consoles import can_draw_unicode, stdout_console
    from seqclf.ui.drawing import print_drawing

    console = stdout_console()
    drawing = draw(
        history,
        width=console.width,
        height=console.height - 1,  # the next prompt's line
        colour=console.color_system is not None,
        unicode=can_draw_unicode(console),
        smooth=smooth,
        metrics=metrics,
    )
    print_drawing(console, drawing)


def _tell_left_out(plot: Plot) -> None:
    """Say which values have no point."""
    for panel in plot.panels:
        for series in panel.series:
            if series.not_finite:
                epochs = ", ".join(map(str, series.not_finite[:10]))
                more = len(series.not_finite) - 10
                _note(
                    f"{panel.metric} ({series.data}) is no finite number in epoch {epochs}"
                    + (f" and {more} more" if more > 0 else "")
                    + ": there is no point"
                )


def _note(sentence: str) -> None:
    from seqclf.ui.consoles import stderr_console
    from seqclf.ui.errors import print_note

    print_note(stderr_console(), sentence)


def _document(name: str, plot: Plot, file: Path | None) -> dict[str, Any]:
    return {
        "run": name,
        "file": None if file is None else str(file),
        "epochs": plot.epochs,
        "panels": [dataclasses.asdict(panel) for panel in plot.panels],
    }
