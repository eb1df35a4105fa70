"""R's `compile`, `fit`, `evaluate`, `predict`: `model | fit(x, y)` or `fit(model, x, y)`."""

from __future__ import annotations

import contextlib
import numbers
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from seqclf.contracts import History
from seqclf.errors import SeqclfError
from seqclf.options import Count, Range
from seqclf.r.arguments import REFUSALS, ArgumentError, check, check_name, refused
from seqclf.r.examples import as_array, examples, labelled
from seqclf.r.pipe import model_function

Verbose = Literal["auto", 0, 1, 2]
"""How much Keras prints: 0 nothing, 1 a bar, 2 a line an epoch, "auto" 1 or 2."""

_METRICS = ("acc", "accuracy", "ce", "crossentropy")


@model_function
def compile(
    model: Any,
    optimizer: Any = "rmsprop",
    loss: Any = None,
    metrics: Any = None,
    *,
    loss_weights: Any = None,
    weighted_metrics: Any = None,
    run_eagerly: bool = False,
    steps_per_execution: Count = 1,
    jit_compile: Literal["auto", True, False] = "auto",
    auto_scale_loss: bool = True,
) -> Any:
    """Choose what training makes smaller, and how.

    Args:
        model: a Keras model; changed in place.
        optimizer: a name such as "rmsprop", or what `optimizer_rmsprop()` gives. Defaults to
            "rmsprop".
        loss: a name such as "binary_crossentropy", or a Keras loss.
        metrics: a name, or a list of names or of Keras metrics. "acc" and "accuracy" measure
            the same and keep their names.
        loss_weights: as in Keras.
        weighted_metrics: as in Keras.
        run_eagerly: as in Keras. Defaults to False.
        steps_per_execution: as in Keras. Defaults to 1.
        jit_compile: as in Keras. Defaults to "auto".
        auto_scale_loss: as in Keras. Defaults to True.

    Returns:
        The model.

    Raises:
        ArgumentError: a name that Keras does not know.

    Source:
        R `compile()`.

    Example:
        >>> from seqclf.r import compile, keras_model_sequential, layer_dense
        >>> model = keras_model_sequential() | layer_dense(1, "sigmoid")
        >>> (model | compile(loss="binary_crossentropy", metrics="acc")) is model
        True
    """
    check_name("compile", "optimizer", optimizer, "optimizers")
    if not isinstance(loss, (list, tuple)):  # one for each output
        check_name("compile", "loss", loss, "losses")
    metrics = [metrics] if isinstance(metrics, str) else metrics
    for metric in metrics if isinstance(metrics, (list, tuple)) else ():
        if metric is None:
            raise ArgumentError("compile(): `metrics` must hold names or metrics, not None")
        if not isinstance(metric, str) or metric not in _METRICS:
            check_name("compile", "metrics", metric, "metrics")
    with _told("compile"):
        model.compile(
            optimizer=optimizer,
            loss=loss,
            metrics=metrics,
            loss_weights=loss_weights,
            weighted_metrics=weighted_metrics,
            run_eagerly=run_eagerly,
            steps_per_execution=steps_per_execution,
            jit_compile=jit_compile,
            auto_scale_loss=auto_scale_loss,
        )
    return model


@model_function
def fit(
    model: Any,
    x: Any = None,
    y: Any = None,
    *,
    batch_size: Count | None = None,
    epochs: Count | None = None,
    callbacks: Any = None,
    validation_split: Annotated[float, Range(least=0, below=1)] = 0.0,
    validation_data: Any = None,
    shuffle: bool = True,
    class_weight: Any = None,
    sample_weight: Any = None,
    initial_epoch: Annotated[int, Range(least=0)] | None = None,
    steps_per_epoch: Count | None = None,
    validation_steps: Count | None = None,
    validation_batch_size: Count | None = None,
    validation_freq: Any = 1,
    verbose: Verbose = "auto",
    defaults: Literal["keras3", "keras2"] = "keras3",
) -> History:
    """Train a compiled model.

    Args:
        model: a compiled Keras model; changed in place.
        x: examples: an array, or lists of equal length.
        y: their labels: whole or other numbers, booleans, or a pandas category (its codes).
        batch_size: examples a gradient step. Defaults to 32.
        epochs: passes over the examples. Defaults to 1.
        callbacks: a callback or a list of them.
        validation_split: share held out, from the end of `x` and before any shuffling.
            Defaults to 0.
        validation_data: `(x, y)` to validate on instead.
        shuffle: whether each epoch has an order of its own. Defaults to True.
        class_weight: class number to the weight of its examples: `{0: 1, 1: 3}`; the numbers
            may be texts, as R's names are.
        sample_weight: each example's weight.
        initial_epoch: the epoch to begin with. Defaults to 1, the first one, as R counts.
        steps_per_epoch: as in Keras.
        validation_steps: as in Keras.
        validation_batch_size: as in Keras.
        validation_freq: as in Keras. Defaults to 1.
        verbose: how much Keras prints: 0 nothing, 1 a bar, 2 a line an epoch. Defaults
            to "auto".
        defaults: "keras2" takes the old R package's: 10 epochs where `epochs` is not given,
            and `initial_epoch` counted from 0. Defaults to "keras3".

    Returns:
        The history: prints as in R, and has `metrics`, `params` and `as_data_frame()`.

    Raises:
        ArgumentError: an argument that R's `fit` would not take, or data that do not fit.

    Source:
        R `fit()`.

    Example:
        >>> import numpy as np
        >>> from seqclf.r import compile, fit, keras_model_sequential, layer_dense
        >>> model = keras_model_sequential() | layer_dense(1) | compile(loss="mse")
        >>> history = model | fit(np.zeros((64, 3)), np.zeros(64), epochs=2, verbose=0)
        >>> history["loss"]
        [0.0, 0.0]
    """
    import keras

    _check_compiled("fit", model)
    x, y = labelled("fit", model, x, y)
    if isinstance(validation_data, (list, tuple)):
        validation_data = (
            *labelled("fit", model, *validation_data[:2]),
            *map(as_array, validation_data[2:]),
        )
    if isinstance(validation_freq, numbers.Real):
        validation_freq = check("fit", "validation_freq", validation_freq, Count)
    epochs = epochs or (10 if defaults == "keras2" else 1)
    first = 0 if defaults == "keras2" else 1
    begin = first if initial_epoch is None else initial_epoch
    last = epochs - 1 + first
    if not first <= begin <= last:
        raise ArgumentError(
            f"fit(): `initial_epoch` counts from {first} and must be at most {last} with "
            f"`epochs`={epochs}, not {begin}"
        )
    measured: list[dict[str, float]] = []
    watcher = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda _, logs: measured.append(
            {name: float(value) for name, value in (logs or {}).items()}
        )
    )
    with _told("fit"):
        history = model.fit(
            x,
            y,
            batch_size=batch_size,
            epochs=epochs,
            callbacks=[*_listed("fit", callbacks), watcher],
            validation_split=validation_split,
            validation_data=validation_data,
            shuffle=shuffle,
            class_weight=_class_weight(class_weight),
            sample_weight=as_array(sample_weight),
            initial_epoch=begin - first,
            steps_per_epoch=steps_per_epoch,
            validation_steps=validation_steps,
            validation_batch_size=validation_batch_size,
            validation_freq=validation_freq,
            verbose=verbose,
        )
    return History(measured, history.params)


@model_function
def evaluate(
    model: Any,
    x: Any = None,
    y: Any = None,
    *,
    batch_size: Count | None = None,
    verbose: Verbose = "auto",
    sample_weight: Any = None,
    steps: Count | None = None,
    callbacks: Any = None,
) -> dict[str, float]:
    """Measure loss and metrics.

    Args:
        model: a compiled Keras model.
        x: examples: an array, or lists of equal length.
        y: their labels, as for `fit`.
        batch_size: examples at once. Defaults to 32.
        verbose: how much Keras prints, as for `fit`. Defaults to "auto".
        sample_weight: each example's weight.
        steps: as in Keras.
        callbacks: a callback or a list of them.

    Returns:
        Name to value, as R's named list: `{"acc": …, "loss": …}`.

    Raises:
        ArgumentError: the model is not compiled, or the data do not fit.

    Source:
        R `evaluate()`.
    """
    _check_compiled("evaluate", model)
    x, y = labelled("evaluate", model, x, y)
    with _told("evaluate"):
        measured = model.evaluate(
            x,
            y,
            batch_size=batch_size,
            verbose=verbose,
            sample_weight=as_array(sample_weight),
            steps=steps,
            callbacks=_listed("evaluate", callbacks),
            return_dict=True,
        )
    return {name: float(value) for name, value in measured.items()}


@model_function
def predict(
    model: Any,
    x: Any,
    *,
    batch_size: Count | None = None,
    verbose: Verbose = "auto",
    steps: Count | None = None,
    callbacks: Any = None,
) -> Any:
    """Give the model's outputs.

    Args:
        model: a Keras model.
        x: examples: an array, or lists of equal length.
        batch_size: examples at once. Defaults to 32.
        verbose: how much Keras prints, as for `fit`. Defaults to "auto".
        steps: as in Keras.
        callbacks: a callback or a list of them.

    Returns:
        A NumPy array, shape (examples, units): for one unit n x 1, as R's matrix.

    Raises:
        ArgumentError: the data do not fit the model.

    Source:
        R `predict()`.
    """
    x = examples("predict", model, x)
    with _told("predict"):
        return model.predict(
            x,
            batch_size=batch_size,
            verbose=verbose,
            steps=steps,
            callbacks=_listed("predict", callbacks),
        )


def _check_compiled(function: str, model: Any) -> None:
    if not model.compiled:
        raise ArgumentError(
            f"{function}() needs a compiled model", "model | compile(loss=…) comes before it"
        )


def _listed(function: str, callbacks: Any) -> list[Any]:
    import keras

    if callbacks is None:
        return []
    listed = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
    for callback in listed:
        if not isinstance(callback, keras.callbacks.Callback):
            raise ArgumentError(
                f"{function}(): `callbacks` must be a callback, such as "
                f"callback_early_stopping(), or a list of them, not {callback!r}"
            )
    return listed


def _class_weight(weights: Any) -> dict[int, float] | None:
    """Give class numbers as numbers; R's names are texts."""
    if weights is None:
        return None
    try:
        return {int(float(name)): float(weight) for name, weight in dict(weights).items()}
    except (TypeError, ValueError):
        raise ArgumentError(
            "fit(): `class_weight` must map class numbers to weights, as {0: 1, 1: 3}, "
            f"not {weights!r}"
        ) from None


@contextlib.contextmanager
def _told(function: str) -> Iterator[None]:
    """Say in which function Keras refused an argument."""
    try:
        yield
    except SeqclfError:
        raise
    except REFUSALS as error:
        raise refused(function, error) from error
