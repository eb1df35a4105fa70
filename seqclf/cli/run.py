"""`seqclf run DATASET`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import click

from seqclf.cli import complete
from seqclf.cli.documents import print_document, print_event
from seqclf.cli.encodingoptions import encoding_options, taken_encoding_options
from seqclf.cli.fileoptions import file_options, taken_file_options
from seqclf.cli.options import (
    bucket_option,
    data_dir_option,
    dataset_options_option,
    given,
    json_option,
    merged,
    metrics_option,
    out_option,
    pairs,
    params_option,
    plugin_option,
    setting_options,
)
from seqclf.cli.registering import print_notes, tell_complaints
from seqclf.cli.sections import SectionedCommand
from seqclf.errors import UsageError
from seqclf.events import Listener

SETTINGS = (
    "epochs",
    "batch_size",
    "optimizer",
    "learning_rate",
    "validation_split",
    "seed",
    "class_weight",
    "patience",
    "clipnorm",
    "limit",
    "keep",
    "kernel",
)


@click.command("run", cls=SectionedCommand)
@click.argument(
    "dataset", metavar="[DATASET|FILE]", required=False, shell_complete=complete.datasets
)
@click.option(
    "--arch",
    metavar="NAME",
    shell_complete=complete.architectures,
    help="The architecture; seqclf archs lists them.  [default: lstm]",
)
@params_option
@dataset_options_option
@setting_options(SETTINGS)
@bucket_option
@metrics_option
@data_dir_option
@out_option
@click.option("--name", metavar="NAME", help="The run's name.  [default: from names and time]")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Take settings from a TOML file, such as a run's config.toml.",
)
@plugin_option
@json_option
@click.option("--jsonl", is_flag=True, help="Print one JSON line an event.")
@click.option("-q", "--quiet", is_flag=True, help="Show results and notes, no progress.")
@encoding_options
@file_options
def command(
    dataset: str | None,
    arch: str | None,
    params: tuple[str, ...],
    dataset_options: tuple[str, ...],
    tokenizer: str | None,
    tokenizer_options: tuple[str, ...],
    metrics: tuple[str, ...],
    data_dir: str | None,
    out: Path | None,
    name: str | None,
    config: Path | None,
    plugin: tuple[str, ...],
    as_json: bool,
    jsonl: bool,
    quiet: bool,
    **settings: Any,
) -> None:
    """Train a network on DATASET, or on your own FILE, and keep the run.

    FILE is CSV, TSV, JSON lines, Parquet, fastText lines, a folder with one folder a class, or a
    folder with train and test files.

    The defaults are the tutorial's: 10,000 words, 500 steps, rmsprop, 10 epochs, batches of 128,
    the last 20 % of the training examples held out. A dataset may bring settings of its own.

    Ctrl-C ends training after the batch and keeps the finished epochs.
    """
    if as_json and jsonl:
        raise UsageError("--json and --jsonl exclude each other")
    if dataset is None and config is None:
        raise UsageError(
            "DATASET is missing", hint="try seqclf run reviews; seqclf datasets lists them"
        )
    file = taken_file_options(settings)
    more_params, more_tokenizer = taken_encoding_options(settings)
    from seqclf.job import execute
    from seqclf.planning import plan

    flags: dict[str, Any] = {
        **given(
            {
                "dataset": dataset,
                "arch": arch,
                "data_dir": data_dir,
                "tokenizer": tokenizer,
                "metrics": ",".join(metrics) or None,
                **settings,
            }
        ),
        "params": merged(pairs(params, "-p"), more_params, "-p", mask_zero="--mask"),
        "dataset_options": merged(pairs(dataset_options, "-d"), file, "-d"),
        "tokenizer_options": merged(pairs(tokenizer_options, "-t"), more_tokenizer, "-t"),
        "plugins": list(plugin),
    }
    settled = plan(flags, config=config, out=out, name=name)
    tell_complaints(settled.registry.plugins)
    listeners: list[Listener] = [print_event] if jsonl else []
    with contextlib.ExitStack() as stack:
        if quiet:
            listeners.insert(0, print_notes)
        else:
            from seqclf.ui.consoles import stderr_console
            from seqclf.ui.screen import training_screen

            screen = training_screen(stderr_console())
            stack.enter_context(screen)
            listeners.insert(0, screen)
        run = execute(settled, listeners)
    if as_json:
        print_document(_document(run))
    elif not jsonl:
        _draw(run, settled.folder, quiet)


def _draw(run: Any, folder: Path, quiet: bool) -> None:
    from seqclf.runs.folder import runs_folder
    from seqclf.ui.consoles import stderr_console, stdout_console
    from seqclf.ui.ending import print_ending
    from seqclf.ui.report import print_report

    if run.report is not None:
        print_report(stdout_console(), run.report)
    elif quiet:
        print(run.folder)
    if not quiet:
        known = run.folder.parent.resolve() == runs_folder().resolve()
        print_ending(stderr_console(), run.name if known else str(folder), folder)


def _document(run: Any) -> dict[str, Any]:
    import dataclasses

    from seqclf.runs.files import read_json

    figures = read_json(run.folder / "metrics.json")
    return {
        "run": run.name,
        "folder": str(run.folder),
        "status": run.state["status"],
        "dataset": run.config.data,
        "arch": run.config.arch,
        "seed": run.config.seed,
        "kernel": run.state["kernel"],
        "kernel_reason": run.state["kernel_reason"],
        **{key: value for key, value in figures.items() if key != "test"},
        "history": dict(run.history),
        "test": None if run.report is None else dataclasses.asdict(run.report),
    }
