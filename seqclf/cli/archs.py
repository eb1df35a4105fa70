"""`seqclf archs [NAME]`."""

from __future__ import annotations

import click

from seqclf.cli import complete
from seqclf.cli.listings import Listing, joined, name_argument
from seqclf.cli.optionlists import with_help
from seqclf.cli.options import json_option, plugin_option

LISTING = Listing(
    kind="architecture",
    columns=("name", "from", "summary"),
    row=lambda e: (e.name, e.plugin.provenance.short, e.thing.summary),
    brief=lambda e: {"name": e.name, "summary": e.thing.summary, "plugin": e.plugin.name},
    facts=lambda e: {
        "name": e.name,
        "summary": e.thing.summary,
        "reference": e.thing.reference,
        "settings": joined(e.thing.defaults),
    },
    document=lambda e: {
        "name": e.name,
        "summary": e.thing.summary,
        "reference": e.thing.reference,
        "plugin": e.plugin.name,
        "settings": dict(e.thing.defaults),
    },
    options=lambda e: with_help(e.thing.build, e.thing.options),
    flag="-p",
)


@click.command("archs")
@name_argument(complete.architectures)
@plugin_option
@json_option
def command(name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
    """List the architectures, or show NAME with its options."""
    LISTING.show(name, plugin, as_json)
