"""The main job from Python: train, read back, judge."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from seqclf.contracts import Kernel, Report
from seqclf.errors import UsageError
from seqclf.events import Event, Listener, Noted
from seqclf.job import evaluate_file, evaluate_run, execute
from seqclf.loading import open_run, other_versions, registry_for
from seqclf.planning import plan
from seqclf.plugins import Plugins, load_plugins
from seqclf.registry import Registry
from seqclf.runs.folder import find_run, runs_folder
from seqclf.runs.run import Run


def run(
    dataset: str | None = None,
    *,
    arch: str | None = None,
    config: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    name: str | None = None,
    listeners: Sequence[Listener] = (),
    **settings: Any,
) -> Run:
    """Train a network and give the finished run.

    The process' random state is seeded, and TensorFlow's operations are made
    deterministic, so that the same seed gives the same run.

    Args:
        dataset: a dataset's name, such as "imdb" or "reviews".
        arch: an architecture's name; defaults to "lstm".
        config: a TOML file of settings, such as a run's `config.toml`.
        out: the folder that holds the runs; defaults to `SEQCLF_RUNS_DIR`, else `runs`.
        name: the run's name; defaults to one of dataset, architecture and time.
        listeners: called with every event (`seqclf.events`); without any, notes
            become warnings.
        **settings: the fields of `seqclf.contracts.RunConfig`: `epochs=3`,
            `params={"units": 64}`, …

    Returns:
        The run, as `load_run` would read it back.

    Raises:
        UsageError: an unknown name, a wrong type, a value out of range.
        DataError: the data cannot be had.
        PluginError: a plugin that is needed fails.
        RunError: the run's folder cannot be written.
        InterruptedRunError: Ctrl-C; finished epochs have been kept.

    Example:
        run = seqclf.run("reviews", arch="lstm", epochs=3)
        run.history["val_accuracy"]
    """
    named = {"dataset": dataset, "arch": arch}
    flags = {**settings, **{key: value for key, value in named.items() if value is not None}}
    settled = plan(flags, config=config, out=out, name=name)
    _warn_of(settled.registry.plugins)
    return execute(settled, listeners or [_warn])


def load_run(
    run: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str] | None = None,
    kernel: Kernel | None = None,
) -> Run:
    """Read a run back.

    Args:
        run: its folder, its name, or "last".
        out: the folder that holds the runs; defaults to `SEQCLF_RUNS_DIR`, else `runs`.
        kernel: what computes recurrent layers: "auto", "fused" or "keras"; defaults to
            SEQCLF_KERNEL, else to what the run's settings say. Where these say "fused" and that
            cannot be had, Keras' own loop does; asked for, it must be there when the model is
            first used.

    Raises:
        UsageError: there is no such run, or no such kernel.
        RunError: the run is not whole.
        PluginUnavailableError: it needs a plugin that is not there.

    Example:
        seqclf.load_run("last").predict(["It began well, but I left before the end."])
    """
    folder = find_run(os.fspath(run), runs_folder() if out is None else Path(out))
    registry = Registry(load_plugins())
    _warn_of(registry.plugins)
    found = open_run(folder, registry, kernel)
    for sentence in other_versions(found, registry):
        warnings.warn(sentence, stacklevel=2)
    return found


def evaluate(
    run: Run,
    *,
    split: str = "test",
    file: str | os.PathLike[str] | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    listeners: Sequence[Listener] = (),
    **options: Any,
) -> Report:
    """Judge a run by its dataset, or by a labelled file.

    Args:
        run: what `run` or `load_run` gave.
        split: "test", "validation" or "train" of the run's dataset.
        file: a file or folder to judge by in its place, read as the run's own was.
        data_dir: where to look for data files; defaults to where the run looked.
        listeners: called with notes and progress.
        **options: how the file is read, as options of the dataset `file`: `label_column="topic"`.

    Raises:
        UsageError: the dataset has no such split.
        DataError: the data cannot be had.
        PluginUnavailableError: the dataset's plugin is not there.

    Example:
        seqclf.evaluate(seqclf.load_run("last"), split="validation").accuracy
    """
    registry = registry_for(run, Registry(load_plugins()), dataset=file is None)
    if file is not None:
        return evaluate_file(run, registry, file, options=options, listeners=listeners or [_warn])
    if options:
        raise UsageError(f"{next(iter(options))} says how a file is read, but there is no file")
    return evaluate_run(
        run, registry, split=split, data_dir=data_dir, listeners=listeners or [_warn]
    )


def _warn_of(plugins: Plugins) -> None:
    for complaint in plugins.complaints():
        warnings.warn(complaint, stacklevel=3)


def _warn(event: Event) -> None:
    """Turn a note into a warning, for callers who do not listen to events."""
    if isinstance(event, Noted):
        warnings.warn(event.sentence, stacklevel=2)
