"""`seqclf plugins`."""

from __future__ import annotations

from typing import Any

import click

from seqclf.cli.documents import print_document
from seqclf.cli.options import json_option, plugin_option
from seqclf.cli.registering import load_registry
from seqclf.plugins import SLOW_IMPORT_SECONDS, Plugin
from seqclf.registry import Registry


@click.command("plugins")
@plugin_option
@json_option
def command(plugin: tuple[str, ...], as_json: bool) -> None:
    """List the plugins: where each comes from, what it gives, what failed and why."""
    from seqclf.ui.listing import print_listing

    registry = load_registry(plugin)
    given = _given(registry)
    documents = [_document(item, given.get(item.name, [])) for item in registry.plugins.all]
    if as_json:
        print_document(documents)
        return
    rows = [
        (
            item["name"],
            item["from"],
            item["status"],
            f"{item['import_ms']} ms",
            ", ".join(item["gives"]),
            "; ".join(item["problems"]),
        )
        for item in documents
    ]
    columns = ("name", "from", "status", "import", "gives", "problems")
    print_listing(rows, columns)


def _given(registry: Registry) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for kind in ("architecture", "dataset", "encoder"):
        for entry in registry.all(kind):
            given.setdefault(entry.plugin.name, []).append(f"{kind} {entry.name}")
    return given


def _document(plugin: Plugin, gives: list[str]) -> dict[str, Any]:
    problems = [*([plugin.error] if plugin.error else []), *plugin.problems]
    if plugin.slow:
        problems.append(f"its import takes longer than {SLOW_IMPORT_SECONDS * 1000:.0f} ms")
    return {
        "name": plugin.name,
        "from": plugin.provenance.short,
        "status": plugin.status,
        "import_ms": round(plugin.seconds * 1000),
        "hooks": plugin.hooks,
        "gives": gives,
        "problems": problems,
    }
