"""Errors and notes: one sentence each, on standard error."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from seqclf.ui.text import one_line


def print_error(console: Console, sentence: str, hint: str = "") -> None:
    """Print what went wrong: "Error: ..." on a terminal, "seqclf: ..." on one line off it."""
    if not console.is_terminal:
        _print_line(console, f"seqclf: {sentence}; {hint}" if hint else f"seqclf: {sentence}")
        return
    _print_hanging(console, "Error:", "error", sentence)
    if hint:
        _print_hanging(console, "Hint: ", "note", hint)


def print_note(console: Console, sentence: str) -> None:
    """Print a sentence the person should read: "note: ...", wrapped beside its label."""
    if console.is_terminal:
        _print_hanging(console, "note:", "note", sentence)
    else:
        _print_line(console, f"note: {sentence}")


def _print_line(console: Console, line: str) -> None:
    console.print(Text(one_line(line)), soft_wrap=True)


def _print_hanging(console: Console, label: str, style: str, sentence: str) -> None:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(label, style), Text(one_line(sentence)))
    console.print(grid)
