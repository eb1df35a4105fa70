"""A sign of life during a slow step of a command that has no events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.text import Text

from seqclf.ui.consoles import can_draw_unicode
from seqclf.ui.text import one_line


@contextmanager
def working(console: Console, what: str) -> Iterator[None]:
    """Show a spinner with words on a terminal while the block runs; nothing elsewhere.

    Example:
        with working(stderr_console(), "loading Keras"):
            import keras
    """
    if not console.is_interactive:
        yield
        return
    spinner = "dots" if can_draw_unicode(console) else "line"
    with console.status(Text(one_line(what)), spinner=spinner, spinner_style="bar"):
        yield
