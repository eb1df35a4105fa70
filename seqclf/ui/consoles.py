"""Where to draw: standard output for results, standard error for progress and notes."""

from __future__ import annotations

import os
import shutil
import sys
from typing import IO, Any, TextIO, cast

from rich.console import Console
from rich.theme import Theme

from seqclf.ui.terminal import is_coloured, is_drawn, is_dumb, is_terminal, is_utf
from seqclf.ui.text import fold

# Only the terminal's own colours, and none that vanishes on a dark or a light background.
_THEME = Theme(
    {
        "title": "bold",
        "name": "cyan",
        "label": "dim",
        "quiet": "dim",
        "good": "green",
        "best": "bold green",
        "note": "magenta",
        "wrong": "magenta",
        "error": "bold red",
        "bar": "cyan",
        "bar.rest": "dim",
        "curve": "cyan",
        "command": "cyan",
    }
)


class _Folding:
    """A stream that says in its own encoding what it cannot say as it is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(fold(text, self._stream.encoding))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def stdout_console() -> Console:
    """Give the console for results."""
    return console_for(sys.stdout)


def stderr_console() -> Console:
    """Give the console for progress, notes and errors."""
    return console_for(_with_own_descriptor(sys.stderr))


def _with_own_descriptor(stream: TextIO) -> TextIO:
    """Give a terminal's stream a descriptor of its own.

    While Keras is imported, descriptor 2 is turned away to keep TensorFlow's
    messages back; what is drawn meanwhile must arrive all the same.
    """
    if not is_terminal(stream):
        return stream
    try:
        return os.fdopen(
            os.dup(stream.fileno()), "w", encoding=stream.encoding, errors=stream.errors
        )
    except (AttributeError, OSError):
        return stream


def console_for(stream: TextIO) -> Console:
    """Give a console that draws on a stream what the stream can show.

    Colours honour `NO_COLOR`, `FORCE_COLOR` and `TERM=dumb`; off a terminal
    there is no escape code unless `FORCE_COLOR` is set, and the width is
    `COLUMNS` or 80.
    """
    file = stream if is_utf(stream) else _Folding(stream)
    width, height = _fixed_size(stream)
    return Console(
        file=cast(IO[str], file),
        force_terminal=is_drawn(stream),
        force_interactive=is_terminal(stream) and not is_dumb(),
        force_jupyter=False,
        color_system="auto" if is_coloured(stream) else None,
        theme=_THEME,
        width=width,
        height=height,
        highlight=False,
        markup=False,
        emoji=False,
    )


def _fixed_size(stream: TextIO) -> tuple[int | None, int | None]:
    """Give the size where it cannot change: None means that Rich asks the terminal each time."""
    if is_terminal(stream) and not is_dumb():
        return (80, None) if os.environ.get("COLUMNS") == "0" else (None, None)
    if is_terminal(stream):
        return shutil.get_terminal_size()
    columns = os.environ.get("COLUMNS", "")
    return (int(columns) if columns.isdecimal() and int(columns) > 0 else 80), 25


def can_draw_unicode(console: Console) -> bool:
    """Whether blocks, lines and typographic characters arrive as they are."""
    return not console.options.ascii_only
