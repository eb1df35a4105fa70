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
    from seqclf.contracts import Architecture, Dataset, Encoder, Metric, Report, RunInfo

API_VERSION = 1
"""The version of these hooks and of what they hand over. It rises when plugins made for an earlier
one would break. A plugin may say `SEQCLF_API_VERSION = 1`; one made for another is not loaded."""

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
def seqclf_metrics() -> Iterable[Metric]:  # type: ignore[empty-body]
    """Give metrics for `--metrics`, watched every epoch and told in the report.

    Returns:
        What `@seqclf.metric` made.

    Example:
        @seqclf.metric("hits", summary="how many answers were right")
        def hits(task):
            import keras

            return keras.metrics.MeanMetricWrapper(...)

        @seqclf.hookimpl
        def seqclf_metrics():
            return [hits]
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
def seqclf_batch_end(run: RunInfo, epoch: int, batch: int, metrics: Mapping[str, float]) -> None:
    """Called after every training batch. It is called often: keep it short.

    Args:
        run: the run's name, folder and settings.
        epoch: from 1.
        batch: from 1 in every epoch.
        metrics: "loss", "accuracy" and others asked for: the epoch's means so far.

    Example:
        @seqclf.hookimpl
        def seqclf_batch_end(run, epoch, batch, metrics):
            if batch % 100 == 0:
                logging.info("batch %d: loss %.4f", batch, metrics["loss"])
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
