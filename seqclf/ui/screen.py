"""Which way of showing a run suits the stream."""

from __future__ import annotations

from rich.console import Console

from seqclf.ui.live import LiveTraining
from seqclf.ui.plain import PlainTraining


def training_screen(console: Console) -> LiveTraining | PlainTraining:
    """Give what shows a run: live on a terminal, plain lines elsewhere.

    Both are context managers and listeners.

    Example:
        with training_screen(stderr_console()) as screen:
            execute(plan, [screen])
    """
    return LiveTraining(console) if console.is_interactive else PlainTraining(console)
