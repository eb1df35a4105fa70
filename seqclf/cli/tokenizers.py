"""`seqclf tokenizers [NAME]`."""

from __future__ import annotations

import click

from seqclf.cli import complete
from seqclf.cli.listings import Listing, name_argument
from seqclf.cli.optionlists import with_help
from seqclf.cli.options import json_option, plugin_option
from seqclf.contracts import encoder_options, summary_of

LISTING = Listing(
    kind="encoder",
    columns=("name", "from", "summary"),
    row=lambda e: (e.name, e.plugin.provenance.short, summary_of(e.thing)),
    brief=lambda e: {"name": e.name, "summary": summary_of(e.thing), "plugin": e.plugin.name},
    facts=lambda e: {"name": e.name, "summary": summary_of(e.thing)},
    document=lambda e: {
        "name": e.name,
        "summary": summary_of(e.thing),
        "plugin": e.plugin.name,
    },
    options=lambda e: with_help(e.thing.fit, encoder_options(e.thing)),
    flag="-t",
)


@click.command("tokenizers")
@name_argument(complete.tokenizers)
@plugin_option
@json_option
def command(name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
    """List what turns texts into token ids, or show NAME with its options."""
    LISTING.show(name, plugin, as_json)
