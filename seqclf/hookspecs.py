"""The hooks a plugin may implement, and nothing else.

A plugin is a module (or any object) whose functions carry `@seqclf.hookimpl`
and a name from this page. It is found through the entry-point group `seqclf`,
a file given with `--plugin`, or a file in the folder `SEQCLF_PLUGINS_DIR`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from seqclf.contracts import Architecture, Dataset, Encoder, Report, RunInfo

hookspec = pluggy.HookspecMarker("seqclf")
hookimpl = pluggy.HookimplMarker("seqclf")


@hookspec
def seqclf_architectures() -> Iterable[Architecture]:  # type: ignore[empty-body]
    """Give architectures for `--arch`.

    Returns:
        What `@seqclf.architecture` made.

    Example:
        @seqclf.hookimpl
        def seqclf_architectures():
            return [my_lstm]
    """


@hookspec
def seqclf_datasets() -> Iterable[Dataset]:  # type: ignore[empty-body]
    """Give datasets for `seqclf run`.

    Returns:
        What `@seqclf.dataset` made.

    Example:
        @seqclf.hookimpl
        def seqclf_datasets():
            return [tickets]
    """


@hookspec
def seqclf_encoders() -> Iterable[type[Encoder]]:  # type: ignore[empty-body]
    """Give encoders, which turn raw text into token ids.

    Returns:
        Classes with the members of `seqclf.contracts.Encoder`.

    Example:
        @seqclf.hookimpl
        def seqclf_encoders():
            return [CharacterEncoder]
    """


@hookspec
def seqclf_run_start(run: RunInfo) -> None:
    """Called when training is about to begin.

    Args:
        run: the run's name, folder and settings.

    Example:
        @seqclf.hookimpl
        def seqclf_run_start(run):
            logging.info("training %s", run.name)
    """


@hookspec
def seqclf_epoch_end(run: RunInfo, epoch: int, metrics: Mapping[str, float]) -> None:
    """Called after every epoch, validation included.

    Args:
        run: the run's name, folder and settings.
        epoch: from 1.
        metrics: "loss", "accuracy" and, where there is validation data, "val_…".

    Example:
        @seqclf.hookimpl
        def seqclf_epoch_end(run, epoch, metrics):
            logging.info("epoch %d: loss %.4f", epoch, metrics["loss"])
    """


@hookspec
def seqclf_run_end(run: RunInfo, result: Report | None) -> None:
    """Called when the run is whole on disk.

    Args:
        run: the run's name, folder and settings.
        result: the report on the test split; None where there is no such split, and
            where the run was interrupted.

    Example:
        @seqclf.hookimpl
        def seqclf_run_end(run, result):
            logging.info("%s is whole", run.folder)
    """
