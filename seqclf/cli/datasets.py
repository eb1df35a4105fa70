"""`seqclf datasets [NAME]`."""

from __future__ import annotations

import click

from seqclf.cli import complete
from seqclf.cli.listing import describe_options, load_registry, print_document, show_facts, show_rows
from seqclf.cli.options import json_option, plugin_option


@click.command("datasets")
@click.argument("name", required=False, shell_complete=complete.datasets)
@plugin_option
@json_option
def command(name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
    """List the datasets, or show one with its options and the settings it brings."""
    registry = load_registry(plugin)
    if name is None:
        _list(registry, as_json)
        return
    entry = registry.find("dataset", name)
    dataset = entry.thing
    options = describe_options(dataset.load, dataset.options)
    if as_json:
        print_document(
            {
                "name": dataset.name,
                "summary": dataset.summary,
                "origin": dataset.origin,
                "kind": dataset.kind,
                "labels": list(dataset.labels),
                "licence": dataset.licence,
                "source": dataset.source,
                "settings": dict(dataset.defaults),
                "plugin": entry.plugin.name,
                "options": options,
            }
        )
        return
    show_facts(
        dataset.name,
        dataset.summary,
        {
            "classes": ", ".join(dataset.labels),
            "kind": dataset.kind,
            "origin": dataset.origin,
            "licence": dataset.licence,
            "source": dataset.source,
            "settings": ", ".join(f"{key}={value}" for key, value in dataset.defaults.items()),
            "from": str(entry.plugin.provenance),
        },
    )
    show_rows(options, title="options (-d NAME=VALUE)")


def _list(registry, as_json: bool) -> None:  # type: ignore[no-untyped-def]
    rows = [
        {
            "name": entry.name,
            "classes": len(entry.thing.labels),
            "origin": entry.thing.origin,
            "plugin": entry.plugin.provenance.distribution or entry.plugin.name,
            "summary": entry.thing.summary,
        }
        for entry in registry.datasets()
    ]
    print_document(rows) if as_json else show_rows(rows)
