"""`seqclf datasets [NAME]`."""

from __future__ import annotations

import click

from seqclf.cli import complete
from seqclf.cli.documents import print_document
from seqclf.cli.optionlists import option_documents, with_help
from seqclf.cli.options import json_option, plugin_option
from seqclf.cli.registering import load_registry, tell_complaints
from seqclf.registry import Registry


@click.command("datasets")
@click.argument("name", required=False, shell_complete=complete.datasets)
@plugin_option
@json_option
def command(name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
    """List the datasets, or show NAME with its options and the settings it brings."""
    registry = load_registry(plugin)
    if name is None:
        _list(registry, as_json)
    else:
        _show(registry, name, as_json)
    tell_complaints(registry.plugins)


def _list(registry: Registry, as_json: bool) -> None:
    from seqclf.ui.listing import print_listing

    entries = registry.datasets()
    if as_json:
        print_document(
            [
                {
                    "name": e.name,
                    "summary": e.thing.summary,
                    "origin": e.thing.origin,
                    "labels": list(e.thing.labels),
                    "plugin": e.plugin.name,
                }
                for e in entries
            ]
        )
        return
    rows = [
        (e.name, len(e.thing.labels), e.thing.origin, e.plugin.provenance.short, e.thing.summary)
        for e in entries
    ]
    print_listing(rows, ("name", "classes", "origin", "from", "summary"))


def _show(registry: Registry, name: str, as_json: bool) -> None:
    from seqclf.ui.listing import print_facts, print_options

    entry = registry.find("dataset", name)
    dataset = entry.thing
    options = with_help(dataset.load, dataset.options)
    settings = dict(dataset.defaults)
    if as_json:
        print_document(
            {
                "name": dataset.name,
                "summary": dataset.summary,
                "kind": dataset.kind,
                "labels": list(dataset.labels),
                "origin": dataset.origin,
                "licence": dataset.licence,
                "source": dataset.source,
                "sha256": dict(dataset.sha256),
                "plugin": entry.plugin.name,
                "settings": settings,
                "options": option_documents(options),
            }
        )
        return
    facts = {
        "name": dataset.name,
        "summary": dataset.summary,
        "classes": ", ".join(dataset.labels),
        "kind": dataset.kind,
        "origin": dataset.origin,
        "source": dataset.source,
        "licence": dataset.licence,
        "settings": ", ".join(f"{key}={value}" for key, value in settings.items()),
        "from": str(entry.plugin.provenance),
    }
    print_facts([(label, value) for label, value in facts.items() if value])
    print_options(options, title="Options (-d NAME=VALUE)")
