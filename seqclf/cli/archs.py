"""`seqclf archs [NAME]`."""

from __future__ import annotations

import click

from seqclf.cli import complete
from seqclf.cli.documents import print_document
from seqclf.cli.optionlists import option_documents, with_help
from seqclf.cli.options import json_option, plugin_option
from seqclf.cli.registering import load_registry, tell_complaints
from seqclf.registry import Registry


@click.command("archs")
@click.argument("name", required=False, shell_complete=complete.architectures)
@plugin_option
@json_option
def command(name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
    """List the architectures, or show NAME with its options."""
    registry = load_registry(plugin)
    if name is None:
        _list(registry, as_json)
    else:
        _show(registry, name, as_json)
    tell_complaints(registry.plugins)


def _list(registry: Registry, as_json: bool) -> None:
    from seqclf.ui.listing import print_listing

    entries = registry.architectures()
    if as_json:
        print_document(
            [{"name": e.name, "summary": e.thing.summary, "plugin": e.plugin.name} for e in entries]
        )
        return
    rows = [(e.name, e.plugin.provenance.short, e.thing.summary) for e in entries]
    print_listing(rows, ("name", "from", "summary"))


def _show(registry: Registry, name: str, as_json: bool) -> None:
    from seqclf.ui.listing import print_facts, print_options

    entry = registry.find("architecture", name)
    architecture = entry.thing
    options = with_help(architecture.build, architecture.options)
    settings = dict(architecture.defaults)
    if as_json:
        print_document(
            {
                "name": architecture.name,
                "summary": architecture.summary,
                "reference": architecture.reference,
                "plugin": entry.plugin.name,
                "settings": settings,
                "options": option_documents(options),
            }
        )
        return
    facts = {
        "name": architecture.name,
        "summary": architecture.summary,
        "reference": architecture.reference,
        "settings": ", ".join(f"{key}={value}" for key, value in settings.items()),
        "from": str(entry.plugin.provenance),
    }
    print_facts([(label, value) for label, value in facts.items() if value])
    print_options(options, title="Options (-p NAME=VALUE)")
