"""Numbers, durations and texts as people read them. No Rich, no colour."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII_BLOCKS = "_.-=+*%#"

_ASCII = {
    "×": "x",
    "…": "~",
    "–": "-",
    "—": "-",
    "−": "-",
    "±": "+/-",
    "·": ".",
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "\N{NO-BREAK SPACE}": " ",
    "━": "#",
    "╸": "#",
    "─": "-",
}


def number(value: int) -> str:
    """Give a count: `number(20000)` is "20,000"."""
    return f"{value:,}"


def share(value: float) -> str:
    """Give a share as a percentage: `share(0.093)` is "9.3 %"."""
    return f"{value * 100:.1f} %"


def metric(value: float) -> str:
    """Give a loss or an accuracy, four decimals: "0.8701"."""
    return f"{value:.4f}"


def duration(seconds: float) -> str:
    """Give a time span: "1.2 s", "38 s", "4 m 12 s", "2 h 5 m"."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} m {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} m"


def countdown(seconds: float) -> str:
    """Give the time left, in whole seconds so that it does not flicker: "12 s left"."""
    whole = max(1, round(seconds))
    return f"{whole} s left" if whole < 60 else f"{duration(whole)} left"


def rate(examples: float, seconds: float) -> str:
    """Give a speed: "1,203 samples/s"; empty where no time has passed."""
    return f"{examples / seconds:,.0f} samples/s" if seconds > 0 else ""


def size(count: int) -> str:
    """Give a number of bytes: "512 bytes", "17.5 MB"."""
    if count < 1000:
        return f"{count} bytes"
    value, unit = count / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if value < 999.95:
            break
        value, unit = value / 1000, larger
    return f"{value:.1f} {unit}"


def shape(dimensions: tuple[int | None, ...]) -> str:
    """Give an output shape as Keras writes it: "(None, 500, 32)"."""
    inner = ", ".join(str(dimension) for dimension in dimensions)
    return f"({inner},)" if len(dimensions) == 1 else f"({inner})"


def setting(value: Any) -> str:
    """Give a setting's value as it would be typed: "128", "0.25", "true", "none"."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(setting(item) for item in value)
    return one_line(str(value))


def kernel_sentence(kernel: str, reason: str) -> str:
    """Say what computes recurrent layers, and why Keras does.

    Example:
        >>> kernel_sentence("keras", "lstm: recurrent dropout")
        'keras (lstm: recurrent dropout)'
    """
    return one_line(f"{kernel} ({reason})" if reason else kernel)


def metric_name(name: str) -> str:
    """Give a metric's name in words: "val_accuracy" is "val accuracy"."""
    return one_line(name.replace("_", " "))


def sparkline(values: Sequence[float], width: int, *, ascii: bool = False) -> str:
    """Draw a small curve, one character a value; more values than `width` are averaged.

    Example:
        >>> sparkline([0, 1, 2, 3], 10)
        '▁▃▆█'
    """
    levels = ASCII_BLOCKS if ascii else BLOCKS
    points = _averaged(values, width)
    finite = [point for point in points if math.isfinite(point)]
    if not finite:
        return " " * len(points)
    low, span = min(finite), max(finite) - min(finite)
    top = len(levels) - 1

    def level(point: float) -> str:
        if not math.isfinite(point):
            return " "
        return levels[round((point - low) / span * top)] if span else levels[top // 2]

    return "".join(map(level, points))


def _averaged(values: Sequence[float], width: int) -> list[float]:
    if width <= 0:
        return []
    if len(values) <= width:
        return list(values)
    edges = [len(values) * place // width for place in range(width + 1)]
    return [sum(values[start:stop]) / (stop - start) for start, stop in pairwise(edges)]


def clean(text: str) -> str:
    r"""Make a text harmless: what could steer a terminal becomes visible.

    Example:
        >>> print(clean("a\x1b[31mb"))
        a\x1b[31mb
    """
    if text.isprintable():
        return text
    return "".join(character if _harmless(character) else _escaped(character) for character in text)


def _harmless(character: str) -> bool:
    # Format characters (Cf) include the ones that turn the writing direction; the two
    # joiners only shape letters and emoji.
    return (
        unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
        or character in "\u200c\u200d"
    )


def _escaped(character: str) -> str:
    named = {"\t": r"\t", "\n": r"\n", "\r": r"\r"}
    if character in named:
        return named[character]
    return character.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    """Put a text on one line, harmless, with runs of white space as one space."""
    return clean(" ".join(text.split()))


def field(text: str) -> str:
    r"""Escape a text for a tab-separated line: `\t`, `\n`, `\x1b`, and a backslash as `\\`."""
    return clean(text.replace("\\", "\\\\"))


def fold(text: str, encoding: str = "ascii") -> str:
    """Say a text in an encoding that cannot take every character; what has no likeness is escaped.

    Example:
        >>> fold("5 × 3…")
        '5 x 3~'
    """
    if text.isascii():
        return text
    plain = "".join(_ASCII.get(character, character) for character in text)
    return plain.encode(encoding, "backslashreplace").decode(encoding)


def cells(text: str) -> int:
    """Count the terminal columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, width: int, *, ellipsis: str = "…") -> str:
    """Cut a text to `width` columns, with an ellipsis where something is missing."""
    if cells(text) <= width:
        return text
    kept, left = "", width - cells(ellipsis)
    for character in text:
        left -= _columns(character)
        if left < 0:
            break
        kept += character
    return (kept.rstrip() + ellipsis)[: max(width, 0)]


def aligned(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Set rows in columns two spaces apart, none cut; `right` names the right-aligned ones."""
    table = [list(row) for row in rows]
    if not table:
        return []
    to_right = set(right)
    widths = [max(map(cells, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        padded = [
            " " * (width - cells(value)) + value
            if place in to_right
            else value + " " * (width - cells(value))
            for place, (value, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return lines
