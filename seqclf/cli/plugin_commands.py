"""Commands that plugins add: entry points in the group `seqclf.commands`, imported on use."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from seqclf.errors import PluginError, PluginUnavailableError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from seqclf.contracts import Provenance

GROUP = "seqclf.commands"


@dataclass(frozen=True)
class PluginCommand:
    """A command that was found, not yet imported.

    Args:
        name: what is typed after `seqclf`.
        provenance: the distribution that brings it.
        point: its entry point, whose value is `module:command`, a click command.
        wanted: whether the switches let it be.
    """

    name: str
    provenance: Provenance
    point: EntryPoint
    wanted: bool = True

    @property
    def qualified(self) -> str:
        """The name that is never ambiguous: `distribution:command`."""
        return f"{self.provenance.distribution}:{self.name}"

    def load(self) -> click.Command:
        """Import the command.

        Raises:
            PluginUnavailableError: the import fails.
            PluginError: it is no click command.
        """
        from seqclf.plugins import describe_failure

        if not self.wanted:
            raise PluginUnavailableError(
                f"the command '{self.name}' of {self.provenance.short} is not available: "
                "it is disabled (SEQCLF_LOAD_PLUGINS, _DISABLE_PLUGINS)"
            )
        try:
            command = self.point.load()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise PluginUnavailableError(
                f"the command '{self.name}' of {self.provenance.short} is not available: "
                f"{describe_failure(error)}"
            ) from error
        if not isinstance(command, click.Command):
            raise PluginError(
                f"the command '{self.name}' of {self.provenance.short} is {command!r}, "
                "not a click command"
            )
        return command


def plugin_commands() -> list[PluginCommand]:
    """Give the commands of installed plugins, by distribution and name; nothing is imported.

    `SEQCLF_LOAD_PLUGINS` and `SEQCLF_DISABLE_PLUGINS` count here, too.
    """
    if os.environ.get("SEQCLF_LOAD_PLUGINS") == "":
        return []  # before anything is imported for it
    from importlib.metadata import entry_points

    if not entry_points(group=GROUP):
        return []
    from seqclf.plugins.loading import distribution_of, entry_points_of
    from seqclf.plugins.switches import Switches

    switches = Switches.read()
    found = [(point, distribution_of(point)) for point in entry_points_of(GROUP)]
    return [
        PluginCommand(point.name, provenance, point, switches.want(provenance))
        for point, provenance in found
    ]


def listed(own: Collection[str]) -> dict[str, str]:
    """Give the names and one-line summaries of the plugins' commands, for `--help`.

    Args:
        own: seqclf's own commands, which no plugin replaces: a command of the same name is
            listed as `distribution:command`, and so are two plugins' of one name.
    """
    commands = [command for command in plugin_commands() if command.wanted]
    names = [command.name for command in commands]
    return {
        command.qualified
        if command.name in own or names.count(command.name) > 1
        else command.name: f"From {command.provenance.short}."
        for command in commands
    }


def find_command(name: str) -> click.Command | None:
    """Import the plugins' command of a name, or of `distribution:command`; None if there is none.

    Raises:
        PluginError: two plugins give it.
        PluginUnavailableError: its import fails.
    """
    matches = [each for each in plugin_commands() if name in (each.name, each.qualified)]
    matches = [each for each in matches if each.wanted] or matches[:1]
    if not matches:
        return None
    if len(matches) > 1:
        givers = " and ".join(each.provenance.short for each in matches)
        raise PluginError(
            f"two distributions give the command '{name}': {givers}",
            hint=f"write {' or '.join(each.qualified for each in matches)}",
        )
    return matches[0].load()
