"""What `seqclf plugins show` tells of one plugin."""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import Any

from seqclf.checks.finding import Found, find_plugins
from seqclf.plugins import Plugin
from seqclf.plugins.compatibility import VARIABLE
from seqclf.plugins.files import file_provenance
from seqclf.plugins.loading import commands_of


def plugin_details(name: str, files: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Give everything that is known of the plugins with a name, or of the one in a file.

    Args:
        name: a plugin's or a distribution's name, or a plugin file's path.
        files: other plugin files to load.

    Raises:
        UsageError: there is none.
    """
    found = find_plugins(name, files)
    if found.problem:
        return [_failed_file(found)]
    return [_details(plugin, found) for plugin in found.plugins]


def _details(plugin: Plugin, found: Found) -> dict[str, Any]:
    given = found.given(plugin)
    origin = plugin.provenance
    problems = [*([plugin.error] if plugin.error else []), *plugin.problems]
    return {
        "name": plugin.name,
        "from": origin.distribution or origin.origin,
        "version": origin.version,
        "file": origin.file or _module_file(plugin),
        "sha256": origin.sha256,
        "api_version": _declared(plugin),
        "status": plugin.status,
        "import_ms": round(plugin.seconds * 1000),
        "hooks": plugin.hooks,
        "gives": [f"{kind} {entry.name}" for kind in given for entry in given[kind]],
        "commands": [point.name for point in commands_of(plugin.provenance)],
        "problems": problems,
        "traceback": _traceback(plugin.cause),
    }


def _module_file(plugin: Plugin) -> str:
    return str(getattr(plugin.module, "__file__", None) or "")


def _declared(plugin: Plugin) -> str:
    declared = getattr(plugin.module, VARIABLE, None)
    return "" if declared is None else str(declared)


def _traceback(cause: BaseException | None) -> str:
    return "" if cause is None else "".join(traceback.format_exception(cause))


def _failed_file(found: Found) -> dict[str, Any]:
    from pathlib import Path

    origin = file_provenance(Path(found.asked))
    return {
        "name": origin.plugin,
        "from": "file",
        "version": "",
        "file": origin.file,
        "sha256": origin.sha256,
        "api_version": "",
        "status": "failed",
        "import_ms": None,
        "hooks": [],
        "gives": [],
        "commands": [],
        "problems": [found.problem],
        "traceback": _traceback(found.cause),
    }
