"""Finding, isolating and blaming plugins. Built-ins come first, through the same hooks.

Each plugin is loaded and registered alone, so that one that fails costs one
line and nothing else; each hook implementation is called alone, so that we
know who gave what.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import inspect
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pluggy

from seqclf import __version__, hookspecs
from seqclf.contracts import Provenance
from seqclf.errors import PluginError, UsageError, nearest

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

ENTRY_POINT_GROUP = "seqclf"
ALLOW, BLOCK = "SEQCLF_LOAD_PLUGINS", "SEQCLF_DISABLE_PLUGINS"
BUILT_IN = ("seqclf.architectures", "seqclf.datasets", "seqclf.encoding")
SLOW_IMPORT_SECONDS = 0.1


@dataclass
class Plugin:
    """What is known of one plugin, loaded or not.

    Attributes:
        provenance: where it comes from.
        status: "loaded", "failed" or "disabled".
        seconds: how long its import took.
        error: why it failed, in one sentence.
        cause: the exception itself.
        problems: what is wrong with it although it loaded, one sentence each.
        hooks: the hooks it implements.
        module: the plugin object.
    """

    provenance: Provenance
    status: Literal["loaded", "failed", "disabled"] = "loaded"
    seconds: float = 0.0
    error: str = ""
    cause: BaseException | None = None
    problems: list[str] = field(default_factory=list)
    hooks: list[str] = field(default_factory=list)
    module: Any = None

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.provenance.plugin

    @property
    def slow(self) -> bool:
        """Whether its import took longer than a plugin's should."""
        return self.seconds > SLOW_IMPORT_SECONDS and self.provenance.origin != "built-in"

    def complaints(self) -> list[str]:
        """Say what is wrong with it, one sentence each."""
        failed = [f"{self.provenance} failed: {self.error}"] if self.status == "failed" else []
        return failed + [f"{self.provenance}: {problem}" for problem in self.problems]


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
        implemented = list(_implementations(self._manager, module))
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
        plugin.error = describe_failure(error)
        plugin.cause = error
        if plugin not in self.all:
            self.all.append(plugin)
        if self.strict:
            raise PluginError(plugin.complaints()[0]) from error

    def report(self, plugin: Plugin, problem: str) -> None:
        """Keep a problem of a plugin that loaded; raises it under `SEQCLF_STRICT_PLUGINS`."""
        plugin.problems.append(problem)
        if self.strict:
            raise PluginError(plugin.complaints()[-1])

    def call(self, hook: str, **arguments: Any) -> Iterator[tuple[Plugin, Any]]:
        """Call each plugin's implementation of a hook alone, in the order of loading.

        Yields:
            The plugin and what it gave. One that raises is reported and skipped.
        """
        for plugin in self.all:
            if plugin.status != "loaded" or hook not in plugin.hooks:
                continue
            others = [other.module for other in self.all if other.module is not plugin.module]
            caller = self._manager.subset_hook_caller(hook, [o for o in others if o is not None])
            try:
                given = caller(**arguments)
            except Exception as error:
                self.report(plugin, f"{hook} raised {describe_failure(error)}")
                continue
            for item in given:
                yield plugin, item

    def complaints(self) -> list[str]:
        """Say what is wrong with the plugins, one sentence each."""
        return [
            *(sentence for plugin in self.all for sentence in plugin.complaints()),
            *self.unmatched,
        ]

    def failed(self) -> list[Plugin]:
        """Give the plugins that failed to load."""
        return [plugin for plugin in self.all if plugin.status == "failed"]


def load_plugins(
    files: Sequence[str | os.PathLike[str]] = (), environ: Mapping[str, str] | None = None
) -> Plugins:
    """Load the built-ins, then entry points by (distribution, name), then files.

    Args:
        files: plugin files asked for by name (`--plugin FILE`); one that fails is an error.
        environ: the environment; defaults to the process' own. Read from it:
            `SEQCLF_LOAD_PLUGINS` (names to load, by comma; empty loads only
            built-ins), `SEQCLF_DISABLE_PLUGINS` (names not to load),
            `SEQCLF_STRICT_PLUGINS` (1: the first problem is an error) and
            `SEQCLF_PLUGINS_DIR` (a folder of plugin files).

    Raises:
        UsageError: a file that is not there.
        PluginError: a file asked for fails, or anything fails under strict.
    """
    environ = os.environ if environ is None else environ
    allowed = _names(environ.get(ALLOW))
    blocked = _names(environ.get(BLOCK)) or set()
    plugins = Plugins(strict=environ.get("SEQCLF_STRICT_PLUGINS", "") not in ("", "0"))
    for name in BUILT_IN:
        provenance = Provenance(name, "built-in", "seqclf", __version__)
        if _own_names(provenance) & blocked:
            plugins.all.append(Plugin(provenance, "disabled"))
        else:
            _load(plugins, provenance, lambda name=name: importlib.import_module(name))
    for provenance, load in _discovered(environ, allowed):
        names = _own_names(provenance)
        if names & blocked or (allowed is not None and not names & allowed):
            plugins.all.append(Plugin(provenance, "disabled"))
        else:
            _load(plugins, provenance, load)
    for file in files:
        _load_requested(plugins, Path(file))
    known = set().union(*(_own_names(plugin.provenance) for plugin in plugins.all))
    # Where only built-ins are wanted, nobody looked for the others.
    listed = {} if allowed == set() else {ALLOW: allowed or set(), BLOCK: blocked}
    for variable, names in listed.items():
        for name in sorted(names - known):
            plugins.unmatched.append(f"{variable} names '{name}', but there is no such plugin")
    return plugins


def _names(value: str | None) -> set[str] | None:
    if value is None:
        return None
    return {_normal(name) for name in value.split(",") if name.strip()}


def _normal(name: str) -> str:
    """Spell a name as package indexes compare them: lower case, `-` for `_` and `.`."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _own_names(provenance: Provenance) -> set[str]:
    return {_normal(name) for name in (provenance.plugin, provenance.distribution) if name}


def _discovered(
    environ: Mapping[str, str], allowed: set[str] | None
) -> Iterator[tuple[Provenance, Any]]:
    if allowed != set():
        taken: set[str] = set()
        for point in _entry_points():
            distribution = point.dist.name if point.dist else ""
            version = point.dist.version if point.dist else ""
            name = point.name if point.name not in taken else f"{distribution}.{point.name}"
            taken.add(point.name)
            yield Provenance(name, "entry point", distribution, version), point.load
    folder = environ.get("SEQCLF_PLUGINS_DIR")
    if folder:
        for path in sorted(Path(folder).glob("*.py")):
            yield _file_provenance(path), lambda path=path: import_file(path)


def _entry_points() -> Iterable[EntryPoint]:
    from importlib.metadata import entry_points

    return sorted(
        entry_points(group=ENTRY_POINT_GROUP),
        key=lambda point: (point.dist.name if point.dist else "", point.name),
    )


def _load(plugins: Plugins, provenance: Provenance, load: Any) -> Plugin:
    plugin = Plugin(provenance)
    started = time.perf_counter()
    try:
        module = load()
    except (Exception, SystemExit) as error:
        plugins.fail(plugin, error)
        return plugin
    finally:
        plugin.seconds = time.perf_counter() - started
    plugins.register(plugin, module)
    return plugin


def _load_requested(plugins: Plugins, path: Path) -> None:
    if not path.is_file():
        raise UsageError(f"there is no plugin file {path}")
    plugin = _load(plugins, _file_provenance(path), lambda: import_file(path))
    if plugin.status == "failed":
        raise PluginError(plugin.complaints()[0]) from plugin.cause
    if not plugin.hooks:
        raise PluginError(
            f"{path} implements no hook",
            hint="give its functions @seqclf.hookimpl and a name such as seqclf_architectures",
        )


def _file_provenance(path: Path) -> Provenance:
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        digest = ""
    return Provenance(path.stem, "file", file=str(path), sha256=digest)


def import_file(path: Path) -> Any:
    """Import a plugin file under a name of its own.

    The module is kept in `sys.modules`, since annotations and Keras' registry
    of custom layers look it up there.
    """
    name = f"seqclf_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _implementations(manager: pluggy.PluginManager, module: Any) -> Iterator[str]:
    """Name the functions marked with `@hookimpl`, misspelt ones included."""
    for name in dir(module):
        function = inspect.getattr_static(module, name, None)
        if callable(function) and manager.parse_hookimpl_opts(module, name) is not None:
            yield name


def describe_failure(error: BaseException) -> str:
    """Say in one line what an exception says, with the remedy where it is plain."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno} is not Python: {error.msg}"
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        if top in sys.modules:
            return f"it needs the module '{error.name}', which this version of {top} does not have"
        return f"it needs the module '{top}' (pip install {top})"
    if isinstance(error, SystemExit):
        return f"it ended the program with status {error.code}"
    told = " ".join(str(error).split())
    return f"{type(error).__name__}: {told}" if told else type(error).__name__
