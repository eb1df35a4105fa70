"""Keras' callbacks under R's names: `fit(…, callbacks=callback_early_stopping(patience=2))`."""

from __future__ import annotations

import importlib.util
import os
from typing import Annotated, Any, Literal

from seqclf.errors import SeqclfError
from seqclf.options import Count, Range
from seqclf.r.arguments import ArgumentError, check, checked
from seqclf.r.making import make

Mode = Literal["auto", "min", "max"]
Natural = Annotated[int, Range(least=0)]


@checked
def callback_early_stopping(
    monitor: str = "val_loss",
    min_delta: float = 0.0,
    patience: Natural = 0,
    verbose: Literal[0, 1] = 0,
    mode: Mode = "auto",
    *,
    baseline: float | None = None,
    restore_best_weights: bool = False,
    start_from_epoch: Natural = 0,
) -> Any:
    """Stop training when a metric gets no better.

    Args:
        monitor: the metric, such as "val_loss", "val_acc". Defaults to "val_loss".
        min_delta: how much better counts. Defaults to 0.
        patience: epochs without a better one before it stops. Defaults to 0.
        verbose: 1 says when it stops. Defaults to 0.
        mode: whether less ("min") or more ("max") is better. Defaults to "auto", by the name.
        baseline: a value to be better than from the start.
        restore_best_weights: whether the best epoch's weights come back. Defaults to False.
        start_from_epoch: epochs at the beginning that are not counted. Defaults to 0.

    Returns:
        A `keras.callbacks.EarlyStopping`.

    Raises:
        ArgumentError: an argument that R's function would not take.

    Source:
        R `callback_early_stopping()`.

    Example:
        >>> from seqclf.r import callback_early_stopping
        >>> callback_early_stopping(monitor="val_acc", patience=2).patience
        2
    """
    import keras

    return make(
        "callback_early_stopping",
        keras.callbacks.EarlyStopping,
        {},
        monitor=monitor,
        min_delta=min_delta,
        patience=patience,
        verbose=verbose,
        mode=mode,
        baseline=baseline,
        restore_best_weights=restore_best_weights,
        start_from_epoch=start_from_epoch,
    )


@checked
def callback_model_checkpoint(
    filepath: Any,
    monitor: str = "val_loss",
    verbose: Literal[0, 1] = 0,
    *,
    save_best_only: bool = False,
    save_weights_only: bool = False,
    mode: Mode = "auto",
    save_freq: Any = "epoch",
    initial_value_threshold: float | None = None,
) -> Any:
    """Save the model after each epoch, or each better one.

    Args:
        filepath: the file, which may name metrics: "{epoch:02d}-{val_loss:.2f}.keras". It
            ends with ".keras", or ".weights.h5" with `save_weights_only`.
        monitor: the metric that tells which is better. Defaults to "val_loss".
        verbose: 1 says when it saves. Defaults to 0.
        save_best_only: whether only a better epoch is saved. Defaults to False.
        save_weights_only: whether only the weights are saved. Defaults to False.
        mode: whether less ("min") or more ("max") is better. Defaults to "auto", by the name.
        save_freq: "epoch", or after how many batches. Defaults to "epoch".
        initial_value_threshold: a value to be better than from the start.

    Returns:
        A `keras.callbacks.ModelCheckpoint`.

    Raises:
        ArgumentError: an argument that R's function would not take.

    Source:
        R `callback_model_checkpoint()`.
    """
    import keras

    if save_freq != "epoch":
        save_freq = check("callback_model_checkpoint", "save_freq", save_freq, Count)
    return make(
        "callback_model_checkpoint",
        keras.callbacks.ModelCheckpoint,
        {},
        filepath=_path("callback_model_checkpoint", "filepath", filepath),
        monitor=monitor,
        verbose=verbose,
        save_best_only=save_best_only,
        save_weights_only=save_weights_only,
        mode=mode,
        save_freq=save_freq,
        initial_value_threshold=initial_value_threshold,
    )


@checked
def callback_reduce_lr_on_plateau(
    monitor: str = "val_loss",
    factor: Annotated[float, Range(above=0, below=1)] = 0.1,
    patience: Natural = 10,
    verbose: Literal[0, 1] = 0,
    mode: Mode = "auto",
    *,
    min_delta: float = 0.0001,
    cooldown: Natural = 0,
    min_lr: Annotated[float, Range(least=0)] = 0.0,
) -> Any:
    """Lower the learning rate when a metric gets no better.

    Args:
        monitor: the metric, such as "val_loss". Defaults to "val_loss".
        factor: what the rate is multiplied with. Defaults to 0.1.
        patience: epochs without a better one before that. Defaults to 10.
        verbose: 1 says when it does. Defaults to 0.
        mode: whether less ("min") or more ("max") is better. Defaults to "auto", by the name.
        min_delta: how much better counts. Defaults to 0.0001.
        cooldown: epochs after it that are not counted. Defaults to 0.
        min_lr: the lowest rate. Defaults to 0.

    Returns:
        A `keras.callbacks.ReduceLROnPlateau`.

    Raises:
        ArgumentError: an argument that R's function would not take.

    Source:
        R `callback_reduce_lr_on_plateau()`.
    """
    import keras

    return make(
        "callback_reduce_lr_on_plateau",
        keras.callbacks.ReduceLROnPlateau,
        {},
        monitor=monitor,
        factor=factor,
        patience=patience,
        verbose=verbose,
        mode=mode,
        min_delta=min_delta,
        cooldown=cooldown,
        min_lr=min_lr,
    )


@checked
def callback_tensorboard(
    log_dir: Any = "logs",
    histogram_freq: Natural = 0,
    *,
    write_graph: bool = True,
    write_images: bool = False,
    write_steps_per_second: bool = False,
    update_freq: Any = "epoch",
    profile_batch: Any = 0,
    embeddings_freq: Natural = 0,
    embeddings_metadata: Any = None,
) -> Any:
    """Write logs that TensorBoard shows.

    Args:
        log_dir: the folder they go to. Defaults to "logs", as in R.
        histogram_freq: after how many epochs weights are logged; 0 never. Defaults to 0.
        write_graph: whether the model's graph is logged. Defaults to True.
        write_images: whether weights are logged as images. Defaults to False.
        write_steps_per_second: whether speed is logged. Defaults to False.
        update_freq: "batch", "epoch" or a number of batches. Defaults to "epoch".
        profile_batch: which batches are profiled; 0 none. Defaults to 0.
        embeddings_freq: after how many epochs embeddings are logged; 0 never. Defaults to 0.
        embeddings_metadata: layer name to the file with the embedding's labels.

    Returns:
        A `keras.callbacks.TensorBoard`.

    Raises:
        ArgumentError: an argument that R's function would not take.
        SeqclfError: TensorBoard is not installed.

    Source:
        R `callback_tensorboard()`.
    """
    import keras

    if importlib.util.find_spec("tensorboard") is None:
        raise SeqclfError(
            "callback_tensorboard() needs TensorBoard", hint="pip install 'seqclf[tensorboard]'"
        )

    if update_freq not in ("batch", "epoch"):
        update_freq = check("callback_tensorboard", "update_freq", update_freq, Count)
    return make(
        "callback_tensorboard",
        keras.callbacks.TensorBoard,
        {},
        log_dir=_path("callback_tensorboard", "log_dir", log_dir),
        histogram_freq=histogram_freq,
        write_graph=write_graph,
        write_images=write_images,
        write_steps_per_second=write_steps_per_second,
        update_freq=update_freq,
        profile_batch=profile_batch,
        embeddings_freq=embeddings_freq,
        embeddings_metadata=embeddings_metadata,
    )


def _path(function: str, argument: str, value: Any) -> str:
    if not isinstance(value, (str, os.PathLike)):
        raise ArgumentError(f"{function}(): `{argument}` must be a path, not {value!r}")
    return os.fspath(value)
