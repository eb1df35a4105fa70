"""Metrics beside loss and accuracy: built, tried once, and computed for a report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from seqclf.contracts import Metric
from seqclf.errors import SeqclfError, described
from seqclf.task import Task

if TYPE_CHECKING:
    import keras

_AT_ONCE = 4096
"""Examples a metric sees together in a report."""


def build_metrics(metrics: Sequence[Metric], task: Task) -> list[keras.Metric]:
    """Build metrics for a task and try each on two made-up examples.

    Args:
        metrics: what `--metrics` named.
        task: the data's side.

    Returns:
        Keras metrics, each under its registered name.

    Raises:
        SeqclfError: one fails, is no Keras metric or has another name.
    """
    return [_built(metric, task) for metric in metrics]


def judge_metrics(
    metrics: Sequence[Metric], task: Task, probabilities: np.ndarray, truth: np.ndarray
) -> dict[str, float]:
    """Compute metrics over a whole split.

    Args:
        metrics: what `--metrics` named.
        task: the data's side.
        probabilities: shape (examples, classes), as `predict_probabilities` gives them.
        truth: class numbers, shape (examples,); multilabel: shape (examples, classes).

    Returns:
        Name to value.

    Raises:
        SeqclfError: a metric fails.
    """
    outputs = probabilities[:, 1:] if task.kind == "binary" else probabilities
    values = {}
    for metric in metrics:
        built = _built(metric, task)
        for start in range(0, len(truth), _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            _update(metric, built, truth[rows], outputs[rows].astype(np.float32))
        values[metric.name] = _value(metric, built)
    return values


def _built(metric: Metric, task: Task) -> keras.Metric:
    import keras

    try:
        built = metric(task)
    except SeqclfError:
        raise
    except Exception as error:
        raise _failed(metric, "could not be built", error) from error
    if not isinstance(built, keras.Metric):
        raise SeqclfError(f"metric '{metric.name}' gave {built!r}, not a keras.Metric")
    if built.name != metric.name:
        raise SeqclfError(
            f"metric '{metric.name}' gave a Keras metric that is called '{built.name}'",
            hint=f'build it with name="{metric.name}"',
        )
    shape = (2, task.classes) if task.kind == "multilabel" else (2,)
    truth = np.zeros(shape, np.int64)
    truth[1] = 1
    _update(metric, built, truth, np.full((2, task.units), 0.5, np.float32))
    _value(metric, built)
    built.reset_state()
    return built


def _update(metric: Metric, built: keras.Metric, truth: np.ndarray, outputs: np.ndarray) -> None:
    try:
        built.update_state(truth, outputs)
    except Exception as error:
        raise _failed(metric, "fails", error) from error


def _value(metric: Metric, built: keras.Metric) -> float:
    try:
        return float(built.result())
    except Exception as error:
        raise _failed(metric, "has no single number as its result", error) from error


def _failed(metric: Metric, what: str, error: Exception) -> SeqclfError:
    return SeqclfError(f"metric '{metric.name}' {what}: {described(error)}")
