"""After a run: where it lies, and what to try next."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.console import Console
from rich.text import Text

from seqclf.ui.text import one_line


def next_commands(run: str) -> list[str]:
    """Give the commands that make sense once a run is there."""
    name = shlex.quote(run)
    return [f'seqclf predict {name} "..."', f"seqclf evaluate {name}", "seqclf runs"]


def print_ending(console: Console, run: str, folder: Path) -> None:
    """Print where a run lies and the next commands to try.

    Off a terminal this is nothing: `PlainTraining` has said where the run lies.
    """
    if not console.is_terminal:
        return
    where = one_line(str(folder))
    console.print()
    # Soft-wrapped, so that paths and commands can be copied whole.
    console.print(Text.assemble(("The run is in ", "title"), where), soft_wrap=True)
    for command in next_commands(one_line(run)):
        console.print(Text.assemble("  ", (command, "command")), soft_wrap=True)
