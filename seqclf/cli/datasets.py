"""`seqclf datasets [NAME]`."""

from __future__ import annotations

from typing import Any

import click

from seqclf.cli import complete
from seqclf.cli.listings import Listing, joined, name_argument
from seqclf.cli.optionlists import with_help
from seqclf.cli.options import json_option, plugin_option
from seqclf.contracts import Dataset
from seqclf.registry import Entry

_BY_THE_DATA = "as the data say"


def _row(entry: Entry) -> tuple[Any, ...]:
    dataset: Dataset = entry.thing
    classes = len(dataset.labels) or _BY_THE_DATA
    return entry.name, classes, dataset.origin, entry.plugin.provenance.short, dataset.summary


def _facts(entry: Entry) -> dict[str, str]:
    dataset: Dataset = entry.thing
    return {
        "name": dataset.name,
        "summary": dataset.summary,
        "classes": ", ".join(dataset.labels) or _BY_THE_DATA,
        "kind": dataset.kind if dataset.labels else _BY_THE_DATA,
        "origin": dataset.origin,
        "source": dataset.source,
        "licence": dataset.licence,
        "tokenizer": dataset.encoder,
        "settings": joined(dataset.defaults),
    }


def _document(entry: Entry) -> dict[str, Any]:
    dataset: Dataset = entry.thing
    return {
        "name": dataset.name,
        "summary": dataset.summary,
        "kind": dataset.kind if dataset.labels else None,
        "labels": list(dataset.labels),
        "origin": dataset.origin,
        "licence": dataset.licence,
        "source": dataset.source,
        "sha256": dict(dataset.sha256),
        "tokenizer": dataset.encoder,
        "plugin": entry.plugin.name,
        "settings": dict(dataset.defaults),
    }


LISTING = Listing(
    kind="dataset",
    columns=("name", "classes", "origin", "from", "summary"),
    row=_row,
    brief=lambda e: {
        "name": e.name,
        "summary": e.thing.summary,
        "origin": e.thing.origin,
        "labels": list(e.thing.labels),
        "plugin": e.plugin.name,
    },
    facts=_facts,
    document=_document,
    options=lambda e: with_help(e.thing.load, e.thing.options),
    flag="-d",
)


@click.command("datasets")
@name_argument(complete.datasets)
@plugin_option
@json_option
def command(name: str | None, plugin: tuple[str, ...], as_json: bool) -> None:
    """List the datasets, or show NAME with its options and the settings it brings."""
    LISTING.show(name, plugin, as_json)
