"""`seqclf evaluate RUN`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click

from seqclf.cli.documents import print_document
from seqclf.cli.fileoptions import labelled_options, taken_file_options
from seqclf.cli.finding import open_named_run
from seqclf.cli.options import (
    data_dir_option,
    json_option,
    kernel_option,
    out_option,
    plugin_option,
    run_argument,
)
from seqclf.cli.sections import SectionedCommand
from seqclf.errors import UsageError


@click.command("evaluate", cls=SectionedCommand)
@run_argument
@click.option(
    "--split",
    type=click.Choice(["test", "validation", "train"]),
    help="Which examples of the run's own dataset to judge by.  [default: test]",
)
@click.option(
    "--file",
    type=click.Path(path_type=str),
    metavar="FILE",
    help="Judge by this labelled file or folder instead.",
)
@data_dir_option
@kernel_option
@out_option
@plugin_option
@json_option
@labelled_options
def command(
    run: str,
    split: str | None,
    file: str | None,
    data_dir: str | None,
    kernel: str | None,
    out: Path | None,
    plugin: tuple[str, ...],
    as_json: bool,
    **columns: Any,
) -> None:
    """Judge RUN (its folder, its name, or "last") by the dataset it was trained on, or by FILE.

    FILE has the columns that the run was trained on, unless others are named.
    """
    options = taken_file_options(columns)
    if file is None and options:
        name = next(iter(options)).replace("_", "-")
        raise UsageError(f"--{name} says how a file is read", hint="name the file with --file FILE")
    if file is not None and split is not None:
        raise UsageError("--split is for the run's own dataset, but --file names another")
    from seqclf.job import evaluate_file, evaluate_run
    from seqclf.loading import registry_for
    from seqclf.ui.consoles import stderr_console, stdout_console
    from seqclf.ui.report import print_report
    from seqclf.ui.screen import training_screen

    opened, registry = open_named_run(run, out, plugin, kernel)
    registry = registry_for(opened, registry, dataset=file is None)
    with training_screen(stderr_console()) as screen:
        if file is None:
            report = evaluate_run(
                opened, registry, split=split or "test", data_dir=data_dir, listeners=[screen]
            )
        else:
            report = evaluate_file(opened, registry, file, options=options, listeners=[screen])
    if as_json:
        chosen = {"kernel": opened.kernel.kernel, "kernel_reason": opened.kernel.reason}
        print_document({"run": opened.name, **chosen, **dataclasses.asdict(report)})
    else:
        print_report(stdout_console(), report)
