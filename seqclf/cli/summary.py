"""`seqclf summary ARCH`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from seqclf.cli import complete
from seqclf.cli.documents import print_document
from seqclf.cli.options import (
    given,
    json_option,
    pairs,
    params_option,
    plugin_option,
    setting_options,
)
from seqclf.cli.registering import load_registry, tell_complaints
from seqclf.contracts import FILE_DATASET, RunConfig
from seqclf.errors import UsageError
from seqclf.filepaths import is_path


@click.command("summary")
@click.argument("arch", metavar="ARCH", shell_complete=complete.architectures)
@click.option(
    "--dataset",
    default="imdb",
    show_default=True,
    metavar="NAME",
    shell_complete=complete.datasets,
    help="Whose classes and settings to build for; its data are not loaded.",
)
@params_option
@setting_options(("num_words", "maxlen"))
@click.option(
    "--style",
    type=click.Choice(["rich", "r"]),
    default="rich",
    show_default=True,
    help="A table that fits the terminal, or R's text, character for character; in that, steps "
    "are left open unless --maxlen is given.",
)
@plugin_option
@json_option
def command(
    arch: str,
    dataset: str,
    params: tuple[str, ...],
    style: str,
    plugin: tuple[str, ...],
    as_json: bool,
    **settings: str | None,
) -> None:
    """Show ARCH's layers, output shapes and parameter counts; nothing is loaded or trained."""
    from seqclf.config import resolve
    from seqclf.task import Task

    registry = load_registry(plugin)
    if is_path(dataset, Path(), registry) or dataset == FILE_DATASET:
        raise UsageError(
            f"--dataset {dataset}: only the file itself knows its classes, and none is read here",
            hint="name a dataset with as many, such as --dataset reviews for two",
        )
    data, architecture = registry.dataset(dataset), registry.architecture(arch)
    tell_complaints(registry.plugins)
    flags = {**given(settings), "params": pairs(params, "-p")}
    config, _ = resolve(data, architecture, flags=flags)
    from seqclf.training.backend import import_keras
    from seqclf.ui.consoles import stderr_console, stdout_console
    from seqclf.ui.summary import print_summary
    from seqclf.ui.working import working

    with working(stderr_console(), "loading Keras"):
        import_keras()
        from seqclf.training.build import build, summarize

        labels = data.labels or ("first", "second")  # only the data know their classes
        # "auto" is known when there are texts; the layers and their counts do not depend on it.
        steps = config.maxlen if isinstance(config.maxlen, int) else RunConfig.maxlen
        assert isinstance(steps, int)
        task = Task(data.kind, labels, config.num_words, steps)
        open_length = style == "r" and settings["maxlen"] is None
        model = build(architecture, task, config.params, any_length=open_length)
        found = summarize(model)
    if as_json:
        print_document(
            {
                "arch": config.arch,
                "dataset": config.dataset,
                "parameters": found.parameters,
                **dataclasses.asdict(found),
            }
        )
    elif style == "r":
        from seqclf.r import summary_text

        click.echo(summary_text(model))
    else:
        print_summary(stdout_console(), found, title=f"{arch} on {dataset}")
