"""What an evaluation found: accuracy with its interval, the classes, who was taken for whom."""

from __future__ import annotations

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from seqclf.contracts import Report
from seqclf.ui.flow import facts
from seqclf.ui.glyphs import UNICODE, Glyphs, glyphs_for
from seqclf.ui.matrix import matrix_lines, matrix_renderable
from seqclf.ui.text import aligned, metric, metric_name, number, one_line

_COLUMNS = ("class", "precision", "recall", "F1", "examples")


def report(found: Report, *, width: int = 80, glyphs: Glyphs = UNICODE) -> RenderableType:
    """Draw an evaluation for a terminal.

    Args:
        found: what the evaluation found.
        width: the terminal's columns, which a confusion matrix must fit.
        glyphs: `glyphs_for(console)`.
    """
    parts: list[RenderableType] = [
        _heading(found),
        _numbers(found),
        Text(),
        _classes(found, glyphs),
    ]
    if found.confusion:
        parts += [Text(), matrix_renderable(found, width)]
    return Group(*parts)


def print_report(console: Console, found: Report) -> None:
    """Print an evaluation: tables on a terminal, aligned columns without colour off it."""
    if console.is_terminal:
        console.print(report(found, width=console.width, glyphs=glyphs_for(console)))
        return
    for line in report_lines(found):
        console.print(Text(line), soft_wrap=True)


def report_lines(found: Report) -> list[str]:
    """Give an evaluation as lines of text, one a class, none cut to a width."""
    lines = [
        f"{one_line(found.split)} examples  {number(found.examples)}",
        f"accuracy  {metric(found.accuracy)}  {_interval(found)}",
        f"loss  {metric(found.loss)}",
        *(f"{name}  {value}" for name, value in _others(found)),
        "",
        *aligned([_COLUMNS, *_class_rows(found)], right=range(1, len(_COLUMNS))),
    ]
    if found.confusion:
        lines += ["", *matrix_lines(found)]
    return lines


def _heading(found: Report) -> Text:
    split = one_line(found.split).capitalize()
    return Text(f"{split}: {number(found.examples)} examples", "title")


def _numbers(found: Report) -> RenderableType:
    accuracy = Text.assemble((metric(found.accuracy), "bold green"), f"  {_interval(found)}")
    return facts([("accuracy", accuracy), ("loss", metric(found.loss)), *_others(found)])


def _others(found: Report) -> list[tuple[str, str]]:
    return [(one_line(metric_name(name)), metric(value)) for name, value in found.metrics.items()]


def _interval(found: Report) -> str:
    low, high = found.interval
    return f"(95 % interval {metric(low)} to {metric(high)})"


def _class_rows(found: Report) -> list[tuple[str, ...]]:
    return [
        (
            one_line(each.label),
            metric(each.precision),
            metric(each.recall),
            metric(each.f1),
            number(each.support),
        )
        for each in found.classes
    ]


def _classes(found: Report, glyphs: Glyphs) -> Table:
    table = Table(box=glyphs.box, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    for place, heading in enumerate(_COLUMNS):
        if place:
            table.add_column(heading, justify="right", no_wrap=True)
        else:
            table.add_column(heading, style="name", overflow="fold")
    for row in _class_rows(found):
        table.add_row(*map(Text, row))
    return table
