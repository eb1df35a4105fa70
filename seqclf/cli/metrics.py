"""`seqclf metrics [NAME]`."""

from __future__ import annotations

import click

from seqclf.cli import complete
from seqclf.cli.listings import Listing, name_argument
from seqclf.cli.options import json_option, plugin_option

LISTING = Listing(
    kind="metric",
    columns=("name", "tasks", "from", "summary"),
    row=lambda e: (
        e.name,
        ", ".join(e.thing.kinds),
        e.plugin.provenance.short,
        e.thing.summary,
    ),
    brief=lambda e: {
        "name": e.name,
        "summary": e.thing.summary,
        "kinds": list(e.thing.kinds),
        "plugin": e.plugin.name,
    },
    facts=lambda e: {
        "name": e.name,
        "summary": e.thing.summary,
        "tasks": ", ".join(e.thing.kinds),
    },
    document=lambda e: {
        "name": e.name,
        "summary": e.thing.summary,
        "kinds": list(e.thing.kinds),
        "plugin": e.plugin.name,
    },
)


@click.command("metrics")
@name_argument(complete.metrics)
@plugin_option
@json_option
def command(name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
    """List the metrics for --metrics, or show NAME; loss and accuracy are always there."""
    LISTING.show(name, plugin, as_json)
