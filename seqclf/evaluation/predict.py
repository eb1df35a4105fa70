"""Probabilities for encoded sequences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from seqclf.contracts import Kind, Ragged
from seqclf.encoding.padding import Padding

BATCH_SIZES = (32, 256)
"""Sequences a step of the model. Only these two, since each new size costs a compilation."""

KERNEL_BATCH_SIZE = 1024
"""Sequences a step of the fused kernels, which take any number of them."""


def predict_probabilities(
    model: Any,
    sequences: Ragged,
    padding: Padding,
    kind: Kind,
    *,
    kernel: Literal["fused", "keras"] = "keras",
) -> np.ndarray:
    """Give every class' probability for every sequence.

    Args:
        model: a `keras.Model` from padded sequences to probabilities.
        sequences: token ids or series.
        padding: how they become one length.
        kind: binary, multiclass or multilabel.
        kernel: "fused" runs its recurrent layers on the kernels of `seqclf.kernels`.

    Returns:
        Probabilities, shape (sequences, classes), float64. For two classes the
        model's single output is the second class' probability.
    """
    step: Callable[[np.ndarray], np.ndarray] = model.predict_on_batch
    sizes: tuple[int, ...] = BATCH_SIZES
    if kernel == "fused":
        from seqclf.kernels.tracing import predict_step

        step, sizes = predict_step(model), ()
    most = max(sizes, default=KERNEL_BATCH_SIZE)
    outputs = [np.empty((0, model.output_shape[-1]))]
    for start in range(0, len(sequences), most):
        rows = padding(sequences.rows(start, min(start + most, len(sequences))))
        size = next((size for size in sizes if size >= len(rows)), len(rows))
        filled = np.concatenate([rows, np.repeat(rows[-1:], size - len(rows), axis=0)])
        outputs.append(np.asarray(step(filled), np.float64)[: len(rows)])
    probabilities = np.concatenate(outputs)
    if kind == "binary":
        return np.concatenate([1 - probabilities, probabilities], axis=1)
    return probabilities
