"""Loading: built-ins first, then entry points, then files, each alone."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seqclf import __version__
from seqclf.contracts import Provenance
from seqclf.errors import PluginError, UsageError
from seqclf.plugins.compatibility import explained, module_file
from seqclf.plugins.files import file_provenance, import_file
from seqclf.plugins.manager import Plugins
from seqclf.plugins.record import Plugin
from seqclf.plugins.switches import Switches

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINT_GROUP = "seqclf"
COMMANDS_GROUP = "seqclf.commands"
BUILT_IN = ("seqclf.architectures", "seqclf.datasets", "seqclf.encoding", "seqclf.metrics")


def load_plugins(
    files: Sequence[str | os.PathLike[str]] = (),
    environ: Mapping[str, str] | None = None,
    *,
    tolerant: bool = False,
) -> Plugins:
    """Load the built-ins, then entry points by (distribution, name), then files.

    Args:
        files: plugin files asked for by name (`--plugin FILE`); one that fails is an error.
        environ: the environment; defaults to the process' own. Read from it:
            `SEQCLF_LOAD_PLUGINS` (names to load, by comma; empty loads only
            built-ins), `SEQCLF_DISABLE_PLUGINS` (names not to load),
            `SEQCLF_STRICT_PLUGINS` (1: the first problem is an error) and
            `SEQCLF_PLUGINS_DIR` (a folder of plugin files).
        tolerant: keep the failure of a file asked for, too, for commands that show it.

    Raises:
        UsageError: a file that is not there.
        PluginError: a file asked for fails, or anything fails under strict.
    """
    switches = Switches.read(environ)
    plugins = Plugins(strict=switches.strict)
    for source in _sources(switches):
        if switches.want(source.provenance):
            _load(plugins, source)
        else:
            plugins.all.append(Plugin(source.provenance, "disabled"))
    for file in files:
        _load_requested(plugins, Path(file), tolerant)
    known = [plugin.provenance for plugin in plugins.all]
    if switches.allowed or switches.blocked:
        known += map(distribution_of, entry_points_of(COMMANDS_GROUP))
    plugins.unmatched += switches.unmatched(known)
    if plugins.strict and plugins.unmatched:
        raise PluginError(plugins.unmatched[0])
    return plugins


@dataclass(frozen=True)
class _Source:
    """A plugin that was found: where it comes from, how it is imported, its file if known."""

    provenance: Provenance
    load: Callable[[], Any]
    file: Callable[[], Path | None]


def _sources(switches: Switches) -> Iterator[_Source]:
    for name in BUILT_IN:
        provenance = Provenance(name, "built-in", "seqclf", __version__)
        yield _Source(provenance, partial(importlib.import_module, name), lambda: None)
    if switches.allowed != set():
        taken: set[str] = set()
        for point in entry_points_of(ENTRY_POINT_GROUP):
            provenance = distribution_of(point)
            if point.name in taken:
                provenance = replace(provenance, plugin=f"{provenance.distribution}.{point.name}")
            taken.add(point.name)
            yield _Source(provenance, point.load, partial(module_file, point.module))
    if switches.folder is not None:
        for path in sorted(switches.folder.glob("*.py")):
            yield _from_file(path)


def _from_file(path: Path) -> _Source:
    return _Source(file_provenance(path), lambda: import_file(path), lambda: path)


def entry_points_of(group: str) -> list[EntryPoint]:
    """Give a group's entry points by distribution and name."""
    from importlib.metadata import entry_points

    return sorted(
        entry_points(group=group),
        key=lambda point: (point.dist.name if point.dist else "", point.name),
    )


def distribution_of(point: EntryPoint) -> Provenance:
    """Say which distribution an entry point belongs to."""
    name, version = (point.dist.name, point.dist.version) if point.dist else ("", "")
    return Provenance(point.name, "entry point", name, version)


def commands_of(provenance: Provenance) -> list[EntryPoint]:
    """Give the commands that a plugin's distribution adds, not imported."""
    if provenance.origin != "entry point":
        return []
    return [
        point
        for point in entry_points_of(COMMANDS_GROUP)
        if distribution_of(point).distribution == provenance.distribution
    ]


def _load(plugins: Plugins, source: _Source) -> Plugin:
    plugin = Plugin(source.provenance)
    started = time.perf_counter()
    try:
        with contextlib.redirect_stdout(sys.stderr):
            module = source.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        plugins.fail(plugin, explained(error, source.file()))
        return plugin
    finally:
        plugin.seconds = time.perf_counter() - started
    plugins.register(plugin, module)
    if source.provenance.origin == "entry point":
        _report_versions(plugins, plugin)
    return plugin


def _report_versions(plugins: Plugins, plugin: Plugin) -> None:
    """Tell where a distribution is installed twice: Python takes the first it finds."""
    from importlib.metadata import distributions

    name = plugin.provenance.distribution
    found = {each.version: each.locate_file("") for each in distributions(name=name)}
    if len(found) > 1:
        used = plugin.provenance.version
        others = ", ".join(
            f"{version} ({folder})" for version, folder in found.items() if version != used
        )
        plugins.report(
            plugin,
            f"{name} is installed more than once: {used} ({found.get(used)}) is used, not {others}",
        )


def _load_requested(plugins: Plugins, path: Path, tolerant: bool) -> None:
    if not path.is_file():
        raise UsageError(f"there is no plugin file {path}")
    source = _from_file(path)
    if any(_same_file(plugin.provenance, source.provenance) for plugin in plugins.all):
        return
    if any(plugin.name == path.stem for plugin in plugins.all):
        # `plugin:name` must tell the two apart.
        source = replace(source, provenance=replace(source.provenance, plugin=path.name))
    plugin = _load(plugins, source)
    if tolerant:
        return
    if plugin.status == "failed" or (plugin.problems and not plugin.hooks):
        raise PluginError(plugin.complaints()[0]) from plugin.cause
    if not plugin.hooks:
        raise PluginError(
            f"{path} implements no hook",
            hint="give its functions @seqclf.hookimpl and a name such as seqclf_architectures",
        )


def _same_file(one: Provenance, other: Provenance) -> bool:
    return one.origin == "file" and (one.plugin, one.sha256) == (other.plugin, other.sha256)
