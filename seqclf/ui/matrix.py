"""The confusion matrix; where it does not fit, the mix-ups that happened most often."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from seqclf.contracts import Report
from seqclf.ui.text import aligned, cells, number, one_line, shorten

MOST_CLASSES = 20
_MIX_UPS = 10
_LABEL_MOST = 24


def matrix_renderable(found: Report, width: int) -> RenderableType:
    """Draw who was taken for whom, true classes down and predicted ones across."""
    names = _names(found)
    if len(names) <= MOST_CLASSES:
        for headings in (names, _numbers(names)):
            lines = _matrix(found, names, headings)
            if max(line.cell_len for line in lines) <= width:
                return Group(*lines)
    told = f"Most frequent mix-ups (the matrix of {len(names)} classes does not fit here)"
    return Group(Text(told, "title"), *(Text(f"  {line}") for line in _mix_ups(found, names)))


def matrix_lines(found: Report) -> list[str]:
    """Give the matrix, or the mix-ups, as lines of text of any width."""
    names = _names(found)
    if len(names) <= MOST_CLASSES:
        return [line.plain.rstrip() for line in _matrix(found, names, names)]
    return ["most frequent mix-ups", *_mix_ups(found, names)]


def _names(found: Report) -> list[str]:
    return [one_line(each.label) for each in found.classes]


def _numbers(names: list[str]) -> list[str]:
    return [str(place) for place in range(1, len(names) + 1)]


def _matrix(found: Report, names: list[str], headings: list[str]) -> list[Text]:
    counts = [[number(count) for count in row] for row in found.confusion]
    rows = [shorten(name, _LABEL_MOST, ellipsis="~") for name in names]
    if headings != names:
        rows = [f"{place} {name}" for place, name in zip(headings, rows, strict=True)]
    corner = "true \\ predicted"
    first = max(map(cells, [*rows, corner]))
    widths = [
        max(cells(heading), *(len(row[place]) for row in counts))
        for place, heading in enumerate(headings)
    ]
    lines = [_line(corner, first, headings, widths, "label", ["label"] * len(widths))]
    for true, (name, row) in enumerate(zip(rows, counts, strict=True)):
        styles = [
            "good" if predicted == true else "quiet" if count == "0" else "wrong"
            for predicted, count in enumerate(row)
        ]
        lines.append(_line(name, first, row, widths, "name", styles))
    return lines


def _line(
    name: str, first: int, values: list[str], widths: list[int], style: str, styles: list[str]
) -> Text:
    line = Text()
    line.append(name + " " * (first - cells(name)), style)
    for value, width, colour in zip(values, widths, styles, strict=True):
        line.append("  " + " " * (width - cells(value))).append(value, colour)
    return line


def _mix_ups(found: Report, names: list[str]) -> list[str]:
    wrong = [
        (count, true, predicted)
        for true, row in enumerate(found.confusion)
        for predicted, count in enumerate(row)
        if count and true != predicted
    ]
    most = sorted(wrong, key=lambda item: (-item[0], item[1], item[2]))[:_MIX_UPS]
    rows = [(number(count), f"{names[true]} taken for {names[seen]}") for count, true, seen in most]
    return aligned(rows, right=(0,)) or ["none"]
