"""A drawing made of lines of text, coloured by escape codes."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text


def print_drawing(console: Console, drawing: str) -> None:
    """Print a drawing; its colours become the nearest that the console has."""
    for line in drawing.split("\n"):
        console.print(Text.from_ansi(line), soft_wrap=True)
