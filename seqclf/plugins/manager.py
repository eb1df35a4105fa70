"""The plugins of one command: registered alone, called alone, blamed by name.

Each plugin is registered alone, so that one that fails costs one line and
nothing else; each hook implementation is called alone, so that we know who
gave what.
"""

from __future__ import annotations

import contextlib
import inspect
import sys
from collections.abc import Iterator
from typing import Any

import pluggy

from seqclf import hookspecs
from seqclf.errors import PluginError, nearest
from seqclf.plugins.compatibility import OtherApiVersionError, check_api_version
from seqclf.plugins.record import Plugin, WrongArgumentsError, describe_failure


class Plugins:
    """All plugins of one command or session; made by `load_plugins`.

    Attributes:
        all: every plugin found, in order: built-ins, entry points, files.
        unmatched: sentences about names in `SEQCLF_LOAD_PLUGINS` and
            `SEQCLF_DISABLE_PLUGINS` that no plugin has.
        strict: whether the first problem raises (`SEQCLF_STRICT_PLUGINS=1`).
    """

    def __init__(self, *, strict: bool = False) -> None:
        self.all: list[Plugin] = []
        self.unmatched: list[str] = []
        self.strict = strict
        self._manager = pluggy.PluginManager("seqclf")
        self._manager.add_hookspecs(hookspecs)

    def register(self, plugin: Plugin, module: Any) -> None:
        """Register one plugin object; what is wrong with it is kept, not raised."""
        known = {name for name in dir(hookspecs) if name.startswith("seqclf_")}
        plugin.module = module
        self.all.append(plugin)
        try:
            check_api_version(module)
        except OtherApiVersionError as error:
            self.fail(plugin, error)
            return
        implemented = list(_implementations(self._manager, module))
        wrong = next(filter(None, (_wrong_arguments(module, name) for name in implemented)), None)
        if wrong:
            self.fail(plugin, WrongArgumentsError(wrong))
            return
        for name in implemented:
            if name not in known:
                suggestion = nearest(name, known)
                advice = f"; did you mean {suggestion}?" if suggestion else ""
                self.report(plugin, f"there is no hook '{name}'{advice}")
        try:
            self._manager.register(module, f"{len(self.all)}:{plugin.name}")
        except (pluggy.PluginValidationError, ValueError) as error:
            if self._manager.is_registered(module):
                self._manager.unregister(module)
            self.fail(plugin, error)
            return
        plugin.hooks = sorted(known.intersection(implemented))

    def fail(self, plugin: Plugin, error: BaseException) -> None:
        """Keep a plugin's failure; raises it under `SEQCLF_STRICT_PLUGINS`."""
        plugin.status = "failed"
        plugin.error = describe_failure(error, plugin.source)
        plugin.cause = error
        if plugin not in self.all:
            self.all.append(plugin)
        if self.strict:
            raise PluginError(plugin.complaints()[0]) from error

    def report(self, plugin: Plugin, problem: str, cause: BaseException | None = None) -> None:
        """Keep a problem of a plugin that loaded; raises it under `SEQCLF_STRICT_PLUGINS`."""
        plugin.problems.append(problem)
        plugin.cause = plugin.cause or cause
        if self.strict:
            raise PluginError(f"{plugin.provenance}: {problem}") from cause

    def call(self, hook: str, **arguments: Any) -> Iterator[tuple[Plugin, Any]]:
        """Call each plugin's implementation of a hook alone, in the order of loading.

        Yields:
            The plugin and what it gave, None included. What it prints goes to standard error.
            One that raises is reported, skipped, and not called again.
        """
        for plugin in self.implementing(hook):
            others = [other.module for other in self.all if other.module is not plugin.module]
            caller = self._manager.subset_hook_caller(hook, [o for o in others if o is not None])
            try:
                with contextlib.redirect_stdout(sys.stderr):
                    # A hook may be a generator, which runs only when it is read.
                    given = [
                        list(item) if isinstance(item, Iterator) else item
                        for item in caller(**arguments)
                    ]
            except KeyboardInterrupt:
                raise
            except SystemExit as error:
                plugin.silenced.add(hook)
                self.report(plugin, f"{hook} tried to end the program ({error.code})", error)
                continue
            except BaseException as error:
                plugin.silenced.add(hook)
                self.report(
                    plugin, f"{hook} raised {describe_failure(error, plugin.source)}", error
                )
                continue
            for item in given or [None]:
                yield plugin, item

    def implementing(self, hook: str) -> list[Plugin]:
        """Give the plugins that a hook is called on."""
        return [
            plugin
            for plugin in self.all
            if plugin.status == "loaded" and hook in plugin.hooks and hook not in plugin.silenced
        ]

    def complaints(self) -> list[str]:
        """Say what is wrong with the plugins, one sentence each."""
        return [
            *(sentence for plugin in self.all for sentence in plugin.complaints()),
            *self.unmatched,
        ]

    def failed(self) -> list[Plugin]:
        """Give the plugins that failed to load."""
        return [plugin for plugin in self.all if plugin.status == "failed"]


def _implementations(manager: pluggy.PluginManager, module: Any) -> Iterator[str]:
    """Name the functions marked with `@hookimpl`, misspelt ones included."""
    for name in dir(module):
        function = inspect.getattr_static(module, name, None)
        if callable(function) and manager.parse_hookimpl_opts(module, name) is not None:
            yield name


def _wrong_arguments(module: Any, hook: str) -> str:
    """Say which arguments of an implementation its hook does not have, "" where all is well."""
    specification = getattr(hookspecs, hook, None)
    function = inspect.getattr_static(module, hook)
    if specification is None or not inspect.isfunction(function):
        return ""
    given = list(inspect.signature(specification).parameters)
    names = [name for name in inspect.signature(function).parameters if name != "self"]
    unknown = [name for name in names if name not in given]
    if not unknown:
        return ""
    has = ", ".join(given) or "no arguments"
    return f"{hook} has {has}, not {', '.join(unknown)}; any of them may be left out"
