"""Turn what a terminal showed, with its colour codes, into an SVG picture.

tmux capture-pane -p -e | python docs/screenshot.py docs/run.svg --title "seqclf run reviews"
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text


def main() -> None:
    """Read the screen from standard input and write the picture."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("picture", type=Path)
    parser.add_argument("--title", default="seqclf")
    arguments = parser.parse_args()
    # At once, since a colour that is still on at a line's end is not said again.
    lines = Text.from_ansi(sys.stdin.read().rstrip()).split("\n")
    width = max(line.cell_len for line in lines) + 2
    console = Console(record=True, width=width, file=io.StringIO(), force_terminal=True)
    for line in lines:
        console.print(line, no_wrap=True, overflow="ignore", crop=False)
    # A fixed id keeps the picture the same when the screen is the same.
    arguments.picture.write_text(
        console.export_svg(title=arguments.title, unique_id="seqclf"), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
