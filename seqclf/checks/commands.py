"""Checks of the commands that a plugin's distribution adds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from seqclf.checks.outcomes import Check, FailedCheckError, attempt
from seqclf.plugins import Plugin
from seqclf.plugins.loading import commands_of

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def check_commands(plugin: Plugin) -> Iterator[Check]:
    """Import each command of the plugin's distribution and look for its help.

    Nothing is told of a plugin without commands.
    """
    for point in commands_of(plugin.provenance):
        look = partial(_help, point)
        yield attempt(f"command {point.name}", "is a click command with a help", look)


def _help(point: EntryPoint) -> str:
    command = point.load()
    # Only the command line knows click; a click command is known by what it answers to.
    short_help = getattr(command, "get_short_help_str", None)
    if not callable(short_help):
        raise FailedCheckError(
            f"{point.value} is {command!r}", "decorate the function with @click.command()"
        )
    told = str(short_help(100))
    if not told:
        raise FailedCheckError("it has no help", "write a docstring that says what it does")
    return told
