"""From an architecture to a compiled model."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from seqclf.contracts import Architecture, LayerSummary, ModelSummary, RunConfig
from seqclf.errors import SeqclfError, described, file_of
from seqclf.r.arguments import ArgumentError
from seqclf.task import Task

_IN_A_LIST = (
    "in a list of layers write keras.layers.Dense(task.units, task.activation) for "
    "task.output_layer()"
)


def build(
    architecture: Architecture, task: Task, params: Mapping[str, Any], *, any_length: bool = False
) -> keras.Model:
    """Build a model and check that it fits the task.

    Args:
        architecture: what builds it.
        task: the data's side.
        params: the architecture's options, checked.
        any_length: whether a model that does not fix its own length is left open to any.

    Returns:
        A model from (batch, *task.input_shape) to (batch, task.units) probabilities.

    Raises:
        SeqclfError: the architecture fails, or what it gives does not fit.
    """
    name = architecture.name
    try:
        with contextlib.redirect_stdout(sys.stderr):
            model = architecture(task, **params)
        if isinstance(model, keras.Model) and not model.built:
            steps, *features = task.input_shape
            model.build((None, None if any_length else steps, *features))
    except ArgumentError as error:
        raise SeqclfError(f"architecture '{name}': {error.sentence}", hint=error.hint) from error
    except SeqclfError:
        raise
    except (Exception, SystemExit) as error:
        told = described(error, file_of(architecture.build))
        raise SeqclfError(
            f"architecture '{name}' could not be built: {told}",
            hint=_hint(error, task),
        ) from error
    if not isinstance(model, keras.Model):
        raise SeqclfError(f"architecture '{name}' gave {model!r}, not a keras.Model")
    _check_input(model, task, name)
    if tuple(model.output_shape) != (None, task.units):
        raise SeqclfError(
            f"architecture '{name}' gives outputs of shape {model.output_shape}, "
            f"but {task.classes} classes need (None, {task.units})",
            hint="end it with keras.layers.Dense(task.units, task.activation), or in seqclf.r's "
            "vocabulary with model | task.output_layer()",
        )
    return model


def _hint(error: BaseException, task: Task) -> str:
    if "waiting for a model" in str(error):
        return _IN_A_LIST
    if task.features:
        return "the data are numeric series; its author begins it with task.embedding_layer()"
    return ""


def _check_input(model: keras.Model, task: Task, name: str) -> None:
    if task.features and tuple(model.input_shape[2:]) != (task.features,):
        raise SeqclfError(
            f"architecture '{name}' reads token ids, but the data are series of {task.features} "
            "numbers a step",
            hint="seqclf archs lists others; its author begins it with task.embedding_layer()",
        )
    if task.vectors is not None and not _starts_from(model, task.vectors):
        raise SeqclfError(
            f"architecture '{name}' does not use the pretrained vectors",
            hint="leave --vectors out, or choose another; its author begins it with "
            "task.embedding_layer()",
        )


def _starts_from(model: keras.Model, vectors: np.ndarray) -> bool:
    return any(
        tuple(weight.shape) == vectors.shape
        and np.array_equal(keras.ops.convert_to_numpy(weight), vectors)
        for weight in model.weights
    )


def compile_model(
    model: keras.Model, task: Task, config: RunConfig, metrics: Sequence[keras.Metric] = ()
) -> None:
    """Compile a model with the run's optimizer, the task's loss and metrics, and others."""
    settings = {"learning_rate": config.learning_rate, "clipnorm": config.clipnorm}
    optimizer = keras.optimizers.get(
        {
            "class_name": config.optimizer,
            "config": {name: value for name, value in settings.items() if value is not None},
        }
    )
    model.compile(optimizer=optimizer, loss=task.loss, metrics=[*task.metrics(), *metrics])


def summarize(model: keras.Model) -> ModelSummary:
    """Describe a built model: layers, output shapes, parameter counts."""
    layers = tuple(
        LayerSummary(layer.name, type(layer).__name__, _output_shape(layer), layer.count_params())
        for layer in model.layers
        if not isinstance(layer, keras.layers.InputLayer)
    )
    return ModelSummary(
        layers, _count(model.trainable_weights), _count(model.non_trainable_weights)
    )


def _output_shape(layer: keras.layers.Layer) -> tuple[int | None, ...]:
    try:
        return tuple(layer.output.shape)
    except (AttributeError, ValueError):
        return ()


def _count(weights: list[Any]) -> int:
    total = 0
    for weight in weights:
        size = 1
        for length in weight.shape:
            size *= length
        total += size
    return total
