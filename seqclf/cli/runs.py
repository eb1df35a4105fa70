"""`seqclf runs`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from seqclf.cli.documents import print_document
from seqclf.cli.options import json_option, out_option


@click.command("runs")
@out_option
@json_option
def command(out: Path | None, as_json: bool) -> None:
    """List the runs, the oldest first, with their figures."""
    from seqclf.runs.folder import list_runs, runs_folder
    from seqclf.ui.listing import print_listing

    parent = runs_folder() if out is None else out
    documents = [_document(state) for state in list_runs(parent)]
    if as_json:
        print_document(documents)
        return
    rows = [
        (
            item["name"],
            item["status"],
            item["dataset"],
            item["arch"],
            "" if item["epochs"] is None else item["epochs"],
            _share(item["val_accuracy"]),
            _share(item["test_accuracy"]),
            _local(item["started"]),
        )
        for item in documents
    ]
    columns = ("name", "status", "dataset", "arch", "epochs", "val", "test", "started")
    print_listing(
        rows,
        columns,
        empty=f"There is no run in {parent} yet; make one: seqclf run reviews",
    )


def _document(state: Any) -> dict[str, Any]:
    from seqclf.errors import RunError
    from seqclf.runs.files import read_json

    try:
        figures = read_json(state.folder / "metrics.json")
        kept, test = figures["kept"], figures["test"]
    except (RunError, KeyError, TypeError):
        figures, kept, test = {}, {}, None
    return {
        "name": state.name,
        "folder": str(state.folder),
        "status": state.status,
        "dataset": state.values.get("data") or state.values.get("dataset", ""),
        "arch": state.values.get("arch", ""),
        "started": state.values.get("started", ""),
        "epochs": figures.get("epochs"),
        "kept_epoch": figures.get("kept_epoch"),
        "val_accuracy": (kept or {}).get("val_accuracy"),
        "test_accuracy": (test or {}).get("accuracy"),
    }


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.4f}"


def _local(started: str) -> str:
    try:
        return datetime.fromisoformat(started).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return ""
