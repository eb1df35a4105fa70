"""Checks as they are done: a line each, and on a terminal under the name of what is checked."""

from __future__ import annotations

import sys
from typing import TextIO

from seqclf.ui.terminal import is_drawn, is_utf
from seqclf.ui.text import fold, one_line

_STYLES = {"passed": "good", "failed": "error", "advice": "note", "not tried": "quiet"}
_WIDTH = max(map(len, _STYLES))


class CheckPrinter:
    """Prints each check as it comes.

    Off a terminal each is one line: status, subject, sentence and detail, nothing cut.

    Args:
        stream: where to; standard output if not given.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stdout if stream is None else stream
        self._drawn = is_drawn(self._stream)
        self._subject = ""

    def __call__(self, subject: str, sentence: str, status: str, detail: str) -> None:
        """Print one check."""
        if self._drawn:
            self._draw(subject, sentence, status, detail)
        else:
            parts = ": ".join(one_line(part) for part in (subject, sentence, detail) if part)
            self._write(f"{status:<{_WIDTH}}  {parts}")
        self._stream.flush()

    def end(self, sentence: str) -> None:
        """Print what all of it comes to."""
        if self._drawn:
            self._stream.write("\n")
        self._write(sentence)

    def _write(self, line: str) -> None:
        self._stream.write(
            (line if is_utf(self._stream) else fold(line, self._stream.encoding)) + "\n"
        )

    def _draw(self, subject: str, sentence: str, status: str, detail: str) -> None:
        from rich.table import Table
        from rich.text import Text

        from seqclf.ui.consoles import console_for

        console = console_for(self._stream)
        if subject != self._subject:
            if self._subject:
                console.print()
            console.print(Text(one_line(subject), "name"), soft_wrap=True)
            self._subject = subject
        told = Text(one_line(sentence))
        if detail:
            passed = status == "passed"
            told.append("  " if passed else ": ")
            told.append(one_line(detail), "quiet" if passed else "")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=_WIDTH + 2, no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(Text(f"  {status}", _STYLES.get(status, "")), told)
        console.print(grid)
