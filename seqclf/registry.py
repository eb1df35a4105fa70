"""Names and what they stand for, with who gave it; conflicts, suggestions."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from seqclf.contracts import Architecture, Dataset, Encoder, Metric, encoder_options
from seqclf.errors import PluginError, PluginUnavailableError, unknown
from seqclf.plugins import Plugin, Plugins

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]*")
_METRIC_NAME = re.compile(r"(?!val_|(loss|accuracy|lr)$)[a-z][a-z0-9_]*")
_ENCODER_MEMBERS = ("fit", "encode", "to_dict", "from_dict")

KINDS = ("architecture", "dataset", "encoder", "metric")
"""The kinds of things that plugins give."""

_WANTED = {
    "architecture": "what @seqclf.architecture makes",
    "dataset": "what @seqclf.dataset makes",
    "encoder": "an encoder class (seqclf.contracts.Encoder)",
    "metric": "what @seqclf.metric makes",
}


@dataclass(frozen=True)
class Entry:
    """One registered thing.

    Args:
        name: its name.
        thing: an `Architecture`, a `Dataset`, a `Metric` or an encoder class.
        plugin: who gave it.
    """

    name: str
    thing: Any
    plugin: Plugin

    def answers_to(self, name: str) -> bool:
        """Tell whether this is meant: `name`, `plugin:name` or `distribution:name`."""
        distribution = self.plugin.provenance.distribution
        return name in (self.name, self.qualified, f"{distribution}:{self.name}")

    @property
    def qualified(self) -> str:
        """The name that is never ambiguous: `plugin:name`."""
        return f"{self.plugin.name}:{self.name}"


class Registry:
    """What the plugins give, by name.

    Args:
        plugins: the loaded plugins.
    """

    def __init__(self, plugins: Plugins) -> None:
        self.plugins = plugins
        self._entries: dict[str, list[Entry]] = {}

    def architectures(self) -> list[Entry]:
        """Give every architecture, built-in ones first."""
        return self.all("architecture")

    def datasets(self) -> list[Entry]:
        """Give every dataset, built-in ones first."""
        return self.all("dataset")

    def architecture(self, name: str) -> Architecture:
        """Find an architecture by its name, or by `plugin:name`.

        Raises:
            UsageError: nobody gives it; the nearest name is suggested.
            PluginError: two plugins give it.
            PluginUnavailableError: the plugin that would give it failed.
        """
        thing = self.find("architecture", name).thing
        assert isinstance(thing, Architecture)
        return thing

    def dataset(self, name: str) -> Dataset:
        """Find a dataset by its name, or by `plugin:name`; raises as `architecture` does."""
        thing = self.find("dataset", name).thing
        assert isinstance(thing, Dataset)
        return thing

    def encoder(self, name: str) -> type[Encoder]:
        """Find an encoder class by its name, or by `plugin:name`; raises as `architecture`."""
        found: type[Encoder] = self.find("encoder", name).thing
        return found

    def metric(self, name: str) -> Metric:
        """Find a metric by its name, or by `plugin:name`; raises as `architecture` does."""
        thing = self.find("metric", name).thing
        assert isinstance(thing, Metric)
        return thing

    def find(self, kind: str, name: str) -> Entry:
        """Find the one entry of a kind, one of `KINDS`, with a name.

        In its errors an encoder is a tokenizer, as the flag that names it has it.
        """
        entries = self.all(kind)
        matches = [entry for entry in entries if entry.answers_to(name)]
        built_in = [e for e in matches if e.plugin.provenance.origin == "built-in"]
        if len(matches) == 1 or built_in:
            return (built_in or matches)[0]
        if matches:
            givers = " and ".join(str(entry.plugin.provenance) for entry in matches)
            raise PluginError(
                f"two plugins give the {_said(kind)} '{name}': {givers}",
                hint=f"write {' or '.join(entry.qualified for entry in matches)}",
            )
        self._raise_if_failed(kind, name)
        failed = ", ".join(plugin.name for plugin in self.plugins.failed())
        hint = f"(not loaded, since they failed: {failed})" if failed else ""
        self._raise_if_withheld(kind, name)
        raise unknown(_said(kind), name, {entry.name for entry in entries}, hint=hint)

    def _raise_if_withheld(self, kind: str, name: str) -> None:
        """Raise where a plugin file has the hook, but what it gave could not be taken."""
        for plugin in self.plugins.all:
            gave = any(entry.plugin is plugin for entry in self.all(kind))
            if plugin.provenance.origin == "file" and not gave and plugin.problems:
                raise PluginUnavailableError(
                    f"there is no {_said(kind)} '{name}': {plugin.provenance}: {plugin.problems[0]}"
                ) from plugin.cause

    def _raise_if_failed(self, kind: str, name: str) -> None:
        plugin_name = name.partition(":")[0].lower()
        for plugin in self.plugins.all:
            own_names = (plugin.name.lower(), plugin.provenance.distribution.lower())
            if plugin.status != "loaded" and plugin_name in own_names:
                reason = plugin.error or "it is disabled (SEQCLF_LOAD_PLUGINS, _DISABLE_PLUGINS)"
                raise PluginUnavailableError(
                    f"the {_said(kind)} '{name}' is not available: {plugin.provenance} did not "
                    f"load: {reason}"
                ) from plugin.cause

    def all(self, kind: str) -> list[Entry]:
        """Give everything of a kind, one of `KINDS`, built-ins first."""
        if kind not in self._entries:
            self._entries[kind] = list(self._collect(kind))
        return self._entries[kind]

    def _collect(self, kind: str) -> Iterable[Entry]:
        hook = f"seqclf_{kind}s"
        taken: dict[str, Entry] = {}
        for plugin, given in self.plugins.call(hook):
            if not isinstance(given, Iterable) or isinstance(given, str):
                said = "it gives nothing" if given is None else f"it gives {_short(given)}"
                self.plugins.report(plugin, f"{hook} must return a list; {said}")
                continue
            for thing in given:
                entry = self._checked(kind, hook, plugin, thing)
                if entry is None:
                    continue
                first = taken.setdefault(entry.name, entry)
                if first is not entry and first.plugin is plugin:
                    self.plugins.report(plugin, f"{hook} gave the {kind} '{entry.name}' twice")
                    continue
                if first is not entry:
                    self.plugins.report(
                        plugin,
                        f"the {kind} '{entry.name}' is also given by {first.plugin.provenance}; "
                        f"this one is {entry.qualified}",
                    )
                yield entry

    def _checked(self, kind: str, hook: str, plugin: Plugin, thing: Any) -> Entry | None:
        if not _is_a(kind, thing):
            lacks = _missing_members(thing) if kind == "encoder" else ""
            said = f"{hook} gave {_short(thing)}, not {_WANTED[kind]}{lacks}"
            self.plugins.report(plugin, said)
            return None
        name = thing.name
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            self.plugins.report(
                plugin,
                f"{hook} gave the name {name!r}; names are lower-case letters, digits, _ - .",
            )
            return None
        if kind == "metric" and not _METRIC_NAME.fullmatch(name):
            self.plugins.report(
                plugin,
                f"{hook} gave the name {name!r}; a metric's is lower-case letters, digits and _, "
                "does not begin with val_, and is not loss, accuracy or lr",
            )
            return None
        if kind == "encoder":
            try:
                encoder_options(thing)
            except (TypeError, ValueError) as error:
                self.plugins.report(plugin, f"encoder '{name}': {error}")
                return None
        return Entry(name, thing, plugin)


def _said(kind: str) -> str:
    """Give what people call a kind."""
    return "tokenizer" if kind == "encoder" else kind


def _is_a(kind: str, thing: Any) -> bool:
    if kind == "architecture":
        return isinstance(thing, Architecture)
    if kind == "dataset":
        return isinstance(thing, Dataset)
    if kind == "metric":
        return isinstance(thing, Metric)
    return (
        isinstance(thing, type)
        and hasattr(thing, "name")
        and all(hasattr(thing, member) for member in _ENCODER_MEMBERS)
    )


def _missing_members(thing: Any) -> str:
    if not isinstance(thing, type):
        return "; give the class, not an object of it"
    members = [name for name in ("name", *_ENCODER_MEMBERS) if not hasattr(thing, name)]
    return f"; it lacks {', '.join(members)}" if members else ""


def _short(thing: Any) -> str:
    """Show what a hook gave in a few words."""
    if isinstance(thing, (Architecture, Dataset, Metric)):
        return f"the {type(thing).__name__.lower()} '{thing.name}' itself"
    if callable(thing) and hasattr(thing, "__name__"):
        return f"the function or class '{thing.__name__}'"
    return reprlib.repr(thing)
