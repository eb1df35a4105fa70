"""`seqclf evaluate RUN`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from seqclf.cli.documents import print_document
from seqclf.cli.finding import open_named_run
from seqclf.cli.options import (
    data_dir_option,
    json_option,
    out_option,
    plugin_option,
    run_argument,
)


@click.command("evaluate")
@run_argument
@click.option(
    "--split",
    type=click.Choice(["test", "validation", "train"]),
    default="test",
    show_default=True,
    help="Which examples to judge by.",
)
@data_dir_option
@out_option
@plugin_option
@json_option
def command(
    run: str,
    split: str,
    data_dir: str | None,
    out: Path | None,
    plugin: tuple[str, ...],
    as_json: bool,
) -> None:
    """Judge RUN (its folder, its name, or "last") by the dataset it was trained on."""
    from seqclf.job import evaluate_run
    from seqclf.loading import registry_for
    from seqclf.ui.consoles import stderr_console, stdout_console
    from seqclf.ui.report import print_report
    from seqclf.ui.screen import training_screen

    opened, registry = open_named_run(run, out, plugin)
    registry = registry_for(opened, registry)
    with training_screen(stderr_console()) as screen:
        report = evaluate_run(opened, registry, split=split, data_dir=data_dir, listeners=[screen])
    if as_json:
        print_document({"run": opened.name, **dataclasses.asdict(report)})
    else:
        print_report(stdout_console(), report)
