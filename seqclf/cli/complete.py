"""Names for shell completion: datasets, architectures, runs, options."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from seqclf.contracts import encoder_options, summary_of
from seqclf.errors import SeqclfError
from seqclf.registry import Registry

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _silent(complete: Completer) -> Completer:
    """Complete nothing where there would be an error: it would land in the command line."""

    @functools.wraps(complete)
    def attempt(
        ctx: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        try:
            return complete(ctx, parameter, incomplete)
        except SeqclfError:
            return []

    return attempt


def _starting(names: Iterable[tuple[str, str]], incomplete: str) -> list[CompletionItem]:
    # Fish takes a comma for the end of the help.
    return [
        CompletionItem(name, help=help.replace(",", ";"))
        for name, help in names
        if name.startswith(incomplete)
    ]


@_silent
def architectures(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete an architecture's name."""
    entries = _registry(ctx).architectures()
    return _starting(((entry.name, entry.thing.summary) for entry in entries), incomplete)


@_silent
def datasets(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete a dataset's name, or a file's."""
    entries = _registry(ctx).datasets()
    names = _starting(((entry.name, entry.thing.summary) for entry in entries), incomplete)
    return [*names, CompletionItem(incomplete, type="file")]


@_silent
def runs(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Complete a run's name."""
    from seqclf.runs.folder import list_runs, runs_folder

    given = ctx.params.get("out")
    states = list_runs(Path(given) if given else runs_folder())
    named = [(state.name, state.status) for state in states]
    return _starting([*named, ("last", "the newest run")], incomplete)


@_silent
def architecture_options(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete `-p NAME=` with the options of the architecture named so far."""
    from seqclf.planning import DEFAULT_ARCHITECTURE

    name = ctx.params.get("arch") or DEFAULT_ARCHITECTURE
    options = _registry(ctx).architecture(name).options
    return _starting(((f"{option.name}=", option.expects) for option in options), incomplete)


@_silent
def dataset_options(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete `-d NAME=` with the options of the dataset named so far."""
    # While the value of -d is missing, click has not given the names their places yet.
    name = ctx.params.get("dataset") or next(iter(ctx.args), None)
    options = _registry(ctx).dataset(name).options if name else ()
    return _starting(((f"{option.name}=", option.expects) for option in options), incomplete)


@_silent
def tokenizers(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete a tokenizer's name."""
    entries = _registry(ctx).all("encoder")
    return _starting(((entry.name, summary_of(entry.thing)) for entry in entries), incomplete)


@_silent
def tokenizer_options(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete `-t NAME=` with the options of the tokenizer named so far."""
    registry = _registry(ctx)
    dataset = ctx.params.get("dataset") or next(iter(ctx.args), None)
    name = ctx.params.get("tokenizer") or (registry.dataset(dataset).encoder if dataset else "word")
    options = encoder_options(registry.encoder(name))
    return _starting(((f"{option.name}=", option.expects) for option in options), incomplete)


@_silent
def metrics(
    ctx: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Complete the last of a list of metrics."""
    before, comma, _ = incomplete.rpartition(",")
    entries = _registry(ctx).all("metric")
    named = ((f"{before}{comma}{entry.name}", entry.thing.summary) for entry in entries)
    return _starting(named, incomplete)


def _registry(ctx: click.Context) -> Registry:
    from seqclf.plugins import load_plugins

    return Registry(load_plugins(ctx.params.get("plugin") or ()))
