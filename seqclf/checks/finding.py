"""Finding the plugins that a name or a file means."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from seqclf.errors import PluginError, UsageError, unknown
from seqclf.plugins import Plugin, Plugins, load_plugins, normal_name
from seqclf.plugins.switches import STRICT, own_names
from seqclf.registry import KINDS, Entry, Registry


@dataclass(frozen=True)
class Found:
    """The plugins that were meant, among all that are loaded.

    Args:
        plugins: those that were meant; empty where a file could not be loaded at all.
        registry: what all loaded plugins give.
        files: plugin files that another process has to be given to find the same.
        problem: why a file gave no plugin, "" where it did.
        asked: the name or the path.
        cause: the exception behind the problem.
    """

    plugins: list[Plugin]
    registry: Registry
    files: tuple[str, ...]
    asked: str
    problem: str = ""
    cause: BaseException | None = None

    def given(self, plugin: Plugin) -> dict[str, list[Entry]]:
        """Give what a plugin gives, kind by kind."""
        return {
            kind: [entry for entry in self.registry.all(kind) if entry.plugin is plugin]
            for kind in KINDS
        }


def find_plugins(asked: str, files: Sequence[str] = ()) -> Found:
    """Load the plugins, and find those with a name, or the one in a file.

    Args:
        asked: a plugin's or a distribution's name, compared as package indexes do, or the
            path of a plugin file.
        files: other plugin files to load.

    Raises:
        UsageError: nobody has that name (the nearest is suggested), it is disabled, or there
            is no such file.

    Example:
        >>> [plugin.name for plugin in find_plugins("seqclf.datasets").plugins]
        ['seqclf.datasets']
    """
    # Under SEQCLF_STRICT_PLUGINS the first problem would hide the others.
    environ = {**os.environ, STRICT: ""}
    if not _is_file(asked):
        plugins = load_plugins(files, environ, tolerant=True)
        return Found(_named(plugins, asked), Registry(plugins), tuple(files), asked)
    asked_file = os.path.abspath(asked)
    if not Path(asked_file).is_file():
        raise UsageError(f"there is no plugin file {asked}")
    every = tuple(dict.fromkeys([*files, asked_file]))
    try:
        plugins = load_plugins(every, environ)
    except PluginError as error:
        plugins = load_plugins(files, environ, tolerant=True)
        cause = error.__cause__ or error
        return Found([], Registry(plugins), tuple(files), asked, str(error), cause)
    return Found([_of_file(plugins, Path(asked_file))], Registry(plugins), every, asked)


def _is_file(asked: str) -> bool:
    return asked.endswith(".py") or os.sep in asked


def _of_file(plugins: Plugins, path: Path) -> Plugin:
    """Find the plugin of a file; one with the same text may have been loaded from a folder."""
    of_files = [each for each in plugins.all if each.provenance.origin == "file"]
    same = [each for each in of_files if Path(each.provenance.file).resolve() == path.resolve()]
    return (same or [each for each in of_files if each.name == path.stem])[-1]


def _named(plugins: Plugins, asked: str) -> list[Plugin]:
    wanted = normal_name(asked)
    found = [plugin for plugin in plugins.all if wanted in own_names(plugin.provenance)]
    if not found:
        known = {name for plugin in plugins.all for name in _names(plugin)}
        raise unknown("plugin", asked, known, hint=_left_out(plugins))
    disabled = [plugin for plugin in found if plugin.status == "disabled"]
    if len(disabled) == len(found):
        raise UsageError(
            f"{found[0].provenance} is disabled",
            hint="unset SEQCLF_DISABLE_PLUGINS and SEQCLF_LOAD_PLUGINS, or name it in the latter",
        )
    return [plugin for plugin in found if plugin not in disabled]


def _names(plugin: Plugin) -> list[str]:
    return [name for name in (plugin.name, plugin.provenance.distribution) if name]


def _left_out(plugins: Plugins) -> str:
    if os.environ.get("SEQCLF_LOAD_PLUGINS") == "":
        return "(SEQCLF_LOAD_PLUGINS is empty, so that installed plugins are not looked for)"
    return ""
