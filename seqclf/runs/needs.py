"""What a run needs from plugins, and the sentence when it is not there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seqclf.errors import PluginUnavailableError
from seqclf.runs.folder import RunState


def plugin_of(state: RunState, kind: str) -> Mapping[str, Any]:
    """Give what `run.json` says of the plugin behind a run's architecture, dataset or encoder."""
    found: Mapping[str, Any] = state.values.get("plugins", {}).get(kind, {})
    return found


def needs_plugin(state: RunState, kind: str, what: str) -> PluginUnavailableError:
    """Make the error for a run that needs something from a plugin that is not there."""
    plugin = plugin_of(state, kind)
    name, distribution = plugin.get("plugin", "?"), plugin.get("distribution")
    if distribution:
        wanted = f"plugin '{name}' ({distribution} {plugin.get('version')})"
        hint = f"pip install {distribution}"
    else:
        wanted = f"the plugin file {plugin.get('file') or name}"
        hint = "put it back, or train the run again"
    return PluginUnavailableError(f"run '{state.name}' needs {what} from {wanted}", hint=hint)
